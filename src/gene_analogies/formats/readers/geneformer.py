"""Geneformer: the token embeddings of a BERT model, and its dictionary of tokens.

The model is a folder as ``save_pretrained`` of transformers writes it; the dictionary lies
elsewhere in the same repository (https://huggingface.co/ctheodoris/Geneformer): V1 takes
``geneformer/gene_dictionaries_30m/token_dictionary_gc30M.pkl``, V2
``geneformer/token_dictionary_gc104M.pkl``. Its tokens are Ensembl ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.checkpoints import key_of_weights
from gene_analogies.formats.parts.model_symbols import read_symbols, symbols_beside
from gene_analogies.formats.parts.npy import as_vectors
from gene_analogies.formats.parts.safetensors_tensors import SafeTensor
from gene_analogies.formats.parts.tensor_files import INDEX_ENDINGS, load_file, load_shards
from gene_analogies.formats.parts.tokens import (
    one_of_dictionaries,
    read_json,
    rows_of_tokens,
)
from gene_analogies.formats.pickles.torch_files import Tensor
from gene_analogies.formats.source import Source

__all__ = ["read", "recognises"]

_MODELS: Final = (
    "model.safetensors",
    "model.safetensors.index.json",
    "pytorch_model.bin",
    "pytorch_model.bin.index.json",
)
# With "bert." before it in BertForMaskedLM, without in BertModel.
_TENSOR: Final = "embeddings.word_embeddings.weight"
_CONFIG: Final = "config.json"
_DICTIONARY: Final = "token_dictionary*.pkl"
# Where it lies, as seen from the model's folder and from the folder above.
_FOLDERS: Final = ("", "geneformer", "geneformer/gene_dictionaries_30m")


def recognises(source: Source) -> bool:
    """Recognise a model like BERT, or one with a token dictionary, by the names of its files."""
    if source.is_folder:
        if not any(source.beside(name).is_file() for name in _MODELS):
            return False
    elif source.path.name not in _MODELS:
        return False
    if _dictionaries(source):
        return True
    config = source.beside(_CONFIG)
    try:
        return config.is_file() and read_json(config).get("model_type") == "bert"
    except GeneAnalogiesError:
        return False


def read(source: Source, options: ReadOptions) -> Contents:
    """Read the embedding of every gene among a model's tokens.

    Parameters
    ----------
    source
        The model's folder, or the ``model.safetensors`` or ``pytorch_model.bin`` in it, or the
        index of its shards.
    options
        ``names`` is the dictionary of tokens, pickled or in JSON. Unless given, it is looked for
        beside the model, and in ``geneformer/`` and ``geneformer/gene_dictionaries_30m/`` there
        and in the folder above; of several, the one with a token for every row is taken.
        ``gene_name_id_dict*.pkl`` of the same generation is looked for there, too.

    Returns
    -------
    Contents
        The tokens but for special ones, by increasing row, and their vectors as (n, d) float32
        or float64. ``details`` has the file of the tensor and of the names, how many special
        tokens were left out, and how many rows have no token; ``symbols`` are the model's own.

    Raises
    ------
    FormatError
        If there is no such tensor or no dictionary, or they do not fit together: a dictionary
        that leaves many rows without a token is taken only where ``names`` says so.
    """
    model = _model(source)
    tensors, files = _tensors(model)
    key = key_of_weights(model, tensors, f"bert.{_TENSOR}", _TENSOR)
    rows, dimension = tensors[key].shape
    config = source.beside(_CONFIG)
    _check_config(config, rows, dimension)
    dictionaries = [options.names] if options.names is not None else _dictionaries(source)
    if not dictionaries:
        raise source.error(
            f"expected a dictionary of tokens, found no {_DICTIONARY} in its folder, the one above,"
            f" or {' or '.join(_FOLDERS[1:])} of either; name the file (names=, --names)"
        )
    path, tokens = one_of_dictionaries(dictionaries, rows, model)
    names, index, details = rows_of_tokens(
        tokens, path, rows, model, is_named=options.names is not None
    )
    vectors = as_vectors(tensors[key].numpy(key), model, key)[index]
    vectors.flags.writeable = False
    files += (*filter(Path.is_file, (config,)), *dictionaries)
    details = {"model": model.path.name, "tensor": key, **details}
    symbols = {}
    beside = symbols_beside(path, _folders(source))
    if beside is not None:
        known = read_symbols(beside)
        symbols = {name: known[name] for name in names if name in known}
        details["symbols"] = beside.name
        files += (beside,)
    return Contents(names, vectors, details, files, symbols)


def _model(source: Source) -> Source:
    """Return the file with the tensors."""
    if not source.is_folder:
        return source
    for name in _MODELS:
        if source.beside(name).is_file():
            return Source(source.beside(name))
    raise source.error(f"expected a model's folder, found none of {', '.join(_MODELS)} in it")


def _tensors(model: Source) -> tuple[Mapping[str, SafeTensor | Tensor], tuple[Path, ...]]:
    """Return the tensors by name, and the files that they are in."""
    if not model.name.endswith(INDEX_ENDINGS):
        return load_file(model), (model.path,)
    tensors, shards = load_shards(model)
    return tensors, (model.path, *(shard.path for shard in shards))


def _check_config(path: Path, rows: int, dimension: int) -> None:
    """Compare the shape of the matrix with what the model's settings say, if there are any."""
    if not path.is_file():
        return
    config = read_json(path)
    for key, found in (("model_type", "bert"), ("vocab_size", rows), ("hidden_size", dimension)):
        if config.get(key, found) != found:
            raise Source(path).error(
                f"expected {found!r}, as the matrix has it, found {config[key]!r:.60}", key
            )


def _dictionaries(source: Source) -> list[Path]:
    """Return the dictionaries of tokens that may be the model's, the nearest first."""
    return [path for folder in _folders(source) for path in sorted(folder.glob(_DICTIONARY))]


def _folders(source: Source) -> list[Path]:
    """Return the folders in which the dictionaries may lie, the nearest first."""
    folder = source.beside(".").resolve()
    return [base / name for base in (folder, folder.parent) for name in _FOLDERS]
