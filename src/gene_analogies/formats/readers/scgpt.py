"""scGPT: the gene encoder of a model, and its vocabulary.

A folder as https://github.com/bowang-lab/scGPT hands out its models: ``best_model.pt``,
``vocab.json`` (token → row) and ``args.json``. The tutorial on gene regulatory networks takes the
output of ``GeneEncoder``: the embedding, then a LayerNorm.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.checkpoints import key_of_weights
from gene_analogies.formats.parts.npy import as_vectors
from gene_analogies.formats.parts.safetensors_tensors import SafeTensor
from gene_analogies.formats.parts.tensor_files import load_file
from gene_analogies.formats.parts.tokens import (
    one_of_dictionaries,
    read_json,
    read_tokens,
    rows_of_tokens,
)
from gene_analogies.formats.pickles.torch_files import Tensor
from gene_analogies.formats.source import Source
from gene_analogies.util.row_blocks import row_blocks

__all__ = ["read", "recognises"]

_MODEL: Final = "best_model.pt"
_VOCABULARY: Final = "vocab.json"
_VOCABULARIES: Final = "*vocab*.json"
_ARGUMENTS: Final = "args.json"
_EMBEDDING: Final = "encoder.embedding.weight"
_NORM: Final = ("encoder.enc_norm.weight", "encoder.enc_norm.bias")
_KEYS: Final = ("layer-norm", "raw")
# PyTorch's default, which scGPT keeps.
_EPSILON: Final = 1e-5
_ROWS_AT_ONCE: Final = 4096


def recognises(source: Source) -> bool:
    """Recognise the format by the names of its files."""
    if not source.is_folder and source.path.name != _MODEL:
        return False
    return source.beside(_MODEL).is_file() and (
        source.beside(_VOCABULARY).is_file() or source.beside(_ARGUMENTS).is_file()
    )


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the embedding of every gene in a model's vocabulary.

    Parameters
    ----------
    source
        The model's folder, or the ``best_model.pt`` in it.
    options
        ``key`` is ``layer-norm`` for the output of the gene encoder, as scGPT's tutorial takes
        it, or ``raw`` for the embedding before its LayerNorm; ``names`` is the vocabulary, unless
        it is ``vocab.json`` beside the model.

    Returns
    -------
    Contents
        The tokens but for special ones, by increasing row, and their vectors as (n, d) float32,
        or float64 where the model has that. ``details`` has the tensor, the key, the file of
        names, how many special tokens were left out, and how many rows have no token.

    Raises
    ------
    FormatError
        If there is no vocabulary or no such tensor, or they do not fit together.
    """
    key = _KEYS[0] if options.key is None else options.key
    if key not in _KEYS:
        raise source.error(f"there is no key {key!r}; choose from {', '.join(_KEYS)}")
    model = _beside(source, _MODEL) if source.is_folder else source
    paths = [options.names] if options.names is not None else _vocabularies(source)
    tensors = load_file(model)
    tensor = key_of_weights(model, tensors, _EMBEDDING)
    rows, dimension = tensors[tensor].shape
    arguments = source.beside(_ARGUMENTS)
    _check_arguments(arguments, dimension)
    path, tokens = one_of_dictionaries(paths, rows, model)
    names, index, details = rows_of_tokens(
        tokens, path, rows, model, is_named=options.names is not None
    )
    vectors = as_vectors(tensors[tensor].numpy(tensor), model, tensor)[index]
    if key == "layer-norm":
        _normalise(vectors, tensors, tensor.removesuffix(_EMBEDDING), model)
    vectors.flags.writeable = False
    files = (model.path, *paths, *filter(Path.is_file, (arguments,)))
    return Contents(names, vectors, {"tensor": tensor, "key": key, **details}, files)


def _beside(source: Source, name: str) -> Source:
    path = source.beside(name)
    if not path.is_file():
        raise source.error(f"expected scGPT's {name} {'in' if source.is_folder else 'beside'} it")
    return Source(path)


def _vocabularies(source: Source) -> list[Path]:
    """Return the model's vocabulary, and others beside it with as many tokens."""
    path = _beside(source, _VOCABULARY).path
    others = [other for other in sorted(path.parent.glob(_VOCABULARIES)) if other != path]
    if not others:
        return [path]
    size = len(read_tokens(path))
    same = []
    for other in others:
        with suppress(GeneAnalogiesError):  # whatever else is called so
            if len(read_tokens(other)) == size:
                same.append(other)
    return [path, *same]


def _check_arguments(path: Path, dimension: int) -> None:
    """Compare the length of the vectors with what the model's settings say, if there are any."""
    if not path.is_file():
        return
    size: Any = read_json(path).get("embsize", dimension)
    if size != dimension:
        raise Source(path).error(
            f"expected {dimension}, as the matrix has it, found {size!r:.60}", "embsize"
        )


def _normalise(
    vectors: NDArray[np.floating],
    tensors: Mapping[str, SafeTensor | Tensor],
    prefix: str,
    model: Source,
) -> None:
    """Apply the encoder's LayerNorm in place, computed in float64."""
    dimension = vectors.shape[1]
    norm = [prefix + name for name in _NORM]
    if any(name not in tensors or tensors[name].shape != (dimension,) for name in norm):
        raise model.error(
            f"expected {' and '.join(_NORM)} of {dimension} numbers, found none;"
            " key raw (key=, --key) does without"
        )
    weight, bias = (tensors[name].numpy(name).astype(np.float64) for name in norm)
    with np.errstate(all="ignore"):  # NaN and infinity stay what they are
        for rows in row_blocks(len(vectors), _ROWS_AT_ONCE):
            block = vectors[rows].astype(np.float64)
            block -= block.mean(axis=1, keepdims=True)
            deviation = np.sqrt(np.mean(block**2, axis=1, keepdims=True) + _EPSILON)
            vectors[rows] = block / deviation * weight + bias
