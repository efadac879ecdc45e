"""The tensors of a model: in a file of safetensors or PyTorch, or in several with an index."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from gene_analogies.formats.parts.checkpoints import tensors_in
from gene_analogies.formats.parts.columns import listed, one_line
from gene_analogies.formats.parts.safetensors_tensors import SafeTensor, load_safetensors
from gene_analogies.formats.parts.text import parse_json, read_text
from gene_analogies.formats.pickles.torch_files import Tensor, load_tensors
from gene_analogies.formats.source import Source

__all__ = ["INDEX_ENDINGS", "load_file", "load_shards"]

#: What transformers calls the list of the shards of a model.
INDEX_ENDINGS: Final = (".safetensors.index.json", ".bin.index.json")


def load_file(source: Source) -> Mapping[str, SafeTensor | Tensor]:
    """Return the tensors of a model by name, those of PyTorch as `tensors_in` names them.

    Raises
    ------
    FormatError
        If the file is neither safetensors' nor PyTorch's, or damaged.
    """
    if source.name.endswith(".safetensors"):
        return load_safetensors(source)[0]
    loaded = load_tensors(source)
    if not isinstance(loaded, Mapping):
        raise source.error(f"expected the tensors of a model, found a {type(loaded).__name__}")
    return tensors_in(loaded)


def load_shards(index: Source) -> tuple[dict[str, SafeTensor | Tensor], tuple[Source, ...]]:
    """Return the tensors of a model in several files, by name, and these files.

    Parameters
    ----------
    index
        ``model.safetensors.index.json`` or ``pytorch_model.bin.index.json``, which has the file of
        each tensor in ``weight_map``.

    Raises
    ------
    FormatError
        If the index is none, or a shard is missing, damaged, or lacks a tensor.
    """
    loaded = parse_json(read_text(index), index)
    places = loaded.get("weight_map") if isinstance(loaded, dict) else None
    if not isinstance(places, Mapping) or not places:
        raise index.error("expected the file of every tensor in weight_map, found none")
    shards: dict[str, Source] = {}
    held: dict[str, Mapping[str, SafeTensor | Tensor]] = {}
    tensors: dict[str, SafeTensor | Tensor] = {}
    for key, name in places.items():
        # A shard lies beside its index; a path may lead anywhere.
        if not isinstance(name, str) or name != PurePath(name).name or "\\" in name:
            raise index.error(f"expected the name of a file, found {name!r:.60}", one_line(key))
        if name not in shards:
            path = index.beside(name)
            if not path.is_file():
                raise index.error(f"expected the shard {name} beside it, found none")
            shards[name] = Source(path)
            held[name] = load_file(shards[name])
        if key not in held[name]:
            raise shards[name].error(
                f"expected the tensor {one_line(key)}, found {listed(list(held[name]))}"
            )
        tensors[key] = held[name][key]
    return tensors, tuple(shards.values())
