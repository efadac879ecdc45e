"""Write the tables and arrays that come with the package."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.util.whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["write_packed", "write_packed_arrays"]


def write_packed(
    path: Path, columns: Sequence[str], lines: Iterable[str], provenance: dict[str, Any]
) -> None:
    """Write lines as compressed text, and their checksum and provenance beside it.

    The same lines give the same bytes.

    Parameters
    ----------
    path
        The file to write, such as ``genes.tsv.gz``; the provenance goes to ``genes.json``.
    columns
        Names of the columns, for the first line.
    lines
        Tab-separated cells, without line ends.
    provenance
        What to say beside the checksum.
    """
    path = Path(path)
    text = "".join(f"{line}\n" for line in ("\t".join(columns), *lines))
    packed = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    _write(path, path.name.removesuffix(".gz").removesuffix(".tsv"), packed, provenance)


def write_packed_arrays(
    path: Path, arrays: Mapping[str, NDArray[Any]], provenance: dict[str, Any]
) -> None:
    """Write arrays as a compressed .npz, and their checksum and provenance beside it.

    The same arrays give the same bytes.

    Parameters
    ----------
    path
        The file to write, such as ``papers.npz``, in a folder that is made where it is missing;
        the provenance goes to ``papers.json``.
    arrays
        By name; none of Python objects.
    provenance
        What to say beside the checksum.
    """
    buffer = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(buffer, **named)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, path.stem, buffer.getvalue(), provenance)


def _write(path: Path, name: str, packed: bytes, provenance: dict[str, Any]) -> None:
    about = {"sha256": hashlib.sha256(packed).hexdigest(), **provenance}
    document = json.dumps(about, indent=2, ensure_ascii=False)
    for target, content in (
        (path, packed),
        (path.with_name(f"{name}.json"), f"{document}\n".encode()),
    ):
        with whole_file(target) as part:
            part.write_bytes(content)
