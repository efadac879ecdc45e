"""The tensors of a checkpoint, under whichever names the script that saved it gave them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol, TypeVar

import numpy as np

from gene_analogies.formats.parts.columns import listed, quoted
from gene_analogies.formats.parts.quantised import quantised_error, scale_of, without_scales
from gene_analogies.formats.pickles.torch_files import Tensor
from gene_analogies.formats.source import Source

__all__ = ["Shaped", "dictionaries_in", "key_of_matrix", "key_of_weights", "tensors_in"]

# Where training scripts put the state of the model, and what DataParallel, torch.compile and
# Lightning put before the names of its tensors.
_WRAPPERS: Final = ("model_state_dict", "state_dict", "model", "module", "_orig_mod")
_OPTIMIZER: Final = "optim"
_OF_A_LAYER: Final = re.compile(
    r"(.*\.)?(weight|bias|running_mean|running_var|scale|zero_point)", re.DOTALL
)
# Deeper ones are no checkpoints.
_DEEPEST: Final = 8


class Shaped(Protocol):
    """A tensor of either kind of file."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""

    @property
    def is_float(self) -> bool:
        """Whether it holds floats that are read."""

    @property
    def is_readable(self) -> bool:
        """Whether it holds numbers that are read."""


T = TypeVar("T", bound=Shaped)


def tensors_in(loaded: Mapping[Any, Any]) -> dict[str, Tensor]:
    """Return all tensors of a checkpoint but the optimizer's, nested ones as ``outer.inner``."""
    return {path: value for path, value in _entries(loaded, set()) if isinstance(value, Tensor)}


def dictionaries_in(loaded: Mapping[Any, Any]) -> dict[str, Any]:
    """Return the dictionaries from name to vector within a checkpoint, as ``outer.inner``."""
    mappings = ((path, one) for path, one in _entries(loaded, set()) if isinstance(one, Mapping))
    return {path: mapping for path, mapping in mappings if _holds_vectors(mapping)}


def _entries(
    loaded: Mapping[Any, Any], seen: set[int], outer: str = "", depth: int = _DEEPEST
) -> Iterator[tuple[str, Any]]:
    """Yield the entries of dictionaries within each other, each dictionary once."""
    # A file of some bytes may refer to one from a thousand places, which refer to another, ….
    for key, value in loaded.items():
        if not isinstance(key, str) or id(value) in seen:
            continue
        yield f"{outer}{key}", value
        if isinstance(value, Mapping):
            seen.add(id(value))
            if depth and not key.lower().startswith(_OPTIMIZER):
                yield from _entries(value, seen, f"{outer}{key}.", depth - 1)


def _holds_vectors(mapping: Mapping[Any, Any]) -> bool:
    """Whether all is vectors of one length; the tensors of a layer have other names."""
    shapes = {getattr(value, "shape", None) for value in mapping.values()}
    names = (name for name in mapping if isinstance(name, str))
    return (
        len(shapes) == 1
        and len(shapes.pop() or ()) in (1, 2)
        and not any(map(_OF_A_LAYER.fullmatch, names))
        and all(_is_vector(value) for value in mapping.values())
    )


def _is_vector(value: Any) -> bool:  # noqa: ANN401
    return isinstance(value, (Tensor, np.ndarray)) and (value.ndim == 1 or value.shape[0] == 1)


def key_of_matrix(source: Source, tensors: Mapping[str, T], asked: str | None) -> str:
    """Return the name of the matrix that is asked for, or of the only one of floats.

    Parameters
    ----------
    source
        The file, which errors name.
    tensors
        Its tensors by name.
    asked
        A name, or what is left of one without the wrappers of training scripts.

    Raises
    ------
    FormatError
        If there is no such matrix, not one, or it is quantised; the matrices are listed.
    """
    matrices = {key: tensor for key, tensor in tensors.items() if len(tensor.shape) == 2}
    if asked is not None:
        key = _found(matrices, asked)
        if key is None:
            choices = _listed(matrices or tensors)
            raise source.error(f"there is no matrix {quoted(asked)}; choose from {choices}")
        _refuse_quantised(source, tensors, key)
        return key
    floats = {key: tensor for key, tensor in matrices.items() if tensor.is_float}
    floats = without_scales(floats, matrices.keys() - floats.keys())
    if not floats:
        for key in matrices:
            _refuse_quantised(source, tensors, key)
    if len(floats) != 1:
        found = _listed(floats or matrices or tensors)
        raise source.error(f"expected one matrix of floats (or choose: key=, --key), found {found}")
    return next(iter(floats))


def key_of_weights(source: Source, tensors: Mapping[str, T], *names: str) -> str:
    """Return the name of a model's matrix of weights, whatever wrappers stand before it.

    Parameters
    ----------
    source
        The file, which errors name.
    tensors
        Its tensors by name.
    names
        What the matrix may be called, the likeliest first.

    Raises
    ------
    FormatError
        If there is no such matrix (the matrices are listed), or it does not hold floats.
    """
    matrices = {key: tensor for key, tensor in tensors.items() if len(tensor.shape) == 2}
    for name in names:
        key = _found(matrices, name)
        if key is not None:
            if not tensors[key].is_float:
                # The weights of a model are never whole numbers.
                raise quantised_error(source, key, str(tensors[key]), scale_of(key, tensors))
            return key
    raise source.error(f"expected the matrix {names[0]}, found {_listed(matrices)}")


def _listed(tensors: Mapping[str, T]) -> str:
    return listed({key: str(tensor) for key, tensor in tensors.items()})


def _found(tensors: Mapping[str, T], name: str) -> str | None:
    """Return the name that is this one, or the only one that is but for wrappers."""
    if name in tensors:
        return name
    found = [key for key in tensors if _unwrapped(key) == name]
    return found[0] if len(found) == 1 else None


def _unwrapped(key: str) -> str:
    while True:
        first, _, rest = key.partition(".")
        if not rest or first not in _WRAPPERS:
            return key
        key = rest


def _refuse_quantised(source: Source, tensors: Mapping[str, T], key: str) -> None:
    tensor = tensors[key]
    if tensor.is_float:
        return
    scale = scale_of(key, tensors)
    if scale is not None or not tensor.is_readable:
        raise quantised_error(source, key, str(tensor), scale)
