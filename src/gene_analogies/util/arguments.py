"""Checks of arguments that several questions share."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Sequence
from typing import Literal

from gene_analogies.errors import GeneAnalogiesError

__all__ = [
    "MAX_PAIR_WEIGHT",
    "Metric",
    "Operation",
    "check_choice",
    "check_cosine",
    "check_int",
    "check_pair_weight",
]

Metric = Literal["cosine", "euclidean"]
Operation = Literal["difference", "sum"]

#: With more, the cosine of c and d alone would be left of a score.
MAX_PAIR_WEIGHT = 1000.0


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """Refuse a value that is not one of the choices."""
    if value not in choices:
        raise GeneAnalogiesError(f"{name} must be one of {', '.join(choices)}, not {value!r}")


def check_int(name: str, value: int, least: int = 1) -> int:
    """Return a whole number of at least ``least``."""
    try:
        number = operator.index(value)
    except TypeError:
        number = least - 1
    if isinstance(value, bool) or number < least:
        raise GeneAnalogiesError(
            f"{name} must be a whole number of at least {least}, not {value!r}"
        )
    return number


def check_cosine(name: str, value: float) -> float:
    """Return a number in [−1, 1]."""
    if not _is_number(value) or not -1.0 <= float(value) <= 1.0:
        raise GeneAnalogiesError(f"{name} must lie in −1..1, not {value!r}")
    return float(value)


def check_pair_weight(value: float, metric: Metric, operation: Operation) -> float:
    """Return a weight of cos(c, d) in 0..1000; above 0 only for cosines of differences."""
    if not _is_number(value) or not 0.0 <= float(value) <= MAX_PAIR_WEIGHT:
        raise GeneAnalogiesError(f"pair_weight must lie in 0..{MAX_PAIR_WEIGHT:g}, not {value!r}")
    if value > 0.0 and metric != "cosine":
        raise GeneAnalogiesError(f"pair_weight={value:g} needs metric='cosine', not {metric!r}")
    if value > 0.0 and operation != "difference":
        raise GeneAnalogiesError(
            f"pair_weight={value:g} needs operation='difference', not {operation!r}"
        )
    return float(value)


def _is_number(value: object) -> bool:
    """Whether it is a real number, NumPy's too; True is one only to Python."""
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
