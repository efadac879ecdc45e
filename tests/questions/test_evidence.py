"""The evidence beside pairs, as a user asks for it."""

import numpy as np
import pytest

import gene_analogies as ga

NAMES = tuple(f"x{row}" for row in range(60))


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(0).normal(size=(60, 7))


@pytest.fixture(scope="module")
def space(vectors):
    return ga.Space(ga.Embedding(NAMES, vectors), genes=None)


def cosine(u, v):
    return float(u @ v / np.linalg.norm(u) / np.linalg.norm(v))


def mutual_rank(vectors, c, d, candidates):
    """Return the greater share of candidates that are as close as c and d."""
    limit = cosine(vectors[c], vectors[d]) - 1e-12
    shares = []
    for row in (c, d):
        others = [i for i in candidates if i != row]
        shares.append(np.mean([cosine(vectors[row], vectors[i]) >= limit for i in others]))
    return max(shares)


@pytest.mark.parametrize(
    ("options", "candidates"),
    [
        ({}, range(2, 60)),
        ({"include_query": True}, range(60)),
        ({"among": NAMES[1::3], "truncate": 50}, range(4, 50, 3)),
        ({"max_similarity": 1}, range(2, 60)),
    ],
)
def test_p_is_among_those_that_could_have_been_found(space, vectors, options, candidates):
    found = space.pairs("x0", "x1", k=200, **options)
    pairs = zip(found.c_rows.tolist(), found.d_rows.tolist(), strict=True)
    assert found.p.tolist() == [mutual_rank(vectors, c, d, candidates) for c, d in pairs]
    assert (found.q >= found.p).all()


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"pair_weight": 0.25}, "a pair weight"),
        ({"metric": "euclidean"}, "Euclidean distance"),
        ({"operation": "sum"}, "sums"),
        ({"max_similarity": 0.9}, "max_similarity"),
    ],
)
def test_no_p_where_it_is_small_by_chance(space, options, what):
    found = space.pairs("x0", "x1", **options)
    assert (found.p, found.q) == (None, None)
    assert found.remarks[-1] == (
        f"no p: with {what}, it is small by chance too often; add --chance for a calibrated one"
    )


def test_evidence_is_worked_out_when_it_is_asked_for(space):
    found = space.pairs("x0", "x1")
    assert "p" not in vars(found.evidence)
    assert found.p is found.p
    assert "cos_ac" not in vars(found.evidence)
