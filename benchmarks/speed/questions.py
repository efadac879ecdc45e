"""Every question against its goal, in one run, after checks against a brute force.

Run ``python -m benchmarks.speed.questions``; docs/benchmarks.md holds a run, and ``--write`` puts
a new one there. It takes about half an hour on two cores; progress goes to stderr.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.data_sets import DATA_SETS
from benchmarks.peers.old_tool import OldTool
from benchmarks.speed.question_checks import METHODS, MOST, K, check_all
from benchmarks.speed.question_table import Sheet, write_between
from benchmarks.speed.question_times import (
    time_analogies,
    time_building,
    time_edges,
    time_rows,
    time_share,
    time_top,
    warm_up,
)
from gene_analogies import Embedding, Space
from gene_analogies.search.engine.threads import thread_count

_DATA = ("built-in", "words", "i^-0.5")
_QUESTIONS = ("check", "similar", "analogies", "top", "share", "edges", "memory", "old-tool")
_PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_MARKER = "questions"

#: Items asked for by name, beside random ones.
_KNOWN = {"built-in": ("EGF", "TP53", "INS"), "words": ("france", "king", "river"), "i^-0.5": ()}
#: The old tool is compared on these; random numbers have no analogies worth finding.
_OLD_TOOL = ("built-in", "words")


@dataclass(frozen=True)
class _Sizes:
    """How much is asked."""

    items: int = 20_000
    few: int = 2_000
    checked: int = 1_000
    checks: int = 20
    queries: int = 50
    random: int = 5
    share: float = 0.02
    old_items: int = 20


_QUICK = _Sizes(3_000, 500, 300, 5, 10, 2, 0.02, 5)

_START = time.perf_counter()


def _say(text: str, end: str = "\n") -> None:
    print(f"{time.perf_counter() - _START:7.0f} s  {text}", file=sys.stderr, flush=True, end=end)


def _duration(seconds: float) -> str:
    if seconds < 0.1:
        return f"{seconds * 1e3:.2f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _measure_rows(sheet: Sheet, data: str, space: Space, queries: int) -> None:
    """Time the questions that are one look at every row."""
    for key, (asked, alone) in time_rows(space, queries).items():
        floor = _duration(float(np.median(asked.floor)))
        sheet.add(
            key, data, asked.ratio, f"{asked.ratio:.1f} × ({_duration(asked.median)} : {floor})"
        )
        sheet.add(
            f"{key} alone", data, alone.ratio, f"{alone.ratio:.1f} × ({_duration(alone.median)})"
        )


def _measure_analogies(sheet: Sheet, data: str, space: Space, count: int) -> None:
    rng = np.random.default_rng(2)
    names = [*_KNOWN[data], *(space.embedding.names[row] for row in rng.permutation(len(space)))]
    names = [name for name in names if name in space.embedding.rows]
    times = time_analogies(space, names[: len(_KNOWN[data]) + count])
    floor = _duration(float(np.median(times.floor)))
    sheet.add(
        "analogies", data, times.ratio, f"{times.ratio:.1f} × ({_duration(times.median)} : {floor})"
    )
    worst = float(times.call.max())
    over = worst / float(np.median(times.floor))
    sheet.add("analogies worst", data, over, f"{over:.1f} × ({_duration(worst)})")


def _measure_share(sheet: Sheet, data: str, space: Space, share: float) -> None:
    found = time_share(space, share, lambda done, of: _say(f"{data}: block {done} of {of}"))
    total = sum(found.seconds)
    edges, others = map(_duration, found.seconds)
    sheet.add(
        "share",
        data,
        total,
        f"{_duration(total)}: {edges} edges ({found.blocks[0]} blocks, {found.done[0]:.1%}), "
        f"{others} others ({found.blocks[1]} blocks, {found.done[1]:.1%})",
    )


def _measure_memory(sheet: Sheet, data: str, items: int) -> None:
    """Ask in a process of its own."""
    if not Path("/proc/self/clear_refs").exists():
        _say("memory is measured on Linux only: left out")
        return
    words = [sys.executable, "-m", "benchmarks.memory.questions", data, str(items)]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    peaks = json.loads(done.stdout)
    figures = {
        "similar": max(peaks["similar"], peaks["several"]),
        "complete": max(peaks[method] for method in METHODS),
        **{name: peaks[name] for name in ("overall", "field", "analogies", "top", "edges")},
    }
    for name, peak in figures.items():
        sheet.add(f"memory {name}", data, peak, f"{peak / 1e6:.0f} MB")


def _measure_old_tool(sheet: Sheet, data: str, space: Space, count: int) -> None:
    """Compare with exact answers, which are checked."""
    tool = OldTool(space.embedding.vectors)
    rng = np.random.default_rng(3)
    rows = [space.embedding.rows[name] for name in _KNOWN[data] if name in space.embedding.rows]
    rows = list(dict.fromkeys([*rows, *rng.permutation(len(space)).tolist()]))[:count]
    right, best, of = 0, 0, 0
    for row in rows:
        answer = space.analogies(space.embedding.names[row], k=K, max_similarity=MOST)
        found = np.stack([answer.b_rows, answer.c_rows, answer.d_rows], axis=1).tolist()
        theirs = tool.analogies(row, K, MOST)
        right += len(theirs & set(map(tuple, found)))
        best += tuple(found[0]) in theirs
        of += len(found)
    sheet.add(
        "old tool", data, right / of, f"{right / of:.0%} ({right} of {of}, n = {len(space):,})"
    )
    sheet.add("old best", data, best / len(rows), f"{best / len(rows):.0%} ({best} of {len(rows)})")


def _measure(sheet: Sheet, data: str, embedding: Embedding, asked: list[str], sizes: _Sizes) -> str:
    """Do all that is asked on one data set; return what was checked."""
    _say(f"{data}: compiling kernels")
    sheet.columns[data] = "{} ({:,} × {})".format(data, *embedding.vectors.shape)
    warm_up(embedding)
    small = Space(embedding.truncate(sizes.checked), keep_index=False)
    checked = ""
    if "check" in asked:
        _say(f"{data}: comparing with the brute force, n = {len(small):,}")
        checked = check_all(small, sizes.checks)
    space = Space(embedding, keep_index=False)
    if "similar" in asked:
        _say(f"{data}: similar, complete")
        _measure_rows(sheet, data, space, sizes.queries)
    if {"analogies", "share", "edges"} & set(asked):
        _say(f"{data}: building the index and the clusters")
        for key, taken in zip(("index", "field"), time_building(space), strict=True):
            sheet.add(key, data, taken, _duration(taken))
    if "analogies" in asked:
        _say(f"{data}: analogies")
        _measure_analogies(sheet, data, space, sizes.random)
    if "edges" in asked:
        _say(f"{data}: top among neighbours")
        taken = time_edges(space)
        sheet.add("edges", data, taken, _duration(taken))
    if "share" in asked:
        _say(f"{data}: top over all pairs, a share of it")
        _measure_share(sheet, data, space, sizes.share)
    if "top" in asked:
        _say(f"{data}: top over all pairs of the first {sizes.few:,}")
        taken = time_top(embedding, sizes.few)
        sheet.add("top", data, taken, _duration(taken))
    if "old-tool" in asked and data in _OLD_TOOL:
        _say(f"{data}: the old tool; its index takes minutes")
        _measure_old_tool(sheet, data, small, sizes.old_items)
    if "memory" in asked:
        _say(f"{data}: memory, in a process of its own")
        _measure_memory(sheet, data, sizes.items)
    return checked


def main() -> None:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", nargs="+", default=list(_DATA), choices=_DATA)
    parser.add_argument("--questions", nargs="+", default=list(_QUESTIONS), choices=_QUESTIONS)
    parser.add_argument("--quick", action="store_true", help="a few items only: a trial, no result")
    parser.add_argument("--write", action="store_true", help=f"put the table into {_PAGE.name}")
    options = parser.parse_args()
    whole = set(options.data) == set(_DATA) and set(options.questions) == set(_QUESTIONS)
    if options.write and (options.quick or not whole):
        parser.error("--write is for whole runs")
    sizes = _QUICK if options.quick else _Sizes()
    # What is missing is told now, and not when half of the work is done.
    if "old-tool" in options.questions and not importlib.util.find_spec("faiss"):
        raise SystemExit("the old tool needs FAISS: pip install -e '.[bench]'")
    _say("reading the embeddings")
    embeddings = {data: DATA_SETS[data]().truncate(sizes.items) for data in options.data}
    with suppress(AttributeError, OSError):  # not on Windows
        _say(f"load of this machine: {os.getloadavg()[0]:.1f}; figures need an idle one")
    sheet, checked = Sheet(), ""
    for data, embedding in embeddings.items():
        checked = _measure(sheet, data, embedding, options.questions, sizes) or checked
    text = f"{thread_count()} threads; medians of {sizes.queries} questions (`analogies`: "
    text += f"{sizes.random} random items, and a few well-known ones).\n"
    if options.quick:
        text += f"A trial: {sizes.items:,} items, and {sizes.few:,} for `top` of a few.\n"
    if checked:
        text += (
            f"On the first {sizes.checked:,} items of every data set these answers equal the brute "
            f"force, ten analogies or items each: {checked}.\n"
        )
    text += f"\n{sheet.table()}"
    _say("done")
    print(text)
    if options.write:
        write_between(_PAGE, _MARKER, text)


if __name__ == "__main__":
    main()
