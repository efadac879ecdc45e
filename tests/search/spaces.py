"""Vectors of many kinds, for the exactness of the searches: name to function of (n, d, type)."""

from __future__ import annotations

import numpy as np


def normal(seed, n, d, dtype):
    return np.random.default_rng(seed).normal(size=(n, d)).astype(dtype)


def near_copies(E):
    noise = 1e-6 * np.random.default_rng(5).normal(size=E[1::2].shape)
    E[1::2] = E[0 : len(E) - 1 : 2] + noise.astype(E.dtype)
    return E


def with_zeros_and_copies(E):
    E[::3] = E[0]
    E[1::7] = 0
    return E


def of_all_sizes(E):
    """Rows from so short that float32 products of two of them vanish, to long ones."""
    sizes = 10.0 ** np.linspace(-30, 10, len(E))
    return (E * sizes[:, None]).astype(E.dtype)


SPACES = {
    "gaussian": lambda n, d, t: normal(0, n, d, t),
    "shifted": lambda n, d, t: normal(1, n, d, t) + t(30),
    "decaying": lambda n, d, t: normal(2, n, d, t) / np.arange(1, d + 1).astype(t) ** t(1.5),
    "rank one": lambda n, d, t: normal(4, n, 1, t) @ normal(5, 1, d, t),
    "integers": lambda n, d, t: np.random.default_rng(6).integers(-2, 3, (n, d)).astype(t),
    "near copies": lambda n, d, t: near_copies(normal(7, n, d, t)),
    "zeros and copies": lambda n, d, t: with_zeros_and_copies(normal(8, n, d, t)),
    "few vectors": lambda n, d, t: normal(14, 6, d, t)[np.arange(n) * 7 % 6],
    "all one": lambda n, d, t: np.tile(normal(15, 1, d, t), (n, 1)),
    "signs": lambda n, d, t: np.sign(normal(11, n, d, t)),
    "tiny": lambda n, d, t: normal(16, n, d, t) * t(1e-14),
    "huge": lambda n, d, t: normal(17, n, d, t) * t(1e14),
    "of all sizes": lambda n, d, t: of_all_sizes(normal(18, n, d, t)),
}  # fmt: skip
