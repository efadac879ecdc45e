"""What a name may become that is being typed."""

from __future__ import annotations

import time

import pytest

import gene_analogies as ga
from gene_analogies.web.names import NameIndex


@pytest.fixture(scope="module")
def space():
    return ga.load("pubmed")


@pytest.fixture(scope="module")
def index(space):
    return NameIndex(space)


@pytest.mark.parametrize(
    ("typed", "item", "kind"),
    [
        ("her2", "ERBB2", "alias"),
        ("EGF", "EGF", "name"),
        ("egf", "EGF", "name"),
        ("ENSG00000146648", "EGFR", "id"),
        ("P00533", "EGFR", "id"),
        ("1956", "EGFR", "id"),
        ("epidermal growth factor receptor", "EGFR", "full name"),
        ("p53", "TP53", "alias"),
    ],
)
def test_an_exact_match_comes_first(space, index, typed, item, kind):
    found = index.complete(typed, 5)
    assert (space.names[found[0].row], found[0].kind, found[0].exact) == (item, kind, True)


@pytest.mark.parametrize(
    ("typed", "item"), [("tnf alpha", "TNF"), ("beta catenin", "CTNNB1"), ("IL-2", "IL2")]
)
def test_what_a_question_takes_it_for_comes_first(space, index, typed, item):
    found = index.complete(typed, 5)
    assert space.names[found[0].row] == item == space.names[space.resolver.resolve(typed).row]
    assert found[0].exact
    assert len({one.row for one in found}) == len(found)


def test_then_the_best_known_ones(space, index):
    names = [space.names[one.row] for one in index.complete("tp5", 5)]
    assert names[0] == "TP53"
    assert len(set(names)) == 5
    # A name beginning so, whatever else its item is called.
    assert all(one.matched for one in index.complete("growth f", 20))
    assert "EGFR" in [space.names[one.row] for one in index.complete("growth f", 3)]


def test_nothing_is_made_of_nothing(index):
    assert index.complete("  ", 5) == []
    assert index.complete("\0", 5) == []
    assert index.complete("qqqqqq", 5) == []


def test_a_letter_is_answered_at_once(index):
    begin = time.perf_counter()
    for letter in "abcdefghijklmnopqrstuvwxyz":
        assert index.complete(letter, 10)
    assert time.perf_counter() - begin < 26 * 0.1
