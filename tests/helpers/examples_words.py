"""Small files of words, written by gensim where it writes the format."""

from __future__ import annotations

import numpy as np
import pytest

__all__ = ["EXAMPLES", "NAMES", "VECTORS", "fasttext_model", "keyed_vectors"]

NAMES = ["EGF", "EGFR", "HGF", "MET", "β-actin"]
VECTORS = np.random.default_rng(3).standard_normal((5, 3)).astype(np.float32)


def keyed_vectors():
    """gensim's KeyedVectors of the names and vectors above."""
    KeyedVectors = pytest.importorskip("gensim.models").KeyedVectors

    made = KeyedVectors(VECTORS.shape[1])
    made.add_vectors(NAMES, VECTORS)
    return made


def fasttext_model(**options):
    """A small fastText model trained by gensim."""
    FastText = pytest.importorskip("gensim.models").FastText

    sentences = [["EGF", "binds", "EGFR"], ["HGF", "binds", "MET"], ["β-actin", "</s>"]] * 3
    settings = {"vector_size": 3, "min_count": 1, "bucket": 20, "workers": 1, "seed": 1}
    return FastText(sentences, **{**settings, **options})


def _text(name, header=True):
    def make(folder):
        path = folder / name
        keyed_vectors().save_word2vec_format(str(path), write_header=header)
        return path

    return make


def _tabs(folder):
    path = folder / "gene2vec_dim_3.txt"
    lines = [
        name + "\t" + " ".join(map(str, row)) for name, row in zip(NAMES, VECTORS, strict=True)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _binary(name):
    def make(folder):
        path = folder / name
        keyed_vectors().save_word2vec_format(str(path), binary=True)
        return path

    return make


def _fasttext(folder):
    fasttext = pytest.importorskip("gensim.models.fasttext")

    path = folder / "model.bin"
    fasttext.save_facebook_model(fasttext_model(), str(path))
    return path


def _kv(**options):
    def make(folder):
        path = folder / "vectors.kv"
        keyed_vectors().save(str(path), **options)
        return path

    return make


def _model(folder):
    Word2Vec = pytest.importorskip("gensim.models").Word2Vec

    path = folder / "word2vec.model"
    Word2Vec([NAMES] * 3, vector_size=3, min_count=1, workers=1).save(str(path))
    return path


EXAMPLES = {
    ("word2vec-text", "header"): _text("vectors.txt"),
    ("word2vec-text", "no header"): _text("glove.txt", header=False),
    ("word2vec-text", "gzip"): _text("vectors.vec.gz"),
    ("word2vec-text", "tabs"): _tabs,
    ("word2vec-binary", "plain"): _binary("vectors.bin"),
    ("word2vec-binary", "gzip"): _binary("vectors.bin.gz"),
    ("fasttext", "gensim"): _fasttext,
    ("gensim", "one file"): _kv(),
    ("gensim", "array beside"): _kv(separately=["vectors"]),
    ("gensim", "model"): _model,
}
