"""Mouse genes as MGI lists them, and their human orthologs as HGNC lists those.

The file is tab-separated text with the columns ``ID`` (MGI's number), ``symbol``, ``synonyms`` and
``ensembl``, a line for each Ensembl id of an entry. HGNC names for each human gene the entries of
MGI that match it: a human and a mouse gene are one-to-one orthologs if HGNC names no other mouse
gene for the human one, and this mouse gene for no other human one.
"""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import COLUMNS, Gene, to_line
from gene_analogies.genes.table import GeneTable
from gene_analogies.sources.packed import write_packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gene_analogies.sources.hgnc import Hgnc

__all__ = ["Mgi", "mouse_genes", "read_mgi", "write_mouse"]

_COLUMNS: Final = {"ID", "symbol", "synonyms", "ensembl"}
#: Transgenes, insertions and the like, by the nomenclature of mouse genes: Tg(Opn4-EGFP)ND100Gsat.
#: Ensembl has the few that are genes, such as Gt(ROSA)26Sor.
_CONSTRUCT: Final = re.compile(r"[A-Z][A-Za-z]*\(.*")


class Mgi(NamedTuple):
    """What MGI lists: genes without their orthologs, in the order of the file; and the source."""

    genes: tuple[Gene, ...]
    source: dict[str, Any]


def read_mgi(path: str | Path, release: str = "unknown") -> Mgi:
    """Read MGI's entries; transgenes and other constructs are left out.

    Parameters
    ----------
    path
        The tab-separated file.
    release
        Where the file is from, for the provenance: the file has no date of its own.

    Returns
    -------
    Mgi

    Raises
    ------
    GeneAnalogiesError
        If the file is missing, or lacks a column or an entry.
    """
    path = Path(path)
    genes: dict[str, Gene] = {}
    try:
        content = path.read_bytes()
        lines = csv.DictReader(content.decode().splitlines(), delimiter="\t", quoting=3)
        missing = _COLUMNS - set(lines.fieldnames or ())
        for line in () if missing else lines:
            if line["ensembl"] or not _CONSTRUCT.fullmatch(line["symbol"]):
                mgi = f"MGI:{int(line['ID'])}"
                genes[mgi] = _gene(line, mgi, genes.get(mgi))
    except (OSError, ValueError, TypeError) as error:
        raise GeneAnalogiesError(f"{path}: expected MGI's tab-separated text ({error})") from None
    if missing:
        raise GeneAnalogiesError(f"{path}: the first line lacks the column {min(missing)!r}")
    if not genes:
        raise GeneAnalogiesError(f"{path}: no entry of MGI below the first line")
    source = {
        "name": "MGI",
        "release": release,
        "dates": "not in the file",
        "licence": "CC BY 4.0",
        "attribution": "Mouse Genome Informatics (MGI), The Jackson Laboratory",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return Mgi(tuple(genes.values()), source)


def mouse_genes(mgi: Mgi, hgnc: Hgnc, table: GeneTable) -> list[Gene]:
    """Return MGI's genes with the human genes that HGNC relates them to, best known first.

    Parameters
    ----------
    mgi
        MGI's genes.
    hgnc
        HGNC's entries, whose approved symbols name the human genes.
    table
        The human genes, best known first: that is the order of their orthologs, too. Genes without
        one follow by MGI's number, the oldest first.
    """
    humans_of: dict[str, list[str]] = {}
    partners: dict[str, tuple[str, ...]] = {}
    names = {}
    for entry in hgnc.entries:
        partners[entry.symbol] = entry.mouse
        names[entry.symbol] = entry.full_name
        for mouse in entry.mouse:
            humans_of.setdefault(mouse, []).append(entry.symbol)
    order = {gene.symbol: place for place, gene in enumerate(table)}
    found: list[tuple[int, Gene]] = []
    for gene in mgi.genes:
        humans = humans_of.get(gene.mgi, [])
        one_to_one = len(humans) == 1 and partners[humans[0]] == (gene.mgi,)
        human = humans[0] if one_to_one else ""
        place = min((order.get(symbol, len(order)) for symbol in humans), default=len(order))
        full_name = f"{names[human]} (human ortholog {human})" if human else ""
        related = () if one_to_one else tuple(humans)
        known = replace(gene, full_name=full_name, ortholog=human, related=related)
        found.append((place, known))
    found.sort(key=lambda one: (one[0], one[1].number))
    return [gene for _, gene in found]


def write_mouse(mgi: Mgi, hgnc: Hgnc, table: GeneTable, path: Path) -> dict[str, int]:
    """Write the mouse genes as compressed text, and their checksum and provenance beside it.

    Parameters
    ----------
    mgi
        MGI's genes.
    hgnc
        HGNC's entries.
    table
        The human genes, best known first.
    path
        The file to write, such as ``mouse.tsv.gz``; the provenance goes beside it.

    Returns
    -------
    dict
        How many genes, one-to-one orthologs, synonyms and Ensembl ids were written.
    """
    genes = mouse_genes(mgi, hgnc, table)
    counts = {
        "genes": len(genes),
        "orthologs": sum(gene.ortholog != "" for gene in genes),
        "synonyms": sum(len(gene.aliases) for gene in genes),
        "ensembl": sum(len(gene.ensembl) for gene in genes),
    }
    provenance = {
        "sources": {"genes": mgi.source, "orthologs": hgnc.source},
        "order": "that of the human genes in genes.tsv.gz, then MGI's number",
        "left_out": "transgenes and other constructs",
        "counts": counts,
    }
    write_packed(path, COLUMNS["mouse"], map(to_line, genes), provenance)
    return counts


def _gene(line: Mapping[str, str], mgi: str, known: Gene | None) -> Gene:
    """Return the gene of a line, with the Ensembl ids of the lines before it."""
    symbol = line["symbol"]
    # A bare number may be a gene of NCBI's.
    synonyms = dict.fromkeys(
        name
        for name in line["synonyms"].split("|")
        if name not in ("", symbol) and not name.isdecimal()
    )
    # The oldest id first: most data have that one.
    ensembl = (*(known.ensembl if known else ()), *filter(None, (line["ensembl"],)))
    return Gene(
        0, symbol, aliases=tuple(synonyms), ensembl=tuple(sorted(ensembl)), gene_type="", mgi=mgi
    )
