"""How far an answer of pairs can be trusted, in a sentence or two above its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gene_analogies.util.wording import pluralise
from gene_analogies.web.rows import CLEARLY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gene_analogies.results.chance import Chance
    from gene_analogies.web.rows import PairRow

__all__ = ["trust"]

#: Up to this p a match is evidence.
_RARE: Final = 0.05


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
        belong = "belongs" if clear == 1 else "belong"
        said.append(f"{of} clearly {belong} together, in one way or another")
    if rows and rows[0].papers is not None:
        said.append(f"papers name both genes of {sum(bool(row.papers) for row in rows):,}")
    sentences = [", and ".join(said)] if said else []
    if chance is not None and chance.count is not None:
        rare = chance.p is not None and chance.p <= _RARE
        sentences.append(chance.sentence + (": the match itself is evidence" if rare else ""))
    return " ".join(f"{one[:1].upper()}{one[1:]}." for one in sentences)
