"""Modules: those that were planted are found, the weights are best, and what is noise says so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import planted_modules
from sklearn import cluster, decomposition, linear_model
from threadpoolctl import threadpool_info

from gene_analogies.search.learned import modules
from gene_analogies.search.learned.modules import find_modules


@pytest.fixture(autouse=True)
def few_batches(monkeypatch):
    monkeypatch.setattr(modules, "_BATCHES", 25)


def find(vectors, count, *, sparsity=0.1, seed=0, seeds=2, **more):
    return find_modules(vectors, count=count, sparsity=sparsity, seed=seed, seeds=seeds, **more)


def unit(rows):
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms > 0, norms, 1)


@pytest.fixture(scope="module")
def planted():
    vectors, weights, atoms = planted_modules()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(modules, "_BATCHES", 100)
        return vectors, weights, atoms, find(vectors, 6, seeds=3)


def test_planted_modules_are_found(planted):
    _, weights, atoms, found = planted
    cosines = np.abs(found.atoms @ atoms.T)
    assert sorted(cosines.argmax(axis=1)) == list(range(6))
    assert cosines.max(axis=1).min() > 0.97
    # Their members, too: in few modules, and in the right ones.
    match = cosines.argmax(axis=1)
    agree = (found.weights > 0.05) == (weights[:, match] > 0)
    assert agree.mean() > 0.95


def test_planted_modules_are_stable_and_explain_nearly_all(planted):
    found = planted[3]
    assert found.stability.min() > 0.95
    assert found.stability.max() <= 1.0
    assert found.explained > 0.9


def test_noise_is_not_stable(planted):
    vectors = np.random.default_rng(1).normal(size=(400, 40))
    found = find(vectors, 6, seeds=3)
    assert found.stability.mean() < 0.5 < planted[3].stability.mean()
    assert found.explained < 0.3


def test_shapes_and_order(planted):
    vectors, _, _, found = planted
    assert (found.weights.shape, found.weights.dtype) == ((len(vectors), 6), np.float32)
    assert (found.atoms.shape, found.atoms.dtype) == ((6, vectors.shape[1]), np.float64)
    assert (found.stability.shape, found.stability.dtype) == ((6,), np.float64)
    assert (np.diff(found.stability) <= 1e-6).all()
    np.testing.assert_allclose(np.linalg.norm(found.atoms, axis=1), 1, atol=1e-12)


def test_explained_is_the_share_of_the_squares(planted):
    vectors, _, _, found = planted
    left = unit(vectors) - found.weights @ found.atoms
    assert found.explained == pytest.approx(1 - (left**2).sum() / len(vectors), abs=1e-6)


@pytest.mark.parametrize("sparsity", [0.02, 0.1, 0.4])
def test_weights_are_the_best_ones(sparsity):
    """What makes them so: no gain from more of any module, nor from less of one's own."""
    vectors = np.random.default_rng(2).normal(size=(200, 10))
    found = find(vectors, 7, sparsity=sparsity)
    gain = (unit(vectors) - found.weights @ found.atoms) @ found.atoms.T - sparsity
    assert found.weights.min() >= 0
    assert gain.max() < 1e-4
    assert np.abs(gain[found.weights > 0]).max() < 1e-4


def test_codes_are_those_of_the_lasso():
    rng = np.random.default_rng(5)
    units, atoms = unit(rng.normal(size=(60, 9))), unit(rng.normal(size=(6, 9)))
    for sparsity in (0.05, 0.3):
        lasso = linear_model.Lasso(
            sparsity / 9, fit_intercept=False, positive=True, tol=1e-12, max_iter=100_000
        )
        wanted = lasso.fit(atoms.T, units.T).coef_
        np.testing.assert_allclose(modules._codes(units, atoms, sparsity), wanted, atol=1e-6)


def test_directions_are_learned_as_scikit_learn_does(planted):
    vectors = planted[0]
    rows = np.arange(len(vectors))
    ours = modules._learn(vectors, rows, 6, 0.1, 3, 20, lambda: None)
    rng = np.random.default_rng(3)
    some = rng.permutation(rows)
    start, _ = cluster.kmeans_plusplus(unit(vectors)[some], 6, random_state=3)
    learner = decomposition.MiniBatchDictionaryLearning(
        6, alpha=0.1, fit_algorithm="cd", positive_code=True, dict_init=start
    )
    batches = modules._batches(rows, rng)
    for _ in range(20):
        learner.partial_fit(unit(vectors[next(batches)]))
    np.testing.assert_allclose(ours, unit(learner.components_), atol=1e-3)


def test_one_thread_works(planted):
    seen = []
    find(planted[0], 3, progress=lambda *_: seen.append(threadpool_info()))
    assert {pool["num_threads"] for pools in seen for pool in pools} == {1}


def test_more_sparsity_makes_smaller_modules():
    vectors = planted_modules(noise=0.2)[0]
    sizes = [np.count_nonzero(find(vectors, 6, sparsity=one).weights) for one in (0.05, 0.2, 0.6)]
    assert sizes[0] > sizes[1] > sizes[2] > 0


def test_the_same_every_time_and_another_seed_is_another_answer(planted):
    vectors = planted[0]
    first, second, other = find(vectors, 5), find(vectors, 5), find(vectors, 5, seed=7)
    for name in ("weights", "atoms", "stability", "explained"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert not np.array_equal(first.atoms, other.atoms)


def test_lengths_do_not_count(planted):
    vectors = planted[0].astype(np.float32)
    scales = np.float32(2.0) ** np.random.default_rng(3).integers(-20, 20, size=(len(vectors), 1))
    for dtype in (np.float32, np.float64):
        once, again = (find(one.astype(dtype), 4) for one in (vectors, vectors * scales))
        np.testing.assert_array_equal(once.weights, again.weights)


def test_blocks_do_not_count(planted, monkeypatch):
    vectors = planted[0]
    whole = find(vectors, 4)
    monkeypatch.setattr(modules, "_BLOCK_NUMBERS", 50 * vectors.shape[1])
    parts = find(vectors, 4)
    np.testing.assert_allclose(whole.weights, parts.weights, atol=1e-6)
    np.testing.assert_allclose(whole.stability, parts.stability, atol=1e-6)
    assert whole.explained == pytest.approx(parts.explained)


def test_progress_counts_every_step(planted):
    seen = []
    find(planted[0], 3, seeds=2, progress=lambda done, total: seen.append((done, total)))
    total = seen[-1][1]
    assert seen == [(done, total) for done in range(1, total + 1)]
    assert total == 2 * (25 + 1)


@st.composite
def awkward(draw):
    """Few rows: copies, opposites, zeros, few dimensions; and a number of modules."""
    d = draw(st.integers(1, 4))
    coordinate = st.sampled_from([-2.0, -1.0, 0.0, 0.0, 1.0, 3.0])
    rows = draw(st.lists(st.tuples(*[coordinate] * d), min_size=1, max_size=12))
    vectors = np.array([*rows, (1.0,) + (0.0,) * (d - 1)])
    return vectors, draw(st.integers(1, int(np.count_nonzero(vectors.any(axis=1)))))


@given(awkward(), st.sampled_from([0.05, 0.5]), st.sampled_from([np.float32, np.float64]))
@settings(deadline=None, max_examples=20)
def test_awkward_vectors(case, sparsity, dtype):
    vectors, count = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(modules, "_BATCHES", 5)
        found = find(vectors.astype(dtype), count, sparsity=sparsity)
    assert found.weights.shape == (len(vectors), count)
    assert np.isfinite(found.weights).all()
    assert np.isfinite(found.atoms).all()
    assert (found.weights >= 0).all()
    assert not found.weights[~vectors.any(axis=1)].any()
    assert ((found.stability >= 0) & (found.stability <= 1)).all()
    assert -1e-9 <= found.explained <= 1 + 1e-9
    # Never worse than no module at all.
    units = unit(vectors)
    left = ((units - found.weights @ found.atoms) ** 2).sum(axis=1)
    cost = left / 2 + sparsity * found.weights.sum(axis=1)
    assert (cost <= (units**2).sum(axis=1) / 2 + 1e-4).all()
