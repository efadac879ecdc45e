"""Pickled dictionaries: name → vector.

GenePT (``GenePT_gene_embedding_ada_text.pickle``) and scELMo pickle a dictionary of lists or
arrays, BioConceptVec one whose names are ``Gene_1956``, ``Disease_MESH_D001943``, … Names are kept
as they are.
"""

from __future__ import annotations

import re
from typing import Final

from gene_analogies.formats.contents import Contents, ReadOptions
from gene_analogies.formats.parts.mapping import contents_of_loaded
from gene_analogies.formats.pickles.safe_load import safe_load
from gene_analogies.formats.source import Source

__all__ = ["read", "recognises"]

# A PROTO instruction, then one that may begin a pickle of data. Protocols 0 and 1 have no such
# beginning, and are recognised by the name of the file.
_BEGINNING: Final = re.compile(rb"\x80[\x02-\x05]")
_ENDINGS: Final = (".pickle", ".pkl")


def recognises(source: Source) -> bool:
    """Recognise a pickle by its first instruction, or by its ending."""
    return bool(_BEGINNING.match(source.head)) or (
        bool(source.head) and source.name.endswith(_ENDINGS)
    )


def read(source: Source, options: ReadOptions) -> Contents:
    """Read a pickled dictionary, or matrix, without running anything that is in it.

    Parameters
    ----------
    source
        The file.
    options
        ``key`` is the entry that holds the names, where one does; ``names`` a file of names.

    Returns
    -------
    Contents
        As `gene_analogies.formats.parts.mapping.contents_of_mapping` says.

    Raises
    ------
    FormatError
        If it refers to classes other than NumPy's arrays, or holds no vectors.
    """
    if source.is_folder:
        raise source.error("expected a pickle, found a folder")
    with source.open() as stream:
        return contents_of_loaded(safe_load(stream, source), source, options)
