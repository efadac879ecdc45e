"""The classic question: a is to b as c is to what."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.base import Base
from gene_analogies.questions.origin import with_call
from gene_analogies.results import CompleteResult
from gene_analogies.results.evidence import PairEvidence
from gene_analogies.util.arguments import check_choice, check_int

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.search.items.complete import Found

__all__ = ["METHODS", "Asked", "Complete", "CompleteMethod", "choose_method"]

CompleteMethod = Literal["3CosAdd", "3CosMul", "PairDirection", "3CosAvg", "LRCos"]

METHODS = ("3CosAdd", "3CosMul", "PairDirection", "3CosAvg", "LRCos")
#: The methods that take one example pair, or lists.
_PLAIN = ("3CosAdd", "3CosMul")

#: LRCos learns from at least this many different b's.
MIN_MEMBERS = 5


class Asked(NamedTuple):
    """Rows of a question: example pairs and c, or (c being None) lists."""

    examples: list[tuple[int, int]]
    c: int | None
    positive: list[int]
    negative: list[int]

    @property
    def added(self) -> list[int]:
        """The b's, then c; or the positive list."""
        return self.positive if self.c is None else [*(b for _, b in self.examples), self.c]

    @property
    def subtracted(self) -> list[int]:
        """The a's, or the negative list."""
        return self.negative if self.c is None else [a for a, _ in self.examples]

    @property
    def rows(self) -> list[int]:
        """All of them: those added, then those subtracted."""
        return [*self.added, *self.subtracted]

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weight of each of ``rows`` in 3CosAdd and 3CosAvg."""
        share = 1.0 / max(1, len(self.examples))
        weights = [share] * len(self.added) + [-share] * len(self.subtracted)
        if self.c is not None:
            weights[len(self.examples)] = 1.0
        return np.array(weights)


class Complete(Base):
    """`complete`: a : b :: c : ?."""

    @with_call
    def complete(
        self,
        a: str | Iterable[tuple[str, str]] | None = None,
        b: str | None = None,
        c: str | None = None,
        *,
        positive: str | Iterable[str] | None = None,
        negative: str | Iterable[str] | None = None,
        method: CompleteMethod | None = None,
        k: int = 10,
        among: Iterable[str] | None = None,
        truncate: int | None = None,
        include_query: bool = False,
    ) -> CompleteResult:
        """Find the items that complete an analogy: a is to b as c is to which; exact.

        Asked in one of three ways: ``complete("man", "king", "woman")``; by several examples of
        one relation, ``complete([("france", "paris"), ("italy", "rome")], c="spain")``; or, as in
        gensim, ``complete(positive=["king", "woman"], negative=["man"])``.

        Parameters
        ----------
        a, b, c
            Names of three items; or example pairs as ``a``, and the item to complete as ``c=``.
        positive, negative
            Names of items to add and subtract instead; a name given twice counts twice.
            Answers are those of gensim's ``most_similar`` (3CosAdd) and ``most_similar_cosmul``
            (3CosMul).
        method
            ``"3CosAdd"``: the cosine with b − a + c, of unit vectors; the default.
            ``"3CosMul"``: cos(d, b) · cos(d, c) / (cos(d, a) + 10⁻⁶), each cosine shifted to
            [0, 1] (Levy & Goldberg 2014).
            ``"PairDirection"``: the cosine of d − c with b − a, of the vectors as they are (the
            same source); the similarity that `pairs` finds for the pair c, d. Of several
            examples, with the mean of their unit offsets.
            ``"3CosAvg"``: the cosine with c plus the mean of all b − a, of unit vectors (Drozd,
            Gladkova & Matsuoka 2016); the default for several examples.
            ``"LRCos"``: the probability that d is of the class of the b's, times the cosine with
            c (the same source). It needs at least five different b's, and scikit-learn, whose
            logistic regression (C = 1, classes of equal weight) separates the b's from the a's and
            as many random items as there are b's, drawn with a fixed seed from the first
            ``truncate`` items.
        k
            How many items to return; fewer where there are fewer.
        among
            Names to which answers are restricted; names without a vector are left out, and noted.
        truncate
            Search the first rows only, this many.
        include_query
            Keep the items that were asked with.

        Returns
        -------
        CompleteResult
            Best first; scores that agree to about twelve digits are ordered by rows. Items of
            zero vectors have no cosine, and items with the vector of c no direction from it:
            they are left out and counted.

        Raises
        ------
        ItemNameError
            If a name does not lead to one item.
        MissingExtraError
            If LRCos is asked for without scikit-learn.
        GeneAnalogiesError
            If an argument has no meaning, the query has no direction, or no item is left.
        """
        k = check_int("k", k)
        notes: list[str] = []
        asked = self._asked(a, b, c, positive, negative, notes)
        chosen = choose_method(method, asked)
        allowed = self._allowed(among, truncate, notes)
        allowed = allowed if truncate is None else allowed[:truncate]
        found = self._completions(asked, chosen, allowed, k, include_query, notes)
        examples = tuple((self.item(x), self.item(y)) for x, y in asked.examples)
        item = None if asked.c is None else self.item(asked.c)
        items = self._items(found.rows)
        evidence = None
        if item is not None:
            # Most methods prefer what is close to c, so that its closeness is no evidence.
            evidence = PairEvidence(
                self.prepared, examples, tuple(asked.examples), (item,) * len(items), items,
                np.full_like(found.rows, asked.c), found.rows, candidates=None,
            )  # fmt: skip
        return CompleteResult(
            examples=examples,
            c=item,
            positive=self._items(asked.positive),
            negative=self._items(asked.negative),
            items=items,
            rows=found.rows,
            scores=found.scores,
            method=chosen,
            notes=tuple(notes),
            without_direction=found.without_direction,
            evidence=evidence,
        )

    def _completions(
        self,
        asked: Asked,
        method: str,
        allowed: NDArray[np.bool_],
        k: int,
        include_query: bool,
        notes: Sequence[str],
    ) -> Found:
        """Return the best of the allowed rows, which are the first ones or all.

        Those that were asked with are left out, unless they are to be kept.
        """
        allowed, first = allowed.copy(), len(allowed)
        if not include_query:
            allowed[[row for row in asked.rows if row < first]] = False
        elif method == "PairDirection" and asked.c is not None and asked.c < first:
            allowed[asked.c] = False  # it makes no pair with itself
        if not allowed.any():
            why = "".join(f"; {note}" for note in notes)
            raise GeneAnalogiesError(f"no item is left to complete the analogy{why}")
        return self._best(asked, method, k, allowed)

    def _best(self, asked: Asked, method: str, k: int, allowed: NDArray[np.bool_]) -> Found:
        """Return the best of the allowed rows, which are the first ones or all."""
        from gene_analogies.search.items import complete as search

        every, lengths = self.prepared.vectors, self.prepared.norms
        among = every[: len(allowed)], lengths[: len(allowed)]
        if method == "PairDirection":
            from gene_analogies.search.direction import mean_direction

            back, _ = mean_direction(every, asked.examples, -1, self.embedding.names)
            return search.find_by_direction(*among, -back, every[asked.c], k, allowed)
        for row in asked.rows:
            if lengths[row] == 0.0:
                name = self.embedding.names[row]
                raise GeneAnalogiesError(
                    f"the vector of {name!r} is zero, and {method} needs its direction"
                )
        units = search.unit_rows(every, lengths, np.array(asked.rows))
        if method == "3CosMul":
            added = len(asked.added)
            return search.find_by_products(*among, units[:added], units[added:], k, allowed)
        if method == "LRCos":
            from gene_analogies.search.learned.lrcos import find_by_class, learn_class

            members, others = self._classes(asked, among[1])
            learnt = learn_class(every, lengths, members, others)
            return find_by_class(*among, *learnt, units[len(asked.examples)], k, allowed)
        target = asked.weights @ units
        length = math.sqrt(target @ target)
        if length < (limit := 1e-12 * len(units)):
            raise GeneAnalogiesError(
                "the items asked with cancel out: no direction is left (its length is "
                f"{length:.2g}, and less than {limit:g} is rounding of float64)"
            )
        return search.find_by_cosine(*among, target / length, k, allowed)

    def _classes(
        self, asked: Asked, norms: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows that LRCos learns from: the b's; the a's and random others."""
        members = np.unique([b for _, b in asked.examples])
        outside = np.setdiff1d([a for a, _ in asked.examples], members)
        free = norms > 0.0
        free[[row for row in asked.rows if row < len(free)]] = False
        pool = np.flatnonzero(free)
        count = min(len(members), len(pool))
        chance = np.random.default_rng(0).choice(pool, count, replace=False)
        others = np.concatenate([outside, chance])
        if not len(others):
            raise GeneAnalogiesError("LRCos needs items that are no b's to learn from")
        return members, others

    def _asked(
        self,
        a: str | Iterable[tuple[str, str]] | None,
        b: str | None,
        c: str | None,
        positive: str | Iterable[str] | None,
        negative: str | Iterable[str] | None,
        notes: list[str],
        *,
        suggest: bool = True,
    ) -> Asked:
        """Return the rows of the items asked with."""
        if positive is not None or negative is not None:
            if not a is b is c is None:
                raise GeneAnalogiesError(
                    "give either a, b and c or positive= and negative=, not both"
                )
            added = self._rows_as_given(positive, "positive", notes, suggest)
            subtracted = self._rows_as_given(negative, "negative", notes, suggest)
            if not added and not subtracted:
                raise GeneAnalogiesError("positive and negative are both empty")
            return Asked([], None, added, subtracted)
        if a is None:
            raise GeneAnalogiesError(
                "complete needs a, b and c; example pairs and c=; or positive= and negative="
            )
        if isinstance(a, (str, int)):
            if b is None:
                raise GeneAnalogiesError(f"complete needs b and c beside {a!r}")
            pairs: Iterable[tuple[str, str]] = [(str(a), b)]
        elif b is not None:
            raise GeneAnalogiesError(
                f"after example pairs give the item to complete as c=, not {b!r} as b"
            )
        else:
            pairs = a
        if c is None:
            raise GeneAnalogiesError("complete needs an item to complete: c= is missing")
        examples = self._rows_of_pairs(pairs, notes, suggest=suggest)
        return Asked(examples, self._row(c, notes, suggest=suggest), [], [])

    def _rows_as_given(
        self, names: str | Iterable[str] | None, what: str, notes: list[str], suggest: bool
    ) -> list[int]:
        """Return the rows of names, one for each, even where two are the same."""
        if names is None:
            return []
        if isinstance(names, str):
            return [self._row(names, notes, suggest=suggest)]
        if not isinstance(names, Iterable):
            raise GeneAnalogiesError(f"{what} must be a name or a list of names, not {names!r}")
        given = list(names)
        for name in given:
            if not isinstance(name, (str, int)):
                kind = type(name).__name__
                raise GeneAnalogiesError(f"{what} must hold names; it holds a {kind}")
        return [self._row(name, notes, suggest=suggest) for name in given]


def choose_method(method: str | None, asked: Asked) -> str:
    """Return the method to use; refuse one that cannot answer what is asked."""
    several = len(asked.examples) > 1
    if method is None:
        return "3CosAvg" if several else "3CosAdd"
    check_choice("method", method, METHODS)
    if asked.c is None and method not in _PLAIN:
        raise GeneAnalogiesError(
            f"{method} needs example pairs and c; lists of items take {' or '.join(_PLAIN)}"
        )
    if method == "3CosMul" and not asked.added:
        raise GeneAnalogiesError("3CosMul needs at least one positive item")
    if several and method in _PLAIN:
        raise GeneAnalogiesError(
            f"{method} takes one example pair, not {len(asked.examples)}; several take "
            "3CosAvg, LRCos or PairDirection"
        )
    members = len({b for _, b in asked.examples})
    if method == "LRCos" and members < MIN_MEMBERS:
        raise GeneAnalogiesError(
            f"LRCos learns what the b's have in common, from at least {MIN_MEMBERS} different "
            f"ones, not {members}; 3CosAvg needs no more than these"
        )
    return method
