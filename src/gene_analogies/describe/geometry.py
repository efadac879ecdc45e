"""The shape of a cloud of vectors: lengths, anisotropy, effective dimension, hubs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from gene_analogies.search.engine.jit import retry_on_corrupt_cache
from gene_analogies.search.engine.threads import run_parts
from gene_analogies.util.row_blocks import row_blocks

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NEIGHBOURS", "Hubs", "Spectrum", "find_hubs", "mean_cosine", "norms", "spectrum"]

#: Neighbours of each row in the graph whose hubs are counted, as in most of the literature.
NEIGHBOURS: Final = 10

#: All rows are compared up to as many inner products as 50,000 rows of 512 coordinates need.
_MOST_PRODUCTS: Final = 50_000**2 * 512
_MOST_ROWS: Final = 50_000
_SAMPLE: Final = 20_000

#: Bytes of a block of rows in float64, which caches like small, and of inner products.
_ROW_BYTES: Final = 16 * 2**20
_PRODUCT_BYTES: Final = 64 * 2**20

#: Rows added to a covariance at a time, at least: fewer, and adding costs more than multiplying.
_LEAST_ROWS: Final = 2048


@dataclass(frozen=True)
class Spectrum:
    """How the variance is spread over the principal components.

    Attributes
    ----------
    effective_dimension
        The participation ratio of the eigenvalues of the covariance, (Σλ)² / Σλ², in [1, d]
        (Gao et al. 2017, "A theory of multineuronal dimensionality, dynamics and measurement").
    first_component
        The largest eigenvalue's share of their sum, in (0, 1].
    """

    effective_dimension: float
    first_component: float


@dataclass(frozen=True)
class Hubs:
    """How unevenly rows occur among the nearest neighbours of others.

    Attributes
    ----------
    skewness
        Of the numbers of occurrences N_k, by cosine (Radovanović, Nanopoulos & Ivanović 2010,
        JMLR 11:2487); near 0 where no row is a neighbour of more rows than another.
    neighbours
        k.
    rows
        The number of rows compared with each other: all, or a sample.
    sampled
        Whether it is a sample.
    largest
        Row and occurrences of the five largest hubs.
    """

    skewness: float
    neighbours: int
    rows: int
    sampled: bool
    largest: tuple[tuple[int, int], ...]


def norms(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the Euclidean norm of every row, NaN where a coordinate is not finite.

    Parameters
    ----------
    vectors
        Array of shape (n, d).

    Returns
    -------
    Array of shape (n,), float64; a norm that float64 cannot hold is its largest number.
    """
    found = np.empty(len(vectors), np.float64)
    for rows in row_blocks(len(vectors), _ROW_BYTES // (8 * max(1, vectors.shape[1]))):
        block = vectors[rows].astype(np.float64)
        finite = np.isfinite(block).all(axis=1)
        block[~finite] = 0.0
        # Scaled, so that no square is lost or infinite.
        largest = np.abs(block).max(axis=1)
        block /= np.where(largest > 0.0, largest, 1.0)[:, None]
        with np.errstate(over="ignore"):
            lengths = largest * np.sqrt(np.einsum("ij,ij->i", block, block))
        found[rows] = np.where(finite, np.minimum(lengths, np.finfo(np.float64).max), np.nan)
    return found


def mean_cosine(vectors: NDArray[np.floating], rows: NDArray[np.int64]) -> float | None:
    """Return the mean cosine of all pairs of rows, or None where there is no pair.

    It is exact without any pair: with unit vectors u, ``(‖Σu‖² − m) / (m (m − 1))``.

    Parameters
    ----------
    vectors
        Array of shape (n, d).
    rows
        The m rows to take: finite, and none zero.
    """
    if len(rows) < 2:
        return None
    total = np.zeros(vectors.shape[1])
    for part in row_blocks(len(rows), _ROW_BYTES // (8 * vectors.shape[1])):
        total += _units(vectors[rows[part]]).sum(axis=0)
    m = len(rows)
    return float((total @ total - m) / (m * (m - 1)))


def spectrum(vectors: NDArray[np.floating], rows: NDArray[np.int64]) -> Spectrum | None:
    """Describe the eigenvalues of the covariance of rows, in float64; None where they are equal.

    Parameters
    ----------
    vectors
        Array of shape (n, d).
    rows
        The m rows to take: finite, and none zero.
    """
    m, d = len(rows), vectors.shape[1]
    if m < 2:
        return None
    parts = [rows[part] for part in row_blocks(m, max(_LEAST_ROWS, _ROW_BYTES // (8 * d)))]
    # The ratios do not depend on the scale, but squares must be finite.
    largest = max(float(np.abs(vectors[part]).max()) for part in parts)
    mean = sum((vectors[part] / np.float64(largest)).sum(axis=0) for part in parts) / m
    if m < d:
        centred = vectors[rows] / np.float64(largest) - mean
        products = centred @ centred.T
    else:
        products = np.zeros((d, d))
        for part in parts:
            centred = vectors[part] / np.float64(largest) - mean
            products += centred.T @ centred
    total = float(np.trace(products))
    if total <= 1e-24 * m * float(mean @ mean) or total == 0.0:
        return None  # nothing but rounding
    products /= total
    return Spectrum(
        effective_dimension=float(1.0 / np.vdot(products, products)),
        first_component=_largest_eigenvalue(products),
    )


@retry_on_corrupt_cache
def find_hubs(
    vectors: NDArray[np.floating], rows: NDArray[np.int64], *, seed: int = 0
) -> Hubs | None:
    """Count how often rows occur among the ten nearest neighbours, by cosine, of others.

    Up to 50,000 rows of 512 coordinates (fewer rows of more) all are compared, in blocks of
    bounded memory; beyond that a sample of 20,000.

    Parameters
    ----------
    vectors
        Array of shape (n, d).
    rows
        The m rows to take: finite, and none zero.
    seed
        Of the sample.

    Returns
    -------
    None where there are no more rows than neighbours.
    """
    from gene_analogies.search.knn.kernels import Nearest, Products, select_nearest

    if len(rows) <= NEIGHBOURS:
        return None
    d = vectors.shape[1]
    sampled = len(rows) > _SAMPLE and (
        len(rows) > _MOST_ROWS or len(rows) ** 2 * d > _MOST_PRODUCTS
    )
    if sampled:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _SAMPLE, replace=False))
    m = len(rows)
    units = np.empty((m, d), np.float32)
    for part in row_blocks(m, _ROW_BYTES // (8 * d)):
        units[part] = _units(vectors[rows[part]])
    ids = np.empty((m, NEIGHBOURS), np.int32)
    farthest = np.empty(m, np.float32)
    ones = np.ones(m, np.float32)
    for part in row_blocks(m, _PRODUCT_BYTES // (4 * m)):
        products = Products(units[part] @ units.T, part.start, 0, ones)
        count = len(products.values)
        nearest = Nearest(
            np.empty((count, NEIGHBOURS), np.float32), np.zeros(count, np.int64), ids, farthest
        )

        def select(
            number: int,
            numbers: int,
            products: Products = products,
            nearest: Nearest = nearest,
        ) -> None:
            lo, hi = (len(nearest.sizes) * end // numbers for end in (number, number + 1))
            select_nearest(products, nearest, -1.0, 0.0, lo, hi)

        run_parts(select)
    occurrences = np.bincount(ids.ravel(), minlength=m)
    away = occurrences - float(NEIGHBOURS)
    variance = float(np.mean(away**2))
    order = np.argsort(-occurrences, kind="stable")[:5]
    return Hubs(
        skewness=float(np.mean(away**3)) / variance**1.5 if variance > 0.0 else 0.0,
        neighbours=NEIGHBOURS,
        rows=m,
        sampled=sampled,
        largest=tuple((int(rows[place]), int(occurrences[place])) for place in order),
    )


def _units(block: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return rows, none of them zero, divided by their norms."""
    scaled: NDArray[np.float64] = block.astype(np.float64)
    scaled /= np.abs(scaled).max(axis=1, keepdims=True)
    scaled /= np.sqrt(np.einsum("ij,ij->i", scaled, scaled))[:, None]
    return scaled


def _largest_eigenvalue(matrix: NDArray[np.float64], iterations: int = 40) -> float:
    """Return the largest eigenvalue of a covariance, from below.

    Subspace iteration from a fixed start (Halko, Martinsson & Tropp 2011); all eigenvalues of
    3,072 coordinates take ten times as long.
    """
    width = min(16, len(matrix))
    basis = np.random.default_rng(0).standard_normal((len(matrix), width))
    for _ in range(iterations):
        basis, _ = np.linalg.qr(matrix @ basis)
    return float(np.linalg.eigvalsh(basis.T @ matrix @ basis)[-1])
