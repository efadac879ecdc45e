"""An open HDF5 file: its groups, attributes, numbers and texts, each checked before it is read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gene_analogies.formats.hdf5.claims import check_claims, check_text_bytes
from gene_analogies.formats.hdf5.links import follow
from gene_analogies.formats.source import Source
from gene_analogies.util.extras import require

__all__ = ["NUMBERS", "SIGNATURE", "Hdf5", "Node", "opened"]

#: The first bytes of every HDF5 file without a user block.
SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"

#: Kinds of NumPy types.
NUMBERS: Final = "fiub"

#: A group or dataset of h5py, which has no types.
Node: TypeAlias = Any

#: Numbers that are read at a time.
_BLOCK: Final = 2**20

#: Texts that are read at a time: none is longer than the file, all of them may be the same one.
_TEXTS: Final = 64


@contextmanager
def opened(source: Source) -> Iterator[Hdf5]:
    """Open an HDF5 file for reading.

    Raises
    ------
    FormatError
        If it is no HDF5 file, or a damaged one.
    MissingExtraError
        If h5py is not installed.
    """
    if source.is_folder:
        raise source.error("expected an HDF5 file, found a folder")
    if source.is_gzip:
        raise source.error("expected an HDF5 file, found one inside gzip; decompress it first")
    h5py = require("h5py", "anndata", "reading .h5ad")
    # A user block may stand in front of the signature.
    if not source.head.startswith(SIGNATURE) and not h5py.is_hdf5(source.path):
        found = f"the first bytes {source.head[:8]!r}" if source.head else "an empty file"
        raise source.error(f"expected an HDF5 file, found {found}")
    file = Hdf5(source, h5py)
    try:
        yield file
    finally:
        file.close()


class Hdf5:
    """An open HDF5 file.

    Parameters
    ----------
    source
        The file.
    h5py
        The library.

    Attributes
    ----------
    root
        The group that holds everything.
    """

    def __init__(self, source: Source, h5py: Any) -> None:  # noqa: ANN401
        self.source = source
        self._h5py = h5py
        with self._errors():
            self.root: Node = h5py.File(source.path, "r")

    def close(self) -> None:
        """Close the file."""
        with self._errors():
            self.root.close()

    def holds(self) -> str:
        """Say what is in the file, for an error."""
        keys = self.keys(self.root)
        shown = ", ".join(map(repr, keys[:8])) + (", …" if len(keys) > 8 else "")
        return f"an HDF5 file that holds {shown}" if keys else "an empty HDF5 file"

    def keys(self, group: Node) -> list[str]:
        """Return the names in a group, or the fields of a table; none of anything else."""
        with self._errors():
            if self.is_group(group):  # a name that is no UTF-8 comes as bytes
                return [key for key in group if isinstance(key, str)]
            return list(group.dtype.names or ()) if self.is_dataset(group) else []

    def child(self, group: Node, name: str) -> Node:
        """Return a group or dataset in a group, or None.

        Raises
        ------
        FormatError
            If it lies outside of the file, or a soft link to it is dangling or circular.
        """
        if not self.is_group(group):
            return None
        with self._errors():
            return follow(group, name, self.source)

    def path(self, *names: str) -> Node:
        """Return what lies at a path from the root, or None."""
        node = self.root
        for name in names:
            node = self.child(node, name)
        return node

    def is_dataset(self, node: Node) -> bool:
        """Return whether it is a dataset."""
        return isinstance(node, self._h5py.Dataset)

    def is_group(self, node: Node) -> bool:
        """Return whether it is a group."""
        return isinstance(node, self._h5py.Group)

    def shape(self, dataset: Node) -> tuple[int, ...]:
        """Return the shape a dataset claims; () where it has none."""
        with self._errors():
            return tuple(dataset.shape or ())

    def dtype(self, dataset: Node) -> np.dtype[Any]:
        """Return the type of a dataset's values."""
        with self._errors():
            kind: np.dtype[Any] = dataset.dtype
        return kind

    def attribute(self, node: Node, name: str, max_count: int = 8) -> list[Any]:
        """Return the values of an attribute: texts or numbers, none where there is no such one.

        Parameters
        ----------
        node
            A group or dataset.
        name
            The attribute.
        max_count
            More values than these are refused.
        """
        with self._errors():
            if name not in node.attrs:
                return []
            attribute = node.attrs.get_id(name)
            shape = attribute.shape
            count = 0 if shape is None else math.prod(shape)
            if count > max_count:
                raise self.source.error(
                    f"expected at most {max_count} values, found {count:,}", name
                )
            self._expect_text(attribute.dtype)
            values = np.ravel(node.attrs[name]).tolist() if count else []
            return [_strict(value) for value in values]

    def numbers(self, dataset: Node, place: str, field: str | None = None) -> NDArray[Any]:
        """Return all the numbers of a dataset, or of one field of a table.

        Raises
        ------
        FormatError
            If it holds something else, or fails `check_claims`.
        """
        dtype = self._expect_numbers(dataset, place, field)
        check_claims(dataset, self.source, place)
        self.source.check_size(dataset.size or 0, 1, dtype.itemsize)
        with self._errors(place):
            return np.asarray(dataset[()] if field is None else dataset.fields(field)[()])

    def blocks(
        self, *datasets: Node, place: str
    ) -> Iterator[tuple[slice, tuple[NDArray[Any], ...]]]:
        """Yield the numbers of datasets of one axis and one length, some megabytes at a time.

        Yields
        ------
        tuple of slice and tuple of ndarray
            Where the numbers are, and those of each dataset.
        """
        step = 1
        for dataset in datasets:
            self._expect_numbers(dataset, place)
            check_claims(dataset, self.source, place)
            with self._errors(place):
                step = max(step, *(dataset.chunks or (1,)))
        (size,) = self.shape(datasets[0])
        step = _multiple(step, _BLOCK, size)
        for start in range(0, size, step):
            part = slice(start, min(start + step, size))
            with self._errors(place):
                found = tuple(np.asarray(dataset[part]) for dataset in datasets)
            yield part, found

    def tiles(self, dataset: Node, place: str) -> Iterator[tuple[slice, NDArray[Any]]]:
        """Yield the numbers of a dataset of two axes, some megabytes at a time.

        Yields
        ------
        tuple of slice and ndarray
            The place along the last axis, and the numbers there.
        """
        self._expect_numbers(dataset, place)
        check_claims(dataset, self.source, place)
        shape = self.shape(dataset)
        with self._errors(place):
            chunks = dataset.chunks or (1, 1)
        columns = _multiple(chunks[1], _BLOCK // chunks[0], shape[1])
        rows = _multiple(chunks[0], _BLOCK // columns, shape[0])
        for top in range(0, shape[0], rows):
            for left in range(0, shape[1], columns):
                part = slice(left, min(left + columns, shape[1]))
                with self._errors(place):
                    block = np.asarray(dataset[top : top + rows, part])
                yield part, block

    def texts(self, dataset: Node, place: str, field: str | None = None) -> list[str]:
        """Return the texts of a dataset, or of one field of a table; numbers become texts.

        Parameters
        ----------
        dataset
            A dataset of shape (n,), or a single value.
        place
            What to call it in an error.
        field
            The field of a table.

        Raises
        ------
        FormatError
            If it is no list of texts in UTF-8, or fails `check_claims`.
        """
        shape = self.shape(dataset)
        if len(shape) > 1:
            raise self.source.error(f"expected a list of texts, found shape {shape}", place)
        with self._errors(place):
            count = dataset.size or 0
            kind = dataset.dtype if field is None else dataset.dtype[field]
            rows = dataset if field is None else dataset.fields(field)
        if not count:
            return []
        check_claims(dataset, self.source, place)
        self.source.check_size(count, 1, self.dtype(dataset).itemsize)
        self.source.check_names(count)
        step = _TEXTS if kind.hasobject else count
        found: list[str] = []
        size = 0
        for start in range(0, count, step):
            with self._errors(place):
                self._expect_text(kind)
                values = rows[start : start + step] if shape else rows[()]
                block = np.ravel(values).tolist()
            if kind.hasobject:
                size += sum(map(len, block))
                check_text_bytes(size, self.source, place)
            found += self._as_texts(block, place)
        return found

    def _as_texts(self, values: list[Any], place: str) -> list[str]:
        """Return texts of fixed and variable length, and numbers that some take for names."""
        try:
            return [value.decode() if isinstance(value, bytes) else str(value) for value in values]
        except UnicodeDecodeError as error:
            raise self.source.error(f"expected text in UTF-8 ({error.reason})", place) from None

    def _expect_text(self, kind: np.dtype[Any]) -> None:
        """Refuse Python objects other than texts: references, and lists of any length."""
        if kind.hasobject and self._h5py.check_string_dtype(kind) is None:
            raise TypeError(f"they are of type {kind}")

    def _expect_numbers(self, dataset: Node, place: str, field: str | None = None) -> np.dtype[Any]:
        """Return the type of the numbers, those of one row where it is a field's."""
        dtype = self.dtype(dataset)
        if field is not None:
            dtype = dtype[field]
        if dtype.base.kind not in NUMBERS:
            raise self.source.error(f"expected numbers, found values of type {dtype.base}", place)
        return dtype

    @contextmanager
    def _errors(self, place: str = "") -> Iterator[None]:
        what = f"values in {place}" if place else "a whole HDF5 file"
        with self.source.library_errors(what):
            yield


def _strict(value: Any) -> Any:  # noqa: ANN401 - a text or a number
    """Return a number as it is, and a text if it is UTF-8: h5py has surrogates for other bytes."""
    if isinstance(value, str):
        value = value.encode()
    return value.decode() if isinstance(value, bytes) else value


def _multiple(chunk: int, wanted: int, size: int) -> int:
    """Return the multiple of a chunk that is nearest below what is wanted, and at least one."""
    return max(1, min(size, chunk * max(1, wanted // chunk)))
