"""From a name, a file or an AnnData object to an embedding that can be asked questions."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents
from gene_analogies.loading.locate import Loadable, Located, locate
from gene_analogies.loading.names import with_clean_names
from gene_analogies.loading.options import (
    LoadOptions,
    checked,
    documented,
    read_options,
)
from gene_analogies.loading.prepare import prepare
from gene_analogies.questions.origin import call_text
from gene_analogies.space import Space
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from gene_analogies.genes.table import GeneTable

__all__ = ["load", "load_embedding", "read"]

_logger = logging.getLogger(__name__)


@documented
def load(
    source: Loadable = "human",
    *,
    genes: GeneTable | Literal["packaged"] | None = "packaged",
    progress: Progress | None = None,
    **options: Unpack[LoadOptions],
) -> Space:
    """Load an embedding and return the space of its items.

    Parameters
    ----------
    source
        A file or folder in any format that ``gene-analogies formats`` lists; an AnnData object; a
        pandas DataFrame whose index, or a column of text, holds the names; a tuple of the n names
        and an array of shape (n, d); the built-in ``"human"``, genes placed by the papers that
        name them together (``"pubmed"``) and by what they are annotated with (``"annotation"``);
        or the name of a published embedding that ``gene-analogies fetch`` has brought.
    genes
        Known genes, by which names are found and answers described; the packaged tables of
        human and mouse genes unless given, and none with ``genes=None``.
    progress
        Called with (rows done, n) while the neighbour index is built.
    **options
        As in `LoadOptions`.

    Raises
    ------
    GeneAnalogiesError
        If there is no such embedding, or an option has no meaning.
    FormatError
        If the file is damaged, or holds no embedding.

    Examples
    --------
    >>> import gene_analogies as ga
    >>> space = ga.load()
    >>> space.pairs("INS", "INSR", k=3)  # doctest: +SKIP
    >>> ga.load("Geneformer/", center=True)  # doctest: +SKIP
    """
    space = Space(load_embedding(source, genes=genes, **options), genes=genes, progress=progress)
    given = {**options} if genes == "packaged" else {"genes": genes, **options}
    plain = str(source) if isinstance(source, Path) else source
    call = call_text("load", [plain], given)
    space.loaded_by = call and f"ga.{call}"
    return space


@documented
def load_embedding(
    source: Loadable = "human",
    *,
    genes: GeneTable | Literal["packaged"] | None = "packaged",
    **options: Unpack[LoadOptions],
) -> Embedding:
    """Read an embedding and prepare it, in the order of these options.

    Parameters
    ----------
    source
        As in :func:`load`.
    genes
        Known genes, by which the names of ``among`` and ``order`` are found.
    **options
        As in `LoadOptions`.

    Returns
    -------
    Embedding
        ``provenance["steps"]`` holds a line for each step taken, ``files`` what was read.

    Raises
    ------
    GeneAnalogiesError
        If there is no such embedding, or an option has no meaning.
    FormatError
        If the file is damaged, or holds no embedding.
    """
    options = checked(options)
    located = locate(source)
    # The first rows of the file are those of the embedding, unless something comes before.
    selects = options["order"] is not None or options["among"] is not None
    selects = selects or options["clean_words"] or options["duplicates"] != "first"
    selects = selects or options["drop_missing"]
    limit = None if selects else options["truncate"]
    contents, warnings = _read(located, options, limit)
    if limit is not None and len(set(contents.names) - {""}) < len(contents.names):
        # A name came twice, or is missing: later rows move up.
        contents, warnings = _read(located, options)
    _warn(warnings)
    return prepare(contents, source_label=located.label, genes=genes, **options)


def read(source: Loadable, **options: Unpack[LoadOptions]) -> Contents:
    """Read names and vectors, whatever is wrong with them.

    Parameters
    ----------
    source
        As in :func:`load`.
    **options
        As in `LoadOptions`; only those of reading are looked at.

    Raises
    ------
    FormatError
        If the file is damaged, or holds no embedding.
    """
    contents, warnings = _read(locate(source), checked(options))
    _warn(warnings)
    return contents


def _warn(warnings: list[str]) -> None:
    for warning in warnings:
        _logger.warning("%s", warning)


def _read(
    located: Located, options: LoadOptions, limit: int | None = None
) -> tuple[Contents, list[str]]:
    """Read a source, only so many first rows if there is a limit; and say what to warn of."""
    contents = _read_as_it_is(located, options, limit)
    if located.is_built_in:
        return contents, []
    return with_clean_names(contents, located.label)


def _read_as_it_is(located: Located, options: LoadOptions, limit: int | None) -> Contents:
    if located.path is not None:
        from gene_analogies.formats.registry import read_contents
        from gene_analogies.formats.source import Source

        return read_contents(Source(located.path), read_options(options, limit), options["format"])
    of_tables = ("columns", "transpose")
    if located.frame is not None:
        from gene_analogies.formats.in_memory import contents_of_frame

        _refuse(options, ("format",), "has no meaning for an object in memory")
        return contents_of_frame(located.frame, located.label, read_options(options))
    if located.adata is not None:
        from gene_analogies.formats.readers.h5ad import contents_of_anndata

        _refuse(options, ("format", *of_tables), "has no meaning for an object in memory")
        return contents_of_anndata(located.adata, read_options(options))
    if located.arrays is not None:
        from gene_analogies.formats.in_memory import contents_of_arrays

        unused = ("format", "key", "names", "names_column", *of_tables)
        _refuse(options, unused, "has no meaning for names and an array")
        return contents_of_arrays(*located.arrays, located.label)
    for name in ("format", "key", "names", "names_column", *of_tables):
        if options[name]:  # type: ignore[literal-required]
            raise GeneAnalogiesError(
                f"{located.label} is built in; it takes no {name} ({options[name]!r})"  # type: ignore[literal-required]
            )
    from gene_analogies.sources.builtin import load_builtin

    embedding = load_builtin(located.label)
    return Contents(
        embedding.names, embedding.vectors, {"format": "built-in", **embedding.provenance}
    )


def _refuse(options: LoadOptions, names: Sequence[str], why: str) -> None:
    """Refuse options of reading that are given and have no meaning."""
    for name, value in options.items():
        if name in names and value:
            raise GeneAnalogiesError(f"{name} {value!r} {why}")
