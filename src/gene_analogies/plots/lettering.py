"""How wide text is, at most, in the fonts that pictures are drawn with."""

from __future__ import annotations

import unicodedata

__all__ = ["ASCENT", "DESCENT", "shortened", "text_width", "wrapped"]

#: Of the size of the letters: how far they reach above and below the line they stand on.
ASCENT = 0.80
DESCENT = 0.24

#: Widths of DejaVu Sans and Verdana, rounded up, by letter; other sans-serif fonts are narrower.
_WIDTHS = {
    letter: width
    for width, letters in (
        (0.30, "\"'ijl"),
        (0.35, " ,./:;\\|·IJ"),
        (0.45, "()-[]!ftr²"),
        (0.55, '"*_`°–‖§?csz'),
        (0.65, "$0123456789EFLPSTYabdeghknopquvxy{}√"),
        (0.80, "&ABCDGHKNOQRUVXZ"),
        (0.90, "#+<=>^w~−≈×M"),
        (1.00, "%@Wm—…½"),
    )
    for letter in letters
}
_OTHER = 0.85
_WIDE = 1.1
_BOLD = 1.15


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is, in the unit of its size; rather too much than too little.

    Examples
    --------
    >>> round(text_width("EGFR", 10), 2)
    29.0
    """
    total = 0.0
    for letter in text:
        width = _WIDTHS.get(letter)
        if width is None:
            if unicodedata.combining(letter):
                continue
            width = _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER
        total += width
    return total * size * (_BOLD if bold else 1.0)


def shortened(text: str, size: float, most: float, *, bold: bool = False) -> str:
    """Return text that is at most so wide, with an ellipsis in its middle where it was longer.

    The end of a long name is as telling as its beginning.
    """
    if text_width(text, size, bold=bold) <= most:
        return text
    for kept in range(len(text) - 1, 1, -1):
        cut = f"{text[: (kept + 1) // 2].rstrip()}…{text[len(text) - kept // 2 :].lstrip()}"
        if text_width(cut, size, bold=bold) <= most:
            return cut
    return "…"


def wrapped(text: str, size: float, most: float) -> list[str]:
    """Return text in lines of at most this width; words that are wider are shortened."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= most:
            lines[-1] += f" {word}"
        else:
            lines.append(shortened(word, size, most))
    return lines
