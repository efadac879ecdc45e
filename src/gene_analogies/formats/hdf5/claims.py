"""What a dataset of HDF5 may claim, before it is read.

By the HDF5 File Format Specification, version 3.0, a dataset may have any shape while nothing of
it is stored, be cut into any number of chunks, and pass through any filters.
"""

from __future__ import annotations

import math
import zlib
from typing import Any, Final

from gene_analogies.formats.source import ALWAYS_ALLOWED, Source
from gene_analogies.util.extras import require

__all__ = ["check_claims", "check_text_bytes"]

_DEFLATE: Final = 1
#: Filters that h5py may lack, which need not store their names.
_REGISTERED: Final = {
    4: "szip", 307: "bzip2", 32001: "Blosc", 32004: "LZ4", 32008: "bitshuffle", 32013: "ZFP",
    32015: "Zstandard", 32026: "Blosc2",
}  # fmt: skip
#: Deflate makes at most 1032 bytes of one.
_DEFLATE_RATIO: Final = 1100
_ALWAYS_CHUNKS: Final = 2**16
#: What other filters may add to a chunk before deflate gets it: a header, a checksum.
_FILTER_HEADER: Final = 64


def check_claims(dataset: Any, source: Source, place: str) -> None:  # noqa: ANN401 - h5py's
    """Refuse a dataset that h5py cannot decode, or that claims more than the file can hold.

    Parameters
    ----------
    dataset
        An ``h5py.Dataset``.
    source
        The file.
    place
        What to call the dataset in an error.

    Raises
    ------
    FormatError
        If a filter is not available, or reading could take memory or time out of proportion to the
        file.
    """
    with source.library_errors(f"values in {place}"):
        size, itemsize, chunks = dataset.size or 0, dataset.dtype.itemsize, dataset.chunks
        properties = dataset.id.get_create_plist()
        filters = [properties.get_filter(i) for i in range(properties.get_nfilters())]
    if size * itemsize > max(ALWAYS_ALLOWED, _DEFLATE_RATIO * source.size):
        raise source.error(
            f"expected values, found {size:,} claimed by {source.size:,} bytes", place
        )
    if chunks is None:
        return
    codes = [code for code, *_ in filters]
    _check_filters(codes, [name for *_, name in filters], source, place)
    count = math.prod(-(-n // c) for n, c in zip(dataset.shape, chunks, strict=True))
    if count > max(_ALWAYS_CHUNKS, source.size // 8):
        raise source.error(f"expected chunks, found {count:,} claimed", place)
    source.check_size(1, math.prod(chunks), itemsize)
    if _DEFLATE in codes:
        _check_inflated(dataset, source, place, math.prod(chunks) * itemsize)


def check_text_bytes(size: int, source: Source, place: str) -> None:
    """Refuse texts of variable length that take more than the file: they are not compressed there.

    Any number of rows may still refer to one long text; HDF5 itself writes each on its own.

    Raises
    ------
    FormatError
        If they take more than the file and over 64 MiB.
    """
    if size > max(ALWAYS_ALLOWED, source.size):
        raise source.error(
            f"expected names, found over {size:,} bytes of them claimed by {source.size:,} bytes",
            place,
        )


def _check_filters(codes: list[int], names: list[bytes], source: Source, place: str) -> None:
    h5z = require("h5py", "anndata", "reading .h5ad").h5z
    for code, name in zip(codes, names, strict=True):
        if not h5z.filter_avail(code):
            stored = ascii(name.decode("latin-1").split(":")[0][:40])
            shown = _REGISTERED.get(code, stored if name else "a filter without a name")
            raise source.error(
                f"expected filters that h5py has, found {shown} (number {code}); import hdf5plugin"
                " first, or write the file again with gzip",
                place,
            )
    if codes.count(_DEFLATE) > 1:
        raise source.error("expected each filter once, found gzip inside gzip", place)


def _check_inflated(dataset: Any, source: Source, place: str, expected: int) -> None:  # noqa: ANN401
    """Refuse chunks that inflate beyond their size, which HDF5 finds out only afterwards."""
    # A smaller one cannot grow beyond what `Source.check_size` allows.
    small = max(2**16, source.size // 16)
    infos: list[Any] = []
    with source.library_errors(f"values in {place}"):
        if dataset.id.get_storage_size() <= small:
            return
        dataset.id.chunk_iter(infos.append)
    for info in infos:
        if info.size <= small:
            continue
        with source.library_errors(f"values in {place}"):
            _, packed = dataset.id.read_direct_chunk(info.chunk_offset)
        limit = expected + _FILTER_HEADER
        try:
            found = len(zlib.decompressobj().decompress(packed, limit + 1))
        except zlib.error:
            continue  # not inflated at all, or refused by HDF5 too
        if found > limit:
            raise source.error(
                f"expected a chunk of {expected:,} bytes, found one that inflates to more", place
            )
