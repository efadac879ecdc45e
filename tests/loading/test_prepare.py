"""Each step of the preparation by itself, and all of them in their order."""

from __future__ import annotations

import logging
import time
import tracemalloc

import anndata
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gene_analogies.embedding import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.contents import Contents
from gene_analogies.genes.table import GeneTable
from gene_analogies.loading.prepare import prepare

GENES = ["EGF", "EGFR", "HGF", "MET", "TP53"]


def _vectors(n, d=4, dtype=np.float32, seed=0):
    vectors = np.random.default_rng(seed).standard_normal((n, d)).astype(dtype) + 1
    vectors.flags.writeable = False
    return vectors


def _contents(names=GENES, vectors=None, **details):
    return Contents(names, _vectors(len(names)) if vectors is None else vectors, details)


def _prepare(contents=None, **options):
    return prepare(contents or _contents(), source_label="some.file", **options)


def _check(found, names, vectors, *steps):
    assert isinstance(found, Embedding)
    assert list(found.names) == list(names)
    np.testing.assert_array_equal(found.vectors, vectors)
    assert found.vectors.dtype == vectors.dtype
    assert found.provenance["steps"] == list(steps)


@pytest.fixture(params=[np.float32, np.float64], ids=["float32", "float64"])
def contents(request):
    return _contents(vectors=_vectors(5, dtype=request.param))


def test_nothing_asked_copies_nothing(contents):
    found = _prepare(contents)
    _check(found, GENES, contents.vectors)
    assert np.shares_memory(found.vectors, contents.vectors)
    assert found.provenance == {"source": "some.file", "steps": []}


def test_vectors_that_may_still_change_are_copied():
    vectors = _vectors(5).copy()
    found = _prepare(_contents(vectors=vectors))
    before = vectors.copy()
    vectors[:] = 0
    _check(found, GENES, before)


def test_details_are_kept():
    found = _prepare(_contents(format="npz", key="vectors"))
    assert found.provenance == {
        "format": "npz", "key": "vectors", "source": "some.file", "steps": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [{}, {"center": True}, {"unit": True}, {"order": ["MET"]}, {"remove_components": 1}],
)
def test_symbols_of_the_model_are_kept(options):
    contents = Contents(GENES, _vectors(5), symbols={"EGF": "A", "MET": "B"})
    assert _prepare(contents, **options).symbols == {"EGF": "A", "MET": "B"}
    assert _prepare(contents, truncate=2, **options).symbols.items() <= contents.symbols.items()
    assert _prepare(contents, among=["MET", "EGFR"], genes=None).symbols == {"MET": "B"}


def test_input_is_never_changed():
    vectors = _vectors(6).copy()
    names = ["a", "b", "a", "c", "d", "e"]
    before = vectors.copy()
    _prepare(
        _contents(names, vectors), duplicates="mean", among=list("abcd"), order=["d"],
        truncate=3, center=True, remove_components=1, unit=True,
    )  # fmt: skip
    np.testing.assert_array_equal(vectors, before)
    assert names == ["a", "b", "a", "c", "d", "e"]


# Words.


def test_clean_words(caplog):
    names = ["The", "the", "THE", "new_york", "don't", "x1", "naïve", "", "a b", "Queen", "ﬁ", "K"]
    contents = _contents(names)
    found = _prepare(contents, clean_words=True)
    rows = [0, 9, 11]
    _check(found, ["the", "queen", "k"], contents.vectors[rows], "words cleaned: 3 of 12 kept")
    assert not caplog.records


def test_clean_words_leaves_nothing():
    with pytest.raises(
        GeneAnalogiesError, match=r"some\.file: no item is left; words cleaned: 0 of 2 k"
    ):
        _prepare(_contents(["1", "2"]), clean_words=True)


# Names that come twice.

TWICE = ["a", "b", "a", "c", "b", "a"]
FOUND = "2 names come more than once, such as 'a'"


def test_first_of_a_name(caplog):
    contents = _contents(TWICE)
    found = _prepare(contents)
    _check(found, ["a", "b", "c"], contents.vectors[[0, 1, 3]], f"{FOUND}: first kept")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert caplog.messages == [
        f"some.file: {FOUND}; the first of each is kept (duplicates: first, mean or error)"
    ]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mean_of_a_name(dtype, caplog):
    vectors = _vectors(6, dtype=dtype)
    found = _prepare(_contents(TWICE, vectors), duplicates="mean")
    wide = vectors.astype(np.float64)
    means = np.array([wide[[0, 2, 5]].mean(axis=0), wide[[1, 4]].mean(axis=0), wide[3]])
    _check(found, ["a", "b", "c"], means.astype(dtype), f"{FOUND}: mean kept")
    assert not caplog.records


def test_mean_of_the_rows_that_are_left():
    vectors = _vectors(6)
    found = _prepare(_contents(TWICE, vectors), duplicates="mean", among=["c", "b"], truncate=1)
    np.testing.assert_allclose(found.vectors, vectors[[1, 4]].mean(axis=0)[None], rtol=1e-6)


def test_means_need_no_float64_copy():
    large = np.full((2, 3), 3e38, np.float32)
    assert _prepare(_contents(["a", "a"], large), duplicates="mean").vectors[0, 0] == large[0, 0]


def test_no_name_twice_allowed():
    with pytest.raises(
        GeneAnalogiesError,
        match=r"some\.file: 2 names come more than once, such as 'a'; duplicates='first' or 'mean'",
    ):
        _prepare(_contents(TWICE), duplicates="error")
    assert _prepare(duplicates="error").names == tuple(GENES)


# Which rows, and in which order.


def test_among_keeps_the_order_of_the_rows(contents, caplog):
    found = _prepare(contents, among=["TP53", "HER1", "ENSG00000138798", "TP53"])
    _check(
        found, ["EGF", "EGFR", "TP53"], contents.vectors[[0, 1, 4]],
        "among: 3 items kept; 0 names not found",
    )  # fmt: skip
    assert not caplog.records


def test_among_says_what_is_missing(caplog):
    among = ["EGF", "KRAS", "p38", "qwertyuiop", 7, "x", "y"]
    found = _prepare(among=iter(among))
    assert found.names == ("EGF",)
    assert found.provenance["steps"] == ["among: 1 items kept; 6 names not found"]
    assert caplog.messages == [
        "among: 6 names lead to no item: 'KRAS', 'p38', 'qwertyuiop', '7', 'x', …"
    ]


def test_among_of_nothing_known(caplog):
    with pytest.raises(
        GeneAnalogiesError,
        match=r"some\.file: no item is left; among: 0 items kept; 1 names not found",
    ):
        _prepare(among=["nothing"])


@pytest.mark.parametrize("genes", [None, GeneTable([])], ids=["none", "empty"])
def test_among_without_a_table_of_genes(genes):
    assert _prepare(among=["HER1", "egf"], genes=genes).names == ("EGF",)


def test_order_loses_nothing(contents):
    found = _prepare(contents, order=["TP53", "KRAS", "HER1", "TP53"])
    _check(
        found, ["TP53", "EGFR", "EGF", "HGF", "MET"], contents.vectors[[4, 1, 0, 2, 3]],
        "ordered by a list of names: 2 items first; 1 names not found",
    )  # fmt: skip


def test_order_of_nothing_known():
    with pytest.raises(
        GeneAnalogiesError,
        match="order: none of its 2 names is an item; 2 names lead to no item: 'x', 'KRAS'",
    ):
        _prepare(order=["x", "KRAS"])


def test_order_by_a_file_of_names(contents, tmp_path):
    path = tmp_path / "names.txt"
    path.write_text("MET\nHGF\n")
    for order in (path, str(path)):
        found = _prepare(contents, order=order)
        assert found.names == ("MET", "HGF", "EGF", "EGFR", "TP53")
        assert found.files == (path,)
        assert found.provenance["steps"] == [f"ordered by {path}: 2 items first; 0 names not found"]


def test_order_by_cells(contents, tmp_path):
    counts = np.array([[0, 1, 2, 1], [0, 0, 3, 1], [0, 0, 1, 0]], np.float32)
    genes = ["EGF", "KRAS", "ENSG00000141510", "MET"]
    path = tmp_path / "cells.h5ad"
    anndata.AnnData(counts, pd.DataFrame(index=list("xyz")), pd.DataFrame(index=genes)).write_h5ad(
        path
    )
    found = _prepare(contents, order=path, truncate=2)
    _check(
        found, ["TP53", "MET"], contents.vectors[[4, 3]],
        f"ordered by {path}: 3 items first; 1 names not found",
        "truncated: the first 2 items kept",
    )  # fmt: skip


def test_unknown_names_by_the_thousand_are_quick():
    names = [f"AC{number}.1" for number in range(100_000, 103_000)]
    start = time.perf_counter()
    assert _prepare(order=["MET", *names]).names[0] == "MET"
    assert time.perf_counter() - start < 5


def test_truncate(contents):
    found = _prepare(contents, truncate=2)
    _check(found, GENES[:2], contents.vectors[:2], "truncated: the first 2 items kept")
    assert np.shares_memory(found.vectors, contents.vectors)
    _check(_prepare(contents, truncate=9), GENES, contents.vectors,
           "truncated: the first 5 items kept")  # fmt: skip


# Vectors.


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_center(dtype):
    vectors = _vectors(1000, 3, dtype)
    found = _prepare(_contents([f"n{i}" for i in range(1000)], vectors), center=True)
    mean = vectors.mean(axis=0, dtype=np.float64)
    _check(found, found.names, (vectors - mean).astype(dtype),
           "centered: the mean vector was subtracted")  # fmt: skip


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("count", [1, 3])
def test_all_but_the_top(count, dtype):
    vectors = _vectors(200, 6, dtype) * np.array([5, 4, 3, 1, 0.5, 0.25], dtype)
    found = _prepare(_contents([f"n{i}" for i in range(200)], vectors), remove_components=count)
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    expected = centred - centred @ axes[:count].T @ axes[:count]
    np.testing.assert_allclose(found.vectors, expected, atol=1e-5 if dtype is np.float32 else 1e-12)
    assert found.vectors.dtype == dtype
    share = 100 * (sizes[:count] ** 2).sum() / (sizes**2).sum()
    assert found.provenance["steps"] == [
        "centered: the mean vector was subtracted",
        f"all-but-the-top: {count} main components removed, {share:.1f} % of the variance",
    ]


def test_all_but_the_top_of_few_and_of_equal_rows():
    few = _prepare(_contents(["a", "b"], _vectors(2)), remove_components=3)
    np.testing.assert_allclose(few.vectors, 0, atol=1e-6)
    same = _prepare(_contents(["a", "b"], np.ones((2, 3))), remove_components=2)
    np.testing.assert_array_equal(same.vectors, 0)
    assert same.provenance["steps"][-1].endswith("removed, 0.0 % of the variance")


@pytest.mark.parametrize("size", [1.0, 1e-30, 1e30, 1e150, 1e-300])
def test_unit(size):
    vectors = _vectors(5, dtype=np.float64) * size
    vectors[2] = 0
    if 1e-31 < size < 1e31:
        vectors = vectors.astype(np.float32)
    found = _prepare(_contents(vectors=vectors), unit=True)
    norms = np.linalg.norm(found.vectors.astype(np.float64), axis=1)
    np.testing.assert_allclose(norms, [1, 1, 0, 1, 1], rtol=1e-6)
    assert found.provenance["steps"] == [
        "unit: vectors divided by their lengths; 1 zero vectors stay"
    ]


def test_unit_without_zeros(contents):
    found = _prepare(contents, unit=True)
    assert found.provenance["steps"] == ["unit: vectors divided by their lengths"]


def test_blocks_make_no_difference(monkeypatch):
    options = {"center": True, "remove_components": 2, "unit": True}
    contents = _contents([f"n{i}" for i in range(50)], _vectors(50))
    whole = _prepare(contents, **options)
    monkeypatch.setattr("gene_analogies.loading.transform._BLOCK", 12)
    np.testing.assert_allclose(_prepare(contents, **options).vectors, whole.vectors, atol=1e-6)


@pytest.mark.parametrize("options", [{}, {"center": True, "unit": True}, {"truncate": 3}])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_not_finite(value, options):
    vectors = _vectors(5).copy()
    vectors[2, 1] = value
    with pytest.raises(
        FormatError,
        match=r"^some\.file: row 2 \('HGF'\): expected numbers, found NaN or infinity, one of 1 su",
    ):
        _prepare(_contents(vectors=vectors), **options)
    assert _prepare(_contents(vectors=vectors), among=["EGF", "MET"], **options).names[0] == "EGF"


def test_not_finite_names_the_row_of_the_file():
    vectors = _vectors(5).copy()
    vectors[3] = np.nan
    with pytest.raises(FormatError, match=r"row 3 \('MET'\)"):
        _prepare(_contents(vectors=vectors), order=["MET"])


def test_too_large_to_center():
    vectors = np.array([[3e38, 0], [-3e38, 0], [-3e38, 1]], np.float32)
    with pytest.raises(
        GeneAnalogiesError, match=r"some\.file: the vectors are too large for float32"
    ):
        _prepare(_contents(list("abc"), vectors), center=True)
    huge = np.array([[1.7e308, 0, 0], [1.7e308, 0, 1], [1.7e308, 1, 1]])
    with pytest.raises(GeneAnalogiesError, match="the vectors are too large for float64"):
        _prepare(_contents(list("abc"), huge), remove_components=1)


def test_memory_of_one_copy():
    n, d = 20_000, 64
    contents = _contents([f"n{i}" for i in range(n)], _vectors(n, d))
    options = {"order": ["n7"], "center": True, "remove_components": 2, "unit": True}
    _prepare(contents, genes=None, **options)
    tracemalloc.start()
    _prepare(contents, genes=None, **options)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    names = 20 * 2**20  # and blocks of a million numbers in float64
    assert peak < 1.2 * contents.vectors.nbytes + 4 * 8 * 2**20 + names


# Arguments.


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"duplicates": "last"}, "duplicates must be one of first, mean, error, not 'last'"),
        ({"truncate": 0}, "truncate must be a whole number of at least 1, not 0"),
        ({"truncate": True}, "truncate must be a whole number of at least 1, not True"),
        ({"truncate": 2.5}, "truncate must be a whole number of at least 1, not 2.5"),
        ({"remove_components": -1}, "remove_components must be a whole number of at least 0"),
        ({"remove_components": "2"}, "remove_components must be a whole number of at least 0"),
        ({"remove_components": 4}, "remove_components must be below the dimension, 4, not 4"),
        ({"among": "EGF"}, "among must be a list of names, not 'EGF'"),
        ({"among": 5}, "among must be a list of names, not 5"),
        ({"order": 5}, "order must be a list of names, not 5"),
        ({"order": "missing.txt"}, "missing.txt does not exist"),
        ({"order": "missing.h5ad"}, "missing.h5ad does not exist"),
    ],
)
def test_arguments(options, message):
    with pytest.raises(GeneAnalogiesError, match=message):
        _prepare(**options)


def test_no_rows():
    with pytest.raises(GeneAnalogiesError, match=r"^some\.file: no item is left$"):
        _prepare(_contents([], np.zeros((0, 3))), center=True)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_steps_in_their_order(data):
    """Against the same in plain NumPy, a copy at a time."""
    letters = st.sampled_from(["a", "B", "b", "c", "D", "é", "e1"])
    names = data.draw(st.lists(letters, min_size=1, max_size=8))
    clean = data.draw(st.booleans())
    mean = not clean and data.draw(st.booleans())  # the first of each word is kept
    truncate = data.draw(st.none() | st.integers(1, 9))
    center, unit = data.draw(st.booleans()), data.draw(st.booleans())
    order = data.draw(st.none() | st.just(["c", "b", "a"]))
    vectors = _vectors(len(names), 3, np.float64, data.draw(st.integers(0, 99)))

    rows = list(enumerate(names))
    if clean:
        cleaned = {}
        for row, name in rows:
            if name.lower() in "abcd":
                cleaned.setdefault(name.lower(), row)
        rows = [(row, name) for name, row in cleaned.items()]
    groups = {}
    for row, name in rows:
        groups.setdefault(name, []).append(row)
    expected = {
        name: vectors[same].mean(axis=0) if mean else vectors[same[0]]
        for name, same in groups.items()
    }
    folded = [name.lower() for name in expected]
    if order and expected:
        # A name in another case leads to an item only where just one has it.
        keys = {}
        for wanted in order:
            if wanted in expected:
                keys[wanted] = None
            elif folded.count(wanted) == 1:
                keys[list(expected)[folded.index(wanted)]] = None
        expected = {name: expected[name] for name in [*keys, *expected]} if keys else {}
    options = {
        "clean_words": clean, "duplicates": "mean" if mean else "first", "order": order,
        "truncate": truncate, "center": center, "unit": unit, "genes": None,
    }  # fmt: skip
    if not expected:
        with pytest.raises(GeneAnalogiesError, match=r"no item is left|none of its"):
            _prepare(_contents(names, vectors), **options)
        return
    matrix = np.array(list(expected.values()))[:truncate]
    if center:
        matrix = matrix - matrix.mean(axis=0)
    if unit:
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        matrix = np.divide(matrix, norms, out=np.zeros_like(matrix), where=norms > 1e-12)
    found = _prepare(_contents(names, vectors), **options)
    assert list(found.names) == list(expected)[:truncate]
    if not (center and unit and len(matrix) == 1):
        np.testing.assert_allclose(found.vectors, matrix, atol=1e-9)
