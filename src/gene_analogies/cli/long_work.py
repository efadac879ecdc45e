"""Long work, as commands do it: the options, a bar, an estimate, and Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gene_analogies.cli.progress import WorkProgress
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    from distributed import Client

    from gene_analogies.runs import Estimate

__all__ = ["LongWork", "dask_options", "long_work"]

F = TypeVar("F", bound=Callable[..., Any])

#: Seconds; shorter work is not announced.
_ANNOUNCED_FROM = 10.0


def dask_options(command: F) -> F:
    """Add ``--dask``, ``--workers`` and ``--folder`` to a command."""
    command = click.option(
        "--folder",
        metavar="DIR",
        help="Keep finished blocks in this folder, so that a stopped run can be resumed; by "
        "default in the cache folder.",
    )(command)
    command = click.option(
        "--workers",
        type=int,
        metavar="N",
        help="Number of processes of --dask local; by default one for each core.",
    )(command)
    return click.option(
        "--dask",
        metavar="local|ADDRESS",
        help="Run on Dask: local starts processes on this machine; ADDRESS is a scheduler's "
        "address (tcp://HOST:PORT) or file (FILE.json).",
    )(command)


class LongWork:
    """What a question is given to do long work, and what is reported meanwhile.

    Attributes
    ----------
    client
        A Dask client, if any.
    bar
        Shows the progress.
    """

    def __init__(self, label: str, client: Client | None) -> None:
        self.client = client
        self.bar = WorkProgress(label)
        self._start: float | None = None
        self._done = 0.0

    def progress(self, done: int, total: int) -> None:
        """Remember and show how much is done."""
        share = done / total
        if self._start is None or share < self._done:  # a run begins, perhaps after another one
            self._start = share
        self._done = share
        self.bar(done, total)

    def on_estimate(self, estimate: Estimate) -> None:
        """Announce how long it will take, if it takes long."""
        if estimate.seconds < _ANNOUNCED_FROM:
            return
        resources = _threads() if self.client is None else pluralise(estimate.workers, "worker")
        before = f"{_percent(self._start)} was done before; " if self._start else ""
        kept = (
            f"finished blocks are kept in {estimate.folder}: stop with Ctrl-C, resume with the "
            "same command"
            if estimate.folder is not None
            else "finished blocks cannot be kept"
        )
        about = f"about {_duration(estimate.seconds)} on {resources}"
        click.echo(f"{before}{about}; {kept}", err=True)

    def interruption(self) -> KeyboardInterrupt:
        """Return what Ctrl-C raises, which says how much is done once blocks are."""
        if self._start is None:
            return KeyboardInterrupt()
        return KeyboardInterrupt(f"{_percent(self._done)} is done; resume with the same command")


@contextmanager
def long_work(label: str, dask: str | None, workers: int | None) -> Iterator[LongWork]:
    """Connect to Dask if asked to, and report on standard error while work is done.

    Parameters
    ----------
    label
        What is being done, in a word or two.
    dask, workers
        As given on the command line.

    Yields
    ------
    LongWork
        Its ``client``, ``progress`` and ``on_estimate`` are for the question.

    Raises
    ------
    GeneAnalogiesError
        If the options contradict each other, or no scheduler answers.
    KeyboardInterrupt
        When the user stops it; finished blocks are kept.
    """
    if dask is None and workers is not None:
        raise GeneAnalogiesError("--workers needs --dask local")
    with ExitStack() as stack:
        client = None
        if dask is not None:
            from gene_analogies.runs.clients import open_client

            client = stack.enter_context(open_client(dask, workers))
        work = LongWork(label, client)
        try:
            with work.bar:
                yield work
        except KeyboardInterrupt:
            raise work.interruption() from None


def _percent(share: float | None) -> str:
    return f"{int(100 * (share or 0.0))} %"


def _threads() -> str:
    from gene_analogies.search.engine.threads import thread_count

    return pluralise(thread_count(), "thread")


def _duration(seconds: float) -> str:
    """Return a time in the unit that suits it: 40 s, 12 min, 3.5 h, 2.1 days."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    if seconds < 36 * 3600:
        return f"{seconds / 3600:.1f} h"
    return f"{seconds / 86400:.1f} days"
