"""Read files in another process, which a C library may crash or keep busy for ever."""

from __future__ import annotations

import multiprocessing
import signal
from dataclasses import dataclass

from fuzz import bounded_memory

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.registry import read_contents
from gene_analogies.formats.source import Source

__all__ = ["Outcome", "ReadingProcess"]


@dataclass(frozen=True)
class Outcome:
    """What came of a file: read, refused, a wrong answer or exception; or why there is none."""

    kind: str
    detail: str = ""


class ReadingProcess:
    """A process that reads one file after the other, begun anew when it dies or hangs."""

    def __init__(self, memory, seconds):
        self._memory = memory
        self.seconds = seconds
        self._process = None

    def read(self, path, name=None):
        """Return the outcome of a file, read as a format or as what it is recognised as."""
        if self._process is None:
            self._start()
        try:
            self._pipe.send((str(path), name))
            if self._pipe.poll(self.seconds):
                return self._pipe.recv()
        except (EOFError, ConnectionError):
            self._process.join()
            code = self._process.exitcode
            self._pipe.close()
            self._process = None
            return Outcome("crash", signal.Signals(-code).name if code < 0 else f"exit {code}")
        self.close()
        return Outcome("time-out", f"{self.seconds} s")

    def close(self):
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process = None

    def _start(self):
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_answer, args=(other, self._memory), daemon=True)
        self._process.start()
        other.close()
        assert self._pipe.recv() == "ready"


def _answer(pipe, memory):
    import h5py  # noqa: F401 - memory and time that imports take are not counted

    pipe.send("ready")
    while True:
        pipe.send(_outcome(*pipe.recv(), memory))


def _outcome(path, name, memory):
    try:
        with bounded_memory(memory):
            found = read_contents(Source(path), ReadOptions(), name)
    except FormatError as error:
        return Outcome("wrong" if "\n" in str(error) else "refused", str(error))
    except AssertionError as error:  # of bounded_memory
        return Outcome("memory", str(error))
    except BaseException as error:
        return Outcome("wrong", repr(error))
    fits = found.vectors.ndim == 2 and len(found.names) == len(found.vectors)
    return Outcome("read" if fits else "wrong", f"{len(found.names)} × {found.vectors.shape}")
