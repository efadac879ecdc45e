"""A machine that runs the instructions of pickles on plain data alone.

The instructions are those of PEP 307, PEP 3154 and PEP 574; the module ``pickletools`` describes
each. In place of classes it has `gene_analogies.formats.pickles.stand_ins`, and it takes the floats
of a list in one piece.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NoReturn

import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.pickles.operands import Reader
from gene_analogies.formats.pickles.stand_ins import (
    ADVICE,
    KNOWN,
    Budget,
    Global,
    ObjectPlaceholder,
    PickledList,
    Placeholder,
    RefusedError,
    finished,
)
from gene_analogies.formats.source import ALWAYS_ALLOWED, MAX_RATIO, Source

__all__ = ["Machine"]

_STOP: Final = pickle.STOP[0]
_BINFLOAT: Final = pickle.BINFLOAT[0]
_APPENDS: Final = pickle.APPENDS[0]
_FRAME: Final = pickle.FRAME[0]  # one may begin between any two instructions
_FLOAT_BYTES: Final = 9  # of BINFLOAT or FRAME with its number
_MANY: Final = 1024
_NOTHING: Final = object()

# An empty list is one byte in the file and some 200 in memory; real ones are longer.
_BYTES_PER_OBJECT: Final = 3
_ALWAYS_OBJECTS: Final = 2**18


class Machine:
    """Runs pickles that stand one after the other in some bytes.

    Parameters
    ----------
    data
        The bytes.
    source
        The file, which errors name.
    classes
        As in `gene_analogies.formats.pickles.safe_load.safe_load`.
    persistent
        What stands in for the objects that PyTorch keeps outside of the pickle, by their ids.
    arrays
        What to call arrays where an error lists what is read.
    """

    def __init__(
        self,
        data: bytes | bytearray,
        source: Source,
        classes: Mapping[tuple[str, str], Callable[..., Any]] | None = None,
        persistent: Callable[[Any], Any] | None = None,
        arrays: str = "NumPy arrays",
    ) -> None:
        self.data = data
        self._read = Reader(data)
        self._source = source
        self._classes = classes or {}
        self._persistent = persistent
        self._only = f"only numbers, text, lists, dictionaries and {arrays} are read"
        self._room = max(_ALWAYS_OBJECTS, len(data) // _BYTES_PER_OBJECT)
        self._budget = Budget(max(ALWAYS_ALLOWED, MAX_RATIO * len(data)))
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: list[Any] = []

    @property
    def position(self) -> int:
        """Where the next pickle begins; behind the end of the one just loaded."""
        return self._read.position

    def load(self) -> Any:  # noqa: ANN401
        """Run the pickle at ``position``."""
        self._stack, self._marks, self._memo = [], [], []
        run = {code: partial(method, self) for code, method in _INSTRUCTIONS.items()}
        read = self._read
        start = read.position
        try:
            while True:
                start = read.position
                code = self.data[start]
                read.position = start + 1
                if code == _STOP:
                    return self._pop()
                if code not in run:
                    self._refuse_instruction(code)
                run[code]()
        except RefusedError as error:
            raise self._source.error(str(error), place=f"byte {start:,}") from None
        except (IndexError, struct.error):
            raise self._source.error(
                f"expected a whole pickle, found one damaged or cut off ({len(self.data):,} bytes)",
                place=f"byte {start:,}",
            ) from None
        except MemoryError:
            raise self._source.error(
                "expected a pickle, found one that does not fit memory"
            ) from None
        except ValueError as error:
            if isinstance(error, GeneAnalogiesError):
                raise
            reason = " ".join(str(error).split())[:100]
            raise self._source.error(
                f"expected a number or a text ({reason})", place=f"byte {start:,}"
            ) from None

    def _refuse_instruction(self, code: int) -> NoReturn:
        names = {
            value: name
            for name, value in vars(pickle).items()
            if name.isupper() and isinstance(value, bytes) and len(value) == 1
        }
        shown = names.get(bytes([code]), f"0x{code:02x}")
        raise RefusedError(
            f"expected a pickle of plain data, found the instruction {shown}; {self._only}"
        )

    # What the instructions share.

    def _pop(self) -> Any:  # noqa: ANN401
        if self._marks and self._marks[-1] == len(self._stack):
            raise IndexError
        return finished(self._stack.pop())

    def _pop_to_mark(self) -> list[Any]:
        mark = self._marks.pop()
        values = [finished(value) for value in self._stack[mark:]]
        del self._stack[mark:]
        return values

    def _push_new(self, value: Any) -> None:  # noqa: ANN401
        """Push a new object, which takes memory."""
        self._room -= 1
        if self._room < 0:
            raise RefusedError(
                f"expected a pickle in proportion to its {len(self.data):,} bytes, found too many"
                " objects"
            )
        self._stack.append(value)

    # Structure.

    def _proto(self) -> None:
        version = self._read.number("<B")
        if version > pickle.HIGHEST_PROTOCOL:
            raise RefusedError(f"expected pickle protocol 0 to 5, found {version}")

    def _frame(self) -> None:
        length = self._read.number("<Q")
        self._read.check_left(length)

    def _mark(self) -> None:
        if self._floats():
            return
        self._room -= 1
        self._marks.append(len(self._stack))

    def _floats(self) -> bool:
        """Append a whole run of floats to the list on the stack, if that is what follows."""
        start, data = self._read.position, self.data
        if not (self._stack and type(self._stack[-1]) is PickledList and data[start] == _BINFLOAT):
            return False
        raw = np.frombuffer(data, np.uint8)
        end = start
        while True:
            codes = raw[end : end + _MANY * _FLOAT_BYTES : _FLOAT_BYTES]
            others = np.flatnonzero((codes != _BINFLOAT) & (codes != _FRAME))
            end += _FLOAT_BYTES * int(others[0] if len(others) else len(codes))
            if len(others) or not len(codes):
                break
        if end >= len(data) or data[end] != _APPENDS:
            return False
        rows = raw[start:end].reshape(-1, _FLOAT_BYTES)
        self._stack[-1].extend_numbers(rows[rows[:, 0] == _BINFLOAT, 1:].tobytes())
        self._read.position = end + 1
        return True

    def _put(self, index: int) -> None:
        memo = self._memo
        # Each entry is a value in the file, so no index is larger than the file.
        if not 0 <= index <= len(self.data):
            raise RefusedError(f"expected a memo entry, found the number {index}")
        memo.extend([_NOTHING] * (index + 1 - len(memo)))
        memo[index] = self._stack[-1]

    def _get(self, index: int) -> None:
        if not 0 <= index < len(self._memo) or self._memo[index] is _NOTHING:
            raise RefusedError(f"expected a memo entry, found {index} of {len(self._memo)}")
        self._stack.append(self._memo[index])

    def _memoize(self) -> None:
        self._memo.append(self._stack[-1])

    # Containers.

    def _tuple(self, count: int) -> None:
        items = [self._pop() for _ in range(count)]
        self._push_new(tuple(reversed(items)))

    def _list(self) -> None:
        values = self._pop_to_mark()
        self._push_new(PickledList())
        self._stack[-1].extend(values)

    def _dict(self) -> None:
        values = self._pop_to_mark()
        self._push_new({})
        self._set_items(values)

    def _append(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if type(target) is not PickledList:
            raise RefusedError(f"expected a list to add to, found {_kind(target)}")
        target.extend(values)

    def _set_items(self, values: list[Any]) -> None:
        target = self._stack[-1]
        if type(target) is not dict or len(values) % 2:
            raise RefusedError(f"expected a dictionary to add pairs to, found {_kind(target)}")
        for key in values[::2]:
            _check_key(key)
        target.update(zip(values[::2], values[1::2], strict=True))

    def _add_items(self) -> None:
        values = self._members()
        target = self._stack[-1]
        if type(target) is not set:
            raise RefusedError(f"expected a set to add to, found {_kind(target)}")
        target.update(values)

    def _members(self) -> list[Any]:
        values = self._pop_to_mark()
        for value in values:
            _check_key(value)
        return values

    # Classes and functions, none of which is ever a real one.

    def _global(self, module: str, name: str) -> None:
        if (module, name) in self._classes:
            self._push_new(Global(module, name, self._classes[module, name]))
        elif (module, name) in KNOWN:
            self._stack.append(KNOWN[module, name])
        else:
            shown = f"{module}.{name}"[:80]
            shown = shown if shown.isprintable() else ascii(shown)
            advice = ADVICE.get(module.split(".")[0], "")
            raise RefusedError(f"refers to {shown}; {self._only}{advice}")

    def _global_of_lines(self) -> None:
        self._global(self._read.line().decode(), self._read.line().decode())

    def _stack_global(self) -> None:
        name, module = self._pop(), self._pop()
        if not (isinstance(module, str) and isinstance(name, str)):
            raise RefusedError("expected the name of a class, found no text")
        self._global(module, name)

    def _call(self) -> None:
        arguments, function = self._pop(), self._pop()
        if not isinstance(function, Global) or function.make is None:
            raise RefusedError(f"expected plain data, found a call of {_kind(function)}")
        if type(arguments) is not tuple:
            raise RefusedError(f"expected arguments of {function.name}, found {_kind(arguments)}")
        made = self._harmless(function.name, function.make, *arguments)
        self._budget.charge(made)
        ours = (function.module, function.name) in self._classes
        self._push_new(made if not ours or type(made) is dict else ObjectPlaceholder(made))

    def _build(self) -> None:
        state, target = self._pop(), self._stack[-1]
        if isinstance(target, Placeholder):
            self._harmless(_kind(target), target.build, state)
        elif type(target) is not dict:  # attributes of an OrderedDict are no data
            raise RefusedError(f"expected plain data, found attributes of {_kind(target)}")

    def _harmless(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
        """Call a stand-in on what the file says."""
        self._budget.charge(*arguments)
        try:
            return function(*arguments)
        except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
            if isinstance(error, GeneAnalogiesError):
                raise
            reason = " ".join(str(error).split())[:100]
            raise RefusedError(f"expected the parts of {name}, found others ({reason})") from None

    def _persistent_id(self) -> None:
        if self._persistent is None:
            raise RefusedError(f"refers to objects outside of the file; {self._only}")
        self._push_new(self._harmless("a stored tensor", self._persistent, self._pop()))


def _kind(value: object) -> str:
    if isinstance(value, Global):
        return f"{value.module}.{value.name}"
    return "list" if isinstance(value, PickledList) else type(value).__name__.strip("_")


def _check_key(key: object) -> None:
    """Refuse keys whose hash may take for ever, or be the same for all."""
    if isinstance(key, int):
        if abs(key) < 2**60:
            return
    elif key is None or isinstance(key, (str, bytes, float, np.number)):
        return
    raise RefusedError(f"expected names as keys, found {_kind(key)}")


def _push(value: object) -> Callable[[Machine], None]:
    return lambda machine: machine._stack.append(value)


def _pushed(read: Callable[..., Any], *layout: str) -> Callable[[Machine], None]:
    return lambda machine: machine._stack.append(read(machine._read, *layout))


_INSTRUCTIONS: Final[Mapping[int, Callable[[Machine], None]]] = {
    code[0]: run
    for code, run in {
        pickle.PROTO: Machine._proto,
        pickle.FRAME: Machine._frame,
        pickle.MARK: Machine._mark,
        pickle.PUT: lambda m: m._put(m._read.integer()),
        pickle.BINPUT: lambda m: m._put(m._read.number("<B")),
        pickle.LONG_BINPUT: lambda m: m._put(m._read.number("<I")),
        pickle.MEMOIZE: Machine._memoize,
        pickle.GET: lambda m: m._get(m._read.integer()),
        pickle.BINGET: lambda m: m._get(m._read.number("<B")),
        pickle.LONG_BINGET: lambda m: m._get(m._read.number("<I")),
        pickle.EMPTY_TUPLE: _push(()),
        pickle.TUPLE1: lambda m: m._tuple(1),
        pickle.TUPLE2: lambda m: m._tuple(2),
        pickle.TUPLE3: lambda m: m._tuple(3),
        pickle.TUPLE: lambda m: m._push_new(tuple(m._pop_to_mark())),
        pickle.EMPTY_LIST: lambda m: m._push_new(PickledList()),
        pickle.LIST: Machine._list,
        pickle.APPEND: lambda m: m._append([m._pop()]),
        pickle.APPENDS: lambda m: m._append(m._pop_to_mark()),
        pickle.EMPTY_DICT: lambda m: m._push_new({}),
        pickle.DICT: Machine._dict,
        pickle.SETITEM: lambda m: m._set_items([m._pop(), m._pop()][::-1]),
        pickle.SETITEMS: lambda m: m._set_items(m._pop_to_mark()),
        pickle.EMPTY_SET: lambda m: m._push_new(set()),
        pickle.ADDITEMS: Machine._add_items,
        pickle.FROZENSET: lambda m: m._push_new(frozenset(m._members())),
        pickle.GLOBAL: Machine._global_of_lines,
        pickle.STACK_GLOBAL: Machine._stack_global,
        pickle.REDUCE: Machine._call,
        pickle.NEWOBJ: Machine._call,
        pickle.BUILD: Machine._build,
        pickle.BINPERSID: Machine._persistent_id,
        pickle.NONE: _push(None),
        pickle.NEWTRUE: _push(True),
        pickle.NEWFALSE: _push(False),
        pickle.INT: _pushed(Reader.integer),
        pickle.BININT: _pushed(Reader.number, "<i"),
        pickle.BININT1: _pushed(Reader.number, "<B"),
        pickle.BININT2: _pushed(Reader.number, "<H"),
        pickle.LONG: _pushed(Reader.integer),
        pickle.LONG1: _pushed(Reader.long, "<B"),
        pickle.LONG4: _pushed(Reader.long, "<I"),
        pickle.FLOAT: _pushed(Reader.real),
        pickle.BINFLOAT: _pushed(Reader.number, ">d"),
        pickle.STRING: _pushed(Reader.quoted),
        pickle.BINSTRING: _pushed(Reader.string, "<I"),
        pickle.SHORT_BINSTRING: _pushed(Reader.string, "<B"),
        pickle.UNICODE: _pushed(Reader.escaped),
        pickle.SHORT_BINUNICODE: _pushed(Reader.text, "<B"),
        pickle.BINUNICODE: _pushed(Reader.text, "<I"),
        pickle.BINUNICODE8: _pushed(Reader.text, "<Q"),
        pickle.SHORT_BINBYTES: _pushed(Reader.raw, "<B"),
        pickle.BINBYTES: _pushed(Reader.raw, "<I"),
        pickle.BINBYTES8: _pushed(Reader.raw, "<Q"),
        pickle.BYTEARRAY8: _pushed(Reader.raw, "<Q"),
    }.items()
}
