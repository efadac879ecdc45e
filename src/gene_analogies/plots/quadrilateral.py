"""The quadrilateral of one analogy: four sides and an angle in the plane, all of them true."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.plots.angles import angle_between

__all__ = ["Point", "Quadrilateral", "quadrilateral"]

Point = tuple[float, float]

#: Of the longest side: circles whose centres are closer than this coincide.
_COINCIDE = 1e-12


@dataclass(frozen=True)
class Quadrilateral:
    """An analogy a : b ≈ c : d in the plane.

    The distances a–b, c–d, a–c and b–d are those of the vectors, and so is the angle from b − a to
    d − c; the diagonals a–d and b–c in general cannot be.

    Attributes
    ----------
    a, b, c, d
        The four corners, in units of the vectors: a in the origin, b to the right of it.
    angle
        Between the two differences, in radians; NaN where one is zero.
    ad, bc
        The true lengths of the diagonals.
    cos_ab, cos_cd, cos_ac, cos_bd
        The cosines of the ends of each side; 0 where a vector is zero.
    """

    a: Point
    b: Point
    c: Point
    d: Point
    angle: float
    ad: float
    bc: float
    cos_ab: float
    cos_cd: float
    cos_ac: float
    cos_bd: float

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The corners a, b, c and d."""
        return self.a, self.b, self.c, self.d


def quadrilateral(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Quadrilateral:
    """Return the quadrilateral of four vectors.

    c is where the circle of radius ‖a − c‖ around a meets the circle of radius ‖b − d‖ around
    b − (d − c); of the two points, the one to the left of the way from the first centre to the
    second. They always meet: the distance of the centres is ‖(b − a) − (d − c)‖, that of the
    vectors, and (b − a) − (d − c) = (c − a) − (d − b). Where the centres coincide, every point of
    the circle would do; that with true diagonals is taken.

    Parameters
    ----------
    a, b, c, d
        Vectors of shape (dimension,), finite.

    Raises
    ------
    GeneAnalogiesError
        If the distances are beyond float64.
    """
    corners = [np.asarray(one, np.float64) for one in (a, b, c, d)]
    va, vb, vc, vd = corners
    with np.errstate(over="ignore"):
        ab, cd, ac, bd = (
            math.hypot(*difference) for difference in (vb - va, vd - vc, vc - va, vd - vb)
        )
        ad, bc = math.hypot(*(vd - va)), math.hypot(*(vc - vb))
    if not math.isfinite(ab + cd + ac + bd + ad + bc):
        raise GeneAnalogiesError("these vectors cannot be drawn: their distances are infinite")
    angle = angle_between(vb - va, vd - vc)
    turn = 0.0 if math.isnan(angle) else angle
    dx, dy = cd * math.cos(turn), cd * math.sin(turn)
    x, y = _meeting_point((ab - dx, -dy), ac, bd, _along(va, vb, vc, vd), max(ab, cd, ac, bd))
    return Quadrilateral(
        a=(0.0, 0.0),
        b=(ab, 0.0),
        c=(x, y),
        d=(x + dx, y + dy),
        angle=angle,
        ad=ad,
        bc=bc,
        cos_ab=_cosine(va, vb),
        cos_cd=_cosine(vc, vd),
        cos_ac=_cosine(va, vc),
        cos_bd=_cosine(vb, vd),
    )


def _meeting_point(
    centre: Point, first: float, second: float, along: float, longest: float
) -> Point:
    """Return a point at the distance ``first`` from the origin and ``second`` from a centre.

    Parameters
    ----------
    centre
        The centre of the second circle.
    first, second
        The radii.
    along
        The cosine of the point's direction to the first axis where the circles coincide.
    longest
        What is long here.
    """
    apart = math.hypot(*centre)
    if apart <= _COINCIDE * longest:
        return first * along, first * math.sqrt(max(0.0, 1.0 - along * along))
    ex, ey = centre[0] / apart, centre[1] / apart
    # Products of factors: squares would lose what is small, and overflow.
    forward = 0.5 * (apart + (first - second) / apart * (first + second))
    forward = min(first, max(-first, forward))
    aside = math.sqrt(first - forward) * math.sqrt(first + forward)
    return forward * ex - aside * ey, forward * ey + aside * ex


def _along(
    va: NDArray[np.float64],
    vb: NDArray[np.float64],
    vc: NDArray[np.float64],
    vd: NDArray[np.float64],
) -> float:
    """Return the cosine of c − a to b − a, or to d − c where a and b are equal; 0 without any."""
    angle = angle_between(vc - va, vb - va if np.any(vb != va) else vd - vc)
    return 0.0 if math.isnan(angle) else math.cos(angle)


def _cosine(u: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    angle = angle_between(u, v)
    return 0.0 if math.isnan(angle) else math.cos(angle)
