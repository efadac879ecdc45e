"""Tables and arrays that come with the package, and the JSON files with their checksums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["packaged_arrays", "packaged_lines"]


def packaged_lines(name: str) -> list[str]:
    """Read and verify a packaged table.

    Parameters
    ----------
    name
        ``genes`` for ``genes.tsv.gz``, whose checksum is in ``genes.json``.

    Returns
    -------
    list of str
        The lines below the one that names the columns.

    Raises
    ------
    GeneAnalogiesError
        If the file is missing or is not the one that was packaged.
    """
    # Only this path needs it, and imports count against a short run of the command line.
    import zlib

    packed = _verified(f"{name}.tsv.gz", f"{name}.json")
    # The last line ends with a line end.
    return zlib.decompress(packed, wbits=31).decode().split("\n")[1:-1]


def packaged_arrays(name: str) -> dict[str, NDArray[Any]]:
    """Read and verify packaged arrays.

    Parameters
    ----------
    name
        ``papers`` for ``known/papers.npz``, whose checksum is in ``known/papers.json``.

    Raises
    ------
    GeneAnalogiesError
        If the file is missing or is not the one that was packaged.
    """
    import io

    import numpy as np

    packed = _verified(f"known/{name}.npz", f"known/{name}.json")
    with np.load(io.BytesIO(packed), allow_pickle=False) as content:
        return {key: content[key] for key in content.files}


def _verified(path: str, about: str) -> bytes:
    """Return the bytes of a packaged file, if they are those of the checksum in the other file."""
    import hashlib
    import json
    from importlib.resources import files

    folder = files("gene_analogies") / "data"
    try:
        packed = (folder / path).read_bytes()
        expected = json.loads((folder / about).read_bytes())["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise GeneAnalogiesError(
            f"the packaged file {path} cannot be read ({error}); install gene-analogies again"
        ) from None
    if hashlib.sha256(packed).hexdigest() != expected:
        raise GeneAnalogiesError(
            f"the packaged file {path} differs from its checksum; install gene-analogies again"
        )
    return packed
