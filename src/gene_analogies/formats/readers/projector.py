"""TensorBoard's embedding projector: ``tensors.tsv`` with the numbers, ``metadata.tsv`` beside.

As its reader has it (vz_projector/data-provider.ts in TensorBoard): cells are split at tabs and
never quoted, empty lines are none, metadata has a header where its first line holds a tab and is
else a name a line, and the tensors may have a label in front. TensorFlow's tutorials call the
first file ``vectors.tsv``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.cells import Layout, read_cells
from gene_analogies.formats.parts.columns import column_of_names, is_number, listed, quoted
from gene_analogies.formats.parts.names import as_names, names_of_rows
from gene_analogies.formats.parts.precision import as_texts, text_holds_doubles
from gene_analogies.formats.parts.text import lines_of, read_text
from gene_analogies.formats.source import Source
from gene_analogies.formats.write import check_annotations

if TYPE_CHECKING:
    from gene_analogies.embedding import Embedding

__all__ = ["read", "recognises", "write"]

_FILE: Final = re.compile(r"(|.*[_.-])(tensors|vectors|metadata)\.tsv(\.gz)?")
_SAMPLE: Final = 50
_UNFIT: Final = re.compile(r"[\t\r\n]")


def recognises(source: Source) -> bool:
    """Recognise the format from the names of the files: both, or tensors of nothing but numbers."""
    try:
        pairs = _pairs(source)
    except OSError:
        return False
    if any("metadata" in pair for pair in pairs.values()):
        return True
    found = _FILE.fullmatch(source.path.name.lower())
    first = source.head.split(b"\n", 1)[0].decode(errors="replace").split("\t")
    return found is not None and found[2] == "tensors" and all(map(is_number, first))


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the numbers in one file, and the names in the other.

    Parameters
    ----------
    source
        The folder, or either file.
    options
        ``names_column`` or ``key`` is the column of the metadata with the names; ``names`` a file
        of names to use instead.

    Returns
    -------
    Contents
        The n names, and the numbers as (n, d) float32, or float64 where they are written with
        more digits. ``details`` says which column the names are, or which file.

    Raises
    ------
    FormatError
        With the line of a cell that holds no number, or where the two files do not have as many
        rows.
    """
    pairs = _pairs(source)
    if len(pairs) != 1:
        choices = listed(sorted(f"{prefix}tensors.tsv" for prefix in pairs))
        raise source.error(f"expected tensors.tsv and metadata.tsv, found {choices}")
    (pair,) = pairs.values()
    if "tensors" not in pair:
        raise source.error("expected tensors.tsv beside the metadata, found none")
    tensors = Source(pair["tensors"])
    labels, vectors = read_cells(tensors, _layout(tensors))
    files = [tensors.path]
    if options.names is None and "metadata" in pair:
        metadata = Source(pair["metadata"])
        files.append(metadata.path)
        names, details = _names(metadata, options.column)
        if len(names) != len(vectors):
            raise metadata.error(
                f"expected {len(vectors):,} names, one for every line of {tensors.path.name},"
                f" found {len(names):,}"
            )
    elif options.names is None and labels:
        if options.names_column is not None:
            raise tensors.error(
                f"there is no column {quoted(options.names_column)}: there is no metadata.tsv"
            )
        names, details = labels, {"names": "column 1"}
    else:
        names, path = names_of_rows(tensors, options, len(vectors))
        details = {"names": path.name}
        files.append(path)
    return Contents(as_names(names, tensors), vectors, details, tuple(files))


def write(embedding: Embedding, path: Path, annotations: Mapping[str, Sequence[str]]) -> None:
    """Write a folder with ``tensors.tsv`` and ``metadata.tsv``.

    Parameters
    ----------
    embedding
        The n items and their (n, d) vectors; the numbers read back equal.
    path
        The folder, which is made.
    annotations
        Columns of n texts: with them the metadata has a header, and the names are the column
        ``name``.

    Raises
    ------
    GeneAnalogiesError
        If a name is empty or holds a tab or a line's end; or an annotation is called ``name``, or
        has not n texts.
    """
    check_annotations(annotations, len(embedding), ("name",))
    for name in embedding.names:
        if not name.strip() or _UNFIT.search(name):
            raise GeneAnalogiesError(
                f"{name!r} cannot be written as metadata.tsv, which knows no empty name and none"
                " with a tab or a line's end; rename it, or choose another format"
            )
    columns = [embedding.names, *annotations.values()]
    path.mkdir()
    with (path / "tensors.tsv").open("w", encoding="utf-8", newline="\n") as file:
        for row in embedding.vectors:
            file.write("\t".join(as_texts(row)) + "\n")
    with (path / "metadata.tsv").open("w", encoding="utf-8", newline="\n") as file:
        if annotations:
            file.write("\t".join(_cell(key) for key in ("name", *annotations)) + "\n")
        for cells in zip(*columns, strict=True):
            file.write("\t".join(map(_cell, cells)) + "\n")


def _cell(text: str) -> str:
    return _UNFIT.sub(" ", text)


def _pairs(source: Source) -> dict[str, dict[str, Path]]:
    """Find the files that belong together, by what their names begin with."""
    pairs: dict[str, dict[str, Path]] = {}
    for path in sorted(source.beside("").iterdir()):
        if found := _FILE.fullmatch(path.name.lower()):
            kind = "metadata" if found[2] == "metadata" else "tensors"
            pairs.setdefault(found[1], {}).setdefault(kind, path)
    if not source.is_folder:
        found = _FILE.fullmatch(source.path.name.lower())
        pairs = {found[1]: pairs[found[1]]} if found else {}
        if found and found[2] != "metadata":
            pairs[found[1]]["tensors"] = source.path
    elif any(len(pair) == 2 for pair in pairs.values()):
        pairs = {prefix: pair for prefix, pair in pairs.items() if len(pair) == 2}
    return pairs


def _layout(tensors: Source) -> Layout:
    """Find out from the first lines how many numbers there are, and whether a label."""
    lines = (line.rstrip("\r\n").split("\t") for line in lines_of(tensors) if line.strip())
    rows = list(islice(lines, _SAMPLE))
    if not rows:
        raise tensors.error("expected rows of numbers, found none")
    width = len(rows[0])
    labelled = width > 1 and not is_number(rows[0][0])
    # A tab at the end of the line is no further cell.
    vectors = range(1 if labelled else 0, width - 1 if width > 1 and not rows[0][-1] else width)
    if not vectors:
        raise tensors.error(f"expected a row of numbers, found {rows[0][0][:60]!r}", "line 1")
    double = text_holds_doubles(tensors)
    return Layout("\t", None, width, 0 if labelled else None, vectors, double)


def _names(metadata: Source, key: str | None) -> tuple[list[str], dict[str, Any]]:
    """Read the column of names."""
    lines = enumerate(read_text(metadata).replace("\r\n", "\n").split("\n"), 1)
    rows = [(number, line.split("\t")) for number, line in lines if line.strip()]
    if not rows or len(rows[0][1]) == 1:
        if key is not None:
            raise metadata.error(f"there is no column {key!r}: there is one column, and no header")
        return [cells[0] for _, cells in rows], {"names": metadata.path.name}
    (_, header), *body = rows
    for number, cells in body:
        if len(cells) != len(header):
            found = f"expected {len(header)} cells, found {len(cells)}"
            raise metadata.error(found, f"line {number}")
    if key is None:
        columns = range(len(header))
        texts = [at for at in columns if not all(is_number(row[at]) for _, row in body[:_SAMPLE])]
        column = column_of_names(header, texts or columns, lambda at: [row[at] for _, row in body])
    elif key in header:
        column = header.index(key)
    else:
        raise metadata.error(f"there is no column {key!r}; choose from {listed(header)}")
    return [cells[column] for _, cells in body], {"names": header[column]}
