"""3CosMul in float64: cosines shifted to [0, 1], and what they make together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.items._evaluate import EPSILON
from gene_analogies.search.items._exact import half_sums
from gene_analogies.search.items.best_rows import QUANTUM
from gene_analogies.search.knn.index import read_only

__all__ = ["multiplied", "shifted_cosines"]

#: Rounding of the coordinates makes of opposite vectors such that are this near to it.
_OPPOSITE = 2.0**-8


def shifted_cosines(
    vectors: NDArray[Any],
    rows: NDArray[np.int64],
    targets: NDArray[np.float64],
    which: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return (1 + cos)/2 of each row and its target, float64 of shape (m,).

    They are rounded to about twelve digits, so that rounding noise does not decide between equal
    ones; to fewer digits, and to 0 in the end, where they are below 10⁻⁵.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, whose squares are finite.
    rows
        int64 of shape (m,): rows that are not zero.
    targets
        Unit vectors, float64 of shape (t, d).
    which
        int64 of shape (m,): the target of each row.
    """
    d = vectors.shape[1]
    padded = np.zeros((len(targets), d + -d % 4))
    padded[:, :d] = targets
    squares = np.empty(len(rows))
    half_sums(read_only(vectors), rows, padded, which, squares)
    squares = np.maximum(squares, 0.0)
    sizes = np.maximum(squares, np.sqrt(squares) * _OPPOSITE)
    steps = np.ldexp(QUANTUM, np.frexp(sizes)[1])
    return np.asarray(np.rint(squares / steps) * steps)


def multiplied(shifted: NDArray[np.float64], positive: int) -> NDArray[np.float64]:
    """Return 3CosMul from shifted cosines, rounded to multiples of `QUANTUM` times a power of two.

    Parameters
    ----------
    shifted
        Shape (t, m), of each row with every target: the first ``positive`` are factors of the
        numerator, the others of the denominator.
    """
    numerator, denominator = np.ones((2, shifted.shape[1]))
    for number, factor in enumerate(shifted):
        product = numerator if number < positive else denominator
        product *= factor
    share, exponent = np.frexp(numerator / (denominator + EPSILON))
    return np.ldexp(np.rint(share / QUANTUM) * QUANTUM, exponent)
