"""The map that comes with the package, and the command that makes it.

``python -m gene_analogies.sources.human_map`` writes ``data/maps/human.npz``: the places of all
genes of ``human`` by t-SNE, as int16, and beside them the SHA-256 of that embedding.
"""

from __future__ import annotations

import hashlib
import io
import json
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.layout.layout import Layout, share_kept
from gene_analogies.search.layout.principal import principal_plane
from gene_analogies.search.layout.tsne import SETTINGS, tsne
from gene_analogies.sources.builtin import load_builtin
from gene_analogies.sources.packed import write_packed_arrays

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from gene_analogies.embedding import Embedding

__all__ = ["main", "packaged_map", "write_map"]

_LARGEST = 32_767
_FILE = Path("maps") / "human.npz"
_DATA = Path(__file__).resolve().parents[1] / "data"


def packaged_map(embedding: Embedding) -> Layout | None:
    """Return the packaged map if it is of this very embedding, which its SHA-256 tells; else None.

    Raises
    ------
    GeneAnalogiesError
        If the file is not the one that was packaged.
    """
    about = json.loads(_beside(".json").read_text(encoding="utf-8"))
    if len(embedding) != about["items"] or embedding.sha256 != about["embedding"]["sha256"]:
        return None
    content = _beside(".npz").read_bytes()
    if hashlib.sha256(content).hexdigest() != about["sha256"]:
        raise GeneAnalogiesError("human.npz: the map is damaged; reinstall gene-analogies")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        coordinates = arrays["codes"] * np.float64(about["step"])
    coordinates.flags.writeable = False
    n = len(embedding)
    return Layout(np.arange(n), coordinates, "tsne", about["kept"]["tsne"], n)


def write_map(embedding: Embedding, path: Path) -> dict[str, Any]:
    """Make the map of an embedding of unit vectors, write it, and return what is told beside it."""
    units = embedding.vectors
    mean, axes = principal_plane(units)
    start = np.asarray(units - mean, np.float64) @ axes
    places = tsne(units, start)
    places -= (places.min(axis=0) + places.max(axis=0)) / 2.0
    step = float(np.abs(places).max()) / _LARGEST
    codes = np.rint(places / step).astype(np.int16)
    every = np.arange(len(units))
    about = {
        "title": "Places of the genes of human in a plane, by t-SNE",
        "items": len(units),
        "embedding": {"name": embedding.label, "sha256": embedding.sha256},
        "settings": SETTINGS,
        "step": step,
        "kept": {
            "tsne": round(share_kept(units, codes * np.float64(step), every), 4),
            "pca": round(share_kept(units, start, every), 4),
        },
        "built_with": {name: version(name) for name in ("numpy", "openTSNE")},
    }
    write_packed_arrays(path, {"codes": codes}, about)
    return about


def _beside(ending: str) -> Traversable:
    return files("gene_analogies") / "data" / "maps" / f"human{ending}"


@click.command()
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=_DATA,
    help="Folder to write to; by default the package's own data.",
)
def main(output: Path) -> None:
    """Make the packaged map of human again, and tell how many of the 10 nearest genes it keeps.

    It needs the extra map, and takes some three minutes. Run it whenever the packaged embeddings
    are rebuilt.
    """
    try:
        about = write_map(load_builtin(), output / _FILE)
    except GeneAnalogiesError as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        f"maps/human.npz: {about['items']:,} genes; of the 10 nearest genes t-SNE keeps "
        f"{about['kept']['tsne']:.1%}, PCA {about['kept']['pca']:.1%}"
    )


if __name__ == "__main__":
    main()
