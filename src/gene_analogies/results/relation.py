"""The answer of `relation`: what an embedding knows of the relation between the items of pairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gene_analogies.report.table import Column, Item
from gene_analogies.results.answer import Answer
from gene_analogies.results.pictured import PicturedAnswer
from gene_analogies.results.relation_parts import (
    OUTLIER,
    VERDICTS,
    Control,
    Prediction,
    RelationPair,
    RelationTest,
)
from gene_analogies.util.wording import first_few, pluralise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.plots.picture import Picture
    from gene_analogies.search.learned.examine import Verdict

__all__ = ["RelationPairs", "RelationResult"]

_UNORDERED = "partners are closer than chance would have them; no order was tested"

_SHOWN = 5


@dataclass(frozen=True, repr=False, eq=False)
class RelationResult(PicturedAnswer):
    """What an embedding knows of a relation: a row for each test, and a verdict.

    Attributes
    ----------
    source
        The name of the file; empty for pairs that came from Python.
    verdict
        ``"analogy"``, ``"related_pairs"``, ``"classes_only"``, ``"no_relation"`` or
        ``"too_few_pairs"``.
    tests
        The tests that were made: ``direction``, ``pairing``, ``prediction``.
    given
        How many pairs were given.
    independent
        How many of those used share no item.
    prediction
        How partners were found; None where they were not asked for.
    control
        The random pairs that are matched to these; None where there is no pair.
    a, b
        The items of the m pairs that were used.
    a_rows, b_rows
        int64 of shape (m,): their rows in the embedding.
    offset_cosine
        float64 of shape (m,): the cosine of each pair's offset b − a with the mean offset of the
        pairs that share no item with it; NaN where there is none.
    cos_ab
        float64 of shape (m,): the cosine of a and b.
    auc
        float64 of shape (m,): the share of the other b's that a is less close to, ties counted
        half.
    fit
        ``"fits"`` or ``"outlier"`` for every pair; empty where the relation has no direction and
        no pairing to judge by.
    unordered, seed
        As they were asked for.
    notes
        Names that were rewritten or not found, and pairs that were left out.
    """

    question: ClassVar[str] = "relation"
    rows_name: ClassVar[str] = "tests"
    ranked: ClassVar[bool] = False

    verdict: Verdict
    tests: tuple[RelationTest, ...]
    given: int
    independent: int
    prediction: Prediction | None
    control: Control | None
    a: tuple[Item, ...]
    b: tuple[Item, ...]
    a_rows: NDArray[np.int64]
    b_rows: NDArray[np.int64]
    offset_cosine: NDArray[np.float64]
    cos_ab: NDArray[np.float64]
    auc: NDArray[np.float64]
    fit: tuple[str, ...]
    unordered: bool
    seed: int
    source: str = ""
    notes: tuple[str, ...] = ()

    def picture(self, kind: str | None = None, row: int | None = None) -> Picture:
        """Return the tests as lines and texts at places; `plot` draws it.

        Parameters
        ----------
        kind
            ``"relation"``, the only one: direction, pairing and prediction, each beside what it is
            compared with.
        row
            Must be None, for all tests are shown.

        Raises
        ------
        GeneAnalogiesError
            If there is no such figure.
        """
        from gene_analogies.results.relation_pictures import Known, picture_of

        return picture_of(
            self.title, {"": Known(self.verdict, self.tests, self.prediction)}, kind, row
        )

    def __len__(self) -> int:
        return len(self.tests)

    def __iter__(self) -> Iterator[RelationTest]:
        yield from self.tests

    @property
    def details(self) -> RelationPairs:
        """Every pair, and how well it fits."""
        return RelationPairs(self)

    @property
    def query(self) -> str:
        """Where the pairs came from, and how many were used."""
        pairs = pluralise(len(self.a), "pair")
        return f"{self.source}: {pairs}" if self.source else f"a relation of {pairs}"

    @property
    def title(self) -> str:
        """The pairs, and the verdict on them: ``capitals.txt: 76 pairs: analogy``."""
        return f"{self.query}: {VERDICTS[self.verdict][0]}"

    @property
    def explanation(self) -> tuple[str, ...]:
        """The verdict, each test and the control, in a sentence each."""
        says = VERDICTS[self.verdict][1]
        if self.unordered and self.verdict == "related_pairs":
            says = _UNORDERED
        if self.verdict == "too_few_pairs":
            are = "is" if self.independent == 1 else "are"
            says += f"; here {are} {self.independent}"
        return (
            f"{VERDICTS[self.verdict][0]}: {says}",
            *(self._sentence(test) for test in self.tests),
            *self._of_control(),
        )

    def _sentence(self, test: RelationTest) -> str:
        if np.isnan(test.effect):
            return f"{test.test}: cannot be told from these pairs"
        if test.test == "direction":
            return (
                f"direction: the offsets b − a of two pairs have a mean cosine of {test.effect:.4f}"
                f"; they agree as much with {_p(test.p)} when roles are swapped at random"
            )
        if test.test == "pairing":
            return (
                f"pairing: a is closer to its b than to another b {_percent(test.effect)} of the "
                f"time; pairs are as close with {_p(test.p)} when partners are exchanged at "
                "random"
            )
        return self._of_prediction(test.effect)

    def _of_prediction(self, gain: float) -> str:
        found = self.prediction
        if found is None or np.isnan(gain):
            return "prediction: cannot be told from these pairs"
        analogy, rule = (
            (found.reciprocal_ranks[name], found.hits[name])
            for name in ("3CosAvg", found.best_rule)
        )
        error = "" if np.isnan(found.error) else f" ± {found.error:.4f} (one standard error)"
        return (
            f"prediction: the mean of 1/rank of the partner is {analogy[0]:.4f} by the mean offset "
            f"(3CosAvg) and {rule[0]:.4f} by the best rule without it ({found.best_rule}): a gain "
            f"of {gain:+.4f}{error}; among the first ten are {_percent(analogy[1])} and "
            f"{_percent(rule[1])}"
        )

    def _of_control(self) -> Iterator[str]:
        if self.control is None:
            return
        like = {
            "papers": "of genes with as many papers",
            "row": "of items about as far down the file",
            None: "(how popular items are is not known)",
        }[self.control.popularity]
        same = (
            "; so the verdict is no sign of this relation: random pairs as close get it, too"
            if self.verdict == self.control.verdict == "related_pairs"
            else ""
        )
        yield (
            f"control: {pluralise(self.control.pairs, 'random pair')} {like}, and about as close "
            f"(mean cosine {self.control.cosine:.4f}, here {float(self.cos_ab.mean()):.4f}); the "
            f"verdict on them: {VERDICTS[self.control.verdict][0]}{same}"
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """Which pairs are outliers."""
        outliers = [
            f"{a.symbol} : {b.symbol}"
            for a, b, fit in zip(self.a[::-1], self.b[::-1], self.fit[::-1], strict=True)
            if fit == OUTLIER
        ]
        if not outliers:
            return ()
        count = f"{len(outliers):,} of {pluralise(len(self.a), 'pair')}"
        be = "is an outlier" if len(outliers) == 1 else "are outliers"
        return (f"{count} {be} (--details lists all): {first_few(outliers, _SHOWN)}",)

    @property
    def columns(self) -> tuple[Column, ...]:
        """``test``, ``effect``, ``low``, ``high``, ``p``, ``control`` and ``control_p``."""
        names, effect, low, high, p, control, control_p = zip(*self.tests, strict=True)
        return (
            Column("test", names, "text"),
            Column("effect", np.array(effect), "cosine"),
            Column("low", np.array(low), "cosine", "95 % from"),
            Column("high", np.array(high), "cosine", "to"),
            Column("p", np.array(p), "p"),
            Column("control", np.array(control), "cosine"),
            Column("control_p", np.array(control_p), "p", "p of control"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The verdict, the counts of pairs, the rules of prediction, the control, the options."""
        return {
            "verdict": self.verdict,
            "says": VERDICTS[self.verdict][0],
            "used": len(self.a),
            "given": self.given,
            "independent": self.independent,
            "outliers": self.fit.count(OUTLIER),
            "prediction": None if self.prediction is None else self.prediction._asdict(),
            "control": None if self.control is None else self.control._asdict(),
            "unordered": self.unordered,
            "seed": self.seed,
        }


def _p(p: float) -> str:
    return "a p that cannot be told" if np.isnan(p) else f"p = {p:.2g}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


class RelationPairs(Answer):
    """The pairs of a relation, those that fit best first.

    Parameters
    ----------
    result
        What is known of the relation.
    """

    question: ClassVar[str] = "relation"
    rows_name: ClassVar[str] = "pairs"

    def __init__(self, result: RelationResult) -> None:
        self._result = result
        self.notes = result.notes

    def __len__(self) -> int:
        return len(self._result.a)

    def __iter__(self) -> Iterator[RelationPair]:
        result = self._result
        for a, b, *values in zip(
            result.a,
            result.b,
            result.offset_cosine.tolist(),
            result.cos_ab.tolist(),
            result.auc.tolist(),
            result.fit,
            strict=True,
        ):
            yield RelationPair(a.name, b.name, *values)

    @property
    def query(self) -> str:
        """As of the relation."""
        return self._result.query

    @property
    def title(self) -> str:
        """As of the relation."""
        return self._result.title

    @property
    def explanation(self) -> tuple[str, ...]:
        """What the columns are, and when a pair is an outlier."""
        columns = (
            "cos(a, b): the cosine of a and b; auc: the share of the other b's that a is less close"
            " to"
        )
        rule = "its auc is below 0.5, if the relation has a pairing (p < 0.05)"
        if not self._result.unordered:
            columns = (
                "offset: the cosine of b − a with the mean offset of the pairs that share no item "
                f"with it; {columns}"
            )
            rule = f"its offset is 0 or less, if the relation has a direction (p < 0.05), or {rule}"
        return columns, f"a pair is an outlier where {rule}"

    @property
    def columns(self) -> tuple[Column, ...]:
        """``a``, ``b``, ``offset_cosine`` (with an order), ``cos_ab``, ``auc`` and ``fit``."""
        result = self._result
        offsets = Column("offset_cosine", result.offset_cosine, "cosine", "offset")
        return (
            Column("a", result.a, "item"),
            Column("b", result.b, "item"),
            *(() if result.unordered else (offsets,)),
            Column("cos_ab", result.cos_ab, "cosine", "cos(a, b)"),
            Column("auc", result.auc, "cosine"),
            Column("fit", result.fit, "text"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """As of the relation."""
        return self._result.facts
