"""How often random queries find a best match as good as that of a query."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Chance"]

#: Up to this p, a match is not called what chance finds as well.
_LEVEL = 0.05


@dataclass(frozen=True)
class Chance:
    """How many random queries like a query find a best match at least as good.

    Attributes
    ----------
    count
        How many; None where it is not known, and ``sentence`` says why.
    of
        Among how many; 0 where it is not known.
    p
        (1 + ``count``) / (1 + ``of``), or None.
    matched_by
        What the random queries are like the query in: ``"papers"`` (how many name a, and b) or
        ``"row"`` (their row numbers), and ``"cos_ab"``; means over several examples.
    sentence
        All this in words.
    random_best
        The cosines of the random queries' best matches, for figures; empty where they are not
        known, or ordered by something else.
    """

    count: int | None
    of: int
    p: float | None
    matched_by: tuple[str, ...]
    sentence: str
    random_best: tuple[float, ...] = field(default=(), repr=False)

    @classmethod
    def counted(
        cls,
        count: int,
        of: int,
        matched_by: tuple[str, ...],
        *,
        pairs: int,
        best: str,
        limit: float | None,
        telling: bool,
    ) -> Chance:
        """Return what a count among random queries says.

        Parameters
        ----------
        count, of, matched_by
            As above.
        pairs
            How many example pairs a query has.
        best
            What the best answer of a query is called: ``"best match"``.
        limit
            ``max_similarity``, where it leaves something out.
        telling
            Whether many known pairs find better matches than random ones, as docs/significance.md
            has it.
        """
        p = (1 + count) / (1 + of)
        what = "pairs" if pairs == 1 else f"lists of {pairs} pairs"
        like = "like this" if pairs == 1 else "like these"
        finds = "finds" if count == 1 else "find"
        doubt = "" if telling else "; few known pairs do"
        end = ": the match alone is no evidence" if p > _LEVEL else f" (p = {p:.2g}{doubt})"
        under = "" if limit is None else f" under max_similarity {limit:g}"
        sentence = f"{count} of {of} random {what} {like} {finds} a {best} this good{under}{end}"
        if matched_by == ("cos_ab",):
            sentence += "; they are like it in cos(a, b) alone"
        return cls(count, of, p, matched_by, sentence)

    @classmethod
    def unknown(cls, why: str) -> Chance:
        """Return that it is not known how good random queries are."""
        return cls(None, 0, None, (), f"chance of the query: not known, {why}")

    @property
    def is_evidence(self) -> bool:
        """Whether so good a match is rare enough to be evidence by itself."""
        return self.p is not None and self.p <= _LEVEL

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        facts = {**asdict(self), "matched_by": list(self.matched_by)}
        del facts["random_best"]
        return facts
