"""Load a pickle of plain data without running anything in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from gene_analogies.formats.pickles.machine import Machine
from gene_analogies.formats.source import ALWAYS_ALLOWED, MAX_RATIO, Source

__all__ = ["read_within_reason", "safe_load"]


def safe_load(
    stream: BinaryIO,
    source: Source,
    *,
    classes: Mapping[tuple[str, str], Callable[..., Any]] | None = None,
) -> Any:  # noqa: ANN401 - whatever the file holds
    """Load a pickle of plain data; nothing in it is ever run.

    Numbers, text, bytes, tuples, lists, sets and dictionaries come back as they are (an
    ``OrderedDict`` or ``defaultdict`` as a dict), except that a list of floats comes back as
    ``array('d')``, which takes a quarter of the memory. NumPy arrays and scalars come back in the
    machine's byte order, those of objects as arrays of objects. Strings of Python 2 become text
    where they are UTF-8, else bytes.

    Parameters
    ----------
    stream
        The pickle, from where it stands; it is read to its end.
    source
        The file, which errors name.
    classes
        Stand-ins by module and name for what the pickle may refer to besides; each is called with
        the arguments in the file, and must be harmless whatever they are. State is handed to the
        object's ``__setstate__``, else it becomes its attributes.

    Raises
    ------
    FormatError
        If the pickle refers to any other class or function, is damaged, or would take memory out
        of proportion to its size.
    """
    with source.library_errors("a pickle"):
        data = read_within_reason(stream, source)
    return Machine(data, source, classes).load()


def read_within_reason(stream: BinaryIO, source: Source) -> bytearray:
    """Read a stream to its end, or refuse one that decompresses to far more than the file."""
    limit = max(ALWAYS_ALLOWED, MAX_RATIO * source.size)
    data = bytearray()
    while piece := stream.read(2**20):
        data += piece
        if len(data) > limit:
            raise source.error(
                f"expected data in proportion to the file, found over {limit:,} bytes"
                f" compressed into {source.size:,}"
            )
    return data
