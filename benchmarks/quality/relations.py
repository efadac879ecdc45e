"""How often pairs like a known ligand : receptor pair are ligand : receptor themselves.

``python -m benchmarks.quality.relations --liana liana-1.10.0-py3-none-any.whl`` asks
`pubmed` for the ten best pairs like each of 500 known pairs, and prints the share of the answers
whose first gene is a ligand and whose second a receptor, beside the share expected by chance. The
resource of known pairs is no part of what the embedding is built from.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

import gene_analogies as ga
from benchmarks.data_sets import DATA

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MEMBER = "liana/resource/omni_resource.csv"
_SEED = 0
_COUNT = 500
_ANSWERS = 10


@dataclass(frozen=True)
class KnownPairs:
    """Ligand : receptor pairs of one resource, by gene symbol.

    Attributes
    ----------
    pairs
        Each pair once, sorted.
    """

    pairs: tuple[tuple[str, str], ...]

    @property
    def ligands(self) -> frozenset[str]:
        """Every gene that is some pair's ligand."""
        return frozenset(ligand for ligand, _ in self.pairs)

    @property
    def receptors(self) -> frozenset[str]:
        """Every gene that is some pair's receptor."""
        return frozenset(receptor for _, receptor in self.pairs)

    def draw(self, names: tuple[str, ...], count: int = _COUNT) -> list[tuple[str, str]]:
        """Return a fixed random draw of the pairs that have both genes among ``names``.

        The order of all pairs is drawn first, so that two embeddings share most of the draw.
        """
        known = set(names)
        order = np.random.default_rng(_SEED).permutation(len(self.pairs))
        shuffled = (self.pairs[place] for place in order)
        return [pair for pair in shuffled if known.issuperset(pair)][:count]


@dataclass(frozen=True)
class Share:
    """What the answers to some queries are.

    Attributes
    ----------
    hits
        Share of answers that are ligand : receptor, of each query; shape (queries,).
    exact
        Share of answers that are themselves a known pair, of each query; shape (queries,).
    chance
        Share of all ordered pairs of rows that are ligand : receptor.
    exact_chance
        Share of all ordered pairs of rows that are a known pair.
    """

    hits: NDArray[np.float64]
    exact: NDArray[np.float64]
    chance: float
    exact_chance: float


def find_resource(path: Path | None) -> Path:
    """Return the resource's file: the one given, or a wheel or CSV in ``benchmarks/data``."""
    if path is not None:
        return path
    found = [*sorted(DATA.glob("liana-*.whl")), *sorted(DATA.glob("omni_resource.csv"))]
    if not found:
        raise click.UsageError(
            "the known pairs come with liana: `pip download --no-deps liana`, then pass the wheel"
            " as --liana (or put it into benchmarks/data)"
        )
    return found[-1]


def read_known_pairs(path: Path, resource: str = "consensus") -> KnownPairs:
    """Read the pairs of simple symbols (no complexes) from liana's wheel or its CSV file."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            text = wheel.read(_MEMBER).decode()
    else:
        text = path.read_text(encoding="utf-8")
    pairs = {
        (row["source_genesymbol"], row["target_genesymbol"])
        for row in csv.DictReader(io.StringIO(text))
        if row["resource"] == resource
    }
    return KnownPairs(tuple(sorted(pair for pair in pairs if "_" not in "".join(pair))))


def measure(space: ga.Space, known: KnownPairs, queries: list[tuple[str, str]]) -> Share:
    """Ask for pairs like each query, and say what share of the answers has the relation."""
    names = space.embedding.names
    n = len(names)
    ligand = np.array([name in known.ligands for name in names])
    receptor = np.array([name in known.receptors for name in names])
    rows = space.embedding.rows
    exact_pairs = {(rows[a], rows[b]) for a, b in known.pairs if a in rows and b in rows}
    hits, exact = [], []
    for a, b in queries:
        found = space.pairs(a, b, k=_ANSWERS)
        hits.append(np.mean(ligand[found.c_rows] & receptor[found.d_rows]))
        answers = zip(found.c_rows.tolist(), found.d_rows.tolist(), strict=True)
        exact.append(np.mean([pair in exact_pairs for pair in answers]))
    possible = int(ligand.sum()) * int(receptor.sum()) - int((ligand & receptor).sum())
    return Share(
        np.array(hits),
        np.array(exact),
        chance=possible / (n * (n - 1)),
        exact_chance=len(exact_pairs) / (n * (n - 1)),
    )


def with_error(shares: NDArray[np.float64]) -> str:
    """Return the mean of some shares and its standard error over the queries."""
    return f"{shares.mean():.1%} ± {100 * shares.std(ddof=1) / len(shares) ** 0.5:.1f}"


def report(embedding: ga.Embedding, known: KnownPairs, best: int = 6_000) -> list[str]:
    """Measure all genes and the best-studied ones; one line of a table each.

    Queries at even places of the draw are for tuning, the others are held out.
    """
    draw = known.draw(embedding.names)
    lines = [
        "| genes | queries | ligand : receptor | by chance | a known pair | by chance |",
        "|---|---|---|---|---|---|",
    ]
    for count in (len(embedding), best):
        part = embedding.truncate(count)
        # A part of the embedding is asked once: its index is not worth keeping.
        space = ga.Space(part, genes=None, keep_index=False)
        inside = np.array([part.rows.keys() >= set(pair) for pair in draw])
        share = measure(space, known, [pair for pair, in_ in zip(draw, inside, strict=True) if in_])
        tuning = np.flatnonzero(inside) % 2 == 0
        for label, chosen in (
            ("tuning half", tuning),
            ("held-out half", ~tuning),
            ("all", np.ones_like(tuning)),
        ):
            lines.append(
                f"| {len(part):,} | {label}, {chosen.sum()} | {with_error(share.hits[chosen])}"
                f" | {share.chance:.2%} | {with_error(share.exact[chosen])}"
                f" | {share.exact_chance:.4%} |"
            )
    return lines


@click.command()
@click.option(
    "--liana",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="liana's wheel, or its omni_resource.csv.",
)
@click.option("--best", type=click.IntRange(min=2), default=6_000, show_default=True,
              help="Also measure among so many best-studied genes.")  # fmt: skip
def main(liana: Path | None, best: int) -> None:
    """Print the quality figure of `pubmed`.

    Example: python -m benchmarks.quality.relations --liana liana-1.10.0-py3-none-any.whl
    """
    known = read_known_pairs(find_resource(liana))
    for line in report(ga.load("pubmed").embedding, known, best):
        click.echo(line)


if __name__ == "__main__":
    main()
