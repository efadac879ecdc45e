"""A space as a collection of named vectors."""

from __future__ import annotations

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies import AmbiguousNameError, UnknownNameError

NAMES = ["EGF", "EGFR", "ERBB2", "PTGS2", "MT-CO2", "zero"]


@pytest.fixture(scope="module")
def space():
    vectors = np.random.default_rng(0).normal(size=(len(NAMES), 4)).astype(np.float32)
    vectors[-1] = 0.0
    return ga.Space(ga.Embedding(NAMES, vectors))


def test_names(space):
    assert list(space) == list(space.names) == NAMES
    assert len(space) == len(NAMES)
    assert "EGF" in space
    assert "HER2" in space
    assert "ENSG00000146648" in space
    assert "COX2" not in space
    assert "MET" not in space
    assert 3 not in space


def test_a_vector(space):
    np.testing.assert_array_equal(space["EGFR"], space.embedding.vectors[1])
    with pytest.raises(ValueError, match="read-only"):
        space["EGFR"][0] = 1.0
    with pytest.raises(UnknownNameError, match="no item is named 'EGFF'"):
        space["EGFF"]
    with pytest.raises(AmbiguousNameError):
        space["COX2"]


def test_a_rewritten_name_is_a_warning(space):
    with pytest.warns(UserWarning, match="HER2 → ERBB2"):
        np.testing.assert_array_equal(space["HER2"], space.embedding.vectors[2])
    with pytest.warns(UserWarning, match="HER2 → ERBB2"):
        space.similarity("EGF", "HER2")


def test_similarity(space):
    a, b = space["EGF"].astype(np.float64), space["EGFR"].astype(np.float64)
    wanted = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
    assert space.similarity("EGF", "EGFR") == pytest.approx(wanted, abs=1e-11)
    assert space.similarity("EGF", "EGF") == 1.0
    assert space.similarity("EGF", "zero") == 0.0
