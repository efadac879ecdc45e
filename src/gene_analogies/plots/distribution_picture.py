"""The picture of a distribution."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gene_analogies.plots.caption import above, below, number
from gene_analogies.plots.distribution import Distribution
from gene_analogies.plots.lettering import shortened
from gene_analogies.plots.picture import Picture
from gene_analogies.plots.shapes import Anchor, Box, Line, Shape, Text, rectangle

__all__ = ["distribution_picture"]

_WIDTH, _MARGIN, _SIZE = 460.0, 16.0, 9.0
_TALL = 150.0
_TICKS = (-1.0, -0.5, 0.0, 0.5, 1.0)
#: How many answers are named, the first ones.
_NAMED = 5
_ROW = 12.0
#: Between strokes, which nobody could tell apart otherwise.
_STEP = 0.002
#: What names to the right of an answer need.
_ROOM = 100.0


def distribution_picture(
    drawn: Distribution, title: str, pairs: Sequence[str], more: Sequence[str] = ()
) -> Picture:
    """Return the similarities of all pairs as a histogram, those of the answers as strokes.

    Parameters
    ----------
    drawn
        The numbers.
    title
        What stands above.
    pairs
        What the answers are called.
    more
        More sentences to stand below.
    """
    words = [
        f"Grey: cosines with the query of {_pairs(drawn)}; the taller, the more pairs.",
        *_answers_in_words(drawn),
        *more,
    ]
    caption, bottom = below(words, _WIDTH)
    base = bottom + 26.0
    named = min(_NAMED, len(pairs))
    heading, top = above(title, _WIDTH, base + _TALL + 12.0)
    across = (_WIDTH - 2.0 * _MARGIN - 16.0) / 2.0
    zero = _WIDTH / 2.0
    up = _TALL / float(drawn.shares.max())
    shapes: list[Shape] = [
        rectangle(
            Box(zero + across * low, base, zero + across * high, base + up * share), "ink", 0.3
        )
        for low, high, share in zip(
            drawn.edges[:-1].tolist(), drawn.edges[1:].tolist(), drawn.shares.tolist(), strict=True
        )
        if share > 0.0
    ]
    shapes.append(Line(((zero - across, base), (zero + across, base)), width=0.8))
    for tick in _TICKS:
        x = zero + across * tick
        shapes.append(Line(((x, base - 4.0), (x, base)), width=0.8))
        label = number(tick, 1)
        shapes.append(Text((x, base - 15.0), label, _SIZE, "middle", opacity=0.75))
    marks = np.unique(np.round(drawn.answers / _STEP)) * _STEP
    shapes += [
        Line(((zero + across * mark, base), (zero + across * mark, base + 22.0)), "blue", 1.0, 0.8)
        for mark in marks.tolist()
    ]
    shapes += _names(drawn, pairs[:named], zero, across, base)
    return Picture(
        title, " ".join(words), _WIDTH, top, (*shapes, *heading, *caption), (zero, base),
        (across, up),
    )  # fmt: skip


def _names(
    drawn: Distribution, pairs: Sequence[str], zero: float, across: float, base: float
) -> list[Shape]:
    """Return the names of the first answers above their strokes, each with a line."""
    shapes: list[Shape] = []
    known = list(zip(pairs, (zero + across * drawn.answers).tolist(), strict=False))
    right = bool(known) and _WIDTH - known[0][1] > _ROOM
    # Lines cross no name: towards the right, the lowest name is that of the best answer, which is
    # the rightmost; towards the left, the highest.
    levels = [base + _TALL - 8.0 - _ROW * index for index in range(len(known))]
    heights = levels[::-1] if right else levels
    for (pair, x), height in zip(known, heights, strict=True):
        end, start = (x + 6.0, x + 9.0) if right else (x - 6.0, x - 9.0)
        room = (_WIDTH - 4.0 - start) if right else start - 4.0
        name = shortened(pair, _SIZE, min(room, 150.0))
        shapes.append(Line(((x, base + 22.0), (x, height), (end, height)), "ink", 0.5, 0.5))
        anchor: Anchor = "start" if right else "end"
        shapes.append(Text.around((start, height), name, _SIZE, anchor=anchor))
    return shapes


def _pairs(drawn: Distribution) -> str:
    return f"{drawn.pairs:,} pairs drawn at random" if drawn.sampled else "all pairs"


def _answers_in_words(drawn: Distribution) -> list[str]:
    count = len(drawn.answers)
    if not count:
        return ["There are no answers."]
    low, high = number(float(drawn.answers.min())), number(float(drawn.answers.max()))
    share = drawn.beyond
    of = "none" if share == 0.0 else f"{100.0 * share:.2g} %"
    return [
        f"Blue: the {count:,} answers, from {low} to {high}. At least as similar as the last of "
        f"them: {of} of {'these' if drawn.sampled else 'all'} pairs."
    ]
