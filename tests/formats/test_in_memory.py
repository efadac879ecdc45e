"""Data frames, and names with an array: the names that are meant, and what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

import gene_analogies as ga
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util import sparse as sparse_module

NAMES = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR"]
VECTORS = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
FRAME = pd.DataFrame(VECTORS, NAMES, list("abcd"))


def check(source, names=NAMES, vectors=VECTORS, dtype=np.float32, **options):
    found = ga.load_embedding(source, **options)
    assert found.names == tuple(names)
    assert found.vectors.dtype == dtype
    np.testing.assert_array_equal(found.vectors, vectors)
    return found


@pytest.mark.parametrize(
    "frame",
    [
        FRAME,
        FRAME.rename_axis("gene"),
        FRAME.reset_index(names="gene"),
        FRAME.reset_index(names="gene").set_index(pd.Index(range(1, 7))),
        FRAME.reset_index(names="gene")[["a", "gene", "b", "c", "d"]],
        FRAME.assign(note="x"),
        FRAME.set_axis(pd.CategoricalIndex(NAMES)),
        FRAME.convert_dtypes(convert_floating=False),
        FRAME.set_axis(pd.Index(NAMES, dtype="string")),
        pd.DataFrame(VECTORS, NAMES),
    ],
)
def test_frames(frame):
    found = check(frame)
    assert found.provenance["format"] == "data frame"
    assert found.provenance["source"] == "DataFrame in memory"


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [("float64", np.float64), ("Float32", np.float32), ("Float64", np.float64),
     ("float16", np.float32), ("object", np.float64)],
)  # fmt: skip
def test_types_of_numbers(kind, dtype):
    vectors = VECTORS.astype(np.float16)
    check(pd.DataFrame(vectors, NAMES).astype(kind), vectors=vectors, dtype=dtype)


def test_a_frame_of_whole_numbers():
    numbers = np.arange(24).reshape(6, 4)
    check(pd.DataFrame(numbers, NAMES), vectors=numbers, dtype=np.float64)


def test_the_frame_is_copied():
    frame = FRAME.copy()
    found = check(frame)
    frame.iloc[0, 0] = 7
    assert found.vectors[0, 0] == VECTORS[0, 0]


def test_ids_and_row_numbers_as_index():
    ids = [1956, 1950, 3082, 4233, 3630, 3643]
    check(pd.DataFrame(VECTORS, ids), names=map(str, ids))
    check(pd.DataFrame(VECTORS), names=map(str, range(6)))


def test_row_numbers_and_missing_names_of_a_frame(caplog):
    check(pd.DataFrame(VECTORS), names=map(str, range(6)))
    assert "DataFrame in memory: the names number the rows (0, 1, 2, …)" in caplog.text
    check((range(1, 7), VECTORS), names=map(str, range(1, 7)))
    assert "arrays in memory: the names number the rows (1, 2, 3, …)" in caplog.text
    check(FRAME.set_axis([*NAMES[:5], None]), names=NAMES[:5], vectors=VECTORS[:5])
    two = FRAME.assign(symbol=NAMES, note="x")
    check(two.set_axis(range(6)), names_column="symbol")


def test_options_choose_of_a_frame(caplog):
    frame = FRAME.assign(symbol=[f"{name}2" for name in NAMES], leiden=[0, 1, 2, 0, 1, 2])
    check(frame, columns="a:d")
    assert not caplog.records
    check(frame, columns=["a", "b", "c", "d"], key="symbol", names=[f"{one}2" for one in NAMES])
    check(frame, vectors=np.c_[VECTORS, frame.leiden], dtype=np.float64)
    assert "columns of whole numbers among others: leiden;" in caplog.text
    check(FRAME.T, transpose=True)
    with pytest.raises(GeneAnalogiesError, match=r"DataFrame in memory: .* transpose"):
        ga.load_embedding(FRAME.T)


def test_names_from_a_file(tmp_path):
    (tmp_path / "n.txt").write_text("\n".join(NAMES))
    assert ga.load_embedding(pd.DataFrame(VECTORS), names=tmp_path / "n.txt").names == tuple(NAMES)
    with pytest.raises(GeneAnalogiesError, match="expected 5 names for as many rows, found 6 in"):
        ga.load_embedding(pd.DataFrame(VECTORS[:5]), names=tmp_path / "n.txt")


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (FRAME, {"format": "table"}, "format 'table' has no meaning for an object in memory"),
        (FRAME, {"columns": "e"}, "DataFrame in memory: there is no column 'e'; choose from"),
        (FRAME[[]], {}, "DataFrame in memory: expected a column of names and columns of numbers"),
        ((NAMES, VECTORS), {"key": "a"}, "key 'a' has no meaning for names and an array"),
        ((NAMES, VECTORS), {"transpose": True}, "transpose True has no meaning"),
        ((NAMES[:5], VECTORS), {}, "expected a name for each of 6 rows, found 5"),
        (("EGF", VECTORS), {}, "expected a list of names, found 'EGF'"),
        ((NAMES, VECTORS[0]), {}, r"expected vectors of shape \(n, d\), found \(4,\)"),
        ((NAMES, ["x"] * 6), {}, "expected an .n, d. array of numbers: they are of type <U1"),
        ((NAMES, VECTORS * 1j), {}, "they are of type complex64"),
        ((NAMES, [[1], [1, 2]]), {}, "expected an .n, d. array of numbers"),
        (([None] * 6, VECTORS), {}, "arrays in memory"),
        ((NAMES, VECTORS, 3), {}, "a tuple .names, array., not a tuple"),
        (("pubmed"), {"columns": "a"}, "pubmed is built in; it takes no columns"),
        (("pubmed"), {"transpose": True}, "pubmed is built in; it takes no transpose"),
    ],
)
def test_refused(source, options, message):
    with pytest.raises(GeneAnalogiesError, match=message) as caught:
        ga.load_embedding(source, **options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "names", [NAMES, tuple(NAMES), np.array(NAMES), pd.Index(NAMES), iter(NAMES)]
)
@pytest.mark.parametrize("vectors", [VECTORS, VECTORS.tolist(), scipy.sparse.csr_array(VECTORS)])
def test_names_and_an_array(names, vectors):
    names = list(NAMES) if not hasattr(names, "__len__") else names
    check((names, vectors), dtype=np.float64 if isinstance(vectors, list) else np.float32)


def test_the_array_is_copied_and_ids_are_texts():
    vectors = VECTORS.copy()
    found = check((np.arange(6) + 1900, vectors), names=map(str, range(1900, 1906)))
    vectors[0, 0] = 7
    assert found.vectors[0, 0] == VECTORS[0, 0]


def test_a_space_of_arrays():
    space = ga.load((NAMES, VECTORS), center=True)
    assert [str(pair.c) for pair in space.pairs("EGF", "EGFR", k=1)]
    assert "EGF" in space.embedding.names


@pytest.mark.parametrize("kind", ["csr_matrix", "csc_array", "coo_matrix", "dok_array"])
def test_embedding_of_a_sparse_matrix(kind, monkeypatch):
    matrix = getattr(scipy.sparse, kind)(VECTORS)
    np.testing.assert_array_equal(ga.Embedding(NAMES, matrix).vectors, VECTORS)
    monkeypatch.setattr(sparse_module, "MOST_NUMBERS", 23)
    message = r"not a sparse matrix of 24 numbers \(up to 23 are .* give vectors.toarray"
    for make in (ga.Embedding, lambda *both: ga.load(both)):
        with pytest.raises(GeneAnalogiesError, match=message):
            make(NAMES, matrix)


def test_a_large_sparse_matrix_takes_no_memory():
    with pytest.raises(GeneAnalogiesError, match="of 2,000,000,000 numbers"):
        ga.Embedding(["a"], scipy.sparse.csr_matrix((20_000, 100_000)))
