"""Which format reads a file, which is written, and what becomes of the file that was there."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from gene_analogies.embedding import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.readers import npz, projector
from gene_analogies.formats.registry import (
    FORMATS,
    find_format,
    format_to_write,
    read_contents,
    write_embedding,
)
from gene_analogies.formats.source import Source

EMBEDDING = Embedding(["EGF", "EGFR"], np.eye(2, dtype=np.float32))
posix = pytest.mark.skipif(sys.platform == "win32", reason="files as on POSIX")


def state(folder):
    """Every file and folder, with its content."""
    return {one: one.is_file() and one.read_bytes() for one in folder.rglob("*")}


def test_an_empty_file(tmp_path):
    (tmp_path / "x.txt").write_bytes(b"")
    with pytest.raises(FormatError, match=r"x\.txt: expected an embedding, found an empty file$"):
        find_format(Source(tmp_path / "x.txt"))


def test_an_unknown_file(tmp_path):
    (tmp_path / "x.xyz").write_bytes(b"\x01\x02\x03\0\0\0")
    with pytest.raises(FormatError, match=r"found a file of no known format .*formats"):
        find_format(Source(tmp_path / "x.xyz"))


def test_an_unknown_folder(tmp_path):
    (tmp_path / "notes.md").write_text("notes")
    with pytest.raises(FormatError, match="found a folder of no known format"):
        find_format(Source(tmp_path))


def test_an_unknown_format(tmp_path):
    (tmp_path / "x.txt").write_text("EGF 1 2\n")
    with pytest.raises(GeneAnalogiesError) as raised:
        find_format(Source(tmp_path / "x.txt"), "excel")
    choices = ", ".join(one.name for one in FORMATS)
    assert str(raised.value) == f"there is no format 'excel'; choose from {choices}"


def test_a_format_that_is_named_wins(tmp_path):
    (tmp_path / "x.txt").write_bytes(b"")
    assert find_format(Source(tmp_path / "x.txt"), "npz").name == "npz"


def test_a_file_without_rows(tmp_path, monkeypatch):
    nothing = Contents([], np.empty((0, 2), np.float32), {})
    monkeypatch.setattr(npz, "read", lambda *_: nothing)
    (tmp_path / "x.npz").write_bytes(b"")
    with pytest.raises(FormatError, match="expected an embedding, found no rows"):
        read_contents(Source(tmp_path / "x.npz"), ReadOptions(), "npz")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ("a",)}, "columns has no meaning for npz; it has for parquet, table$"),
        ({"transpose": True}, "transpose has no meaning for npz; it has for parquet, table$"),
        (
            {"bad_bytes": "skip"},
            "bad_bytes has no meaning for npz; it has for fasttext, w",
        ),
    ],
)
def test_options_without_a_meaning(tmp_path, options, message):
    write_embedding(EMBEDDING, tmp_path / "x.npz")
    with pytest.raises(FormatError, match=message):
        read_contents(Source(tmp_path / "x.npz"), ReadOptions(**options))


def test_names_of_formats_are_their_own():
    assert len({one.name for one in FORMATS}) == len(FORMATS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("projector", "table"),
        ("projector", "word2vec-text"),
        ("geneformer", "safetensors"),
        ("geneformer", "torch"),
        ("scgpt", "torch"),
        ("npz", "npy"),
        ("torch", "pickle"),
        ("gensim", "pickle"),
        ("fasttext", "word2vec-binary"),
        ("word2vec-text", "table"),
    ],
)
def test_the_more_specific_is_tried_first(before, after):
    names = [one.name for one in FORMATS]
    assert names.index(before) < names.index(after)


def test_the_first_that_recognises_a_file_reads_it(tmp_path):
    """A projector's tensors are a table as well."""
    (tmp_path / "tensors.tsv").write_text("1\t2\n3\t4\n")
    (tmp_path / "metadata.tsv").write_text("EGF\nEGFR\n")
    (tmp_path / "x.txt").write_text("EGF 0.1 0.2 0.3\nEGFR 0.3 0.4 0.5\n")
    (tmp_path / "x.csv").write_text("gene,a,b\nEGF,1,2\nEGFR,3,4\n")
    expected = {"tensors.tsv": "projector", "x.txt": "word2vec-text", "x.csv": "table"}
    assert {name: find_format(Source(tmp_path / name)).name for name in expected} == expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("X.NPZ", "npz"),
        (Path("a/x.h5ad"), "h5ad"),
        ("x.txt.gz", "word2vec-text"),
        ("x.bin.gz", "word2vec-binary"),
        ("x/", "projector"),
    ],
)
def test_the_ending_names_the_format(path, name):
    assert format_to_write(path).name == name


def test_an_ending_of_no_format():
    with pytest.raises(GeneAnalogiesError) as raised:
        format_to_write("x.xlsx")
    assert str(raised.value) == (
        "the ending of x.xlsx is of no format; choose from projector (/), h5ad (.h5ad), "
        "parquet (.parquet), npz (.npz), word2vec-binary (.bin .bin.gz), "
        "word2vec-text (.txt .vec .txt.gz .vec.gz)"
    )


def test_a_format_that_is_only_read():
    with pytest.raises(GeneAnalogiesError, match=r"^gensim is only read; choose from projector, h"):
        format_to_write("x.npz", "gensim")


def test_an_unknown_format_to_write():
    with pytest.raises(GeneAnalogiesError, match="there is no format 'excel'; choose from"):
        format_to_write("x.npz", "excel")


def broken(_, path, __):
    """A writer that fails half way."""
    path.write_bytes(b"half")
    raise OSError(28, "No space left on device")


def broken_folder(_, path, __):
    path.mkdir()
    broken(None, path / "tensors.tsv", None)


@pytest.mark.parametrize("there", [True, False])
def test_a_writer_that_fails_leaves_the_old_file(tmp_path, monkeypatch, there):
    if there:
        (tmp_path / "x.npz").write_bytes(b"old")
    before = state(tmp_path)
    monkeypatch.setattr(npz, "write", broken)
    with pytest.raises(GeneAnalogiesError, match=r"x\.npz could not be written: No space left"):
        write_embedding(EMBEDDING, tmp_path / "x.npz")
    assert state(tmp_path) == before


@pytest.mark.parametrize("there", [True, False])
def test_a_writer_that_fails_leaves_the_old_folder(tmp_path, monkeypatch, there):
    if there:
        write_embedding(EMBEDDING, f"{tmp_path}/x/")
    before = state(tmp_path)
    monkeypatch.setattr(projector, "write", broken_folder)
    with pytest.raises(GeneAnalogiesError, match="x/ could not be written: No space left"):
        write_embedding(EMBEDDING, f"{tmp_path}/x/")
    assert state(tmp_path) == before


def test_a_writer_that_raises_another_error_leaves_the_old_file(tmp_path, monkeypatch):
    def refuse(_, path, __):
        path.write_bytes(b"half")
        raise GeneAnalogiesError("no such name")

    (tmp_path / "x.npz").write_bytes(b"old")
    before = state(tmp_path)
    monkeypatch.setattr(npz, "write", refuse)
    with pytest.raises(GeneAnalogiesError, match="no such name"):
        write_embedding(EMBEDDING, tmp_path / "x.npz")
    assert state(tmp_path) == before


@posix
def test_the_mode_of_a_file_and_the_target_of_a_link_stay(tmp_path):
    (tmp_path / "x.npz").write_bytes(b"old")
    (tmp_path / "x.npz").chmod(0o640)
    (tmp_path / "link.npz").symlink_to("x.npz")
    write_embedding(EMBEDDING, tmp_path / "link.npz")
    assert (tmp_path / "link.npz").is_symlink()
    assert (tmp_path / "x.npz").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "x.npz").stat().st_size > 3


@pytest.mark.parametrize("filled", [True, False])
def test_an_older_folder_stays_and_its_files_are_replaced(tmp_path, filled):
    folder = tmp_path / "x"
    folder.mkdir(mode=0o750)
    if filled:
        write_embedding(Embedding(["A"], [[1.0]]), f"{folder}/")
    before = folder.stat()
    write_embedding(EMBEDDING, f"{folder}/")
    assert (folder.stat().st_ino, folder.stat().st_mode) == (before.st_ino, before.st_mode)
    assert (folder / "metadata.tsv").read_text() == "EGF\nEGFR\n"
    assert {one.name for one in folder.iterdir()} == {"metadata.tsv", "tensors.tsv"}
    assert [one.name for one in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("other", ["notes.txt", "deep/notes.txt", "metadata.tsv/notes.txt"])
def test_a_folder_of_other_things_is_not_touched(tmp_path, other):
    path = tmp_path / "x" / other
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    (tmp_path / "x" / "tensors.tsv").write_text("old")
    before = state(tmp_path)
    with pytest.raises(GeneAnalogiesError, match="x exists and holds other things; name another"):
        write_embedding(EMBEDDING, f"{tmp_path}/x/")
    assert state(tmp_path) == before


def test_a_file_where_a_folder_is_to_be_written(tmp_path):
    (tmp_path / "x").write_text("mine")
    with pytest.raises(GeneAnalogiesError, match="x is no folder; name another"):
        write_embedding(EMBEDDING, tmp_path / "x", format="projector")
    assert (tmp_path / "x").read_text() == "mine"


def test_a_folder_where_a_file_is_to_be_written(tmp_path):
    (tmp_path / "x.npz").mkdir()
    with pytest.raises(GeneAnalogiesError, match=r"x\.npz is a folder; name a file in it"):
        write_embedding(EMBEDDING, tmp_path / "x.npz")


@posix
@pytest.mark.parametrize("form", ["npz", "word2vec-text"])
def test_a_pipe_stays_one(tmp_path, form):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(GeneAnalogiesError, match="pipe is a device or a pipe; name a file"):
        write_embedding(EMBEDDING, tmp_path / "pipe", format=form)
    assert (tmp_path / "pipe").is_fifo()
    assert len(list(tmp_path.iterdir())) == 1


def test_no_folder_to_write_into(tmp_path):
    with pytest.raises(GeneAnalogiesError, match=r"there is no folder .*none to write x\.npz into"):
        write_embedding(EMBEDDING, tmp_path / "none" / "x.npz")


@pytest.mark.parametrize("name", ["out.h5ad", "out.npz", "out.parquet", "out.txt", "out.bin"])
@pytest.mark.parametrize(
    ("names", "annotations", "message"),
    [
        (["a\0b", "c"], {}, r"names holds 'a\\x00b', which a file cannot; rename it"),
        (["\ud800", "c"], {}, r"names holds '\\ud800'"),
        (["a", "c"], {"what": ["b", "d\0"]}, r"annotation 'what' holds 'd\\x00'"),
    ],
)
def test_texts_that_no_file_gives_back(name, names, annotations, message, tmp_path):
    embedding = Embedding(names, np.eye(2, dtype=np.float32))
    with pytest.raises(GeneAnalogiesError, match=message):
        write_embedding(embedding, tmp_path / name, annotations=annotations)
    assert not list(tmp_path.iterdir())
