import json
import sys

import pytest
from screens import look_at

from gene_analogies.cli.download_progress import DownloadProgress
from gene_analogies.sources.catalogue import catalogue, parse

NAMES = list(catalogue())


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """An empty data folder."""
    monkeypatch.setenv("GENE_ANALOGIES_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def toy(monkeypatch, data):
    """A catalogue of one entry, whose address nobody answers at."""
    monkeypatch.setenv("no_proxy", "*")
    fields = {
        "title": "Toy", "kind": "words", "description": "Toys.", "licence": "MIT",
        "citation": "Toy A (2020)", "homepage": "https://example.org", "tried": True,
        "address": "http://127.0.0.1:9/toy.txt", "open": "toy.txt",
        "files": [{"path": "toy.txt", "bytes": 4}],
    }  # fmt: skip
    entries = parse(json.dumps({"toy": fields}))
    monkeypatch.setattr("gene_analogies.sources.catalogue.catalogue", lambda: entries)
    return data / "toy" / "toy.txt"


def put(path, content):
    path.parent.mkdir(parents=True)
    path.write_text(content)


@pytest.mark.parametrize("arguments", [[], ["--list"], ["gene2vec", "--list"]])
def test_the_list(invoke, data, arguments):
    code, out, err = invoke("fetch", *arguments)
    assert (code, err) == (0, "")
    header, *rows = out.split("\n\n")[0].splitlines()
    assert header.split() == ["name", "what", "size", "licence", "state"]
    assert [row.split()[0] for row in rows] == NAMES
    assert all(row.endswith("  —") for row in rows)
    assert "gene2vec" in out
    assert "about 57 MB  MIT" in out
    assert f"They are kept in {data}.\n" in out
    assert "have not tried them" in out
    assert not data.exists()


def test_what_is_here(invoke, toy):
    put(toy, "a 1\n")
    code, out, _ = invoke("fetch")
    assert code == 0
    assert out.splitlines()[1] == "toy   words: Toy  1 MB  MIT      fetched"
    assert "tried" not in out


def test_what_is_another_file(invoke, toy):
    put(toy, "a 1 2\n")
    assert invoke("fetch")[1].splitlines()[1].endswith("  another file")


def test_a_narrow_terminal(invoke, toy, monkeypatch):
    monkeypatch.setattr("gene_analogies.cli.commands.fetch._width", lambda: 20)
    assert all(len(line) <= 20 for line in invoke("fetch")[1].partition("\n\n")[0].splitlines())


def test_what_is_said_after_a_download(invoke, toy):
    put(toy, "a 1\n")
    code, out, err = invoke("fetch", "toy")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        str(toy),
        "Toy: Toys.",
        "licence: MIT",
        "cite: Toy A (2020)",
        "next: gene-analogies pairs king queen -e toy",
    ]


@pytest.mark.parametrize("arguments", [[], ["--list"]])
def test_the_list_as_json(invoke, toy, arguments):
    code, out, err = invoke("fetch", "--json", *arguments)
    assert (code, err) == (0, "")
    told = {
        "name": "toy", "kind": "words", "title": "Toy", "description": "Toys.", "size": "1 MB",
        "licence": "MIT", "citation": "Toy A (2020)", "homepage": "https://example.org",
        "tried": True,
    }  # fmt: skip
    assert json.loads(out) == [{**told, "state": "not fetched"}]
    put(toy, "a 1\n")
    assert json.loads(invoke("fetch", "--json")[1])[0]["state"] == "fetched"
    assert json.loads(invoke("fetch", "toy", "--json")[1]) == {**told, "path": str(toy)}


def test_options_reach_the_download(invoke, toy, monkeypatch):
    seen = {}

    def fetch(name, **options):
        seen.update(options, name=name)
        return toy

    monkeypatch.setattr("gene_analogies.sources.fetch.fetch", fetch)
    assert invoke("fetch", "toy", "--force")[0] == 0
    assert isinstance(seen.pop("progress"), DownloadProgress)
    assert seen == {"name": "toy", "force": True}


def test_nobody_answers(invoke, toy):
    code, out, err = invoke("fetch", "toy")
    assert (code, out) == (2, "")
    assert err.startswith("Error: toy could not be downloaded from 127.0.0.1 (")
    assert f"put http://127.0.0.1:9/toy.txt at {toy}" in err
    assert err.count("\n") == 1


def test_an_unknown_name(invoke):
    code, out, err = invoke("fetch", "nope")
    assert (code, out) == (2, "")
    assert err == (
        f"Error: no published embedding is called 'nope'; choose from {', '.join(NAMES)}\n"
    )


def test_no_bar_where_nobody_looks(capsys):
    with DownloadProgress("toy") as progress:
        progress(1, 2)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("total", [4_000_000, 0])
def test_a_terminal_gets_a_bar_and_its_cursor_back(monkeypatch, total):
    screen = look_at(monkeypatch)
    with DownloadProgress("toy") as progress:
        progress(1_000_000, total)
        progress(2_000_000, total)
    shown = screen.getvalue()
    assert "toy" in shown
    assert "MB" in shown
    assert shown.count("\x1b[?25h") == 1
    assert sys.stderr is screen
