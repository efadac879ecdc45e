"""What an embedding is, and what may be wrong with it: also where it cannot be loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.forms import entrez_of_concept, hgnc_symbol
from gene_analogies.genes.table import GeneTable, cut_version
from gene_analogies.genes.vocabulary import Vocabulary
from gene_analogies.geometry import Hubs, Spectrum, find_hubs, mean_cosine, norms, spectrum
from gene_analogies.results import Item

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.contents import Contents

__all__ = ["KINDS", "Info", "inspect"]

#: Kinds of names: those of known human genes, other spellings of such genes, and the rest.
KINDS: Final = (
    "symbol", "ensembl", "ensembl_version", "entrez", "uniprot", "alias", "other",
)  # fmt: skip

# Above this, two items that have nothing in common look a third alike.
_HIGH_COSINE: Final = 0.3
# Where one direction holds a quarter of the variance, most offsets lie along it.
_DOMINANT: Final = 0.25
# In so few dimensions many unrelated offsets are parallel.
_FEW_DIMENSIONS: Final = 10.0
# The offset of a vector and one ten times as long is the long one's direction.
_UNEVEN_NORMS: Final = 10.0
# Word vectors reach about 6; an even cloud of any dimension stays below 1.
_HIGH_SKEWNESS: Final = 5.0

_EXAMPLES: Final = 3


@dataclass(frozen=True)
class Info:
    """What is known of an embedding.

    Attributes
    ----------
    format
        The name of its format.
    rows, dimension
        The shape of its matrix.
    dtype, nbytes
        The type of its numbers, and their bytes, in memory.
    kinds
        How many names are of which of `KINDS`: ``symbol`` to ``uniprot`` are known human genes;
        an ``alias`` is a previous or other symbol of one. All are ``other`` where so few names
        are known that they are taken for those of something else. Empty where no genes were given.
    duplicates, zero_rows, not_finite_rows
        Rows whose name came before; that are all zero; that hold NaN or infinity.
    examples
        A few names for each of these three, where there are any.
    norms
        The smallest, median and largest norm of the rows that are finite and not zero, on which
        all figures below rest, too. None where there are none.
    mean_cosine
        Of all pairs of rows, exactly; None where there is no pair.
    spectrum
        Effective dimension and the first component's share; None where all rows are equal.
    hubs
        Skewness of the numbers of occurrences among nearest neighbours; None for few rows.
    hub_items
        The items of ``hubs.largest``.
    details
        What the reader chose or found, or the provenance.
    """

    format: str
    rows: int
    dimension: int
    dtype: str
    nbytes: int
    kinds: Mapping[str, int]
    duplicates: int
    zero_rows: int
    not_finite_rows: int
    examples: Mapping[str, tuple[str, ...]]
    norms: tuple[float, float, float] | None
    mean_cosine: float | None
    spectrum: Spectrum | None
    hubs: Hubs | None
    hub_items: tuple[Item, ...]
    details: Mapping[str, Any]

    @property
    def genes(self) -> int:
        """How many names are known human genes."""
        return sum(self.kinds.get(kind, 0) for kind in KINDS[: KINDS.index("alias")])

    @property
    def advice(self) -> tuple[str, ...]:
        """What to look at or to do, a sentence each; empty where no figure is bad."""
        return (*_advice_on_rows(self), *_advice_on_geometry(self))

    def to_dict(self) -> dict[str, Any]:
        """Return all figures as what JSON can hold; hubs by name and symbol."""
        content = asdict(self)
        hubs = content["hubs"]
        if hubs is not None:
            hubs["largest"] = [
                {"name": item.name, "symbol": item.symbol, "row": row, "occurrences": times}
                for item, (row, times) in zip(self.hub_items, hubs["largest"], strict=True)
            ]
        del content["hub_items"]
        return {**content, "genes": self.genes, "advice": self.advice}

    def __str__(self) -> str:
        from gene_analogies.report.info import info_text

        return info_text(self)


def inspect(
    contents: Contents,
    *,
    genes: GeneTable | Literal["packaged"] | None = "packaged",
    seed: int = 0,
) -> Info:
    """Look at what a file holds, whatever is wrong with it.

    Parameters
    ----------
    contents
        Names and vectors as they were read.
    genes
        Known genes; the packaged table of human genes unless given, and none with ``genes=None``.
    seed
        Of the sample of rows in which hubs are counted, where there are too many rows.

    Returns
    -------
    Info

    Raises
    ------
    GeneAnalogiesError
        If names and vectors disagree.
    """
    names, vectors = contents.names, contents.vectors
    if vectors.ndim != 2 or len(names) != len(vectors):
        raise GeneAnalogiesError(
            f"names and vectors disagree: {len(names)} names, vectors of shape {vectors.shape}"
        )
    vocabulary = Vocabulary(names, GeneTable.packaged() if genes == "packaged" else genes)
    lengths = norms(vectors)
    sound = np.flatnonzero(lengths > 0.0)
    hubs = find_hubs(vectors, sound, seed=seed)
    faults = {
        "duplicates": [name for row, name in enumerate(names) if vocabulary.rows[name] != row],
        "zero_rows": [names[row] for row in np.flatnonzero(lengths == 0.0).tolist()],
        "not_finite_rows": [names[row] for row in np.flatnonzero(np.isnan(lengths)).tolist()],
    }
    return Info(
        format=str(contents.details.get("format", "unknown")),
        rows=vectors.shape[0],
        dimension=vectors.shape[1],
        dtype=str(vectors.dtype),
        nbytes=vectors.nbytes,
        kinds={} if genes is None else _kinds(vocabulary),
        **{fault: len(found) for fault, found in faults.items()},
        examples={
            fault: tuple(dict.fromkeys(found))[:_EXAMPLES]
            for fault, found in faults.items()
            if found
        },
        norms=_least_median_most(lengths[sound]),
        mean_cosine=mean_cosine(vectors, sound),
        spectrum=spectrum(vectors, sound),
        hubs=hubs,
        hub_items=tuple(
            Item(names[row], vocabulary.gene(names[row]))
            for row, _ in (hubs.largest if hubs else ())
        ),
        details={key: value for key, value in contents.details.items() if key != "format"},
    )


def _kinds(vocabulary: Vocabulary) -> dict[str, int]:
    """Count the names of every kind."""
    found = Counter(dict.fromkeys(KINDS, 0))
    unknown = []
    for name in vocabulary.names:
        gene = vocabulary.gene(name)
        if gene is None:
            unknown.append(name)
        elif name.isdecimal() or entrez_of_concept(name):
            found["entrez"] += 1
        elif cut_version(name) in gene.ensembl:
            found["ensembl" if name in gene.ensembl else "ensembl_version"] += 1
        elif name in gene.uniprot:
            found["uniprot"] += 1
        else:
            found["symbol" if name in (gene.symbol, hgnc_symbol(gene)) else "alias"] += 1
    if unknown and vocabulary.table is not None:
        aliases = {spelling for spelling, _ in vocabulary.table.spellings()}
        found["alias"] += sum(name in aliases for name in unknown)
    found["other"] = len(vocabulary.names) - found.total()
    return dict(found)


def _least_median_most(lengths: NDArray[np.float64]) -> tuple[float, float, float] | None:
    if not len(lengths):
        return None
    # Halved, since the median may add the two largest numbers there are.
    return float(lengths.min()), 2.0 * float(np.median(lengths / 2.0)), float(lengths.max())


def _advice_on_rows(info: Info) -> Iterator[str]:
    if info.not_finite_rows:
        rows = _rows(info, "not_finite_rows", "holds", "hold")
        yield f"{rows} NaN or infinity: loading refuses them"
    if info.duplicates:
        rows = _rows(info, "duplicates", "has", "have")
        yield f"{rows} a name that came before: --duplicates says which row the name gets"
    if info.zero_rows:
        rows = _rows(info, "zero_rows", "is", "are")
        yield f"{rows} zero and without direction: --among leaves items out"
    if info.kinds and not info.genes:
        yield "the names are not human genes: answers show them as they are"


def _advice_on_geometry(info: Info) -> Iterator[str]:
    if info.norms is not None and info.norms[2] > _UNEVEN_NORMS * info.norms[0]:
        ratio = info.norms[2] / info.norms[0]
        yield f"norms differ {ratio:,.0f}-fold, and long vectors rule offsets: consider --unit"
    if info.mean_cosine is not None and info.mean_cosine > _HIGH_COSINE:
        yield (
            f"mean cosine {info.mean_cosine:.2f}: all vectors lean to one side: consider --center"
        )
    if info.spectrum is not None:
        yield from _advice_on_spectrum(info.spectrum, min(info.dimension, info.rows - 1))
    if info.hubs is not None and info.hubs.skewness > _HIGH_SKEWNESS:
        yield (
            f"N_{info.hubs.neighbours} skewness {info.hubs.skewness:.1f}: "
            "a few items are neighbours of many"
        )


def _advice_on_spectrum(found: Spectrum, most: int) -> Iterator[str]:
    """Judge a spectrum by the number of dimensions that it could have at most."""
    dominant = found.first_component > max(_DOMINANT, 5.0 / most)
    low = found.effective_dimension < min(_FEW_DIMENSIONS, most / 10.0)
    if dominant:
        yield (
            f"the first component holds {found.first_component:.0%} of the variance: "
            "consider --remove-components 1"
        )
    elif low:
        yield (
            f"effective dimension {found.effective_dimension:.1f}: a few components hold nearly "
            "all of the variance: consider --remove-components 1"
        )


def _rows(info: Info, fault: str, one: str, many: str) -> str:
    """Write how many rows have a fault, and which: ``2 rows ('A', 'B') are``."""
    count = getattr(info, fault)
    examples = info.examples[fault]
    names = ", ".join(repr(name) for name in examples)
    more = ", …" if count > len(examples) else ""
    return (
        f"{count:,} {'row' if count == 1 else 'rows'} ({names}{more}) {one if count == 1 else many}"
    )
