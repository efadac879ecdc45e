"""The options by which every command is told which embedding to use, and how to prepare it."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import click

from gene_analogies.cli.names import read_names
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.folders import user_path

if TYPE_CHECKING:
    from gene_analogies.embedding import Embedding
    from gene_analogies.formats.contents import Contents
    from gene_analogies.loading.read import LoadOptions
    from gene_analogies.space import Space
    from gene_analogies.util.progress import Progress

__all__ = ["EMBEDDING_OPTIONS", "Choice", "embedding_argument", "embedding_options"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Choice:
    """Which embedding a command was told to use, and how.

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

    def space(self, progress: Progress) -> Space:
        """Load the space of its items."""
        from gene_analogies.loading.read import load

        return load(self.place(), progress=progress, **self._all_options())

    def embedding(self) -> Embedding:
        """Read and prepare it."""
        from gene_analogies.loading.read import load_embedding

        return load_embedding(self.place(), **self._all_options())

    def contents(self) -> Contents:
        """Read it as it is, whatever is wrong with it."""
        from gene_analogies.loading.read import read

        known: dict[str, Any] = dict(self.options)
        return read(self.place(), **{name: known[name] for name in _READING if name in known})

    @property
    def prepares(self) -> bool:
        """Whether any option asks for more than reading."""
        return self.among is not None or bool(self.options.keys() - _READING)

    def _all_options(self) -> LoadOptions:
        if self.among is None:
            return self.options
        return {**self.options, "among": read_names(self.among)}

    def place(self) -> str | Path:
        """Return the source; a published embedding is downloaded if the user agrees."""
        from gene_analogies.sources.builtin import builtin_names

        if not self.source.strip():
            raise GeneAnalogiesError("SOURCE is empty; give a path or a name")
        if self.source in builtin_names() or user_path(self.source).exists():
            return self.source
        from gene_analogies.cli.download_progress import DownloadProgress
        from gene_analogies.sources.catalogue import catalogue
        from gene_analogies.sources.fetch import ensure

        if self.source not in catalogue():
            return self.source
        asks = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
        with DownloadProgress(self.source) as progress:
            return ensure(
                self.source, yes=self.yes, ask=_confirm if asks else None, progress=progress
            )


def embedding_options(command: F) -> F:
    """Add ``-e`` and the options of reading and preparing; the command gets ``choice``."""
    named = click.option(
        "-e",
        "--embedding",
        "source",
        default="pubmed",
        show_default=True,
        metavar="SOURCE",
        help="A file or folder, the built-in embedding, or a name that `fetch` knows.",
    )
    return named(_add(_COMMON, command))


def embedding_argument(command: F) -> F:
    """Add the argument SOURCE, and all options of `load_embedding`; the command gets ``choice``."""
    return click.argument("source")(_add(_COMMON + _ROWS, command))


def _add(options: tuple[Callable[[F], F], ...], command: F) -> F:
    @functools.wraps(command)
    def gathered(*arguments: Any, **values: Any) -> Any:  # noqa: ANN401 - click's values
        known = {name: values.pop(name) for name in EMBEDDING_OPTIONS if name in values}
        source, yes, among = known.pop("source"), known.pop("yes"), known.pop("names_among", None)
        # What was not asked for is left to its default.
        chosen = {
            _LIBRARY_NAMES.get(name, name): value
            for name, value in known.items()
            if value is not None and value is not False
        }
        choice = Choice(source, yes, among, cast("LoadOptions", chosen))
        return command(*arguments, choice=choice, **values)

    decorated: Any = gathered
    for option in reversed(options):
        decorated = option(decorated)
    result: F = decorated
    return result


def _confirm(question: str) -> bool:
    return click.confirm(question, err=True)


_COMMON: Final[tuple[Callable[[Any], Any], ...]] = (
    click.option(
        "--read-as",
        metavar="FORMAT",
        help="The format of the file, as `gene-analogies formats` names it, if it is not found.",
    ),
    click.option(
        "--key",
        metavar="KEY",
        help="Which of the arrays in the file, such as obsm/X_gene or, for scGPT, raw.",
    ),
    click.option(
        "--names",
        "names_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A file of names for the rows, or Geneformer's token dictionary.",
    ),
    click.option(
        "--allow-gensim",
        is_flag=True,
        help="Read gensim's own pickles (.kv); no code in them is run.",
    ),
    click.option(
        "--duplicates",
        type=click.Choice(["first", "mean", "error"]),
        help="What a name that comes twice gets: its first row (as by default), or the mean.",
    ),
    click.option(
        "--clean-words",
        is_flag=True,
        help="Lower-case the names; keep words of the letters a to z, the first of each.",
    ),
    click.option(
        "--order",
        metavar="FILE",
        help="Put first the names in this file; or an expression .h5ad: the genes that most "
        "cells express.",
    ),
    click.option("--center", is_flag=True, help="Take the mean vector off."),
    click.option(
        "--remove-components",
        type=int,
        metavar="D",
        help="Take off the mean and the D main principal components (all-but-the-top).",
    ),
    click.option("--unit", is_flag=True, help="Divide every vector by its length."),
    click.option("--yes", is_flag=True, help="Download a published embedding without asking."),
)

_ROWS: Final[tuple[Callable[[Any], Any], ...]] = (
    click.option(
        "--among",
        "names_among",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Keep the items named in this file, one a line; # begins a comment line.",
    ),
    click.option("--truncate", "keep", type=int, metavar="N", help="Keep the first N items."),
)

_LIBRARY_NAMES: Final = {"read_as": "format", "names_file": "names", "keep": "truncate"}
_READING: Final = ("format", "key", "names", "allow_gensim")

#: The parameters that `embedding_options` and `embedding_argument` take away from a command.
EMBEDDING_OPTIONS: Final = (
    "source", "yes", "read_as", "key", "names_file", "allow_gensim", "duplicates", "clean_words",
    "order", "center", "remove_components", "unit", "names_among", "keep",
)  # fmt: skip
