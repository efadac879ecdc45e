"""The parts of HDF5 that libhdf5 (2.0 as well) crashes or hangs on when they are broken.

It copies a text of variable length from a global heap to a buffer of the length in the reference
before it compares that with the length in the heap, and walks through a global heap without an end
where an object has no size: here these texts are read without it. It also walks in circles through
the free list of a local heap, where a group keeps its names: here that is checked first. Layouts:
HDF5 File Format Specification, version 3.0, II.A (superblock), III.D and III.E (heaps), IV.A.1
(object headers), IV.A.2.m (attribute message) and IV.A.2.r (symbol table message).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO, Final

from gene_analogies.formats.source import Source

__all__ = ["REFERENCE", "RawHdf5"]

#: Bytes of a reference: the text's length, the address of its heap, and its number there.
REFERENCE: Final = 16
_ATTRIBUTE, _CONTINUATION, _SYMBOLS = 0x0C, 0x10, 0x11
#: What ends a list of free blocks: no block can be there.
_NO_BLOCK: Final = 1
_NOWHERE: Final = 2**64 - 1


class RawHdf5:
    """The bytes of an HDF5 file whose addresses and lengths take eight bytes.

    Parameters
    ----------
    source
        The file, for errors and its size.
    stream
        The same file, open for reading.
    """

    def __init__(self, source: Source, stream: BinaryIO) -> None:
        self._source = source
        self._stream = stream
        #: Of each heap read so far: where its objects are, and their sizes.
        self._heaps: dict[int, dict[int, tuple[int, int]]] = {}
        self._texts: dict[bytes, str] = {}
        self._checked: set[int] = set()
        self._walked = 0

    def root(self) -> int:
        """Return where the header of the root group is, and check that group.

        Raises
        ------
        FormatError
            If the file begins otherwise, or `check_group` finds something.
        """
        head = self._read(0, 96, "superblock")
        version = head[8]
        widths = head[13:15] if version < 2 else head[9:11]
        if version > 3 or widths != b"\x08\x08":
            raise self._source.error(
                "expected a superblock of version 0 to 3 with addresses of 8 bytes, found"
                f" version {version} and widths {tuple(widths)}"
            )
        if version >= 2:
            (address,) = struct.unpack_from("<Q", head, 36)
        else:
            # Version 1 has four bytes more in front; both hold a copy of the heap's address.
            start = 64 if version == 0 else 68
            head = self._read(start, 32, "superblock")
            address, kind, heap = struct.unpack("<QI12xQ", head)
            if kind == 1:
                self._check_free_list(heap)
        self.check_group(address)
        return int(address)

    def check_group(self, address: int) -> None:
        """Refuse a group whose names libhdf5 would never stop looking through.

        Parameters
        ----------
        address
            Where the header of the group is.
        """
        if address in self._checked:
            return
        self._checked.add(address)
        for kind, body in self._header(address):
            if kind == _SYMBOLS and len(body) >= 16:
                self._check_free_list(struct.unpack_from("<8xQ", body)[0])

    def _check_free_list(self, address: int) -> None:
        head = self._read(address, 32, "names of a group")
        size, place, start = struct.unpack("<8xQQQ", head)
        self._walk(size, "names of a group")
        block = self._read(start, size, "names of a group")
        # A list longer than there is room for is a circle.
        for _ in range(size // 16 + 1):
            if place in (_NO_BLOCK, _NOWHERE):
                return
            if place + 16 > size:
                break
            (place,) = struct.unpack_from("<Q", block, place)
        raise self._source.error("expected a list of free blocks", "names of a group")

    def attribute(self, address: int, name: str, count: int) -> list[str]:
        """Return the texts of an attribute.

        Parameters
        ----------
        address
            Where the header of its group or dataset is.
        name
            The attribute.
        count
            How many texts it has.

        Raises
        ------
        FormatError
            If it is not where small attributes are, or a text is not in its heap.
        """
        for kind, body in self._header(address):
            if kind != _ATTRIBUTE or len(body) < 9:
                continue
            version, flags, name_size, type_size, space_size = struct.unpack_from("<BBHHH", body)
            start, multiple = (9, 1) if version == 3 else (8, 8 if version == 1 else 1)
            if body[start : start + name_size].rstrip(b"\0") != name.encode():
                continue
            for size in (name_size, type_size, space_size):
                start += -(-size // multiple) * multiple
            data = body[start : start + count * REFERENCE]
            if flags == 0 and len(data) == count * REFERENCE:
                return self.texts(data, name)
        raise self._source.error("expected the texts of an attribute, found none", name)

    def texts(self, references: bytes, place: str) -> list[str]:
        """Return the texts that some references lead to.

        Raises
        ------
        FormatError
            If one leads nowhere, to an object of another length, or to no UTF-8.
        """
        found = []
        for start in range(0, len(references), REFERENCE):
            reference = references[start : start + REFERENCE]
            text = self._texts.get(reference)
            if text is None:
                text = self._texts[reference] = self._text(reference, place)
            found.append(text)
        return found

    def _text(self, reference: bytes, place: str) -> str:
        length, address, number = struct.unpack("<IQI", reference)
        if length == 0:
            return ""
        if address not in self._heaps:
            self._heaps[address] = dict(self._objects(address, place))
        start, size = self._heaps[address].get(number, (0, -1))
        if size != length:
            raise self._source.error("expected a text in the heap of texts, found none", place)
        try:
            # Some writers count the end mark.
            return self._read(start, size, place).rstrip(b"\0").decode()
        except UnicodeDecodeError as error:
            raise self._source.error(f"expected text in UTF-8 ({error.reason})", place) from None

    def _objects(self, address: int, place: str) -> Iterator[tuple[int, tuple[int, int]]]:
        """Yield the number, place and size of every object of a heap."""
        head = self._read(address, 16, place)
        (size,) = struct.unpack("<Q", head[8:])
        if not head.startswith(b"GCOL\1"):
            raise self._source.error("expected a heap of texts", place)
        self._walk(size, place)
        block = self._read(address, size, place)
        start = 16
        while start + 16 <= size:
            number, length = struct.unpack_from("<H6xQ", block, start)
            if number == 0:  # what is left is free
                return
            yield number, (address + start + 16, length)
            start += 16 + -(-length // 8) * 8

    def _header(self, address: int) -> Iterator[tuple[int, bytes]]:
        """Yield the messages in an object's header, kind and content, except shared ones."""
        head = self._read(address, 16, "header")
        if head.startswith(b"OHDR\2"):
            flags, newer = head[5], True
            start = address + 6 + (16 if flags & 32 else 0) + (4 if flags & 16 else 0)
            width = 1 << (flags & 3)
            size = int.from_bytes(self._read(start, width, "header"), "little")
            blocks = [(start + width, size)]
        else:
            newer, flags = False, 0
            blocks = [(address + 16, int.from_bytes(head[8:12], "little"))]
        while blocks:
            start, size = blocks.pop(0)
            self._walk(size, "header")
            block = self._read(start, size, "header")
            for kind, body in _messages(block, newer, bool(flags & 4)):
                if kind != _CONTINUATION:
                    yield kind, body
                elif len(body) >= 16:
                    start, size = struct.unpack_from("<QQ", body)
                    # The newer ones are between a signature and a checksum.
                    blocks.append((start + 4, max(0, size - 8)) if newer else (start, size))

    def _walk(self, size: int, place: str) -> None:
        """Count what was walked through: pieces that overlap would take forever."""
        self._walked += max(size, 16)
        if self._walked > 64 * self._source.size:
            raise self._source.error("expected pieces apart from each other, found a circle", place)

    def _read(self, start: int, size: int, place: str) -> bytes:
        if start + size > self._source.size:
            raise self._source.error(f"expected {size:,} bytes at {start:,}, found the end", place)
        self._stream.seek(start)
        return self._stream.read(size)


def _messages(block: bytes, newer: bool, ordered: bool) -> Iterator[tuple[int, bytes]]:
    """Yield the messages in a piece of a header."""
    layout = "<BHB" if newer else "<HHB"
    size_of_head = (6 if ordered else 4) if newer else 8
    start = 0
    while start + size_of_head <= len(block):
        kind, size, flags = struct.unpack_from(layout, block, start)
        start += size_of_head
        if not flags & 2:
            yield kind, block[start : start + size]
        start += size
