"""Models of Facebook's fastText, ``.bin``: the vector that fastText gives for each of its words.

The layout, of versions 11 and 12, is that of fastText's ``fasttext.cc``, ``args.cc``,
``dictionary.cc`` and ``densematrix.cc`` (https://github.com/facebookresearch/fastText),
little-endian: arguments, dictionary, input matrix; what follows serves training and classifying.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.left_out import SKIP_ADVICE, LeftOut
from gene_analogies.formats.parts.subwords import NGrams, add_ngrams
from gene_analogies.formats.parts.words import check_rows
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["read", "recognises"]

_MAGIC: Final = 793712314
_VERSIONS: Final = (11, 12)
_BLOCK: Final = 2**20
_LONGEST_NAME: Final = 2**12
_LONGEST_NGRAM: Final = 64
_SUPERVISED: Final = 3


def recognises(source: Source) -> bool:
    """Recognise the format by fastText's magic number."""
    return source.head[:4] == struct.pack("<i", _MAGIC)


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the words, and compute their vectors from their own rows and those of their n-grams.

    Parameters
    ----------
    source
        The file, which may be compressed with gzip.
    options
        ``limit`` spares the work for further words; ``bad_bytes`` says what becomes of a word that
        is no UTF-8.

    Returns
    -------
    Contents
        The n words (no labels of a classifier), and their vectors as (n, d) float32.

    Raises
    ------
    FormatError
        With the row (from 1) or the part that is damaged; or where the model is quantised.
    """
    with source.open() as file:
        stream = _Stream(source, file)
        magic, version = stream.numbers("<2i", "magic number")
        if magic != _MAGIC or version not in _VERSIONS:
            raise source.error(
                f"expected fastText's magic number {_MAGIC} and version 11 or 12, found {magic} and"
                f" {version}"
            )
        dimension, *_, model, buckets, shortest, longest, _ = stream.numbers("<12i8x", "arguments")
        if model == _SUPERVISED and version == 11:
            longest = 0  # these used none, whatever they say
        ngrams = NGrams(max(1, shortest), longest, buckets)
        if dimension < 1 or buckets < 0 or longest > _LONGEST_NGRAM:
            raise source.error(
                f"expected a dimension and n-grams of at most {_LONGEST_NGRAM} characters, found"
                f" d = {dimension}, {buckets} buckets, n-grams of {shortest} to {longest}",
                "arguments",
            )
        words, pruned = _dictionary(source, stream, dimension)
        (quantised,) = stream.numbers("<?", "input matrix")
        if quantised or pruned > 0:
            raise source.error(
                "expected a whole model, found a quantised one (.ftz); take the .bin it was made"
                " from, or its .vec"
            )
        shape = stream.numbers("<2q", "input matrix")
        if shape != (len(words) + buckets, dimension):
            raise source.error(
                f"expected {len(words)} + {buckets} rows of {dimension} numbers, found a matrix of"
                f" shape {shape}",
                "input matrix",
            )
        source.check_size(*shape)
        matrix = np.empty(shape, "<f4")
        stream.fill(matrix)
    matrix = matrix.astype(np.float32, copy=False)
    names = [
        _decoded(source, word, row, options) for row, word in enumerate(words[: options.limit], 1)
    ]
    if pruned and buckets and longest >= ngrams.shortest:
        add_ngrams(matrix, words[: options.limit], ngrams)
    # In place: a copy would need memory for both, and n-grams may have most of the rows.
    matrix.resize((len(names), dimension), refcheck=False)
    left_out = LeftOut("row", blank=False)
    names, vectors = left_out.filter(names, matrix, range(1, len(names) + 1))
    left_out.warn(source)
    vectors.flags.writeable = False
    return Contents(names, vectors)


def _dictionary(source: Source, stream: _Stream, dimension: int) -> tuple[list[bytes], int]:
    """Return the words, and how many n-grams a quantised model has kept (-1 otherwise)."""
    place = "dictionary"
    size, count, labels, _, pruned = stream.numbers("<3i2q", place)
    if count < 0 or labels < 0 or size != count + labels:
        raise source.error(f"expected words and labels, found {count} + {labels} = {size}", place)
    check_rows(source, count, dimension)
    words = []
    for row in range(1, size + 1):
        word, kind = stream.entry(f"row {row}")
        if kind != (row > count):
            raise source.error(f"expected {count} words, then labels", f"row {row}")
        if row <= count:
            words.append(word)
    return words, pruned


def _decoded(source: Source, word: bytes, row: int, options: ReadOptions) -> str:
    try:
        return word.decode(errors="surrogateescape" if options.bad_bytes == "skip" else "strict")
    except UnicodeDecodeError:
        raise source.error(
            f"expected a word in UTF-8, found {word[:40]!r}{SKIP_ADVICE}", f"row {row}"
        ) from None


class _Stream:
    """The bytes of a model, taken part by part."""

    def __init__(self, source: Source, stream: BinaryIO) -> None:
        self._source = source
        self._stream = stream
        self._bytes = b""
        self._at = 0

    def numbers(self, form: str, place: str) -> tuple[Any, ...]:
        """Take numbers, as `struct` writes their types."""
        size = struct.calcsize(form)
        if len(self._bytes) - self._at < size:
            self._more()
        if len(self._bytes) - self._at < size:
            raise self._source.error("expected more bytes, found the end of the file", place)
        self._at += size
        return struct.unpack_from(form, self._bytes, self._at - size)

    def entry(self, place: str) -> tuple[bytes, int]:
        """Take a word or label of the dictionary, and its kind: 0 for words, 1 for labels."""
        if len(self._bytes) - self._at <= _LONGEST_NAME:
            self._more()
        start = self._at
        end = self._bytes.find(b"\0", start, start + _LONGEST_NAME + 1)
        if end < 0:
            raise self._source.error(
                f"expected a word of at most {_LONGEST_NAME} bytes, found"
                f" {self._bytes[start : start + 40]!r}",
                place,
            )
        word = self._bytes[start:end]
        self._at = end + 1
        _, kind = self.numbers("<qb", place)
        return word, kind

    def fill(self, matrix: NDArray[np.float32]) -> None:
        """Take all the numbers of a matrix."""
        wanted = matrix.reshape(-1).view(np.uint8)
        ready = 0
        while ready < len(wanted):
            if self._at == len(self._bytes):
                self._more()
            piece = self._bytes[self._at : self._at + len(wanted) - ready]
            if not piece:
                raise self._source.error(
                    f"expected {len(matrix)} rows, found the end of the file",
                    f"input matrix, row {ready // matrix[0].nbytes + 1}",
                )
            wanted[ready : ready + len(piece)] = np.frombuffer(piece, np.uint8)
            ready += len(piece)
            self._at += len(piece)

    def _more(self) -> None:
        with self._source.library_errors("a fastText model"):
            more = self._stream.read(_BLOCK)
        self._bytes = self._bytes[self._at :] + more
        self._at = 0
