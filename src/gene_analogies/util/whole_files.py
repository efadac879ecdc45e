"""Atomic writes: a file or folder is written beside its target first, then moved there."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["PARTIAL", "check_target", "whole_file", "whole_folder", "write_errors"]

#: The names of temporary folders begin so. What a killed process has left may be removed.
PARTIAL = ".part-"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path of the same name; at the end move the file there to ``path``.

    A link to a file is followed; one to a pipe or a device is itself replaced, and so is a pipe. A
    new file gets the usual permissions, one that is replaced keeps its own.

    Parameters
    ----------
    path
        The file, in a folder that exists.

    Raises
    ------
    OSError
        If it cannot be written, or is a device. After an error ``path`` is as it was, and nothing
        else is left.

    Examples
    --------
    >>> with whole_file(Path("a.txt")) as part:  # doctest: +SKIP
    ...     part.write_text("text")
    """
    target = _file_to_replace(path)
    with _temporary_folder(target.parent) as folder:
        yield folder / target.name
        _move(folder / target.name, target)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary path to make a folder at; move it, or its files, to ``path`` at the end.

    Parameters
    ----------
    path
        The folder. One that exists may hold older files of the same names, and nothing else.

    Raises
    ------
    GeneAnalogiesError
        If it holds something else.
    OSError
        If it cannot be written.
    """
    target = Path(os.path.realpath(path))
    # Inside a folder that exists: its parent may be another disk, or read-only.
    with _temporary_folder(target if target.exists() else target.parent) as folder:
        part = folder / target.name
        yield part
        if folder.parent != target:
            _move(part, target)
            return
        names = {file.name for file in part.iterdir()}
        for file in target.iterdir():
            if file != folder and not (file.name in names and file.is_file()):
                raise GeneAnalogiesError(f"{target} exists and holds other things; name another")
        for file in sorted(part.iterdir()):
            _move(file, target / file.name)


@contextmanager
def write_errors(path: str | Path) -> Iterator[None]:
    """Turn an `OSError` into the error that says which file could not be written, and why."""
    try:
        yield
    except OSError as error:
        raise GeneAnalogiesError(
            f"{path} could not be written: {error.strerror or error}"
        ) from None


def check_target(path: str | Path, *, is_folder: bool = False) -> None:
    """Refuse a path that cannot be replaced.

    Parameters
    ----------
    path
        The file, or folder; a link is followed.
    is_folder
        Whether a folder is written.

    Raises
    ------
    GeneAnalogiesError
        That says why.
    """
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise GeneAnalogiesError(f"there is no folder {target.parent} to write {target.name} into")
    if target.is_dir():
        if not is_folder:
            raise GeneAnalogiesError(f"{target} is a folder; name a file in it")
    elif target.exists():
        if is_folder:
            raise GeneAnalogiesError(f"{target} is no folder; name another")
        if not target.is_file():
            raise GeneAnalogiesError(f"{target} is a device or a pipe; name a file")


@contextmanager
def _temporary_folder(parent: Path) -> Iterator[Path]:
    # Beside the target, since a move is atomic on one disk only. A folder, so that the file keeps
    # its name: writers choose by its ending, and gzip stores it. Not tempfile's: on Windows a file
    # moved out of such a folder stays closed to other users.
    folder = parent / f"{PARTIAL}{os.urandom(8).hex()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _file_to_replace(path: Path) -> Path:
    """Return where a file is moved to: never onto a device, which root could replace."""
    target = Path(os.path.realpath(path))
    if path.is_symlink() and target.exists() and not (target.is_file() or target.is_dir()):
        target = Path(os.path.realpath(path.parent)) / path.name
    elif target.is_char_device() or target.is_block_device():
        raise OSError(errno.EINVAL, "is a device, not a file", str(path))
    return target


def _move(part: Path, target: Path) -> None:
    if target.is_file() or target.is_dir():
        shutil.copymode(target, part)
    part.replace(target)
