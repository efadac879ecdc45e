"""The options of loading, declared once: their types, defaults, documentation and checks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Literal, TypedDict, TypeVar

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.util.arguments import check_choice, check_int

__all__ = [
    "BadBytes",
    "Duplicates",
    "LoadOptions",
    "ReadingOptions",
    "checked",
    "documented",
    "read_options",
]

BadBytes = Literal["error", "skip"]
Duplicates = Literal["first", "mean", "error"]

F = TypeVar("F", bound=Callable[..., Any])


class ReadingOptions(TypedDict, total=False):
    """How to read a file, where there is a choice.

    Attributes
    ----------
    format
        The format of the file, as ``gene-analogies formats`` names it; found from the file itself
        unless given.
    key
        Which of the arrays in the file: what it means for each format, ``gene-analogies formats``
        says.
    names
        A file of names for the rows, or Geneformer's token dictionary.
    names_column
        Which column holds the names: of a table, of obs or var, of ``metadata.tsv``, of a table
        of names; or which array or entry.
    columns
        Which columns of a table are the coordinates: a list of names, or text with names, ranges
        (``dim_0:dim_99``, or ``2-51`` counted from 1) and prefixes (``UMAP_``) between commas.
    transpose
        Take the columns of a table for the items, as where genes are in its header.
    bad_bytes
        What to do in text with a name that is no UTF-8: an error, or skip it, with a warning.
    allow_gensim
        Read gensim's own pickles (``.kv``). No code in them is run.
    """

    format: str | None
    key: str | None
    names: str | Path | None
    names_column: str | None
    columns: str | Sequence[str] | None
    transpose: bool
    bad_bytes: BadBytes
    allow_gensim: bool


class LoadOptions(ReadingOptions, total=False):
    """How to read an embedding and prepare it, in the order of these options.

    Attributes
    ----------
    drop_missing
        Leave out the rows with a missing number (NaN), or an infinite one.
    clean_words
        Lower-case the names, and keep words of the letters a to z, the first of each.
    duplicates
        Which row a name that comes twice gets: its first, their mean, or an error.
    among
        Keep the items of these names only.
    order
        Names that go first, in this order; or a file of names; or an expression ``.h5ad``, whose
        genes are taken by the number of cells that express them, from high to low.
    truncate
        Keep the first so many items.
    center
        Subtract the mean vector.
    remove_components
        Subtract the mean and remove so many main principal components (all-but-the-top, Mu &
        Viswanath 2018).
    unit
        Divide every vector by its length.
    """

    drop_missing: bool
    clean_words: bool
    duplicates: Duplicates
    among: Sequence[str] | None
    order: Sequence[str] | str | Path | None
    truncate: int | None
    center: bool
    remove_components: int
    unit: bool


_DEFAULTS: Final[LoadOptions] = {
    "format": None,
    "key": None,
    "names": None,
    "names_column": None,
    "columns": None,
    "transpose": False,
    "bad_bytes": "error",
    "allow_gensim": False,
    "drop_missing": False,
    "clean_words": False,
    "duplicates": "first",
    "among": None,
    "order": None,
    "truncate": None,
    "center": False,
    "remove_components": 0,
    "unit": False,
}


def checked(options: LoadOptions) -> LoadOptions:
    """Return all options, those that are not given at their defaults.

    Raises
    ------
    GeneAnalogiesError
        If one has no meaning for any embedding, or two exclude each other.
    TypeError
        If there is no such option.
    """
    for name in options:
        if name not in _DEFAULTS:
            raise TypeError(f"there is no option {name!r}; choose from {', '.join(_DEFAULTS)}")
    filled: LoadOptions = {**_DEFAULTS, **options}
    texts = (
        ("key", filled["key"], (str,)),
        ("names", filled["names"], (str, Path)),
        ("names_column", filled["names_column"], (str,)),
    )
    for name, value, kinds in texts:
        if value is not None and not isinstance(value, kinds):
            raise GeneAnalogiesError(f"{name} must be text, not {value!r}")
    check_choice("bad_bytes", filled["bad_bytes"], ("error", "skip"))
    _columns(filled["columns"])
    duplicates = filled["duplicates"]
    check_choice("duplicates", duplicates, ("first", "mean", "error"))
    if filled["clean_words"] and duplicates != "first":
        raise GeneAnalogiesError(
            f"clean_words keeps the first of each word; duplicates={duplicates!r} contradicts it"
        )
    if filled["truncate"] is not None:
        check_int("truncate", filled["truncate"])
    check_int("remove_components", filled["remove_components"], 0)
    return filled


def read_options(options: LoadOptions, limit: int | None = None) -> ReadOptions:
    """Return the options of a reader.

    Parameters
    ----------
    options
        From :func:`checked`.
    limit
        Only so many first rows are needed.
    """
    names = options["names"]
    return ReadOptions(
        key=options["key"],
        names=None if names is None else Path(names),
        names_column=options["names_column"],
        columns=_columns(options["columns"]),
        transpose=options["transpose"],
        bad_bytes=options["bad_bytes"],
        limit=limit,
        allow_gensim=options["allow_gensim"],
    )


def _columns(value: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the single choices in ``columns``; only in text do commas stand between them."""
    if value is None:
        return None
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, Iterable) or not all(isinstance(part, str) for part in parts):
        raise GeneAnalogiesError(
            f"columns must be names of columns, such as 'dim_0:dim_99', not {value!r}"
        )
    chosen = tuple(part.strip() if isinstance(value, str) else part for part in parts)
    if not any(chosen):
        raise GeneAnalogiesError("columns is empty; give names, a range or a prefix of columns")
    return chosen


def documented(function: F) -> F:
    """Expand ``**options`` into the single options, in the signature and docstring of a function.

    In the docstring they replace "As in `LoadOptions`."
    """
    shown = inspect.signature(function)
    annotations = LoadOptions.__annotations__
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=default,
            annotation=getattr(annotations[name], "__forward_arg__", annotations[name]),
        )
        for name, default in _DEFAULTS.items()
    ]
    others = [one for one in shown.parameters.values() if one.kind is not one.VAR_KEYWORD]
    function.__signature__ = shown.replace(  # type: ignore[attr-defined]
        parameters=[*others, *options]
    )
    if function.__doc__ and ReadingOptions.__doc__ and LoadOptions.__doc__:  # none with -OO
        attributes = "\n".join(
            inspect.cleandoc(text).split("----------\n")[1]
            for text in (ReadingOptions.__doc__, LoadOptions.__doc__)
        )
        function.__doc__ = inspect.cleandoc(function.__doc__).replace(
            "**options\n    As in `LoadOptions`.", attributes
        )
    return function
