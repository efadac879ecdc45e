"""Seconds and bytes of this process, and the Markdown tables that they are printed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["markdown_table", "memory", "reset_peak", "seconds"]


def seconds(call: Callable[[], object]) -> float:
    """Return how long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def memory(field: str) -> int:
    """Return a field of ``/proc/self/status`` in bytes: ``VmRSS``, or ``VmHWM`` for the peak."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    raise RuntimeError(f"no {field} in /proc/self/status")


def reset_peak() -> int:
    """Start measuring the peak memory anew, and return the memory in use, in bytes (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


def markdown_table(rows: Sequence[Sequence[str]]) -> str:
    """Return a heading and rows as an aligned table; all columns but the first are numbers."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = ["-" * widths[0]] + ["-" * (width - 1) + ":" for width in widths[1:]]
    return "\n".join(
        f"| {row[0]:{widths[0]}} | "
        + " | ".join(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        + " |"
        for row in (rows[0], rule, *rows[1:])
    )
