"""A space: an embedding that can be asked questions."""

from __future__ import annotations

import math
import operator
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.errors import (
    AmbiguousNameError,
    GeneAnalogiesError,
    ItemNameError,
    NoVectorError,
    UnknownNameError,
)
from gene_analogies.genes.resolve import Resolver
from gene_analogies.genes.table import GeneTable
from gene_analogies.results import Item, PairsResult
from gene_analogies.search.direction import apart, mean_direction, unit_offset

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.search.index import NeighbourIndex

__all__ = ["Metric", "Operation", "Progress", "Space"]

Metric = Literal["cosine", "euclidean"]
Operation = Literal["difference", "sum"]
Progress = Callable[[int, int], None]

#: Why a name of ``among`` leads to no item.
_WHY: dict[type[ItemNameError], str] = {
    AmbiguousNameError: "is ambiguous",
    NoVectorError: "has no vector",
    UnknownNameError: "is unknown",
}

#: Up to this many rows an index takes milliseconds and is not kept on disk.
_SMALL = 2_000


class Space:
    """An embedding that can be asked questions.

    Parameters
    ----------
    embedding
        The items and their vectors.
    genes
        Known genes, by which names are found and answers described; the packaged table of human
        genes unless given, and none with ``genes=None``.
    keep_index
        Whether to keep the neighbour index in the user's cache folder.
    progress
        Called with (rows done, n) while the neighbour index is built.
    """

    def __init__(
        self,
        embedding: Embedding,
        *,
        genes: GeneTable | Literal["packaged"] | None = "packaged",
        keep_index: bool = True,
        progress: Progress | None = None,
    ) -> None:
        if not isinstance(embedding, Embedding):
            kind = type(embedding).__name__
            raise GeneAnalogiesError(f"Space needs an Embedding(names, vectors), not a {kind}")
        if not (genes is None or genes == "packaged" or isinstance(genes, GeneTable)):
            raise GeneAnalogiesError(
                f"genes must be a GeneTable, None or 'packaged', not {genes!r}"
            )
        self.embedding = embedding
        self._genes = genes
        self._keep_index = keep_index
        self._progress = progress
        self._indexes: dict[tuple[int, int], NeighbourIndex] = {}
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.embedding)

    def __repr__(self) -> str:
        return f"Space({self.embedding!r})"

    @cached_property
    def resolver(self) -> Resolver:
        """Finds the row that a name means."""
        table = GeneTable.packaged() if self._genes == "packaged" else self._genes
        return Resolver(self.embedding.names, table)

    def item(self, row: int) -> Item:
        """Return the name of a row and the gene behind it."""
        if not isinstance(row, (int, np.integer)) or not 0 <= row < len(self):
            raise GeneAnalogiesError(f"row must be a number in 0..{len(self) - 1}, not {row!r}")
        return Item(self.embedding.names[row], self.resolver.gene(row))

    def pairs(
        self,
        a: str | Iterable[tuple[str, str]] | None = None,
        b: str | None = None,
        *,
        k: int = 10,
        metric: Metric = "cosine",
        operation: Operation = "difference",
        among: Iterable[str] | None = None,
        max_similarity: float | None = None,
        truncate: int | None = None,
        include_query: bool = False,
        offset: ArrayLike | None = None,
    ) -> PairsResult:
        """Find the pairs c, d that relate as a and b do; exact over all ordered pairs.

        Parameters
        ----------
        a, b
            Names of two items; or, as ``a`` alone, several example pairs that define the relation
            together: the direction is then the mean of their unit offsets, and its length (for
            the Euclidean metric) the mean of their lengths.
        k
            How many pairs to return; fewer where there are fewer.
        metric
            ``"cosine"``: the cosine of the offsets (PairDirection, Levy & Goldberg 2014).
            ``"euclidean"``: the negative of their distance.
        operation
            ``"difference"``: offsets are ``a − b``, and both orders of every pair count.
            ``"sum"``: they are ``a + b``, and a pair appears once, the earlier row as c.
        among
            Names to which c and d are restricted; names without a vector are left out, and noted.
        max_similarity
            Leave out pairs where cos(a, c) or cos(b, d) exceeds this, in [−1, 1] (for sums, in
            either order); for several examples, where it does so for any of them.
        truncate
            Search the first rows only, this many.
        include_query
            Keep pairs that share a member with the query.
        offset
            A ready vector of shape (d,) instead of ``a`` and ``b``.

        Returns
        -------
        PairsResult
            Best first; scores that agree to about twelve decimals are ordered by rows. Pairs of
            equal vectors (for sums, of opposite ones) have no direction: they are left out and
            counted.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        GeneAnalogiesError
            If an argument has no meaning, an offset is zero or fewer than two items are left.
        """
        _choose("metric", metric, ("cosine", "euclidean"))
        _choose("operation", operation, ("difference", "sum"))
        k = _whole("k", k)
        sign = -1 if operation == "difference" else 1
        notes: list[str] = []
        examples = self._examples(a, b, offset, notes)
        vectors, exponent = self._scaled
        if offset is None:
            direction, length = mean_direction(vectors, examples, sign, self.embedding.names)
            length = math.ldexp(length, -exponent)
        else:
            direction, length = unit_offset(offset, vectors.shape[1])
        allowed = self._allowed(among, truncate, notes)
        allowed_c, allowed_d = allowed, allowed
        if examples and not include_query:
            allowed = allowed.copy()
            allowed[np.asarray(examples).ravel()] = False
            allowed_c, allowed_d = allowed, allowed
        if max_similarity is not None:
            allowed_c, allowed_d = apart(vectors, examples, allowed, max_similarity, sign)
        if not (allowed_c.any() and allowed_d.any()) or np.count_nonzero(allowed_c | allowed_d) < 2:
            why = "".join(f"; {note}" for note in notes)
            raise GeneAnalogiesError(f"fewer than two items are left to make a pair of{why}")

        from gene_analogies.search.pairs import find_pairs

        euclidean = metric == "euclidean"
        if euclidean and not 1e-100 < math.ldexp(length, exponent) < 1e100:
            raise GeneAnalogiesError(f"the offset's length, {length:.3g}, is out of proportion")
        target = direction * math.ldexp(length, exponent) if euclidean else direction
        rows = np.flatnonzero(allowed_c | allowed_d)
        if self._worth_a_part(len(rows), sign):
            from gene_analogies.search.index import build_index, read_only

            part = read_only(vectors[rows])
            found = find_pairs(
                part, build_index(part, sign), target, k=k, euclidean=euclidean,
                allowed_c=allowed_c[rows], allowed_d=allowed_d[rows],
            )  # fmt: skip
            c_rows, d_rows = rows[found.c], rows[found.d]
        else:
            scope = self._scope(truncate, sign)
            found = find_pairs(
                vectors[:scope], self._index(sign, scope), target, k=k, euclidean=euclidean,
                allowed_c=allowed_c[:scope], allowed_d=allowed_d[:scope],
            )  # fmt: skip
            c_rows, d_rows = found.c, found.d
        return PairsResult(
            examples=tuple((self.item(x), self.item(y)) for x, y in examples),
            c=tuple(self.item(row) for row in c_rows.tolist()),
            d=tuple(self.item(row) for row in d_rows.tolist()),
            c_rows=c_rows,
            d_rows=d_rows,
            similarity=np.ldexp(found.scores, -exponent) if euclidean else found.scores,
            metric=metric,
            operation=operation,
            notes=tuple(notes),
            without_direction=found.without_direction,
        )

    def index(self, sign: int = -1) -> NeighbourIndex:
        """Return the neighbour index: from memory, from the cache folder, or built.

        Parameters
        ----------
        sign
            −1 for differences, +1 for sums.
        """
        if sign not in (-1, 1):
            raise GeneAnalogiesError(f"sign must be −1 or 1, not {sign!r}")
        return self._index(sign, len(self))

    def _index(self, sign: int, scope: int) -> NeighbourIndex:
        """Return the neighbour index of the first ``scope`` rows."""
        with self._lock:
            if (sign, scope) not in self._indexes:
                # Of the indexes of first rows, the last one that was used is enough.
                for other in [one for one in self._indexes if one[0] == sign]:
                    if other[1] < len(self):
                        del self._indexes[other]
                self._indexes[sign, scope] = self._new_index(sign, scope)
            return self._indexes[sign, scope]

    def _new_index(self, sign: int, scope: int) -> NeighbourIndex:
        """Read the index from the cache folder, or build it and keep it there."""
        from gene_analogies.search.index import build_index

        vectors = self._scaled[0][:scope]
        if not self._keep_index or scope <= _SMALL:
            return build_index(vectors, sign, progress=self._progress)
        from gene_analogies.search.cache import index_key, load_index, store_index

        key = index_key(vectors, sign)
        index = load_index(key, (scope, vectors.shape[1]), sign)
        if index is None:
            index = build_index(vectors, sign, progress=self._progress)
            store_index(index, key)
        return index

    def _scope(self, truncate: int | None, sign: int) -> int:
        """How many first rows to index: all, or only those to search where they are few."""
        n = len(self)
        if truncate is None or 2 * truncate > n or (sign, n) in self._indexes:
            return n
        return max(truncate, 2)

    def _worth_a_part(self, count: int, sign: int) -> bool:
        """Whether an index of the allowed rows alone is cheaper than one of all, yet unbuilt."""
        small = count <= max(_SMALL, len(self) // 16) and 2 * count < len(self)
        return small and (sign, len(self)) not in self._indexes

    @cached_property
    def _scaled(self) -> tuple[NDArray[Any], int]:
        """The vectors times a power of two that keeps their squares finite, and its exponent.

        Coordinates below 10⁻¹³⁰ of the largest count as zero, for their squares would.
        """
        vectors = self.embedding.vectors
        largest = self.embedding.magnitude
        exponent = 0
        if largest > 0.0 and not 1e-15 < largest < 1e15:
            exponent = -math.frexp(largest)[1]
            vectors = np.ldexp(vectors.astype(np.float64), exponent)
            largest = math.ldexp(largest, exponent)
        if vectors.dtype == np.float64:
            lost = (np.abs(vectors) < 1e-130 * largest) & (vectors != 0.0)
            if lost.any():
                vectors = np.where(lost, 0.0, vectors)
        vectors.flags.writeable = False
        return vectors, exponent

    def _examples(
        self,
        a: str | Iterable[tuple[str, str]] | None,
        b: str | None,
        offset: ArrayLike | None,
        notes: list[str],
    ) -> list[tuple[int, int]]:
        """Rows of the example pairs; none where a ready offset is given."""
        if offset is not None:
            if a is not None or b is not None:
                raise GeneAnalogiesError("give either items or offset=, not both")
            return []
        if a is None:
            raise GeneAnalogiesError("pairs needs two items, a list of pairs, or offset=")
        if isinstance(a, (str, int)):
            if b is None:
                raise GeneAnalogiesError(f"pairs needs a second item beside {a!r}")
            given: Sequence[tuple[str, str]] = [(str(a), b)]
        else:
            if b is not None:
                raise GeneAnalogiesError("a list of pairs takes no second argument")
            if not isinstance(a, Iterable):
                raise GeneAnalogiesError(f"pairs needs names or a list of pairs, not {a!r}")
            given = [_as_pair(pair) for pair in a]
            if not given:
                raise GeneAnalogiesError("the list of pairs is empty")
        examples = []
        for first, second in given:
            x, y = self.resolver.resolve(first), self.resolver.resolve(second)
            notes.extend(one.note for one in (x, y) if one.note and one.note not in notes)
            if x.row == y.row:
                raise GeneAnalogiesError(
                    f"a pair needs two items: {first!r} and {second!r} are both {x.name!r}"
                )
            examples.append((x.row, y.row))
        return examples

    def _allowed(
        self, among: Iterable[str] | None, truncate: int | None, notes: list[str]
    ) -> NDArray[np.bool_]:
        """Rows that may be in an answer, bool of shape (n,)."""
        allowed = np.ones(len(self), np.bool_)
        if truncate is not None:
            allowed[_whole("truncate", truncate) :] = False
        if among is None:
            return allowed
        if isinstance(among, str) or not isinstance(among, Iterable):
            raise GeneAnalogiesError(f"among must be a list of names, not {among!r}")
        chosen = np.zeros(len(self), np.bool_)
        missing, rewritten = [], []
        for name in among:
            try:
                found = self.resolver.resolve(name, suggest=False)
                chosen[found.row] = True
                if found.note:
                    rewritten.append(found.note)
            except ItemNameError as error:
                missing.append(f"{name!r} {_WHY[type(error)]}")
        if rewritten:
            shown = ", ".join(rewritten[:5]) + (", …" if len(rewritten) > 5 else "")
            notes.append(f"{len(rewritten)} names of among were rewritten: {shown}")
        if missing:
            shown = ", ".join(missing[:5]) + (", …" if len(missing) > 5 else "")
            notes.append(f"{len(missing)} names of among lead to no item: {shown}")
        return allowed & chosen


def _as_pair(pair: Any) -> tuple[str, str]:  # noqa: ANN401 - whatever the user gave
    if isinstance(pair, str) or len(pair) != 2:
        raise GeneAnalogiesError(f"each example must be a pair of names, not {pair!r}")
    return str(pair[0]), str(pair[1])


def _choose(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise GeneAnalogiesError(f"{name} must be one of {', '.join(choices)}, not {value!r}")


def _whole(name: str, value: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if isinstance(value, bool) or number < 1:
        raise GeneAnalogiesError(f"{name} must be a whole number of at least 1, not {value!r}")
    return number
