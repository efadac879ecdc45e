"""The map of an embedding, small enough to be sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from gene_analogies.space import Space

__all__ = ["map_json"]

#: Places are whole numbers up to this one.
_STEPS: Final = 9_999


def map_json(space: Space, name: str) -> bytes:
    """Return where all items lie, as compact JSON.

    Parameters
    ----------
    space
        The items.
    name
        What the server calls it.
    """
    found = space.map()
    places = found.coordinates - found.coordinates.min(axis=0)
    whole = np.rint(places * (_STEPS / (float(places.max()) or 1.0))).astype(np.int64)
    items = list(found.names)
    symbols = [item.symbol for item in found.items]
    kept = found.layout.kept
    content = {
        "embedding": name,
        "method": found.layout.method,
        "kept": None if np.isnan(kept) else kept,
        "items": items,
        "symbols": None if symbols == items else symbols,
        "x": whole[:, 0].tolist(),
        "y": whole[:, 1].tolist(),
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
