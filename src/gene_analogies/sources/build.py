"""Rebuild the packaged data: ``python -m gene_analogies.sources.build``."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.builtin import write_builtin
from gene_analogies.sources.facts import read_ncbi, read_sqlite
from gene_analogies.sources.pubmed import build_embedding, require_scipy

if TYPE_CHECKING:
    from gene_analogies.sources.facts import GeneFacts

__all__ = ["build", "main"]

#: Version of the recipe and of the file's layout, not of the facts.
_VERSION = 1
_DATA = Path(__file__).resolve().parents[1] / "data"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def build(facts: GeneFacts, directory: str | Path) -> dict[str, Any]:
    """Build the embedding ``pubmed`` and the gene table, and write both.

    Parameters
    ----------
    facts
        Genes and the papers that mention them.
    directory
        Where ``pubmed.npz``, ``pubmed.json`` and the gene table go.

    Returns
    -------
    dict
        The provenance of the embedding, and under ``table`` the counts of the gene table.

    Raises
    ------
    GeneAnalogiesError
        If SciPy is missing, or too few genes can be placed.
    """
    from gene_analogies.sources.gene_table import write_table

    embedding = build_embedding(facts.papers, facts.genes)
    provenance = {
        "name": "pubmed",
        "version": _VERSION,
        "title": "Human genes placed by the papers that mention them together",
        "sources": facts.sources,
        **embedding.provenance,
        "built_with": {
            "python": platform.python_version(),
            **{package: version(package) for package in ("numpy", "scipy")},
        },
    }
    described = Embedding(embedding.names, embedding.vectors, provenance)
    written = write_builtin(described, "pubmed", directory)
    table = write_table(facts, Path(directory) / "genes.tsv.gz")
    return {**written, "table": table}


@click.command()
@click.option("--sqlite", type=_FILE, help="org.Hs.eg.sqlite of Bioconductor's org.Hs.eg.db.")
@click.option("--gene2pubmed", type=_FILE, help="NCBI's gene2pubmed.gz.")
@click.option("--gene-info", type=_FILE, help="NCBI's Homo_sapiens.gene_info.gz.")
@click.option("--gene2ensembl", type=_FILE, help="NCBI's gene2ensembl.gz.")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=_DATA,
    help="Folder to write to; by default the package's own data.",
)
def main(
    sqlite: Path | None,
    gene2pubmed: Path | None,
    gene_info: Path | None,
    gene2ensembl: Path | None,
    output: Path,
) -> None:
    """Rebuild the packaged embedding and gene table from public facts.

    Give either --sqlite, or all three of NCBI's files.

    Example: python -m gene_analogies.sources.build --sqlite org.Hs.eg.sqlite --output rebuilt
    """
    ncbi = (gene2pubmed, gene_info, gene2ensembl)
    try:
        require_scipy()
        if sqlite is not None and not any(ncbi):
            facts = read_sqlite(sqlite)
        elif sqlite is None and gene2pubmed and gene_info and gene2ensembl:
            facts = read_ncbi(gene2pubmed, gene_info, gene2ensembl)
        else:
            raise click.UsageError(
                "give either --sqlite, or --gene2pubmed, --gene-info and --gene2ensembl"
            )
        result = build(facts, output)
    except GeneAnalogiesError as error:
        raise click.ClickException(str(error)) from None
    counts, file = result["counts"], result["file"]
    click.echo(
        f"{file['name']}: {counts['genes']:,} genes from {counts['papers']:,} papers,"
        f" {file['bytes'] / 1e6:.1f} MB, sha256 {file['sha256']}"
    )
    click.echo(
        "genes.tsv.gz: " + ", ".join(f"{count:,} {kind}" for kind, count in result["table"].items())
    )


if __name__ == "__main__":
    main()
