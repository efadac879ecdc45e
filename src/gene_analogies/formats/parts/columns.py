"""Which column of a table holds the names, and which hold the numbers of the vectors."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from gene_analogies.formats.parts.gene_names import are_genes

if TYPE_CHECKING:
    from gene_analogies.errors import FormatError
    from gene_analogies.formats.contents import ReadOptions
    from gene_analogies.formats.source import Origin

__all__ = [
    "NAME_KEYS",
    "NUMBERS",
    "VECTOR_KEYS",
    "CellsOf",
    "Columns",
    "Kind",
    "choose_columns",
    "choose_names",
    "column_of_names",
    "first_key",
    "is_name_key",
    "is_number",
    "listed",
    "may_hold_names",
    "name_rank",
    "one_line",
    "quoted",
]

#: What a column holds; of numbers but for a few cells it is mixed.
Kind = Literal["text", "whole", "number", "mixed", "other"]

#: Returns the texts in a column, or in its first rows.
CellsOf: TypeAlias = Callable[[int], Sequence[str]]

#: What columns of numbers hold.
NUMBERS: Final = ("whole", "number", "mixed")

#: What columns and arrays of names are called, the likeliest first; the last are an index's.
NAME_KEYS: Final = (
    "gene", "genes", "gene_name", "gene_names", "gene_symbol", "gene_symbols", "symbol",
    "symbols", "name", "names", "word", "words", "token", "tokens", "item", "items", "protein",
    "proteins", "hgnc_symbol", "mgi_symbol", "gene_id", "gene_ids", "ensembl_id",
    "ensembl_gene_id", "ensembl", "entrez_id", "entrez", "uniprot", "id", "ids", "vocab",
    "vocabulary", "index_to_key", "label", "labels", "key", "keys", "index", "", "unnamed:_0",
    "__index_level_0__", "rownames", "row_names",
)  # fmt: skip

#: What columns and arrays of vectors are called, the likeliest first.
VECTOR_KEYS: Final = (
    "embeddings", "embedding", "gene_embeddings", "gene_embedding", "vectors", "vector",
    "word_vectors", "emb", "embs", "x", "weights", "weight", "features", "matrix", "arr_0",
)  # fmt: skip

_NUMBER: Final = re.compile(
    r"\s*[-+]?((\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?|inf|infinity|nan)\s*", re.ASCII | re.IGNORECASE
)
_NUMBERED: Final = re.compile(r"(.*?)(\d{1,9})", re.ASCII | re.DOTALL)
_SHOWN: Final = 8
# Of a column of genes among others of text, so many are known.
_GENES: Final = 0.5
_LONGEST: Final = 60
# Columns called alike hold the coordinates if there are so many, and a third of all.
_MIN_RUN: Final = 3
# Columns called by numbers hold them if there are so many times more than others.
_MIN_RATIO: Final = 8

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Columns:
    """What each column of a table is for, as column numbers from 0.

    Attributes
    ----------
    names
        The column with the names; None where they are elsewhere.
    vectors
        The columns with the numbers, in the order of the table.
    left_out
        The others.
    """

    names: int | None
    vectors: tuple[int, ...]
    left_out: tuple[int, ...]

    def details(self, keys: Sequence[str] | None) -> dict[str, Any]:
        """Return what was chosen, for `Contents.details`."""

        def called(column: int) -> str:
            return f"column {column + 1}" if keys is None else keys[column]

        found: dict[str, Any] = {} if self.names is None else {"names": called(self.names)}
        if self.left_out:
            found["left_out"] = [called(column) for column in self.left_out]
        return found


def is_number(cell: str) -> bool:
    """Return whether a cell holds a number, NaN and infinity among them."""
    return _NUMBER.fullmatch(cell) is not None


def is_name_key(key: str) -> bool:
    """Return whether a column or array of this name is known to hold names."""
    return _plain(key) in NAME_KEYS


def name_rank(key: str) -> int:
    """Return the place of a column's name among those of names, the likeliest first."""
    plain = _plain(key)
    return NAME_KEYS.index(plain) if plain in NAME_KEYS else len(NAME_KEYS)


def may_hold_names(key: str, cells: Iterable[str]) -> bool:
    """Return whether a column may hold names: not only numbers, or it is called as names are."""
    return is_name_key(key) or not all(map(is_number, cells))


def first_key(known: Sequence[str], keys: Iterable[str]) -> str | None:
    """Return the key that comes first among the known ones, in any case, if one is known."""
    places = {_plain(key): key for key in reversed(list(keys))}
    return next((places[key] for key in known if key in places), None)


def one_line(key: str) -> str:
    """Return a key of a file for a message; it may hold any character, a line's end too."""
    return repr(key)[1:-1][:_LONGEST] or "(unnamed)"


def quoted(key: str) -> str:
    """Return a key of a file or of an option in quotes for a message, its start if it is long."""
    return repr(key if len(key) <= _LONGEST else f"{key[:_LONGEST]}…")


def listed(keys: Mapping[str, str] | Sequence[str]) -> str:
    """Return the first few keys of a file for a message, with what they hold, if that is given."""
    shown = [one_line(key) for key in islice(keys, _SHOWN)]
    if isinstance(keys, Mapping):
        shown = [f"{key} ({holds})" for key, holds in zip(shown, keys.values(), strict=False)]
    more = len(keys) - len(shown)
    return (", ".join(shown) or "nothing") + (f" and {more:,} more" if more else "")


def column_of_names(
    keys: Sequence[str] | None, choices: Sequence[int], cells: CellsOf | None = None
) -> int:
    """Choose among columns the one that is called as names are, or holds genes, or the first."""
    if keys is not None:
        called = {keys[column]: column for column in reversed(choices)}
        found = first_key(NAME_KEYS, called)
        if found is not None:
            return called[found]
    if cells is not None and len(choices) > 1:
        return next((at for at in choices if are_genes(cells(at), _GENES)), choices[0])
    return choices[0]


def choose_columns(
    source: Origin,
    keys: Sequence[str] | None,
    kinds: Sequence[Kind],
    options: ReadOptions,
    index: Sequence[int] = (),
    chosen: Sequence[int] | None = None,
    cells: CellsOf | None = None,
) -> Columns:
    """Return the column of names, those of the vectors, and those that are neither.

    The names are the only column of text, or else the one that is called as names are, or that
    holds genes, or the first. Where columns are called by running numbers (``dim_0``, ``dim_1``,
    …), these alone are the vectors; where by nothing but numbers (``0``, ``1``, …), another column
    of numbers is left out if it holds whole ones (a count) and they do not, or they are many. A
    warning names what is left out.

    Parameters
    ----------
    source
        The table, for errors.
    keys
        What the columns are called, if they are called anything.
    kinds
        What each column holds.
    options
        `ReadOptions.column` is the one with the names; where ``names`` is a file, none is needed.
    index
        The columns that the file itself calls its index, which are no coordinates.
    chosen
        The columns of the vectors, where they are known.
    cells
        The texts in a column, by which one of genes is told from others.

    Raises
    ------
    FormatError
        If there is no such column, none of names, none of numbers, or more text than numbers.
    """
    coordinates = set(_of_vectors(keys, kinds, index) if chosen is None else chosen)
    names = choose_names(source, keys, kinds, options, index, chosen, cells)
    coordinates.discard(-1 if names is None else names)
    left_out = tuple(set(range(len(kinds))) - coordinates - {names})
    texts = sum(kinds[column] == "text" for column in left_out)
    if not coordinates or (texts > len(coordinates) and chosen is None):
        raise _error(source, keys, kinds)
    if keys is not None and chosen is None:
        annotations = [
            column for column in left_out if kinds[column] in NUMBERS and column not in index
        ]
        _warn(source, [keys[column] for column in annotations])
    return Columns(names, tuple(sorted(coordinates)), tuple(sorted(left_out)))


def choose_names(
    source: Origin,
    keys: Sequence[str] | None,
    kinds: Sequence[Kind],
    options: ReadOptions,
    index: Sequence[int] = (),
    chosen: Sequence[int] | None = None,
    cells: CellsOf | None = None,
) -> int | None:
    """Choose the column of names as `choose_columns` does; None where they are in a file."""
    if options.names is not None:
        return None
    key = options.column
    if key is not None:
        if keys is None:
            raise source.error(f"there is no column {quoted(key)}: the table has no header")
        if key not in keys:
            raise source.error(f"there is no column {quoted(key)}; choose from {listed(keys)}")
        return list(keys).index(key)
    texts_of_index = [column for column in index if kinds[column] == "text"]
    if texts_of_index:
        return column_of_names(None, texts_of_index, cells)
    choices = [column for column, kind in enumerate(kinds) if kind == "text"]
    if not choices:
        numbers = set(_of_vectors(keys, kinds, index) if chosen is None else chosen)
        choices = [
            column for column, kind in enumerate(kinds) if column not in numbers and kind != "other"
        ]
    if not choices and kinds[:1] == ["whole"] and set(kinds) != {"whole"}:
        choices = [0]
    if not choices:
        raise _error(source, keys, kinds)
    return column_of_names(keys, choices, cells)


def _of_vectors(
    keys: Sequence[str] | None, kinds: Sequence[Kind], index: Sequence[int]
) -> list[int]:
    """Return the columns of numbers that are coordinates."""
    numbers = [
        column for column, kind in enumerate(kinds) if kind in NUMBERS and column not in index
    ]
    if keys is None:
        return numbers
    numbers = [column for column in numbers if not is_name_key(keys[column])]
    runs = _runs(keys, numbers)
    bare = runs.pop("", [])
    running = [column for run in runs.values() for column in run]
    # Fewer may be two samples of one tissue among many.
    if len(running) >= _MIN_RUN and 3 * len(running) > len(numbers):
        return running
    others = sorted(set(numbers).difference(bare))
    counts = all(kinds[column] in ("whole", "mixed") for column in others)
    counts = counts and any(kinds[column] == "number" for column in bare)
    if len(bare) > len(others) and (counts or len(bare) >= _MIN_RATIO * len(others)):
        return bare
    return numbers


def _runs(keys: Sequence[str], columns: Sequence[int]) -> dict[str, list[int]]:
    """Return the columns whose numbers run from 0 or 1 on, by what stands before the number."""
    found: dict[str, dict[int, list[int]]] = {}
    for column in columns:
        if match := _NUMBERED.fullmatch(keys[column]):
            found.setdefault(match[1].strip(), {}).setdefault(int(match[2]), []).append(column)
    runs = {}
    for prefix, places in found.items():
        first = min(places)
        once = all(len(of_one) == 1 for of_one in places.values())
        if once and len(places) > 1 and first < 2 and max(places) == first + len(places) - 1:
            runs[prefix] = [column for (column,) in places.values()]
    return runs


def _warn(source: Origin, keys: Sequence[str]) -> None:
    """Warn which columns of numbers were taken for annotations."""
    left_out = [key for key in keys if not is_name_key(key)]
    if left_out:
        shown = ", ".join(map(one_line, left_out[:3])) + (", …" if len(left_out) > 3 else "")
        _logger.warning(
            "%s: columns of numbers left out, for other columns are called as coordinates: %d (%s)",
            source.path,
            len(left_out),
            shown,
        )


def _error(source: Origin, keys: Sequence[str] | None, kinds: Sequence[Kind]) -> FormatError:
    names = keys or [f"column {column}" for column in range(1, len(kinds) + 1)]
    called = dict.fromkeys(NUMBERS, "numbers") | {"text": "text", "other": "neither"}
    holds = {name: called[kind] for name, kind in zip(names, kinds, strict=True)}
    advice = "" if "text" in kinds else "; a file may give the names (names=, --names)"
    return source.error(
        f"expected a column of names and columns of numbers, found {listed(holds)}{advice}"
    )


def _plain(key: str) -> str:
    return re.sub(r"[ .-]", "_", key.strip().lower().removeprefix("#"))
