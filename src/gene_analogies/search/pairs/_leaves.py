"""Scan pairs of non-neighbours where bounds of single rows rule out few: k-d tree leaves.

A pair that reaches τ has an offset within an angle of the query direction, so across that
direction its members lie close together. Rows are split into leaves that are compact across the
direction; most pairs of leaves are ruled out by their boxes, the rest are tested pair by pair along
eight axes at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gene_analogies.search.engine.heap import Best
from gene_analogies.search.engine.jit import REASSOCIATE, njit
from gene_analogies.search.pairs._non_neighbours import BATCH, Items, check_pairs
from gene_analogies.search.pairs.score import COSINE, Query, needed_gap

__all__ = ["AXES_ACROSS", "LEAF_ROWS", "Leaves", "make_leaves", "scan_leaves"]

#: Rows in a leaf, and axes across the query direction along which pairs are tested.
LEAF_ROWS = 64
AXES_ACROSS = 8


class Leaves(NamedTuple):
    """Rows in leaves of 64, the last one padded.

    Attributes
    ----------
    rows
        int64 (N,): row numbers, −1 for padding.
    ends
        float32 (N,): the coordinate along the query direction (``s``, or ``−s`` for the second
        members of sums), centred.
    across
        float32 (8, N): coordinates across it.
    knn_radius
        float32 (N,): as in the index; infinite for padding.
    low, high
        float32 (leaves, 9): bounding boxes; column 0 is ``ends``.
    nearest
        float32 (leaves,): the smallest k-NN radius in the leaf.
    """

    rows: NDArray[np.int64]
    ends: NDArray[np.float32]
    across: NDArray[np.float32]
    knn_radius: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    nearest: NDArray[np.float32]


def make_leaves(
    rows: NDArray[np.int64],
    ends: NDArray[np.float64],
    across: NDArray[np.float64],
    knn_radius: NDArray[np.float32],
    weight: float,
) -> Leaves:
    """Group rows into compact leaves by median splits of the widest axis (a k-d tree's leaves).

    Parameters
    ----------
    rows
        int64 of shape (N,): the rows to group.
    ends, across, knn_radius
        Of shape (N,), (N, 8), (N,): their coordinates and k-NN radius.
    weight
        How much a length along the query direction counts beside one across it.
    """
    levels = max(0, int(np.ceil(np.log2(max(1, len(rows)) / LEAF_ROWS))))
    total = LEAF_ROWS << levels
    order = np.full(total, -1, np.int64)
    order[: len(rows)] = np.arange(len(rows))
    points = np.column_stack([ends * weight, across]).astype(np.float32)
    for level in range(levels):
        segments = order.reshape(1 << level, -1)
        values = points[segments]
        values[segments < 0] = np.nan
        with np.errstate(invalid="ignore"):
            widest = np.argmax(np.nan_to_num(_spread(values), nan=-1.0), axis=1)
        keys = np.take_along_axis(values, widest[:, None, None], axis=2)[:, :, 0]
        keys[segments < 0] = np.inf
        split = np.argpartition(keys, segments.shape[1] // 2, axis=1)
        order = np.take_along_axis(segments, split, axis=1).ravel()
    padding = order < 0
    full = np.column_stack([ends, across]).astype(np.float32)[order]
    boxes = full.reshape(-1, LEAF_ROWS, full.shape[1])
    absent = padding.reshape(-1, LEAF_ROWS, 1)
    leaf_radius = np.where(padding, np.float32(np.inf), knn_radius[order])
    return Leaves(
        rows=np.where(padding, -1, rows[order]),
        ends=np.ascontiguousarray(full[:, 0]),
        across=np.ascontiguousarray(full[:, 1:].T),
        knn_radius=leaf_radius,
        low=np.where(absent, np.float32(np.inf), boxes).min(axis=1),
        high=np.where(absent, np.float32(-np.inf), boxes).max(axis=1),
        nearest=leaf_radius.reshape(-1, LEAF_ROWS).min(axis=1),
    )


def _spread(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Range of each axis in each segment, padding (NaN) left out."""
    missing = np.isnan(values)
    high = np.where(missing, np.float32(-np.inf), values).max(axis=1)
    low = np.where(missing, np.float32(np.inf), values).min(axis=1)
    return np.where(high >= low, high - low, np.float32(-1.0))


@njit()
def _allowed_across(metric: int, length: float, floor: float, gap: float) -> float:
    """Largest squared distance across the direction at which this gap reaches ``floor``."""
    if metric == COSINE:
        return gap * gap * (1.0 / (floor * floor) - 1.0)
    return floor * floor - (length - gap) ** 2


@njit(fastmath=REASSOCIATE)
def scan_leaves(
    items: Items,
    query: Query,
    first: Leaves,
    second: Leaves,
    coordinate_error: float,
    part: int,
    parts: int,
    best: Best,
    tau: NDArray[np.float64],
) -> None:
    """Offer every pair (c in ``first``, d in ``second``) that may reach ``tau[0] > 0``.

    ``coordinate_error`` bounds the rounding error of a float32 coordinate.
    """
    ends_c, across_c, rows_c = first.ends, first.across, first.rows
    ends_d, across_d, rows_d = second.ends, second.across, second.rows
    low_c, high_c, low_d, high_d = first.low, first.high, second.low, second.high
    group, partner = items.group, items.partner
    radius_c, radius_d = first.knn_radius, second.knn_radius
    nearest_c, nearest_d = first.nearest, second.nearest
    sign, metric, length = query.sign, query.metric, query.length
    relaxation = query.relaxation
    start_floor = tau[0] - relaxation
    min_need_d = np.empty(len(radius_d), np.float32)
    for k in range(len(radius_d)):
        min_need_d[k] = np.float32(needed_gap(metric, length, start_floor, np.float64(radius_d[k])))
    passing = np.empty(LEAF_ROWS, np.bool_)
    cs, ds = np.empty(BATCH, np.int64), np.empty(BATCH, np.int64)
    waiting = 0
    cosine = metric == COSINE
    # (√x + error)² ≤ 1.0001 x + 10001 error²
    rounding = 0.0 if cosine else 2.0**-46 * (length * length + tau[0] * tau[0])
    square_error = np.float32(1.1e4 * AXES_ACROSS * (2.0 * coordinate_error) ** 2 + rounding)
    edge = np.float32(2.0 * coordinate_error + query.gap_error)
    for a in range(part, len(nearest_c), parts):
        for b in range(len(nearest_d)):
            floor = tau[0] - relaxation
            widest = float(high_c[a, 0] - low_d[b, 0] + edge)
            if widest < needed_gap(
                metric, length, floor, np.float64(max(nearest_c[a], nearest_d[b]))
            ):
                continue
            gap = widest
            if not cosine:
                narrowest = float(low_c[a, 0] - high_d[b, 0] - edge)
                gap = min(max(length, narrowest), widest)
            room = (
                np.float32(_allowed_across(metric, length, floor, gap)) * np.float32(1.0001)
                + square_error
            )
            apart = np.float32(0.0)
            for axis in range(1, AXES_ACROSS + 1):
                x = max(low_c[a, axis] - high_d[b, axis], low_d[b, axis] - high_c[a, axis])
                if x > 0:
                    apart += x * x
            if apart > room:
                continue
            steep = np.float32(1.0 / (floor * floor) - 1.0)
            base = b * LEAF_ROWS
            for i in range(a * LEAF_ROWS, (a + 1) * LEAF_ROWS):
                c = rows_c[i]
                if c < 0:
                    continue
                end_c, opposite = ends_c[i] + edge, partner[c]
                need = needed_gap(metric, length, floor, np.float64(max(radius_c[i], nearest_d[b])))
                if np.float64(end_c - low_d[b, 0]) < need:
                    continue
                z0, z1, z2, z3 = across_c[0, i], across_c[1, i], across_c[2, i], across_c[3, i]
                z4, z5, z6, z7 = across_c[4, i], across_c[5, i], across_c[6, i], across_c[7, i]
                count = 0
                need32 = np.float32(need)
                for j in range(LEAF_ROWS):
                    k = base + j
                    x0 = z0 - across_d[0, k]
                    x1 = z1 - across_d[1, k]
                    x2 = z2 - across_d[2, k]
                    x3 = z3 - across_d[3, k]
                    x4 = z4 - across_d[4, k]
                    x5 = z5 - across_d[5, k]
                    x6 = z6 - across_d[6, k]
                    x7 = z7 - across_d[7, k]
                    square = (
                        (x0 * x0 + x1 * x1)
                        + (x2 * x2 + x3 * x3)
                        + (x4 * x4 + x5 * x5)
                        + (x6 * x6 + x7 * x7)
                    )
                    g = end_c - ends_d[k]
                    if cosine:
                        allowed = g * g * steep
                    else:
                        # The gap was raised; the true one may be the nearer to the length.
                        wide = np.float64(g)
                        near = min(max(length, wide - 2.0 * np.float64(edge)), wide)
                        allowed = np.float32(floor * floor - (length - near) ** 2)
                    ok = (
                        (square <= allowed * np.float32(1.0001) + square_error)
                        & (g >= need32)
                        & (g >= min_need_d[k])
                    )
                    passing[j] = ok
                    count += ok
                if count == 0:
                    continue
                for j in range(LEAF_ROWS):
                    d = rows_d[base + j]
                    if not passing[j] or d < 0 or group[d] == opposite:
                        continue
                    if sign > 0.0 and c >= d:
                        continue
                    cs[waiting] = c
                    ds[waiting] = d
                    waiting += 1
                    if waiting == BATCH:
                        check_pairs(items, query, cs, ds, best, tau)
                        waiting = 0
    check_pairs(items, query, cs[:waiting], ds[:waiting], best, tau)
