"""The answer of `relation` for several embeddings, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from gene_analogies.report.table import Column
from gene_analogies.results.pictured import PicturedAnswer
from gene_analogies.results.relation import RelationResult
from gene_analogies.results.relation_parts import VERDICTS, RelationTest

if TYPE_CHECKING:
    from gene_analogies.plots.picture import Picture

__all__ = ["RelationIn", "RelationsResult"]

_ABSENT = RelationTest("", *[float("nan")] * 6)


def _told(test: RelationTest) -> dict[str, Any]:
    """Return a test with None for what is not known, as JSON has it."""
    return {key: None if value != value else value for key, value in test._asdict().items()}


class RelationIn(NamedTuple):
    """What one embedding knows of a relation; NaN for what was not tested."""

    embedding: str
    verdict: str
    pairs: int
    direction: float
    direction_p: float
    pairing: float
    pairing_p: float
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True, repr=False, eq=False)
class RelationsResult(PicturedAnswer):
    """What several embeddings know of one relation: a row for each.

    Attributes
    ----------
    embeddings
        What they are called.
    results
        What each of them knows.
    """

    question: ClassVar[str] = "relation"
    rows_name: ClassVar[str] = "embeddings"
    ranked: ClassVar[bool] = False

    embeddings: tuple[str, ...]
    results: tuple[RelationResult, ...]

    @property
    def notes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Those of each embedding."""
        return tuple(
            f"{name}: {note}"
            for name, result in zip(self.embeddings, self.results, strict=True)
            for note in result.notes
        )

    def picture(self, kind: str | None = None, row: int | None = None) -> Picture:
        """Return the tests of each embedding as lines and texts at places; `plot` draws it.

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

        known = {
            name: Known(result.verdict, result.tests, result.prediction)
            for name, result in zip(self.embeddings, self.results, strict=True)
        }
        return picture_of(self.title, known, kind, row)

    def __len__(self) -> int:
        return len(self.results)

    def __iter__(self) -> Iterator[RelationIn]:
        for name, result in zip(self.embeddings, self.results, strict=True):
            tests = {test.test: test for test in result.tests}
            direction, pairing, gain = (
                tests.get(one, _ABSENT) for one in ("direction", "pairing", "prediction")
            )
            yield RelationIn(
                name,
                VERDICTS[result.verdict][0],
                len(result.a),
                direction.effect,
                direction.p,
                pairing.effect,
                pairing.p,
                gain.effect,
                gain.low,
                gain.high,
            )

    @property
    def query(self) -> str:
        """The pairs, and in how many embeddings."""
        return f"{self.results[0].source or 'a relation'} in {len(self)} embeddings"

    @property
    def explanation(self) -> tuple[str, ...]:
        """What the numbers are."""
        return (
            "direction: the mean cosine of the offsets of two pairs; pairing: how often a is closer"
            " to its b than to another; gain: by how much the mean of 1/rank of a partner is higher"
            " by the mean offset than by the best rule without it, with a 95 % interval",
        )

    @property
    def columns(self) -> tuple[Column, ...]:
        """As the fields of `RelationIn`."""
        names, verdicts, pairs, direction, direction_p, pairing, pairing_p, gain, low, high = zip(
            *self, strict=True
        )
        return (
            Column("embedding", names, "text"),
            Column("verdict", verdicts, "text"),
            Column("pairs", np.array(pairs), "count"),
            Column("direction", np.array(direction), "cosine"),
            Column("direction_p", np.array(direction_p), "p", "p"),
            Column("pairing", np.array(pairing), "cosine"),
            Column("pairing_p", np.array(pairing_p), "p", "p"),
            Column("gain", np.array(gain), "cosine"),
            Column("gain_low", np.array(low), "cosine", "from"),
            Column("gain_high", np.array(high), "cosine", "to"),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """The tests, the control and the options, for each embedding."""
        return {
            "relations": {
                name: {**result.facts, "tests": [_told(test) for test in result]}
                for name, result in zip(self.embeddings, self.results, strict=True)
            }
        }
