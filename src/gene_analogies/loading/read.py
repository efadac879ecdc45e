"""From a name, a file or an AnnData object to an embedding that can be asked questions."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.space import Space
from gene_analogies.util.folders import user_path
from gene_analogies.util.progress import Progress

if TYPE_CHECKING:
    from anndata import AnnData

    from gene_analogies.genes.table import GeneTable

__all__ = ["LoadOptions", "find_source", "load", "load_embedding", "read"]


class LoadOptions(TypedDict, total=False):
    """How to read and prepare an embedding, as :func:`load_embedding` explains."""

    format: str | None
    key: str | None
    names: str | Path | None
    allow_gensim: bool
    duplicates: Literal["first", "mean", "error"]
    clean_words: bool
    among: Sequence[str] | None
    order: Sequence[str] | str | Path | None
    truncate: int | None
    center: bool
    remove_components: int
    unit: bool


def load(
    source: str | Path | AnnData = "pubmed",
    *,
    genes: GeneTable | Literal["packaged"] | None = "packaged",
    progress: Progress | None = None,
    **options: Unpack[LoadOptions],
) -> Space:
    """Load an embedding and return the space of its items.

    Parameters
    ----------
    source
        A file or folder in any format that ``gene-analogies formats`` lists; an AnnData object;
        the built-in embedding ``"pubmed"``, human genes placed by the papers that mention them
        together; or the name of a published one that ``gene-analogies fetch`` has brought.
    genes
        Known genes, by which names are found and answers described; the packaged table of human
        genes unless given, and none with ``genes=None``.
    progress
        Called with (rows done, n) while the neighbour index is built.
    **options
        How to read and to prepare it: see :func:`load_embedding`.

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
    return Space(load_embedding(source, genes=genes, **options), genes=genes, progress=progress)


def load_embedding(
    source: str | Path | AnnData = "pubmed",
    *,
    format: str | None = None,
    key: str | None = None,
    names: str | Path | None = None,
    allow_gensim: bool = False,
    duplicates: Literal["first", "mean", "error"] = "first",
    clean_words: bool = False,
    among: Sequence[str] | None = None,
    order: Sequence[str] | str | Path | None = None,
    truncate: int | None = None,
    center: bool = False,
    remove_components: int = 0,
    unit: bool = False,
    genes: GeneTable | Literal["packaged"] | None = "packaged",
) -> Embedding:
    """Read an embedding and prepare it, in the order of these options.

    Parameters
    ----------
    source
        As in :func:`load`.
    format
        The format of the file, as ``gene-analogies formats`` names it; found from the file itself
        unless given.
    key
        Which of the arrays in the file: what it means for each format, ``gene-analogies formats``
        says.
    names
        A file of names for the rows, or Geneformer's token dictionary.
    allow_gensim
        Read gensim's own pickles (``.kv``). No code in them is run.
    duplicates
        Which row a name that comes twice gets: its first, their mean, or an error.
    clean_words
        Lower-case the names, and keep words of the letters a to z, the first of each.
    among
        Keep the items of these names only.
    order
        Names that go first, in this order; or a file of names; or an expression ``.h5ad``, whose
        genes are taken by the number of cells that express them, most first.
    truncate
        Keep so many first items.
    center
        Take the mean vector off.
    remove_components
        Take off the mean and the projections on so many main principal components (all-but-the-
        top, Mu & Viswanath 2018).
    unit
        Divide every vector by its length.
    genes
        Known genes, by which the names of ``among`` and ``order`` are found.

    Returns
    -------
    Embedding
        ``provenance["steps"]`` holds a line for each step taken.
    """
    from gene_analogies.loading.prepare import check_options, prepare

    check_options(duplicates, clean_words, truncate, remove_components)
    # The first rows of the file are those of the embedding, unless something comes before.
    alone = order is None and among is None and not clean_words and duplicates == "first"
    limit = truncate if alone else None
    reading: dict[str, Any] = {
        "format": format, "key": key, "names": names, "allow_gensim": allow_gensim,
    }  # fmt: skip
    contents = read(source, **reading, limit=limit)
    if limit is not None and len(set(contents.names)) < len(contents.names):
        contents = read(source, **reading)  # a name came twice: later rows move up
    return prepare(
        contents,
        source_label=_label(source),
        duplicates=duplicates,
        clean_words=clean_words,
        among=among,
        order=order,
        truncate=truncate,
        center=center,
        remove_components=remove_components,
        unit=unit,
        genes=genes,
    )


def read(
    source: str | Path | AnnData,
    *,
    format: str | None = None,
    key: str | None = None,
    names: str | Path | None = None,
    allow_gensim: bool = False,
    limit: int | None = None,
) -> Contents:
    """Read names and vectors as they are, whatever is wrong with them.

    Parameters
    ----------
    source, format, key, names, allow_gensim
        As in :func:`load_embedding`.
    limit
        Only so many first rows are needed.

    Raises
    ------
    FormatError
        If the file is damaged, or holds no embedding.
    """
    for name, value, kinds in (("key", key, (str,)), ("names", names, (str, Path))):
        if value is not None and not isinstance(value, kinds):
            raise GeneAnalogiesError(f"{name} must be text, not {value!r}")
    options = ReadOptions(key, None if names is None else Path(names), limit, allow_gensim)
    if not isinstance(source, (str, Path)):
        if format is not None:
            raise GeneAnalogiesError(f"format {format!r} has no meaning for an object in memory")
        return _read_object(source, options)
    path = find_source(source)
    if path is not None:
        from gene_analogies.formats.registry import read_contents
        from gene_analogies.formats.source import Source

        return read_contents(Source(path), options, format)
    for name, value in (("format", format), ("key", key), ("names", names)):
        if value is not None:
            raise GeneAnalogiesError(f"{source} is built in; it takes no {name} ({value!r})")
    from gene_analogies.sources.builtin import load_builtin

    embedding = load_builtin(str(source))
    return Contents(
        embedding.names, embedding.vectors, {"format": "built-in", **embedding.provenance}
    )


def find_source(source: str | Path) -> Path | None:
    """Return the file or folder that a source means, or None for a built-in embedding.

    Parameters
    ----------
    source
        A path, or a name: built-in names win over files, files over the catalogue.

    Raises
    ------
    GeneAnalogiesError
        If it is neither, or a published embedding that has not been downloaded.
    """
    from gene_analogies.sources.builtin import builtin_names

    if isinstance(source, str) and source in builtin_names():
        return None
    if isinstance(source, str) and not source.strip():
        raise GeneAnalogiesError("source is empty; give a path or a name")
    path = user_path(source)
    if path.exists() or isinstance(source, Path):
        return path
    from gene_analogies.sources.catalogue import catalogue
    from gene_analogies.sources.fetch import ensure

    if source in catalogue():
        return ensure(source, yes=False, ask=None)
    known = (*builtin_names(), *catalogue())
    beside = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    near = get_close_matches(path.name, [*beside, *known], n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"names are {', '.join(known)}"
    raise GeneAnalogiesError(
        f"there is no file or folder {source!r}, nor a known embedding of this name; {hint}"
    )


def _read_object(source: object, options: ReadOptions) -> Contents:
    """Read an AnnData object."""
    if not (hasattr(source, "obsm") and hasattr(source, "varm")):
        raise GeneAnalogiesError(
            f"source must be a path, a name or an AnnData object, not a {type(source).__name__}"
        )
    from gene_analogies.formats.readers.h5ad import contents_of_anndata

    return contents_of_anndata(source, options)


def _label(source: object) -> str:
    return str(source) if isinstance(source, (str, Path)) else f"{type(source).__name__} in memory"
