"""An embedding from a dictionary: name → vector, as GenePT, scELMo and BioConceptVec write it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.columns import (
    NAME_KEYS,
    VECTOR_KEYS,
    first_key,
    listed,
)
from gene_analogies.formats.parts.names import names_of_rows
from gene_analogies.formats.parts.npy import as_vectors
from gene_analogies.formats.parts.quantised import quantised_error, scale_of
from gene_analogies.formats.pickles.torch_files import Tensor
from gene_analogies.formats.source import Source

__all__ = ["contents_of_loaded", "contents_of_mapping", "has_columns", "has_records", "is_names"]


def contents_of_loaded(loaded: Any, source: Source, options: ReadOptions) -> Contents:  # noqa: ANN401
    """Return the embedding in whatever a file of one object holds.

    Parameters
    ----------
    loaded
        A dictionary as `contents_of_mapping` takes it, or n vectors, whose names are in a file
        beside it or in ``names`` of the options.
    source
        The file that it is from, which errors name.
    options
        ``names_column`` or ``key`` is the entry that holds the names; ``names`` a file to take
        instead of them.

    Raises
    ------
    FormatError
        If it is neither, or the file of names does not fit.
    """
    if _is_rows(loaded):
        names, path = names_of_rows(source, options, _count(loaded))
        contents = _contents(names, loaded, source, {"names": path.name})
        return replace(contents, files=(path,))
    if not isinstance(loaded, Mapping):
        raise source.error(f"expected names and vectors, found {_shown(loaded)}")
    contents = contents_of_mapping(loaded, source, key=options.column)
    if options.names is None:
        return contents
    names, path = names_of_rows(source, options, len(contents.vectors))
    return Contents(names, contents.vectors, {**contents.details, "names": path.name})


def contents_of_mapping(
    mapping: Mapping[Any, Any],
    source: Source,
    *,
    key: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> Contents:
    """Return the embedding in a dictionary of one of these forms.

    - name → vector
    - name → a dictionary with the vector under ``embeddings``, ``embedding``, ``vector``, …
    - ``genes``, ``names``, ``words``, … → n names, and ``embeddings``, ``vectors``, … → n vectors
    - ``embeddings``, … → one of the first two, beside other entries

    A vector is a list or tuple of numbers, an ``array``, a 1-d NumPy array or `Tensor`, or a matrix
    of one row, as scripts for ESM save it.

    Parameters
    ----------
    mapping
        The dictionary.
    source
        The file that it is from, which errors name.
    key
        The entry that holds the names; found among the usual ones unless given.
    details
        What to say of the file besides.

    Returns
    -------
    Contents
        Names in the order of the dictionary; integers become text, bytes are taken as UTF-8.
        Vectors of shape (n, d): float64 where the file has arrays of float64 or of wide integers,
        or lists with a finite number that exceeds float32, else float32, lists of numbers
        included, which halves the memory.

    Raises
    ------
    FormatError
        If it has none of these forms, or a vector is no row of numbers, or of another length.
    """
    if not mapping:
        raise source.error("expected names and vectors, found an empty dictionary")
    found = _columns(mapping, source, key)
    if found is not None:
        names_entry, vectors_entry = found
        names, vectors = mapping[names_entry], mapping[vectors_entry]
        if len(names) != _count(vectors):
            raise source.error(
                f"expected one vector a name, found {len(names):,} names in {names_entry!r}"
                f" and {_count(vectors):,} vectors in {vectors_entry!r}"
            )
        if isinstance(vectors, (np.ndarray, Tensor)) and vectors.dtype.kind in "iu":
            scale = scale_of(vectors_entry, filter(_is_text, mapping))
            if scale is not None and vectors.dtype.itemsize <= 2:
                shown = f"{vectors.dtype} {' × '.join(map(str, vectors.shape))}"
                raise quantised_error(source, vectors_entry, shown, scale)
        notes = {"names": names_entry, "vectors": vectors_entry}
        return _contents(names, vectors, source, {**(details or {}), **notes})
    entry = _vectors_entry(mapping)
    inner = mapping.get(entry)
    # A gene may be called X, too.
    if isinstance(inner, Mapping) and inner and _vectors_entry(inner) is None:
        return _of_names(inner, source, {**(details or {}), "vectors": entry})
    return _of_names(mapping, source, dict(details or {}))


def has_columns(mapping: Mapping[Any, Any], source: Source) -> bool:
    """Whether one entry of a dictionary is called as names are, and another as vectors are."""
    return _columns(mapping, source, None) is not None


def has_records(mapping: Mapping[Any, Any]) -> bool:
    """Whether every name has a record of a few entries, one of which is called as vectors are."""
    first = next(iter(mapping.values()), None)
    if not isinstance(first, Mapping) or len(first) > len(mapping):
        return False
    entry = _vectors_entry(first)
    return entry is not None and all(
        isinstance(record, Mapping) and entry in record for record in mapping.values()
    )


def is_names(value: object) -> bool:
    """Whether it is a list of texts or of whole numbers."""
    return _is_list(value) and isinstance(value[0], (str, bytes, int, np.integer))


def _columns(mapping: Mapping[Any, Any], source: Source, key: str | None) -> tuple[str, str] | None:
    """Return the entries that hold all names and all vectors; None where it has no such two."""
    texts = [entry for entry in mapping if isinstance(entry, str)]
    matrices = [entry for entry in texts if _is_rows(mapping[entry])]
    lists = [entry for entry in texts if is_names(mapping[entry])]
    vectors = first_key(VECTOR_KEYS, matrices)
    if key is None:
        names = first_key(NAME_KEYS, lists)
        return None if names is None or vectors is None else (names, vectors)
    if key not in lists:
        raise source.error(f"there are no names in {key!r}; entries with names: {listed(lists)}")
    if vectors is None and len(matrices) != 1:
        raise source.error(f"expected vectors in one entry beside {key!r}: {listed(matrices)}")
    return key, vectors or matrices[0]


def _of_names(mapping: Mapping[Any, Any], source: Source, details: dict[str, Any]) -> Contents:
    """Return the embedding in name → vector, or name → {entry: vector}."""
    first = next(iter(mapping.values()))
    entry = _vectors_entry(first) if isinstance(first, Mapping) else None
    if entry is None:
        return _contents(list(mapping), list(mapping.values()), source, details)
    vectors = []
    for name, record in mapping.items():
        if not isinstance(record, Mapping) or entry not in record:
            raise source.error(
                f"expected the entry {entry!r}, found {_shown(record)}", place=_shown(name)
            )
        vectors.append(record[entry])
    return _contents(list(mapping), vectors, source, {**details, "entry": entry})


def _contents(
    names: Iterable[Any],
    vectors: Any,  # noqa: ANN401 - a matrix or a list of vectors
    source: Source,
    details: Mapping[str, Any],
) -> Contents:
    labels = [_name(name, source) for name in names]
    if isinstance(vectors, Tensor) or _is_plain(vectors):
        rows, dimension = vectors.shape
        source.check_size(rows, dimension, 8 if _is_wide(vectors) else 4)
        matrix = as_vectors(vectors.numpy() if isinstance(vectors, Tensor) else vectors, source)
    else:
        matrix = _stack(labels, vectors, source)
        matrix.flags.writeable = False
    return Contents(labels, matrix, details)


def _stack(labels: list[str], vectors: Sequence[Any], source: Source) -> NDArray[np.floating]:
    """Copy vectors into a matrix of float32, or of float64 where that is too narrow."""
    vectors = [_only_row(vector) for vector in vectors]
    if not any(map(_is_wide, vectors)):
        with suppress(OverflowError):
            return _filled(labels, vectors, source, np.float32)
    return _filled(labels, vectors, source, np.float64)


def _filled(
    labels: list[str],
    vectors: list[Any],
    source: Source,
    dtype: type[np.float32 | np.float64],
) -> NDArray[np.floating]:
    """Copy vectors into a matrix, row by row; raise OverflowError where float32 is too narrow."""
    matrix = np.empty((0, 0), dtype)
    with np.errstate(over="ignore", invalid="ignore"):
        for row, (name, vector) in enumerate(zip(labels, vectors, strict=True)):
            values = _numbers(vector, name, source)
            if row == 0:
                source.check_size(len(labels), len(values), matrix.itemsize)
                matrix = np.empty((len(labels), len(values)), dtype)
            if len(values) != matrix.shape[1]:
                raise source.error(
                    f"expected {matrix.shape[1]:,} numbers as in the rows before,"
                    f" found {len(values):,}",
                    place=_shown(name),
                )
            matrix[row] = values
            if dtype is np.float32 and values.itemsize > matrix.itemsize:
                infinite = np.isinf(matrix[row])
                if infinite.any() and np.isfinite(values[infinite]).any():
                    raise OverflowError
    return matrix


def _only_row(vector: Any) -> Any:  # noqa: ANN401
    """Return the row of a matrix that has one; scripts for ESM keep the axis of the batch."""
    if isinstance(vector, np.ndarray) and vector.ndim == 2 and len(vector) == 1:
        return vector[0]
    if isinstance(vector, (list, tuple)) and len(vector) == 1:
        row = vector[0]
        return row if isinstance(row, (list, tuple, array, np.ndarray, Tensor)) else vector
    return vector


def _numbers(vector: Any, name: str, source: Source) -> NDArray[Any]:  # noqa: ANN401
    """Return a vector as a 1-d array of numbers, without a copy where it is an array."""
    if isinstance(vector, array) and vector.typecode in "fd":
        return np.asarray(vector)
    if isinstance(vector, Tensor) or _is_plain(vector):
        is_row = isinstance(vector, Tensor) and vector.ndim == 2 and vector.shape[0] == 1
        if (vector.ndim == 1 or is_row) and vector.dtype.kind in "fiu":
            return vector.numpy(_shown(name)).ravel() if isinstance(vector, Tensor) else vector
        found = f"an array of shape {vector.shape} and type {vector.dtype}"
        raise source.error(f"expected a vector of numbers, found {found}", place=_shown(name))
    if not isinstance(vector, (list, tuple)) and not _is_list(vector):
        raise source.error(f"expected a vector, found {_shown(vector)}", place=_shown(name))
    for kind in set(map(type, vector)):
        if not issubclass(kind, (int, float, np.integer, np.floating)) or kind is bool:
            other = next(item for item in vector if type(item) is kind)
            raise source.error(f"expected numbers, found {_shown(other)}", place=_shown(name))
    try:
        return np.array(vector, dtype=np.float64)
    except OverflowError:
        raise source.error("expected numbers, found one too large", place=_shown(name)) from None


def _name(name: Any, source: Source) -> str:  # noqa: ANN401
    """Return a name as text that can be written anywhere."""
    try:
        if isinstance(name, bytes):
            return name.decode()
        if isinstance(name, str):
            name.encode()  # half of a surrogate pair is no character
            return str(name)
    except UnicodeError:
        raise source.error("expected names in UTF-8", place=_shown(name)) from None
    if (
        isinstance(name, (int, np.integer))
        and not isinstance(name, bool)
        and abs(int(name)) < 2**63
    ):
        return str(name)
    raise source.error(f"expected names, found {_shown(name)}")


def _vectors_entry(record: Mapping[Any, Any]) -> str | None:
    """Return the entry that is called as vectors are, if there is one."""
    return first_key(VECTOR_KEYS, (entry for entry in record if isinstance(entry, str)))


def _is_text(value: object) -> TypeGuard[str]:
    return isinstance(value, str)


def _is_wide(vector: object) -> bool:
    """Whether an array holds more than float32 can."""
    if not isinstance(vector, (np.ndarray, Tensor)) or vector.dtype.kind not in "fiu":
        return False
    return bool(vector.dtype.itemsize >= (8 if vector.dtype.kind == "f" else 4))


def _is_plain(value: object) -> TypeGuard[NDArray[Any]]:
    """Whether it is an array, and not one of objects."""
    return isinstance(value, np.ndarray) and value.dtype != object


def _is_rows(value: object) -> bool:
    """Whether it is a matrix, or a list of vectors."""
    if isinstance(value, Tensor) or _is_plain(value):
        return value.ndim == 2 and value.dtype.kind in "fiu"
    return _is_list(value) and isinstance(value[0], (list, tuple, array, np.ndarray, Tensor))


def _count(vectors: Any) -> int:  # noqa: ANN401 - a matrix or a list of vectors
    return int(vectors.shape[0]) if isinstance(vectors, Tensor) else len(vectors)


def _is_list(value: object) -> TypeGuard[Sequence[Any]]:
    if isinstance(value, np.ndarray):
        return value.ndim == 1 and value.size > 0
    return isinstance(value, (list, tuple)) and len(value) > 0


def _shown(value: object) -> str:
    """Describe a value in a few words, whatever it holds."""
    if isinstance(value, (str, bytes)):
        return repr(value[:60])
    if value is None or isinstance(value, (bool, float, np.generic)):
        return repr(value)[:60]
    if isinstance(value, int):
        return f"the number {value}" if abs(value) < 2**63 else "a number of many digits"
    if isinstance(value, (np.ndarray, Tensor)):
        return f"an array of shape {value.shape}"
    if isinstance(value, Mapping):
        return f"a dictionary with {listed([key for key in value if isinstance(key, str)])}"
    if isinstance(value, (list, tuple, array)):
        return f"a {type(value).__name__} of {len(value):,}"
    return type(value).__name__
