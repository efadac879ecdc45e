"""t-SNE, by openTSNE, from exact neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.layout.nearest import nearest_rows
from gene_analogies.util.extras import require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.util.progress import Progress

__all__ = ["LEAST", "SETTINGS", "tsne"]

#: Fewer items than this have no neighbourhoods to show.
LEAST = 20
_PERPLEXITY = 30
#: First steps, with exaggerated attraction, and the others.
_EARLY, _STEPS = 250, 500
_EVERY = 10
SETTINGS = f"perplexity {_PERPLEXITY}, {_EARLY} + {_STEPS} steps"


def tsne(
    units: NDArray[Any], start: NDArray[np.float64], progress: Progress | None = None
) -> NDArray[np.float64]:
    """Return places in a plane by t-SNE; on one machine, the same for the same vectors.

    Parameters
    ----------
    units
        Unit vectors, array of shape (m, d), m at least 20; neighbours are those by cosine.
    start
        Where they lie at first, array of shape (m, 2): their principal components.
    progress
        Called with (steps done, steps).

    Raises
    ------
    MissingExtraError
        If openTSNE is not installed.
    GeneAnalogiesError
        If there are too few items.
    """
    library = require("openTSNE", "map", "a map by t-SNE")
    m = len(units)
    if m < LEAST:
        raise GeneAnalogiesError(f"method='tsne' needs at least {LEAST} items, not {m}: use 'pca'")
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.initialization import rescale
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    perplexity = min(_PERPLEXITY, (m - 1) // 3)
    found = nearest_rows(units, 3 * perplexity, np.arange(m))
    # One thread, for sums are then always in the same order.
    affinities = PerplexityBasedNN(
        perplexity=perplexity, knn_index=PrecomputedNeighbors(*found), n_jobs=1
    )
    done = 0

    def tell(*_: object) -> bool:
        nonlocal done
        done += _EVERY
        if progress is not None:
            progress(min(done, _EARLY + _STEPS), _EARLY + _STEPS)
        return False

    if progress is not None:
        progress(0, _EARLY + _STEPS)
    places = library.TSNEEmbedding(
        rescale(np.array(start)), affinities, n_jobs=1, random_state=0,
        callbacks=tell, callbacks_every_iters=_EVERY,
    )  # fmt: skip
    places.optimize(_EARLY, exaggeration=12, momentum=0.5, inplace=True)
    places.optimize(_STEPS, momentum=0.8, inplace=True)
    return np.array(places, dtype=np.float64)
