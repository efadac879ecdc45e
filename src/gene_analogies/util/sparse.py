"""Sparse matrices as arrays, where these are not too large."""

from __future__ import annotations

import math
from typing import Any, Final

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["MOST_NUMBERS", "dense"]

#: The numbers that a sparse matrix may have as an array, zeros among them: 1 GiB of float64.
MOST_NUMBERS: Final = 2**27


def dense(vectors: Any) -> Any:  # noqa: ANN401 - whatever is given for an array
    """Return a sparse matrix, of SciPy or like it, as an array; anything else as it is.

    Raises
    ------
    GeneAnalogiesError
        If the array would have more than `MOST_NUMBERS` numbers.
    """
    if not hasattr(vectors, "toarray") or not hasattr(vectors, "nnz"):
        return vectors
    count = math.prod(vectors.shape)
    if count > MOST_NUMBERS:
        raise GeneAnalogiesError(
            f"vectors must be an (n, d) array, not a sparse matrix of {count:,} numbers (up to"
            f" {MOST_NUMBERS:,} are made an array): reduce it, by scikit-learn's TruncatedSVD, say,"
            " or give vectors.toarray()"
        )
    return vectors.toarray()
