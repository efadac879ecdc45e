"""Names of the rows of a model: a dictionary from token to row, in JSON or pickled."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gene_analogies.formats.parts.names import read_names
from gene_analogies.formats.parts.text import parse_json, read_text
from gene_analogies.formats.pickles.safe_load import safe_load
from gene_analogies.formats.source import Source

__all__ = ["one_of_dictionaries", "read_json", "read_tokens", "rows_of_tokens"]

_logger = logging.getLogger(__name__)

# Libraries pad the rows of a model to a multiple of 128 at most; so many have no token.
_PADDING: Final = 128
# Endings of lists of tokens, a token a row.
_LISTS: Final = (".txt", ".csv", ".tsv", ".npy")
_HINT: Final = "name the dictionary of this model (names=, --names)"
# <pad>, <mask>, <cls>, <eos>, <eoc>: no genes.
_SPECIAL: Final = re.compile(r"<[^<>]*>")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds an object.

    Raises
    ------
    FormatError
        If it holds anything else.
    """
    source = Source(path)
    if source.is_folder:
        raise source.error("expected a JSON file, found a folder")
    loaded = parse_json(read_text(source), source)
    if not isinstance(loaded, dict):
        raise source.error(f"expected a JSON object, found a {type(loaded).__name__}")
    return loaded


def read_tokens(path: Path) -> dict[str, int]:
    """Read a dictionary from token to row.

    Parameters
    ----------
    path
        JSON (scGPT's ``vocab.json``), or a pickle (Geneformer's ``token_dictionary*.pkl``), whose
        rows may be NumPy's integers; or a list of the tokens by row, as `read_names` reads it.

    Raises
    ------
    FormatError
        If it holds anything else, or a row or a token twice.
    """
    source = Source(path)
    loaded: Any
    if source.name.endswith(".json"):
        loaded = read_json(path)
    elif source.is_folder:
        raise source.error("expected a dictionary of tokens, found a folder")
    elif source.name.endswith(_LISTS):
        loaded = _rows_of_list(read_names(path), source)
    else:
        with source.open() as stream:
            loaded = safe_load(stream, source)
    if not isinstance(loaded, Mapping) or not loaded:
        found = "an empty one" if loaded == {} else f"a {type(loaded).__name__}"
        raise source.error(f"expected a dictionary from token to row, found {found}")
    tokens: dict[str, int] = {}
    owners: dict[int, str] = {}
    for token, row in loaded.items():
        if not isinstance(token, str) or not _is_text(token):
            raise source.error(f"expected tokens that are text, found a {type(token).__name__}")
        place = repr(token)[:60]
        if isinstance(row, bool) or not isinstance(row, (int, np.integer)) or not 0 <= row < 2**31:
            raise source.error(f"expected a row, found {_shown(row)}", place)
        other = owners.setdefault(int(row), token)
        if other != token:
            raise source.error(f"expected a row of its own, found {row}, that of {other!r}", place)
        tokens[token] = int(row)
    return tokens


def one_of_dictionaries(
    paths: Sequence[Path], rows: int, source: Source
) -> tuple[Path, dict[str, int]]:
    """Return the dictionary that is the model's: of several, the nearest with a token a row.

    Parameters
    ----------
    paths
        Dictionaries of tokens, the nearest first.
    rows
        How many rows the model has.
    source
        The model, which errors name.

    Raises
    ------
    FormatError
        If none has a token for every row, or two have and disagree.
    """
    read = {path: read_tokens(path) for path in paths}
    if len(paths) == 1:
        return paths[0], read[paths[0]]
    fitting = [path for path in paths if len(read[path]) == rows]
    if not fitting:
        sizes = ", ".join(f"{path.name} ({len(tokens):,})" for path, tokens in read.items())
        raise source.error(f"expected a dictionary of {rows:,} tokens, found {sizes}; {_HINT}")
    first = fitting[0]
    for other in fitting[1:]:
        differing = sum(read[first].get(token) != row for token, row in read[other].items())
        if differing:
            raise source.error(
                f"expected one dictionary of {rows:,} tokens, found {first} and {other}, which"
                f" disagree on {differing:,}; {_HINT}"
            )
    return first, read[first]


def rows_of_tokens(
    tokens: Mapping[str, int], path: Path, rows: int, source: Source, *, is_named: bool
) -> tuple[list[str], NDArray[np.int64], dict[str, Any]]:
    """Return the names of a model's rows, the rows, and what to say of both.

    Parameters
    ----------
    tokens
        Row of every token.
    path
        The file that they are from.
    rows
        How many rows the model has.
    source
        The model, which errors name.
    is_named
        Whether the user has named the dictionary: then rows without a token get a warning only.

    Returns
    -------
    names
        All tokens but the special ones (``<pad>``, ``<cls>``, …), by increasing row.
    index
        Array of shape (n,) and type int64: their rows.
    details
        The name of the file, how many special tokens there are, and rows without a token.

    Raises
    ------
    FormatError
        If a token has no row in the model, or more rows have no token than padding leaves: the
        dictionary is another model's.
    """
    last = max(tokens, key=tokens.__getitem__)
    if tokens[last] >= rows:
        raise source.error(
            f"expected tokens of its {rows:,} rows, found {len(tokens):,} tokens in {path},"
            f" {last!r:.60} for row {tokens[last]:,}; {_HINT}"
        )
    without = rows - len(tokens)
    if without >= _PADDING or 2 * without > rows:
        if not is_named:
            raise source.error(
                f"expected a token for each of its {rows:,} rows, found {len(tokens):,} tokens in"
                f" {path}, perhaps of another model; {_HINT}, or this one to go on"
            )
        _logger.warning(
            "%s: %s of its %s rows have no token in %s (%s tokens): is that its dictionary?",
            source.path, f"{without:,}", f"{rows:,}", path, f"{len(tokens):,}",
        )  # fmt: skip
    names = sorted(
        (token for token in tokens if not _SPECIAL.fullmatch(token)), key=tokens.__getitem__
    )
    details = {
        "names": path.name,
        "special_tokens": len(tokens) - len(names),
        "rows_without_token": without,
    }
    return names, np.array([tokens[name] for name in names], np.int64), details


def _rows_of_list(names: Sequence[str], source: Source) -> dict[str, int]:
    rows: dict[str, int] = {}
    for row, name in enumerate(names):
        if rows.setdefault(name, row) != row:
            raise source.error(f"expected each token once, found {name!r:.60} again", f"row {row}")
    return rows


def _is_text(token: str) -> bool:
    try:
        token.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True


def _shown(row: object) -> str:
    if isinstance(row, (str, float)):
        return repr(row)[:60]
    return f"a {type(row).__name__} that is none" if isinstance(row, int) else type(row).__name__
