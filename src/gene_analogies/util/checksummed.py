"""Arrays in a file that is whole or not there, and that notices damage."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from gene_analogies.util.regular_files import kind_of
from gene_analogies.util.whole_files import whole_file

__all__ = ["DamagedFileError", "read_arrays", "write_arrays"]

_DIGITS = hashlib.sha256().digest_size * 2


class DamagedFileError(Exception):
    """A file that is not what was written, or is something else's."""


def write_arrays(path: Path, label: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays as an .npz that carries its own digest, in the comment of the archive.

    Parameters
    ----------
    path
        The file, in a folder that exists.
    label
        What the arrays are, such as a key of all that they depend on; only who asks for the same
        can read them.
    arrays
        None of Python objects.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind.
    """
    named: dict[str, Any] = dict(arrays)
    with whole_file(path) as part, part.open("w+b") as file:
        np.savez(file, **named)
        with zipfile.ZipFile(file, "a") as archive:
            archive.comment = b"0" * _DIGITS
        digest = _digest(file, label)
        file.seek(-_DIGITS, os.SEEK_END)
        file.write(digest)


def read_arrays(path: Path, label: str) -> dict[str, NDArray[Any]]:
    """Return what :func:`write_arrays` wrote under this label.

    Raises
    ------
    DamagedFileError
        If the file is damaged, cut short, or holds something else; or is a pipe or a device.
    OSError
        If it cannot be read, FileNotFoundError if there is none.
    """
    kind = kind_of(path)
    if kind not in ("file", "folder"):
        raise DamagedFileError(f"{path} is a {kind}, not a file")
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _DIGITS, 0))
        if file.read() != _digest(file, label):
            raise DamagedFileError(f"{path} is damaged or not ours")
        file.seek(0)
        with np.load(file, allow_pickle=False) as content:
            return {name: content[name] for name in content.files}


def _digest(file: IO[bytes], label: str) -> bytes:
    """Return the digest of a label and of a file up to where its own digest is."""
    digest = hashlib.sha256(f"{label}\n".encode())
    left = file.seek(0, os.SEEK_END) - _DIGITS
    file.seek(0)
    while left > 0:
        chunk = file.read(min(left, 1 << 20))
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest().encode()
