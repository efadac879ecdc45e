"""Names of Pfam domains: those of the InterPro entries that hold them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gene_analogies.errors import GeneAnalogiesError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PfamNames", "read_pfam_names"]


@dataclass(frozen=True)
class PfamNames:
    """Names of domains.

    Attributes
    ----------
    names
        Name by accession, such as ``PF00757``: ``Furin-like cysteine-rich domain``.
    source
        ``name``, ``release``, ``licence`` and ``sha256``.
    """

    names: dict[str, str]
    source: dict[str, Any]


def read_pfam_names(path: Path, release: str = "unknown") -> PfamNames:
    """Read InterPro's entries as the Python package GECCO carries them.

    Parameters
    ----------
    path
        ``interpro.json``: a list of entries, each with a ``name`` and its ``members``, the
        signatures of Pfam and other databases.
    release
        Where the file is from.

    Raises
    ------
    GeneAnalogiesError
        If the file is missing, or is not such a list.
    """
    try:
        content = path.read_bytes()
        names = {
            member: str(entry["name"])
            for entry in json.loads(content)
            for member in entry["members"]
            if member.startswith("PF")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GeneAnalogiesError(f"{path}: expected InterPro's entries in JSON ({error})") from None
    source = {
        "name": "InterPro",
        "release": release,
        "licence": "CC0 1.0",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return PfamNames(names, source)
