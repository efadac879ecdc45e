"""From parameters to answers of the library: the one place for the API, files and pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.questions.agree import agree
from gene_analogies.questions.known import known
from gene_analogies.results import Answer, RelationsResult
from gene_analogies.util.wording import pluralise
from gene_analogies.web.names import NameIndex
from gene_analogies.web.parameters import OfRelation
from gene_analogies.web.problems import not_together, problem_of, refused
from gene_analogies.web.work import Kind, Receive, Work

if TYPE_CHECKING:
    from gene_analogies.space import Space
    from gene_analogies.web.parameters import (
        OfAnalogies,
        OfComplete,
        OfKnown,
        OfPairs,
        OfRelationAddress,
        OfSimilar,
    )

__all__ = ["Plan", "Questions"]

T = TypeVar("T")


class _NotReadyError(Exception):
    """A quick question turns out to take long."""


def _not_ready(*_: int) -> None:
    raise _NotReadyError


class Plan(NamedTuple):
    """How a question is answered.

    Attributes
    ----------
    embeddings
        What is asked.
    kind
        Which threads do it.
    ask
        Answers it.
    otherwise
        Answers it in the threads for long questions, where ``ask`` finds that it takes long.
    """

    embeddings: Sequence[str]
    kind: Kind
    ask: Callable[[], Answer]
    otherwise: Callable[[], Answer] | None = None


class Questions:
    """Asks the spaces that a server was started with.

    Each question is a method from its parameters to a `Plan`, which `answer` carries out.

    Parameters
    ----------
    spaces
        By the names that ``e`` has; the first one is asked unless another is named.
    chance
        Whether `pairs` may be asked with ``chance``.
    work
        The threads.

    Attributes
    ----------
    names
        The names of each of them, to complete what is being typed.
    """

    def __init__(self, spaces: Mapping[str, Space], *, chance: bool, work: Work) -> None:
        if not spaces:
            raise GeneAnalogiesError("a server needs at least one embedding")
        self.spaces = dict(spaces)
        self.chance = chance
        self.work = work
        self.names = {name: NameIndex(space) for name, space in self.spaces.items()}

    def chosen(self, e: Sequence[str], most: int = 1) -> list[str]:
        """Return the names of the embeddings to ask: the first one unless some are named.

        Raises
        ------
        RefusedError
            If one is not served, or there are more than ``most``.
        """
        for name in e:
            if name not in self.spaces:
                raise refused(f"e must be one of {', '.join(self.spaces)}, not {name!r}", "e")
        found = list(dict.fromkeys(e)) or [next(iter(self.spaces))]
        if len(found) > most:
            raise refused(
                f"{pluralise(most, 'embedding')} can be asked here, not {len(found)}", "e"
            )
        return found

    async def answer(self, plan: Plan, show: Callable[[Answer], T], receive: Receive) -> T:
        """Return an answer as it is shown.

        Parameters
        ----------
        plan
            As a question returns it.
        show
            Makes of it what is sent, in the same thread: evidence is worked out when it is shown.
        receive
            As for `Work.run`.

        Raises
        ------
        RefusedError
            If the library refuses the question.
        """
        try:
            return await self.run(plan.kind, plan.embeddings, lambda: show(plan.ask()), receive)
        except _NotReadyError:
            slow = plan.otherwise or plan.ask
            return await self.run("long", plan.embeddings, lambda: show(slow()), receive)

    async def run(
        self, kind: Kind, embeddings: Sequence[str], function: Callable[[], T], receive: Receive
    ) -> T:
        """Do the same for any function that asks some embeddings."""
        try:
            return await self.work.run(kind, function, receive)
        except GeneAnalogiesError as error:
            raise problem_of(error, embeddings, self.spaces) from None

    def pairs(self, asked: OfPairs) -> Plan:
        """Plan `Space.pairs`; `ga.agree` for two embeddings."""
        names = self.chosen(asked.e, 2)
        examples = _examples(asked.a, asked.b)
        options = asked.model_dump(exclude={"e", "a", "b", "chance"})
        spaces = [self.spaces[name] for name in names]
        if len(spaces) == 2:
            if asked.chance:
                raise refused("chance is of one embedding: give e once", "chance")
            return Plan(names, "long", partial(agree, spaces[0], spaces[1], *examples, **options))
        ask = partial(spaces[0].pairs, *examples, **options)
        if not asked.chance:
            # Some of the rows may need an index of their own.
            return Plan(names, "quick" if asked.truncate is None else "long", ask)
        if not self.chance:
            raise refused("chance was turned off when this server was started", "chance")
        # With random queries that were asked before it is compared at once.
        ready = partial(ask, chance=True, progress=_not_ready)
        return Plan(names, "quick", ready, partial(ask, chance=True))

    def pairs_with_chance(self, asked: OfPairs) -> Plan:
        """Plan the same, with chance where that is known at once."""
        names = self.chosen(asked.e, 2)
        plain = self.pairs(asked)
        if asked.chance or not self.chance or len(names) == 2:
            return plain
        compared = self.pairs(asked.model_copy(update={"chance": True})).ask

        def ask() -> Answer:
            try:
                return compared()
            except _NotReadyError:
                return plain.ask()

        return plain._replace(ask=ask)

    def similar(self, asked: OfSimilar) -> Plan:
        """Plan `Space.similar`."""
        names = self.chosen(asked.e)
        options = asked.model_dump(exclude={"e", "names"})
        given = asked.names if len(asked.names) > 1 else asked.names[0]
        return Plan(names, "quick", partial(self.spaces[names[0]].similar, given, **options))

    def complete(self, asked: OfComplete) -> Plan:
        """Plan `Space.complete`."""
        names = self.chosen(asked.e)
        options = asked.model_dump(include={"c", "method", "k", "truncate", "include_query"})
        if asked.positive or asked.negative:
            options |= {"positive": asked.positive, "negative": asked.negative}
        examples = _examples(asked.a, asked.b)
        ask = partial(self.spaces[names[0]].complete, *examples, **options)
        return Plan(names, "long" if asked.method == "LRCos" else "quick", ask)

    def analogies(self, asked: OfAnalogies) -> Plan:
        """Plan `Space.analogies`."""
        names = self.chosen(asked.e)
        options = asked.model_dump(exclude={"e", "a"})
        return Plan(names, "long", partial(self.spaces[names[0]].analogies, asked.a, **options))

    def relation(self, asked: OfRelation) -> Plan:
        """Plan `Space.relation`; side by side for several embeddings."""
        names = self.chosen(asked.e, len(self.spaces))
        options = asked.model_dump(exclude={"e", "pairs"})

        def ask() -> Answer:
            found = [self.spaces[name].relation(asked.pairs, **options) for name in names]
            return found[0] if len(found) == 1 else RelationsResult(tuple(names), tuple(found))

        return Plan(names, "long", ask)

    def listed(self, asked: OfRelationAddress) -> OfRelation:
        """Return the pairs of an address as a list of pairs."""
        if len(asked.a) != len(asked.b):
            raise not_together(asked.a, asked.b)
        found = [*zip(asked.a, asked.b, strict=True)]
        return OfRelation(pairs=found, **asked.model_dump(exclude={"a", "b"}))

    def known(self, asked: OfKnown) -> Plan:
        """Plan `ga.known`."""
        return Plan((), "quick", partial(known, asked.a, asked.b, k=asked.k))


def _examples(a: Sequence[str], b: Sequence[str]) -> tuple[Any, ...]:
    """Return example pairs as the library takes them: two names, one list, or nothing."""
    if len(a) != len(b):
        raise not_together(a, b)
    if not a:
        return ()
    return (a[0], b[0]) if len(a) == 1 else ([*zip(a, b, strict=True)],)
