"""Exact analogies between genes, in any embedding.

>>> import gene_analogies as ga
>>> space = ga.load()                         # the built-in embedding
>>> space.pairs("INS", "INSR", k=10)          # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

from gene_analogies._version import __version__
from gene_analogies.errors import (
    AmbiguousNameError,
    FormatError,
    GeneAnalogiesError,
    ItemNameError,
    MissingExtraError,
    NoVectorError,
    UnknownNameError,
)

if TYPE_CHECKING:
    from gene_analogies.embedding import Embedding
    from gene_analogies.genes.papers import papers
    from gene_analogies.genes.terms import shared_terms
    from gene_analogies.loading.read import load, load_embedding
    from gene_analogies.loading.save import save
    from gene_analogies.questions.agree import agree
    from gene_analogies.questions.known import known
    from gene_analogies.results import Answer, PairsResult
    from gene_analogies.space import Space

__all__ = [
    "AmbiguousNameError",
    "Answer",
    "Embedding",
    "FormatError",
    "GeneAnalogiesError",
    "ItemNameError",
    "MissingExtraError",
    "NoVectorError",
    "PairsResult",
    "Space",
    "UnknownNameError",
    "__version__",
    "agree",
    "known",
    "load",
    "load_embedding",
    "papers",
    "save",
    "shared_terms",
]

# These need NumPy, whose import is most of what a short command such as --help would take.
_LATER = {
    "Answer": "gene_analogies.results",
    "Embedding": "gene_analogies.embedding",
    "PairsResult": "gene_analogies.results",
    "Space": "gene_analogies.space",
    "agree": "gene_analogies.questions.agree",
    "known": "gene_analogies.questions.known",
    "load": "gene_analogies.loading.read",
    "load_embedding": "gene_analogies.loading.read",
    "papers": "gene_analogies.genes.papers",
    "save": "gene_analogies.loading.save",
    "shared_terms": "gene_analogies.genes.terms",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_LATER[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
