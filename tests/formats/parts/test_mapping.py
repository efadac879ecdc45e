"""Dictionaries of vectors in every form, and what is said of those that are none."""

from array import array

import numpy as np
import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.parts.mapping import contents_of_mapping
from gene_analogies.formats.source import Source


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "genes.pickle"
    path.write_bytes(b"x" * 1000)
    return Source(path)


VECTORS = [[0.5, 1.5], [2.5, 3.5], [-1.0, 4.0]]
NAMES = ["EGF", "EGFR", "MET"]
FORMS = {
    "lists": (dict(zip(NAMES, VECTORS, strict=True)), {}),
    "tuples": (dict(zip(NAMES, map(tuple, VECTORS), strict=True)), {}),
    "compact lists": (dict(zip(NAMES, (array("d", v) for v in VECTORS), strict=True)), {}),
    "arrays": (dict(zip(NAMES, np.array(VECTORS, np.float32), strict=True)), {}),
    "lists of scalars": (dict(zip(NAMES, map(list, np.array(VECTORS, "f4")), strict=True)), {}),
    "rows": (dict(zip(NAMES, ([v] for v in VECTORS), strict=True)), {}),
    "compact rows": (dict(zip(NAMES, ((array("d", v),) for v in VECTORS), strict=True)), {}),
    "matrices of one row": (
        dict(zip(NAMES, np.array(VECTORS, np.float32)[:, None], strict=True)),
        {},
    ),
    "arrays of objects": (dict(zip(NAMES, np.array(VECTORS, object), strict=True)), {}),
    "records": (
        {n: {"text": "…", "embeddings": v} for n, v in zip(NAMES, VECTORS, strict=True)},
        {"entry": "embeddings"},
    ),
    "other records": (
        {n: {"Vector": v} for n, v in zip(NAMES, VECTORS, strict=True)},
        {"entry": "Vector"},
    ),
    "a gene called X": (
        {"X": {"embedding": VECTORS[0]}, "Y": {"embedding": VECTORS[1]}},
        {"entry": "embedding"},
    ),
    "columns": (
        {"genes": NAMES, "embeddings": VECTORS},
        {"names": "genes", "vectors": "embeddings"},
    ),
    "columns of arrays": (
        {"vectors": np.array(VECTORS, "f4"), "Words": np.array(NAMES), "size": 3},
        {"names": "Words", "vectors": "vectors"},
    ),
    "within an entry": (
        {"model": "ada", "embeddings": dict(zip(NAMES, VECTORS, strict=True))},
        {"vectors": "embeddings"},
    ),
    # Words like those that name a column, in an embedding of words.
    "words": ({"genes": VECTORS[0], "vectors": VECTORS[1], "names": VECTORS[2]}, {}),
}


@pytest.mark.parametrize("scale", ["scale", "embeddings_scale", "zero_points"])
def test_codes_with_their_scale(source, scale):
    codes = np.ones((2, 3), np.int8)
    mapping = {"genes": ["EGF", "EGFR"], "embeddings": codes, scale: np.ones(2)}
    message = (
        rf"embeddings: expected weights, found quantised .*int8 2 × 3\), with their .* {scale};"
    )
    with pytest.raises(FormatError, match=message):
        contents_of_mapping(mapping, source)
    mapping["embeddings"] = codes.astype(np.float32)
    assert contents_of_mapping(mapping, source).names == ["EGF", "EGFR"]


@pytest.mark.parametrize(("mapping", "details"), FORMS.values(), ids=FORMS)
def test_forms(source, mapping, details):
    found = contents_of_mapping(mapping, source)
    names = NAMES
    if "genes" in mapping and not details:
        names = ["genes", "vectors", "names"]
    elif "X" in mapping:
        names = ["X", "Y"]
    assert list(found.names) == names
    assert found.vectors.tolist() == VECTORS[: len(names)]
    assert found.vectors.dtype == np.float32
    assert found.vectors.flags.c_contiguous
    assert not found.vectors.flags.writeable
    assert found.details == details


def test_details_are_kept(source):
    found = contents_of_mapping({"A": {"vector": [1.0]}}, source, details={"line": 3})
    assert found.details == {"line": 3, "entry": "vector"}


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        ("f2", "f4"),
        ("f4", "f4"),
        ("f8", "f8"),
        ("g", "f8"),
        ("i1", "f4"),
        ("u2", "f4"),
        ("i4", "f8"),
        ("u8", "f8"),
    ],
)
def test_types(source, dtype, expected):
    matrix = np.arange(4).reshape(2, 2).astype(dtype)
    for mapping in ({"a": matrix[0], "b": matrix[1]}, {"genes": ["a", "b"], "embeddings": matrix}):
        found = contents_of_mapping(mapping, source)
        assert found.vectors.dtype == expected
        assert found.vectors.tolist() == [[0, 1], [2, 3]]


def test_one_wide_array_makes_all_wide(source):
    found = contents_of_mapping({"a": [0.1, 0.2], "b": np.array([0.1, 0.2])}, source)
    assert found.vectors.dtype == np.float64
    assert found.vectors.tolist() == [[0.1, 0.2], [0.1, 0.2]]


def test_nan_and_infinity_stay(source):
    found = contents_of_mapping({"a": [float("nan"), float("-inf"), 1e30]}, source)
    assert found.vectors.dtype == np.float32
    np.testing.assert_array_equal(found.vectors, np.float32([[np.nan, -np.inf, 1e30]]))


@pytest.mark.parametrize("large", [1e39, -1e300, 10**40, 3.4028236e38])
def test_what_exceeds_float32_makes_all_wide(source, large):
    found = contents_of_mapping({"a": [0.1, float("inf")], "b": [0.2, large]}, source)
    assert found.vectors.dtype == np.float64
    assert found.vectors.tolist() == [[0.1, float("inf")], [0.2, float(large)]]


def test_names(source):
    mapping = {1956: [1.0], b"EGF\xc3\xa9": [2.0], np.int64(7): [3.0], np.str_("x"): [4.0]}
    found = contents_of_mapping(mapping, source)
    assert found.names == ["1956", "EGFé", "7", "x"]
    assert all(type(name) is str for name in found.names)


def test_key(source):
    mapping = {"a": NAMES, "b": ["x", "y", "z"], "matrix": VECTORS, "n": 3}
    assert contents_of_mapping(mapping, source, key="b").names == ["x", "y", "z"]
    assert contents_of_mapping({"b": NAMES, "other": VECTORS}, source, key="b").names == NAMES
    with pytest.raises(FormatError, match=r"there are no names in 'c'; entries with names: a, b$"):
        contents_of_mapping(mapping, source, key="c")
    with pytest.raises(FormatError, match=r"expected vectors in one entry beside 'a': nothing$"):
        contents_of_mapping({"a": NAMES}, source, key="a")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({}, "found an empty dictionary"),
        ({"a": [1.0, 2.0], "b": [1.0]}, "'b': expected 2 numbers as in the rows before, found 1$"),
        ({"a": [1.0, 2.0], "b": []}, "'b': expected 2 numbers as in the rows before, found 0$"),
        ({"a": array("d")}, r"found a matrix of shape \(1, 0\)"),
        ({"a": []}, r"found a matrix of shape \(1, 0\)"),
        ({"a": [1.0, "x"]}, "'a': expected numbers, found 'x'$"),
        ({"a": [1.0, None]}, "'a': expected numbers, found None$"),
        ({"a": [1.0, True]}, "'a': expected numbers, found True$"),
        ({"a": [[1.0], [2.0]]}, "'a': expected numbers, found a list of 1$"),
        ({"a": [1.0, 10**400]}, "'a': expected numbers, found one too large$"),
        ({"a": "text"}, "'a': expected a vector, found 'text'$"),
        ({"a": 5}, "'a': expected a vector, found the number 5$"),
        ({"a": None}, "'a': expected a vector, found None$"),
        ({"a": {"x1": [1.0], "y": 2}}, "'a': expected a vector, found a dictionary with x1, y$"),
        ({"a": np.ones((2, 2))}, r"'a': expected a vector .* shape \(2, 2\) and type float64$"),
        ({"a": np.ones((1, 1, 2))}, r"'a': expected a vector .* shape \(1, 1, 2\) and type"),
        ({"a": [[[1.0]]]}, "'a': expected numbers, found a list of 1$"),
        ({"a": np.array(1.0)}, r"'a': expected a vector .* shape \(\)"),
        ({"a": np.array(1.0, object)}, r"'a': expected a vector, found an array of shape \(\)"),
        ({"a": np.array(["x"])}, "'a': expected a vector of numbers, .* type <U1$"),
        ({"a": np.array([1j])}, "'a': expected a vector of numbers, .* type complex128$"),
        ({"a": {"vector": [1.0]}, "b": {"x": 1}}, "'b': expected the entry 'vector', found a dict"),
        ({"a": {"vector": [1.0]}, "b": [1.0]}, "'b': expected the entry 'vector', found a list"),
        ({None: [1.0]}, "expected names, found None$"),
        ({0.5: [1.0]}, "expected names, found 0.5$"),
        ({b"\xff": [1.0]}, r"b'\\xff': expected names in UTF-8$"),
        ({"\ud800": [1.0]}, r"'\\ud800': expected names in UTF-8$"),
        ({2**70: [1.0]}, "expected names, found a number of many digits$"),
        ({"a\nb": [None]}, r"'a\\nb': expected numbers"),
        ({"genes": ["a"], "embeddings": VECTORS}, "1 names in 'genes' and 3 vectors in 'embedd"),
    ],
)
def test_faults(source, mapping, message):
    with pytest.raises(FormatError, match=message) as caught:
        contents_of_mapping(mapping, source)
    assert "\n" not in str(caught.value)


def test_the_place_is_the_name(source):
    with pytest.raises(FormatError) as caught:
        contents_of_mapping({"a": [1.0], "b": [1.0, 2.0]}, source)
    assert caught.value.place == "'b'"


def test_one_long_list_under_many_names(source):
    # In a pickle, each further name costs three bytes.
    vector = array("d", bytes(8 * 2**20))
    mapping = {str(number): vector for number in range(1000)}
    with pytest.raises(FormatError, match="1,000 × 1,048,576 numbers claimed by 1,000 bytes"):
        contents_of_mapping(mapping, source)


def test_lists_of_lists_of_lists_are_not_followed(source):
    vector = []
    for _ in range(64):
        vector = [vector, vector]
    with pytest.raises(FormatError, match="expected numbers, found a list of 2"):
        contents_of_mapping({"a": vector}, source)
