"""What the p of a pairing is worth: how often it is small by chance, and what it finds.

``python -m benchmarks.quality.significance --data FOLDER`` prints the tables of `docs/evidence.md`:
answers to random queries, answers to known ligand : receptor pairs (of liana, those that no choice
was made on), and the times of search and evidence.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

import gene_analogies as ga
from benchmarks.data_sets import DATA
from benchmarks.measure import markdown_table
from benchmarks.quality.relation_lists import read_relations
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.results import PairsResult
from gene_analogies.search.significance import benjamini_hochberg, mutual_rank_p

__all__ = ["Answers", "auc", "calibration_line", "power_line"]

_FAMOUS = 300
_ANSWERS = 10
_LEVEL = 0.05
_SEED = 0

#: Random queries: a name, the options, and among how many first rows they are drawn.
_CONDITIONS: tuple[tuple[str, dict[str, Any], int | None], ...] = (
    ("plain", {}, None),
    (f"of the {_FAMOUS} best-known", {}, _FAMOUS),
    (f"of these, among these: `truncate={_FAMOUS}`", {"truncate": _FAMOUS}, _FAMOUS),
    ("`max_similarity=0.5`", {"max_similarity": 0.5}, None),
    ('`operation="sum"`', {"operation": "sum"}, None),
    ('`metric="euclidean"`', {"metric": "euclidean"}, None),
    ("`pair_weight=0.25`", {"pair_weight": 0.25}, None),
)


@dataclass
class Answers:
    """Answers to m queries, ten each.

    Attributes
    ----------
    p, similarity
        float64 of shape (m, 10).
    rows
        int64 of shape (m, 10, 2): rows of c and d.
    search, evidence
        Seconds each took, the evidence being p, q, three cosines and papers: shape (m,).
    """

    p: NDArray[np.float64]
    similarity: NDArray[np.float64]
    rows: NDArray[np.int64]
    search: NDArray[np.float64]
    evidence: NDArray[np.float64]

    @classmethod
    def of(cls, space: ga.Space, queries: Iterable[tuple[str, str]], **options: Any) -> Answers:  # noqa: ANN401
        """Ask all queries but those without a direction, or with fewer answers."""
        found, seconds = [], []
        for a, b in queries:
            started = time.perf_counter()
            try:
                answer = space.pairs(a, b, k=_ANSWERS, **options)
            except GeneAnalogiesError:
                continue
            searched = time.perf_counter()
            p = p_of(space, answer, a, b)
            _ = answer.q, answer.cos_cd, answer.cos_ac, answer.cos_bd, answer.papers
            if len(answer) == _ANSWERS:
                found.append((p, answer.similarity, np.stack([answer.c_rows, answer.d_rows], 1)))
                seconds.append((searched - started, time.perf_counter() - searched))
        p, similarity, rows = map(np.stack, zip(*found, strict=True))
        return cls(p, similarity, rows, *np.array(seconds).T)


def p_of(space: ga.Space, answer: PairsResult, a: str, b: str) -> NDArray[np.float64]:
    """Return the p of an answer, and of one that shows none what it would be."""
    if answer.p is not None:
        return answer.p
    every = np.ones(len(space), np.bool_)
    every[[space.embedding.rows[name] for name in (a, b)]] = False
    vectors, norms = space.prepared.vectors, space.prepared.norms
    return mutual_rank_p(
        vectors, norms, answer.c_rows, answer.d_rows, allowed_c=every, allowed_d=every
    )


def random_pairs(names: Sequence[str], count: int) -> Iterator[tuple[str, str]]:
    """Yield so many pairs of different names, drawn by seed."""
    random = np.random.default_rng(_SEED)
    for _ in range(count):
        a, b = random.choice(len(names), 2, replace=False)
        yield names[a], names[b]


def auc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """Return how often a positive has the greater score; ties count half."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.mean() / (2 * len(negative)))


def calibration_line(label: str, answers: Answers) -> list[str]:
    """Return how often p, and q, is small."""
    some = (benjamini_hochberg(one).min() < _LEVEL for one in answers.p)
    return [
        label,
        f"{len(answers.p):,}",
        _share((answers.p < _LEVEL).mean(axis=1)),
        _share((answers.p < 0.01).mean(axis=1)),
        _share(np.fromiter(some, np.float64)),
    ]


def power_line(label: str, answers: Answers, known: set[tuple[int, int]]) -> list[str]:
    """Return what p and the similarity tell of answers that are known pairs."""
    pairs = answers.rows.reshape(-1, 2).tolist()
    is_known = np.array([tuple(pair) in known for pair in pairs])
    p, similarity = answers.p.ravel(), answers.similarity.ravel()
    return [
        label,
        f"{len(answers.p):,}",
        f"{is_known.sum():,} of {is_known.size:,}",
        f"{auc(-p[is_known], -p[~is_known]):.3f}",
        f"{auc(similarity[is_known], similarity[~is_known]):.3f}",
        f"{(p < _LEVEL).mean():.1%}",
        f"{is_known[p < _LEVEL].mean():.1%}",
        f"{is_known[p >= _LEVEL].mean():.1%}",
        f"{(p[is_known] >= _LEVEL).mean():.1%}",
    ]


def _share(shares: NDArray[np.float64]) -> str:
    return f"{shares.mean():.1%} ± {100 * shares.std(ddof=1) / len(shares) ** 0.5:.1f}"


def _show(line: list[str]) -> None:
    """Show a line as soon as it is there: all take some minutes."""
    click.echo(" | ".join(line), err=True)


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DATA,
              show_default=True, help="Folder with liana's wheel.")  # fmt: skip
@click.option("-e", "--embedding", "sources", multiple=True, default=("human", "pubmed"),
              show_default=True, help="Names or files.")  # fmt: skip
@click.option("--queries", type=click.IntRange(min=2), default=1_000, show_default=True)
@click.option("--known", type=click.IntRange(min=2), default=500, show_default=True,
              help="Ligand : receptor pairs to ask.")  # fmt: skip
def main(data: Path, sources: tuple[str, ...], queries: int, known: int) -> None:
    """Print the tables of docs/evidence.md.

    Example: python -m benchmarks.quality.significance --data FOLDER -e human
    """
    relations = read_relations(data, lambda line: click.echo(line, err=True))
    liana = next((one for one in relations if one.name == "ligand–receptor"), None)
    calibrated, powers, times = [], [], []
    for source in sources:
        space = ga.load(source)
        names, rows = space.embedding.names, space.embedding.rows
        if liana is not None:
            inside = [(a, b) for a, b in liana.held_out if a in rows and b in rows][:known]
            listed = {(rows[a], rows[b]) for a, b in liana.pairs if a in rows and b in rows}
            powers.append(power_line(source, Answers.of(space, inside), listed))
            _show(powers[-1])
        for condition, options, first in _CONDITIONS:
            answers = Answers.of(space, random_pairs(names[:first], queries), **options)
            calibrated.append(calibration_line(f"{source}, {condition}", answers))
            _show(calibrated[-1])
            if condition == "plain":
                median = [f"{1e3 * np.median(x):.1f}" for x in (answers.search, answers.evidence)]
                times.append([source, *median])
    print(markdown_table([["random queries", "queries", "p < .05", "p < .01", "any q < .05"],
                          *calibrated]))  # fmt: skip
    if powers:
        heads = ["known pairs", "queries", "known among answers", "AUC of p", "of the similarity",
                 "p < .05", "known there", "known elsewhere", "known lost"]  # fmt: skip
        print(f"\n{markdown_table([heads, *powers])}")
    print(f"\n{markdown_table([['median, ms', 'search', 'evidence'], *times])}")


if __name__ == "__main__":
    main()
