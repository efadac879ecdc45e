"""The figure of what one embedding or several know of a relation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from gene_analogies.plots.caption import number
from gene_analogies.plots.kinds import RELATION_KINDS
from gene_analogies.results.pictured import kind_of_all
from gene_analogies.results.relation_parts import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gene_analogies.plots.picture import Picture
    from gene_analogies.plots.relation_picture import Tested
    from gene_analogies.results.relation_parts import Prediction, RelationTest
    from gene_analogies.search.learned.examine import Verdict

__all__ = ["Known", "picture_of"]

_OFFSET = "3CosAvg"


class Known(NamedTuple):
    """What an embedding knows of a relation, as in `gene_analogies.results.RelationResult`."""

    verdict: Verdict
    tests: tuple[RelationTest, ...]
    prediction: Prediction | None


def picture_of(
    title: str, results: Mapping[str, Known], kind: str | None, row: int | None
) -> Picture:
    """Return the tests of a relation as panels, for each embedding by its name.

    Raises
    ------
    GeneAnalogiesError
        If there is no such figure.
    """
    from gene_analogies.plots.relation_picture import relation_picture

    kind_of_all(kind, RELATION_KINDS, row, "tests")
    words = [
        "Dots: the effect with its 95 % interval (blue) and that of random pairs as popular and as "
        "close (control); dashed: chance. Bars: how well partners are found by the mean offset "
        f"({_OFFSET}, blue) and by rules without it; longer is better.",
    ]
    return relation_picture(
        title, [_tested(name, result) for name, result in results.items()], words
    )


def _tested(name: str, result: Known) -> Tested:
    from gene_analogies.plots.relation_picture import Effect, Tested

    effects = {
        test.test: Effect(test.effect, test.low, test.high, test.p, test.control)
        for test in result.tests
    }
    verdict = VERDICTS[result.verdict][0]
    rules: dict[str, float] = {}
    gain = "not tested"
    found, tested = result.prediction, effects.get("prediction")
    if tested is not None:
        gain = "cannot be told"
    if found is not None and tested is not None and not math.isnan(tested.value):
        ranks = dict(found.reciprocal_ranks)
        first = ranks.pop(_OFFSET)
        rules = {_OFFSET: first, **dict(sorted(ranks.items(), key=lambda one: -one[1]))}
        gain = f"gain {number(tested.value, 3, signed=True)}"
        if not math.isnan(tested.low):
            gain += f" ({number(tested.low, 3)} to {number(tested.high, 3)})"
    return Tested(
        f"{name}: {verdict}" if name else "",
        effects.get("direction"), effects.get("pairing"), rules, gain,
    )  # fmt: skip
