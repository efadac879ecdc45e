"""The options of every command that choose an embedding, read and prepare it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click

from gene_analogies.cli.names import read_names

if TYPE_CHECKING:
    from gene_analogies.embedding import Embedding
    from gene_analogies.formats.contents import Contents
    from gene_analogies.loading.locate import Located
    from gene_analogies.loading.options import LoadOptions
    from gene_analogies.space import Space
    from gene_analogies.util.progress import Progress

__all__ = [
    "EMBEDDING_OPTIONS",
    "Choice",
    "embedding_argument",
    "embedding_options",
    "embeddings_options",
]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Choice:
    """The embedding that a command uses, and how it is read and prepared.

    Attributes
    ----------
    source
        A path, or a name.
    yes
        Whether to download it without asking.
    among
        A file of names to restrict the embedding to, if any.
    options
        The other options of `load_embedding`.
    """

    source: str
    yes: bool
    among: Path | None
    options: LoadOptions

    @cached_property
    def located(self) -> Located:
        """Find the source, once; a published embedding is downloaded if the user agrees."""
        from gene_analogies.loading.locate import locate

        return locate(self.source, obtain=self._obtain)

    def space(self, progress: Progress) -> Space:
        """Load the space of its items."""
        from gene_analogies.loading.read import load

        return load(self.located, progress=progress, **self._all_options())

    def embedding(self) -> Embedding:
        """Read and prepare it."""
        from gene_analogies.loading.read import load_embedding

        return load_embedding(self.located, **self._all_options())

    def contents(self) -> Contents:
        """Read it as it is, whatever is wrong with it; for a choice that prepares nothing."""
        from gene_analogies.loading.read import read

        return read(self.located, **self.options)

    @property
    def prepares(self) -> bool:
        """Whether any option asks for more than reading."""
        from gene_analogies.loading.options import ReadingOptions

        return self.among is not None or bool(
            self.options.keys() - ReadingOptions.__annotations__.keys()
        )

    def _all_options(self) -> LoadOptions:
        if self.among is None:
            return self.options
        return {**self.options, "among": read_names(self.among)}

    def _obtain(self, name: str) -> Path:
        """Return the path of a published embedding, downloaded if the user agrees."""
        from gene_analogies.cli.download_progress import DownloadProgress
        from gene_analogies.sources.fetch import ensure

        asks = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
        with DownloadProgress(name) as progress:
            return ensure(name, yes=self.yes, ask=_confirm if asks else None, progress=progress)


def embedding_options(command: F) -> F:
    """Add ``-e`` and the options of reading and preparing; the command gets ``choice``."""
    return _SOURCE(_add(_COMMON, command))


def embeddings_options(command: F) -> F:
    """Add the same with ``-e`` any number of times; the command gets ``choices``, one or more."""
    return _SOURCES(_add(_COMMON, command))


def embedding_argument(command: F) -> F:
    """Add the argument SOURCE, and all options of `load_embedding`; the command gets ``choice``."""
    return click.argument("source")(_add(_COMMON | _ROWS, command))


def _add(options: Mapping[str, Callable[[Any], Any]], command: F) -> F:
    @functools.wraps(command)
    def gathered(*arguments: Any, **values: Any) -> Any:  # noqa: ANN401 - click's values
        source, yes = values.pop("source"), values.pop("yes")
        given = {name: values.pop(f"{_PREFIX}{name}") for name in options}
        # What was not asked for is left to its default.
        chosen = {
            name: value for name, value in given.items() if value is not None and value is not False
        }
        among = chosen.pop("among", None)
        made = [
            Choice(one, yes, among, cast("LoadOptions", chosen))
            for one in (source if isinstance(source, tuple) else (source,))
        ]
        choice: dict[str, Any] = {"choice": made[0]}
        if isinstance(source, tuple):
            choice = {"choices": tuple(made)}
        return command(*arguments, **choice, **values)

    decorated: Any = _YES(gathered)
    for option in reversed(list(options.values())):
        decorated = option(decorated)
    result: F = decorated
    return result


def _confirm(question: str) -> bool:
    return click.confirm(question, err=True)


def _option(
    name: str,
    *,
    flag: str = "",
    **settings: Any,  # noqa: ANN401 - click's
) -> tuple[str, Callable[[Any], Any]]:
    """Return what `load_embedding` calls an option, and the decorator that adds it to a command."""
    flag = flag or f"--{name.replace('_', '-')}"
    return name, click.option(flag, f"{_PREFIX}{name}", **settings)


#: Keeps these parameters apart from a command's own of the same name.
_PREFIX: Final = "load_"

_SOURCE: Final = click.option(
    "-e",
    "--embedding",
    "source",
    default="human",
    show_default=True,
    metavar="SOURCE",
    help="A file or folder, a built-in embedding, or a name that `fetch` knows.",
)
_SOURCES: Final = click.option(
    "-e",
    "--embedding",
    "source",
    multiple=True,
    default=("human",),
    show_default=True,
    metavar="SOURCE",
    help="A file or folder, a built-in embedding, or a name that `fetch` knows; repeat it to "
    "compare several.",
)
_YES: Final = click.option(
    "--yes", is_flag=True, help="Download a published embedding without asking."
)

#: The options of every command, by what `load_embedding` calls them.
_COMMON: Final = dict(
    (
        _option(
            "format",
            flag="--read-as",
            metavar="FORMAT",
            help="The format of the file, as `gene-analogies formats` names it, if it is not "
            "found.",
        ),
        _option(
            "key",
            metavar="KEY",
            help="Which of the arrays in the file, such as obsm/X_gene or, for scGPT, raw.",
        ),
        _option(
            "names",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="A file of names for the rows, or Geneformer's token dictionary.",
        ),
        _option(
            "names_column",
            metavar="COLUMN",
            help="The column with the names: of a table, of obs or var, of metadata.tsv.",
        ),
        _option(
            "columns",
            metavar="COLUMNS",
            help="Which columns of a table are the coordinates: names, ranges such as "
            "dim_0:dim_99 or 2-51, and prefixes such as UMAP_, with commas between them.",
        ),
        _option(
            "transpose",
            is_flag=True,
            help="Take the columns of a table for the items, as where genes are in its header.",
        ),
        _option(
            "bad_bytes",
            type=click.Choice(["error", "skip"]),
            help="What to do with a name that is no UTF-8: end (as by default), or skip it.",
        ),
        _option(
            "allow_gensim",
            is_flag=True,
            help="Read gensim's own pickles (.kv); no code in them is run.",
        ),
        _option(
            "drop_missing",
            is_flag=True,
            help="Leave out the rows with a missing or infinite number.",
        ),
        _option(
            "duplicates",
            type=click.Choice(["first", "mean", "error"]),
            help="What a name that comes twice gets: its first row (as by default), or the mean.",
        ),
        _option(
            "clean_words",
            is_flag=True,
            help="Lower-case the names; keep words of the letters a to z, the first of each.",
        ),
        _option(
            "order",
            metavar="FILE",
            help="Put first the names in this file; or an expression .h5ad: the genes that most "
            "cells express.",
        ),
        _option("center", is_flag=True, help="Subtract the mean vector."),
        _option(
            "remove_components",
            type=int,
            metavar="D",
            help="Subtract the mean and remove the D main principal components (all-but-the-top).",
        ),
        _option("unit", is_flag=True, help="Divide every vector by its length."),
    )
)

#: Options that select rows; questions have others of these names.
_ROWS: Final = dict(
    (
        _option(
            "among",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Keep the items named in this file, one a line; # begins a comment line.",
        ),
        _option("truncate", type=int, metavar="N", help="Keep the first N items."),
    )
)

#: The parameters that `embedding_options` and `embedding_argument` take away from a command.
EMBEDDING_OPTIONS: Final = ("source", "yes", *(f"{_PREFIX}{name}" for name in _COMMON | _ROWS))
