import json

import numpy as np
import pytest

from gene_analogies.genes.table import GeneTable

SYMBOLS = [gene.symbol for gene in GeneTable.packaged() if gene.gene_type == "protein-coding"][:300]


@pytest.fixture
def vectors():
    return np.random.default_rng(0).standard_normal((len(SYMBOLS), 16)).astype(np.float32)


@pytest.fixture
def save(tmp_path):
    """Write vectors and names as NumPy does, and return the file."""

    def write(vectors, names=SYMBOLS, **arrays):
        path = tmp_path / "vectors.npz"
        np.savez(path, embeddings=vectors, genes=np.array(names), **arrays)
        return path

    return write


def advice_of(out):
    return json.loads(out)["advice"]


def test_a_good_file(invoke, save, vectors):
    code, out, err = invoke("info", save(vectors))
    assert (code, err) == (0, "")
    assert out.startswith("format               npz\n")
    assert "vectors              300 × 16, float32, 19.2 kB in memory\n" in out
    assert "human genes          300 of 300 names (100%): 300 symbols\n" in out
    assert "Advice" not in out


def test_the_built_in_embedding(invoke):
    code, out, _ = invoke("info", "pubmed")
    assert code == 0
    assert "15,041 × 256, float32" in out
    assert "Advice" not in out


@pytest.mark.parametrize(
    "option", [["--json"], ["--format", "json"], ["--json", "--format", "json"]]
)
def test_json(invoke, save, vectors, option):
    path = save(vectors)
    code, out, _ = invoke("info", path, *option)
    content = json.loads(out)
    assert code == 0
    assert (content["source"], content["rows"], content["dimension"]) == (str(path), 300, 16)
    assert content["advice"] == []


def test_json_contradicts_a_table(invoke, save, vectors):
    code, out, err = invoke("info", save(vectors), "--json", "--format", "table")
    assert (code, out) == (2, "")
    assert err == "Error: --json and --format table contradict each other; give one\n"


def test_what_loading_refuses_is_told(invoke, save, vectors):
    vectors[3, 2] = np.nan
    path = save(vectors, [*SYMBOLS[:-1], SYMBOLS[0]])
    assert invoke("pairs", "TP53", "EGFR", "-e", path)[0] == 2
    code, out, _ = invoke("info", path)
    assert code == 0
    assert "rows not finite      1\n" in out
    assert "duplicate names      1\n" in out
    assert (
        f"- 1 row ('{SYMBOLS[3]}') holds NaN or infinity: loading refuses them, or leaves them out"
        " with --drop-missing" in out.replace("\n  ", " ")
    )


def test_the_effect_of_centering_is_seen(invoke, save, vectors):
    path = save(vectors + 1.0)
    assert any("consider --center" in one for one in advice_of(invoke("info", path, "--json")[1]))
    content = json.loads(invoke("info", path, "--json", "--center")[1])
    assert abs(content["mean_cosine"]) < 0.01
    assert not any("center" in one for one in content["advice"])


def test_the_effect_of_removing_a_component_is_seen(invoke, save, vectors):
    vectors[:, 0] *= 10.0
    path = save(vectors)
    before = json.loads(invoke("info", path, "--json")[1])
    after = json.loads(invoke("info", path, "--json", "--remove-components", 1)[1])
    assert any("--remove-components 1" in one for one in before["advice"])
    assert not any("--remove-components 1" in one for one in after["advice"])


def test_options_of_reading(invoke, save, vectors):
    path = save(vectors, other=np.ones((300, 2)))
    assert json.loads(invoke("info", path, "--json", "--key", "other")[1])["dimension"] == 2
    code, _, err = invoke("info", path, "--key", "nope")
    assert code == 2
    assert err.startswith("Error: ")


def test_truncated(invoke, save, vectors):
    assert json.loads(invoke("info", save(vectors), "--json", "--truncate", 7)[1])["rows"] == 7


def test_width_of_the_terminal(invoke, save, vectors, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, invoke("info", save(vectors))[1].splitlines())) <= 60


def test_no_such_file(invoke):
    code, out, err = invoke("info", "no-such.npz")
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert err.count("\n") == 1
