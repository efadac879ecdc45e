"""Whether numbers that are written as text need float64, and how to write those that do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from gene_analogies.formats.parts.text import LONGEST_LINE, open_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gene_analogies.formats.source import Source

__all__ = ["as_texts", "holds_long_doubles", "outside_single", "text_holds_doubles"]

_BLOCK: Final = 2**20
# Small enough for the processor's cache.
_PART: Final = 2**16
_DIGIT: Final = 1
_NOT_ZERO: Final = 2
_KINDS: Final = bytes(
    _DIGIT | (_NOT_ZERO if byte != ord("0") else 0) if chr(byte) in "0123456789" else 0
    for byte in range(256)
)
# An exponent that float32 does not have, or hardly.
_EXPONENT: Final = re.compile(rb"[eE][-+]?0*(?:3[789]|[4-9]\d|[1-9]\d\d)")
_LONG: Final = rb"[-+]?(?=[0.]*[1-9](?:\.?\d){9})(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_FAR: Final = rb"[-+]?(?:\d+\.?\d*|\.\d+)" + _EXPONENT.pattern
_END: Final = rb"(?![^\s,;\"])"
_LONG_CELL: Final = re.compile(rb"(?<![^\s,;\"])" + _LONG + _END)
_LONG_BEHIND_NAME: Final = re.compile(rb"(?<=[ \t])" + _LONG + _END)
_FAR_CELL: Final = re.compile(rb"(?<![^\s,;\"])" + _FAR + _END)


def _has_long_number(block: bytes) -> bool:
    """Return whether text holds ten digits in a row, as fast as can be.

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


def outside_single(values: NDArray[np.floating], singles: NDArray[np.floating]) -> bool:
    """Return whether a number became infinite or zero when it was rounded to float32."""
    infinite = np.isinf(singles) & np.isfinite(values)
    return bool((infinite | ((singles == 0) & (values != 0))).any())


def holds_long_doubles(block: bytes, *, names_first: bool = False) -> bool:
    """Return whether text holds a number of ten digits or more that no float32 equals.

    Parameters
    ----------
    block
        Whole lines of cells separated by white space, a comma or a semicolon.
    names_first
        Whether what a line begins with is no number, whatever it looks like.
    """
    if not _has_long_number(block):
        return False
    found = (_LONG_BEHIND_NAME if names_first else _LONG_CELL).findall(block)
    values = np.array([float(number) for number in found])
    with np.errstate(over="ignore"):
        return bool((values != values.astype(np.float32)).any())


def text_holds_doubles(source: Source, *, decimal: str = ".") -> bool:
    """Return whether float32 could not hold a number as it is written in a file of text.

    That is one of ten digits or more that no float32 equals, or one outside float32's range.

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
            block += stream.readline(LONGEST_LINE)
            text = block if decimal == "." else block.replace(decimal.encode(), b".")
            if holds_long_doubles(text):
                return True
            if _EXPONENT.search(text):
                values = np.array([float(number) for number in _FAR_CELL.findall(text)])
                with np.errstate(over="ignore"):
                    if outside_single(values, values.astype(np.float32)):
                        return True
    return False


def as_texts(row: NDArray[np.floating]) -> list[str]:
    """Write the numbers of a row so that they are read back equal, float32 as short as can be.

    A float64 that no float32 equals has 17 digits, be they zeros: `holds_long_doubles` needs them.
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
