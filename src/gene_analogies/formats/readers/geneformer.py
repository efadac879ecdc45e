"""Geneformer: the token embeddings of a BERT model, and its dictionary of tokens.

The model is a folder as ``save_pretrained`` of transformers writes it; the dictionary lies
elsewhere in the same repository (https://huggingface.co/ctheodoris/Geneformer): V1 takes
``geneformer/gene_dictionaries_30m/token_dictionary_gc30M.pkl``, V2
``geneformer/token_dictionary_gc104M.pkl``. Its tokens are Ensembl ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.columns import listed
from gene_analogies.formats.parts.npy import as_vectors
from gene_analogies.formats.parts.tokens import read_json, read_tokens, rows_of_tokens
from gene_analogies.formats.pickles.torch_files import Tensor, load_tensors
from gene_analogies.formats.readers.safetensors_file import key_of_vectors, read_header, read_matrix
from gene_analogies.formats.source import Source

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["read", "recognises"]

_MODELS: Final = ("model.safetensors", "pytorch_model.bin")
# With "bert." before it in BertForMaskedLM, without in BertModel.
_TENSOR: Final = "embeddings.word_embeddings.weight"
_CONFIG: Final = "config.json"
_DICTIONARY: Final = "token_dictionary*.pkl"
# Where it lies, as seen from the model's folder and from the folder above.
_FOLDERS: Final = ("", "geneformer", "geneformer/gene_dictionaries_30m")


class _Shaped(Protocol):
    @property
    def shape(self) -> tuple[int, ...]: ...


def recognises(source: Source) -> bool:
    """Tell a model of BERT's kind, or one with a dictionary of tokens, by the names of files."""
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
        The model's folder, or the ``model.safetensors`` or ``pytorch_model.bin`` in it.
    options
        ``names`` is the dictionary of tokens, pickled or in JSON. Unless given, it is looked for
        beside the model, and in ``geneformer/`` and ``geneformer/gene_dictionaries_30m/`` there
        and in the folder above; of several, the one with a token for every row is taken.

    Returns
    -------
    Contents
        The tokens but for special ones, by increasing row, and their vectors as (n, d) float32
        or float64. ``details`` tells the file of the tensor and of the names, how many special
        tokens were left out, and how many rows have no token.

    Raises
    ------
    FormatError
        If there is no such tensor or no dictionary, or they do not fit together.
    """
    model = _model(source)
    if model.name.endswith(".safetensors"):
        name, vectors = _from_safetensors(model)
    else:
        name, vectors = _from_torch(model)
    rows, dimension = vectors.shape
    config = source.beside(_CONFIG)
    _check_config(config, rows, dimension)
    tokens, dictionaries = _tokens(source, options.names, rows)
    names, index, details = rows_of_tokens(tokens, dictionaries[-1], rows, model)
    chosen = vectors[index]
    chosen.flags.writeable = False
    files = (model.path, *filter(Path.is_file, (config,)), *dictionaries)
    return Contents(names, chosen, {"model": model.path.name, "tensor": name, **details}, files)


def _model(source: Source) -> Source:
    """Return the file with the tensors."""
    if not source.is_folder:
        return source
    for name in _MODELS:
        if source.beside(name).is_file():
            return Source(source.beside(name))
    raise source.error(f"expected a model's folder, found none of {', '.join(_MODELS)} in it")


def _from_safetensors(model: Source) -> tuple[str, NDArray[np.floating]]:
    with model.open() as stream:
        tensors, _, start = read_header(model, stream)
        name = _name_of_tensor(tensors, model)
        key_of_vectors(model, tensors, name)  # of a type that NumPy has
        rows, dimension = tensors[name].shape
        model.check_size(rows, dimension)
        stream.seek(start + tensors[name].start)
        return name, read_matrix(model, stream, tensors[name], name)


def _from_torch(model: Source) -> tuple[str, NDArray[np.floating]]:
    loaded = load_tensors(model)
    if not isinstance(loaded, Mapping):
        raise model.error(f"expected the tensors of a model, found a {type(loaded).__name__}")
    tensors = {
        key: one for key, one in loaded.items() if isinstance(key, str) and isinstance(one, Tensor)
    }
    name = _name_of_tensor(tensors, model)
    return name, as_vectors(tensors[name].numpy(name), model, name)


def _name_of_tensor(tensors: Mapping[str, _Shaped], model: Source) -> str:
    matrices = {name: str(one) for name, one in tensors.items() if len(one.shape) == 2}
    for name in (f"bert.{_TENSOR}", _TENSOR):
        if name in matrices:
            return name
    raise model.error(f"expected the matrix bert.{_TENSOR}, found {listed(matrices)}")


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
    folder = source.beside(".").resolve()
    found = []
    for base in (folder, folder.parent):
        for name in _FOLDERS:
            found += sorted((base / name).glob(_DICTIONARY))
    return found


def _tokens(source: Source, path: Path | None, rows: int) -> tuple[dict[str, int], list[Path]]:
    """Return the dictionary of tokens, and the files read to find it, its own last."""
    if path is not None:
        return read_tokens(path), [path]
    paths = _dictionaries(source)
    if not paths:
        raise source.error(
            f"expected a dictionary of tokens, found no {_DICTIONARY} in its folder, the one above,"
            f" or {' or '.join(_FOLDERS[1:])} of either; name the file (names=, --names)"
        )
    sizes = []
    for number, path in enumerate(paths, 1):
        tokens = read_tokens(path)
        if len(tokens) == rows or len(paths) == 1:
            return tokens, paths[:number]
        sizes.append(f"{path.name} ({len(tokens):,})")
    raise source.error(
        f"expected a dictionary of {rows:,} tokens, found {', '.join(sizes)};"
        " name the file (names=, --names)"
    )
