"""GenePT, scELMo and BioConceptVec, pickled as their authors do."""

import pickle

import numpy as np
import pandas as pd
import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers.pickle_map import read, recognises
from gene_analogies.formats.registry import find_format, read_contents
from gene_analogies.formats.source import Source

VECTORS = np.random.default_rng(0).normal(size=(3, 1536))
GENES = ["EGF", "EGFR", "MET"]


@pytest.fixture
def pickled(tmp_path):
    def write(content, name="genes.pickle", protocol=4):
        path = tmp_path / name
        path.write_bytes(pickle.dumps(content, protocol))
        return Source(path)

    return write


@pytest.mark.parametrize("protocol", range(6))
def test_genept(pickled, protocol):
    source = pickled(dict(zip(GENES, VECTORS.tolist(), strict=True)), protocol=protocol)
    found = read_contents(source, ReadOptions())
    assert found.details == {"format": "pickle"}
    assert found.names == GENES
    np.testing.assert_array_equal(found.vectors, VECTORS.astype(np.float32))


def test_scelmo(pickled):
    source = pickled(dict(zip(GENES, VECTORS, strict=True)), "ensem_emb_gpt3.5all_new.pickle")
    found = read(source, ReadOptions())
    np.testing.assert_array_equal(found.vectors, VECTORS)
    assert found.vectors.dtype == np.float64


def test_bioconceptvec(pickled):
    names = ["Gene_1956", "gene_7157", "Disease_MESH_D001943"]
    source = pickled(dict(zip(names, VECTORS.astype(np.float32), strict=True)), "concepts.pkl")
    assert read(source, ReadOptions()).names == names


def test_key(pickled):
    source = pickled({"ids": ["1956"], "genes": ["EGFR"], "embeddings": VECTORS[:1]})
    assert read(source, ReadOptions()).names == ["EGFR"]
    assert read(source, ReadOptions(key="ids")).names == ["1956"]


@pytest.mark.parametrize("content", [VECTORS, VECTORS.tolist(), list(VECTORS)])
def test_matrix_with_names_beside(pickled, tmp_path, content):
    (tmp_path / "genes.txt").write_text("\n".join(GENES))
    found = read(pickled(content), ReadOptions())
    assert found.names == GENES
    np.testing.assert_allclose(found.vectors, VECTORS, rtol=1e-6)
    assert found.details == {"names": "genes.txt"}


def test_names_from_a_file(pickled, tmp_path):
    (tmp_path / "other.txt").write_text("a\nb\nc\n")
    source = pickled(dict(zip(GENES, VECTORS, strict=True)))
    found = read(source, ReadOptions(names=tmp_path / "other.txt"))
    assert found.names == ["a", "b", "c"]
    assert found.details["names"] == "other.txt"
    (tmp_path / "other.txt").write_text("a\nb\n")
    with pytest.raises(FormatError, match="expected 3 names for as many rows, found 2"):
        read(source, ReadOptions(names=tmp_path / "other.txt"))


def test_compressed(tmp_path):
    import gzip

    path = tmp_path / "genes.pickle.gz"
    path.write_bytes(gzip.compress(pickle.dumps({"EGFR": [0.5, 1.5]})))
    assert read_contents(Source(path), ReadOptions()).vectors.tolist() == [[0.5, 1.5]]


@pytest.mark.parametrize("protocol", range(6))
def test_recognised_by_name_or_instruction(pickled, protocol):
    source = pickled({"EGFR": [0.5]}, protocol=protocol)
    assert recognises(source)
    other = pickled({"EGFR": [0.5]}, "genes.data", protocol)
    assert recognises(other) is (protocol >= 2)


def test_not_recognised(tmp_path):
    assert not recognises(Source(tmp_path))
    (tmp_path / "empty.pickle").touch()
    assert not recognises(Source(tmp_path / "empty.pickle"))
    with pytest.raises(FormatError, match="found an empty file"):
        find_format(Source(tmp_path / "empty.pickle"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([1, 2], "expected names and vectors, found a list of 2$"),
        ("EGFR", "expected names and vectors, found 'EGFR'$"),
        (VECTORS, "expected the names of 3 rows in a file beside it"),
        (VECTORS[0], r"expected names and vectors, found an array of shape \(1536,\)$"),
        ({"ENSG00000146648": 3}, "'ENSG00000146648': expected a vector, found the number 3$"),
        ({"EGFR": [0.5], "MET": [0.5, 1.5]}, "'MET': expected 1 numbers .*, found 2$"),
    ],
)
def test_faults(pickled, content, message):
    with pytest.raises(FormatError, match=message):
        read(pickled(content), ReadOptions())


def test_data_frames_are_not_loaded(pickled):
    with pytest.raises(FormatError, match=r"refers to pandas\.core\.frame\.DataFrame; only numb"):
        read(pickled(pd.DataFrame(VECTORS[:, :2], index=GENES)), ReadOptions())


def test_a_folder(tmp_path):
    with pytest.raises(FormatError, match="expected a pickle, found a folder"):
        read(Source(tmp_path), ReadOptions())
