"""Suggestions lead to an item, and never repeat what was typed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gene_analogies.errors import ItemNameError, UnknownNameError
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.suggestions import Suggester
from gene_analogies.genes.table import GeneTable
from gene_analogies.util.names import clean_name

TABLE = GeneTable.packaged()
CODING = [gene.symbol for gene in TABLE if gene.gene_type == "protein-coding"]


@pytest.fixture(scope="module")
def resolver():
    return Resolver(CODING[:6000], TABLE)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("alpha smooth muscle actin", r"ACTA2 \(actin alpha 2, smooth muscle\)"),
        ("beta catenn", r"CTNNB1 \(alias beta-catenin\)"),
        ("caspas 3", "CASP3"),
        ("tumour necrosis factr", r"TNF \(tumor necrosis factor\)"),
        ("TNF alfa", r"TNF \(alias TNF-alpha\)"),
        ("EGRF", "EGFR"),
    ],
)
def test_symbols_aliases_and_full_names(resolver, asked, shown):
    with pytest.raises(UnknownNameError, match=f"did you mean {shown}") as caught:
        resolver.resolve(asked)
    assert 1 <= len(caught.value.candidates) <= 5
    assert all(resolver.resolve(name) for name in caught.value.candidates)


def test_long_names_are_near_to_none(resolver):
    with pytest.raises(UnknownNameError, match="nothing is spelled like it"):
        resolver.resolve("EGFR" * 100_000)


def test_what_has_no_vector_is_no_candidate():
    genes = GeneTable([Gene(1956, "EGFR"), Gene(60, "MALAT1")])
    with pytest.raises(UnknownNameError, match=r"MALAT1 \(no vector in this emb") as caught:
        Resolver(["EGFR"], genes).resolve("MALTA1")
    assert caught.value.candidates == ()


def test_names_of_several_genes_are_not_suggested():
    genes = GeneTable(
        [
            Gene(1, "AAAA1", gene_type="protein-coding"),
            Gene(2, "RNRX", ensembl=("ENSG00000000001",)),
            Gene(3, "RNRX", ensembl=("ENSG00000000002",)),
        ]
    )
    resolver = Resolver(["AAAA1", "ENSG00000000001", "ENSG00000000002"], genes)
    with pytest.raises(UnknownNameError, match="nothing is spelled like it"):
        resolver.resolve("RNRXX")


def leads_to_item(resolver, name):
    try:
        resolver.resolve(name, suggest=False)
    except ItemNameError:
        return False
    return True


_name = st.text("AaBb1 -'\u00a0", min_size=1, max_size=4)


@settings(deadline=None)
@given(st.lists(_name, min_size=1, max_size=5, unique=True), _name, st.booleans())
def test_suggestions_resolve_and_differ(names, asked, known):
    genes = [Gene(n, name.strip()) for n, name in enumerate(names, 1) if name.strip(" \u00a0'")]
    resolver = Resolver(names, GeneTable(genes) if known else None)
    suggester = Suggester(resolver.vocabulary, lambda name: leads_to_item(resolver, name))
    for suggestion in suggester.suggest(asked):
        assert suggestion.name != asked
        assert clean_name(suggestion.name) != asked
        assert suggestion.leads_to_item == leads_to_item(resolver, suggestion.name)
