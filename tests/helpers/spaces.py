"""Vectors of many kinds, for the exactness of the searches: name to function of (n, d, type)."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


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

#: Those that pairs are searched in: their lengths are of one magnitude.
PAIR_SPACES = {
    name: make
    for name, make in SPACES.items()
    if name not in ("all one", "tiny", "huge", "of all sizes")
} | {
    "one axis": lambda n, d, t: normal(3, n, d, t) * np.r_[1000, np.ones(d - 1)].astype(t),
    "mostly zero": lambda n, d, t: normal(13, n, d, t) * (np.arange(n)[:, None] % 4 == 0),
    "clusters": lambda n, d, t: normal(9, 5, d, t)[np.arange(n) % 5] * t(9) + normal(10, n, d, t),
    "opposites": lambda n, d, t: np.concatenate([x := normal(12, n // 2, d, t), -x]),
}  # fmt: skip


elements = st.one_of(
    st.integers(-3, 3).map(float),
    st.floats(-10, 10, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-6),
)


@st.composite
def spaces(draw):
    """Small embeddings, with copies of rows, zero rows and ties."""
    n, d = draw(st.integers(3, 14)), draw(st.integers(1, 6))
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    E = draw(hnp.arrays(np.float64, (n, d), elements=elements)).astype(dtype)
    for target in draw(st.lists(st.integers(0, n - 1), max_size=4)):
        E[target] = draw(st.sampled_from([0 * E[0], E[0], -E[0], 2 * E[0]]))
    return E
