"""The embeddings that the package carries: how their files are written, verified and read.

An embedding is two files in ``gene_analogies/data``: ``NAME.npz`` with one int8 code for every
coordinate, and ``NAME.json`` with its provenance and the checksum of the first. ``human`` has no
file: it is composed of two that have.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.human import PARTS, compose
from gene_analogies.util.whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from numpy.typing import NDArray

__all__ = ["builtin_names", "load_builtin", "write_builtin"]

# Codes lie in -127..127, so that a vector and its negative lose equally.
_LARGEST_CODE = 127


_COMPOSED = "human"


def builtin_names() -> tuple[str, ...]:
    """Return the names of the built-in embeddings, the default first."""
    packed = sorted(
        entry.name.removesuffix(".npz")
        for entry in _data().iterdir()
        if entry.name.endswith(".npz")
    )
    return (_COMPOSED, *packed) if PARTS.keys() <= set(packed) else tuple(packed)


def load_builtin(name: str = _COMPOSED) -> Embedding:
    """Load an embedding that comes with the package, after checking its SHA-256.

    Parameters
    ----------
    name
        One of :func:`builtin_names`.

    Returns
    -------
    Embedding
        Gene symbols, the best-studied first; vectors of type float32, shape (n, d); and the
        provenance of the JSON file, or of both parts' files.

    Raises
    ------
    GeneAnalogiesError
        If the name is unknown, or the file is not the one that its checksum was taken of.
    """
    names = builtin_names()
    if name not in names:
        raise GeneAnalogiesError(
            f"no built-in embedding is called {name!r}; choose from {', '.join(names)}"
        )
    if name == _COMPOSED:
        return _composed()
    return _read_named(name)


def write_builtin(embedding: Embedding, name: str, directory: str | Path) -> dict[str, Any]:
    """Write an embedding as ``NAME.npz`` and ``NAME.json``, each file whole or not at all.

    Every row is divided by its largest coordinate and rounded to 255 levels.

    Parameters
    ----------
    embedding
        Vectors of shape (n, d), and a provenance that JSON can hold.
    name
        Stem of both files.
    directory
        Where they go; it is made when it does not exist.

    Returns
    -------
    dict
        The provenance as written: the embedding's own, its file's name, size and checksum.
    """
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    codes, scales = quantise(embedding.vectors)
    buffer = io.BytesIO()
    text = "\n".join(embedding.names).encode()
    np.savez(buffer, codes=codes, scales=scales, names=np.frombuffer(text, dtype=np.uint8))
    content = buffer.getvalue()
    provenance: dict[str, Any] = {
        **embedding.provenance,
        "file": {
            "name": f"{name}.npz",
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        },
    }
    description = json.dumps(provenance, indent=2, ensure_ascii=False) + "\n"
    # The checksum goes last: a broken run leaves a pair that is refused, never a wrong one.
    for path, data in (
        (directory / f"{name}.npz", content),
        (directory / f"{name}.json", description.encode()),
    ):
        with whole_file(path) as part:
            part.write_bytes(data)
    return provenance


def quantise(vectors: NDArray[np.floating]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round every row to 255 levels.

    Parameters
    ----------
    vectors
        Array of shape (n, d), finite.

    Returns
    -------
    codes : NDArray[np.int8]
        Array of shape (n, d), in -127..127.
    scales : NDArray[np.float32]
        Array of shape (n,); a row is about ``codes * scale``. A zero row has scale 0.
    """
    largest = np.abs(vectors).max(axis=1, keepdims=True).astype(np.float64)
    steps = np.where(largest > 0, largest / _LARGEST_CODE, 1.0)
    codes = np.rint(vectors / steps).astype(np.int8)
    return codes, (largest[:, 0] / _LARGEST_CODE).astype(np.float32)


def _composed() -> Embedding:
    """Join the parts, and their provenance."""
    parts = {name: _read_named(name) for name in PARTS}
    joined = compose(parts["pubmed"], parts["annotation"])
    provenance = {
        "name": _COMPOSED,
        "title": "Human genes by the papers that name them together and by what they are",
        "axes": "those of pubmed scaled to the same variance, then those of annotation",
        "weights": dict(PARTS),
        "parts": {name: dict(part.provenance) for name, part in parts.items()},
    }
    return Embedding(joined.names, joined.vectors, provenance)


def _read_named(name: str) -> Embedding:
    return _read(_data() / f"{name}.npz", _data() / f"{name}.json")


def _data() -> Traversable:
    return files("gene_analogies") / "data"


def _read(data: Traversable, description: Traversable) -> Embedding:
    """Verify and unpack one packed embedding."""
    try:
        provenance: Mapping[str, Any] = json.loads(description.read_text(encoding="utf-8"))
        expected = provenance["file"]["sha256"]
        content = data.read_bytes()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GeneAnalogiesError(
            f"{description.name}: expected a packaged embedding; reinstall gene-analogies ({error})"
        ) from None
    if hashlib.sha256(content).hexdigest() != expected:
        raise GeneAnalogiesError(
            f"{data.name}: the checksum differs from the one in {description.name};"
            " reinstall gene-analogies"
        )
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            names = arrays["names"].tobytes().decode().split("\n")
            vectors = np.multiply(arrays["codes"], arrays["scales"][:, None], dtype=np.float32)
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise GeneAnalogiesError(f"{data.name}: expected a packed embedding ({error})") from None
    return Embedding(names, vectors, provenance)
