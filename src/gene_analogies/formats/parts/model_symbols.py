"""The gene symbols that a model brings: Geneformer's dictionary from symbol to Ensembl id.

It lies beside the dictionary of tokens, and knows ids that gene tables lack. Those of both
generations may lie there: ``gene_name_id_dict_gc30M.pkl`` (V1; once without an ending) and
``gene_name_id_dict_gc104M.pkl`` (V2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from gene_analogies.formats.pickles.safe_load import safe_load
from gene_analogies.formats.source import Source

__all__ = ["read_symbols", "symbols_beside"]

_FILES: Final = "gene_name_id_dict*.pkl"
_GENERATION: Final = re.compile(r"(?:token_dictionary|gene_name_id_dict)(.*)\.pkl", re.DOTALL)
_FIRST: Final = "_gc30M"
# Where Ensembl has no symbol, the dictionary repeats an id.
_ID: Final = re.compile(r"ENSG\d+(\.\d+)?", re.ASCII)


def symbols_beside(dictionary: Path, folders: Iterable[Path]) -> Path | None:
    """Return the file of symbols of the same generation as a dictionary of tokens.

    Parameters
    ----------
    dictionary
        The dictionary of tokens, whose folder is looked at first.
    folders
        Other folders of the model.

    Returns
    -------
    Path or None
        None where there is none of this generation, or the dictionary's name does not tell it.
    """
    wanted = _generation(dictionary)
    if wanted is None:
        return None
    for folder in dict.fromkeys((dictionary.parent, *folders)):
        for path in sorted(folder.glob(_FILES)):
            if path.is_file() and _generation(path) == wanted:
                return path
    return None


def read_symbols(path: Path) -> dict[str, str]:
    """Return the symbol of every Ensembl id in a file; of several, the first.

    Raises
    ------
    FormatError
        If it holds anything but texts by texts.
    """
    source = Source(path)
    with source.open() as stream:
        loaded = safe_load(stream, source)
    if not isinstance(loaded, Mapping):
        raise source.error(f"expected Ensembl ids by symbol, found a {type(loaded).__name__}")
    symbols: dict[str, str] = {}
    for symbol, identifier in loaded.items():
        if not isinstance(symbol, str) or not isinstance(identifier, str):
            raise source.error("expected Ensembl ids by symbol", f"{symbol!r:.60}")
        if not _ID.fullmatch(symbol):
            symbols.setdefault(identifier, symbol)
    return symbols


def _generation(path: Path) -> str | None:
    found = _GENERATION.fullmatch(path.name)
    return None if found is None else found[1] or _FIRST
