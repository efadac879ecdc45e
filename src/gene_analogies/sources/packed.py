"""Write the tables that come with the package."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gene_analogies.util.whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["write_packed"]


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
    with whole_file(path) as part:
        part.write_bytes(packed)
    about = {"sha256": hashlib.sha256(packed).hexdigest(), **provenance}
    document = json.dumps(about, indent=2, ensure_ascii=False)
    name = path.name.removesuffix(".gz").removesuffix(".tsv")
    with whole_file(path.with_name(f"{name}.json")) as part:
        part.write_bytes(f"{document}\n".encode())
