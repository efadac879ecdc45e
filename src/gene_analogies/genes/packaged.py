"""Tables that come with the package: compressed text, and a JSON file with its checksum."""

from __future__ import annotations

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["packaged_lines"]


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
    # Only this path needs them, and imports count against a short run of the command line.
    import hashlib
    import json
    import zlib
    from importlib.resources import files

    folder = files("gene_analogies") / "data"
    try:
        packed = (folder / f"{name}.tsv.gz").read_bytes()
        expected = json.loads((folder / f"{name}.json").read_bytes())["sha256"]
    except (OSError, ValueError, KeyError) as error:
        raise GeneAnalogiesError(
            f"the packaged table {name}.tsv.gz cannot be read ({error}); install gene-analogies"
            " again"
        ) from None
    if hashlib.sha256(packed).hexdigest() != expected:
        raise GeneAnalogiesError(
            f"the packaged table {name}.tsv.gz differs from its checksum; install gene-analogies"
            " again"
        )
    # The last line ends with a line end.
    return zlib.decompress(packed, wbits=31).decode().split("\n")[1:-1]
