"""Every search for similar items equals a float64 brute force over all of them, in order too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from spaces import SPACES

from gene_analogies import GeneAnalogiesError
from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.items import similar as module
from gene_analogies.search.items.scores import RANK
from gene_analogies.search.items.similar import find_contrast, find_similar, similarities

HOWS = ("span", "mean", "min")
METRICS = [pytest.param(False, id="cosine"), pytest.param(True, id="euclidean")]


def unit(vectors):
    with np.errstate(divide="ignore", invalid="ignore"):
        return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def rank(points):
    return int(np.count_nonzero(np.linalg.svd(points, compute_uv=False) > RANK))


def brute_force(E, members, how, euclidean):
    """Return the score of every row, NaN where it has none; or None where the question is void."""
    E = E.astype(np.float64)
    points = E[members]
    if len(members) == 1:
        how = "min"
    if not euclidean:
        U, own = unit(E), unit(points)
        if how == "min":
            return (U @ own.T).min(axis=1)
        if how == "mean":
            mean = own.mean(axis=0)
            return U @ unit(mean) if np.linalg.norm(mean) >= RANK else None
        if rank(own) == E.shape[1]:
            return None
        # What least squares make of a row out of the members is its projection on their span.
        mix = np.linalg.lstsq(own.T, np.nan_to_num(U).T, rcond=RANK)[0]
        projections = (own.T @ mix).T
        return np.where(np.isnan(U[:, 0]), np.nan, (projections**2).sum(axis=1))
    if how == "min":
        return -np.linalg.norm(E[:, None] - points, axis=2).max(axis=1)
    if how == "mean":
        return -np.linalg.norm(E - points.mean(axis=0), axis=1)
    away = points - points.mean(axis=0)
    size = np.linalg.norm(points, axis=1).max() or 1.0
    if rank(away / size) == E.shape[1]:
        return None
    _, sizes, axes = np.linalg.svd(away / size, full_matrices=False)
    axes = axes[sizes > RANK]
    around = E - points.mean(axis=0)
    return -np.linalg.norm(around - around @ axes.T @ axes, axis=1)


def check(E, found, scores, k, allowed, tolerance):
    """Compare an answer with the brute force: the right scores, in order, and nothing better."""
    usable = allowed & ~np.isnan(scores)
    assert len(found.rows) == len(found.scores) == min(k, usable.sum())
    assert usable[found.rows].all()
    assert len(set(found.rows.tolist())) == len(found.rows)
    off = np.abs(found.scores - scores[found.rows])
    assert (off <= tolerance[found.rows]).all()
    order = list(zip((-found.scores).tolist(), found.rows.tolist(), strict=True))
    assert order == sorted(order)
    others = np.setdiff1d(np.flatnonzero(usable), found.rows)
    if len(others) and len(found.rows):
        last = found.rows[-1]
        spare = tolerance[others] + tolerance[last]
        assert (scores[others] <= found.scores[-1] + spare).all()
        # Of equal vectors, the first ones are in the answer.
        same = (E[others] == E[last]).all(axis=1)
        assert (others[same] > last).all()


def tolerances(E, members, euclidean):
    if not euclidean:
        return np.full(len(E), 4e-12)
    lengths = np.linalg.norm(E.astype(np.float64), axis=1)
    return 4e-12 * (lengths + lengths[members].max())


def check_all(E, members, how, euclidean, k, allowed):
    norms = row_norms(E)
    if not euclidean and (norms[members] == 0.0).any():
        return
    scores = brute_force(E, members, how, euclidean)
    options = {"k": k, "how": how, "euclidean": euclidean, "allowed": allowed}
    if scores is None:
        with pytest.raises(GeneAnalogiesError, match=r"cancel out|is the whole space"):
            find_similar(E, norms, members, **options)
        return
    found = find_similar(E, norms, members, **options)
    check(E, found, scores, k, allowed, tolerances(E, members, euclidean))


def check_contrast(E, near, far, euclidean, k, allowed):
    norms = row_norms(E)
    options = {"k": k, "euclidean": euclidean, "allowed": allowed}
    wide = E.astype(np.float64)
    if euclidean:
        void = np.array_equal(wide[near], wide[far])
        away = np.linalg.norm(wide - wide[near], axis=1)
        scores = np.linalg.norm(wide - wide[far], axis=1) - away
    else:
        if (norms[[near, far]] == 0.0).any():
            return
        U = unit(wide)
        void = np.linalg.norm(U[near] - U[far]) < RANK
        scores = U @ U[near] - U @ U[far]
    if void:
        with pytest.raises(GeneAnalogiesError, match="there is no contrast"):
            find_contrast(E, norms, near, far, **options)
        return
    found = find_contrast(E, norms, near, far, **options)
    check(E, found, scores, k, allowed, tolerances(E, [near, far], euclidean))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("euclidean", METRICS)
@pytest.mark.parametrize("kind", SPACES)
def test_spaces(kind, euclidean, dtype):
    E = SPACES[kind](150, 17, dtype)
    allowed = np.arange(150) % 5 > 0
    for members in ([3], [3, 44], [2, 3, 9, 12, 20, 30, 31]):
        for how in HOWS:
            check_all(E, members, how, euclidean, 8, allowed)
    check_contrast(E, 3, 44, euclidean, 8, allowed)


@st.composite
def integer_spaces(draw):
    n, d = draw(st.integers(1, 12)), draw(st.integers(1, 4))
    size = draw(st.sampled_from([1.0, 2.0**-40, 2.0**40, 3e-7]))
    rows = draw(
        st.lists(st.lists(st.integers(-2, 2), min_size=d, max_size=d), min_size=n, max_size=n)
    )
    return (np.array(rows) * size).astype(draw(st.sampled_from([np.float32, np.float64])))


@given(integer_spaces(), st.data())
def test_ties_copies_and_zeros(E, data):
    n = len(E)
    members = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=4, unique=True))
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    k, euclidean = data.draw(st.integers(1, n + 1)), data.draw(st.booleans())
    check_all(E, members, data.draw(st.sampled_from(HOWS)), euclidean, k, allowed)
    if len(members) > 1:
        check_contrast(E, members[0], members[1], euclidean, k, allowed)


@pytest.mark.parametrize("euclidean", METRICS)
def test_blocks_make_no_difference(euclidean, monkeypatch):
    E = SPACES["gaussian"](90, 9, np.float32)
    norms = row_norms(E)

    def answers():
        for how in HOWS:
            for members in ([1], [1, 5, 7]):
                found = find_similar(E, norms, members, k=20, how=how, euclidean=euclidean)
                yield found.rows.tolist(), found.scores.tolist()

    before = list(answers())
    monkeypatch.setattr(module, "_AT_ONCE", 16)
    assert list(answers()) == before


@pytest.mark.parametrize("euclidean", METRICS)
def test_the_first_rows_alone(euclidean):
    E = SPACES["gaussian"](90, 9, np.float32)
    allowed = np.ones(30, bool)
    found = find_similar(E, row_norms(E), [70], k=5, euclidean=euclidean, allowed=allowed)
    scores = brute_force(E, [70], "min", euclidean)[:30]
    assert found.rows.tolist() == np.argsort(-scores)[:5].tolist()


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("euclidean", METRICS)
def test_one_member_means_the_same_in_every_way(how, euclidean):
    E = SPACES["gaussian"](60, 9, np.float32)
    found = find_similar(E, row_norms(E), [7], k=9, how=how, euclidean=euclidean)
    assert found.rows[0] == 7
    assert found.scores[0] == (0.0 if euclidean else 1.0)
    each = similarities(E, row_norms(E), found.rows, [7], euclidean=euclidean)
    np.testing.assert_array_equal(each[:, 0], found.scores)


@pytest.mark.parametrize("euclidean", METRICS)
def test_the_span_does_not_count_a_member_twice(euclidean):
    E = SPACES["gaussian"](60, 9, np.float32)
    E[5] = E[4] * np.float32(1 + 1e-7) if euclidean else 2 * E[4]
    norms = row_norms(E)
    once = find_similar(E, norms, [3, 4], k=9, euclidean=euclidean)
    twice = find_similar(E, norms, [3, 4, 5], k=9, euclidean=euclidean)
    assert once.rows.tolist() == twice.rows.tolist()
    np.testing.assert_allclose(once.scores, twice.scores, atol=1e-6)


def test_a_mix_is_wholly_in_the_span_whatever_its_signs():
    E = SPACES["gaussian"](40, 9, np.float64)
    E[30] = -3 * E[1] + 0.5 * E[2]
    found = find_similar(E, row_norms(E), [1, 2], k=3)
    assert sorted(found.rows.tolist()) == [1, 2, 30]
    assert found.scores.tolist() == [1.0, 1.0, 1.0]


def test_the_plain_mean_leans_to_no_long_member():
    E = np.array([[100.0, 0, 0], [0, 1, 0], [1, 1, 0.1], [9, 1, 0]])
    assert find_similar(E, row_norms(E), [0, 1], k=1, how="mean").rows.tolist() == [2]


def test_scores_are_those_of_float64():
    """Near-copies far from the origin, where float32 products say nothing about distances."""
    E = (SPACES["gaussian"](300, 20, np.float64) * 1e-4 + 5).astype(np.float32)
    found = find_similar(E, row_norms(E), [0], k=299, euclidean=True)
    wide = E.astype(np.float64)
    wanted = -np.linalg.norm(wide - wide[0], axis=1)
    np.testing.assert_allclose(found.scores, np.sort(wanted)[::-1][:299], rtol=1e-11, atol=0)
