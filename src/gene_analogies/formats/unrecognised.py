"""Files that are often taken for embeddings and are none: what they are, and what to do."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from typing import Final

from gene_analogies.errors import FormatError
from gene_analogies.formats.source import Source
from gene_analogies.formats.zip_archives import opened_zip

__all__ = ["refuse_pointers", "what_it_is", "what_it_is_for_certain"]

#: How a file begins that no format of ours does: what it is, and what to do with it.
_SIGNATURES: Final = (
    (b"\xfd7zXZ\0", "an xz file; unpack it: xz -dk FILE"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file; unpack it: zstd -d FILE"),
    (b"\x04\x22\x4d\x18", "an LZ4 file; unpack it: lz4 -d FILE"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it and name the file inside"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it and name the file inside"),
    (
        b"ARROW1\0\0",
        "a Feather (Arrow) file; in Python, pandas.read_feather(FILE).to_parquet(NEW) makes a"
        " Parquet file of it",
    ),
    (
        b"FEA1\0",
        "a Feather file of version 1; in Python, pandas.read_feather(FILE).to_parquet(NEW) makes a"
        " Parquet file of it",
    ),
    (
        b"MATLAB 5.0 MAT-file",
        "a MATLAB file; in Python, take the names and the matrix out of scipy.io.loadmat(FILE), and"
        " numpy.savez(NEW, names=…, vectors=…)",
    ),
    (
        b"MATLAB 7.3 MAT-file",
        "a MATLAB file; in MATLAB, writetable(T, 'genes.csv') makes a table of names and numbers",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database, as Magnitude's files are; take the word2vec, GloVe or fastText file"
        " that it was made from, or export a table of names and numbers as CSV",
    ),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Office document of the old kind (.xls); save the sheet as CSV",
    ),
    (b"%PDF-", "a PDF"),
)
_BZIP2: Final = re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)")
_UTF_16: Final = "text in UTF-16; save it as UTF-8: iconv -f UTF-16 -t UTF-8 FILE > NEW"
_UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_ZARR: Final = (
    "a Zarr store; in Python, anndata.read_zarr(FOLDER).write_h5ad(NEW) makes an .h5ad of AnnData,"
    " and numpy.savez(NEW, names=…, vectors=…) an .npz of arrays"
)
_ZARR_FILES: Final = (".zgroup", ".zarray", ".zattrs", ".zmetadata", "zarr.json")
_LORA: Final = (
    "a LoRA adapter, which holds changes of a model and no embedding; merge it into its model"
    " (PEFT: merge_and_unload) and save that"
)
_ADAPTERS: Final = ("adapter_model.safetensors", "adapter_model.bin")
_MODELS: Final = (
    "model.safetensors",
    "pytorch_model.bin",
    "model.safetensors.index.json",
    "pytorch_model.bin.index.json",
)
# A pointer of Git LFS is smaller.
_POINTER_BYTES: Final = 1024
#: Of larger archives the list alone takes seconds.
_MAX_ENTRIES: Final = 2**16
_TAR: Final = slice(257, 262)
_PARTS_OF_OLD_FASTTEXT: Final = "<12i"


def refuse_pointers(source: Source) -> None:
    """Refuse a file, or a folder with one, that git has not downloaded.

    Raises
    ------
    FormatError
        If it is a pointer of Git LFS.
    """
    if not source.is_folder:
        source.refuse_pointer()
        return
    for path in sorted(source.path.iterdir()):
        if path.is_file() and path.stat().st_size < _POINTER_BYTES:
            Source(path).refuse_pointer()


def what_it_is_for_certain(source: Source) -> str | None:
    """Say what a file is whose first bytes, or a folder whose files, are of no format of ours.

    Parameters
    ----------
    source
        The file or folder.
    """
    if source.is_folder:
        names = {path.name.lower() for path in source.path.iterdir()}
        if names.intersection(_ZARR_FILES):
            return _ZARR
        return _LORA if _is_adapter(names) else None
    if source.path.name.lower() in _ADAPTERS:
        return _LORA
    head = source.head
    for signature, known in _SIGNATURES:
        if head.startswith(signature):
            return known
    if _BZIP2.match(head):
        return "a bzip2 file; unpack it: bunzip2 -k FILE"
    if head[_TAR] == b"ustar":
        packed = "a packed tar archive" if source.is_gzip else "a tar archive"
        return f"{packed}; unpack it (tar -xf FILE) and name the file inside"
    if head.startswith(_UTF_16_MARKS) or _is_utf_16(head):
        return _UTF_16
    if b"\r" in head and not any(byte in head for byte in (b"\n", b"\0")):
        return (
            "text with a carriage return at the end of every line, as of old Macs; write line"
            " feeds: tr '\\r' '\\n' < FILE > NEW"
        )
    return None


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
    if source.is_gzip and not head:
        return "a gzip file that is cut short; get it again"
    if head.startswith((b"RDX", b"RDA", b"X\n\0\0\0", b"A\n")):
        return "an R object; in R, write.csv(as.matrix(x), file) makes a table of it"
    if head.startswith(b"PK\x03\x04"):
        return _archive(source)
    if head.startswith((b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML")):
        return "a web page: the download went wrong"
    if _is_old_fasttext(head):
        return (
            "a fastText model of 2016, before its files had a version; take its .vec, or train it"
            " again"
        )
    lines = head.decode("utf-8", "replace").splitlines()[:20]
    if lines and all(re.search(r"\|.*\d", line) for line in lines[1:3]) and "|" in lines[0]:
        return "cells separated by |; write the table with commas or tabs"
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
    if "[Content_Types].xml" in names or "content.xml" in names:
        return "an Office document; save the sheet as CSV"
    if {name.rpartition("/")[2] for name in names}.intersection(_ZARR_FILES):
        return f"a ZIP archive of {_ZARR}"
    shown = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return f"a ZIP archive ({shown[:120]}); unpack it and name the file inside"


def _is_adapter(names: set[str]) -> bool:
    """Whether the names of a folder's files are those of a LoRA adapter without a model."""
    return bool(names.intersection(("adapter_config.json", *_ADAPTERS))) and not names.intersection(
        _MODELS
    )


def _is_utf_16(head: bytes) -> bool:
    """Whether text has a zero in every other byte, as Latin letters have in UTF-16."""
    start = head[:64]
    for zeros, letters in ((start[1::2], start[::2]), (start[::2], start[1::2])):
        if (
            len(zeros) > 3
            and not any(zeros)
            and all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in letters)
        ):
            return True
    return False


def _is_old_fasttext(head: bytes) -> bool:
    """Whether a file begins with the arguments of fastText's first releases, of sane sizes."""
    size = struct.calcsize(_PARTS_OF_OLD_FASTTEXT)
    if len(head) < size:
        return False
    (
        dimension,
        window,
        epochs,
        least,
        negatives,
        words,
        loss,
        model,
        buckets,
        shortest,
        longest,
        _,
    ) = struct.unpack(_PARTS_OF_OLD_FASTTEXT, head[:size])
    return (
        0 < dimension <= 10_000
        and 0 < window <= 1000
        and 0 < epochs <= 100_000
        and least >= 0
        and 0 <= negatives <= 1000
        and 0 < words <= 100
        and loss in (1, 2, 3)
        and model in (1, 2, 3)
        and buckets >= 0
        and 0 <= shortest <= 64
        and 0 <= longest <= 64
    )
