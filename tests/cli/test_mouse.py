"""An embedding of mouse genes, as every form of answer shows it."""

import csv
import json

import numpy as np
import pytest

NAMES = ["ENSMUSG00000059552.14", "ENSMUSG00000020122", "ENSMUSG00000089699"]
P53 = "tumor protein p53 (human ortholog TP53)"


@pytest.fixture
def mouse(tmp_path):
    path = tmp_path / "mouse.npz"
    np.savez(path, genes=np.array(NAMES), embeddings=np.array([[1.0, 2], [2, 1], [-1, -3]]))
    return path


def ask(invoke, source, form):
    code, out, err = invoke("similar", "EGFR", "-k", "1", "-e", source, "--format", form)
    assert code == 0
    return out, err


def test_terminal(invoke, mouse):
    out, _ = ask(invoke, mouse, "table")
    assert "epidermal growth factor receptor (human ortholog EGFR)\n" in out
    assert "note: EGFR → ENSMUSG00000020122 (Egfr)\n" in out
    assert out.splitlines()[-1].split(maxsplit=3) == ["1", "Trp53", "0.8000", P53]


def test_csv_and_json(invoke, mouse):
    out, _ = ask(invoke, mouse, "csv")
    cells = dict(zip(*csv.reader(out.splitlines()), strict=True))
    assert (cells["item"], cells["item_symbol"], cells["item_name"]) == (NAMES[0], "Trp53", P53)
    out, _ = ask(invoke, mouse, "json")
    (item,) = json.loads(out)["items"]
    assert (item["item"], item["item_symbol"], item["item_name"]) == (NAMES[0], "Trp53", P53)


def test_markdown(invoke, mouse):
    out, _ = ask(invoke, mouse, "markdown")
    assert "[Trp53](https://www.informatics.jax.org/marker/MGI:98834)" in out
    assert f"| {P53} [Source:MGI Symbol;Acc:MGI:98834] |" in out


def test_info(invoke, mouse):
    out = invoke("info", mouse)[1]
    assert (
        "\nmouse genes          3 of 3 names (100%): 2 Ensembl ids, 1 Ensembl id with a version\n"
        in out
    )


def test_refusals(invoke, mouse):
    code, out, err = invoke("similar", "CCL21", "-e", mouse)
    assert (code, out) == (2, "")
    assert err == (
        "Error: 'CCL21' is a human gene without a one-to-one mouse ortholog; related genes:"
        " Ccl21b, Ccl21a, Ccl21f, Ccl21e, Ccl21d\n"
    )


def test_what_convert_writes_is_read_again(invoke, mouse, tmp_path):
    pd = pytest.importorskip("pandas")
    path = tmp_path / "a.parquet"
    assert invoke("convert", mouse, path)[0] == 0
    frame = pd.read_parquet(path)
    assert list(frame.mgi) == ["MGI:98834", "MGI:95294", "MGI:3780162"]
    assert list(frame.human_ortholog) == ["TP53", "EGFR", ""]
    assert ask(invoke, path, "csv") == ask(invoke, mouse, "csv")
