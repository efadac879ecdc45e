"""What a dataset of HDF5 may claim, before it is read.

By the HDF5 File Format Specification, version 3.0, a dataset may have any shape while nothing of
it is stored, lie in other files, be cut into any number of chunks, and be compressed repeatedly.
"""

from __future__ import annotations

import math
import zlib
from typing import Any, Final

from gene_analogies.formats.source import Source

__all__ = ["check_stored"]

_DEFLATE, _SHUFFLE, _CHECKSUM, _LZF = 1, 2, 3, 32000
_PIPELINES: Final = [
    [*before, *packed, *after]
    for before in ([], [_SHUFFLE])
    for packed in ([], [_DEFLATE], [_LZF])
    for after in ([], [_CHECKSUM])
]
#: Deflate, the strongest of these, makes 1032 bytes of one at most.
_MOST_TIMES: Final = 1100


def check_stored(dataset: Any, source: Source, place: str) -> None:  # noqa: ANN401 - h5py's
    """Refuse a dataset that is not in its file, or claims more than its bytes can hold.

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
        If reading it could leave the file, or take memory or time out of proportion to it.
    """
    with source.library_errors(f"values in {place}"):
        size, itemsize = dataset.size or 0, dataset.dtype.itemsize
        elsewhere = bool(dataset.external) or dataset.is_virtual
        stored = dataset.id.get_storage_size()
        chunks = dataset.chunks
        properties = dataset.id.get_create_plist()
        filters = [properties.get_filter(i)[0] for i in range(properties.get_nfilters())]
    if elsewhere:
        raise source.error("expected values in the file itself, found a link", place)
    if stored > source.size or size * itemsize > _MOST_TIMES * stored:
        raise source.error(
            f"expected values, found {size:,} claimed by {min(stored, source.size):,} bytes", place
        )
    if filters not in _PIPELINES:
        raise source.error(
            f"expected gzip, LZF or no compression, found filters {filters}; read it with"
            " anndata, and write it again",
            place,
        )
    if chunks is None:
        return
    count = math.prod(-(-n // c) for n, c in zip(dataset.shape, chunks, strict=True))
    if count > 1 + source.size // 8:
        raise source.error(f"expected chunks, found {count:,} claimed", place)
    source.check_size(1, math.prod(chunks), itemsize)
    if _DEFLATE in filters:
        _check_chunks(dataset, source, place, math.prod(chunks) * itemsize, stored)


def _check_chunks(
    dataset: Any,  # noqa: ANN401
    source: Source,
    place: str,
    expected: int,
    stored: int,
) -> None:
    """Refuse chunks that inflate beyond their size, which HDF5 finds out only afterwards."""
    # A smaller one cannot grow beyond what `Source.check_size` allows.
    small = max(2**16, source.size // 16)
    if stored <= small:
        return
    infos: list[Any] = []
    with source.library_errors(f"values in {place}"):
        dataset.id.chunk_iter(infos.append)
    for info in infos:
        if info.size <= small:
            continue
        with source.library_errors(f"values in {place}"):
            _, packed = dataset.id.read_direct_chunk(info.chunk_offset)
        try:
            found = len(zlib.decompressobj().decompress(packed, expected + 1))
        except zlib.error:
            continue  # not inflated at all, or refused by HDF5 too
        if found > expected:
            raise source.error(
                f"expected a chunk of {expected:,} bytes, found one that inflates to more", place
            )
