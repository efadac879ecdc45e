"""What is known of an embedding: its figures, and advice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from gene_analogies.describe.advice import advice_on
from gene_analogies.describe.figures import Figures
from gene_analogies.describe.text import info_text
from gene_analogies.report.text import json_text

__all__ = ["Info", "info_json"]


@dataclass(frozen=True)
class Info(Figures):
    """What is known of an embedding: `Figures`, what follows from them, and both as text."""

    @property
    def advice(self) -> tuple[str, ...]:
        """What to look at or to do, a sentence each; empty where no figure is bad."""
        return advice_on(self)

    def to_dict(self) -> dict[str, Any]:
        """Return all figures as what JSON can hold; hubs by name and symbol."""
        content = asdict(self)
        hubs = content["hubs"]
        if hubs is not None:
            hubs["largest"] = [
                {"name": item.name, "symbol": item.symbol, "row": row, "occurrences": times}
                for item, (row, times) in zip(self.hub_items, hubs["largest"], strict=True)
            ]
        del content["hub_items"]
        return {**content, "genes": self.genes, "advice": self.advice}

    def __str__(self) -> str:
        return info_text(self)


def info_json(info: Info, **more: str) -> str:
    """Return what is known of an embedding as one JSON object.

    Parameters
    ----------
    info
        What is known; the keys are the attributes of `Info`.
    **more
        Keys to put before them.
    """
    content = {**more, **info.to_dict()}
    return json_text(content, default=str) + "\n"
