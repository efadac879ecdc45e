"""Values that are worked out when they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

from gene_analogies.util.row_blocks import row_blocks

__all__ = ["LazyValues"]

T = TypeVar("T")

#: How many are worked out at a time while all are read.
_AT_ONCE = 1 << 14


class LazyValues(Sequence[T]):
    """A sequence of which no value is kept: of a column of millions of texts, say.

    Parameters
    ----------
    count
        How many there are.
    of
        Returns those from a first place to a last one, the last left out.

    Examples
    --------
    >>> squares = LazyValues(5, lambda first, last: [i * i for i in range(first, last)])
    >>> squares[3], squares[1:3], list(squares)
    (9, [1, 4], [0, 1, 4, 9, 16])
    """

    def __init__(self, count: int, of: Callable[[int, int], list[T]]) -> None:
        self._count = count
        self._of = of

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, key: int) -> T: ...

    @overload
    def __getitem__(self, key: slice) -> list[T]: ...

    def __getitem__(self, key: int | slice) -> T | list[T]:
        if isinstance(key, slice):
            first, last, step = key.indices(self._count)
            if step != 1:
                return [self[i] for i in range(first, last, step)]
            return self._of(first, max(first, last))
        place = range(self._count)[key]
        return self._of(place, place + 1)[0]

    def __iter__(self) -> Iterator[T]:
        for block in row_blocks(self._count, _AT_ONCE):
            yield from self._of(block.start, block.stop)
