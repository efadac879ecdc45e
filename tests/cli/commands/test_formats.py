import json
import re

import pytest

from gene_analogies.formats.registry import FORMATS


@pytest.fixture
def listed(invoke, monkeypatch):
    """The command's output on a terminal of some width."""

    def run(width):
        monkeypatch.setenv("COLUMNS", str(width))
        code, out, err = invoke("formats")
        assert (code, err) == (0, "")
        return out

    return run


def block(out, name):
    """The lines about a format, as one line."""
    lines = out.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith(f"{name} "))
    rest = [line for line in lines[first + 1 :] if line[:1] != " "]
    return " ".join(" ".join(lines[first : lines.index(rest[0], first + 1)]).split())


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_every_format_is_listed_within_the_terminal(listed, width):
    out = listed(width)
    lines = out.splitlines()
    assert max(map(len, lines)) <= min(width, 100)
    names = [line.split()[0] for line in lines[1:] if re.match(r"\S+  ", line)]
    assert names == [one.name for one in FORMATS]
    # Columns are aligned, and no word is cut.
    start = lines[0].index("what they hold")
    assert all(line[start - 2 : start] in ("  ", "") for line in lines[:-2])
    assert "…" not in out.replace("words, …", "")


def test_what_is_said_of_a_format(listed):
    out = listed(100)
    assert "h5ad *.h5ad AnnData, genes in obs or var --key: X, obsm/KEY or varm/KEY" in block(
        out, "h5ad"
    )
    assert block(out, "h5ad").endswith("needs: anndata written to: *.h5ad")
    assert block(out, "projector").endswith("written to: FOLDER/")
    assert "written" not in block(out, "gensim")
    assert "needs" not in block(out, "npz")
    assert out.endswith("pip install 'gene-analogies[all]'\n")


def test_every_key_and_extra_is_said(listed):
    words = listed(100).split()
    for one in FORMATS:
        for part in (one.what, one.files, one.key, one.extra):
            assert set(part.split()) <= set(words)


def test_json(invoke):
    code, out, err = invoke("formats", "--json")
    assert (code, err) == (0, "")
    content = json.loads(out)
    assert [one["name"] for one in content] == [one.name for one in FORMATS]
    h5ad = next(one for one in content if one["name"] == "h5ad")
    assert (h5ad["extra"], h5ad["endings"]) == ("anndata", [".h5ad"])


def test_no_escape_codes(listed, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in listed(80)
