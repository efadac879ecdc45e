"""All that is tested of a relation's pairs, and what follows from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.threads import one_blas_thread
from gene_analogies.search.learned.chance import direction_p, draw_matching, pairing_p
from gene_analogies.search.learned.gain import Gain, measure_gain
from gene_analogies.search.learned.relation import (
    Direction,
    Pairing,
    check_pairs,
    measure_direction,
    measure_pairing,
)

__all__ = ["LEAST", "LEVEL", "Examined", "Verdict", "examine_relation"]

Verdict = Literal["analogy", "related_pairs", "classes_only", "no_relation", "too_few_pairs"]

#: A p below this counts.
LEVEL = 0.05
#: With fewer pairs that share no item, no swap of roles can have such a p.
LEAST = 6
#: A gain of more standard errors than this counts.
_ERRORS = 2.0


@dataclass(frozen=True)
class Examined:
    """What the tests say of some pairs.

    Attributes
    ----------
    pairs
        Rows (a, b), int64 of shape (m, 2), each pair once, ordered.
    independent
        How many pairs are in the matching, in which no item occurs twice.
    direction, direction_p, gain
        None, NaN and None for pairs without order.
    pairing, pairing_p
        The p of direction and pairing are NaN where the matching is of fewer than two pairs.
    """

    pairs: NDArray[np.int64]
    independent: int
    direction: Direction | None
    direction_p: float
    pairing: Pairing
    pairing_p: float
    gain: Gain | None

    @property
    def verdict(self) -> Verdict:
        """What the pairs are, in a word."""
        if self.independent < LEAST:
            return "too_few_pairs"
        directed = self.direction_p < LEVEL
        if directed and self.gain is not None:
            value, error = self.gain.estimate.value, self.gain.estimate.error
            if value > _ERRORS * error:
                return "analogy"
        if self.pairing_p < LEVEL:
            return "related_pairs"
        return "classes_only" if directed else "no_relation"


def examine_relation(
    vectors: NDArray[Any],
    pairs: NDArray[np.int64],
    *,
    unordered: bool = False,
    predict: bool = True,
    seed: int = 0,
) -> Examined:
    """Test the pairs of a relation for direction, pairing and prediction.

    Parameters
    ----------
    vectors
        Array of shape (n, d), float32 or float64, with squares far from overflow.
    pairs
        Rows (a, b), int64 of shape (m, 2).
    unordered
        Whether a pair says the same in either order: only the pairing is tested then, and each
        pair counts in one order.
    predict
        Whether to ask for partners, which takes longest.
    seed
        Of the matching, the draws, and the pairs that are asked for.

    Raises
    ------
    GeneAnalogiesError
        As `gene_analogies.search.learned.relation.check_pairs`.
    """
    pairs = check_pairs(pairs, len(vectors))
    if unordered:
        first = np.unique(np.sort(pairs, axis=1), axis=0, return_index=True)[1]
        pairs = pairs[np.sort(first)]
    with one_blas_thread():
        matching = draw_matching(pairs, seed)
        both_ways = np.concatenate([pairs, pairs[:, ::-1]]) if unordered else None
        return Examined(
            pairs=pairs,
            independent=len(matching),
            direction=None if unordered else measure_direction(vectors, pairs),
            direction_p=math.nan if unordered else direction_p(vectors, matching, seed),
            pairing=measure_pairing(vectors, pairs, both_ways),
            pairing_p=pairing_p(vectors, matching, seed),
            gain=None if unordered or not predict else measure_gain(vectors, pairs, seed=seed),
        )
