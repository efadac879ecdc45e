"""What is said on standard error: progress, the first run, warnings."""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from gene_analogies.folders import cache_folder

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["ClearedBar", "IndexProgress", "first_run_notice", "show_warnings"]


class ClearedBar:
    """A context that takes its bar away when it is left, whatever happens in it."""

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the bar away and give the cursor back."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class IndexProgress(ClearedBar):
    """A callback that shows a bar while the neighbour index is built, on a terminal only.

    It may be called for one index after another; leaving the context clears a bar left behind.
    """

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` rows are finished."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = _new_bar()
            self._bar.add_task(f"neighbour index of {total:,} items (once)", total=total)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done)
        if done >= total:
            self.close()


def _new_bar() -> Progress:
    # Imported with the first bar: most runs find the index in the cache folder.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def first_run_notice() -> Iterator[None]:
    """Say that kernels are compiled if none of this installation were, and remember success."""
    stamp = _stamp()
    known = os.path.exists(stamp)  # noqa: PTH110 - False, not an error, in a closed folder
    if not known:
        click.echo(
            "first run after installation: compiling the search kernels (a few seconds) …",
            err=True,
        )
    yield
    if not known:
        try:
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.touch()
        except OSError:
            # The notice comes once more, nothing else.
            return


def _stamp() -> Path:
    """Return the file that stands for compiled kernels of this very installation."""
    import numba

    from gene_analogies.search._numba import KERNELS

    place = hashlib.sha256(str(Path(__file__).resolve().parent).encode()).hexdigest()[:8]
    versions = f"{KERNELS}-numba{numba.__version__}-python{platform.python_version()}"
    return cache_folder() / f"compiled-{versions}-{place}"


class _WarningLines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        click.echo(f"Warning: {record.getMessage()}", err=True)


def show_warnings(logger: logging.Logger) -> None:
    """Send the warnings of a logger to standard error, a line each."""
    if not any(isinstance(handler, _WarningLines) for handler in logger.handlers):
        logger.addHandler(_WarningLines(logging.WARNING))
