"""Random queries of every kind, and those most like a given one."""

import numpy as np
import pytest
from spaces import SPACES

from gene_analogies.search import query_pool
from gene_analogies.search.query_pool import QueryPool, draw_queries
from gene_analogies.search.significance import pair_cosines


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Draw from fewer pairs."""
    monkeypatch.setattr(query_pool, "_PAIRS", 40_000)


def draw(vectors, popularity=None, **changes):
    settings = {"pairs": 1, "closeness": True, "seed": 0, "sign": -1}
    return draw_queries(vectors, popularity, 500, **{**settings, **changes})


def test_the_same_seed_draws_the_same_pairs():
    vectors = SPACES["gaussian"](200, 8, np.float32)
    first = draw(vectors)
    assert first.shape == (500, 1, 2)
    assert (first == draw(vectors)).all()
    assert (first != draw(vectors, seed=1)).any()


def test_pairs_are_of_every_closeness_and_popularity():
    vectors = SPACES["gaussian"](500, 30, np.float64)
    popularity = -np.log1p(np.arange(500))
    a, b = draw(vectors, popularity)[:, 0].T
    cosines = pair_cosines(vectors, a, b)
    # Of pairs drawn evenly, one in a hundred is so close, and one in six hundred so well known.
    assert (cosines > 0.42).mean() > 0.1
    assert ((a < 20) & (b < 20)).mean() > 0.02
    evenly = draw(vectors, popularity, closeness=False)[:, 0].T
    assert (pair_cosines(vectors, *evenly) > 0.42).mean() < 0.05


def test_lists_are_of_pairs_of_a_kind():
    vectors = SPACES["gaussian"](300, 12, np.float64)
    lists = draw(vectors, pairs=4)
    assert lists.shape == (500, 4, 2)
    cosines = pair_cosines(vectors, *lists.reshape(-1, 2).T).reshape(500, 4)
    assert np.ptp(cosines, axis=1).max() < 0.25 < np.ptp(cosines)


@pytest.mark.parametrize("name", ["zeros and copies", "few vectors", "integers", "all one"])
@pytest.mark.parametrize("sign", [-1, 1])
def test_every_pair_has_an_offset(name, sign):
    vectors = SPACES[name](60, 4, np.float32)
    drawn = draw(vectors, sign=sign)
    if name == "all one" and sign < 0:
        assert drawn.shape == (0, 1, 2)
        return
    a, b = drawn[:, 0].T
    assert len(a) == 500
    assert (a != b).all()
    assert (vectors[a] + sign * vectors[b]).any(axis=1).all()


def pool(features, **changes):
    n = len(features)
    parts = {"best": np.arange(float(n)), "evenly_features": features,
             "p": np.tile(np.arange(float(n))[:, None], 3)}  # fmt: skip
    return QueryPool(**{"features": features, **parts, **changes})


def test_the_nearest_queries_are_those_of_a_direct_comparison():
    features = np.random.default_rng(0).normal(size=(3000, 3)) * [1, 10, 0.1]
    for wanted in features[:20] * 0.2:
        scaled = (features - wanted) / features.std(axis=0)
        distances = np.sqrt((scaled**2).sum(axis=1))
        # The distance is in standard deviations: the second feature counts no more.
        nearest = sorted(range(3000), key=distances.__getitem__)[:400]
        assert sorted(pool(features).best_like(wanted)) == sorted(map(float, nearest))
        by_popularity = np.argsort((scaled[:, :-1] ** 2).sum(axis=1), kind="stable")[:1000]
        found = pool(features).p_like(wanted, 2)
        assert found.tolist() == np.repeat(np.sort(by_popularity), 2).tolist()


def test_what_no_query_is_like():
    features = np.random.default_rng(0).uniform(size=(2000, 3))
    some = pool(features)
    assert some.best_like(np.array([0.5, 0.5, 0.5])) is not None
    assert some.best_like(np.array([0.5, 0.5, 1.2])) is None
    # Closeness does not count for p.
    there, beyond = (some.p_like(np.array([0.5, 0.5, one]), 3).tolist() for one in (0.5, 1.2))
    assert there == beyond
    assert pool(features[:399]).best_like(features[0]) is None


def test_answers_that_are_lacking_have_no_p():
    features = np.zeros((1000, 1))
    p = np.tile([0.5, np.nan], (1000, 1))
    found = pool(features, p=p).p_like(features[0], 2)
    assert found.tolist() == [0.5] * 1000
