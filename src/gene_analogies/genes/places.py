"""Where names stand in a table of genes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

__all__ = ["Places", "places_of_each"]


class Places:
    """Where keys stand that are nearly all different; a place for each is quicker than a list.

    Parameters
    ----------
    keys
        The key of every place.

    Attributes
    ----------
    first
        The first place of every key.
    """

    def __init__(self, keys: list[str]) -> None:
        self._keys = keys
        # Backwards, so that the first place of a repeated key stays.
        self.first = dict(zip(reversed(keys), range(len(keys) - 1, -1, -1), strict=True))

    def all(self, key: str) -> tuple[int, ...]:
        """Return every place of a key, in order."""
        place = self.first.get(key)
        return () if place is None else (place, *self._later.get(key, ()))

    @cached_property
    def _later(self) -> dict[str, list[int]]:
        later: dict[str, list[int]] = {}
        for place, key in enumerate(self._keys):
            if self.first[key] != place:
                later.setdefault(key, []).append(place)
        return later


def places_of_each(keys_of_places: Iterable[Iterable[str]]) -> dict[str, tuple[int, ...]]:
    """Map every key to the places that hold it, in order.

    Parameters
    ----------
    keys_of_places
        The keys of every place.
    """
    index: dict[str, tuple[int, ...]] = {}
    for place, keys in enumerate(keys_of_places):
        for key in keys:
            index[key] = (*index[key], place) if key in index else (place,)
    return index
