"""The finished blocks of a run on disk, one file each, and in the end its answer.

Two processes may do the same run in the same folder at the same time. Neither waits for the other,
and no lock is needed: every file is written under a temporary name and then moved, so that it is
whole or not there; whichever of two answers to one block stays, the merged answer is the same;
blocks are removed only when the answer is in place, and a process that misses them finds the
answer, or does them again.
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
from gene_analogies.util.regular_files import check_regular
from gene_analogies.util.whole_files import PARTIAL, whole_file

__all__ = ["RunFolder", "run_files", "runs_folder", "stored_runs"]

_logger = logging.getLogger(__name__)

#: Changes whenever the files or their meaning change.
_FORMAT = 1
_MANIFEST = "run.json"
_ANSWER = "answer.npz"
_OURS = re.compile(rf"run\.json|answer\.npz|block-\d+\.npz|{re.escape(PARTIAL)}\w+")

#: Seconds after which unfinished runs in the cache folder are removed.
_EXPIRES_AFTER = 90 * 24 * 3600.0
#: Seconds after which a partly written file is no longer being written.
_ABANDONED_AFTER = 3600.0


def runs_folder() -> Path:
    """Return the folder of all runs that were given none."""
    return cache_folder() / "runs"


def stored_runs() -> list[Path]:
    """Return the folders of the runs in the cache folder, finished or not."""
    return sorted(manifest.parent for manifest in runs_folder().glob(f"*/{_MANIFEST}"))


def run_files(run: Path) -> list[Path]:
    """Return the files of a run in its folder, partly written ones too, and no others."""
    return sorted(path for path in run.iterdir() if _OURS.fullmatch(path.name))


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
        """Find the folder of a job, or make it.

        Parameters
        ----------
        job
            What is to be done.
        costs
            Of its blocks, shape (blocks,).
        folder
            Where; by default in the cache folder. Where that cannot be written, a warning says so,
            and nothing is kept.

        Raises
        ------
        GeneAnalogiesError
            If ``folder`` belongs to another run, holds something else, or cannot be written.
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
            _remove_expired(path)
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
            for file in self.path.iterdir():
                if not _OURS.fullmatch(file.name) or file.name in {_MANIFEST, _ANSWER}:
                    continue
                if not file.is_dir():
                    file.unlink(missing_ok=True)
                elif _age(file) > _ABANDONED_AFTER:
                    shutil.rmtree(file, ignore_errors=True)

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
        """Return the label of a file, which ties it to the job and to its name."""
        return f"{_FORMAT} {self._key} {name}"

    def _give_up(self, error: OSError) -> None:
        _logger.warning(
            "finished blocks cannot be kept in %s (%s): if this run is stopped, it starts over",
            self.path,
            error.strerror or error,
        )
        self.path = None


def _block_name(block: int) -> str:
    return f"block-{block:06d}.npz"


def _claim(path: Path, manifest: dict[str, Any]) -> None:
    """Check that a folder is this job's; write its manifest where it has none."""
    try:
        found = json.loads(check_regular(path / _MANIFEST).read_text("utf-8"))
        known = {field: found.get(field) for field in manifest}
    except (FileNotFoundError, ValueError, AttributeError):
        # A damaged manifest is written again: every block carries the key of its job.
        for file in path.iterdir():
            if not _OURS.fullmatch(file.name):
                raise GeneAnalogiesError(
                    f"folder {path} holds {file.name}, which is not part of a run: "
                    "name another folder"
                ) from None
    else:
        if known == manifest:
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


def _remove_expired(current: Path) -> None:
    """Remove old runs that were never finished; a folder's time is that of its last file.

    Blocks are of no use to another version of the method. Answers stay.
    """
    with suppress(OSError):  # a folder that is closed to us is found out when a block is kept
        for run in stored_runs():
            if run != current and not (run / _ANSWER).exists() and _age(run) > _EXPIRES_AFTER:
                shutil.rmtree(run, ignore_errors=True)


def _age(path: Path) -> float:
    """Seconds since a file or folder was changed."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0
