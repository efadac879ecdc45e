"""Files that are no embeddings are named, with what to do."""

from __future__ import annotations

import gzip
import zipfile

import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.registry import find_format
from gene_analogies.formats.source import Source

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:aa\nsize 41183536\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
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


def test_folders(tmp_path):
    with pytest.raises(FormatError, match="found an empty folder"):
        find_format(Source(tmp_path))
    (tmp_path / "matrix.mtx.gz").touch()
    with pytest.raises(FormatError, match="found a folder of 10x expression counts"):
        find_format(Source(tmp_path))
    (tmp_path / "matrix.mtx.gz").rename(tmp_path / "notes.txt")
    with pytest.raises(FormatError, match="found a folder of no known format"):
        find_format(Source(tmp_path))
