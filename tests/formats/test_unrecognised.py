"""Files that are no embeddings are named, with what to do."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sqlite3
import struct
import tarfile
import zipfile

import numpy as np
import pandas as pd
import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.registry import find_format, read_contents
from gene_analogies.formats.source import Source

TEXT = b"EGF 0.1 0.2 0.7\nEGFR 0.3 0.4 0.5\nMET 0.5 0.6 0.7\n"
TABLE = "gene,a,b\nEGF,1,2\nEGFR,3,4\n"
FRAME = pd.DataFrame(np.eye(3), ["EGF", "EGFR", "MET"], list("abc"))
OLD_FASTTEXT = struct.pack("<12id", 100, 5, 5, 5, 5, 1, 2, 2, 2_000_000, 3, 6, 100, 1e-4)
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 41183536\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("genes.txt", b"gene|a|b\nEGF|1|2\nEGFR|3|4\n", r"found cells separated by \|; write"),
        ("genes.txt", b"EGF|1956\nEGFR\nMET\n", "found names without numbers"),
        ("genes.txt", b"EGF\nEGFR\nMET\n", "found names without numbers; .* --among"),
        ("seurat.rds", gzip.compress(b"X\n\0\0\0\3\0\4"), "found an R object"),
        ("paper.pdf", b"%PDF-1.7\n%\xff\xff", "found a PDF"),
        ("vectors.bin", b"<!DOCTYPE html><html>", "found a web page: the download went wrong"),
        ("model.safetensors", POINTER, "found a pointer of Git LFS.*git lfs pull"),
        ("pytorch_model.bin", POINTER, "found a pointer of Git LFS.*git lfs pull"),
        ("token_dictionary.pkl", POINTER, "found a pointer of Git LFS.*git lfs pull"),
        ("vectors.txt", POINTER, "found a pointer of Git LFS.*git lfs pull"),
    ],
)
def test_files(name, content, message, tmp_path):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message):
        find_format(Source(path))


@pytest.mark.parametrize(
    ("name", "member", "message"),
    [
        ("genes.xlsx", "[Content_Types].xml", "found an Office document; save the sheet as CSV"),
        ("glove.zip", "glove.6B.50d.txt", r"found a ZIP archive \(glove.6B.50d.txt\); unpack it"),
    ],
)
def test_archives(name, member, message, tmp_path):
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(FormatError, match=message):
        find_format(Source(tmp_path / name))


def packed(mode):
    """A tar archive with a file of vectors."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        member = tarfile.TarInfo("vectors.txt")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("vectors.txt.bz2", bz2.compress(TEXT), "a bzip2 file; unpack it: bunzip2"),
        ("vectors.csv", bz2.compress(TEXT), "a bzip2 file; unpack it: bunzip2"),
        ("vectors.csv", bz2.compress(b""), "a bzip2 file; unpack it: bunzip2"),
        ("vectors.txt.xz", lzma.compress(TEXT), "an xz file; unpack it: xz -dk"),
        ("vectors.h5ad", lzma.compress(TEXT), "an xz file; unpack it: xz -dk"),
        ("vectors.vec.zst", b"\x28\xb5\x2f\xfd\x24\x10", "a Zstandard file; unpack it: zstd -d"),
        ("vectors.tar", packed("w"), "a tar archive; unpack it"),
        ("vectors.tar.gz", packed("w:gz"), "a packed tar archive; unpack it"),
        ("vectors.tgz", packed("w:gz"), "a packed tar archive; unpack it"),
        ("vectors.txt.gz", gzip.compress(TEXT)[:20], "a gzip file that is cut short; get it again"),
        ("vectors.gz", gzip.compress(TEXT)[:3], "a gzip file that is cut short; get it again"),
        ("table.csv", TABLE.replace("\n", "\r").encode(), "text with a carriage return at"),
        ("words.txt", TEXT.replace(b"\n", b"\r"), "text with .* tr '.r' '.n' < FILE > NEW"),
        ("table.csv", TABLE.encode("utf-16"), "text in UTF-16; save it as UTF-8: iconv"),
        ("table.csv", TABLE.encode("utf-16-le"), "text in UTF-16; save it as UTF-8: iconv"),
        ("vectors.txt", TEXT.decode().encode("utf-16-be"), "text in UTF-16; save it as UTF-8"),
        ("table.feather", b"ARROW1\0\0\xff\xff\xff\xff", "a Feather .*to_parquet"),
        ("table.feather", b"FEA1\0\0\0\0\xff", "a Feather file of version 1; .*to_parquet"),
        ("x.mat", b"MATLAB 5.0 MAT-file, Platform: GLNXA64\0\0", "a MATLAB file; .* numpy.savez"),
        ("x.mat", b"MATLAB 7.3 MAT-file, Platform: GLNXA64\0\0", "a MATLAB file; .* writetable"),
        ("genes.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0", "an Office document .* as CSV"),
        ("model.bin", OLD_FASTTEXT + bytes(100), "a fastText model of 2016.*; take its .vec"),
        ("adapter_model.safetensors", bytes(99), "a LoRA adapter.*; merge it into its model"),
    ],
)
def test_files_and_how_to_go_on(name, content, message, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError, match=f"expected an embedding, found {message}") as caught:
        find_format(Source(tmp_path / name))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["BZh 0.1 0.2 0.7\n", "FEA1 0.1 0.2 0.7\n", "%PDF 0.1 0.2 0.7\n"])
def test_names_that_begin_as_other_files_do(text, tmp_path):
    (tmp_path / "x.txt").write_text(f"{text}β 0.5 0.1 0.2\n", encoding="utf-8")
    assert find_format(Source(tmp_path / "x.txt")).name == "word2vec-text"


@pytest.mark.parametrize("name", ["vectors.magnitude", "genes.db", "genes.csv"])
def test_databases(name, tmp_path):
    with sqlite3.connect(tmp_path / name) as database:
        database.execute("create table magnitude (key text)")
    database.close()
    with pytest.raises(FormatError, match=r"found an SQLite database, .* export a table .* CSV"):
        find_format(Source(tmp_path / name))


ORIENTS = ["columns", "index", "split", "records", "table"]


@pytest.mark.parametrize("orient", ORIENTS)
@pytest.mark.parametrize("named", [True, False])
def test_json_of_pandas(orient, named, tmp_path):
    frame = FRAME.reset_index(names="gene") if named else FRAME
    frame.to_json(tmp_path / "frame.json", orient=orient)
    with pytest.raises(FormatError, match=r"of pandas' to_json; in Python, save it as Parquet"):
        read_contents(Source(tmp_path / "frame.json"), ReadOptions())


@pytest.mark.parametrize("name", ["lines.jsonl", "lines.json"])
def test_json_lines(name, tmp_path):
    rows = [{"gene": gene, "embedding": [1.0, 2.0]} for gene in ("EGF", "EGFR")]
    (tmp_path / name).write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(FormatError, match=r"line 2 column 1: .* JSON lines: `jq -s \. FILE > NEW`"):
        read_contents(Source(tmp_path / name), ReadOptions())


@pytest.mark.parametrize("pickled", [FRAME, FRAME.a, FRAME.index])
def test_pickles_of_pandas(pickled, tmp_path):
    pd.to_pickle(pickled, tmp_path / "frame.pkl")
    with pytest.raises(FormatError, match=r"refers to pandas\..*; in Python, save it as Parquet"):
        read_contents(Source(tmp_path / "frame.pkl"), ReadOptions())


@pytest.mark.parametrize("name", [".zgroup", ".zattrs", "zarr.json"])
def test_zarr(name, tmp_path):
    (tmp_path / name).write_text("{}")
    message = r"found a Zarr store; in Python, anndata.read_zarr\(FOLDER\).write_h5ad\(NEW\)"
    with pytest.raises(FormatError, match=message):
        find_format(Source(tmp_path))
    with zipfile.ZipFile(tmp_path / "store.zip", "w") as archive:
        archive.writestr(f"store/{name}", "{}")
    with pytest.raises(FormatError, match="found a ZIP archive of a Zarr store; in Python"):
        find_format(Source(tmp_path / "store.zip"))


def test_adapters(tmp_path):
    (tmp_path / "adapter_config.json").write_text("{}")
    (tmp_path / "adapter_model.safetensors").write_bytes(bytes(99))
    with pytest.raises(FormatError, match=r"found a LoRA adapter.*merge_and_unload"):
        find_format(Source(tmp_path))
    (tmp_path / "model.safetensors").write_bytes(bytes(99))
    with pytest.raises(FormatError, match="found a folder of no known format"):
        find_format(Source(tmp_path))


def test_folders(tmp_path):
    with pytest.raises(FormatError, match="found an empty folder"):
        find_format(Source(tmp_path))
    (tmp_path / "matrix.mtx.gz").touch()
    with pytest.raises(FormatError, match="found a folder of 10x expression counts"):
        find_format(Source(tmp_path))
    (tmp_path / "matrix.mtx.gz").rename(tmp_path / "notes.txt")
    with pytest.raises(FormatError, match="found a folder of no known format"):
        find_format(Source(tmp_path))
