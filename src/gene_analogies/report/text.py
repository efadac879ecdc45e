"""Pieces of text that every report shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gene_analogies.results import Item, PairsResult

__all__ = ["blanks_note", "labels", "one_line", "score_texts", "sign_of"]


def one_line(text: str) -> str:
    """Return text with every character that is not printable replaced.

    Names come from files of any origin; an escape sequence in one must not reach a terminal.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def labels(items: Iterable[Item]) -> dict[str, str]:
    """Return what to call each item, by its name: the symbol, where that tells it from others.

    Two items with one symbol (two Ensembl ids, say) are told apart by their own names.

    Examples
    --------
    >>> from gene_analogies.results import Item
    >>> labels([Item("king"), Item("queen")])
    {'king': 'king', 'queen': 'queen'}
    """
    symbols = {item.name: item.symbol for item in items}
    owners: dict[str, int] = {}
    for symbol in symbols.values():
        owners[symbol] = owners.get(symbol, 0) + 1
    return {
        name: one_line(symbol if owners[symbol] == 1 or symbol == name else f"{symbol} ({name})")
        for name, symbol in symbols.items()
    }


def score_texts(result: PairsResult) -> list[str]:
    """Return the similarities with as many digits as a reader needs.

    Cosines get four decimals. Distances are in units of the embedding, so they get an exponent
    where four decimals would say nothing.
    """
    scores = result.similarity.tolist()
    largest = max(map(abs, scores), default=0.0)
    plain = result.metric == "cosine" or largest == 0.0 or 0.01 <= largest < 1e6
    # Adding 0.0 turns a rounded −0 into 0.
    return [f"{round(score, 4) + 0.0:.4f}" if plain else f"{score:.4e}" for score in scores]


def sign_of(result: PairsResult) -> str:
    """Return what stands between the two members of a pair: ``:`` or ``+``."""
    return ":" if result.operation == "difference" else "+"


def blanks_note(result: PairsResult) -> str | None:
    """Say how many pairs were left out because they have no direction; None where none were."""
    if not result.without_direction:
        return None
    same = "equal" if result.operation == "difference" else "opposite"
    one = result.without_direction == 1
    return (
        f"{result.without_direction:,} {'pair' if one else 'pairs'} of {same} vectors "
        f"{'has' if one else 'have'} no direction and {'is' if one else 'are'} left out"
    )
