"""The binary format of the word2vec tool, as of the Google News vectors.

A first line holds n and d; a row is the name, a space, d little-endian float32, and a newline that
some writers leave out (https://code.google.com/archive/p/word2vec/, ``word2vec.c``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.left_out import SKIP_ADVICE, LeftOut
from gene_analogies.formats.parts.words import check_rows, header_of, names_to_write, open_to_write
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.embedding import Embedding

__all__ = ["read", "recognises", "write"]

_BLOCK: Final = 2**20
_LONGEST_HEADER: Final = 80
_LONGEST_NAME: Final = 2**16
_LARGEST_DIMENSION: Final = 10**7
_NO_TEXT: Final = re.compile(rb"[^\t\n\r -~]")


def recognises(source: Source) -> bool:
    """Return whether word2vec's header is followed by a name and what is no text."""
    line, _, rest = source.head.partition(b"\n")
    header = header_of(line)
    if header is None:
        return False
    _, space, numbers = rest.lstrip(b"\n").partition(b" ")
    if not space:
        return source.name.endswith(".bin")
    numbers = numbers[: 4 * header[1]]
    line, newline, _ = numbers.partition(b"\n")
    # As text, d numbers and the spaces between them take 2 d - 1 bytes or more.
    too_short = newline and len(line) < 2 * header[1] - 1
    return _NO_TEXT.search(numbers if too_short else line) is not None


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the names and vectors.

    Parameters
    ----------
    source
        The file, which may be compressed with gzip.
    options
        ``limit`` stops the reading early; ``bad_bytes`` says what becomes of a name that is no
        UTF-8.

    Returns
    -------
    Contents
        The n names, and the vectors as (n, d) float32.

    Raises
    ------
    FormatError
        With the row (from 1) at which the file ends, or whose name is not UTF-8; or where the
        numbers are none that an embedding holds, as of another byte order.
    """
    with source.open() as stream:
        with source.library_errors("word2vec's binary format"):
            line = stream.readline(_LONGEST_HEADER)
        header = header_of(line.rstrip(b"\n"))
        if header is None:
            raise source.error(
                f"expected the numbers of rows and of coordinates, found {line[:40]!r}", "line 1"
            )
        count, dimension = header
        check_rows(source, count, dimension)
        if dimension > _LARGEST_DIMENSION:
            raise source.error(f"expected vectors, found {dimension} numbers a row", "line 1")
        wanted = count if options.limit is None else min(count, options.limit)
        errors = "surrogateescape" if options.bad_bytes == "skip" else "strict"
        names, matrix, rest = _read_rows(source, stream, (wanted, dimension), errors)
        if wanted == count:
            with source.library_errors("word2vec's binary format"):
                rest += stream.read(_LONGEST_HEADER)
            if rest.strip():
                raise source.error(f"expected {count} rows as line 1 says, found more bytes")
    left_out = LeftOut("row", blank=False)
    names, vectors = left_out.filter(
        names, matrix.astype(np.float32, copy=False), range(1, len(names) + 1)
    )
    left_out.warn(source)
    vectors.flags.writeable = False
    return Contents(names, vectors)


def write(
    embedding: Embedding,
    path: Path,
    annotations: Mapping[str, Sequence[str]],  # noqa: ARG001 - the format has no place for them
) -> None:
    """Write as gensim does, without newlines; numbers are rounded to the float32 of the format.

    Parameters
    ----------
    embedding
        The n items and their (n, d) vectors.
    path
        The file; compressed where it ends in ``.gz``.
    annotations
        Not written.

    Raises
    ------
    GeneAnalogiesError
        If a name is empty or holds a space, or a number is too large for float32.
    """
    names = names_to_write(embedding.names, "word2vec binary")
    if embedding.magnitude > float(np.finfo(np.float32).max):
        raise GeneAnalogiesError(
            f"{embedding.magnitude:g} is too large for the float32 of word2vec binary;"
            " choose another format"
        )
    with open_to_write(path) as file:
        file.write(b"%d %d\n" % embedding.vectors.shape)
        for name, row in zip(names, embedding.vectors, strict=True):
            file.write(name + b" " + row.astype("<f4").tobytes())


def _read_rows(
    source: Source, stream: BinaryIO, shape: tuple[int, int], errors: str
) -> tuple[list[str], NDArray[np.floating], bytes]:
    """Return names and vectors of a shape, and the bytes that were read but are none of them.

    ``errors`` says how `bytes.decode` takes a name that is no UTF-8.
    """
    count, dimension = shape
    size = 4 * dimension
    matrix = np.empty((count, dimension), "<f4")
    # A row as one item of so many bytes lets NumPy copy it whole, from wherever it starts.
    rows = matrix.view(f"V{size}").reshape(count)
    names: list[str] = []
    rest = b""
    while len(names) < count:
        with source.library_errors("word2vec's binary format"):
            more = stream.read(_BLOCK)
        block = rest + more
        starts, end = _names_in(source, block, size, names, count, errors)
        if starts:
            places = np.ndarray((len(block) - size + 1,), f"V{size}", block, strides=(1,))
            first = len(names) - len(starts)
            rows[first : len(names)] = places[starts]
            if not first:
                _check_numbers(source, matrix[: len(names)])
        rest = block[end:]
        if len(names) < count and (not more or len(rest) > size + _LONGEST_NAME):
            found = "the end of the file" if not more else f"{rest[:40]!r}"
            raise source.error(
                f"expected a name and {dimension} float32 ({count} rows), found {found}",
                f"row {len(names) + 1}",
            )
    return names, matrix, rest


def _names_in(
    source: Source, block: bytes, size: int, names: list[str], count: int, errors: str
) -> tuple[list[int], int]:
    """Add the names of the whole rows in a block; return where numbers start, and rows end."""
    starts: list[int] = []
    end = 0
    for row in range(len(names), count):
        space = block.find(b" ", end)
        if space < 0 or space + 1 + size > len(block):
            break
        # The newline that ended the row before it.
        name = block[end:space].lstrip(b"\n")
        try:
            names.append(name.decode(errors=errors))
        except UnicodeDecodeError:
            raise source.error(
                f"expected a name in UTF-8, found {name[:40]!r}{SKIP_ADVICE}", f"row {row + 1}"
            ) from None
        starts.append(space + 1)
        end = space + 1 + size
    return starts, end


def _check_numbers(source: Source, block: NDArray[np.floating]) -> None:
    """Refuse numbers of sizes all over float32's range: they are something else, read wrongly."""
    with np.errstate(invalid="ignore"):
        sizes = np.abs(block)
        odd = (sizes != 0) & ((sizes < 1e-20) | (sizes > 1e20)) & np.isfinite(sizes)
    if 4 * np.count_nonzero(odd) > np.count_nonzero(sizes):
        row, column = np.argwhere(odd)[0]
        raise source.error(
            "expected little-endian float32 of an embedding, found numbers such as"
            f" {block[row, column]:.3g} (another byte order, or another format?)",
            f"row {row + 1}",
        )
