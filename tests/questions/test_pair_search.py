"""Many searches for pairs at once: what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest
from named_pairs import NAMES

import gene_analogies as ga
from gene_analogies.questions.pair_search import PairOptions, direct, search_many, search_pairs


@pytest.fixture(scope="module")
def space():
    return ga.Space(ga.Embedding(NAMES, np.random.default_rng(0).normal(size=(60, 7))), genes=None)


def queries_of(space, options, count):
    allowed = np.ones(len(space), bool)
    for row in range(count):
        yield direct(
            space.prepared, space.embedding.names, [(row, row + 1)], None, allowed, options
        )


def test_in_order_with_progress(space):
    options, seen = PairOptions(k=5), []
    queries = list(queries_of(space, options, 7))
    found = search_many(space.prepared, queries, options, lambda *done: seen.append(done))
    for query, best in zip(queries, found, strict=True):
        alone = search_pairs(space.prepared, query, options)
        np.testing.assert_array_equal(best.c, alone.c)
        np.testing.assert_array_equal(best.d, alone.d)
        np.testing.assert_array_equal(best.similarity, alone.similarity)
    assert seen[-1] == (7, 7)


def test_queries_made_on_the_way(space):
    options, seen = PairOptions(k=5), []
    queries = queries_of(space, options, 3)
    found = list(search_many(space.prepared, queries, options, lambda *done: seen.append(done)))
    assert len(found) == 3
    assert seen[-1] == (3, 0)
