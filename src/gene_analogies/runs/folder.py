"""The finished blocks of a run on disk, each in a file of its own, and in the end its answer.

Two processes may do the same run in the same folder at the same time. Neither waits for the other,
and no lock is needed: every file is written under a name of its own and then moved, so that it is
whole or not there; whichever of two answers to one block stays, the merged answer is the same;
blocks are removed only when the answer is in place, and who misses them finds it, or does them
again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shutil
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gene_analogies._version import __version__
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.runs.job import Arrays, Job
from gene_analogies.util.checksummed import DamagedFileError, read_arrays, write_arrays
from gene_analogies.util.folders import cache_folder, user_path
from gene_analogies.util.whole_files import PARTIAL, whole_file

__all__ = ["RunFolder", "runs_folder"]

_logger = logging.getLogger(__name__)

#: Changes whenever the files or their meaning change.
_FORMAT = 1
_MANIFEST = "run.json"
_ANSWER = "answer.npz"
_OURS = re.compile(rf"run\.json|answer\.npz|block-\d+\.npz|{re.escape(PARTIAL)}\w+")

#: Unfinished runs in the cache folder that nobody went on with for so long are removed.
_FORGOTTEN_AFTER = 90 * 24 * 3600.0
#: Nobody takes so long to write a file.
_ABANDONED_AFTER = 3600.0


def runs_folder() -> Path:
    """Return the folder of the runs for which no other was named."""
    return cache_folder() / "runs"


class RunFolder:
    """Where the finished blocks of one job are kept.

    Attributes
    ----------
    path
        The folder; None once nothing can be written there.
    """

    def __init__(self, path: Path, key: str) -> None:
        self.path: Path | None = path
        self._key = key

    @classmethod
    def open(cls, job: Job, costs: NDArray[np.float64], folder: str | Path | None) -> Self:
        """Make the folder of a job, or find it.

        Parameters
        ----------
        job
            What is to be done.
        costs
            Of its blocks, shape (blocks,).
        folder
            Where; in the cache folder unless it is given. What is not given need not work: where
            it cannot be written, a warning says so, and nothing is kept.

        Raises
        ------
        GeneAnalogiesError
            If the folder that was given belongs to another run, holds something else, or cannot be
            written.
        """
        key = job.key()
        manifest = {
            "format": _FORMAT,
            "name": job.name,
            "key": key,
            "blocks": len(costs),
            "costs": hashlib.sha256(np.ascontiguousarray(costs).tobytes()).hexdigest(),
        }
        if folder is None:
            path = runs_folder() / f"{job.name}-{key[:32]}"
            _forget(runs_folder(), path)
        else:
            path = user_path(folder)
        self = cls(path, key)
        try:
            path.mkdir(parents=True, exist_ok=True)
            _claim(path, manifest)
        except OSError as error:
            if folder is not None:
                raise GeneAnalogiesError(
                    f"folder {path} cannot be used: {error.strerror or error}"
                ) from None
            self._give_up(error)
        return self

    def block(self, block: int) -> Arrays | None:
        """Return the answer of a block; None where it is to be done, or done again."""
        return self._read(_block_name(block))

    def keep_block(self, block: int, part: Arrays) -> None:
        """Keep the answer of a block; where that fails, a warning says so, and no more are kept."""
        self._write(_block_name(block), part)

    def answer(self) -> Arrays | None:
        """Return the answer of the whole job, if it has been finished."""
        return self._read(_ANSWER)

    def keep_answer(self, answer: Arrays) -> None:
        """Keep the answer of the whole job, and remove those of its blocks."""
        self._write(_ANSWER, answer)
        if self.path is None:
            return
        with suppress(OSError):  # whatever is left does no harm
            for one in self.path.iterdir():
                if not _OURS.fullmatch(one.name) or one.name in {_MANIFEST, _ANSWER}:
                    continue
                if not one.is_dir():
                    one.unlink(missing_ok=True)
                elif _age(one) > _ABANDONED_AFTER:
                    shutil.rmtree(one, ignore_errors=True)

    def _read(self, name: str) -> Arrays | None:
        if self.path is None:
            return None
        try:
            return read_arrays(self.path / name, self._label(name))
        except FileNotFoundError:
            return None
        except (DamagedFileError, OSError) as error:
            _logger.warning("%s: it is done again", error)
            return None

    def _write(self, name: str, arrays: Arrays) -> None:
        if self.path is None:
            return
        try:
            write_arrays(self.path / name, self._label(name), arrays)
        except OSError as error:
            self._give_up(error)

    def _label(self, name: str) -> str:
        """Binds a file to the job and to its place in it, so that it is not taken for another."""
        return f"{_FORMAT} {self._key} {name}"

    def _give_up(self, error: OSError) -> None:
        _logger.warning(
            "finished work cannot be kept in %s (%s): if this run is stopped, it begins again",
            self.path,
            error.strerror or error,
        )
        self.path = None


def _block_name(block: int) -> str:
    return f"block-{block:06d}.npz"


def _claim(path: Path, manifest: dict[str, Any]) -> None:
    """Check that a folder is this job's; say so in it where it is nobody's."""
    try:
        found = json.loads((path / _MANIFEST).read_text("utf-8"))
        theirs = {field: found.get(field) for field in manifest}
    except (FileNotFoundError, ValueError, AttributeError):
        # A manifest that cannot be read is written again: every block says whose it is.
        for one in path.iterdir():
            if not _OURS.fullmatch(one.name):
                raise GeneAnalogiesError(
                    f"folder {path} holds {one.name}, which is no part of a run: "
                    "name another folder"
                ) from None
    else:
        if theirs == manifest:
            return
        raise GeneAnalogiesError(
            f"folder {path} holds another run ({found.get('name')}, begun {found.get('begun')}): "
            "name another folder"
        )
    full = {
        "what": f"finished blocks of `{manifest['name']}`; without them its work begins again",
        "begun": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": __version__,
        **manifest,
    }
    content = json.dumps(full, indent=2, ensure_ascii=False).encode()
    with whole_file(path / _MANIFEST) as part:
        part.write_bytes(content + b"\n")


def _forget(runs: Path, current: Path) -> None:
    """Remove runs of long ago that were never finished; a folder's time is that of its last file.

    Blocks are of no use to another version of the method, and nobody else would remove them.
    Answers stay.
    """
    with suppress(OSError):
        for one in runs.iterdir():
            old = one != current and not (one / _ANSWER).exists() and _age(one) > _FORGOTTEN_AFTER
            if old and (one / _MANIFEST).exists():
                shutil.rmtree(one, ignore_errors=True)


def _age(path: Path) -> float:
    """Seconds since a file or folder was changed."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
