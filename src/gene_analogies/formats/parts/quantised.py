"""Weights that are codes of a few bits, of no use without the scale that lies beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from gene_analogies.errors import FormatError
from gene_analogies.formats.parts.columns import one_line
from gene_analogies.formats.source import Source

__all__ = ["quantised_error", "scale_of", "without_scales"]

T = TypeVar("T")


# bitsandbytes, GPTQ, AWQ, compressed-tensors, quanto, PyTorch and ONNX call them so.
_SCALE: Final = re.compile(
    r"(.*[_.])?(scales?|scale_inv|scaling_factors?|scb|absmax|zero_?points?|q?zeros|quant_map)",
    re.IGNORECASE | re.DOTALL,
)


def scale_of(key: str, keys: Iterable[str]) -> str | None:
    """Return the array that holds the scale of another, by its name; None where there is none.

    Parameters
    ----------
    key
        An array of whole numbers: ``encoder.weight``, ``embeddings``.
    keys
        All arrays beside it: ``encoder.weight_scale``, ``encoder.SCB``, ``scales``.
    """
    stem = key.rpartition(".")[0]
    for other in keys:
        own = other.startswith((f"{key}_", f"{key}."))
        rest = other if own else other.removeprefix(f"{stem}." if stem else "")
        beside = own or (other.rpartition(".")[0] == stem)
        if other != key and beside and _SCALE.fullmatch(rest):
            return other
    return None


def without_scales(arrays: Mapping[str, T], codes: Iterable[str]) -> dict[str, T]:
    """Leave out the scales among arrays, where others hold codes; they are no vectors.

    Parameters
    ----------
    arrays
        Matrices by name; some may hold a scale for each row or column.
    codes
        Those of whole numbers, or others beside them.
    """
    if any(scale_of(key, arrays) for key in codes):
        return {key: array for key, array in arrays.items() if not _SCALE.fullmatch(key)}
    return dict(arrays)


def quantised_error(source: Source, key: str, found: str, scale: str | None = None) -> FormatError:
    """Make the error that says what to do with quantised weights.

    Parameters
    ----------
    source
        The file.
    key
        The array.
    found
        Its type and shape.
    scale
        What `scale_of` returned.
    """
    beside = f", with their scale in {one_line(scale)}" if scale else ""
    return source.error(
        f"expected weights, found quantised ones ({found}){beside}; load the model, dequantise it"
        " and save it as float32",
        one_line(key),
    )
