"""The shared heap keeps what a sort keeps, ties by row numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gene_analogies.search.engine.heap import cannot_enter, contains, merge, new_best, push


def offers(width):
    row = st.tuples(*[st.integers(0, 4)] * width)
    return st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 1.0]), row), max_size=40)


def key(one):
    score, row = one
    return -score, row


def in_order(offered):
    return sorted(offered, key=key)


def as_list(heaps, k):
    scores, rows = merge(heaps, k)
    return [(score, tuple(row)) for score, row in zip(scores.tolist(), rows.tolist(), strict=True)]


@pytest.mark.parametrize("width", [2, 4])
@settings(deadline=None)
@given(data=st.data(), k=st.integers(1, 12))
def test_keeps_the_best(width, data, k):
    offered = data.draw(offers(width))
    best, tau = new_best(k, width), np.array([-np.inf])
    for n, (score, row) in enumerate(offered, 1):
        kept = in_order(offered[: n - 1])[:k]
        assert cannot_enter(best, score, row) == (
            len(kept) == k and key((score, row)) >= key(kept[-1])
        )
        push(best, tau, score, row)
        kept = in_order(offered[:n])[:k]
        assert as_list([best], k) == kept
        assert tau[0] == (kept[-1][0] if n >= k else -np.inf)
        assert all(contains(best, *one) == (one in kept) for one in offered)


def test_merges_several():
    heaps, tau = [new_best(3), new_best(3)], np.array([-np.inf])
    offered = [(float(score), (score % 3, row)) for row, score in enumerate([5, 1, 4, 4, 2, 3, 9])]
    for one, heap in zip(offered, heaps * 4, strict=False):
        push(heap, tau, *one)
    assert as_list(heaps, 4) == in_order(offered)[:4]
    assert tau[0] == 4.0
