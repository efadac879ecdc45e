"""What the formats that are written share: checks of texts, and writing whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gene_analogies.errors import GeneAnalogiesError

__all__ = [
    "check_annotations",
    "check_target",
    "check_texts",
    "provenance_from",
    "provenance_text",
    "write_whole",
]


def check_annotations(
    annotations: Mapping[str, Sequence[str]], count: int, taken: Collection[str]
) -> None:
    """Refuse annotations that are not one text an item, or called as something else in the file.

    Raises
    ------
    GeneAnalogiesError
        That names the annotation.
    """
    for key, values in annotations.items():
        if key in taken:
            raise GeneAnalogiesError(
                f"no annotation can be called {key!r}: the file has something else of this name"
            )
        if len(values) != count:
            raise GeneAnalogiesError(
                f"annotation {key!r} must hold {count} texts, one an item, not {len(values)}"
            )


def check_texts(what: str, texts: Iterable[str]) -> None:
    """Refuse texts that files do not give back: a NUL ends them, or UTF-8 cannot hold them.

    Raises
    ------
    GeneAnalogiesError
        That names ``what`` and the text.
    """
    for text in texts:
        try:
            fits = b"\0" not in text.encode()
        except UnicodeEncodeError:
            fits = False
        if not fits:
            raise GeneAnalogiesError(f"{what} holds {text!r}, which a file cannot; rename it")


def provenance_text(provenance: Mapping[str, Any]) -> str:
    """Return a provenance as JSON."""
    return json.dumps(dict(provenance), ensure_ascii=False, default=str)


def provenance_from(text: str | bytes) -> dict[str, Any]:
    """Return the entry for `Contents.details` of a provenance in a file; empty where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {"provenance": found} if isinstance(found, dict) else {}


def write_whole(
    path: str | Path, write: Callable[[Path], None], *, is_folder: bool = False
) -> None:
    """Write a file whole or not at all: beside it first, then moved over it.

    Parameters
    ----------
    path
        The file, or folder; a link is followed, and one that exists is replaced.
    write
        Writes to a path of the same name that does not exist yet.
    is_folder
        Whether it writes a folder.

    Raises
    ------
    GeneAnalogiesError
        If the path cannot be replaced, or writing fails.
    """
    target = check_target(path, is_folder=is_folder)
    # In a folder that exists: beside it may be another disk, or no right to write.
    beside = target if is_folder and target.exists() else target.parent
    try:
        with tempfile.TemporaryDirectory(prefix=".gene-analogies-", dir=beside) as folder:
            part = Path(folder) / target.name
            write(part)
            if beside == target:
                _move_into(part, target, Path(folder).name)
            else:
                _move(part, target)
    except OSError as error:
        raise GeneAnalogiesError(
            f"{path} could not be written: {error.strerror or error}"
        ) from None


def check_target(path: str | Path, *, is_folder: bool = False) -> Path:
    """Return where to write, having refused what cannot be replaced.

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
    return target


def _move(part: Path, target: Path) -> None:
    """Put what was written in its place."""
    if target.exists():
        shutil.copymode(target, part)
    part.replace(target)


def _move_into(part: Path, target: Path, temporary: str) -> None:
    """Put the files of a folder into one that holds nothing but older ones of the same names."""
    names = {path.name for path in part.iterdir()}
    for path in target.iterdir():
        if path.name != temporary and not (path.name in names and path.is_file()):
            raise GeneAnalogiesError(f"{target} exists and holds other things; name another")
    for path in sorted(part.iterdir()):
        _move(path, target / path.name)
