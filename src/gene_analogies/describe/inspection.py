"""Look at an embedding, also where it cannot be loaded."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from gene_analogies.describe.figures import KINDS
from gene_analogies.describe.geometry import find_hubs, mean_cosine, norms, spectrum
from gene_analogies.describe.info import Info
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.dates import origins
from gene_analogies.genes.forms import entrez_of_concept
from gene_analogies.genes.other_symbols import sharing
from gene_analogies.genes.row_numbers import known_genes
from gene_analogies.genes.table import cut_version
from gene_analogies.genes.vocabulary import Vocabulary
from gene_analogies.report.table import Item

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.contents import Contents
    from gene_analogies.genes.table import GeneTable

__all__ = ["inspect"]

_EXAMPLES: Final = 3


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
        Known genes; the packaged tables of human and mouse genes unless given, and none with
        ``genes=None``.
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
    vocabulary = Vocabulary(names, known_genes(genes, contents.details), contents.symbols)
    lengths = norms(vectors)
    sound = np.flatnonzero(lengths > 0.0)
    hubs = find_hubs(vectors, sound, seed=seed)
    faults = {
        "duplicates": [
            name for row, name in enumerate(names) if name and vocabulary.rows[name] != row
        ],
        "zero_rows": [names[row] for row in np.flatnonzero(lengths == 0.0).tolist()],
        "not_finite_rows": [names[row] for row in np.flatnonzero(np.isnan(lengths)).tolist()],
    }
    dates = _dates(vocabulary)
    return Info(
        format=str(contents.details.get("format", "unknown")),
        rows=vectors.shape[0],
        dimension=vectors.shape[1],
        dtype=str(vectors.dtype),
        nbytes=vectors.nbytes,
        kinds={} if genes is None else _kinds(vocabulary, len(dates)),
        **{fault: len(found) for fault, found in faults.items()},
        nameless_rows=sum(not name for name in names),
        examples={
            fault: tuple(dict.fromkeys(found))[:_EXAMPLES]
            for fault, found in (*faults.items(), ("dates", dates))
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
        species=vocabulary.species,
        details={key: value for key, value in contents.details.items() if key != "format"},
    )


def _dates(vocabulary: Vocabulary) -> list[str]:
    """Return the names that a spreadsheet made of gene names."""
    table = vocabulary.table
    if table is None:
        return []
    # Where numbers are the rule, they are those of genes of another species.
    decimal = sum(map(str.isdecimal, vocabulary.names))
    numbers_too = 2 * decimal < len(vocabulary.names)
    return [
        name
        for name in vocabulary.names
        if (numbers_too or not name.isdecimal()) and origins(name, table)
    ]


def _kinds(vocabulary: Vocabulary, dates: int) -> dict[str, int]:
    """Count the names of every kind."""
    found = Counter(dict.fromkeys(KINDS, 0) | {"date": dates})
    unknown = []
    for name in vocabulary.names:
        gene = vocabulary.gene(name)
        if gene is None:
            unknown.append(name)
        elif name.isdecimal() or entrez_of_concept(name):
            found["entrez"] += 1
        elif cut_version(name) in gene.ensembl:
            found["ensembl" if name in gene.ensembl else "ensembl_version"] += 1
        elif name == gene.registered:
            found[gene.registered.partition(":")[0].lower()] += 1
        elif name in gene.uniprot:
            found["uniprot"] += 1
        else:
            found["symbol" if name == gene.symbol else "alias"] += 1
    table = vocabulary.table
    if table is not None:
        found["unused_alias"] = sum(len(sharing(name, table)) == 1 for name in unknown)
    found["other"] = len(vocabulary.names) - found.total()
    return dict(found)


def _least_median_most(lengths: NDArray[np.float64]) -> tuple[float, float, float] | None:
    if not len(lengths):
        return None
    # Halved, since the median may add the two largest numbers there are.
    return float(lengths.min()), 2.0 * float(np.median(lengths / 2.0)), float(lengths.max())
