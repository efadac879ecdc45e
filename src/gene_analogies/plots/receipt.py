"""The receipt of a similarity: the four terms that it is the sum of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["Receipt", "Term", "receipt"]

#: Lengths that differ from 1 by less are those of unit vectors in float32.
_UNIT = 1e-5


@dataclass(frozen=True)
class Term:
    """One term of a similarity.

    Attributes
    ----------
    first, second
        Which two of a, b, c and d it is of.
    value
        Their cosine, product, or squared distance.
    share
        What it adds to the similarity.
    """

    first: Literal["a", "b"]
    second: Literal["c", "d"]
    value: float
    share: float


@dataclass(frozen=True)
class Receipt:
    """Four terms whose shares sum to the cosine of two offsets.

    For any vectors (a − b)·(c − d) = a·c + b·d − a·d − b·c, and this is also
    (‖a − d‖² + ‖b − c‖² − ‖a − c‖² − ‖b − d‖²)/2, which does not depend on where the origin is. The
    cosine is one of these divided by ‖a − b‖‖c − d‖.

    Attributes
    ----------
    kind
        What the terms are: ``"cosine"``, the products of unit vectors; ``"product"``;
        ``"squared distance"``.
    terms
        Of a and c, b and d, a and d, b and c.
    divisor
        What they were divided by: ‖a − b‖‖c − d‖, twice that for squared distances; plus signs
        for sums.
    total
        The cosine of the two offsets.
    """

    kind: Literal["cosine", "product", "squared distance"]
    terms: tuple[Term, Term, Term, Term]
    divisor: float
    total: float


def receipt(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, sign: int = -1) -> Receipt:
    """Return the receipt of cos(a − b, c − d), or of cos(a + b, c + d).

    Of the products of unit vectors, which are cosines; of the products of others for sums; of
    squared distances for differences, whose terms stay small where the origin is far away.

    Parameters
    ----------
    a, b, c, d
        Vectors of shape (dimension,), whose squares are finite.
    sign
        −1 for differences, +1 for sums.

    Raises
    ------
    GeneAnalogiesError
        If an offset is zero.
    """
    va, vb, vc, vd = vectors = [np.asarray(one, np.float64) for one in (a, b, c, d)]
    first, second = va + sign * vb, vc + sign * vd
    divisor = math.hypot(*first) * math.hypot(*second)
    if divisor == 0.0:
        raise GeneAnalogiesError("an offset is zero: it has no cosine")
    total = _product(first, second) / divisor
    unit = all(abs(math.hypot(*vector) - 1.0) < _UNIT for vector in vectors)
    pairs = ((va, vc), (vb, vd), (va, vd), (vb, vc))
    kind: Literal["cosine", "product", "squared distance"]
    if unit or sign > 0:
        kind = "cosine" if unit else "product"
        values = [_product(u, v) for u, v in pairs]
        signs = (1.0, 1.0, float(sign), float(sign))
    else:
        kind = "squared distance"
        values = [_product(u - v, u - v) for u, v in pairs]
        signs = (-1.0, -1.0, 1.0, 1.0)
        divisor *= 2.0
    ac, bd, ad, bc = (sign * value / divisor for sign, value in zip(signs, values, strict=True))
    return Receipt(
        kind,
        (
            Term("a", "c", values[0], ac),
            Term("b", "d", values[1], bd),
            Term("a", "d", values[2], ad),
            Term("b", "c", values[3], bc),
        ),
        divisor,
        total,
    )


def _product(u: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    return math.fsum(u * v)
