"""Pipes and devices in place of files are refused at once: reading them would wait for ever."""

from __future__ import annotations

import os
import re

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.source import Source

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


@pytest.fixture
def pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    return tmp_path / "pipe"


def test_a_source(pipe):
    message = f"^{re.escape(str(pipe))} is a pipe, which cannot be read twice; save it to a file$"
    with pytest.raises(GeneAnalogiesError, match=message):
        Source(pipe)
    with pytest.raises(GeneAnalogiesError, match=message):
        ga.load(pipe)
    with pytest.raises(GeneAnalogiesError, match=r"^/dev/zero is a device, which cannot be read"):
        ga.load("/dev/zero")


@pytest.mark.parametrize("ending", ["h5ad", "parquet", "npz", "csv", "pt", "bin", "vec.gz"])
def test_a_source_of_any_ending(tmp_path, ending):
    path = tmp_path / f"genes.{ending}"
    os.mkfifo(path)
    with pytest.raises(GeneAnalogiesError, match="is a pipe, which cannot be read twice"):
        ga.load(path)


@pytest.mark.parametrize("option", ["names", "order"])
def test_files_that_options_name(tmp_path, pipe, option):
    np.save(tmp_path / "genes.npy", np.eye(2))
    (tmp_path / "names.txt").write_text("EGF\nEGFR\n")
    with pytest.raises(GeneAnalogiesError, match="pipe is a pipe, which cannot be read twice"):
        ga.load(tmp_path / "genes.npy", **{option: pipe})


def test_a_file_of_names_beside(tmp_path):
    np.save(tmp_path / "genes.npy", np.eye(2))
    os.mkfifo(tmp_path / "genes_names.txt")
    with pytest.raises(GeneAnalogiesError, match=r"names\.txt is a pipe, which cannot be read"):
        ga.load(tmp_path / "genes.npy")
