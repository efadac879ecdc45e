"""What a pickle may refer to: stand-ins for a few classes, none of which runs its code.

NumPy's layouts are those that ``ndarray.__reduce__`` and ``dtype.__reduce__`` have written since
NumPy 1.0, under the names of NumPy 1 (``numpy.core``) and 2 (``numpy._core``).
"""

from __future__ import annotations

import math
import re
import sys
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

__all__ = [
    "ADVICE",
    "KNOWN",
    "Budget",
    "Global",
    "ObjectPlaceholder",
    "PickledList",
    "Placeholder",
    "RefusedError",
    "finished",
]

#: How to save what is often pickled, and never read.
ADVICE: Final = {
    "pandas": "; in Python, save it as Parquet: pandas.DataFrame(pandas.read_pickle(FILE))"
    ".to_parquet(NEW)",
    "anndata": "; in Python, save it with adata.write_h5ad(NEW)",
    "torch": "; in Python, save plain tensors: of a module its state_dict(), of a sparse tensor its"
    " to_dense()",
    "scipy": "; in Python, save its toarray() and the names with numpy.savez(NEW, …)",
}


class RefusedError(Exception):
    """What is wrong with a pickle; the machine that runs it adds the file and the place."""


class Budget:
    """How many bytes all the calls of a pickle may take and make together.

    A reference costs two bytes in the file, and each call may copy what it refers to.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._left = size

    def charge(self, *values: Any) -> None:  # noqa: ANN401 - whatever the file holds
        """Subtract the size of some values, and of the items where a value is a tuple."""
        for value in values:
            self._left -= _size(value)
            if type(value) is tuple:
                self._left -= sum(map(_size, value))
        if self._left < 0:
            raise RefusedError(f"expected a pickle in proportion, found over {self._size:,} bytes")


class Placeholder:
    """What is on the stack for a value that later instructions of the pickle complete."""

    __slots__ = ()

    def build(self, state: Any) -> None:  # noqa: ANN401 - whatever the file holds
        """Take the state that a BUILD instruction brings."""
        raise RefusedError(f"expected no state, found {type(state).__name__}")

    def finish(self) -> Any:  # noqa: ANN401
        """Return the complete value, the same each time."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Global:
    """A class or function that a pickle names; ``make`` stands in for calling it."""

    module: str
    name: str
    make: Callable[..., Any] | None = None


class PickledList(Placeholder):
    """A list that grows; one of floats only is kept, and returned, as ``array('d')``."""

    __slots__ = ("_finished", "_items", "_numbers")

    def __init__(self) -> None:
        self._numbers = array("d")
        self._items: list[Any] | None = None
        self._finished = False

    def extend(self, values: list[Any]) -> None:
        """Add values of any kind."""
        self._check_open()
        if self._items is None and not set(map(type, values)) <= {float}:
            self._items = self._numbers.tolist()
        if self._items is None:
            self._numbers.extend(values)
        else:
            self._items.extend(values)

    def extend_numbers(self, big_endian: bytes) -> None:
        """Add floats, given as their big-endian bytes."""
        self._check_open()
        numbers = array("d", big_endian)
        if sys.byteorder == "little":
            numbers.byteswap()
        target = self._numbers if self._items is None else self._items
        target.extend(numbers)

    def _check_open(self) -> None:
        if self._finished:
            raise RefusedError("expected plain data, found a list that is used before it is whole")

    def finish(self) -> list[Any] | array[float]:
        """Return a list, or ``array('d')`` where all the items are floats."""
        self._finished = True
        if self._items is None and not self._numbers:
            self._items = []
        return self._numbers if self._items is None else self._items


class ObjectPlaceholder(Placeholder):
    """The placeholder of an object that a caller's stand-in returned."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:  # noqa: ANN401
        self.value = value

    def build(self, state: Any) -> None:  # noqa: ANN401
        """Hand the state over: to ``__setstate__``, or to the object's attributes."""
        take = getattr(self.value, "__setstate__", None)
        if take is not None:
            take(state)
            return
        attributes = getattr(self.value, "__dict__", None)
        if attributes is None or not isinstance(state, dict) or not all(map(_is_text, state)):
            raise RefusedError(f"expected attributes, found {type(state).__name__}")
        attributes.update(state)

    def finish(self) -> Any:  # noqa: ANN401
        """Return the object."""
        return self.value


class _DType(Placeholder):
    """A dtype of numbers, text or objects, whose byte order comes as state."""

    __slots__ = ("value",)

    def __init__(self, spelling: Any, *_: Any) -> None:  # noqa: ANN401 - align and copy follow
        spelling = _text(spelling)
        if not re.fullmatch(r"[<>=|]?([biuf?][0-9]?|f16|[SU][0-9]{1,9}|O[48]?)", spelling):
            raise RefusedError(f"expected an array of numbers or text, found one of {spelling!r}")
        try:
            self.value: np.dtype[Any] = np.dtype(spelling)
        except (TypeError, ValueError):
            raise RefusedError(f"expected a type of numbers, found {spelling!r}") from None
        if self.value.itemsize == 0:
            # Any number of items would fit no bytes.
            raise RefusedError(f"expected an array of numbers or text, found one of {spelling!r}")

    def build(self, state: Any) -> None:  # noqa: ANN401
        """Take ``(version, byte order, None, None, None, …)``; it has fields only in a record."""
        if not isinstance(state, tuple) or len(state) < 2 or any(part for part in state[2:5]):
            raise RefusedError("expected a plain NumPy type, found one of records")
        order = _text(state[1])
        if order not in ("<", ">", "=", "|"):
            raise RefusedError(f"expected a byte order, found {order!r}")
        self.value = np.dtype(order + self.value.str[1:])

    def finish(self) -> np.dtype[Any]:
        """Return the NumPy type."""
        return self.value


class _Array(Placeholder):
    """An array that ``_reconstruct`` began; its state holds everything."""

    __slots__ = ("value",)

    def __init__(self, kind: Any, *_: Any) -> None:  # noqa: ANN401 - shape and type code are dummies
        if not isinstance(kind, Global) or (kind.module, kind.name) != ("numpy", "ndarray"):
            raise RefusedError("expected a plain NumPy array, found one of another class")
        self.value: np.ndarray[Any, Any] | None = None

    def build(self, state: Any) -> None:  # noqa: ANN401
        """Take ``(version, shape, dtype, Fortran order, items)``; old files have no version."""
        if not isinstance(state, tuple) or len(state) not in (4, 5):
            raise RefusedError("expected the shape, type and items of an array, found no such")
        shape, dtype, fortran, items = state[-4:]
        self.value = _array(items, dtype, shape, "F" if fortran else "C")

    def finish(self) -> np.ndarray[Any, Any]:
        """Return the array."""
        if self.value is None:
            raise RefusedError("expected an array, found one without items")
        return self.value


def _size(value: object) -> int:
    """Return the bytes that a value takes without those of its items."""
    return value.nbytes if isinstance(value, np.ndarray) else sys.getsizeof(value, 64)


def finished(value: Any) -> Any:  # noqa: ANN401
    """Return the value itself, complete."""
    return value.finish() if isinstance(value, Placeholder) else value


def _array(items: Any, dtype: Any, shape: Any, order: str) -> np.ndarray[Any, Any]:  # noqa: ANN401
    """Return an array in the machine's byte order; the bytes must fill the shape exactly."""
    if not isinstance(dtype, np.dtype):
        raise RefusedError("expected the type of an array, found no such")
    shape = shape if isinstance(shape, tuple) else (shape,)
    if not all(type(size) is int and 0 <= size < 2**31 for size in shape) or len(shape) > 8:
        raise RefusedError("expected the shape of an array, found other things")
    count = math.prod(shape)
    if dtype.kind == "O":
        return _shaped(_objects(items, count), shape, order)
    if isinstance(items, str):
        items = items.encode()  # bytes of Python 2 that happened to be UTF-8
    if not isinstance(items, (bytes, bytearray)) or len(items) != count * dtype.itemsize:
        size = len(items) if isinstance(items, (bytes, bytearray)) else 0
        raise RefusedError(
            f"expected {count * dtype.itemsize:,} bytes for an array of shape {shape} and type"
            f" {dtype}, found {size:,}"
        )
    flat = np.frombuffer(items, dtype)
    if not dtype.isnative:
        flat = flat.astype(dtype.newbyteorder("="))
    if dtype.kind == "U" and flat.size and flat.view(np.uint32).max() > sys.maxunicode:
        raise RefusedError("expected text in an array, found a number that is no character")
    return _shaped(flat, shape, order)


def _shaped(flat: np.ndarray[Any, Any], shape: tuple[int, ...], order: str) -> np.ndarray[Any, Any]:
    try:
        return flat.reshape(shape, order="F" if order == "F" else "C")
    except ValueError:  # too many axes of too many items, one of them empty
        raise RefusedError(f"expected the shape of an array, found {shape}") from None


def _objects(items: Any, count: int) -> np.ndarray[Any, Any]:  # noqa: ANN401
    """Return a flat array of the objects in a list."""
    if not isinstance(items, (list, array)) or len(items) != count:
        raise RefusedError(f"expected a list of {count:,} objects in an array, found another")
    objects = np.empty(count, dtype=object)
    for row, item in enumerate(items):  # NumPy itself would take lists apart
        objects[row] = item
    return objects


def _frombuffer(items: Any, dtype: Any, shape: Any, order: Any, axes: Any = None) -> Any:  # noqa: ANN401
    """Stand in for the function of protocol 5; axes come with order ``K`` alone."""
    if order not in ("C", "F") or axes is not None:
        raise RefusedError("expected an array in C or Fortran order, found another")
    return _array(items, dtype, shape, order)


def _scalar(dtype: Any, item: Any) -> Any:  # noqa: ANN401
    """Stand in for a NumPy scalar; one of text becomes a str or bytes."""
    if isinstance(dtype, np.dtype) and dtype.kind == "O":
        raise RefusedError("expected a number or a text, found a scalar of objects")
    value = _array(item, dtype, (), "C")[()]
    return value.item() if value.dtype.kind in "SU" else value


def _encode(text: Any, encoding: Any = "latin1") -> bytes:  # noqa: ANN401
    """Stand in for ``_codecs.encode``, by which protocols 0 to 2 write bytes."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise RefusedError("expected bytes written as Latin-1 text, found others")
    try:
        return text.encode("latin1")
    except UnicodeEncodeError:
        raise RefusedError("expected bytes written as Latin-1 text, found others") from None


def _dictionary(pairs: Any = ()) -> dict[Any, Any]:  # noqa: ANN401
    """Stand in for OrderedDict, to which Python 2 gives a list of pairs."""
    made = {}
    for pair in pairs:
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not _is_text(pair[0]):
            raise RefusedError("expected pairs of names and values, found others")
        made[pair[0]] = pair[1]
    return made


def _set(items: Any = ()) -> set[Any]:  # noqa: ANN401
    if not isinstance(items, list) or not all(map(_is_text, items)):
        raise RefusedError("expected a set of names, found others")
    return set(items)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _text(value: Any) -> str:  # noqa: ANN401
    """Return a text of NumPy's, which Python 2 may have written as bytes."""
    if isinstance(value, bytes):
        value = value.decode("latin1")
    if not isinstance(value, str) or len(value) > 32:
        raise RefusedError(f"expected a short text, found {type(value).__name__}")
    return value


def _known() -> dict[tuple[str, str], Global]:
    calls: dict[tuple[str, str], Callable[..., Any] | None] = {
        ("numpy", "ndarray"): None,
        ("numpy", "dtype"): _DType,
        ("collections", "OrderedDict"): _dictionary,
        ("collections", "defaultdict"): lambda _=None: {},
        ("_codecs", "encode"): _encode,
    }
    for core in ("numpy.core", "numpy._core"):
        calls[f"{core}.multiarray", "_reconstruct"] = _Array
        calls[f"{core}.multiarray", "scalar"] = _scalar
        calls[f"{core}.numeric", "_frombuffer"] = _frombuffer
    for module in ("builtins", "__builtin__"):
        # The makers of a defaultdict's values, which are never called.
        for name in ("int", "float", "str", "list", "dict"):
            calls[module, name] = None
        calls[module, "set"] = _set
        calls[module, "frozenset"] = lambda items=(): frozenset(_set(items))
        calls[module, "bytes"] = lambda: b""
    return {key: Global(*key, make) for key, make in calls.items()}


#: All that any pickle may name.
KNOWN: Final[Mapping[tuple[str, str], Global]] = _known()
