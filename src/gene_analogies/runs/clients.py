"""Connect to a Dask cluster, or start one on this machine."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.engine.threads import thread_count
from gene_analogies.util.arguments import check_int
from gene_analogies.util.extras import require
from gene_analogies.util.folders import user_path
from gene_analogies.util.regular_files import check_regular

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["LOCAL", "check_client", "open_client"]

#: Instead of an address: processes on this machine.
LOCAL = "local"

#: Seconds to wait for a scheduler.
_TIMEOUT = 10
#: Libraries whose number of threads an environment variable sets.
_BLAS = ("OMP", "MKL", "OPENBLAS")

#: Above every level of a log.
_SILENT = 60
#: Dask's client would wait long for an address of another form.
_ADDRESS = re.compile(r"((tcp|tls|ws|wss|ucx)://)?[^/\s:]+(:[0-9a-fA-F:]*\])?:\d{1,5}/?")


def check_client(client: Client) -> None:
    """Refuse anything but a Dask client.

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    GeneAnalogiesError
        If it is not a Dask client.
    """
    if not isinstance(client, _distributed().Client):
        raise GeneAnalogiesError(
            f"client must be a Dask client (distributed.Client) or None, not {client!r}"
        )


def _distributed() -> Any:  # noqa: ANN401 - a module
    return require("distributed", "dask", "work on a Dask cluster")


@contextmanager
def open_client(address: str, workers: int | None = None) -> Iterator[Client]:
    """Connect to a Dask cluster, and disconnect at the end.

    Parameters
    ----------
    address
        ``"local"`` starts processes on this machine, and ends them at the end. Anything else is a
        scheduler: its address, such as ``tcp://10.0.0.1:8786``, or the file, ending in ``.json``,
        that it wrote.
    workers
        How many processes to start on this machine, one for each core by default; they share the
        cores evenly.

    Yields
    ------
    Client

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    GeneAnalogiesError
        If no scheduler answers, or ``workers`` is given with the address of one.
    """
    distributed = _distributed()
    if address == LOCAL:
        with _local(distributed, workers) as client:
            yield client
        return
    if workers is not None:
        raise GeneAnalogiesError(
            f"workers goes with Dask on this machine ({LOCAL!r}); {address} has workers of its own"
        )
    with _connect(distributed, address) as client:
        yield client


@contextmanager
def _local(distributed: Any, workers: int | None) -> Iterator[Client]:  # noqa: ANN401 - a module
    import dask

    cores = thread_count()
    count = cores if workers is None else check_int("workers", workers)
    # Threads work inside a block, of which a worker does one at a time; Dask would give BLAS one.
    threads = max(1, cores // count)
    blas = {f"distributed.nanny.pre-spawn-environ.{name}_NUM_THREADS": threads for name in _BLAS}
    # Lost processes are restarted and their blocks done again: there is nothing to report.
    options = {
        "n_workers": count,
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": None,
        # Its pages are served all the same: on the loopback only, at any free port.
        "scheduler_kwargs": {"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        "memory_limit": None,
        "silence_logs": _SILENT,
        "env": {"GENE_ANALOGIES_THREADS": str(threads)},
    }
    with ExitStack() as stack:
        stack.enter_context(_restored(*(f"{name}_NUM_THREADS" for name in _BLAS)))
        with _uninterrupted(), dask.config.set(blas):
            cluster = stack.enter_context(distributed.LocalCluster(**options))
        yield stack.enter_context(
            distributed.Client(cluster, timeout=_TIMEOUT, set_as_default=False)
        )


@contextmanager
def _restored(*names: str) -> Iterator[None]:
    """Restore environment variables of this process that Dask changes.

    Dask would take them for the user's when the next cluster is started.
    """
    before = {name: os.environ.get(name) for name in names}
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Block Ctrl-C in threads and processes that are started here, for as long as they live.

    A terminal sends it to every process, and each worker would print a traceback; nor can a
    cluster be closed cleanly before it runs. The caller gets it at the end.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    # Started later, it would unblock signals in the thread that starts it.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _connect(distributed: Any, address: str) -> Iterator[Client]:  # noqa: ANN401 - a module
    if address.endswith(".json"):
        where = {"scheduler_file": str(_scheduler_file(address))}
    elif _ADDRESS.fullmatch(address):
        where = {"address": address}
    else:
        raise GeneAnalogiesError(
            f"dask must be {LOCAL}, the address of a scheduler (tcp://host:8786) or its file "
            f"(.json), not {address!r}"
        )
    try:
        client = distributed.Client(**where, timeout=_TIMEOUT, set_as_default=False)
    except OSError as error:
        why = " ".join(str(error).split())
        raise GeneAnalogiesError(f"no scheduler answers at {address}: {why}") from None
    with client:
        yield client


def _scheduler_file(name: str) -> Path:
    """Return the path of a file that a scheduler wrote, after checking that it holds an address."""
    path = user_path(name)
    try:
        address = json.loads(check_regular(path).read_text("utf-8"))["address"]
    except OSError as error:
        raise GeneAnalogiesError(f"scheduler file {name}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        address = ""
    if not _ADDRESS.fullmatch(str(address)):
        raise GeneAnalogiesError(f"{name} is not a scheduler file: it has no address")
    return path
