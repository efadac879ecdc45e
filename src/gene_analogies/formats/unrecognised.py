"""Files that are often taken for embeddings and are none: what they are, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gene_analogies.errors import FormatError
from gene_analogies.formats.source import Source
from gene_analogies.formats.zip_archives import opened_zip

__all__ = ["what_it_is"]

#: Of larger archives the list alone takes seconds.
_MAX_ENTRIES: Final = 2**16


def what_it_is(source: Source) -> str | None:
    """Say what a file is that no format recognises, and what to do with it; None if unknown.

    Parameters
    ----------
    source
        The file or folder.
    """
    if source.is_folder:
        names = sorted(path.name.lower() for path in source.path.iterdir())
        return _folder(names)
    head = source.head
    if head.startswith((b"RDX", b"RDA", b"X\n\0\0\0", b"A\n")):
        return "an R object; in R, write.csv(as.matrix(x), file) makes a table of it"
    if head.startswith(b"PK\x03\x04"):
        return _archive(source)
    if head.startswith(b"%PDF"):
        return "a PDF"
    if head.startswith((b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML")):
        return "a web page: the download went wrong"
    lines = head.decode("utf-8", "replace").splitlines()[:20]
    if "\0" not in "".join(lines) and lines and all(len(line.split()) <= 1 for line in lines):
        return "names without numbers; a list of genes goes to --among or --order"
    return None


def _folder(names: Sequence[str]) -> str | None:
    if not names:
        return "an empty folder"
    if any(name.startswith("matrix.mtx") for name in names):
        return "a folder of 10x expression counts, not of an embedding"
    return None


def _archive(source: Source) -> str:
    try:
        with opened_zip(source, "a ZIP archive", _MAX_ENTRIES) as archive:
            names = archive.namelist()
    except FormatError:
        return "a ZIP archive, damaged or of very many files"
    if "[Content_Types].xml" in names:
        return "an Office document; save the sheet as CSV"
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"a ZIP archive ({shown[:120]}); unpack it and name the file inside"
