"""How far an answer of pairs can be trusted, in a sentence or two above its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gene_analogies.util.wording import pluralise
from gene_analogies.web.rows import CLEARLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gene_analogies.results.chance import Chance
    from gene_analogies.web.rows import PairRow

__all__ = ["trust"]


def trust(rows: Sequence[PairRow], chance: Chance | None) -> str:
    """Return what the rows have in evidence, and how good random pairs are.

    Parameters
    ----------
    rows
        The rows.
    chance
        Of the query; None where it is not asked for.

    Returns
    -------
    str
        Empty where nothing is known.
    """
    said = []
    if rows and rows[0].p is not None:
        clear = sum(row.word == CLEARLY for row in rows)
        of = f"{clear:,} of {pluralise(len(rows), 'pair')}"
        said.append(f"{of} clearly {'belongs' if clear == 1 else 'belong'} together")
    if rows and rows[0].papers is not None:
        said.append(f"papers name both genes of {sum(bool(row.papers) for row in rows):,}")
    sentences = [", and ".join(said)] if said else []
    if chance is not None and chance.count is not None:
        sentences.append(chance.sentence)
    return " ".join(f"{one[:1].upper()}{one[1:]}." for one in sentences)
