"""Listed pairs have the order and the ranks of a float64 brute force over all pairs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import brute_force
from spaces import PAIR_SPACES, normal, of_all_sizes, spaces

from gene_analogies.search.knn.index import build_index
from gene_analogies.search.pairs import ranks
from gene_analogies.search.pairs.ranks import rank_pairs

SPACES = {
    **PAIR_SPACES,
    "one-hot": lambda n, d, t: np.eye(d, dtype=t)[np.arange(n) % d],
    "of all sizes": lambda n, d, t: of_all_sizes(normal(18, n, d, np.float64)).astype(t),
}
#: (sign, euclidean, weight)
KINDS = {
    "cosine": (-1, False, 0.0),
    "weighted": (-1, False, 0.25),
    "heavy": (-1, False, 3.0),
    "euclidean": (-1, True, 0.0),
    "sums": (1, False, 0.0),
    "euclidean sums": (1, True, 0.0),
}


def target_of(E, a, b, sign, euclidean):
    offset = E[a].astype(np.float64) + sign * E[b].astype(np.float64)
    length = np.linalg.norm(offset)
    return None if length == 0 else offset if euclidean else offset / length


def check(E, target, kind, listed, allowed_c=None, allowed_d=None, index=None):
    """Compare with brute force; ``listed`` are places in a list of all allowed pairs."""
    sign, euclidean, weight = KINDS[kind]
    everything = np.ones(len(E), bool)
    masks = {
        "allowed_c": everything if allowed_c is None else allowed_c,
        "allowed_d": everything if allowed_d is None else allowed_d,
    }
    usable = masks["allowed_c"][:, None] & masks["allowed_d"] & ~np.eye(len(E), dtype=bool)
    if sign > 0:
        usable &= np.arange(len(E))[:, None] < np.arange(len(E))
    c, d = np.nonzero(usable)
    chosen = np.unique(np.array(listed, np.int64) % max(1, len(c)))[: len(c)]
    options = {"sign": sign, "euclidean": euclidean, "weight": weight, **masks}
    found = rank_pairs(E, target, c[chosen], d[chosen], **options, index=index)
    all_c, all_d, scores, without = brute_force(E, target, k=len(c) + 1, **options)
    place = {pair: at for at, pair in enumerate(zip(all_c, all_d, strict=True))}
    of_listed = [place.get(pair) for pair in zip(c[chosen], d[chosen], strict=True)]
    at = np.array(sorted(one for one in of_listed if one is not None), np.int64)
    np.testing.assert_array_equal(found.c, all_c[at])
    np.testing.assert_array_equal(found.d, all_d[at])
    np.testing.assert_array_equal(found.scores, scores[at])
    np.testing.assert_array_equal(found.ranks, at + 1)
    assert found.without_direction == of_listed.count(None)
    if len(at):
        assert found.pairs == len(all_c) == len(c) - without
    if weight == 0.0:
        np.testing.assert_array_equal(found.similarity, found.scores)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("space", SPACES)
def test_equals_brute_force(space, dtype, monkeypatch):
    monkeypatch.setattr(ranks, "_ROWS", 32)
    monkeypatch.setattr(ranks, "_COLUMNS", 50)
    monkeypatch.setattr(ranks, "_FEW_ROWS", 10)
    E = SPACES[space](120, 12, dtype)
    rng = np.random.default_rng(0)
    for kind, (sign, euclidean, _) in KINDS.items():
        target = None
        while target is None:
            target = target_of(E, *rng.integers(0, len(E), 2), sign, euclidean)
        check(E, target, kind, rng.integers(0, 1 << 30, 40))
        allowed = (rng.random((2, len(E))) < 0.5)[[0, 0 if sign > 0 else 1]]
        check(E, target, kind, rng.integers(0, 1 << 30, 400), *allowed)
        # Of few pairs the worst may be a good one, and blocks are left out.
        index = build_index(E, sign, neighbours=4)
        check(E, target, kind, rng.integers(0, 1 << 30, 1), index=index)
        check(E, target, kind, rng.integers(0, 1 << 30, 3), *allowed, index=index)


@settings(max_examples=60, deadline=None)
@given(
    spaces(),
    st.sampled_from(list(KINDS)),
    st.lists(st.integers(0, 1 << 30), min_size=1, max_size=12),
    st.data(),
)
def test_small_spaces(E, kind, listed, data):
    sign, euclidean, _ = KINDS[kind]
    rows = st.integers(0, len(E) - 1)
    target = target_of(E, data.draw(rows), data.draw(rows), sign, euclidean)
    if target is not None:
        index = build_index(E, sign, neighbours=data.draw(st.integers(1, 3)))
        check(E, target, kind, listed, index=data.draw(st.sampled_from([None, index])))


@pytest.mark.parametrize("kind", ["cosine", "euclidean", "sums", "euclidean sums"])
def test_blocks_far_from_the_answer_are_left_out(kind, monkeypatch):
    """With a neighbour index the best pairs are counted from few products, with equal ranks."""
    monkeypatch.setattr(ranks, "_ROWS", 8)
    monkeypatch.setattr(ranks, "_COLUMNS", 8)
    sign, euclidean, _ = KINDS[kind]
    E = normal(3, 300, 6, np.float32)
    target, everything = target_of(E, 0, 1, sign, euclidean), np.ones(len(E), bool)
    options = {"sign": sign, "euclidean": euclidean, "weight": 0.0}
    masks = {"allowed_c": everything, "allowed_d": everything}
    best_c, best_d, scores, _ = brute_force(E, target, k=12, **options, **masks)
    multiplied = []
    whole = ranks._ranks.count_block

    def count_block(*given):
        multiplied.append(given[3].shape)
        return whole(*given)

    monkeypatch.setattr(ranks._ranks, "count_block", count_block)
    found = rank_pairs(
        E, target, best_c, best_d, **options, **masks, index=build_index(E, sign, neighbours=16)
    )
    np.testing.assert_array_equal(found.scores, scores)
    np.testing.assert_array_equal(found.ranks, np.arange(1, 13))
    assert len(multiplied) < 38 * 39 / 2 / 2


def test_all_pairs_are_listed(monkeypatch):
    """Then the ranks are 1, 2, 3 …, whichever precision products have."""
    E = SPACES["integers"](40, 5, np.float32)
    target = target_of(E, 0, 3, -1, False)
    for many in (0, 10**6):
        monkeypatch.setattr(ranks, "_MANY_COSINES", many)
        check(E, target, "cosine", range(40 * 39))


def test_progress_and_threads():
    E, seen = normal(0, 700, 8, np.float32), []
    target, everything = target_of(E, 0, 1, -1, False), np.ones(700, bool)
    options = {"sign": -1, "euclidean": False, "weight": 0.0, "progress": lambda *p: seen.append(p)}
    masks = {"allowed_c": everything, "allowed_d": everything}
    c, d = np.array([3, 5]), np.array([4, 6])
    rank_pairs(E, target, c, d, **options, **masks)
    assert seen[-1] == (700, 700)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rank_pairs(E, target, c, d, **{**options, "progress": stop}, **masks)
