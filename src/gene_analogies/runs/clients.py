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

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["LOCAL", "check_client", "open_client"]

#: In the place of an address: processes on this machine.
LOCAL = "local"

#: Seconds until a scheduler that does not answer counts as not there.
_PATIENCE = 10
#: Whose threads are counted in environment variables of their own.
_BLAS = ("OMP", "MKL", "OPENBLAS")

#: Above every level of a log.
_DEAF = 60
#: Others keep Dask's client waiting for long.
_ADDRESS = re.compile(r"((tcp|tls|ws|wss|ucx)://)?[^/\s:]+(:[0-9a-fA-F:]*\])?:\d{1,5}/?")


def check_client(client: Client) -> None:
    """Refuse what is no client of Dask's.

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    GeneAnalogiesError
        If it is something else.
    """
    if not isinstance(client, _distributed().Client):
        raise GeneAnalogiesError(
            f"client must be a Dask client (distributed.Client) or None, not {client!r}"
        )


def _distributed() -> Any:  # noqa: ANN401 - a module
    return require("distributed", "dask", "work on a cluster")


@contextmanager
def open_client(address: str, workers: int | None = None) -> Iterator[Client]:
    """Connect to a cluster, and let go of it in the end.

    Parameters
    ----------
    address
        ``"local"`` starts processes on this machine, and ends them in the end. Anything else is a
        scheduler: its address, such as ``tcp://10.0.0.1:8786``, or the file, ending in ``.json``,
        that it wrote.
    workers
        How many processes to start on this machine, one for each of its cores by default; each of
        them gets its share of the cores.

    Yields
    ------
    Client

    Raises
    ------
    MissingExtraError
        If Dask is not installed.
    GeneAnalogiesError
        If there is no scheduler, or processes to start are asked for elsewhere.
    """
    distributed = _distributed()
    if address == LOCAL:
        with _local(distributed, workers) as client:
            yield client
        return
    if workers is not None:
        raise GeneAnalogiesError(
            f"workers goes with a cluster on this machine ({LOCAL!r}); {address} has those it has"
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
    # Lost processes are started again, and what they did is done again: nothing to report.
    options = {
        "n_workers": count,
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": None,
        # Its pages are served all the same: here alone, and at any port.
        "scheduler_kwargs": {"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        "memory_limit": None,
        "silence_logs": _DEAF,
        "env": {"GENE_ANALOGIES_THREADS": str(threads)},
    }
    with ExitStack() as stack:
        stack.enter_context(_restored(*(f"{name}_NUM_THREADS" for name in _BLAS)))
        with _uninterrupted(), dask.config.set(blas):
            cluster = stack.enter_context(distributed.LocalCluster(**options))
        yield stack.enter_context(
            distributed.Client(cluster, timeout=_PATIENCE, set_as_default=False)
        )


@contextmanager
def _restored(*names: str) -> Iterator[None]:
    """Give environment variables of this process, which Dask changes, their old values back.

    It would take them for the user's when the next cluster is started.
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
    """Keep Ctrl-C from threads and processes that are started here, for all of their lives.

    In a terminal it goes to every process, and each worker would print where it was interrupted;
    and a cluster cannot be ended cleanly before it runs. The caller gets it at the end.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows
        yield
        return
    # Started later, it would let signals through in the thread that starts it.
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
            f"cluster must be {LOCAL}, the address of a scheduler (tcp://host:8786) or its file "
            f"(.json), not {address!r}"
        )
    try:
        client = distributed.Client(**where, timeout=_PATIENCE, set_as_default=False)
    except OSError as error:
        why = " ".join(str(error).split())
        raise GeneAnalogiesError(f"no scheduler answers at {address}: {why}") from None
    with client:
        yield client


def _scheduler_file(name: str) -> Path:
    """Return the path of a file that a scheduler wrote, after a look into it."""
    path = user_path(name)
    try:
        address = json.loads(path.read_text("utf-8"))["address"]
    except OSError as error:
        raise GeneAnalogiesError(f"scheduler file {name}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        address = ""
    if not _ADDRESS.fullmatch(str(address)):
        raise GeneAnalogiesError(f"{name} is no scheduler file: it holds no address of one")
    return path
