"""Pairs by a score that counts cos(c, d) too."""

from __future__ import annotations

import numpy as np
import pytest
from named_pairs import NAMES, best, cosine, names_of

import gene_analogies as ga


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(0).normal(size=(60, 7))


@pytest.fixture(scope="module")
def space(vectors):
    return ga.Space(ga.Embedding(NAMES, vectors), genes=None)


def weighted(vectors, offset, weight):
    """Score of a pair with a pair weight; a zero vector has cosine 0."""

    def score(c, d):
        together = cosine(c, d) if c.any() and d.any() else 0.0
        return cosine(c - d, offset) + weight * together

    return score


@pytest.mark.parametrize("weight", [0.25, np.float32(0.5), 1, 10.0])
def test_pair_weight(space, vectors, weight):
    offset = vectors[0] - vectors[1]
    score = weighted(vectors, offset, float(weight))
    result = space.pairs("x0", "x1", pair_weight=weight)
    assert names_of(result) == best(vectors, score, lambda c, d: not {c, d} & {0, 1})
    for c, d, similarity, cos_cd, total in zip(
        result.c_rows, result.d_rows, result.similarity, result.cos_cd, result.score, strict=True
    ):
        assert similarity == pytest.approx(cosine(vectors[c] - vectors[d], offset), abs=1e-11)
        assert cos_cd == pytest.approx(cosine(vectors[c], vectors[d]), abs=1e-11)
        assert total == pytest.approx(score(vectors[c], vectors[d]), abs=1e-10)
    assert result.pair_weight == weight


def test_pair_weight_with_every_option(space, vectors):
    def unit(x):
        return x / np.linalg.norm(x)

    direction = unit(vectors[0] - vectors[1]) + unit(vectors[2] - vectors[3])
    score = weighted(vectors, direction, 0.5)

    def allowed(c, d):
        near = (
            max(cosine(vectors[c], vectors[a]) for a in (0, 2)) > 0.6
            or max(cosine(vectors[d], vectors[b]) for b in (1, 3)) > 0.6
        )
        return not near and max(c, d) < 50 and c % 2 == d % 2 == 0

    found = space.pairs(
        [("x0", "x1"), ("x2", "x3")], pair_weight=0.5, k=200, max_similarity=0.6, truncate=50,
        among=NAMES[::2], include_query=True,
    )  # fmt: skip
    assert names_of(found) == best(vectors, score, allowed, k=200)
    ready = space.pairs(offset=direction, pair_weight=0.5, k=5)
    assert names_of(ready) == best(vectors, score, k=5)


def test_pair_weight_of_0_is_no_pair_weight(space):
    plain, zero = space.pairs("x0", "x1"), space.pairs("x0", "x1", pair_weight=0)
    assert names_of(plain) == names_of(zero)
    assert (zero.score, zero.pair_weight) == (None, 0.0)
    assert zero.p.tolist() == plain.p.tolist()
    assert list(zero.to_frame()) == list(plain.to_frame())
    assert space.pairs("x0", "x1", pair_weight=0, operation="sum", metric="euclidean")


def test_pair_weight_and_vectors_of_zero(vectors):
    some = vectors.copy()
    some[5] = some[6] = 0.0
    some[8] = some[7]
    space = ga.Space(ga.Embedding(NAMES, some), genes=None)
    found = space.pairs("x0", "x1", pair_weight=1.0, k=10_000)
    assert found.without_direction == 4
    assert len(found) == 58 * 57 - 4
    zero = np.isin(found.c_rows, (5, 6)) | np.isin(found.d_rows, (5, 6))
    assert not found.cos_cd[zero].any()
    np.testing.assert_array_equal(found.score[zero], found.similarity[zero])


def test_pair_weight_is_of_the_vectors_as_they_are(vectors):
    """Whatever their size: cosines do not depend on it."""
    wanted = ga.Space(ga.Embedding(NAMES, vectors), genes=None).pairs("x0", "x1", pair_weight=0.5)
    for exponent in (-600, 600):
        scaled = ga.Embedding(NAMES, np.ldexp(vectors, exponent))
        found = ga.Space(scaled, genes=None).pairs("x0", "x1", pair_weight=0.5)
        assert names_of(found) == names_of(wanted)
        np.testing.assert_array_equal(found.score, wanted.score)


@pytest.mark.parametrize("weight", [-0.1, 1001, np.nan, np.inf, "0.25", None, True])
def test_pair_weight_must_be_a_number(space, weight):
    with pytest.raises(ga.GeneAnalogiesError) as caught:
        space.pairs("x0", "x1", pair_weight=weight)
    assert str(caught.value) == f"pair_weight must lie in 0..1000, not {weight!r}"


def test_pair_weight_is_for_cosines_of_differences(space):
    with pytest.raises(ga.GeneAnalogiesError, match=r"^pair_weight=0\.25 needs metric='cosine', "):
        space.pairs("x0", "x1", pair_weight=0.25, metric="euclidean")
    with pytest.raises(ga.GeneAnalogiesError, match=r"^pair_weight=0\.25 needs operation='diff"):
        space.pairs("x0", "x1", pair_weight=0.25, operation="sum")
