"""Rebuild the packaged data: ``python -m gene_analogies.sources.build``."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.table import GeneTable
from gene_analogies.sources.annotation import build_annotation
from gene_analogies.sources.annotations import read_gene2go, read_sqlite_annotations
from gene_analogies.sources.builtin import write_builtin
from gene_analogies.sources.factors import require_scipy
from gene_analogies.sources.facts import read_ncbi, read_sqlite
from gene_analogies.sources.famplex import write_families
from gene_analogies.sources.gene_table import best_known_first, write_table, write_withdrawn
from gene_analogies.sources.hgnc import read_hgnc, with_hgnc
from gene_analogies.sources.known import write_papers, write_terms
from gene_analogies.sources.mgi import read_mgi, write_mouse
from gene_analogies.sources.ontology import read_ontology
from gene_analogies.sources.pfam_names import read_pfam_names
from gene_analogies.sources.pubmed import build_embedding

if TYPE_CHECKING:
    from gene_analogies.sources.annotations import GeneAnnotations
    from gene_analogies.sources.facts import GeneFacts

__all__ = ["build", "main"]

#: Version of the recipe and of the file's layout, not of the facts.
_VERSION = 1
_DATA = Path(__file__).resolve().parents[1] / "data"
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def build(
    facts: GeneFacts, annotations: GeneAnnotations | None, directory: str | Path
) -> dict[str, dict[str, Any]]:
    """Build the embeddings ``pubmed`` and ``annotation``, and write them.

    Parameters
    ----------
    facts
        Genes and the papers that mention them; the items have these genes' symbols.
    annotations
        What the genes are annotated with; without it there is no ``annotation``.
    directory
        Where ``NAME.npz`` and ``NAME.json`` go.

    Returns
    -------
    dict
        The provenance of each embedding.

    Raises
    ------
    GeneAnalogiesError
        If SciPy is missing, or too few genes can be placed.
    """
    by_papers = build_embedding(facts.papers, facts.genes)
    title = "Human genes placed by the papers that mention them together"
    written = {"pubmed": _write(by_papers, "pubmed", title, facts.sources, directory)}
    if annotations is not None:
        by_terms = build_annotation(annotations, best_known_first(facts))
        title = "Human genes placed by their functions, components and domains"
        written["annotation"] = _write(
            by_terms, "annotation", title, annotations.sources, directory
        )
    return written


def _write(
    embedding: Embedding, name: str, title: str, sources: dict[str, Any], directory: str | Path
) -> dict[str, Any]:
    """Write an embedding with its provenance, and return this."""
    provenance = {
        "name": name,
        "version": _VERSION,
        "title": title,
        "sources": sources,
        **embedding.provenance,
        "built_with": {
            "python": platform.python_version(),
            **{package: version(package) for package in ("numpy", "scipy")},
        },
    }
    return write_builtin(Embedding(embedding.names, embedding.vectors, provenance), name, directory)


@click.command()
@click.option("--sqlite", type=_FILE, help="org.Hs.eg.sqlite of Bioconductor's org.Hs.eg.db.")
@click.option("--gene2pubmed", type=_FILE, help="NCBI's gene2pubmed.gz.")
@click.option("--gene-info", type=_FILE, help="NCBI's Homo_sapiens.gene_info.gz.")
@click.option("--gene2ensembl", type=_FILE, help="NCBI's gene2ensembl.gz.")
@click.option("--hgnc", type=_FILE, help="Custom download of HGNC, for today's names.")
@click.option("--hgnc-release", default="unknown", help="Where HGNC's file is from.")
@click.option(
    "--famplex",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with FamPlex's relations.csv and grounding_map.csv, for the names of families.",
)
@click.option("--famplex-release", default="unknown", help="Where FamPlex's files are from.")
@click.option("--mgi", type=_FILE, help="MGI's entries, for mouse genes; needs --hgnc.")
@click.option("--mgi-release", default="unknown", help="Where MGI's file is from.")
@click.option("--go", type=_FILE, help="GO.sqlite of Bioconductor's GO.db, or go-basic.obo.")
@click.option("--gene2go", type=_FILE, help="NCBI's gene2go.gz, beside NCBI's other files.")
@click.option("--pfam-names", type=_FILE, help="InterPro's entries, interpro.json of GECCO.")
@click.option("--pfam-names-release", default="unknown", help="Where that file is from.")
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
    hgnc: Path | None,
    hgnc_release: str,
    famplex: Path | None,
    famplex_release: str,
    mgi: Path | None,
    mgi_release: str,
    go: Path | None,
    gene2go: Path | None,
    pfam_names: Path | None,
    pfam_names_release: str,
    output: Path,
) -> None:
    """Rebuild the packaged embeddings and gene tables from public facts.

    Give either --sqlite, or all three of NCBI's files; --hgnc, so that the gene table has today's
    names; --famplex for the names of gene families; --mgi for the table of mouse genes; and --go
    for the terms of genes, with --gene2go beside NCBI's files.

    Example: python -m gene_analogies.sources.build --sqlite org.Hs.eg.sqlite
    --hgnc hgnc_entries.tsv --famplex resources --mgi mgi_entries.tsv --go GO.sqlite
    --pfam-names interpro.json --output rebuilt
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
        entries = None if hgnc is None else read_hgnc(hgnc, hgnc_release)
        if mgi is not None and entries is None:
            raise click.UsageError("--mgi needs --hgnc, which says what is whose ortholog")
        annotations = _annotations(sqlite, gene2go, go)
        named = facts if entries is None else with_hgnc(facts, entries)
        built = build(facts, annotations, output)
        tables = {"genes.tsv.gz": write_table(named, output / "genes.tsv.gz")}
        table = GeneTable(best_known_first(named))
        if entries is not None:
            tables["withdrawn.tsv.gz"] = write_withdrawn(entries, output / "withdrawn.tsv.gz")
        if famplex is not None:
            path = output / "families.tsv.gz"
            tables["families.tsv.gz"] = write_families(famplex, table, path, famplex_release)
        if mgi is not None and entries is not None:
            path = output / "mouse.tsv.gz"
            tables["mouse.tsv.gz"] = write_mouse(read_mgi(mgi, mgi_release), entries, table, path)
        path = output / "known" / "papers.npz"
        tables["known/papers.npz"] = write_papers(facts, path)
        if go is not None and annotations is not None:
            names = None if pfam_names is None else read_pfam_names(pfam_names, pfam_names_release)
            path = output / "known" / "terms.npz"
            tables["known/terms.npz"] = write_terms(annotations, read_ontology(go), names, path)
    except GeneAnalogiesError as error:
        raise click.ClickException(str(error)) from None
    for result in built.values():
        counts, file = result["counts"], result["file"]
        click.echo(
            f"{file['name']}: {counts['genes']:,} genes, {file['bytes'] / 1e6:.1f} MB,"
            f" sha256 {file['sha256']}"
        )
    for name, written in tables.items():
        click.echo(f"{name}: {', '.join(f'{count:,} {kind}' for kind, count in written.items())}")


def _annotations(
    sqlite: Path | None, gene2go: Path | None, go: Path | None
) -> GeneAnnotations | None:
    """Return what genes are annotated with, where a file says so."""
    if gene2go is not None and (sqlite is not None or go is None):
        raise click.UsageError("--gene2go needs --go and NCBI's files, not --sqlite")
    if sqlite is not None:
        return read_sqlite_annotations(sqlite)
    if gene2go is None or go is None:
        if go is not None:
            raise click.UsageError("--go needs --sqlite, or --gene2go beside NCBI's files")
        return None
    return read_gene2go(gene2go, go)


if __name__ == "__main__":
    main()
