"""Checks of arguments that several questions share."""

from __future__ import annotations

import numbers
import operator
from collections.abc import Sequence
from typing import Literal

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["Metric", "Operation", "check_choice", "check_cosine", "check_int"]

Metric = Literal["cosine", "euclidean"]
Operation = Literal["difference", "sum"]


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
    # NumPy's numbers are real ones, too; True is a number only to Python.
    known = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not known or not -1.0 <= float(value) <= 1.0:
        raise GeneAnalogiesError(f"{name} must lie in −1..1, not {value!r}")
    return float(value)
