"""The answer of `complete`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from gene_analogies.plots.kinds import MAP_KINDS
from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.evidence import PairEvidence, urls_of_papers
from gene_analogies.results.on_map import MappedAnswer
from gene_analogies.results.pictured import kind_of_all

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gene_analogies.plots.picture import Picture

__all__ = ["CompleteResult", "Completion"]

#: What the score of a method is, for an item d.
_ABOUT = {
    "3CosAdd": "the cosine of d with {step} + {c}, at best 1",
    "3CosMul": "cos(d, {b}) · cos(d, {c}) / cos(d, {a}), each cosine shifted to [0, 1]",
    "PairDirection": "the cosine of d − {c} with {step}, at best 1",
    "3CosAvg": "the cosine of d with {c} plus {step}, at best 1",
    "LRCos": "the probability that d is of the kind of the b's of the examples a : b, times its "
    "cosine with {c}",
}
_ABOUT_LISTS = {
    "3CosAdd": "the cosine with what is added less what is subtracted, at best 1",
    "3CosMul": "the cosines with what is added over those with what is subtracted, "
    "each shifted to [0, 1]",
}


class Completion(NamedTuple):
    """One item of an answer, by name, and its score."""

    name: str
    score: float


@dataclass(frozen=True, repr=False, eq=False)
class CompleteResult(MappedAnswer):
    """The items that complete an analogy, best first.

    Attributes
    ----------
    examples
        The example pairs a, b; empty where lists were given.
    c
        The item to complete; None where lists were given.
    positive, negative
        What was added and subtracted; empty where example pairs were given.
    items
        The k answers.
    rows
        int64 of shape (k,): their rows in the embedding.
    scores
        float64 of shape (k,): a cosine in [−1, 1] for ``3CosAdd``, ``3CosAvg`` and
        ``PairDirection``; for ``3CosMul`` a ratio of products of cosines, at least 0; for
        ``LRCos`` a probability times a cosine, in [−1, 1].
    method
        One of these five.
    notes
        What a reader should know: names that were rewritten, or left out.
    without_direction
        Number of items left out because they have no direction: their vector is zero, or, for
        ``PairDirection``, that of c.
    evidence
        What the pairs c, d can be judged by; each part is worked out when it is shown or asked
        for. Its numbers are attributes of the answer, too. None where lists were given.
    """

    question: ClassVar[str] = "complete"
    rows_name: ClassVar[str] = "items"

    examples: tuple[tuple[Item, Item], ...]
    c: Item | None
    positive: tuple[Item, ...]
    negative: tuple[Item, ...]
    items: tuple[Item, ...]
    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    method: str
    notes: tuple[str, ...] = ()
    without_direction: int = 0
    evidence: PairEvidence | None = None

    def picture(self, kind: str | None = None, row: int | None = None) -> Picture:
        """Return where the answer lies on the map of `Space.map`; `plot` draws it.

        Parameters
        ----------
        kind
            ``"map"``, the only one.
        row
            Must be None, for all items are shown.

        Raises
        ------
        GeneAnalogiesError
            If there is no such figure, or the answer is a copy, which has no vectors.
        """
        kind_of_all(kind, MAP_KINDS, row, "items")
        asked = [item for pair in self.examples for item in pair]
        asked += [*([self.c] if self.c else []), *self.positive, *self.negative]
        return self._on_map(asked, self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Completion]:
        for item, score in zip(self.items, self.scores.tolist(), strict=True):
            yield Completion(item.name, score)

    @property
    def cos_cd(self) -> NDArray[np.float64] | None:
        """The cosines of c and d, float64 of shape (k,); 0 where a vector is zero."""
        return None if self.evidence is None else self.evidence.cos_cd

    @property
    def cos_bd(self) -> NDArray[np.float64] | None:
        """Those of b and d, the mean over several examples."""
        return None if self.evidence is None else self.evidence.cos_bd

    @property
    def papers(self) -> NDArray[np.int64] | None:
        """How many papers name both c and d, int64 of shape (k,); None without human genes."""
        return None if self.evidence is None else self.evidence.papers

    @property
    def query(self) -> str:
        """The question in words, such as ``EGF : EGFR :: HGF : ?`` or ``king + woman − man``."""
        if self.c is not None:
            pairs = ", ".join(f"{a.symbol} : {b.symbol}" for a, b in self.examples)
            return f"{pairs} :: {self.c.symbol} : ?"
        added = " + ".join(item.symbol for item in self.positive)
        return (added + "".join(f" − {item.symbol}" for item in self.negative)).lstrip()

    @property
    def explanation(self) -> tuple[str, ...]:
        """The full names of a single analogy; what the score is."""
        lines = []
        if self.c is not None and len(self.examples) == 1:
            a, b, c = (item.full_name for item in (*self.examples[0], self.c))
            if a and b and c:
                lines.append(f"{a} : {b} :: {c} : ?")
        about = f"{self._score_name}: {self._about} ({self.method})"
        return (*lines, about, *self._judging)

    @property
    def _judging(self) -> tuple[str, ...]:
        """What is said of the evidence."""
        return self.evidence.explanation if self.evidence else ()

    def explanation_in(self, form: Literal["table", "markdown", "html"]) -> tuple[str, ...]:
        """In Markdown one sentence, which says what the score is, too."""
        if form != "markdown":
            return self.explanation
        line = f"Items by {self.method}; {self._score_name} is {self._about}."
        return (line, *self._judging)

    @property
    def asked(self) -> tuple[tuple[Item, ...], ...]:
        """The a's, the b's and c; nothing where lists were given."""
        if self.c is None:
            return ()
        return tuple(a for a, _ in self.examples), tuple(b for _, b in self.examples), (self.c,)

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many items were left out because they have no direction."""
        count = self.without_direction
        if not count:
            return ()
        which = "the vector of c" if self.method == "PairDirection" else "a vector of zeros"
        return (
            f"{count:,} {'item has' if count == 1 else 'items have'} {which}, hence no direction, "
            f"and {'is' if count == 1 else 'are'} left out",
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """``d`` (``item`` where lists were given), ``similarity`` or ``score``, evidence."""
        kind: Literal["cosine", "score"] = "cosine" if self._is_cosine else "score"
        columns = [
            Column("item" if self.c is None else "d", self.items, "item"),
            Column(self._score_name, self.scores, kind, note=self.method),
        ]
        if self.cos_cd is not None:
            columns.append(Column("cos_cd", self.cos_cd, "cosine", title="cos(c, d)"))
        if self.papers is not None:
            urls = urls_of_papers([self.c] * len(self), self.items)
            columns.append(Column("papers", self.papers, "count", "", "that name c and d", urls))
        return tuple(columns)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """These, the rank, the other evidence, and the ids of human genes."""
        more = self.evidence.more_columns(one_c=True) if self.evidence else ()
        return (*self.columns, *more)

    @property
    def facts(self) -> dict[str, Any]:
        """The examples and c, or the lists; the method."""
        if self.c is None:
            asked: dict[str, Any] = {
                "positive": [described(item) for item in self.positive],
                "negative": [described(item) for item in self.negative],
            }
        else:
            asked = {
                "examples": [[described(a), described(b)] for a, b in self.examples],
                "c": described(self.c),
            }
            if self.evidence is not None:
                asked["cos_ab"] = self.evidence.cos_ab
        return {**asked, "method": self.method}

    @property
    def totals(self) -> dict[str, Any]:
        """How many items have no direction."""
        return {"without_direction": self.without_direction}

    @property
    def _is_cosine(self) -> bool:
        return self.method not in ("3CosMul", "LRCos")

    @property
    def _score_name(self) -> str:
        return "similarity" if self._is_cosine else "score"

    @property
    def _about(self) -> str:
        if self.c is None:
            return _ABOUT_LISTS[self.method]
        a, b = (item.symbol for item in self.examples[0])
        step = f"{b} − {a}"
        if len(self.examples) > 1:
            step = "the mean of b − a over the examples a : b"
        return _ABOUT[self.method].format(a=a, b=b, c=self.c.symbol, step=step)
