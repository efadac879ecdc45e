"""Every format that can be read or written, and how that of a file is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, cast

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.column_option import check_column
from gene_analogies.formats.parts.reading_options import check_options
from gene_analogies.formats.source import Source
from gene_analogies.formats.unrecognised import (
    refuse_pointers,
    what_it_is,
    what_it_is_for_certain,
)
from gene_analogies.formats.write import check_texts
from gene_analogies.util.folders import user_path
from gene_analogies.util.whole_files import check_target, whole_file, whole_folder, write_errors

if TYPE_CHECKING:
    from gene_analogies.embedding import Embedding

__all__ = [
    "FORMATS",
    "Format",
    "find_format",
    "format_to_write",
    "read_contents",
    "write_embedding",
]


class _Module(Protocol):
    """What a module of a format holds."""

    def recognises(self, source: Source) -> bool:
        """Recognise a file by its name and first bytes: fast, and never raises."""

    def read(self, source: Source, options: ReadOptions) -> Contents:
        """Read it, or raise a FormatError."""

    def write(
        self, embedding: Embedding, path: Path, annotations: Mapping[str, Sequence[str]]
    ) -> None:
        """Write it to a path that does not exist yet; only where `Format.endings` says so."""


@dataclass(frozen=True)
class Format:
    """A format of embedding files.

    Attributes
    ----------
    name
        What it is called on the command line.
    what
        What is written in it.
    files
        The usual names of its files.
    module
        The module of ``gene_analogies.formats`` that reads it.
    key
        What `ReadOptions.key` chooses; empty where there is nothing to choose.
    extra
        The extra of this package that reading needs; empty where it needs none.
    endings
        Endings of the files it is written to; empty where it is only read.
    options
        Which of ``columns``, ``transpose`` and ``bad_bytes`` have a meaning for it.
    own_names
        Whether its names stand between its numbers, so that `ReadOptions.names` has no meaning.
    columns
        Whether names may be in one of several columns, arrays or entries, or in a table beside
        it, so that `ReadOptions.names_column` has a meaning.
    """

    name: str
    what: str
    files: str
    module: str
    key: str = ""
    extra: str = ""
    endings: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    own_names: bool = False
    columns: bool = False


#: In the order in which they are tried: the first that recognises a file reads it.
FORMATS: Final = (
    Format(
        "geneformer",
        "Geneformer V1, V2: a model with its token dictionary",
        "folder, model.safetensors, pytorch_model.bin",
        "geneformer",
    ),
    Format(
        "scgpt",
        "scGPT: a model with its vocabulary",
        "folder with best_model.pt, vocab.json",
        "scgpt",
        key="layer-norm (as its tutorial does) or raw",
    ),
    Format(
        "projector",
        "TensorBoard projector",
        "tensors.tsv + metadata.tsv, or their folder",
        "projector",
        key="the column of metadata.tsv with the names",
        endings=("/",),
        columns=True,
    ),
    Format(
        "h5ad",
        "AnnData, genes in obs or var",
        "*.h5ad",
        "h5ad",
        key="X, obsm/KEY or varm/KEY",
        extra="anndata",
        endings=(".h5ad",),
        columns=True,
    ),
    Format(
        "parquet",
        "table: id and number columns, or id and a list column",
        "*.parquet",
        "parquet",
        key="the column with the names",
        options=("columns", "transpose"),
        extra="parquet",
        endings=(".parquet",),
        columns=True,
    ),
    Format(
        "npz",
        "NumPy arrays: embeddings + genes, vectors + words, …",
        "*.npz",
        "npz",
        key="the array with the vectors",
        endings=(".npz",),
        columns=True,
    ),
    Format(
        "npy",
        "one NumPy array, names in a file beside it",
        "*.npy + *.npy, *.txt, *.json",
        "npy",
        key="of a pickled dictionary, the entry that holds the names",
        columns=True,
    ),
    Format(
        "safetensors",
        "tensors, names in a file beside them",
        "*.safetensors, *.index.json + *.txt, *.json",
        "safetensors_file",
        key="the tensor with the vectors",
        columns=True,
    ),
    Format(
        "fasttext",
        "fastText model, whole words",
        "*.bin",
        "fasttext_binary",
        options=("bad_bytes",),
        own_names=True,
    ),
    Format(
        "torch",
        "UCE, ESM2: name → tensor; a checkpoint, names in a file beside it",
        "*.pt, *.pth, *.torch + *.txt, *.json",
        "torch_map",
        key="the tensor with the vectors, or the entry that holds the names",
        columns=True,
    ),
    Format(
        "gensim",
        "gensim KeyedVectors (only with --allow-gensim)",
        "*.kv, *.model",
        "gensim_kv",
        own_names=True,
    ),
    Format(
        "pickle",
        "GenePT, scELMo, BioConceptVec: name → list",
        "*.pickle, *.pkl",
        "pickle_map",
        key="the entry that holds the names",
        columns=True,
    ),
    Format(
        "json",
        "GenePT, scELMo, BioConceptVec: name → list",
        "*.json",
        "json_map",
        key="the entry that holds the names",
        columns=True,
    ),
    Format(
        "word2vec-binary",
        "word2vec",
        "*.bin",
        "word2vec_binary",
        options=("bad_bytes",),
        endings=(".bin", ".bin.gz"),
        own_names=True,
    ),
    Format(
        "word2vec-text",
        "word2vec, GloVe, fastText, Gene2vec: a name and its numbers a line",
        "*.txt, *.vec, *.txt.gz",
        "word2vec_text",
        options=("bad_bytes",),
        endings=(".txt", ".vec", ".txt.gz", ".vec.gz"),
        own_names=True,
    ),
    Format(
        "table",
        "table with a column of names",
        "*.csv, *.tsv, *.csv.gz",
        "delimited",
        key="the column with the names",
        options=("columns", "transpose", "bad_bytes"),
        columns=True,
    ),
)  # fmt: skip


def find_format(source: Source, name: str | None = None) -> Format:
    """Return the format to read a file as.

    Parameters
    ----------
    source
        The file or folder.
    name
        A name of `FORMATS`; found from the file itself unless given.

    Raises
    ------
    GeneAnalogiesError
        If there is no format of this name.
    FormatError
        If no format recognises the file.
    """
    if name is not None:
        return _named(name)
    refuse_pointers(source)
    _refuse(source, what_it_is_for_certain(source))
    for form in FORMATS:
        if _module(form).recognises(source):
            return form
    if not source.is_folder and source.size == 0:
        raise source.error("expected an embedding, found an empty file")
    _refuse(source, what_it_is(source))
    what = "folder" if source.is_folder else "file"
    raise source.error(
        f"expected an embedding, found a {what} of no known format (the command"
        " `gene-analogies formats` lists them)"
    )


def _refuse(source: Source, known: str | None) -> None:
    if known is not None:
        raise source.error(f"expected an embedding, found {known}")


def read_contents(source: Source, options: ReadOptions, name: str | None = None) -> Contents:
    """Read the names and vectors in a file, in whichever format it is.

    Parameters
    ----------
    source
        The file or folder.
    options
        How to read it.
    name
        A name of `FORMATS`; found from the file itself unless given.

    Returns
    -------
    Contents
        With the format among its details, and the absolute paths of all files that were read.

    Raises
    ------
    FormatError
        If the file is damaged, or holds no embedding.
    MissingExtraError
        If its format needs a library that is not installed.
    """
    form = find_format(source, name)
    if options.key is not None and not form.key:
        raise source.error(
            f"key {options.key!r} has no meaning for {form.name}: it holds one array"
        )
    if options.names is not None and form.own_names:
        raise source.error(
            f"names {str(options.names)!r} has no meaning for {form.name}: it has its own"
        )
    check_options(source, options, form.name, {one.name: one.options for one in FORMATS})
    if options.names_column is not None:
        check_column(source, options, form.name, form.key if form.columns else None)
    contents = _module(form).read(source, options)
    if not len(contents.names):
        raise source.error("expected an embedding, found no rows")
    names = None if options.names is None else user_path(options.names)
    opened = (None if source.is_folder else source.path, *contents.files, names)
    files = tuple(dict.fromkeys(path.absolute() for path in opened if path is not None))
    return replace(contents, details={"format": form.name, **contents.details}, files=files)


def format_to_write(path: str | Path, name: str | None = None) -> Format:
    """Return the format to write a file in.

    Parameters
    ----------
    path
        The file to write; a text that ends in / is a folder.
    name
        A name of `FORMATS`; taken from the ending of the file unless given.

    Raises
    ------
    GeneAnalogiesError
        If the format is not written, or the ending is of none.
    """
    written = [form for form in FORMATS if form.endings]
    if name is not None:
        form = _named(name)
        if form not in written:
            choices = ", ".join(form.name for form in written)
            raise GeneAnalogiesError(f"{name} is only read; choose from {choices}")
        return form
    ending = str(path).lower()
    for form in written:
        if ending.endswith(form.endings):
            return form
    choices = ", ".join(f"{form.name} ({' '.join(form.endings)})" for form in written)
    raise GeneAnalogiesError(f"the ending of {path} is of no format; choose from {choices}")


def write_embedding(
    embedding: Embedding,
    path: str | Path,
    *,
    format: str | None = None,
    annotations: Mapping[str, Sequence[str]] | None = None,
) -> Format:
    """Write an embedding to a file, whole or not at all.

    Parameters
    ----------
    embedding
        What to write.
    path
        The file (for the projector, the folder); one that exists is replaced.
    format
        A name of `FORMATS` that has endings; taken from the ending of the file unless given.
    annotations
        Columns of n texts about the items, for formats that have a place for them.

    Returns
    -------
    Format
        The format written.

    Raises
    ------
    GeneAnalogiesError
        If the format is not written, or the file cannot be.
    """
    form = format_to_write(path, format)
    check_texts("names", embedding.names)
    check_texts("symbols", embedding.symbols.values())
    for column, texts in (annotations or {}).items():
        check_texts(f"annotation {column!r}", (column, *texts))
    is_folder = "/" in form.endings
    check_target(path, is_folder=is_folder)
    whole = whole_folder if is_folder else whole_file
    with write_errors(path), whole(Path(path)) as part:
        _module(form).write(embedding, part, annotations or {})
    return form


def _named(name: str) -> Format:
    for form in FORMATS:
        if form.name == name:
            return form
    choices = ", ".join(form.name for form in FORMATS)
    raise GeneAnalogiesError(f"there is no format {name!r}; choose from {choices}")


def _module(form: Format) -> _Module:
    # Imported only when asked: some bring large libraries.
    return cast("_Module", import_module(f"gene_analogies.formats.readers.{form.module}"))
