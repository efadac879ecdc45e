"""What `top` and `analogies --all` cost on one worker and on many, from measured blocks.

Run ``python -m benchmarks.speed.scale``; docs/scale.md holds a run. A worker is one core: a sample
of blocks is solved with one thread, and the processor time of the whole work follows from their
costs. Sizes that are not measured follow from a power of n through those that are.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import subprocess
import sys
import time
from typing import Any

import numpy as np

from benchmarks.data_sets import glove_words
from gene_analogies.runs import Job
from gene_analogies.search.analogies.all_items import TopJob
from gene_analogies.search.analogies.one_item import AnalogiesJob
from gene_analogies.search.knn.cluster_bounds import build_cluster_bounds
from gene_analogies.search.knn.index import build_index

K = 10
MAX_SIMILARITY = 0.8
SIZES = (20_000, 60_000, 350_000)
WORKERS = (1, 16, 256)

ONE_THREAD = (
    "GENE_ANALOGIES_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
)

#: Processor seconds after which no other block of a job is begun.
AT_MOST = 300.0

#: Few enough to compile all kernels in no time.
SMALL = 600


def jobs_of(count: int) -> dict[str, Job]:
    """Return both jobs on the first GloVe words."""
    vectors = glove_words(count).vectors
    clusters = build_cluster_bounds(vectors, build_index(vectors, -1))
    return {
        "top": TopJob(clusters, K, MAX_SIMILARITY),
        "analogies --all": AnalogiesJob(clusters, K, MAX_SIMILARITY),
    }


def measure(job: Job, samples: int) -> dict[str, float]:
    """Solve a sample of blocks, in the middles of equal shares of the cost, the last one first.

    Returns
    -------
    dict
        The number of blocks, processor seconds of the longest one in the sample, and of all.
    """
    costs = job.costs()
    reached = np.cumsum(costs)
    middles = (np.arange(samples) + 0.5) / samples * reached[-1]
    chosen = np.searchsorted(reached, middles)
    merged = job.merge([job.solve(0, -np.inf)]) if job.name == "top" else job.merge([])
    paces, longest, spent = [], 0.0, 0.0
    for block in chosen[::-1].tolist():
        start = time.process_time()
        part = job.solve(block, job.threshold(merged))
        seconds = time.process_time() - start
        merged = job.merge([merged, part])
        paces.append(seconds / costs[block])
        longest = max(longest, seconds)
        spent += seconds
        if spent > AT_MOST:
            break
    total = float(np.mean(paces) * reached[-1])
    return {"blocks": len(costs), "longest": longest, "total": total}


def measure_here(count: int, samples: int) -> None:
    """Print the measures of both jobs as JSON; in a process that may use one thread."""
    for job in jobs_of(SMALL).values():
        for block in range(len(job.costs())):
            job.solve(block, -np.inf)
    found: dict[str, Any] = {}
    for name, job in jobs_of(count).items():
        found[name] = measure(job, samples) | {"bytes": len(pickle.dumps(job))}
    print(json.dumps(found))


def measure_apart(count: int, samples: int) -> dict[str, dict[str, float]]:
    """Measure in a process of its own, with one thread for kernels and for BLAS."""
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
    command = ["benchmarks.speed.scale", "--measure", str(count), "--samples", str(samples)]
    done = subprocess.run(
        [sys.executable, "-m", *command], env=environment, check=True, stdout=subprocess.PIPE
    )
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    for limit, unit, name in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{seconds / unit:,.0f} {name}"
    days = seconds / 86400
    return f"{days:,.0f} days" if days < 730 else f"{days / 365.25:,.0f} years"


def table(name: str, measured: dict[int, dict[str, float]]) -> None:
    """Print what was measured of a job, and what follows for the sizes of the issue."""
    print(f"\n{name}\n{'n':>10}{'blocks':>10}{'longest':>12}{'sent':>10}{'one core':>12}")
    for n, one in measured.items():
        print(
            f"{n:>10,}{one['blocks']:>10,}{one['longest']:>10.1f} s{one['bytes'] / 1e6:>7.0f} MB"
            f"{duration(one['total']):>12}"
        )
    print(f"{'n':>10}{'workers':>10}" + "".join(f"{workers:>12,}" for workers in WORKERS))
    for n in sorted({*SIZES, *measured}):
        total, longest = fitted(measured, "total", n), fitted(measured, "longest", n)
        times = "".join(f"{duration(max(total / one, longest)):>12}" for one in WORKERS)
        print(f"{n:>10,}{'':>10}{times}{'' if n in measured else '   extrapolated'}")


def fitted(measured: dict[int, dict[str, float]], what: str, n: int) -> float:
    """Return what was measured at n, or lies on a power of n through what was measured."""
    if n in measured:
        return measured[n][what]
    values = np.log([one[what] for one in measured.values()])
    exponent, constant = np.polyfit(np.log(list(measured)), values, 1)
    return float(np.exp(constant) * n**exponent)


def main() -> None:
    """Measure, fit and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 10_000, 20_000])
    parser.add_argument("--samples", type=int, default=4, help="blocks of each job and size")
    parser.add_argument("--measure", type=int, metavar="N", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure is not None:
        measure_here(asked.measure, asked.samples)
        return
    measured = {n: measure_apart(n, asked.samples) for n in asked.sizes}
    for name in next(iter(measured.values())):
        table(name, {n: one[name] for n, one in measured.items()})


if __name__ == "__main__":
    main()
