"""The map of an embedding, small enough to be sent."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

import numpy as np

from gene_analogies.search.engine.threads import check_stop, waiting_for

if TYPE_CHECKING:
    from gene_analogies.space import Space

__all__ = ["map_json"]

#: Places are whole numbers up to this one.
_STEPS: Final = 9_999

_known: WeakKeyDictionary[Space, dict[str, bytes]] = WeakKeyDictionary()
_lock = threading.Lock()


def map_json(space: Space, name: str) -> bytes:
    """Return where all items lie, as compact JSON; worked out once for a space.

    Parameters
    ----------
    space
        The items.
    name
        What the server calls it.
    """
    with waiting_for(_lock):
        known = _known.setdefault(space, {})
        if name not in known:
            known[name] = _worked_out(space, name)
        return known[name]


def _worked_out(space: Space, name: str) -> bytes:
    found = space.map()
    check_stop()
    places = found.coordinates - found.coordinates.min(axis=0)
    whole = np.rint(places * (_STEPS / (float(places.max()) or 1.0))).astype(np.int64)
    items = list(found.names)
    symbols = [item.symbol for item in found.items]
    check_stop()
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
