"""The textbook relations and the page that says what makes an answer right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from benchmarks.quality.textbook import read_relations

from gene_analogies.genes.table import GeneTable

PAGE = (Path(__file__).parents[2] / "docs" / "textbook-relations.md").read_text(encoding="utf-8")
RELATIONS = read_relations()


def sections():
    """Return the heading of each section, and the pairs that it calls right and wrong."""
    found = {}
    for section in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]:
        heading, _, text = section.partition("\n")
        lists = [
            re.search(rf"^{name}: (.+?)(?:\n\n|\n*\Z)", text, re.MULTILINE | re.DOTALL)
            for name in ("Right", "Wrong")
        ]
        found[heading] = [
            [tuple(pair.split(":")) for pair in re.findall(r"`([^`]+)`", one[1])] for one in lists
        ]
    return found


SECTIONS = sections()


def test_twenty_and_ten_relations_each_with_a_section():
    assert [relation.set for relation in RELATIONS] == ["twenty"] * 20 + ["ten"] * 10
    assert [relation.query for relation in RELATIONS] == list(SECTIONS)
    assert all(relation.words for relation in RELATIONS)


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda relation: relation.query)
def test_examples_are_pairs_of_genes_that_can_be_answers(relation):
    right, wrong = SECTIONS[relation.query]
    assert len(right) >= 10
    assert len(wrong) >= 5
    assert len({*right, *wrong}) == len(right) + len(wrong)
    table = GeneTable.packaged()
    symbols = {symbol for pair in [relation[:2], *right, *wrong] for symbol in pair}
    assert [symbol for symbol in symbols if not table.by_symbol(symbol)] == []
    assert not {relation.a, relation.b} & {symbol for pair in right for symbol in pair}
