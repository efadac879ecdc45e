"""A float64 brute force over all ordered pairs: what every search must equal."""

from __future__ import annotations

import numpy as np


def sum_in_lanes(terms):
    """Sum arrays, one a coordinate, in four interleaved partial sums: as a score is defined."""
    lanes = [0.0] * 4
    for coordinate, term in enumerate(terms):
        lanes[coordinate % 4] = lanes[coordinate % 4] + term
    return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])


def lane_sum(terms):
    """Sum along the last axis, as above."""
    return sum_in_lanes(np.moveaxis(terms, -1, 0))


def cosines(E):
    """Return the cosines of all rows with each other, rounded to 2⁻⁴⁰; 0 for zero rows."""
    products = sum_in_lanes(x[:, None] * x[None, :] for x in E.T.copy())
    norms = np.sqrt(sum_in_lanes(x * x for x in E.T.copy()))
    lengths = norms[:, None] * norms[None, :]
    found = np.divide(products, lengths, where=lengths > 0, out=np.zeros_like(products))
    return np.rint(found * 2.0**40) / 2.0**40


def brute_force(vectors, target, *, k, euclidean, sign, allowed_c, allowed_d, weight=0.0):
    """Return (c, d, score) of the best pairs, and how many pairs have no direction."""
    E = np.asarray(vectors, dtype=np.float64)
    n = len(E)
    # An array a coordinate stays in the processor's cache; one of all coordinates does not.
    joined = [x[:, None] + sign * x[None, :] for x in E.T.copy()]
    squares = sum_in_lanes(x * x for x in joined)
    with np.errstate(divide="ignore", invalid="ignore"):
        if euclidean:
            away = (x - at for x, at in zip(joined, target, strict=True))
            raw = -np.sqrt(sum_in_lanes(x * x for x in away))
            quantum = 2.0 ** (np.ceil(np.log2(np.linalg.norm(target))) - 40)
        else:
            dots = sum_in_lanes(x * at for x, at in zip(joined, target, strict=True))
            raw = dots / np.sqrt(squares)
            quantum = 2.0**-40
    scores = np.rint(raw / quantum) * quantum
    if not euclidean:
        scores = np.clip(scores, -1.0, 1.0)
    if weight > 0:
        quantum = 2.0 ** (np.ceil(np.log2(max(1.0, weight))) - 40)
        scores = np.rint((scores + weight * cosines(E)) / quantum) * quantum
    usable = allowed_c[:, None] & allowed_d[None, :] & ~np.eye(n, dtype=bool)
    if sign > 0:
        usable &= np.arange(n)[:, None] < np.arange(n)[None, :]
    without = int(np.count_nonzero(usable & (squares == 0)))
    c, d = np.nonzero(usable & (squares > 0))
    found = scores[c, d]
    among = np.arange(len(found))
    if k < len(found):
        among = np.flatnonzero(found >= np.partition(found, -k)[-k])
    order = among[np.argsort(-found[among], kind="stable")[:k]]  # c and d ascend already
    return c[order], d[order], found[order], without
