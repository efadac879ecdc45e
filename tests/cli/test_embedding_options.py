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
    assert len(out.splitlines()) == 8


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
    pd.testing.assert_frame_equal(*frames, rtol=1e-5)  # a difference knows no mean


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
