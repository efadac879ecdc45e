"""Archives of very many entries are refused before they are listed."""

from __future__ import annotations

import struct
import time
import zipfile

import pytest

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.registry import read_contents
from gene_analogies.formats.source import Source
from gene_analogies.formats.zip_archives import opened_zip


def _write(path, name, entries):
    """Write an archive whose list has the same empty file so many times."""
    name = name.encode()
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0) + name
    one = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0
    )
    size = (len(one) + len(name)) * entries
    count = min(entries, 0xFFFF)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, len(local), 0)
    with path.open("wb") as file:
        file.write(local)
        for _ in range(0, entries, 1000):
            file.write((one + name) * min(1000, entries))
        file.write(end)
    return path


@pytest.mark.parametrize(
    ("file", "name", "message"),
    [
        ("a.pt", "a/data.pkl", "a file of PyTorch of at most 262,144 entries, found 2,000,000$"),
        ("a.npz", "a.npy", r"a NumPy \.npz archive of at most 10,000 entries, found 2,000,000$"),
        ("a.zip", "a.txt", "a ZIP archive, damaged or of very many files$"),
    ],
)
def test_two_million_entries(tmp_path, file, name, message):
    path = _write(tmp_path / file, name, 2_000_000)
    begun = time.perf_counter()
    with pytest.raises(FormatError, match=message):
        read_contents(Source(path), ReadOptions())
    # Listing them takes half a minute.
    assert time.perf_counter() - begun < 5


def test_as_many_as_may_be(tmp_path):
    path = _write(tmp_path / "a.zip", "a.txt", 2000)
    with opened_zip(Source(path), "an archive", 2000) as archive:
        assert len(archive.infolist()) == 2000
        assert archive.read("a.txt") == b""
    with (
        pytest.raises(FormatError, match=r"an archive of at most 1,999 entries, found 2,000$"),
        opened_zip(Source(path), "an archive", 1999),
    ):
        pass


def test_signatures_in_the_files_themselves_do_not_count(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a", b"PK\x01\x02" * 1000)
    with opened_zip(Source(tmp_path / "a.zip"), "an archive", 10) as archive:
        assert len(archive.read("a")) == 4000


def test_no_archive(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\3\4 and nothing else")
    with (
        pytest.raises(FormatError, match=r"expected an archive \(File is not a zip file\)$"),
        opened_zip(Source(tmp_path / "a.zip"), "an archive", 10),
    ):
        pass
