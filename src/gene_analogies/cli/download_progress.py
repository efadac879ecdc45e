"""The progress bar of downloads."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from gene_analogies.cli.progress import ClearedBar

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["DownloadProgress"]


class DownloadProgress(ClearedBar):
    """A callback that shows a bar during a download, on a terminal only.

    Parameters
    ----------
    title
        What is downloaded.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def __call__(self, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` bytes are downloaded; a total of 0 is unknown."""
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = _new_bar()
            self._bar.add_task(self._title, total=None)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], completed=done, total=total or None)


def _new_bar() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
