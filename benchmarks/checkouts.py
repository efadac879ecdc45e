"""Measure this checkout of the repository and another one in turn.

What is measured runs in processes of its own, with the package taken from one checkout or the
other, and uses only names that every version of the package has.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measure import markdown_table

__all__ = ["Checkout", "add_options", "compare"]

_HERE = Path(__file__).resolve().parents[1]

Figures = dict[str, float]


@dataclass(frozen=True)
class Checkout:
    """A checkout of the repository, and the folder that takes its cache."""

    path: Path
    cache: Path

    def run(self, *words: str, cache: Path | None = None) -> str:
        """Run Python with this checkout's package and these benchmarks; return what it prints."""
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(self.path / "src"), str(_HERE)]),
            "GENE_ANALOGIES_CACHE": str(cache or self.cache),
        }
        environment.pop("NUMBA_CACHE_DIR", None)
        command = [sys.executable, "-P", *words]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()

    def run_command(self, *words: str) -> None:
        """Run ``gene-analogies`` with some arguments, as its entry point does."""
        with (self.path / "pyproject.toml").open("rb") as file:
            entry = tomllib.load(file)["project"]["scripts"]["gene-analogies"]
        module, function = entry.split(":")
        self.run(
            "-c", f"import sys; from {module} import {function}; sys.exit({function}())", *words
        )

    def check(self) -> None:
        """Refuse a folder whose package is not the one that Python imports."""
        found = self.run("-c", "import gene_analogies; print(gene_analogies.__file__)").strip()
        if not Path(found).is_relative_to(self.path / "src"):
            raise SystemExit(f"{self.path} is no checkout: Python imports {found}")


def add_options(parser: argparse.ArgumentParser, runs: int) -> None:
    """Add ``--beside`` and ``--runs``."""
    parser.add_argument("--beside", type=Path, metavar="PATH", help="another checkout")
    parser.add_argument("--runs", type=int, default=runs, help="runs of each, in turn")


def compare(
    options: argparse.Namespace,
    measure: Callable[[Checkout], Figures],
    prepare: Callable[[Checkout], object] | None = None,
) -> None:
    """Measure in turn, and print the medians, and with ``--beside`` their ratios.

    Parameters
    ----------
    options
        Of a parser with `add_options`.
    measure
        Returns the figures of one run.
    prepare
        Called once for each checkout before the runs.
    """
    with tempfile.TemporaryDirectory() as folder:
        checkouts = [Checkout(_HERE, Path(folder, "here"))]
        if options.beside is not None:
            checkouts.append(Checkout(options.beside.resolve(), Path(folder, "beside")))
        for one in checkouts:
            one.check()
            if prepare is not None:
                prepare(one)
        found: list[list[Figures]] = [[] for _ in checkouts]
        for run in range(options.runs):
            for place, one in enumerate(checkouts):
                print(f"run {run + 1} of {options.runs}: {one.path}", file=sys.stderr, flush=True)
                found[place].append(measure(one))
    rows = [["", "here, s"]]
    if len(found) > 1:
        rows = [["", "here, s", "beside, s", "here / beside"]]
    for name in found[0][0]:
        medians = [float(np.median([figures[name] for figures in runs])) for runs in found]
        row = [name, *(f"{median:.4g}" for median in medians)]
        rows.append([*row, f"{medians[0] / medians[1]:.2f}"] if len(medians) > 1 else row)
    print(markdown_table(rows))
