"""The examples of what is known of genes are what a reader gets."""

import doctest
from importlib import import_module

import pytest

MODULES = ("genes.human_gene", "genes.links", "genes.papers", "genes.terms", "questions.known")


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    failed, tried = doctest.testmod(import_module(f"gene_analogies.{name}"))
    assert failed == 0
    assert tried > 0
