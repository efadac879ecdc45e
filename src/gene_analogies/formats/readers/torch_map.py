"""Dictionaries that ``torch.save`` wrote: name → tensor.

UCE's protein embeddings of ESM2 (``Homo_sapiens.GRCh38.gene_symbol_to_embedding_ESM2.pt``) are a
dictionary from each gene symbol to a tensor of 5,120 numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.columns import listed
from gene_analogies.formats.parts.mapping import contents_of_loaded
from gene_analogies.formats.pickles.torch_files import Tensor, is_torch, load_tensors
from gene_analogies.formats.source import Source

__all__ = ["read", "recognises"]

# The tensors of a model are called by the path to them.
_OF_A_MODEL: Final = re.compile(r".*\.(weight|bias|running_mean|running_var)", re.DOTALL)


def recognises(source: Source) -> bool:
    """Recognise a file of PyTorch by its first bytes."""
    return is_torch(source)


def read(source: Source, options: ReadOptions) -> Contents:
    """Read a dictionary of tensors, or one matrix, without running anything that is in it.

    Parameters
    ----------
    source
        The file.
    options
        ``key`` is the entry that holds the names, where one does; ``names`` a file of names.

    Returns
    -------
    Contents
        As `gene_analogies.formats.parts.mapping.contents_of_mapping` says; float32 for both types
        of half precision.

    Raises
    ------
    FormatError
        If it holds no vectors, or the state of a model.
    """
    loaded = load_tensors(source)
    if isinstance(loaded, Mapping) and options.key is None:
        _refuse_models(loaded, source)
    return contents_of_loaded(loaded, source, options)


def _refuse_models(loaded: Mapping[Any, Any], source: Source) -> None:
    """Raise where it is the state of a model: which of its matrices are meant is not said."""
    tensors = {
        name: value
        for name, value in loaded.items()
        if isinstance(name, str) and isinstance(value, Tensor)
    }
    if not any(map(_OF_A_MODEL.fullmatch, tensors)):
        return
    matrices = {name: str(tensor) for name, tensor in tensors.items() if tensor.ndim == 2}
    if matrices:
        raise source.error(f"expected names and vectors, found a model: {listed(matrices)}")
