"""NumPy's archives of arrays: ``embeddings`` and ``genes``, and other evident pairs.

``gene_embeddings_ordered_brain.npz`` (``embeddings``, ``genes``) is this project's older layout,
and the one that is written.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts import npy
from gene_analogies.formats.parts.columns import (
    NAME_KEYS,
    VECTOR_KEYS,
    first_key,
    listed,
    one_line,
    quoted,
)
from gene_analogies.formats.parts.names import as_names, names_of_rows
from gene_analogies.formats.parts.quantised import quantised_error, scale_of, without_scales
from gene_analogies.formats.source import Source
from gene_analogies.formats.write import check_annotations, provenance_from, provenance_text
from gene_analogies.formats.zip_archives import opened_zip

if TYPE_CHECKING:
    from gene_analogies.embedding import Embedding

__all__ = ["read", "recognises", "write"]

_EXPECTED: Final = "a NumPy .npz archive"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_NAMES: Final = (*NAME_KEYS, "arr_1")
#: Where we write the symbols that a model gave to its items, empty where it gave none.
_SYMBOLS: Final = "model_symbols"
#: The header of every array is read.
_MAX_ARRAYS: Final = 10_000


@dataclass(frozen=True)
class _Archive:
    """An open archive, and what the headers of its arrays say."""

    source: Source
    file: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    headers: dict[str, npy.Header] = field(default_factory=dict)

    def choices(self, keys: Sequence[str]) -> str:
        """Return arrays with their shapes for a message."""
        return listed({key: str(self.headers[key]) for key in keys})


def recognises(source: Source) -> bool:
    """Recognise the format by the archive's first file, an array; in PyTorch's it is a pickle."""
    head = source.head
    if not head.startswith(_ZIP) or source.is_gzip:
        return False
    first = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    return first.endswith(b".npy") or (
        source.name.endswith(".npz") and not first.endswith((b".pkl", b"/", b".format_version"))
    )


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the one matrix of numbers in an archive, and the one list of as many texts.

    Parameters
    ----------
    source
        The file.
    options
        ``key`` is the array with the vectors, ``names_column`` that with the names; ``names`` a
        file of names, looked for beside the archive where that holds none.

    Returns
    -------
    Contents
        The n names, and the vectors as (n, d) float32 or float64; float16 and short whole numbers
        become float32. ``details`` says which arrays were read, and has the provenance of a file
        that we wrote; ``symbols`` are those of such a file.

    Raises
    ------
    FormatError
        If it is not evident which arrays these are, with the arrays there are; or one is shorter
        than it claims.
    """
    with _open(source) as archive:
        key = _key_of_vectors(archive, options.key)
        _refuse_quantised(archive, key)
        place = one_line(key)
        rows, dimension = archive.headers[key].shape
        source.check_size(rows, dimension, archive.headers[key].dtype.itemsize)
        names_key = None if options.names else _key_of_names(archive, key, options.names_column)
        details = {"vectors": key}
        files: tuple[Path, ...] = ()
        if names_key is None:
            names, path = names_of_rows(source, options, rows)
            details["names"], files = path.name, (path,)
        else:
            details["names"] = names_key
            count = archive.headers[names_key].size
            if count != rows:
                raise source.error(
                    f"expected {rows:,} names, one for every row of {place}, found {count:,}",
                    one_line(names_key),
                )
            source.check_names(count)
            names = as_names(_texts(archive, names_key), source, f"{one_line(names_key)} row")
            if len(names) != rows:
                raise source.error(
                    f"expected {rows:,} names, found {len(names):,}", one_line(names_key)
                )
        with _member(archive, key) as (stream, header):
            vectors = npy.as_vectors(npy.read_values(stream, header, source, place), source, place)
        details |= _provenance(archive)
        symbols = {} if options.names else _symbols(archive, names)
    return Contents(names, vectors, details, files, symbols)


def write(embedding: Embedding, path: Path, annotations: Mapping[str, Sequence[str]]) -> None:
    """Write the arrays ``embeddings``, ``genes``, the annotations, and ``provenance``.

    Symbols of the model's own go into an array ``model_symbols``, empty where there is none.

    Parameters
    ----------
    embedding
        The n items and their (n, d) vectors; their type is kept, and the provenance, as JSON in
        an array of one text.
    path
        The file. Nothing in it is compressed or pickled: ``numpy.load(path)`` reads it.
    annotations
        Arrays of n texts.

    Raises
    ------
    GeneAnalogiesError
        If an annotation is called as one of the arrays, or has not n texts.
    """
    # The last two are arguments of NumPy's.
    taken = ("embeddings", "genes", "provenance", _SYMBOLS, "file", "allow_pickle")
    check_annotations(annotations, len(embedding), taken)
    texts = {"genes": embedding.names, **annotations}
    if embedding.symbols:
        texts[_SYMBOLS] = [embedding.symbols.get(name, "") for name in embedding.names]
    arrays: dict[str, Any] = {key: np.array(list(value), str) for key, value in texts.items()}
    arrays["provenance"] = np.array(provenance_text(embedding.provenance))
    with path.open("wb") as file:
        np.savez(file, embeddings=embedding.vectors, **arrays)


@contextmanager
def _open(source: Source) -> Iterator[_Archive]:
    """Open an archive and read the headers of its arrays, but none of the numbers."""
    with opened_zip(source, _EXPECTED, _MAX_ARRAYS) as file:
        members = {
            info.filename.removesuffix(".npy"): info
            for info in file.infolist()
            if info.filename.endswith(".npy")
        }
        archive = _Archive(source, file, members)
        for key in members:
            with _member(archive, key) as (_, header):
                archive.headers[key] = header
        yield archive


@contextmanager
def _member(archive: _Archive, key: str) -> Iterator[tuple[BinaryIO, npy.Header]]:
    """Open an array, at its numbers."""
    source, info, place = archive.source, archive.members[key], one_line(key)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise source.error("expected an array stored or deflated, found other compression", place)
    with source.library_errors(_EXPECTED):
        stream = archive.file.open(info)
    with stream:
        reader = cast("BinaryIO", stream)
        header = npy.read_header(reader, source, f"a NumPy array {quoted(key)}")
        if header.dtype != object and header.size * header.dtype.itemsize > info.file_size:
            raise source.error(f"expected {header}, found {info.file_size:,} bytes", place)
        yield reader, header


def _texts(archive: _Archive, key: str) -> list[Any]:
    place = one_line(key)
    with _member(archive, key) as (stream, header):
        if header.dtype.kind in "iu":
            return list(npy.read_values(stream, header, archive.source, place).ravel().tolist())
        return npy.read_texts(stream, header, archive.source, place)


def _key_of_vectors(archive: _Archive, asked: str | None) -> str:
    """Return the array that holds the vectors: the one asked, the only matrix, or a known one."""
    headers = archive.headers
    matrices = [key for key, header in headers.items() if header.is_matrix]
    if asked in matrices:
        return asked
    if asked is not None:
        choices = archive.choices(matrices)
        raise archive.source.error(f"there is no matrix {quoted(asked)}; choose from {choices}")
    codes = [key for key in matrices if headers[key].dtype.kind in "iu"]
    vectors = without_scales({key: headers[key] for key in matrices}, codes)
    floats = [key for key, header in vectors.items() if header.dtype.kind == "f"] or list(vectors)
    found = floats[0] if len(floats) == 1 else first_key(VECTOR_KEYS, floats)
    if found is None:
        raise archive.source.error(
            "expected one matrix of vectors (or choose: key=, --key), found"
            f" {archive.choices(list(headers))}"
        )
    return found


def _refuse_quantised(archive: _Archive, key: str) -> None:
    """Refuse codes of one or two bytes whose scale is another array."""
    header = archive.headers[key]
    scale = scale_of(key, archive.headers) if header.dtype.kind in "iu" else None
    if scale is not None and header.dtype.itemsize <= 2:
        raise quantised_error(archive.source, key, str(header), scale)


def _key_of_names(archive: _Archive, vectors: str, asked: str | None) -> str | None:
    """Return the array that holds the names; None where none does."""
    headers = archive.headers
    rows = headers[vectors].shape[0]
    texts = [key for key, header in headers.items() if header.is_text]
    if asked is not None:
        if asked not in headers or asked == vectors:
            choices = archive.choices(texts)
            raise archive.source.error(f"there is no array {quoted(asked)}; choose from {choices}")
        return asked
    fitting = [key for key in texts if headers[key].size == rows]
    # Entrez numbers are names too, but only where they are called so.
    numbers = [
        key
        for key, header in headers.items()
        if header.shape == (rows,) and header.dtype.kind in "iu"
    ]
    found = fitting[0] if len(fitting) == 1 else first_key(_NAMES, fitting or numbers)
    if found is None and fitting:
        raise archive.source.error(
            f"expected one array of names, found {archive.choices(fitting)}; give them (names=,"
            " --names)"
        )
    # One that does not fit is no reason to look elsewhere, but an error.
    return first_key(_NAMES, texts) if found is None else found


def _symbols(archive: _Archive, names: Sequence[str]) -> dict[str, str]:
    """Return the symbols that a model gave to its items, from a file that we wrote."""
    header = archive.headers.get(_SYMBOLS)
    if header is None or header.dtype.kind != "U" or header.shape != (len(names),):
        return {}
    archive.source.check_names(len(names))
    symbols = as_names(_texts(archive, _SYMBOLS), archive.source, f"{_SYMBOLS} row")
    return {name: symbol for name, symbol in zip(names, symbols, strict=True) if symbol}


def _provenance(archive: _Archive) -> dict[str, Any]:
    header = archive.headers.get("provenance")
    if header is None or header.shape != () or header.dtype.kind != "U":
        return {}
    with _member(archive, "provenance") as (stream, header):
        text = npy.read_values(stream, header, archive.source, "provenance")
    with archive.source.library_errors("a text"):
        return provenance_from(text.item())
