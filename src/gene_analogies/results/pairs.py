"""The answer of `pairs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from gene_analogies.plots.kinds import ONE_PAIR_KINDS
from gene_analogies.report.table import Column, Item, described
from gene_analogies.results.chance import Chance
from gene_analogies.results.consistency import Consistency
from gene_analogies.results.evidence import PairEvidence, urls_of_papers
from gene_analogies.results.on_map import MappedAnswer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from gene_analogies.plots.picture import Picture

__all__ = ["Pair", "PairsResult"]


class Pair(NamedTuple):
    """One pair of an answer: item names, the similarity of its offset to the query's, evidence.

    What is not known is None, as described in `PairsResult`.
    """

    c: str
    d: str
    similarity: float
    score: float | None = None
    cos_cd: float | None = None
    cos_ac: float | None = None
    cos_bd: float | None = None
    p: float | None = None
    q: float | None = None
    papers: int | None = None
    rank_of_all: int | None = None
    p_cal: float | None = None


@dataclass(frozen=True, repr=False, eq=False)
class PairsResult(MappedAnswer):
    """The pairs that relate as the query does, best first.

    Attributes
    ----------
    examples
        The pairs that were asked for; empty where a ready offset was given.
    c, d
        The k first and second items.
    c_rows, d_rows
        int64 of shape (k,): their rows in the embedding.
    similarity
        float64 of shape (k,): the cosine of the two offsets in [−1, 1], or the negative of their
        Euclidean distance, in units of the embedding.
    metric
        ``"cosine"`` or ``"euclidean"``.
    operation
        ``"difference"`` or ``"sum"``.
    notes
        What a reader should know: names that were rewritten, or left out.
    without_direction
        Number of pairs left out because they have no direction (two equal vectors).
    pair_weight
        How much cos(c, d) counts beside the similarity; 0 unless it was asked for.
    score
        float64 of shape (k,): similarity + ``pair_weight`` · cos(c, d), by which the pairs are
        ordered; None where ``pair_weight`` is 0.
    evidence
        What the pairs can be judged by; each part is worked out when it is shown or asked for.
        Its numbers are attributes of the answer, too.
    chance
        How many random queries like this one find a best match at least as good; None unless it
        was asked for.
    max_similarity
        The highest cosine of a and c, and of b and d, if one was asked for.
    rank_of_all
        int64 of shape (k,): the place of each among all pairs that could be an answer, from 1; None
        unless ``candidates`` were given.
    all_pairs
        How many pairs could be; None unless ``candidates`` were given.
    consistency
        How far the offsets of several examples agree; None for one, and for sums.
    """

    question: ClassVar[str] = "pairs"
    rows_name: ClassVar[str] = "pairs"
    row_kinds: ClassVar[tuple[str, ...]] = ONE_PAIR_KINDS

    examples: tuple[tuple[Item, Item], ...]
    c: tuple[Item, ...]
    d: tuple[Item, ...]
    c_rows: NDArray[np.int64]
    d_rows: NDArray[np.int64]
    similarity: NDArray[np.float64]
    metric: str
    operation: str
    notes: tuple[str, ...] = ()
    without_direction: int = 0
    pair_weight: float = 0.0
    score: NDArray[np.float64] | None = None
    evidence: PairEvidence | None = None
    max_similarity: float | None = None
    rank_of_all: NDArray[np.int64] | None = None
    all_pairs: int | None = None
    consistency: Consistency | None = None
    chance: Chance | None = None

    def picture(
        self,
        kind: str | None = None,
        row: int | None = None,
        *,
        random_best: ArrayLike | None = None,
    ) -> Picture:
        """Return a figure of the answer as lines and texts at places; `plot` draws it.

        Parameters
        ----------
        kind
            Of all pairs, ``"compass"``: their true angles to the query; ``"families"``: a ranked
            list, in the families of `Space.cluster`; ``"heatmap"``: the cosines of their offsets,
            bordered by family; ``"distribution"``: their place among all similarities;
            ``"map"``: where the items lie on the map of `Space.map`. Of one pair,
            ``"quadrilateral"``: the four items at true distances; ``"receipt"``: the four terms
            that its similarity is the sum of. The compass unless a row is given, else the
            quadrilateral.
        row
            Which pair, as in ``answer[row]``; the best one unless given. In a compass it stands
            out, and none does unless given.
        random_best
            The highest cosines that random queries find, to be marked in a compass; unless given,
            those of ``chance``, where it was asked for.

        Raises
        ------
        GeneAnalogiesError
            If there is no such figure of this answer, or it is a copy, which has no vectors.
        """
        from gene_analogies.results.pair_pictures import PairPictures

        if kind == "map" and row is None and random_best is None:
            return self._on_map(
                [item for pair in self.examples for item in pair],
                [item for pair in zip(self.c, self.d, strict=True) for item in pair],
            )
        known = PairPictures(
            self.evidence, self.query, self.title, self.metric, self.operation, self.similarity,
            self.pair_weight, self.score, self.chance.random_best if self.chance else (),
        )  # fmt: skip
        return known.picture(kind, row, random_best)

    def __len__(self) -> int:
        return len(self.c)

    def __iter__(self) -> Iterator[Pair]:
        numbers = (
            self.score, self.cos_cd, self.cos_ac, self.cos_bd, self.p, self.q, self.papers,
            self.rank_of_all, self.p_cal,
        )  # fmt: skip
        known: list[Iterable[Any]] = [
            [None] * len(self) if one is None else one.tolist() for one in numbers
        ]
        for c, d, *rest in zip(self.c, self.d, self.similarity.tolist(), *known, strict=True):
            yield Pair(c.name, d.name, *rest)

    @property
    def cos_cd(self) -> NDArray[np.float64] | None:
        """The cosines of c and d, float64 of shape (k,); 0 where a vector is zero."""
        return None if self.evidence is None else self.evidence.cos_cd

    @property
    def cos_ac(self) -> NDArray[np.float64] | None:
        """Those of a and c, the mean over several examples; None for an offset."""
        return None if self.evidence is None else self.evidence.cos_ac

    @property
    def cos_bd(self) -> NDArray[np.float64] | None:
        """Those of b and d, the mean over several examples; None for an offset."""
        return None if self.evidence is None else self.evidence.cos_bd

    @property
    def p(self) -> NDArray[np.float64] | None:
        """Share of the candidates that are at least as close to c as d is, or to d as c is.

        float64 of shape (k,), the greater of both shares. A small one says that c and d belong
        together, not that they do by this relation. None for other searches than by the cosine of
        differences alone, where it is small by chance too often.
        """
        return None if self.evidence is None else self.evidence.p

    @property
    def p_cal(self) -> NDArray[np.float64] | None:
        """Share of the answers to random queries like this one whose p is as small.

        float64 of shape (k,), shown instead of p; None unless ``chance`` was asked for,
        and where too few random queries are like this one.
        """
        return None if self.evidence is None else self.evidence.p_cal

    @property
    def q(self) -> NDArray[np.float64] | None:
        """The false discovery rate among these k pairs at which each is kept; depends on k.

        Of ``p_cal`` where it is known, else of ``p``.
        """
        return None if self.evidence is None else self.evidence.q

    @property
    def papers(self) -> NDArray[np.int64] | None:
        """How many papers name both c and d, int64 of shape (k,); None without human genes."""
        return None if self.evidence is None else self.evidence.papers

    @property
    def query(self) -> str:
        """The question in words, such as ``EGF : EGFR``."""
        sign = ":" if self.operation == "difference" else "+"
        return ", ".join(f"{a.symbol} {sign} {b.symbol}" for a, b in self.examples) or "an offset"

    @property
    def title(self) -> str:
        """The question and what an answer looks like: ``EGF : EGFR ≈ c : d``."""
        return f"{self.query} ≈ c {':' if self.operation == 'difference' else '+'} d"

    @property
    def explanation(self) -> tuple[str, ...]:
        """The full names of a single example; how to read a row; what the similarity is."""
        lines = []
        if len(self.examples) == 1:
            a, b = self.examples[0]
            if a.full_name and b.full_name:
                sign = ":" if self.operation == "difference" else "+"
                lines.append(f"{a.full_name} {sign} {b.full_name}")
        about = f"similarity: {self._about}"
        if self.pair_weight:
            best = f"{1.0 + self.pair_weight:g}"
            about = f"score: {self._weighted}, at best {best}; {about}"
        return (*lines, self._reading + about, *self._limit, *self._among, *self._judging)

    @property
    def _among(self) -> tuple[str, ...]:
        """What is compared with what, where pairs were named."""
        if self.all_pairs is None:
            return ()
        return (f"named pairs alone; rank of all: the place among all {self.all_pairs:,} pairs",)

    @property
    def _limit(self) -> tuple[str, ...]:
        """Which pairs were left out for what they share with the query."""
        if self.max_similarity is None or self.max_similarity >= 1.0:
            return ()
        return (
            "left out: pairs like the query itself (cos(a, c) or cos(b, d) above "
            f"{self.max_similarity:g})",
        )

    @property
    def _judging(self) -> tuple[str, ...]:
        """What is said of the examples, of the evidence, and of the best match."""
        evidence = self.evidence.explanation if self.evidence else ()
        agree = (self.consistency.sentence,) if self.consistency else ()
        return (*agree, *evidence, *((self.chance.sentence,) if self.chance else ()))

    @property
    def _weighted(self) -> str:
        """What the score is made of."""
        return f"similarity + {self.pair_weight:g} · cos(c, d)"

    @property
    def _reading(self) -> str:
        """How to read a row aloud; nothing for sums, which have no order, and for an offset."""
        if self.operation == "sum" or not self.examples:
            return ""
        if len(self.examples) > 1:
            return "c is to d as in the examples; "
        a, b = self.examples[0]
        return f"{a.symbol} is to {b.symbol} as c is to d; "

    @property
    def _about(self) -> str:
        """What the similarity is, and its best value."""
        kind, best, to = "cosine", 1, "with"
        if self.metric == "euclidean":
            kind, best, to = "negative Euclidean distance", 0, "from"
        sign = "−" if self.operation == "difference" else "+"
        both = f"c {sign} d {to} the offset"
        if len(self.examples) == 1:
            both = f"the two {self.operation}s"
        elif self.examples:
            both = f"c {sign} d {to} the mean {self.operation} of the examples"
        return f"the {kind} of {both}, at best {best}"

    def explanation_in(self, form: Literal["table", "markdown", "html"]) -> tuple[str, ...]:
        """In Markdown one sentence, which says what the similarity is, too."""
        if form != "markdown":
            return self.explanation
        about = "cosine" if self.metric == "cosine" else "negative Euclidean distance"
        line = f"Pairs with the same {self.operation}; similarity is the {about} of the offsets"
        line = f"{line}, score {self._weighted}." if self.pair_weight else f"{line}."
        return (line, *self._limit, *self._judging)

    @property
    def asked(self) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
        """The first members of all examples, and the second ones."""
        return tuple(a for a, _ in self.examples), tuple(b for _, b in self.examples)

    @property
    def remarks(self) -> tuple[str, ...]:
        """How many pairs were left out because they have no direction; why there is no p."""
        lines = []
        if self.without_direction:
            same = "equal" if self.operation == "difference" else "opposite"
            single = self.without_direction == 1
            lines.append(
                f"{self.without_direction:,} {'pair' if single else 'pairs'} of {same} vectors "
                f"{'has' if single else 'have'} no direction and {'is' if single else 'are'} left "
                "out"
            )
        return (*lines, *(self.evidence.remarks if self.evidence else ()))

    @property
    def columns(self) -> tuple[Column, ...]:
        """``c``, ``d``, ``similarity``, ``score`` with a pair weight, and the first evidence."""
        columns = [Column("c", self.c, "item"), Column("d", self.d, "item")]
        if self.metric == "cosine":
            columns.append(Column("similarity", self.similarity, "cosine"))
        else:
            columns.append(Column("similarity", self.similarity, "score", note="negative distance"))
        if self.rank_of_all is not None:
            about = f"among {self.all_pairs:,} pairs"
            columns.append(
                Column("rank_of_all", self.rank_of_all, "count", title="rank of all", note=about)
            )
        if self.cos_cd is not None:
            columns.append(Column("cos_cd", self.cos_cd, "cosine", title="cos(c, d)"))
        if self.score is not None:
            columns.append(Column("score", self.score, "score", note=self._weighted))
        if self.p_cal is not None:
            columns.append(Column("p_cal", self.p_cal, "p", note="c and d belong together"))
        elif self.p is not None:
            columns.append(Column("p", self.p, "p", note="c and d belong together"))
        if self.papers is not None:
            urls = urls_of_papers(self.c, self.d)
            columns.append(Column("papers", self.papers, "count", "", "that name c and d", urls))
        return tuple(columns)

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """These, the rank, the other evidence, and the ids of human genes."""
        return (*self.columns, *(self.evidence.more_columns() if self.evidence else ()))

    @property
    def facts(self) -> dict[str, Any]:
        """The examples and their cosine, the metric, the operation and the other options."""
        weighted = {"pair_weight": self.pair_weight} if self.pair_weight else {}
        limited = {} if self.max_similarity is None else {"max_similarity": self.max_similarity}
        judged: dict[str, Any] = {}
        if self.evidence is not None:
            judged["cos_ab"] = self.evidence.cos_ab
        if self.chance is not None:
            judged["chance"] = self.chance.facts
        return {
            "examples": [[described(a), described(b)] for a, b in self.examples],
            **judged,
            **({"consistency": self.consistency.facts} if self.consistency else {}),
            "metric": self.metric,
            "operation": self.operation,
            **weighted,
            **limited,
        }

    @property
    def totals(self) -> dict[str, Any]:
        """How many pairs have no direction; among how many pairs named ones are ranked."""
        ranked = {} if self.all_pairs is None else {"all_pairs": self.all_pairs}
        return {"without_direction": self.without_direction, **ranked}
