"""A published embedding that is none: its bytes, and its entry in a catalogue."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Final

#: 1 MiB, which is several blocks.
CONTENT: Final = bytes(range(256)) * 4096
#: Somewhere in the middle of it.
HALF: Final = 700_000

_FIELDS: Final = {
    "title": "Toy", "kind": "genes", "description": "Toys.", "open": "toy.bin", "size": "a toy",
    "licence": "MIT", "citation": "Toy A (2020)", "homepage": "https://example.org", "tried": True,
}  # fmt: skip


def catalogue_text(**fields: Any) -> str:
    """Write a catalogue whose one entry is called ``toy``; JSON is YAML."""
    return json.dumps({"toy": {**_FIELDS, **fields}})


def file_of(
    content: bytes, path: str = "toy.bin", algorithm: str = "sha256", **fields: str
) -> dict[str, Any]:
    """Describe a file in full."""
    checksum = f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"
    return {"path": path, "bytes": len(content), "checksum": checksum, **fields}


def put(path: Path, content: bytes) -> Path:
    """Write a file into a folder that may have to be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
