"""What stands under a path: opening a pipe waits for ever, and a device may never end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

__all__ = ["check_regular", "kind_of", "read_bounded"]

#: Lists of names and questions are smaller.
_LARGEST = 2**28


def kind_of(path: Path) -> str:
    """Return what a path leads to: a file, a folder, a pipe, a device, or a socket.

    Raises
    ------
    OSError
        If there is nothing, or it may not be looked at.
    """
    mode = path.stat().st_mode
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "pipe" if stat.S_ISFIFO(mode) else "socket" if stat.S_ISSOCK(mode) else "device"


def check_regular(path: Path) -> Path:
    """Return a path that leads to a file, so that opening it cannot wait.

    Raises
    ------
    FileNotFoundError
        If there is nothing.
    OSError
        If it leads to anything else.
    """
    kind = kind_of(path)
    if kind == "folder":
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if kind != "file":
        raise OSError(errno.EINVAL, f"is a {kind}, not a file", str(path))
    return path


def read_bounded(path: Path) -> bytes:
    """Read a file, a pipe, or a device that ends.

    Raises
    ------
    OSError
        If it cannot be read, or holds more than 256 MiB.
    """
    with path.open("rb") as stream:
        data = stream.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(errno.EFBIG, f"it holds more than {_LARGEST // 2**20} MiB", str(path))
    return data
