"""Zip archives, of which only so many entries are listed: a list of millions takes a minute."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from gene_analogies.formats.source import Source

__all__ = ["opened_zip"]

_ENTRY: Final = b"PK\x01\x02"


class _Bounded(io.BufferedReader):
    """A file that hands out no list of more than ``most`` entries, until that is None."""

    def __init__(self, source: Source, expected: str, most: int) -> None:
        super().__init__(io.FileIO(source.path))
        self.most: int | None = most
        self._source = source
        self._expected = expected

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        # zipfile reads the whole list in one piece, before it looks at the first entry.
        if self.most is not None and (count := data.count(_ENTRY)) > self.most:
            raise self._source.error(
                f"expected {self._expected} of at most {self.most:,} entries, found {count:,}"
            )
        return data


@contextmanager
def opened_zip(source: Source, expected: str, most: int) -> Iterator[zipfile.ZipFile]:
    """Open an archive whose list of entries is not too long.

    Parameters
    ----------
    source
        The file.
    expected
        What it should be, for the error.
    most
        How many entries it may have.

    Raises
    ------
    FormatError
        If it is no archive, or has more entries.
    """
    with source.library_errors(expected):
        file = _Bounded(source, expected, most)
    with file:
        with source.library_errors(expected):
            archive = zipfile.ZipFile(file)
        file.most = None
        with archive:
            yield archive
