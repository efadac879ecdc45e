"""How long work reports its progress."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Progress"]

#: Called with how much is done, and of how much; a total of 0 is unknown.
Progress = Callable[[int, int], None]
