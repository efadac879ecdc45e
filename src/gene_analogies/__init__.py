"""Exact analogies between genes, in any embedding.

>>> import gene_analogies as ga
>>> space = ga.load()                         # the built-in embedding
>>> space.pairs("INS", "INSR", k=10)          # doctest: +SKIP
"""

from gene_analogies._version import __version__
from gene_analogies.embedding import Embedding
from gene_analogies.errors import (
    AmbiguousNameError,
    GeneAnalogiesError,
    ItemNameError,
    NoVectorError,
    UnknownNameError,
)
from gene_analogies.results import PairsResult
from gene_analogies.space import Space, load

__all__ = [
    "AmbiguousNameError",
    "Embedding",
    "GeneAnalogiesError",
    "ItemNameError",
    "NoVectorError",
    "PairsResult",
    "Space",
    "UnknownNameError",
    "__version__",
    "load",
]
