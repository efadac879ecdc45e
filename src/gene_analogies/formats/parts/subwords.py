"""fastText's vector of a word: the mean of its own row and the rows of its n-grams.

N-grams of characters of ``<word>`` share ``bucket`` rows by their hash, as in `Bojanowski et al.
(2017) <https://doi.org/10.1162/tacl_a_00051>`_ and fastText's ``dictionary.cc``
(``computeSubwords``, ``hash``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NGrams", "add_ngrams"]

_BLOCK: Final = 2**13  # bytes of words, whose n-grams' vectors are in memory at once
_END_OF_SENTENCE: Final = b"</s>"


class NGrams(NamedTuple):
    """Which n-grams a model uses: lengths in characters, and the number of rows they share."""

    shortest: int
    longest: int
    buckets: int


def add_ngrams(matrix: NDArray[np.float32], words: Sequence[bytes], ngrams: NGrams) -> None:
    """Turn rows of words into the words' vectors, in place.

    Parameters
    ----------
    matrix
        float32 of shape (n + buckets, d): a row a word, then the rows that n-grams share.
    words
        The first of the n words, in UTF-8; the rows of the others stay as they are.
    ngrams
        The lengths of the n-grams, and the number of rows behind those of the words.
    """
    first_bucket = len(matrix) - ngrams.buckets
    for start, stop in _parts(words):
        # fastText gives no n-grams to the mark of a sentence's end.
        texts = [b"" if word == _END_OF_SENTENCE else b"<%b>" % word for word in words[start:stop]]
        owners, buckets = _ngrams(texts, ngrams)
        used = np.bincount(owners, minlength=len(texts))
        some = np.flatnonzero(used)
        if some.size:
            rows = matrix[first_bucket + buckets]
            with np.errstate(over="ignore", invalid="ignore"):  # a broken file's numbers
                sums = np.add.reduceat(rows, (np.cumsum(used) - used)[some], axis=0)
                sums += matrix[start + some]
            matrix[start + some] = sums / (used[some, None] + np.float32(1))


def _parts(words: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Yield ranges of words that have so many bytes together, or are one long word."""
    start, size = 0, 0
    for stop, word in enumerate(words):
        if size and size + len(word) > _BLOCK:
            yield start, stop
            start, size = stop, 0
        size += len(word) + 2
    if size:
        yield start, len(words)


def _ngrams(texts: Sequence[bytes], ngrams: NGrams) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the n-grams of the texts: the number of the text, in order, and the bucket."""
    data = np.frombuffer(b"".join(texts), np.uint8)
    lengths = [len(text) for text in texts]
    owner = np.repeat(np.arange(len(texts)), lengths)
    begins = np.diff(owner, prepend=-1) != 0
    # Whether a character, or the next text, begins at each byte, and behind the last.
    character = np.append((data & 0xC0) != 0x80, True)
    text_ends = np.append(begins, True)
    signed = data.view(np.int8).astype(np.uint32)  # C's char: bytes over 127 are negative
    # All n-grams that begin anywhere grow together, byte by byte.
    first = np.flatnonzero(character[:-1])
    at = first.copy()
    hashed = np.full(first.size, 2166136261, np.uint32)
    length = np.zeros(first.size, np.int64)
    owners, buckets = [owner[:0]], [owner[:0]]
    while first.size:
        hashed = (hashed ^ signed[at]) * np.uint32(16777619)
        at += 1
        ended = text_ends[at]
        length += character[at] | ended
        # The marks < and > alone are no n-grams.
        mark = (length == 1) & (begins[first] | ended)
        found = (character[at] | ended) & (length >= ngrams.shortest) & ~mark
        owners.append(owner[first[found]])
        buckets.append((hashed[found] % np.uint32(ngrams.buckets)).astype(np.int64))
        growing = ~ended & ~((length == ngrams.longest) & character[at])
        first, at = first[growing], at[growing]
        hashed, length = hashed[growing], length[growing]
    order = np.argsort(np.concatenate(owners), kind="stable")
    return np.concatenate(owners)[order], np.concatenate(buckets)[order]
