"""gensim's own files of KeyedVectors, and of models that hold them: ``.kv``, ``.model``.

They are pickles of gensim's objects, as `gensim.utils.SaveLoad
<https://github.com/piskvorky/gensim/blob/develop/gensim/utils.py>`_ writes them: large arrays lie
in files beside, ``NAME.kv.vectors.npy``, whose attributes ``__numpys`` lists. Neither gensim nor
anything in the file is run; its classes are replaced by a holder of attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.npy import as_vectors, read_header, read_values
from gene_analogies.formats.pickles.safe_load import safe_load
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["read", "recognises"]

_PICKLE: Final = b"\x80"
# The first thing in the pickle is the name of its class.
_CLASS_WITHIN: Final = 128
# Of gensim 4, then of older ones.
_NAMES: Final = ("index_to_key", "index2word", "index2entity")
_VECTORS: Final = ("vectors", "syn0")


def recognises(source: Source) -> bool:
    """Tell by a pickle that begins with a class of gensim's."""
    head = source.head[:_CLASS_WITHIN]
    return head.startswith(_PICKLE) and b"gensim.models" in head


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the keys and vectors.

    Parameters
    ----------
    source
        The file, with the ``.npy`` beside it if there is one.
    options
        ``allow_gensim`` must be set: it is a pickle, if one that is read as plain data.

    Returns
    -------
    Contents
        The n keys, and the vectors as (n, d) float32 or float64.

    Raises
    ------
    FormatError
        If gensim's files are not allowed; if it refers to classes of other libraries; if it holds
        no keys with a vector each.
    """
    if not options.allow_gensim:
        raise source.error(
            "expected a format of plain data, found gensim's pickle; it is read, as data alone,"
            " with --allow-gensim (allow_gensim=True)"
        )
    with source.open() as stream:
        top = safe_load(stream, source, classes=_CLASSES)
    place, holder = "", top
    if isinstance(top, _Holder) and isinstance(top.state.get("wv"), _Holder):
        place, holder = "wv", top.state["wv"]
    if not isinstance(holder, _Holder):
        raise source.error(f"expected gensim's KeyedVectors, found {type(holder).__name__}")
    state = holder.state
    if "vectors_ngrams" in state:
        raise source.error(
            "expected KeyedVectors, found gensim's FastTextKeyedVectors, whose vectors it computes;"
            " save them with save_word2vec_format or save_facebook_model",
            place,
        )
    names = next((state[name] for name in _NAMES if name in state), None)
    if not isinstance(names, list):
        raise source.error("expected gensim's KeyedVectors, found no list index_to_key", place)
    for row, name in enumerate(names, 1):
        if not isinstance(name, str):
            raise source.error(f"expected keys that are text, found {name!r:.60}", f"key {row}")
    vectors, path = _vectors(source, state, place)
    if len(vectors) != len(names):
        raise source.error(f"expected {len(names)} vectors, found {len(vectors)}", place)
    details, files = ({}, ()) if path is None else ({"vectors": path.name}, (path,))
    return Contents(names[: options.limit], vectors[: options.limit], details, files)


def _vectors(
    source: Source, state: dict[str, Any], place: str
) -> tuple[NDArray[np.floating], Path | None]:
    """Return the vectors in the pickle, or else those in a file beside it, and that file."""
    for name in _VECTORS:
        if isinstance(state.get(name), np.ndarray):
            return as_vectors(state[name], source, ".".join(filter(None, (place, name)))), None
    apart = state.get("__numpys")
    for name in _VECTORS:
        if isinstance(apart, list) and name in apart:
            path = source.beside(".".join(filter(None, (source.path.name, place, name, "npy"))))
            if not path.is_file():
                raise source.error(f"expected vectors in {path.name} beside it, found no such file")
            return _load(Source(path)), path
    raise source.error(f"expected an array {' or '.join(_VECTORS)}, found none", place)


def _load(source: Source) -> NDArray[np.floating]:
    with source.open() as stream:
        header = read_header(stream, source)
        if not header.is_matrix:
            raise source.error(f"expected vectors, found {header}")
        return as_vectors(read_values(stream, header, source), source)


class _Holder:
    """Stands in for any object of gensim's: it keeps the attributes."""

    def __init__(self, *_: Any) -> None:  # noqa: ANN401 - whatever the file holds
        self.state: dict[str, Any] = {}

    def __setstate__(self, state: Any) -> None:  # noqa: ANN401
        if isinstance(state, dict):  # a random generator's is a tuple
            self.state = state


# What pickles of KeyedVectors and Word2Vec name, from gensim 0.12 to 4; a model also holds its
# random generator and the function that hashed its words.
_CLASSES: Final = {
    (module, name): _Holder
    for module, names in {
        "gensim.models.keyedvectors": (
            "KeyedVectors Word2VecKeyedVectors EuclideanKeyedVectors FastTextKeyedVectors Vocab"
        ),
        "gensim.models.word2vec": "Word2Vec Word2VecVocab Word2VecTrainables Vocab",
        "gensim.models.fasttext": (
            "FastText FastTextKeyedVectors FastTextVocab FastTextTrainables"
        ),
        "gensim.utils": "call_on_class_only",
        "numpy.random": "__RandomState_ctor",
        "numpy.random._pickle": "__randomstate_ctor __bit_generator_ctor",
        "numpy.random._mt19937": "MT19937",
        "builtins": "hash",
        "__builtin__": "hash long",
    }.items()
    for name in names.split()
}
