"""The options by which a command is told which embedding to use, and how to prepare it."""

from __future__ import annotations

import io

import anndata
import numpy as np
import pandas as pd
import pytest

from gene_analogies.cli.commands.info import info
from gene_analogies.cli.commands.pairs import pairs
from gene_analogies.cli.commands.shell import shell
from gene_analogies.cli.embedding_options import EMBEDDING_OPTIONS

NAMES = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR", "NGF", "NTRK1"]


@pytest.fixture
def vectors():
    return np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)


@pytest.fixture
def csv(tmp_path, vectors):
    path = tmp_path / "genes.csv"
    pd.DataFrame(vectors, index=pd.Index(NAMES, name="gene")).to_csv(path)
    return path


@pytest.fixture
def h5ad(tmp_path, vectors):
    path = tmp_path / "genes.h5ad"
    obs = pd.DataFrame(index=NAMES)
    anndata.AnnData(
        np.zeros((8, 2), np.float32), obs=obs, obsm={"X_one": vectors, "X_two": 2 * vectors[:, :3]}
    ).write_h5ad(path)
    return path


def test_pairs_of_a_file(csv, invoke):
    code, out, err = invoke("pairs", "EGF", "EGFR", "-e", csv, "-k", 3)
    assert code == 0, err
    assert out.startswith("EGF : EGFR ≈ c : d")
    assert len(out.splitlines()) == 9


def test_what_must_be_chosen_is_told_and_can_be(h5ad, invoke):
    code, _, err = invoke("pairs", "EGF", "EGFR", "-e", h5ad)
    assert code == 2
    assert "obsm/X_one" in err
    assert "obsm/X_two" in err
    code, out, _ = invoke("info", h5ad, "--key", "obsm/X_two")
    assert code == 0
    assert "8 × 3" in out


def test_options_of_preparing_reach_the_answer(csv, invoke):
    plain = invoke("pairs", "EGF", "EGFR", "-e", csv, "--format", "csv")
    unit = invoke("pairs", "EGF", "EGFR", "-e", csv, "--format", "csv", "--unit")
    centred = invoke("pairs", "EGF", "EGFR", "-e", csv, "--format", "csv", "--center")
    assert plain[0] == unit[0] == centred[0] == 0
    assert plain[1] != unit[1], "--unit changes offsets"
    frames = [pd.read_csv(io.StringIO(one[1])) for one in (plain, centred)]
    # A difference knows no mean, and the cosine of two items does.
    pd.testing.assert_frame_equal(*(one[["c", "d", "similarity"]] for one in frames), rtol=1e-5)
    assert not np.allclose(frames[0]["cos_cd"], frames[1]["cos_cd"])


def test_columns_and_the_warning_without_them(tmp_path, vectors, invoke):
    path = tmp_path / "genes.csv"
    frame = pd.DataFrame(vectors, pd.Index(NAMES, name="gene"), list("abcde"))
    frame.assign(leiden=[0, 1] * 4).to_csv(path)
    code, out, err = invoke("pairs", "EGF", "EGFR", "-e", path, "--format", "csv")
    assert code == 0
    assert err == (
        f"Warning: {path}: columns of whole numbers among others: leiden; they are taken for"
        " coordinates, unless columns (--columns a:e) leaves them out\n"
    )
    code, chosen, err = invoke(
        "pairs", "EGF", "EGFR", "-e", path, "--format", "csv", "--columns", "a:e"
    )
    assert (code, err) == (0, "")
    assert chosen != out
    frame.to_csv(path)
    assert invoke("pairs", "EGF", "EGFR", "-e", path, "--format", "csv")[1] == chosen
    code, out, err = invoke("info", path, "--columns", "f")
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {path}: there is no column 'f'; choose from gene, a, b")


def test_a_transposed_table(tmp_path, vectors, invoke):
    path = tmp_path / "genes.csv"
    pd.DataFrame(vectors.T, columns=NAMES).to_csv(path)
    code, out, err = invoke("info", path)
    assert (code, out) == (2, "")
    assert "--transpose" in err
    code, out, err = invoke("info", path, "--transpose")
    assert (code, err) == (0, "")
    assert "8 × 5" in out


def test_bad_bytes(tmp_path, invoke):
    path = tmp_path / "genes.txt"
    path.write_bytes(b"EGF 0.5 1\nE\xff 1 2\nMET 3 4.5\n")
    code, _, err = invoke("info", path)
    assert code == 2
    assert "line 2: expected UTF-8" in err
    code, out, err = invoke("info", path, "--bad-bytes", "skip")
    assert code == 0
    assert err == f"Warning: {path}: 1 row whose names are no UTF-8 left out: line 2\n"
    assert "2 × 2" in out


def test_order_and_truncate(csv, tmp_path, invoke):
    order = tmp_path / "order.txt"
    order.write_text("NTRK1\nNGF\n", encoding="utf-8")
    out = tmp_path / "out.txt"
    code, _, _ = invoke("convert", csv, out, "--order", order, "--truncate", 3)
    assert code == 0
    lines = out.read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in lines] == ["3", "NTRK1", "NGF", "EGF"]


def test_zero_is_no_forgotten_option(csv, invoke):
    code, _, err = invoke("info", csv, "--truncate", 0)
    assert code == 2
    assert "truncate must be" in err


def test_a_script_downloads_nothing_unasked(tmp_path, monkeypatch, invoke):
    monkeypatch.setenv("GENE_ANALOGIES_DATA", str(tmp_path))
    code, out, err = invoke("pairs", "EGF", "EGFR", "-e", "gene2vec")
    assert (code, out) == (2, "")
    assert "gene-analogies fetch gene2vec" in err
    assert "--yes" in err


@pytest.mark.parametrize("command", [pairs, shell, info])
def test_every_command_has_the_same_options(command):
    common = set(EMBEDDING_OPTIONS) - {"load_among", "load_truncate"}
    assert common <= {one.name for one in command.params}
