"""What calls of scikit-learn have in common: one thread, and no warning that says nothing."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from gene_analogies.util.extras import require

__all__ = ["deterministic"]


@contextmanager
def deterministic(purpose: str) -> Iterator[None]:
    """Keep scikit-learn, and what lies below it, to one thread and quiet.

    With several threads, sums are taken in an order that changes from run to run; and the matrices
    are too small for more than one to help. The warning is on what data with copies cannot reach:
    that many different clusters, or settled weights of directions that are nearly equal.

    Parameters
    ----------
    purpose
        What it is needed for, as the subject of a sentence.

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    """
    convergence = require("sklearn.exceptions", "learn", purpose).ConvergenceWarning
    limits = require("threadpoolctl", "learn", purpose).threadpool_limits
    with limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore", convergence)
        yield
