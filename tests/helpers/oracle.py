"""A float64 brute force over all ordered pairs: what every search must equal."""

from __future__ import annotations

import numpy as np


def lane_sum(terms):
    """Sum along the last axis in four interleaved partial sums, as a score is defined."""
    width = terms.shape[-1]
    padded = np.zeros((*terms.shape[:-1], -(-width // 4) * 4))
    padded[..., :width] = terms
    lanes = padded.reshape(*terms.shape[:-1], -1, 4)
    total = np.zeros((*terms.shape[:-1], 4))
    for step in range(lanes.shape[-2]):
        total = total + lanes[..., step, :]
    return (total[..., 0] + total[..., 1]) + (total[..., 2] + total[..., 3])


def brute_force(vectors, target, *, k, euclidean, sign, allowed_c, allowed_d):
    """Return (c, d, score) of the best pairs, and how many pairs have no direction."""
    E = np.asarray(vectors, dtype=np.float64)
    n = len(E)
    joined = E[:, None, :] + sign * E[None, :, :]
    squares = lane_sum(joined * joined)
    with np.errstate(divide="ignore", invalid="ignore"):
        if euclidean:
            away = joined - target
            raw = -np.sqrt(lane_sum(away * away))
            quantum = 2.0 ** (np.ceil(np.log2(np.linalg.norm(target))) - 40)
        else:
            raw = lane_sum(joined * target) / np.sqrt(squares)
            quantum = 2.0**-40
    scores = np.rint(raw / quantum) * quantum
    if not euclidean:
        scores = np.clip(scores, -1.0, 1.0)
    usable = allowed_c[:, None] & allowed_d[None, :] & ~np.eye(n, dtype=bool)
    if sign > 0:
        usable &= np.arange(n)[:, None] < np.arange(n)[None, :]
    without = int(np.count_nonzero(usable & (squares == 0)))
    c, d = np.nonzero(usable & (squares > 0))
    found = scores[c, d]
    order = np.lexsort((d, c, -found))[:k]
    return c[order], d[order], found[order], without
