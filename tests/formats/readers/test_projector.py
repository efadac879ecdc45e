"""TensorBoard's projector: what its reader takes, and two files that do not agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gene_analogies import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import projector
from gene_analogies.formats.registry import find_format, write_embedding
from gene_analogies.formats.source import Source

NAMES = ["EGFR", "NA", "1956", 'HLA-A "x"', "TRUE"]
VECTORS = np.arange(15, dtype=np.float32).reshape(5, 3) / 7
TENSORS = "".join("\t".join(map(str, row)) + "\n" for row in VECTORS)


@pytest.fixture
def read(tmp_path):
    """Write some files and read one of them, or their folder."""

    def call(which=".", *, key=None, names=None, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.tsv").write_text(text, encoding="utf-8", newline="")
        source = Source(tmp_path / which)
        assert find_format(source).name == "projector"
        return projector.read(source, ReadOptions(key=key, names=names))

    return call


@pytest.mark.parametrize("tensors", ["tensors", "vectors"])
@pytest.mark.parametrize("which", [".", "metadata.tsv", None])
def test_names_without_header(read, tensors, which):
    found = read(which or f"{tensors}.tsv", **{tensors: TENSORS, "metadata": "\n".join(NAMES)})
    assert found.names == NAMES
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)
    assert not found.vectors.flags.writeable
    assert found.details == {"names": "metadata.tsv"}


def test_first_name_is_no_header(read):
    # of one column there is none, whatever it is called
    names = ["gene", *NAMES[1:]]
    assert read(tensors=TENSORS, metadata="\n".join(names)).names == names


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_with_header(read, end):
    rows = [f"{place}\t{name}\tchr{place}" for place, name in enumerate(NAMES)]
    metadata = end.join(["count\tsymbol\tplace", *rows, "", ""])
    found = read(tensors=TENSORS.replace("\n", end) + end, metadata=metadata)
    assert found.names == NAMES
    assert found.details == {"names": "symbol"}
    assert read(key="place").names[0] == "chr0"
    with pytest.raises(FormatError, match="no column 'x'; choose from count, symbol, place"):
        read(key="x")


def test_prefix(read, tmp_path):
    files = {"a_tensors": TENSORS, "a_metadata": "\n".join(NAMES)}
    other = {"b_tensors": TENSORS, "b_metadata": "\n".join(NAMES[::-1])}
    assert read("a_metadata.tsv", **files, **other).names == NAMES
    assert read("b_tensors.tsv").names == NAMES[::-1]
    with pytest.raises(FormatError, match=r"found a_tensors.tsv, b_tensors.tsv"):
        read(".")
    (tmp_path / "b_metadata.tsv").unlink()
    assert read(".").names == NAMES


def test_doubles(read):
    vectors = np.random.default_rng(0).normal(size=(5, 3))
    text = "\n".join("\t".join(map(repr, row)) for row in vectors.tolist())
    found = read(tensors=text, metadata="\n".join(NAMES))
    assert found.vectors.dtype == np.float64
    assert np.array_equal(found.vectors, vectors)


@pytest.mark.parametrize("value", [1 / 3, 0.1, 16777217, 1e22, 1e300, 1e-300])
def test_late_double(tmp_path, value):
    """Behind rows that float32 holds comes a number that it does not."""
    vectors = np.zeros((300, 3))
    vectors[:, 0] = np.arange(300)
    vectors[-1, 1] = value
    write_embedding(Embedding([f"g{at}" for at in range(300)], vectors), f"{tmp_path}/out/")
    found = projector.read(Source(tmp_path / "out"), ReadOptions())
    assert found.vectors.dtype == np.float64
    assert np.array_equal(found.vectors, vectors)


@pytest.mark.parametrize(("token", "dtype"), [("1e300", np.float64), ("1e-37", np.float32)])
def test_late_exponent(read, token, dtype):
    found = read(tensors="1\t2\n" * 99 + f"{token}\t1\n", metadata="g\n" * 100)
    assert found.vectors.dtype == dtype
    assert found.vectors[-1, 0] == dtype(token)


def test_labels_in_front_of_the_tensors(read, tmp_path):
    rows = TENSORS.splitlines()
    text = "\n".join(f"g{place}\t{row}\t" for place, row in enumerate(rows))
    found = read(tensors=text, metadata="\n".join(NAMES))
    assert found.names == NAMES
    assert np.array_equal(found.vectors, VECTORS)
    (tmp_path / "metadata.tsv").unlink()
    bare = projector.read(Source(tmp_path / "tensors.tsv"), ReadOptions())
    assert bare.names == [f"g{place}" for place in range(5)]


def test_names_from_a_file(read, tmp_path):
    (tmp_path / "n.txt").write_text("\n".join("abcde"))
    found = read("tensors.tsv", tensors=TENSORS, names=tmp_path / "n.txt")
    assert found.names == list("abcde")
    assert read(metadata="\n".join(NAMES), names=tmp_path / "n.txt").names == list("abcde")


def test_other_tables_are_not_the_projectors(tmp_path):
    frame = pd.DataFrame(VECTORS, index=NAMES)
    frame.to_csv(tmp_path / "tensors.tsv", sep="\t")
    assert find_format(Source(tmp_path / "tensors.tsv")).name == "table"
    frame.to_csv(tmp_path / "vectors.tsv", sep="\t")
    assert not projector.recognises(Source(tmp_path / "vectors.tsv"))
    assert not projector.recognises(Source(tmp_path))


@pytest.mark.parametrize(
    ("tensors", "metadata", "message"),
    [
        (TENSORS, "a\nb\nc", r"metadata.tsv: expected 5 names, one for every line of tensors.tsv"),
        (TENSORS, "\n".join(["gene", *NAMES]), "expected 5 names, .* found 6"),
        (TENSORS, "", "found 0"),
        (TENSORS, "a\tb\n1\t2\n3\n", "metadata.tsv: line 3: expected 2 cells, found 1"),
        ("0.5\t1\n2\n", "a\nb", "tensors.tsv: line 2: expected 2 cells, found 1"),
        ("0.5\t1\n2\tx\n", "a\nb", "tensors.tsv: line 2, column 2: expected a number, found 'x'"),
        ("\n\n", "a\nb", "tensors.tsv: expected rows of numbers, found none"),
        ("x\t\n", "a", "tensors.tsv: line 1: expected a row of numbers, found 'x'"),
        ("0.5\t\udcff\n".encode("utf-8", "surrogateescape"), "a", "line 1: expected UTF-8"),
        (TENSORS, b"a\nb\xff\n", "metadata.tsv: line 2: expected UTF-8"),
    ],
)
def test_broken(tmp_path, tensors, metadata, message):
    for name, content in (("tensors", tensors), ("metadata", metadata)):
        content = content if isinstance(content, bytes) else content.encode()
        (tmp_path / f"{name}.tsv").write_bytes(content)
    with pytest.raises(FormatError, match=message) as caught:
        projector.read(Source(tmp_path), ReadOptions())
    assert "\n" not in str(caught.value)


def test_key_without_header(read):
    with pytest.raises(FormatError, match="no column 'x': there is one column, and no header"):
        read(tensors=TENSORS, metadata="\n".join(NAMES), key="x")


def test_one_file_alone(read, tmp_path):
    with pytest.raises(FormatError, match="expected the names of 5 rows in a file beside it"):
        read("tensors.tsv", tensors=TENSORS)
    (tmp_path / "tensors.tsv").rename(tmp_path / "other.tsv")
    (tmp_path / "metadata.tsv").write_text("a\tb\n")
    with pytest.raises(FormatError, match=r"expected tensors.tsv beside the metadata"):
        projector.read(Source(tmp_path / "metadata.tsv"), ReadOptions())
    with pytest.raises(FormatError, match=r"expected tensors.tsv and metadata.tsv, found nothing"):
        projector.read(Source(tmp_path / "other.tsv"), ReadOptions())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("annotations", [{}, {"full name": ["a\tb", "", "c\n", "d", "e"]}])
def test_write(tmp_path, dtype, annotations):
    vectors = np.random.default_rng(0).normal(size=(5, 3)).astype(dtype)
    embedding = Embedding(NAMES, vectors)
    write_embedding(embedding, f"{tmp_path}/out/", annotations=annotations)
    numbers = np.loadtxt(tmp_path / "out" / "tensors.tsv", dtype, delimiter="\t")
    assert np.array_equal(numbers, vectors)
    lines = (tmp_path / "out" / "metadata.tsv").read_text(encoding="utf-8").split("\n")
    if annotations:
        assert lines[:2] == ["name\tfull name", "EGFR\ta b"]
    else:
        assert lines == [*NAMES, ""]
    found = projector.read(Source(tmp_path / "out"), ReadOptions())
    assert found.names == NAMES
    assert found.vectors.dtype == dtype
    assert np.array_equal(found.vectors, vectors)


@pytest.mark.parametrize("name", ["", " ", "a\tb", "a\nb"])
def test_names_that_cannot_be_written(tmp_path, name):
    embedding = Embedding([name], VECTORS[:1])
    with pytest.raises(GeneAnalogiesError, match=r"cannot be written as metadata.tsv"):
        write_embedding(embedding, f"{tmp_path}/out/")
    assert list(tmp_path.iterdir()) == []
