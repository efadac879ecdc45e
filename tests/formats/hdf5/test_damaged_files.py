"""Damage that libhdf5 has crashed or hung on: what comes of it is libhdf5's, but no answer."""

from __future__ import annotations

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
from examples_anndata import GENES, VECTORS
from reading_process import ReadingProcess


def _heap_that_never_ends(path):
    """An object of size zero in a heap of texts: the next one is where it is itself."""
    content = path.read_bytes()
    place = content.index(b"GCOL") + 16
    head = content[place : place + 16]
    path.write_bytes(content.replace(head, head[:8] + (2**64 - 16).to_bytes(8, "little")))


def _text_longer_than_its_reference_says(path):
    with h5py.File(path, "a") as file:
        attributes = dict(file["obs/_index"].attrs)
        del file["obs/_index"]
        names = ["x" * 2**20, *GENES[1:]]
        index = file.create_dataset("obs/_index", data=names, dtype=h5py.string_dtype())
        index.attrs.update(attributes)
        place = index.id.get_offset()
    with path.open("r+b") as file:
        file.seek(place)
        file.write((1).to_bytes(4, "little"))


def _free_list_in_a_circle(path):
    """A group whose free blocks lead to themselves."""
    content = bytearray(path.read_bytes())
    heap = content.index(b"HEAP")
    size, _, start = np.frombuffer(content, "<u8", 3, heap + 8).tolist()
    content[heap + 16 : heap + 24] = (size - 16).to_bytes(8, "little")
    block = (size - 16).to_bytes(8, "little") + (16).to_bytes(8, "little")
    content[start + size - 16 : start + size] = block
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [_heap_that_never_ends, _text_longer_than_its_reference_says, _free_list_in_a_circle],
)
def test_damage_that_libhdf5_has_died_of(damage, tmp_path):
    path = tmp_path / "it.h5ad"
    obs = pd.DataFrame(index=GENES)
    anndata.AnnData(VECTORS, obs, obsm={"emb": VECTORS}).write_h5ad(path)
    damage(path)
    process = ReadingProcess(2**29, seconds=5)
    try:
        outcome = process.read(path, "h5ad")
    finally:
        process.close()
    print(outcome)  # noqa: T201
    assert outcome.kind in ("refused", "crash", "time-out", "memory")
