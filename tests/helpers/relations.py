"""Small relations between rows, with all that is awkward, and a planted one."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st
from spaces import spaces

__all__ = ["cosine", "planted_relation", "relations", "rounded"]


def rounded(score):
    """Round a score as scores are: to a multiple of 2⁻⁴⁰."""
    return round(score * 2**40) / 2**40


def cosine(E, a, b):
    """Return the rounded cosine of two rows; 0 if one is zero."""
    return rounded(plain_cosine(E[a], E[b]))


def plain_cosine(x, y):
    """Return the cosine of two vectors; 0 if one is zero."""
    x, y = x.astype(np.float64), y.astype(np.float64)
    lengths = math.sqrt(math.fsum(x * x)) * math.sqrt(math.fsum(y * y))
    return math.fsum(x * y) / lengths if lengths else 0.0


@st.composite
def relations(draw, least=1):
    """Return vectors with copies and zeros, pairs that share rows, and more pairs of the same."""
    E = draw(spaces())
    rows = st.integers(0, len(E) - 1)
    pair = st.tuples(rows, rows).filter(lambda both: both[0] != both[1])
    pairs = draw(st.lists(pair, min_size=least, max_size=20))
    known = draw(st.lists(pair, max_size=10))
    return E, np.array(pairs), np.array(known, np.int64).reshape(-1, 2)


def planted_relation(count=60, dimension=30, others=100, seed=0):
    """Return vectors and pairs: b is a, a common step, and some noise; other rows are of none."""
    rng = np.random.default_rng(seed)
    step = rng.normal(size=dimension)
    a = rng.normal(size=(count, dimension))
    b = a + 3 * step / np.linalg.norm(step) + 0.1 * rng.normal(size=a.shape)
    pairs = np.stack([np.arange(count), np.arange(count, 2 * count)], axis=1)
    return np.vstack([a, b, rng.normal(size=(others, dimension))]), pairs
