"""Long work, as commands do it: options for where, a bar, what to expect, and Ctrl-C."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gene_analogies.cli.progress import WorkProgress
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.wording import pluralise

if TYPE_CHECKING:
    from gene_analogies.runs import Arrays, Estimate, Job

__all__ = ["check_cluster", "cluster_options", "run_job"]

F = TypeVar("F", bound=Callable[..., Any])

#: What is over before is not worth a line.
_WORTH_TELLING = 10.0


def cluster_options(command: F) -> F:
    """Add ``--cluster``, ``--workers`` and ``--folder`` to a command."""
    command = click.option(
        "--folder",
        metavar="DIR",
        help="Keep finished blocks in this folder, so that a stopped run goes on from there; in "
        "the cache folder by default.",
    )(command)
    command = click.option(
        "--workers",
        type=int,
        metavar="N",
        help="Processes of --cluster local; one for each core by default.",
    )(command)
    return click.option(
        "--cluster",
        metavar="ADDRESS|local",
        help="Work on many machines (not the command cluster, which groups pairs): a Dask "
        "scheduler's address (tcp://HOST:PORT) or file (FILE.json); local starts processes on this "
        "machine.",
    )(command)


def check_cluster(cluster: str | None, workers: int | None) -> None:
    """Refuse options that do not go together, before anything that takes long.

    Parameters
    ----------
    cluster, workers
        As given on the command line.

    Raises
    ------
    GeneAnalogiesError
        If workers are given without a cluster.
    """
    if cluster is None and workers is not None:
        raise GeneAnalogiesError("--workers needs --cluster local")


def run_job(
    job: Job, cluster: str | None = None, workers: int | None = None, folder: str | None = None
) -> Arrays:
    """Do a job as the options say; what to expect, and how it stops, goes to standard error.

    Parameters
    ----------
    job
        What to do.
    cluster, workers, folder
        As given on the command line.

    Returns
    -------
    dict
        The arrays of the answer, by name.

    Raises
    ------
    GeneAnalogiesError
        If the cluster cannot be reached or is lost, or the folder is not the job's.
    KeyboardInterrupt
        When the user stops it; finished blocks are kept.
    """
    from gene_analogies.runs import run
    from gene_analogies.runs.clients import open_client

    check_cluster(cluster, workers)
    reports = _Reports(job.name, cluster is not None)
    with ExitStack() as stack:
        client = None if cluster is None else stack.enter_context(open_client(cluster, workers))
        try:
            with reports.bar:
                return run(
                    job, folder=folder, client=client, progress=reports.moved, told=reports.tell
                )
        except KeyboardInterrupt:
            raise KeyboardInterrupt(reports.stopped()) from None


class _Reports:
    """What is said while a job runs."""

    def __init__(self, label: str, on_cluster: bool) -> None:
        self.bar = WorkProgress(label)
        self._on_cluster = on_cluster
        self._began: float | None = None
        self._done = 0.0

    def moved(self, done: int, total: int) -> None:
        """Remember and show how much is done."""
        self._done = done / total
        if self._began is None:
            self._began = self._done
        self.bar(done, total)

    def tell(self, estimate: Estimate) -> None:
        """Say how long it will take, where it takes long."""
        if estimate.seconds < _WORTH_TELLING:
            return
        hands = pluralise(estimate.workers, "worker") if self._on_cluster else _threads()
        again = f"{_percent(self._began)} was done before; " if self._began else ""
        keeping = (
            f"finished blocks are kept in {estimate.folder}; Ctrl-C stops, the same command goes on"
            if estimate.folder is not None
            else "finished blocks cannot be kept"
        )
        about = f"about {_duration(estimate.seconds)} on {hands}"
        click.echo(f"{again}{about}; {keeping}", err=True)

    def stopped(self) -> str:
        """Return the last word to whoever stops the run."""
        return f"{_percent(self._done)} is done; the same command goes on from there"


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
