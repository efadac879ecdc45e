"""What human genes are annotated with: terms of the Gene Ontology, and Pfam domains.

The annotations come in two forms, like the papers: the SQLite file of Bioconductor's org.Hs.eg.db,
and NCBI's ``gene2go.gz`` with the ontology itself. Pfam domains are in the SQLite form alone.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.ontology import read_ontology
from gene_analogies.sources.public_files import (
    existing_file,
    gzip_date,
    human_rows,
    open_sqlite,
    parse_number,
    read_metadata,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from gene_analogies.sources.public_files import Rows

__all__ = ["GeneAnnotations", "read_gene2go", "read_sqlite_annotations"]

_TABLES = {"function": "go_mf", "component": "go_cc", "process": "go_bp"}
# Domains are found by profile in the sequence; Gene Ontology's evidence codes do not apply.
_PFAM_EVIDENCE = "Pfam"
_LICENCES = {
    "Gene Ontology": "CC BY 4.0",
    "Pfam": "CC0 1.0",
    "NCBI Gene": "public domain",
    "org.Hs.eg.db": "Artistic-2.0",
}


class _Draft:
    """Annotations while they are gathered, as numbers: there are millions."""

    def __init__(self) -> None:
        self._terms: dict[str, int] = {}
        self._codes: dict[str, int] = {}
        self._kinds: list[str] = []
        self._direct = array("q")
        self._implied = array("q")

    def add(self, entrez: int, term: str, kind: str, code: str, *, direct: bool) -> None:
        place = self._terms.setdefault(term, len(self._terms))
        if place == len(self._kinds):
            self._kinds.append(kind)
        row = (entrez, place, self._codes.setdefault(code, len(self._codes)))
        (self._direct if direct else self._implied).extend(row)

    def finish(self, sources: dict[str, Any]) -> GeneAnnotations:
        """Sort terms, codes and annotations, each once."""
        terms, codes = sorted(self._terms), sorted(self._codes)
        direct = self._sorted(self._direct)
        return GeneAnnotations(
            tuple(terms),
            tuple(self._kinds[self._terms[term]] for term in terms),
            tuple(codes),
            direct,
            self._sorted(self._direct + self._implied),
            sources,
        )

    def _sorted(self, gathered: array[int]) -> NDArray[np.int64]:
        rows = np.array(gathered, dtype=np.int64).reshape(-1, 3)
        for column, places in ((1, self._terms), (2, self._codes)):
            order = {key: rank for rank, key in enumerate(sorted(places))}
            ranks = np.array([order[key] for key in places], dtype=np.int64)
            rows[:, column] = ranks[rows[:, column]]
        # One number a row sorts much faster than rows do; Entrez numbers have nine digits.
        n_terms, n_codes = max(len(self._terms), 1), max(len(self._codes), 1)
        keys = np.unique((rows[:, 0] * n_terms + rows[:, 1]) * n_codes + rows[:, 2])
        entrez, rest = np.divmod(keys, n_terms * n_codes)
        return np.column_stack((entrez, *np.divmod(rest, n_codes)))


@dataclass(frozen=True)
class GeneAnnotations:
    """Terms of human genes.

    Attributes
    ----------
    terms
        Ids, such as ``GO:0005154`` and ``PF07714``, sorted.
    kinds
        What every term is: a molecular ``function``, a cellular ``component``, a biological
        ``process``, or a Pfam ``domain``.
    evidence
        Evidence codes of the Gene Ontology, sorted: ``IPI`` is a physical interaction, ``IEA``
        electronic. Domains have the code ``Pfam``.
    direct
        Array of shape (annotations, 3) and type int64: Entrez number, place in ``terms``, place in
        ``evidence``. Each row once, in increasing order.
    implied
        The same for a gene's terms and all terms above them; all rows of ``direct`` are in it. A
        term has the evidence of those below it.
    sources
        Where the annotations came from: ``name``, ``dates`` and ``licence``.
    """

    terms: tuple[str, ...]
    kinds: tuple[str, ...]
    evidence: tuple[str, ...]
    direct: NDArray[np.int64]
    implied: NDArray[np.int64]
    sources: dict[str, Any]

    def without(self, *codes: str) -> GeneAnnotations:
        """Leave out annotations that rest on these kinds of evidence alone.

        Parameters
        ----------
        *codes
            Members of ``evidence``; the terms stay, even where no gene has them any more.

        Raises
        ------
        GeneAnalogiesError
            If no annotation has such a code.
        """
        for code in codes:
            if code not in self.evidence:
                raise GeneAnalogiesError(
                    f"no annotation has the evidence {code!r}; choose from"
                    f" {', '.join(self.evidence)}"
                )
        left_out = [self.evidence.index(code) for code in codes]

        def kept(rows: NDArray[np.int64]) -> NDArray[np.int64]:
            return rows[~np.isin(rows[:, 2], left_out)]

        return replace(self, direct=kept(self.direct), implied=kept(self.implied))


def read_sqlite_annotations(path: str | Path) -> GeneAnnotations:
    """Read the annotations in the SQLite file of org.Hs.eg.db.

    Parameters
    ----------
    path
        ``org.Hs.eg.sqlite``. Above a process its tables also have what the process regulates.

    Raises
    ------
    GeneAnalogiesError
        If the file is missing or damaged, or lacks a table or a column.
    """
    with open_sqlite(path, "org.Hs.eg.db") as rows:
        return _from_tables(rows)


def _from_tables(rows: Rows) -> GeneAnnotations:
    entrez = {key: int(number) for key, number in rows("genes", "_id", "gene_id")}
    draft = _Draft()
    for kind, table in _TABLES.items():
        for name in (table, f"{table}_all"):
            for key, term, code in rows(name, "_id", "go_id", "evidence"):
                draft.add(entrez[key], term, kind, code, direct=name == table)
    for key, domain in rows("pfam", "_id", "pfam_id"):
        if domain is not None:  # a protein without domains
            draft.add(entrez[key], domain, "domain", _PFAM_EVIDENCE, direct=True)
    metadata = read_metadata(rows)
    sources = {
        "name": "org.Hs.eg.db (Bioconductor)",
        "dates": {
            "Gene Ontology": metadata.get("GOSOURCEDATE", "unknown"),
            "NCBI Gene": metadata.get("GOEGSOURCEDATE", "unknown"),
            # The file has no date of Pfam's; its domains came with UniProt's proteins.
            "Pfam": metadata.get("UPSOURCEDATE", "unknown"),
        },
        "licence": dict(_LICENCES),
    }
    return draft.finish(sources)


def read_gene2go(gene2go: str | Path, ontology: str | Path) -> GeneAnnotations:
    """Read NCBI's annotations with GO terms; there are no domains among them.

    Parameters
    ----------
    gene2go
        ``gene2go.gz``: genes and terms, with the evidence. What a gene is said *not* to have is
        left out.
    ontology
        ``go-basic.obo``, or ``GO.sqlite``: what stands above a term. Annotations with terms that
        are obsolete there, or not in it, are left out, and counted in ``sources``.

    Raises
    ------
    GeneAnalogiesError
        If a file is missing or damaged, lacks a column, or no annotation fits the ontology.
    """
    path = existing_file(gene2go)
    terms = read_ontology(ontology)
    above = terms.ancestors()
    draft = _Draft()
    fitting = unknown = 0
    columns = ("GeneID", "GO_ID", "Evidence", "Qualifier")
    for number, go_id, code, qualifier in human_rows(path, columns):
        term = terms.alternatives.get(go_id, go_id)
        if term not in above:
            unknown += 1
            continue
        fitting += 1
        if not qualifier.startswith("NOT"):
            entrez = parse_number(number, path)
            for ancestor in above[term]:
                kind = terms.kinds[ancestor]
                draft.add(entrez, ancestor, kind, code, direct=ancestor == term)
    if unknown and not fitting:
        raise GeneAnalogiesError(f"{path}: no term of it is in {ontology}")
    sources = {
        "name": "NCBI Gene",
        "dates": {
            "Gene Ontology": terms.sources["date"],
            path.name: gzip_date(path),
        },
        "licence": {name: _LICENCES[name] for name in ("Gene Ontology", "NCBI Gene")},
        "left_out": {"annotations_with_unknown_terms": unknown},
    }
    return draft.finish(sources)
