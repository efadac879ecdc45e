"""A brute force over ordered pairs of sixty named rows."""

from __future__ import annotations

import itertools

import numpy as np

__all__ = ["NAMES", "best", "cosine", "names_of"]

NAMES = tuple(f"x{row}" for row in range(60))


def cosine(u, v):
    return float(u @ v / np.linalg.norm(u) / np.linalg.norm(v))


def best(vectors, score, allowed=lambda _c, _d: True, k=10):
    """Score every ordered pair one by one."""
    pairs = itertools.permutations(range(len(vectors)), 2)
    scored = [(-score(vectors[c], vectors[d]), c, d) for c, d in pairs if allowed(c, d)]
    return [(NAMES[c], NAMES[d]) for _, c, d in sorted(scored)[:k]]


def names_of(result):
    return [(pair.c, pair.d) for pair in result]
