"""Whether numbers that are written as text need float64, and how to write those that do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.formats._text import open_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.source import Source

__all__ = ["as_texts", "has_long_number", "holds_doubles", "outside_single", "text_holds_doubles"]

_BLOCK: Final = 2**20
# Small enough for the processor's cache.
_PART: Final = 2**16
_DIGIT: Final = 1
_NOT_ZERO: Final = 2
_KINDS: Final = bytes(
    _DIGIT | (_NOT_ZERO if byte != ord("0") else 0) if chr(byte) in "0123456789" else 0
    for byte in range(256)
)
# Ten digits, or an exponent that float32 may not have.
_SUSPECT: Final = (
    rb"[-+]?(?:(?=[\d.]*[eE][-+]?0*(?:3[789]|[4-9]\d|[1-9]\d\d))|(?=[0.]*[1-9](?:\.?\d){9}))"
    rb"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
)
_END: Final = rb"(?![^\s,;\"])"
_CELL: Final = re.compile(rb"(?<![^\s,;\"])" + _SUSPECT + _END)
_BEHIND_NAME: Final = re.compile(rb"(?<=[ \t])" + _SUSPECT + _END)


def has_long_number(block: bytes) -> bool:
    """Tell, as fast as it can be told, whether text holds ten digits behind each other.

    Zeros in front and the point do not count. Float32 needs nine digits at most.
    """
    kinds = np.frombuffer(block.translate(_KINDS, b"."), np.uint8)
    for start in range(0, len(kinds), _PART):
        one = kinds[start : start + _PART + 9]
        two = one[:-1] & one[1:]
        four = two[:-2] & two[2:]
        ten = four[:-6] & four[4:-2] & two[8:]
        if ((ten & _DIGIT) & (one[: len(ten)] // _NOT_ZERO)).any():
            return True
    return False


def outside_single(values: NDArray[np.floating], singles: NDArray[np.float32]) -> bool:
    """Tell whether a number became infinite or zero when it was rounded to float32."""
    infinite = np.isinf(singles) & np.isfinite(values)
    return bool((infinite | ((singles == 0) & (values != 0))).any())


def holds_doubles(block: bytes, *, names_first: bool = False) -> bool:
    """Tell whether a float32 could not hold a number as it is written in text.

    That is one of ten digits or more that is no float32, or one outside float32's range.

    Parameters
    ----------
    block
        Whole lines of cells separated by white space, a comma or a semicolon.
    names_first
        Whether what a line begins with is no number, whatever it looks like.
    """
    pattern = _BEHIND_NAME if names_first else _CELL
    values = np.array([float(one) for one in pattern.findall(block)], np.float64)
    with np.errstate(over="ignore"):
        singles = values.astype(np.float32)
    if outside_single(values, singles):
        return True
    return bool((values != singles).any()) and any(
        has_long_number(one) and float(one) != np.float32(one) for one in pattern.findall(block)
    )


def text_holds_doubles(source: Source, *, decimal: str = ".") -> bool:
    """Tell whether any number in a file of text needs float64, as `holds_doubles`.

    Parameters
    ----------
    source
        The file, which may be compressed with gzip.
    decimal
        What stands before a number's decimals.

    Raises
    ------
    FormatError
        If gzip is damaged.
    """
    with open_bytes(source) as stream:
        while block := stream.read(_BLOCK):
            block += stream.readline(_BLOCK)
            text = block if decimal == "." else block.replace(decimal.encode(), b".")
            if holds_doubles(text):
                return True
    return False


def as_texts(row: NDArray[np.floating]) -> list[str]:
    """Write the numbers of a row so that they are read back equal, float32 as short as can be.

    A float64 that no float32 equals has 17 digits, be they zeros, which `holds_doubles` tells.
    """
    if row.dtype == np.float32:
        return [str(value) for value in row]
    with np.errstate(over="ignore"):
        single = (row == row.astype(np.float32)).tolist()
    values: list[Any] = row.tolist()
    return [
        f"{value:.17g}" if short else f"{value:#.17g}"
        for value, short in zip(values, single, strict=True)
    ]
