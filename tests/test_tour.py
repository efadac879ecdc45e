"""The notebook shows what its reader gets."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


def results(notebook):
    """Return what each cell of code shows; not what others may write to standard error."""
    return [
        (cell.source, [one.data for one in cell.outputs if one.output_type != "stream"])
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


@pytest.mark.slow
def test_the_tour_is_true(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    generate = runpy.run_path(str(DOCS / "generate_tour.py"))
    shown = nbformat.read(generate["PAGE"], as_version=4)
    run = generate["executed"](tmp_path)
    for old, new in zip(results(shown), results(run), strict=True):
        assert old == new, f"run docs/generate_tour.py: {old[0]} shows something else"
    assert {path.name for path in tmp_path.iterdir()} == {"egf-egfr.csv", "egf-egfr.html"}
