"""What the README shows is what a reader gets."""

from __future__ import annotations

import re
from pathlib import Path

import anndata
import numpy as np
import pandas as pd

import gene_analogies as ga
from gene_analogies.genes.table import GeneTable

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_demo_is_real():
    shown = re.search(r"<!-- demo -->\n```\n(.*?)```\n<!-- /demo -->", README, re.DOTALL)
    assert shown is not None
    assert shown[1].rstrip() == str(ga.load().pairs("EGF", "EGFR")).rstrip()


def test_counts_are_real():
    n = len(ga.load())
    assert f"{n:,} genes" in README
    assert f"{round(n * (n - 1) / 1e6)} million ordered pairs" in README
    assert f"{len(GeneTable.packaged()):,} human genes" in README


def test_python_example_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    genes = pd.DataFrame(index=["EGF", "EGFR", "HGF"])
    anndata.AnnData(obs=genes, obsm={"X_gene": np.eye(3)}).write_h5ad("genes.h5ad")
    code = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert code is not None
    names, vectors = list("abcd"), [[0.0, 1.0], [2.0, 5.0], [1.0, 1.0], [7.0, 3.0]]
    exec(code[1], {"names": names, "vectors": vectors})
