"""What two spellings of one name have in common, and which names are near to another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

__all__ = ["latin", "nearest", "numbered", "plain", "same_but_for_marks", "turned"]

# A Greek letter, its name, and the Latin letter of symbols: PRKCQ is protein kinase C theta. Of
# the others (μ-calpain is not m-calpain) symbols make no rule.
_GREEK: Final = (
    ("α", "alpha", "a"), ("β", "beta", "b"), ("γ", "gamma", "g"), ("δ", "delta", "d"),
    ("ε", "epsilon", "e"), ("ζ", "zeta", "z"), ("η", "eta", ""), ("θ", "theta", "q"),
    ("ι", "iota", ""), ("κ", "kappa", "k"), ("λ", "lambda", "l"), ("μ", "mu", ""), ("ν", "nu", ""),
    ("π", "pi", ""), ("ρ", "rho", ""), ("σ", "sigma", "s"), ("τ", "tau", ""), ("φ", "phi", ""),
    ("χ", "chi", ""), ("ψ", "psi", ""), ("ω", "omega", ""),
)  # fmt: skip
_NAMES: Final = {letter: name for letter, name, _ in _GREEK}
_LETTER: Final = re.compile(f"[{''.join(_NAMES)}]")
_LATIN: Final = {name: latin for _, name, latin in _GREEK if latin}
_NAME: Final = re.compile("|".join(_LATIN))
# Without those that stand between two names, and ~, which has a use below.
_MARKS: Final = "".join(
    mark for mark in map(chr, range(32, 127)) if not mark.isalnum() and mark not in ":;,+|&~"
)
# Digits in a row are one number, so between two of them a mark stays: ~.
_BETWEEN_DIGITS: Final = re.compile(rf"(?<=[0-9])[{re.escape(_MARKS)}\t]+(?=[0-9])")
_OTHER_MARKS: Final = re.compile(r"[^\w\x00-\x7f]")
_WITHOUT_MARKS: Final = str.maketrans(dict.fromkeys(f"{_MARKS}\t"))
_ROMAN: Final = {
    f"{tens}{ones}": str(10 * ten + one)
    for ten, tens in enumerate(("", "x", "xx"))
    for one, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if ten or one
}
_NUMERAL: Final = re.compile(
    r"([ -])((?:xx|x)?(?:ix|iv|v?i{0,3}))(?<=[ivx])(?=[ -]|$)", re.ASCII | re.I | re.MULTILINE
)
_NAME_OF_GREEK: Final = "|".join(_NAMES.values())
# β1-integrin, E-cadherin; an S-protein is not protein S.
_IN_FRONT: Final = re.compile(
    rf"((?:[ß{''.join(_NAMES)}]|{_NAME_OF_GREEK}|[a-z]{{1,2}})[0-9]*)[-\s]+"
    rf"((?!protein|(?:x*viii|{_NAME_OF_GREEK})\b)[a-z]{{4,}}.*)",
    re.IGNORECASE,
)


def plain(names: str) -> str:
    """Write names without case and marks, and with names for Greek letters.

    Parameters
    ----------
    names
        One name, or several, one a line.

    Examples
    --------
    >>> plain("IFN-γ"), plain("IFN gamma"), plain("NKX2-1"), plain("NKX21")
    ('ifngamma', 'ifngamma', 'nkx2~1', 'nkx21')
    """
    text = _BETWEEN_DIGITS.sub("~", _in_ascii(names))
    return text.translate(_WITHOUT_MARKS)


def latin(plain_names: str) -> str:
    """Write the Latin letters of symbols for the names of Greek letters in plain names.

    Examples
    --------
    >>> latin(plain("PKCθ")), latin("il1beta"), latin("alphamsh")
    ('pkcq', 'il1b', 'alphamsh')
    """
    return _NAME.sub(_latin_letter, plain_names)


def numbered(names: str) -> str:
    """Write Roman numbers behind the first word as Arabic ones.

    Examples
    --------
    >>> numbered("caspase III"), numbered("apolipoprotein C-III")
    ('caspase 3', 'apolipoprotein C-3')
    """
    return _NUMERAL.sub(lambda found: found[1] + _ROMAN[found[2].casefold()], names)


def turned(name: str) -> str | None:
    """Put the letter in front of a word behind it, as full names have it; None for other names.

    Examples
    --------
    >>> turned("E-selectin"), turned("β1-integrin"), turned("c-Myc")
    ('selectin E', 'integrin β1', None)
    """
    found = _IN_FRONT.fullmatch(name)
    return f"{found[2]} {found[1]}" if found else None


def same_but_for_marks(name: str, choices: Sequence[str]) -> list[int]:
    """Return the places of the choices that differ only in case, marks or Greek letters."""
    wanted = latin(plain(name))
    # Only a Greek letter or a mark in front can become another first letter.
    return [
        place
        for place, choice in enumerate(choices)
        if (choice[:1].casefold() == wanted[:1] or not (choice.isascii() and choice[:1].isalnum()))
        and latin(plain(choice)) == wanted
    ]


def nearest(name: str, choices: Sequence[str], limit: int) -> list[int]:
    """Return the places of the choices that are the fewest slips of the keyboard away.

    A slip is a letter too many, missing, wrong, or swapped with its neighbour; case is no slip.
    Longer names may hold up to three. Only the nearest choices are returned, in their order.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 0 if len(name) < 3 else 1 if len(name) < 5 else 2 if len(name) < 8 else 3
    found = process.extract(
        name.casefold(),
        choices,
        scorer=OSA.distance,
        processor=str.casefold,
        score_cutoff=slips,
        limit=limit,
    )
    return [place for _, distance, place in found if distance == found[0][1]]


def _in_ascii(names: str) -> str:
    """Write names without case, with names for Greek letters and hyphens for unusual marks."""
    # German keyboards have ß, which many type for β.
    text = unicodedata.normalize("NFKC", names).replace("ß", "β").casefold()
    if text.isascii():
        return text
    return _OTHER_MARKS.sub("-", _LETTER.sub(lambda found: _NAMES[found[0]], text))


def _latin_letter(name: re.Match[str]) -> str:
    """Return the Latin letter for the name of a Greek one, if it is not in front of letters.

    α-MSH is not AMSH, though β2M is B2M.
    """
    text, start, end = name.string, name.start(), name.end()
    in_front = text[start - 1 : start] in ("", "\n") and not text[end : end + 1].isdigit()
    return name[0] if in_front else _LATIN[name[0]]
