from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from gene_analogies import Embedding, GeneAnalogiesError


def test_keeps_float32_and_makes_other_numbers_float64():
    assert Embedding("ab", np.ones((2, 3), np.float32)).vectors.dtype == np.float32
    assert Embedding("ab", np.ones((2, 3), np.int8)).vectors.dtype == np.float64
    assert Embedding("ab", [[1, 2], [3, 4]]).vectors.dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_what_happens_to_the_callers_array_later_does_not_matter(dtype):
    mine = np.ones((2, 2), dtype)
    embedding = Embedding("ab", mine)
    with pytest.raises(ValueError, match="read-only"):
        embedding.vectors[0, 0] = 5
    mine[0, 0] = 2
    assert embedding.vectors[0, 0] == 1


def test_a_read_only_array_is_not_copied():
    mine = np.ones((2, 2))
    mine.flags.writeable = False
    assert np.shares_memory(Embedding("ab", mine).vectors, mine)


@pytest.mark.parametrize(
    ("names", "vectors", "message"),
    [
        ("ab", np.ones((3, 2)), "2 names, 3 rows"),
        ("aba", np.ones((3, 2)), "'a' twice"),
        ("ab", np.ones(2), r"shape \(n, d\)"),
        ("ab", np.ones((2, 0)), r"shape \(n, d\)"),
        ("ab", [["x", "y"], ["z", "w"]], "array of numbers"),
        ("ab", [["1", "2"], ["3", "4"]], "array of numbers"),
        ("ab", [[1j, 2], [3, 4]], "array of numbers"),
        (None, np.ones((2, 2)), "names must be a list"),
        ("ab", [[1.0], [1.0, 2.0]], "array of numbers"),
        ("ab", [[1.0, 2.0], [np.nan, 1.0]], r"row 1 \('b'\) holds NaN"),
        ("ab", [[np.inf, 2.0], [np.nan, 1.0]], r"row 0 .* one of 2 such rows"),
    ],
)
def test_bad_input_is_named(names, vectors, message):
    with pytest.raises(GeneAnalogiesError, match=message):
        Embedding(names, vectors)


def test_select_truncate_center():
    embedding = Embedding("abc", [[1.0, 2.0], [3.0, 4.0], [5.0, 9.0]], {"from": "here"})
    assert embedding.select([2, 0]).names == ("c", "a")
    assert embedding.truncate(2).names == ("a", "b")
    assert embedding.truncate(99).names == ("a", "b", "c")
    np.testing.assert_allclose(embedding.center().vectors.mean(axis=0), 0, atol=1e-15)
    assert embedding.center().provenance == {"from": "here", "centered": True}
    with pytest.raises(GeneAnalogiesError, match=r"0\.\.2"):
        embedding.select([3])
    with pytest.raises(GeneAnalogiesError, match="at least 1, not 0"):
        embedding.truncate(0)


def test_files_are_kept():
    files = (Path("/a/genes.npy"), Path("/a/names.txt"))
    embedding = Embedding(["a", "b"], [[1.0], [2.0]], files=files)
    assert embedding.files == files
    for other in (embedding.select([1]), embedding.truncate(1), embedding.center()):
        assert other.files == files
    assert Embedding(["a"], [[1.0]]).files == ()


def test_symbols_are_kept_by_name():
    symbols = {"E1": "SOD2", "E3": "HOMEZ", "of no item": "A"}
    embedding = Embedding(["E1", "E2", "E3"], np.eye(3), symbols=symbols)
    assert embedding.symbols == {"E1": "SOD2", "E3": "HOMEZ"}
    symbols["E1"] = "changed"
    assert embedding.symbols["E1"] == "SOD2"
    assert embedding.select([2, 1]).symbols == {"E3": "HOMEZ"}
    assert embedding.truncate(2).symbols == {"E1": "SOD2"}
    assert embedding.center().symbols == embedding.symbols
    again = pickle.loads(pickle.dumps(embedding))  # noqa: S301 - our own
    assert again.symbols == embedding.symbols
    assert Embedding(["a"], [[1.0]]).symbols == {}


@pytest.mark.parametrize(
    ("symbols", "message"),
    [
        (["SOD2"], r"symbols must map names to symbols, not \['SOD2'\]"),
        ({"a": 3}, r"symbols must be text, not 3 \(of 'a'\)"),
    ],
)
def test_symbols_that_are_none(symbols, message):
    with pytest.raises(GeneAnalogiesError, match=message):
        Embedding(["a"], [[1.0]], symbols=symbols)
