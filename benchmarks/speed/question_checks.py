"""Compare every timed question with a brute force on a small space."""

from __future__ import annotations

import tempfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quad_force import analogies_above, edge_analogies_above, score
from gene_analogies import Space
from gene_analogies.questions.complete import CompleteMethod
from gene_analogies.questions.similar import How

__all__ = ["EDGES", "METHODS", "MOST", "K", "check_all"]

K = 10
#: max_similarity.
MOST = 0.8
#: Neighbours of each item for ``top --edges``.
EDGES = 16
METHODS: tuple[CompleteMethod, ...] = ("3CosAdd", "3CosMul", "PairDirection")

#: Two float64 sums of the same numbers differ by less; scores are rounded to 10⁻¹².
_CLOSE = 1e-11


def check_all(space: Space, queries: int) -> str:
    """Check every question on a small space, and return what was checked.

    Raises
    ------
    SystemExit
        At the first answer that differs.
    """
    rng = np.random.default_rng(1)
    rows = rng.permutation(len(space))[:queries]
    triples = np.array([rng.permutation(len(space))[:3] for _ in range(queries)])
    for row in rows:
        _check_similar(space, [int(row)], "span")
    for triple in triples:
        for how in ("span", "mean", "min"):
            _check_similar(space, triple.tolist(), how)
        for method in METHODS:
            _check_complete(space, triple, method)
    _check_analogies(space, rows)
    _check_top(space)
    return (
        f"{queries} times `similar`, `similar` of three items by span, mean and min, `complete` by "
        f"{', '.join(METHODS)}, `analogies`; `top` over all pairs; `top --edges {EDGES}`"
    )


def _check_similar(space: Space, members: list[int], how: How) -> None:
    U = _units(space)
    if len(members) == 1 or how == "min":
        truth = (U @ U[members].T).min(axis=1)
    elif how == "mean":
        mean = U[members].mean(axis=0)
        truth = U @ (mean / np.linalg.norm(mean))
    else:
        basis = np.linalg.qr(U[members].T)[0]
        truth = np.sum((U @ basis) ** 2, axis=1)
    answer = space.similar(_names(space, members), how=how, k=K)
    _compare_rows(f"similar {members}, {how}", truth, members, answer.rows, answer.similarity)


def _check_complete(space: Space, triple: NDArray[np.int64], method: CompleteMethod) -> None:
    U = _units(space)
    a, b, c = triple
    if method == "PairDirection":
        E = space.embedding.vectors.astype(np.float64)
        offsets = E - E[c]
        lengths = np.linalg.norm(offsets, axis=1)
        step = E[b] - E[a]
        products = offsets @ (step / np.linalg.norm(step))
        truth = np.divide(products, lengths, where=lengths > 0.0, out=np.full(len(E), -2.0))
    elif method == "3CosMul":
        to_a, to_b, to_c = (1.0 + U[triple] @ U.T) / 2.0
        truth = to_b * to_c / (to_a + 1e-6)
    else:
        target = U[b] - U[a] + U[c]
        truth = U @ (target / np.linalg.norm(target))
    answer = space.complete(*_names(space, triple), method=method, k=K)
    _compare_rows(f"complete {triple}, {method}", truth, triple, answer.rows, answer.scores)


def _check_analogies(space: Space, rows: NDArray[np.int64]) -> None:
    answers = [space.analogies(name, k=K, max_similarity=MOST) for name in _names(space, rows)]
    tau = np.array([answer.similarity[-1] - _CLOSE for answer in answers])
    candidates = analogies_above(space.embedding.vectors, tau, MOST, rows)
    for row, answer in zip(rows, answers, strict=True):
        own = candidates[candidates[:, 0] == row]
        _compare_quads(f"analogies {row}", space, own, answer)


def _check_top(space: Space) -> None:
    E = space.embedding.vectors
    for edges in (None, EDGES):
        with tempfile.TemporaryDirectory() as folder:
            answer = space.top(k=K, max_similarity=MOST, edges=edges, folder=folder)
        last = float(answer.similarity[-1]) - _CLOSE
        if edges is None:
            candidates = analogies_above(E, np.array([last]), MOST)
        else:
            candidates = edge_analogies_above(E, edges, last, MOST)
        _compare_quads(f"top, edges {edges}", space, candidates, answer)


def _compare_rows(
    what: str,
    truth: NDArray[np.float64],
    asked: Any,  # noqa: ANN401 - rows in any form
    rows: NDArray[np.int64],
    scores: NDArray[np.float64],
) -> None:
    truth = truth.copy()
    truth[asked] = -np.inf
    best = np.sort(truth)[::-1][:K]
    same = len(np.unique(rows)) == len(best)
    if not same or not _equal(best, scores) or not _equal(truth[rows], scores):
        raise SystemExit(f"{what}: the answer differs from the brute force")


def _compare_quads(
    what: str,
    space: Space,
    candidates: NDArray[np.int64],
    answer: Any,  # noqa: ANN401 - of analogies or of top
) -> None:
    """Compare with all analogies that reach the last score of an answer."""
    E = space.embedding.vectors
    given = np.stack([answer.a_rows, answer.b_rows, answer.c_rows, answer.d_rows], axis=1)
    known = set(map(tuple, candidates.tolist()))
    best = np.sort(score(E, candidates))[::-1][:K]
    same = len(set(map(tuple, given.tolist())) & known) == K
    scores = answer.similarity
    if not same or not _equal(best, scores) or not _equal(score(E, given), scores):
        raise SystemExit(f"{what}: the answer differs from the brute force")


def _equal(first: NDArray[np.float64], second: NDArray[np.float64]) -> bool:
    return first.shape == second.shape and np.allclose(first, second, rtol=_CLOSE, atol=_CLOSE)


def _units(space: Space) -> NDArray[np.float64]:
    E = space.embedding.vectors.astype(np.float64)
    return np.asarray(E / np.linalg.norm(E, axis=1, keepdims=True))


def _names(space: Space, rows: Any) -> list[str]:  # noqa: ANN401 - rows in any form
    return [space.embedding.names[row] for row in rows]
