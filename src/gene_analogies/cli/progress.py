"""Progress on standard error: a bar on a terminal, elsewhere a line every ten seconds."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

__all__ = ["ClearedBar", "IndexProgress", "PoolProgress", "TimeLeft", "WorkProgress"]

#: Seconds between two lines where there is no terminal.
_LINE_EVERY = 10.0

#: Share of the work after which its duration is estimated.
_ESTIMATED_FROM = 0.01


class ClearedBar:
    """A context that removes its bar at the end, whatever happens in it."""

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
        """Remove the bar and show the cursor again."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class _Percent(ClearedBar):
    """A callback that shows the share of work that is done, and the time left.

    It may serve several pieces of work in turn: the bar is removed when one is finished, and at the
    latest at the end of the context.

    Parameters
    ----------
    clock
        Returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._left = TimeLeft(clock)
        self._next_line: float | None = None

    def __call__(self, done: float, total: float) -> None:
        """Show that ``done`` of ``total`` is finished; the first call says where work starts."""
        if not sys.stderr.isatty():
            self._write_line(done, total)
            return
        if self._bar is None:
            self._bar = self._new_bar(total)
        self._moved(done, total)
        self._bar.update(self._bar.task_ids[0], completed=done, total=total)
        self._bar.start()  # does nothing if it is running
        if done >= total:
            self.close()

    def _write_line(self, done: float, total: float) -> None:
        """Write a line if the last one, or the start of the work, is ten seconds ago."""
        now = self._clock()
        if self._next_line is None:
            self._left = TimeLeft(self._clock)
            self._next_line = now + _LINE_EVERY
        self._left.moved(done, total)
        if done >= total:
            self._next_line = None
        elif now >= self._next_line:
            self._next_line = now + _LINE_EVERY
            click.echo(f"{self._label(total)}: {done / total:.0%}, {self._left}", err=True)

    def _label(self, total: float) -> str:
        """Return what is being done."""
        raise NotImplementedError

    def _new_bar(self, total: float) -> Progress:
        raise NotImplementedError

    def _moved(self, done: float, total: float) -> None:
        """Take note of a step of the work."""


class IndexProgress(_Percent):
    """A callback that shows how much of the neighbour index is built."""

    def _label(self, total: float) -> str:
        return f"neighbour index of {total:,} items (once)"

    def _new_bar(self, total: float) -> Progress:
        bar = _bar()
        bar.add_task(self._label(total), total=total)
        return bar


class WorkProgress(_Percent):
    """A callback that shows the share, the elapsed time and an estimate of the time left.

    The estimate comes from the speed since the first call: work that is resumed does not seem
    fast.

    Parameters
    ----------
    label
        What is being done, in a word or two.
    clock
        Returns the time in seconds.
    """

    def __init__(self, label: str, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(clock)
        self._work = label

    def _label(self, total: float) -> str:  # noqa: ARG002 - the same of all work
        return self._work

    def _new_bar(self, total: float) -> Progress:
        from rich.progress import TextColumn, TimeElapsedColumn

        self._left = TimeLeft(self._clock)
        bar = _bar(TimeElapsedColumn(), TextColumn("{task.fields[left]}"))
        bar.add_task(self._work, total=total, left=self._left)
        return bar

    def _moved(self, done: float, total: float) -> None:
        self._left.moved(done, total)


class PoolProgress(WorkProgress):
    """Says beforehand how long it takes to ask random pairs, once it can be estimated."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("random pairs", clock)
        self._begin: float | None = None
        self._announced = False

    def __call__(self, done: float, total: float) -> None:
        """Show that ``done`` of ``total`` is finished; the first call says where work starts."""
        now = self._clock()
        if self._begin is None:
            self._begin = now
        elif not self._announced and _ESTIMATED_FROM * total <= done < total:
            seconds = (now - self._begin) * total / done
            self._announced = True
            click.echo(
                f"{total:,} random pairs are asked, once for these options: about {seconds:.0f} s",
                err=True,
            )
        super().__call__(done, total)


class TimeLeft:
    """How long work will still take; as text it counts down between two steps.

    Parameters
    ----------
    clock
        Returns the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begin: tuple[float, float] | None = None
        self._end: float | None = None

    def moved(self, done: float, total: float) -> None:
        """Record that ``done`` of ``total`` is finished now."""
        now = self._clock()
        if self._begin is None:
            self._begin = now, done
        start, first = self._begin
        if done > first:
            self._end = now + (now - start) * max(total - done, 0) / (done - first)

    def __str__(self) -> str:
        if self._end is None:
            return ""
        seconds = math.ceil(max(self._end - self._clock(), 0.0))
        return f"{timedelta(seconds=seconds)} left"


def _bar(*more: ProgressColumn) -> Progress:
    # Imported with the first bar: most runs find the index in the cache folder.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        *more,
        console=Console(stderr=True),
        transient=True,
    )
