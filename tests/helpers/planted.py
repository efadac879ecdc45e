"""Vectors in which modules, or families of pairs, are planted."""

from __future__ import annotations

import numpy as np


def planted_modules(count=6, items=250, dimension=24, noise=0.02, seed=0):
    """Return sums of one or two of some directions, their weights, and the directions."""
    rng = np.random.default_rng(seed)
    atoms = rng.normal(size=(count, dimension))
    atoms /= np.linalg.norm(atoms, axis=1)[:, None]
    weights = np.zeros((items, count))
    for row in weights:
        members = rng.choice(count, size=rng.integers(1, 3), replace=False)
        row[members] = rng.uniform(0.5, 1.5, size=len(members))
    vectors = weights @ atoms + noise * rng.normal(size=(items, dimension))
    return vectors, weights, atoms


def planted_families(sizes=(8, 5, 3), dimension=12, noise=0.02, seed=0):
    """Return vectors, pairs (c, d) of rows, and the family of each pair, largest first."""
    rng = np.random.default_rng(seed)
    steps = np.linalg.qr(rng.normal(size=(dimension, len(sizes))))[0].T
    labels = np.repeat(np.arange(len(sizes)), sizes)
    d = rng.normal(size=(len(labels), dimension))
    c = d + 2 * steps[labels] + noise * rng.normal(size=d.shape)
    vectors = np.vstack([c, d])
    pairs = [(row, row + len(labels)) for row in range(len(labels))]
    return vectors, pairs, labels
