"""What is saved can be loaded."""

import numpy as np
import pandas as pd
import pytest

import gene_analogies as ga
from gene_analogies.loading.save import save


def test_saved_with_what_is_known_of_genes(tmp_path):
    embedding = ga.Embedding(["EGF", "TP53"], np.eye(2, dtype=np.float32))
    assert save(embedding, tmp_path / "a.parquet").name == "parquet"
    assert list(pd.read_parquet(tmp_path / "a.parquet").entrez) == ["1950", "7157"]
    again = ga.load_embedding(tmp_path / "a.parquet")
    assert again.names == embedding.names
    assert again.files == (tmp_path / "a.parquet",)


def test_a_format_that_is_only_read(tmp_path):
    with pytest.raises(ga.GeneAnalogiesError, match="gensim is only read"):
        save(ga.Embedding(["a"], [[1.0]]), tmp_path / "a.kv", format="gensim")
