"""Answers of several embeddings on one sheet, which does not say whose they are; and its marks.

A sheet is a TSV file, one pair a row, with an empty column ``right``; the key, a JSON file, says
which embedding gave which pair at which rank.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import numpy as np

from gene_analogies.results import Item
from gene_analogies.util.wording import first_few

__all__ = ["Key", "Mark", "Relation", "read_key", "read_marks", "write_key", "write_sheet"]

_COLUMNS = ("query", "relation", "c", "d", "c_name", "d_name", "right")
_MARKS = {"1": True, "0": False}

#: Embedding → query → its pairs of symbols, best first.
Key = Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]


class Relation(NamedTuple):
    """A question a : b, its relation in words, and the set that it belongs to."""

    a: str
    b: str
    words: str
    set: str

    @property
    def query(self) -> str:
        """The question as sheets and keys have it, such as ``IL6 : IL6R``."""
        return f"{self.a} : {self.b}"


class Mark(NamedTuple):
    """What is judged: a pair as an answer to a query."""

    query: str
    c: str
    d: str


def write_sheet(
    path: Path,
    relations: Iterable[Relation],
    pools: Mapping[str, Iterable[tuple[Item, Item]]],
    seed: int,
) -> int:
    """Write each distinct pair of a query once, in an order drawn by seed; return how many.

    The order depends on the pairs and the seed alone, not on who gave them or at which rank.
    """
    rng = np.random.default_rng(seed)
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        sheet = csv.writer(stream, delimiter="\t", lineterminator="\n")
        sheet.writerow(_COLUMNS)
        for relation in relations:
            names: dict[tuple[str, str], tuple[str, str]] = {}
            for c, d in pools[relation.query]:
                pair = (c.symbol, d.symbol)
                known = names.get(pair, ("", ""))
                names[pair] = (known[0] or c.full_name, known[1] or d.full_name)
            pairs = sorted(names)
            for place in rng.permutation(len(pairs)).tolist():
                pair = pairs[place]
                sheet.writerow([relation.query, relation.words, *pair, *names[pair], ""])
            count += len(pairs)
    return count


def read_marks(path: Path) -> dict[Mark, bool]:
    """Read a judged sheet.

    Raises
    ------
    click.UsageError
        If the file is no UTF-8, a column is missing, a pair comes twice, or a row is not marked
        0 or 1.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets begin a file with a mark
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} is no UTF-8: {error}") from error
    rows = csv.DictReader(io.StringIO(text), delimiter="\t")
    missing = {"query", "c", "d", "right"}.difference(rows.fieldnames or ())
    if missing:
        raise click.UsageError(f"{path} has no column {first_few(sorted(missing))}")
    marks: dict[Mark, bool] = {}
    for row in rows:
        mark = Mark(row["query"], row["c"], row["d"])
        given = (row["right"] or "").strip()
        where = f"{path}, line {rows.line_num}, {mark.c} : {mark.d}"
        if given not in _MARKS:
            raise click.UsageError(f"{where}: right must be 1 or 0, not {given!r}")
        if mark in marks:
            raise click.UsageError(f"{where}: the pair comes twice under {mark.query}")
        marks[mark] = _MARKS[given]
    return marks


def write_key(path: Path, key: Key, seed: int) -> None:
    """Write who gave what, in the order of ranks."""
    content = {"seed": seed, "answers": key}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_key(path: Path) -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Read a key that `write_key` wrote.

    Raises
    ------
    click.UsageError
        If the file is none.
    """
    try:
        answers = json.loads(path.read_text(encoding="utf-8"))["answers"]
        return {
            embedding: {query: [(c, d) for c, d in pairs] for query, pairs in of.items()}
            for embedding, of in answers.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise click.UsageError(f"{path} is no key of a sheet") from error
