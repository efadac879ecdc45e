"""Random queries to compare a query with: asked once for an embedding and options, and kept."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from gene_analogies._version import __version__
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.pair_search import (
    BestPairs,
    PairOptions,
    PairQuery,
    direct,
    search_many,
)
from gene_analogies.questions.popularity import papers_naming, popularity_measure
from gene_analogies.search.engine.threads import check_stop
from gene_analogies.util.checksummed import DamagedFileError, read_arrays, write_arrays
from gene_analogies.util.folders import cache_folder, mark_used, remove_unused

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding
    from gene_analogies.genes.resolve import Resolver
    from gene_analogies.search.prepared import PreparedVectors
    from gene_analogies.search.query_pool import QueryPool
    from gene_analogies.util.progress import Progress

__all__ = ["LONGEST", "QUERIES", "Pools", "stored_pools"]

logger = logging.getLogger(__name__)

#: What a pool is for: the options, the rows that may answer, the number of examples.
_Which = tuple[PairOptions, bytes, int]

#: Changes whenever the arrays in the file, or what they mean, change.
_VERSION: Final = "query pool 1"
#: Random queries of every kind in a pool.
QUERIES: Final = 4_000
#: Others, as close as they happen to be, whose answers' p is known: half of every popularity, and
#: half as popular as they happen to be, as most are.
_EVENLY: Final = 2_000
#: Answers of each of these.
_ANSWERS: Final = 10
_SEED: Final = 0
#: Pools that are remembered; each takes about a megabyte.
_REMEMBERED: Final = 8
#: Seconds between two looks, by who waits for a pool, at whether to go on.
_PATIENCE: Final = 0.2
#: More examples than this have no pool: drawing it would take longer than asking it.
LONGEST: Final = 20


class Pools:
    """Makes the pools of a space, or reads them from the cache folder, and remembers the last ones.

    Parameters
    ----------
    prepared, embedding, resolver
        Of the space.
    cache
        Whether pools are read from and written to the cache folder.
    """

    def __init__(
        self, prepared: PreparedVectors, embedding: Embedding, resolver: Resolver, *, cache: bool
    ) -> None:
        self.prepared = prepared
        self.embedding = embedding
        self.resolver = resolver
        self.cache = cache
        self._made: dict[_Which, QueryPool] = {}
        # Threads that ask for one pool at the same time wait for the first and get its pool.
        self._making: dict[_Which, threading.Lock] = {}

    @property
    def popularity(self) -> Literal["papers", "row"] | None:
        """By what it is known how popular items are, as `popularity_measure` returns it."""
        return popularity_measure(self.embedding, self.resolver)

    @property
    def matched_by(self) -> tuple[str, ...]:
        """What queries are matched by."""
        return ("cos_ab",) if self.popularity is None else (self.popularity, "cos_ab")

    def features(self, queries: NDArray[np.int64], sign: int) -> NDArray[np.float64]:
        """Return what queries are matched by, float64 of shape (m, 3), or (m, 1).

        The log popularity of a and of b, and the cosine of a and b; means over several pairs.

        Parameters
        ----------
        queries
            Rows of pairs, int64 of shape (m, pairs, 2).
        sign
            −1 for differences; +1 for sums, where a is the more popular one.
        """
        from gene_analogies.search.significance import pair_cosines

        a, b = np.moveaxis(queries, 2, 0).reshape(2, -1)
        together = pair_cosines(self.prepared.vectors, a, b).reshape(queries.shape[:2])
        known = [together.mean(axis=1)]
        popular = self.log_popularity(queries.ravel())
        if popular is not None:
            both = popular.reshape(queries.shape)
            both = -np.sort(-both, axis=2) if sign > 0 else both
            known = [*both.mean(axis=1).T, *known]
        return np.stack(known, axis=1)

    def pool(
        self,
        options: PairOptions,
        allowed: NDArray[np.bool_],
        pairs: int,
        progress: Progress | None = None,
    ) -> QueryPool:
        """Return the pool for some options: from the cache folder, or asked.

        Parameters
        ----------
        options
            Those of the query; ``k`` does not count.
        allowed
            Rows that may be in an answer, but for the query's, bool of shape (n,).
        pairs
            How many example pairs a query has, at most `LONGEST`.
        progress
            Called with (queries done, all queries).
        """
        options = replace(options, k=_ANSWERS)
        which = options, np.packbits(allowed).tobytes(), pairs
        found = self._made.get(which)
        if found is not None:
            return found
        lock = self._making.setdefault(which, threading.Lock())
        while not lock.acquire(timeout=_PATIENCE):
            check_stop()
        try:
            found = self._made.get(which)
            if found is None:
                found = self._pool(options, allowed, pairs, progress)
                # Another dictionary, for threads read this one.
                self._made = dict([*self._made.items(), (which, found)][-_REMEMBERED:])
        finally:
            lock.release()
            self._making.pop(which, None)
        return found

    def _pool(
        self,
        options: PairOptions,
        allowed: NDArray[np.bool_],
        pairs: int,
        progress: Progress | None,
    ) -> QueryPool:
        if not self.cache:
            return self._ask(options, allowed, pairs, progress)
        key = self._key(options, allowed, pairs)
        found = _read(key)
        if found is None:
            found = self._ask(options, allowed, pairs, progress)
            _write(key, found)
        return found

    def _ask(
        self,
        options: PairOptions,
        allowed: NDArray[np.bool_],
        pairs: int,
        progress: Progress | None,
    ) -> QueryPool:
        from gene_analogies.search.query_pool import QueryPool, draw_queries

        total, sign = QUERIES + _EVENLY, options.sign
        report = progress or _silent
        vectors = self.prepared.vectors
        popular = self.log_popularity(np.arange(len(vectors)))

        def draw(
            popularity: NDArray[np.float64] | None, count: int, *, closeness: bool
        ) -> NDArray[np.int64]:
            check_stop()  # each takes about a second
            return draw_queries(
                vectors, popularity, count,
                pairs=pairs, closeness=closeness, seed=_SEED, sign=sign,
            )  # fmt: skip

        every = draw(popular, QUERIES, closeness=True)
        halves = [draw(one, _EVENLY // 2, closeness=False) for one in (None, popular)]
        evenly = np.concatenate(halves)
        best = np.full(len(every), -np.inf)
        # What is compiled and indexed once must not count as the time of a query.
        next(self._answers(every[:1], replace(options, k=1), allowed), None)
        report(0, total)
        for place, found in self._answers(every, replace(options, k=1), allowed):
            best[place] = max(found.order_by, default=-np.inf)
            report(place + 1, total)
        answers = []
        for place, found in self._answers(evenly, options, allowed):
            answers.append((place, found))
            report(QUERIES + place, total)
        p = self._p(evenly, answers, options, allowed)
        report(total, total)
        return QueryPool(self.features(every, sign), best, self.features(evenly, sign), p)

    def _p(
        self,
        queries: NDArray[np.int64],
        answers: list[tuple[int, BestPairs]],
        options: PairOptions,
        allowed: NDArray[np.bool_],
    ) -> NDArray[np.float64]:
        """Return p of the answers, float64 of shape (queries, 10); NaN where there are fewer."""
        from gene_analogies.search.significance import Excluded, mutual_rank_p

        p = np.full((len(queries), _ANSWERS), np.nan)
        if not answers:
            return p
        sizes = [len(found.c) for _, found in answers]
        asked = np.repeat([place for place, _ in answers], sizes)
        excluded = None
        if not options.include_query:
            examples = [np.unique(one) for one in queries]
            start = np.cumsum([0, *map(len, examples)])
            excluded = Excluded(asked, start, np.concatenate(examples))
        p[asked, np.concatenate([np.arange(size) for size in sizes])] = mutual_rank_p(
            self.prepared.vectors, self.prepared.norms,
            np.concatenate([found.c for _, found in answers]),
            np.concatenate([found.d for _, found in answers]),
            allowed_c=allowed, allowed_d=allowed, excluded=excluded,
        )  # fmt: skip
        return p

    def _answers(
        self, queries: NDArray[np.int64], options: PairOptions, allowed: NDArray[np.bool_]
    ) -> Iterator[tuple[int, BestPairs]]:
        """Yield the places of queries, and what they find; some leave nothing to be found."""
        asked: list[int] = []
        directed = self._queries(queries, options, allowed, asked)
        for done, found in enumerate(search_many(self.prepared, directed, options)):
            yield asked[done], found

    def _queries(
        self,
        drawn: NDArray[np.int64],
        options: PairOptions,
        allowed: NDArray[np.bool_],
        asked: list[int],
    ) -> Iterator[PairQuery]:
        """Yield queries as they are asked, and note which: some leave nothing to be found."""
        for place, examples in enumerate(drawn.tolist()):
            try:
                query = direct(
                    self.prepared, self.embedding.names, [(a, b) for a, b in examples], None,
                    allowed, options,
                )  # fmt: skip
            except GeneAnalogiesError:
                continue
            asked.append(place)
            yield query

    def log_popularity(self, rows: NDArray[np.int64]) -> NDArray[np.float64] | None:
        """Return how well known rows are, float64 of their shape (m,); None where it is not known.

        The logarithm of 1 + the number of papers, or minus that of 1 + the row number.
        """
        if self.popularity is None:
            return None
        if self.popularity == "row":
            return -np.log1p(rows)
        some, places = np.unique(rows, return_inverse=True)
        return np.asarray(np.log1p(papers_naming(self.resolver, some))[places])

    def _key(self, options: PairOptions, allowed: NDArray[np.bool_], pairs: int) -> str:
        """Return a digest of all that a pool depends on."""
        from gene_analogies.search import query_pool
        from gene_analogies.search.engine.jit import KERNELS

        vectors = self.prepared.vectors
        kind = (
            f"{_VERSION} {__version__} {KERNELS} {options} {pairs} {self.popularity} "
            f"{vectors.shape} {vectors.dtype.str}"
        )
        digest = hashlib.sha256(kind.encode())
        digest.update(Path(query_pool.__file__).read_bytes())
        if self.popularity == "papers":
            digest.update("\n".join(self.embedding.names).encode())
        digest.update(np.packbits(allowed).tobytes())
        digest.update(np.ascontiguousarray(vectors).data)
        return digest.hexdigest()


def _silent(done: int, total: int) -> None:
    """Report nothing."""


def stored_pools() -> list[Path]:
    """Return the files of pools in the cache folder."""
    files = cache_folder().glob("pool-*.npz")
    return sorted(path for path in files if re.fullmatch(r"pool-[0-9a-f]{32}\.npz", path.name))


def _path(key: str) -> Path:
    return cache_folder() / f"pool-{key[:32]}.npz"


def _read(key: str) -> QueryPool | None:
    """Return a stored pool, or None where there is none, or it is damaged."""
    from gene_analogies.search.query_pool import QueryPool

    path = _path(key)
    try:
        found = QueryPool(**read_arrays(path, key))
    except DamagedFileError as error:
        logger.warning("%s: the random pairs are asked again", error)
        return None
    except OSError:
        return None
    mark_used(path)
    return found


def _write(key: str, pool: QueryPool) -> None:
    """Keep a pool for the next process; where that fails, a warning says why."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_arrays(_path(key), key, vars(pool))
        remove_unused(stored_pools())
    except OSError as error:
        logger.warning(
            "the random pairs could not be kept in %s (%s); the next run asks them again. "
            "GENE_ANALOGIES_CACHE names another folder",
            folder,
            error.strerror or error,
        )
