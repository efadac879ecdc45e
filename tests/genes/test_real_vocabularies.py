"""Vocabularies that other people published: no name stands for another gene than its own."""

import json

import pytest
from real_files import real_file

from gene_analogies.formats.pickles.safe_load import safe_load
from gene_analogies.formats.source import Source
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable

TABLE = GeneTable.packaged()


def pickled(name):
    path = real_file(f"geneformer/{name}.pkl")
    with path.open("rb") as stream:
        return safe_load(stream, Source(path))


@pytest.mark.parametrize(
    ("tokens", "dictionary", "known"),
    [
        ("token_dictionary_gc104M", "gene_name_id_dict_gc104M", 0.965),
        ("token_dictionary_gc30M", "gene_name_id_dict", 0.853),
    ],
)
def test_geneformer(tokens, dictionary, known):
    names = [name for name in pickled(tokens) if name.startswith("ENSG")]
    own = {ensembl: symbol for symbol, ensembl in pickled(dictionary).items()}
    resolver = Resolver(names, TABLE, own)
    genes = {name: resolver.vocabulary.gene(name) for name in names}
    assert sum(gene is not None for gene in genes.values()) / len(names) >= known
    for name, symbol in own.items():
        approved = TABLE.find(symbol) if name in genes else None
        if approved is not None and approved.symbol == symbol:
            assert genes[name] == approved
            # A gene may have two ids, both in the vocabulary.
            assert genes[resolver.resolve(symbol).name] == approved


def test_smn1_and_smn2_are_two_genes():
    resolver = Resolver(list(pickled("token_dictionary_gc104M")), TABLE)
    assert resolver.resolve("SMN2").name == "ENSG00000205571"
    assert resolver.resolve("SMN1").name == "ENSG00000172062"


@pytest.mark.parametrize(("vocabulary", "known"), [("census", 0.658), ("gene", 0.902)])
def test_scgpt(vocabulary, known):
    names = list(json.loads(real_file(f"scgpt/default_{vocabulary}_vocab.json").read_text()))
    resolver = Resolver(names, TABLE)
    genes = [resolver.gene(row) for row in range(len(names))]
    assert sum(gene is not None for gene in genes) / len(names) >= known
    if vocabulary == "census":
        for symbol in ("RGS5", "TBCE"):
            (gene,) = TABLE.by_symbol(symbol)
            assert resolver.resolve(symbol).name == f"{symbol}_{gene.ensembl[0]}"
