"""The brute force of the benchmarks with a weight on cos(c, d), against a slow one."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.quality.weighted_pairs import best_weighted_pairs, weighted_search
from relations import plain_cosine, rounded
from spaces import PAIR_SPACES

import gene_analogies as ga


@pytest.mark.parametrize("weight", [0.0, 0.25, -0.5])
@pytest.mark.parametrize("kind", ["gaussian", "integers", "near copies", "zeros and copies"])
def test_pairs_are_the_best_of_all(kind, weight):
    E = PAIR_SPACES[kind](70, 4, np.float32)
    rng = np.random.default_rng(3)
    directions = rng.normal(size=(3, 4))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    excluded = [np.array([0, 5]), np.array([], int), np.arange(40)]
    found = best_weighted_pairs(E, directions, excluded, weight, 10)
    E = E.astype(np.float64)
    for direction, rows, pairs in zip(directions, excluded, found, strict=True):
        scores = {
            (c, d): rounded(
                plain_cosine(E[c] - E[d], direction) + weight * plain_cosine(E[c], E[d])
            )
            for c in range(70)
            for d in range(70)
            if (E[c] != E[d]).any() and not {c, d} & set(rows.tolist())
        }
        expected = sorted(scores, key=lambda pair: (-scores[pair], pair))[:10]
        assert [*map(tuple, pairs.tolist())] == expected


def test_without_weight_it_is_the_search_of_the_library():
    names = [f"x{row}" for row in range(300)]
    space = ga.Space(ga.Embedding(names, PAIR_SPACES["clusters"](300, 6, np.float32)), genes=None)
    queries = [np.array([[0, 1]]), np.array([[2, 9], [7, 4]]), np.array([[3, 3]])]
    found = weighted_search(space, 0.0, 10)(queries)
    for query, pairs in zip(queries[:2], found[:2], strict=True):
        answer = space.pairs([(names[a], names[b]) for a, b in query], k=10)
        np.testing.assert_array_equal(pairs, np.stack([answer.c_rows, answer.d_rows], axis=1))
    assert found[2].shape == (0, 2)  # no direction
