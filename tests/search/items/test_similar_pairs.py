"""The most similar pairs equal a float64 brute force; so, nearly, does their distribution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spaces import SPACES

from gene_analogies.search.engine.norms import row_norms
from gene_analogies.search.items import _similar_pairs as kernels
from gene_analogies.search.items import similar_pairs as module
from gene_analogies.search.items.similar_pairs import find_similar_pairs
from gene_analogies.search.knn.index import read_only

METRICS = [pytest.param(False, id="cosine"), pytest.param(True, id="euclidean")]
LEVELS = (0.001, 0.25, 0.5, 0.9, 0.999)


def all_pairs(E, rows, euclidean):
    """Return a, b and the similarity of all pairs of rows, in their order."""
    wide = E[rows].astype(np.float64)
    first, second = np.triu_indices(len(rows), 1)
    if euclidean:
        scores = -np.linalg.norm(wide[first] - wide[second], axis=1)
    else:
        units = wide / np.linalg.norm(wide, axis=1)[:, None]
        scores = np.einsum("ij,ij->i", units[first], units[second])
    return rows[first], rows[second], scores


def check(E, rows, euclidean, k):
    E = read_only(E)
    norms = row_norms(E)
    if not euclidean:
        rows = rows[norms[rows] > 0.0]
    if len(rows) < 2:
        return None
    found = find_similar_pairs(E, norms, rows, k=k, levels=LEVELS, euclidean=euclidean)
    a, b, scores = all_pairs(E, rows, euclidean)
    tolerance = 4e-12 * np.maximum(np.abs(scores), 0.0 if euclidean else 1.0)

    assert len(found.a) == len(found.b) == len(found.scores) == min(k, len(a))
    assert (found.a < found.b).all()
    place = {pair: at for at, pair in enumerate(zip(a.tolist(), b.tolist(), strict=True))}
    at = np.array([place[pair] for pair in zip(found.a.tolist(), found.b.tolist(), strict=True)])
    assert len(set(at.tolist())) == len(at)
    assert (np.abs(found.scores - scores[at]) <= tolerance[at]).all()
    order = list(zip((-found.scores).tolist(), at.tolist(), strict=True))
    assert order == sorted(order)
    others = np.setdiff1d(np.arange(len(a)), at)
    last = found.scores[-1]
    assert (scores[others] <= last + tolerance[others] + 4e-12 * abs(last)).all()
    perfect = 0.0 if euclidean else 1.0
    if last == perfect:  # nothing is rounded there: only the order of the rows decides
        assert (others[scores[others] >= perfect - (0 if euclidean else 1e-13)] > at[-1]).all()

    same = (E[a] == E[b]).all(axis=1)
    assert found.copies == same.sum()
    assert found.pairs == len(a)
    check_distribution(found, scores, E, euclidean)
    return found


def check_distribution(found, scores, E, euclidean):
    """Compare with all scores; what is off is a bin, or what float32 products cannot tell."""
    exact = np.quantile(scores, LEVELS, method="inverted_cdf")
    wide = E.astype(np.float64)
    away = np.linalg.norm(wide - wide.mean(axis=0), axis=1).max()
    # float32 gives a squared distance to about 2^-18 of the squared lengths.
    off = 2.0**-9 * away if euclidean else found.resolution
    bins = found.resolution * np.abs(exact)
    np.testing.assert_array_less(np.abs(found.quantiles - exact), off + bins + 1e-300)
    assert abs(found.mean - scores.mean()) <= off
    assert abs(found.deviation - scores.std()) <= off
    assert abs(found.least - scores.min()) <= off
    assert found.greatest == found.scores[0]
    assert (np.diff([found.least, *found.quantiles, found.greatest]) >= 0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("euclidean", METRICS)
@pytest.mark.parametrize("kind", SPACES)
def test_spaces(kind, euclidean, dtype, monkeypatch):
    E = SPACES[kind](90, 17, dtype)
    check(E, np.arange(90), euclidean, 12)
    monkeypatch.setattr(module, "_BLOCK", 23)
    monkeypatch.setattr(module, "_KEPT", 0)
    monkeypatch.setattr(module, "_AT_ONCE", 100)
    check(E, np.arange(90), euclidean, 12)
    check(E, np.arange(90)[np.arange(90) % 3 > 0], euclidean, 5000)


@st.composite
def integer_spaces(draw):
    n, d = draw(st.integers(2, 9)), draw(st.integers(1, 4))
    row = st.lists(st.integers(-2, 2), min_size=d, max_size=d)
    size = draw(st.sampled_from([1.0, 2.0**-40, 2.0**40, 3e-7]))
    E = np.array(draw(st.lists(row, min_size=n, max_size=n))) * size
    return E.astype(draw(st.sampled_from([np.float32, np.float64])))


@given(integer_spaces(), st.integers(1, 40), st.booleans())
def test_ties_copies_and_zeros(E, k, euclidean):
    check(E, np.arange(len(E)), euclidean, k)


@pytest.mark.parametrize("euclidean", METRICS)
def test_the_kernel_as_python(euclidean, monkeypatch):
    monkeypatch.setattr(kernels, "scan_products", kernels.scan_products.py_func)
    E = SPACES["zeros and copies"](24, 5, np.float32)
    check(E, np.arange(24), euclidean, 30)


@pytest.mark.parametrize("euclidean", METRICS)
def test_a_distribution_is_close(euclidean):
    E = SPACES["decaying"](700, 40, np.float32)
    norms = row_norms(E)
    found = find_similar_pairs(
        read_only(E), norms, np.arange(700), k=1, levels=LEVELS, euclidean=euclidean
    )
    scores = all_pairs(E, np.arange(700), euclidean)[2]
    exact = np.quantile(scores, LEVELS, method="inverted_cdf")
    scale = np.abs(exact) if euclidean else 1.0
    assert (np.abs(found.quantiles - exact) / scale).max() < (1e-4 if euclidean else 2e-5)
    np.testing.assert_allclose(
        [found.mean, found.deviation, found.least],
        [scores.mean(), scores.std(), scores.min()],
        atol=1e-6,
    )


@pytest.mark.parametrize("euclidean", METRICS)
def test_threads_make_no_difference(euclidean, monkeypatch):
    E = SPACES["few vectors"](300, 6, np.float32)
    options = {"k": 50, "levels": LEVELS, "euclidean": euclidean}
    answers = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(module, "thread_count", lambda threads=threads: threads)
        found = find_similar_pairs(read_only(E), row_norms(E), np.arange(300), **options)
        answers.append((found.a.tolist(), found.b.tolist(), found.quantiles.tolist()))
    assert answers[0] == answers[1] == answers[2]


def test_progress_counts_pairs(monkeypatch):
    monkeypatch.setattr(module, "_BLOCK", 20)
    E = read_only(SPACES["gaussian"](50, 6, np.float32))
    seen = []
    find_similar_pairs(
        E, row_norms(E), np.arange(50), k=1, levels=LEVELS, progress=lambda *now: seen.append(now)
    )
    done = [done for done, _ in seen]
    assert len(done) == 6
    assert done == sorted(done)
    assert seen[-1] == (math.comb(50, 2), math.comb(50, 2))


@pytest.mark.parametrize("euclidean", METRICS)
def test_bins_follow_each_other(euclidean):
    edges = kernels.bin_edges(euclidean=euclidean)
    assert (np.diff(edges) > 0).all()
    inside = edges[(edges > 0.0) & (edges <= 1.0)] if euclidean else edges[edges <= 1.0]
    assert (np.diff(inside) / (inside[:-1] if euclidean else 1.0)).max() <= 2.0**-12
    assert (inside[0], inside[-1]) == ((2.0**-24 * (1 + 2.0**-12), 1.0) if euclidean else (-1, 1))
    assert edges[0] == (0.0 if euclidean else -1.0)


@settings(max_examples=30)
@given(st.integers(0, 1000), st.booleans())
def test_the_order_of_coordinates_makes_no_difference(seed, euclidean):
    rng = np.random.default_rng(seed)
    E = rng.integers(-3, 4, (20, 6)).astype(np.float32)
    E[:, 0] += 9  # no zero row
    rows = np.arange(20)

    def answer(E):
        E = read_only(np.ascontiguousarray(E))
        found = find_similar_pairs(E, row_norms(E), rows, k=9, levels=LEVELS, euclidean=euclidean)
        return found.a.tolist(), found.b.tolist()

    assert answer(E) == answer(E[:, rng.permutation(6)])
