"""Rounding of what is compared with cosines; no numba, which only searches load."""

from __future__ import annotations

__all__ = ["round_limit"]


def round_limit(cosine: float) -> float:
    """Round a limit on cosines to 2⁻⁴⁰, as cosines are: one that equals it is not above it."""
    return round(cosine * 2.0**40) / 2.0**40
