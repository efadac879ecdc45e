"""Pair queries beside their floor, a blocked brute force and FAISS, all in one run.

Run ``python -m benchmarks.speed.pairs`` (or ``make bench``); docs/benchmarks.md holds a run and the
goals. Every timed answer is checked against the brute force.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.brute_force import best_pairs, pairs_above
from benchmarks.data_sets import DATA_SETS
from benchmarks.measure import seconds
from gene_analogies import Embedding, Space
from gene_analogies.search.engine.threads import thread_count
from gene_analogies.search.knn.index import build_index

K = 10


def median_seconds(call: Callable[[], object], repeats: int) -> float:
    """Median time of a call, after one that is not counted."""
    call()
    return float(np.median([seconds(call) for _ in range(repeats)]))


def directions_of(E: NDArray[np.float32], queries: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the unit offsets of the query pairs, (queries, d)."""
    offsets = E[queries[:, 0]].astype(np.float64) - E[queries[:, 1]]
    return np.asarray(offsets / np.linalg.norm(offsets, axis=1, keepdims=True))


def check(E: NDArray[np.float32], queries: NDArray[np.int64], answers: list[Any]) -> None:
    """Compare answers with all pairs that come near them, scored in float64."""
    q = directions_of(E, queries)
    tau = np.array([answer.similarity[-1] for answer in answers])
    candidates = pairs_above(E, q, tau * (1 - 1e-3))
    for direction, query, pairs, answer in zip(q, queries, candidates, answers, strict=True):
        pairs = pairs[~np.isin(pairs, query).any(axis=1)]
        offsets = E[pairs[:, 0]].astype(np.float64) - E[pairs[:, 1]]
        lengths = np.linalg.norm(offsets, axis=1)
        scores = np.divide(offsets @ direction, lengths, where=lengths > 0, out=0 * lengths)
        order = np.lexsort((pairs[:, 1], pairs[:, 0], -np.rint(scores * 2.0**40)))[:K]
        given = np.column_stack([answer.c_rows, answer.d_rows])
        if not np.array_equal(pairs[order], given):
            raise SystemExit(f"the answer to rows {query} differs from the brute force")


def bench_space(name: str, embedding: Embedding, count: int) -> dict[str, float]:
    """Time everything on one data set, in seconds; bytes for memory."""
    E = np.asarray(embedding.vectors, np.float32)
    n, d = E.shape
    space = Space(embedding, keep_index=False)
    build_index(embedding.vectors[:300])  # compiles
    start = time.perf_counter()
    index = space.index()
    build = time.perf_counter() - start
    queries = np.random.default_rng(0).integers(0, n, (count, 2))
    queries = queries[queries[:, 0] != queries[:, 1]]
    q = E[0].copy()
    names = embedding.names
    space.pairs(names[0], names[1], k=K)
    times, answers = [], []
    for a, b in queries:
        start = time.perf_counter()
        answer = space.pairs(names[a], names[b], k=K)
        times.append(time.perf_counter() - start)
        answers.append(answer)
    check(E, queries, answers)
    unit = directions_of(E, queries[:3])
    brute = float(np.median([median_seconds(partial(best_pairs, E, row, K), 1) for row in unit]))
    return {
        "n": n,
        "d": d,
        "floor": median_seconds(lambda: E @ q, 50),
        "sort": median_seconds(lambda: np.sort(E[:, 0]), 50),
        "median": float(np.median(times)),
        "worst": max(times),
        "brute": brute,
        "build": build,
        "product": median_seconds(lambda: E @ E.T, 1),
        "index": index.nbytes,
        "while building": building_memory(name),
    }


def building_memory(name: str) -> float:
    """Peak memory of an index build beyond what is there before it, in bytes (Linux)."""
    if not Path("/proc/self/clear_refs").exists():
        return float("nan")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.memory.index", name],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def bench_faiss(name: str, embedding: Embedding, n: int = 2_000) -> None:
    """Compare with an index of all offsets, on the first rows only."""
    import faiss

    faiss.omp_set_num_threads(thread_count())
    E = np.ascontiguousarray(embedding.vectors[:n], np.float32)
    space = Space(embedding.truncate(n), keep_index=False)
    flat = faiss.IndexFlatIP(E.shape[1])
    for row in range(n - 1):
        offsets = E[row] - E[row + 1 :]
        flat.add(offsets / np.maximum(np.linalg.norm(offsets, axis=1, keepdims=True), 1e-12))
    queries = np.random.default_rng(1).integers(0, n, (20, 2))
    queries = queries[queries[:, 0] != queries[:, 1]]
    names = embedding.names
    theirs, ours = [], []
    for (a, b), q in zip(queries, directions_of(E, queries).astype(np.float32), strict=True):
        both = np.stack([q, -q])  # each pair is stored once: the second finds its reverse
        theirs.append(median_seconds(partial(flat.search, both, K), 1))
        found = np.sort(flat.search(both, K)[0].ravel())[::-1][:K]
        answer = space.pairs(names[a], names[b], k=K, include_query=True)
        ours.append(median_seconds(partial(space.pairs, names[a], names[b], k=K), 3))
        if not np.allclose(found, answer.similarity, atol=1e-5):
            raise SystemExit(f"FAISS disagrees on rows {a}, {b}")
    slow, fast = float(np.median(theirs)), float(np.median(ours))
    large, small = flat.ntotal * E.shape[1] * 4, space.index().nbytes
    print(
        f"  {name:9}{E.shape[1]:7}{slow * 1e3:11.1f}{fast * 1e3:11.2f}{slow / fast:11.0f}"
        f"{large / 1e6:11.0f}{small / 1e6:11.2f}{large / small:11.0f}"
    )


def bench_commands() -> None:
    """Time whole processes."""
    command = str(Path(sys.executable).with_name("gene-analogies"))

    def process(*words: str) -> float:
        return median_seconds(lambda: subprocess.run(words, check=True, capture_output=True), 7)

    imports = process(sys.executable, "-c", "import numpy, numba")
    warm = process(command, "pairs", "EGF", "EGFR")
    print("\nWhole processes, median of 7; goals: 3 × the imports, 0.3 s")
    print(f"  python -c 'import numpy, numba'   {imports:6.2f} s")
    print(f"  gene-analogies pairs EGF EGFR     {warm:6.2f} s   {warm / imports:.1f} ×")
    print(f"  gene-analogies --help             {process(command, '--help'):6.2f} s")


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=int, default=100, help="random queries a data set")
    parser.add_argument(
        "--skip", nargs="*", default=[], choices=DATA_SETS, help="data sets to leave out"
    )
    options = parser.parse_args()
    print(f"{options.queries} random pairs a data set, {K} answers each, {thread_count()} threads;")
    print("every answer equals the blocked brute force. Times in ms; ratios within this run.\n")
    header = "n d E@q sort median worst goal÷ brute brute÷median brute÷worst"
    rows = {}
    print(f"  {'':9}" + "".join(f"{word:>13}" for word in header.split()))
    for name, load in DATA_SETS.items():
        if name in options.skip:
            continue
        row = rows[name] = bench_space(name, load(), options.queries)
        goal = row["median"] / (row["floor"] + row["sort"])
        print(
            f"  {name:9}{row['n']:13,.0f}{row['d']:13.0f}"
            + "".join(f"{row[key] * 1e3:13.2f}" for key in ("floor", "sort", "median", "worst"))
            + f"{goal:13.1f}{row['brute'] * 1e3:13.0f}"
            + f"{row['brute'] / row['median']:13.0f}{row['brute'] / row['worst']:13.1f}",
            flush=True,
        )
    print("\n  goal÷: median ÷ (E@q + sort), at most 8 on built-in and words")
    print("\nThe index: seconds to build beside E @ E.T, and MB beyond the embedding")
    header = "build E@E.T ratio index building"
    print(f"  {'':9}" + "".join(f"{word:>13}" for word in header.split()))
    for name, row in rows.items():
        values = (row["build"], row["product"], row["build"] / row["product"])
        print(
            f"  {name:9}"
            + "".join(f"{value:13.2f}" for value in values)
            + f"{row['index'] / 1e6:13.1f}{row['while building'] / 1e6:13.0f}"
        )
    print("\nAgainst FAISS IndexFlatIP over all offsets of the first 2,000 rows: ms a query, MB")
    header = "FAISS ours ratio FAISS ours ratio"
    print(f"  {'':9}{'d':>7}" + "".join(f"{word:>11}" for word in header.split()))
    for name in ("built-in", "words"):
        if name not in options.skip:
            bench_faiss(name, DATA_SETS[name]())
    bench_commands()


if __name__ == "__main__":
    main()
