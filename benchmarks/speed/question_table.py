"""The goals of every question, and the table that sets what was measured beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["GOALS", "Sheet", "write_between"]


@dataclass(frozen=True)
class Goal:
    """One line of the table.

    Attributes
    ----------
    title
        What is measured, in Markdown.
    words
        The goal, in Markdown; empty where there is none.
    most
        The most that reaches it; None where there is none.
    """

    title: str
    words: str = ""
    most: float | None = None


_PRODUCT = "at most 2 × (`E @ q` + selection of k)"
_MEMORY = "at most 256 MB"

GOALS = {
    "similar": Goal("`similar A`", _PRODUCT, 2.0),
    "3CosAdd": Goal("`complete A B C`, 3CosAdd", _PRODUCT, 2.0),
    "3CosMul": Goal("`complete A B C`, 3CosMul", _PRODUCT, 2.0),
    "PairDirection": Goal("`complete A B C`, PairDirection", _PRODUCT, 2.0),
    "similar alone": Goal("the search of `similar` alone"),
    "3CosAdd alone": Goal("that of 3CosAdd"),
    "3CosMul alone": Goal("that of 3CosMul"),
    "PairDirection alone": Goal("that of PairDirection"),
    "index": Goal("the neighbour index, once, kept on disk"),
    "field": Goal("clusters of rows and their distances, once a session"),
    "analogies": Goal("`analogies A`, median", "at most 10 × `E @ E.T`", 10.0),
    "analogies worst": Goal("`analogies A`, worst"),
    "top": Goal("`top`, all pairs of 2,000 items, with their index", "under 30 s", 30.0),
    "share": Goal("`top`, all pairs, extrapolated", "under 4 h", 4 * 3600.0),
    "edges": Goal("`top --edges 16`", "under 2 min", 120.0),
    "memory similar": Goal("memory: `similar`", _MEMORY, 256e6),
    "memory complete": Goal("memory: `complete`, worst method", _MEMORY, 256e6),
    "memory overall": Goal("memory: `similar --overall`", _MEMORY, 256e6),
    "memory field": Goal("memory: clusters of rows and their distances", _MEMORY, 256e6),
    "memory analogies": Goal("memory: `analogies A`", _MEMORY, 256e6),
    "memory top": Goal("memory: `top`, all pairs", _MEMORY, 256e6),
    "memory edges": Goal("memory: `top --edges 16`", _MEMORY, 256e6),
    "old tool": Goal("the old tool's ten best of an item: share that is right"),
    "old best": Goal("the old tool: items whose best analogy it finds"),
}


@dataclass
class Sheet:
    """What was measured: for every goal, by data set, the figure and how it is shown."""

    columns: dict[str, str] = field(default_factory=dict)
    cells: dict[str, dict[str, tuple[float, str]]] = field(default_factory=dict)

    def add(self, goal: str, data: str, figure: float, shown: str) -> None:
        """Add a figure; it is compared with the goal."""
        if goal not in GOALS:
            raise KeyError(goal)
        self.cells.setdefault(goal, {})[data] = figure, shown

    def table(self) -> str:
        """Return the Markdown table, in the order of the goals."""
        lines = [
            "| question | goal | " + " | ".join(self.columns.values()) + " | |",
            "|---|---|" + "---|" * len(self.columns) + "---|",
        ]
        for key, goal in GOALS.items():
            cells = self.cells.get(key)
            if cells:
                shown = [cells[data][1] if data in cells else "–" for data in self.columns]
                lines.append(
                    f"| {goal.title} | {goal.words} | "
                    + " | ".join(shown)
                    + f" | {self._verdict(key)} |"
                )
        return "\n".join(lines)

    def _verdict(self, key: str) -> str:
        most, cells = GOALS[key].most, self.cells[key]
        if most is None:
            return ""
        missed = [data for data, (figure, _) in cells.items() if not figure <= most]
        if not missed:
            return "reached"
        return "missed" if len(missed) == len(cells) else f"missed on {', '.join(missed)}"


def write_between(path: Path, marker: str, text: str) -> None:
    """Replace what stands between the comments ``<!-- marker -->`` and ``<!-- /marker -->``.

    Raises
    ------
    SystemExit
        If the file does not hold both.
    """
    content = path.read_text("utf-8")
    begin, end = f"<!-- {marker} -->", f"<!-- /{marker} -->"
    before, found, rest = content.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{path} does not hold {begin} and {end}")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")
