"""What share of the best pairs has the relation, and how many are so by chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import planted_families
from relations import planted_relation

import gene_analogies as ga
from gene_analogies.search.learned.relation import permute_axes
from gene_analogies.search.learned.retrieval import measure_retrieval


@st.composite
def answers(draw):
    n = draw(st.integers(10, 40))
    row = st.integers(0, n - 1)
    pair = st.tuples(row, row).filter(lambda both: both[0] != both[1])
    known = draw(st.lists(pair, min_size=1, max_size=30))
    found = draw(st.lists(st.lists(pair, max_size=10), min_size=1, max_size=5))
    return n, np.array(known), [np.array(one, np.int64).reshape(-1, 2) for one in found]


@given(answers())
def test_shares_are_as_defined(drawn):
    n, known, found = drawn
    listed = {*map(tuple, known.tolist())}
    left, right = {a for a, _ in listed}, {b for _, b in listed}
    result = measure_retrieval(lambda _: found, [known[:1]] * len(found), known, n)
    decile = [row * 10 // n for row in range(n)]
    for place, pairs in enumerate(found):
        alike = [
            [
                (x, y)
                for x in range(n)
                for y in range(n)
                if x != y and (decile[x], decile[y]) == (decile[c], decile[d])
            ]
            for c, d in pairs.tolist()
        ]
        for values, holds in (
            (result.known, lambda pair: pair in listed),
            (result.sides, lambda pair: pair[0] in left and pair[1] in right),
        ):
            shares = [holds(tuple(pair)) for pair in pairs.tolist()]
            assert values[place] == pytest.approx(np.mean(shares) if shares else 0.0)
        for values, holds in (
            (result.chance, lambda pair: pair in listed),
            (result.sides_chance, lambda pair: pair[0] in left and pair[1] in right),
        ):
            shares = [np.mean([holds(pair) for pair in others]) for others in alike]
            assert values[place] == pytest.approx(np.mean(shares) if shares else 0.0)
    for lift, found_share, chance in (
        (result.lift, result.known, result.chance),
        (result.sides_lift, result.sides, result.sides_chance),
    ):
        if chance.any():
            assert lift == pytest.approx(found_share.mean() / chance.mean())
        else:
            assert math.isnan(lift)


def searched(vectors):
    """Return the search of a space over rows."""
    names = [f"x{row}" for row in range(len(vectors))]
    space = ga.Space(ga.Embedding(names, vectors), genes=None, keep_index=False)

    def search(queries):
        for query in queries:
            found = space.pairs([(names[a], names[b]) for a, b in query], k=10)
            yield np.stack([found.c_rows, found.d_rows], axis=1)

    return search


def test_a_planted_relation_is_retrieved_and_not_from_permuted_axes():
    E, pairs = planted_relation(count=40, others=40)
    queries = [pairs[place : place + 1] for place in range(len(pairs))]
    steps = []
    found = measure_retrieval(
        searched(E), queries, pairs, len(E), progress=lambda *step: steps.append(step)
    )
    assert steps == [(40, 40)]
    assert found.known.mean() > 0.8
    assert found.sides.mean() >= found.known.mean()
    assert found.lift > 20
    absent = measure_retrieval(searched(permute_axes(E)), queries, pairs, len(E))
    assert absent.known.mean() < 0.05


def test_each_family_is_retrieved_from_its_own_pairs():
    vectors, pairs, labels = planted_families((20, 20))
    pairs = np.array(pairs)
    for family in (0, 1):
        own = pairs[labels == family]
        found = measure_retrieval(searched(vectors), [own[:5]], own, len(vectors))
        assert found.known.mean() == 1.0
