"""Rows in blocks, so that what is worked out for each of them fits into memory."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["row_blocks"]


def row_blocks(count: int, size: int) -> Iterator[slice]:
    """Yield slices that cover ``count`` rows, in order, each of at most ``size`` (at least one).

    Examples
    --------
    >>> list(row_blocks(5, 2))
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    size = max(1, size)
    for first in range(0, count, size):
        yield slice(first, min(first + size, count))
