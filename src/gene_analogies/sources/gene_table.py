"""Write the packaged gene table from public facts."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from gene_analogies.genes.table import COLUMNS, to_line
from gene_analogies.util.whole_files import whole_file

if TYPE_CHECKING:
    from gene_analogies.sources.facts import GeneFacts

__all__ = ["write_table"]

# Enhancers, silencers and breakpoints: their symbols (LOC…) name no gene that a user asks for,
# and they are a sixth of all records.
_LEFT_OUT = "biological-region"


def write_table(facts: GeneFacts, path: Path) -> dict[str, int]:
    """Write the genes as compressed text, and their checksum and provenance beside it.

    The same facts give the same bytes. Genes with more papers come first, so that every list of
    candidates starts with the best-known gene.

    Parameters
    ----------
    facts
        What is known; regulatory regions are left out.
    path
        The file to write, such as ``genes.tsv.gz``; the provenance goes to ``genes.json``.

    Returns
    -------
    dict
        How many genes, aliases, Ensembl ids and UniProt accessions were written.
    """
    papers = Counter(facts.papers[:, 0].tolist())
    genes = sorted(
        (gene for gene in facts.genes if gene.gene_type != _LEFT_OUT),
        key=lambda gene: (-papers[gene.entrez], gene.entrez),
    )
    text = "".join(f"{line}\n" for line in ("\t".join(COLUMNS), *map(to_line, genes)))
    packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    counts = {
        "genes": len(genes),
        "aliases": sum(len(gene.aliases) for gene in genes),
        "ensembl": sum(len(gene.ensembl) for gene in genes),
        "uniprot": sum(len(gene.uniprot) for gene in genes),
    }
    provenance = {
        "sha256": hashlib.sha256(packed).hexdigest(),
        "sources": facts.sources,
        "order": "number of papers, most first",
        "left_out": _LEFT_OUT,
        "counts": counts,
    }
    path = Path(path)
    with whole_file(path) as part:
        part.write_bytes(packed)
    name = path.name.removesuffix(".gz").removesuffix(".tsv")
    document = json.dumps(provenance, indent=2, ensure_ascii=False)
    with whole_file(path.with_name(f"{name}.json")) as part:
        part.write_bytes(f"{document}\n".encode())
    return counts
