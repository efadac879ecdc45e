"""What is known of one item: names, numbers, links, neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from gene_analogies.genes.links import gene_links, gene_papers_url, gene_url
from gene_analogies.genes.papers import count_papers_naming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gene_analogies.genes.gene import Gene
    from gene_analogies.space import Space

__all__ = ["GeneCard", "Link", "Neighbour", "gene_card"]


class Link(BaseModel):
    """A page about a gene."""

    site: str
    url: str


class Neighbour(BaseModel):
    """An item that is near."""

    item: str
    symbol: str
    full_name: str
    similarity: float


class GeneCard(BaseModel):
    """One item; what is empty is not known."""

    item: str = Field(description="Its name in the embedding.")
    note: str | None = Field(description="What the name that was asked for was taken for.")
    symbol: str
    full_name: str
    species: str | None = Field(description="human or mouse; null for what is no gene.")
    gene_type: str
    chromosome: str
    aliases: list[str]
    previous: list[str]
    ids: dict[str, list[str]] = Field(description="Identifiers, by who gives them.")
    links: list[Link]
    papers: int | None = Field(description="How many papers here name it; null unless human.")
    papers_url: str | None = Field(description="Those that PubMed has today; null unless human.")
    embedding: str
    embeddings: list[str] = Field(description="Every embedding here that knows the name.")
    neighbours: list[Neighbour]


def gene_card(name: str, k: int, embedding: str, spaces: Mapping[str, Space]) -> GeneCard:
    """Return what is known of one item, and its ``k`` nearest neighbours.

    Parameters
    ----------
    name
        Any name of it.
    k
        How many neighbours.
    embedding
        Which of the spaces is asked.
    spaces
        By name.

    Raises
    ------
    ItemNameError
        If the name does not lead to one item.
    """
    space = spaces[embedding]
    found = space.resolver.resolve(name)
    item = space.item(found.row)
    gene = item.gene
    entrez = gene.entrez if gene else 0
    near = space.similar(space.names[found.row], k=k) if space.prepared.norms[found.row] else ()
    return GeneCard(
        item=item.name,
        note=found.note,
        symbol=item.symbol,
        full_name=item.full_name,
        species=gene.species if gene else None,
        gene_type=gene.gene_type if gene else "",
        chromosome=gene.chromosome if gene else "",
        aliases=list(gene.aliases) if gene else [],
        previous=list(gene.previous) if gene else [],
        ids=_ids(gene) if gene else {},
        links=_links(gene) if gene else [],
        papers=int(count_papers_naming([entrez])[0]) if entrez else None,
        papers_url=gene_papers_url(entrez) if entrez else None,
        embedding=embedding,
        embeddings=[one for one, other in spaces.items() if name in other],
        neighbours=[
            Neighbour(
                item=one.name, symbol=one.symbol, full_name=one.full_name, similarity=similarity
            )
            for one, similarity in zip(near.items, near.similarity.tolist(), strict=True)
        ]
        if near
        else [],
    )


def _ids(gene: Gene) -> dict[str, list[str]]:
    known = {
        "HGNC": [gene.hgnc],
        "MGI": [gene.mgi],
        "NCBI": [str(gene.entrez or "")],
        "Ensembl": gene.ensembl,
        "UniProt": gene.uniprot,
    }
    return {who: kept for who, ids in known.items() if (kept := [one for one in ids if one])}


def _links(gene: Gene) -> list[Link]:
    others = gene_links(gene)
    urls = {
        "Human Protein Atlas" if gene.species == "human" else "MGI": gene_url(gene),
        "HGNC": others.pop("HGNC", None),
        **others,
    }
    return [Link(site=site, url=url) for site, url in urls.items() if url]
