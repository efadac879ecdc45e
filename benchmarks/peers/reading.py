"""Read all GloVe words from files of several formats, beside gensim; then pairs among all words.

Run ``python -m benchmarks.peers.reading``. The files are written first; each reading is a process
of its own, and is checked against what was written. A small file of the same format is read before,
so that imports count neither as time nor as memory.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.data_sets import glove_words
from benchmarks.measure import markdown_table, memory, reset_peak
from gene_analogies import Embedding, Space
from gene_analogies.errors import MissingExtraError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.registry import read_contents, write_embedding
from gene_analogies.formats.source import Source
from gene_analogies.search.engine.threads import thread_count
from gene_analogies.search.knn.index import build_index

K = 10
SMALL = 1_000

#: The files to write, and whether gensim reads them.
FILES = {
    "word2vec text": ("words.txt", True),
    "word2vec text, gzip": ("words.txt.gz", True),
    "word2vec binary": ("words.bin", True),
    "Parquet": ("words.parquet", False),
    "h5ad": ("words.h5ad", False),
}

Words = tuple[Sequence[str], NDArray[np.floating]]


def read_ours(path: Path) -> Words:
    """Read a file with this package."""
    contents = read_contents(Source(path), ReadOptions())
    return contents.names, contents.vectors


def read_gensim(path: Path) -> Words:
    """Read a file with gensim."""
    from gensim.models import KeyedVectors

    found = KeyedVectors.load_word2vec_format(str(path), binary=path.suffix == ".bin")
    return found.index_to_key, found.vectors


READERS: dict[str, Callable[[Path], Words]] = {"ours": read_ours, "gensim": read_gensim}


def digest(names: Sequence[str], vectors: NDArray[np.floating]) -> str:
    """Return a digest that two readings share if their names and vectors are equal."""
    found = hashlib.sha256("\n".join(names).encode())
    found.update(f"{vectors.dtype} {vectors.shape}".encode())
    found.update(np.ascontiguousarray(vectors).data)
    return found.hexdigest()


def measure_reading(reader: str, path: Path) -> dict[str, Any]:
    """Read one file in this process."""
    READERS[reader](path.parent / "small" / path.name)
    before = reset_peak()
    start = time.perf_counter()
    names, vectors = READERS[reader](path)
    seconds = time.perf_counter() - start
    peak = (memory("VmHWM") - before) / vectors.nbytes
    return {"seconds": seconds, "peak": peak, "digest": digest(names, vectors)}


def measure_pairs(path: Path, queries: int) -> dict[str, Any]:
    """Build the index of all words and ask for pairs, in this process."""
    embedding = Embedding(*read_ours(path))
    names = embedding.names
    warm = Space(embedding.truncate(3_000), keep_index=False)
    warm.pairs(names[0], names[1], k=K)
    build_index(embedding.vectors[:SMALL])
    space = Space(embedding, keep_index=False)
    before = reset_peak()
    start = time.perf_counter()
    index = space.index()
    build = time.perf_counter() - start
    peak = memory("VmHWM") - before
    times = []
    for a, b in np.random.default_rng(0).integers(0, len(names), (queries, 2)):
        start = time.perf_counter()
        space.pairs(names[a], names[b], k=K)
        times.append(time.perf_counter() - start)
    return {
        "build": build,
        "peak": peak,
        "index": index.nbytes,
        "matrix": embedding.vectors.nbytes,
        "times": times,
    }


def in_process(*words: str) -> dict[str, Any]:
    """Measure in a new process, so that nothing else is counted."""
    command = [sys.executable, "-m", "benchmarks.peers.reading", *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def bench_reading(embedding: Embedding, folder: Path, repeats: int) -> None:
    """Write the files, read each, and print the table."""
    expected = digest(embedding.names, embedding.vectors)
    small = embedding.truncate(SMALL)
    (folder / "small").mkdir()
    rows = [["format", "file, MB", "ours, s", "gensim, s", "ratio", "peak / matrix"]]
    for label, (name, also_gensim) in FILES.items():
        path = folder / name
        try:
            write_embedding(small, folder / "small" / name)
            write_embedding(embedding, path)
        except MissingExtraError as error:
            print(f"{label} is left out: {error}", file=sys.stderr)
            continue
        medians = {}
        peak = 0.0
        for reader in ["ours", "gensim"] if also_gensim and find_spec("gensim") else ["ours"]:
            done = [in_process("--read", reader, str(path)) for _ in range(repeats)]
            if any(one["digest"] != expected for one in done):
                raise SystemExit(f"{reader} read other words from {name} than were written")
            medians[reader] = float(np.median([one["seconds"] for one in done]))
            if reader == "ours":
                peak = max(one["peak"] for one in done)
        ours, theirs = medians["ours"], medians.get("gensim")
        rows.append(
            [
                label,
                f"{path.stat().st_size / 1e6:.0f}",
                f"{ours:.2f}",
                f"{theirs:.2f}" if theirs else "–",
                f"{theirs / ours:.1f}" if theirs else "–",
                f"{peak:.2f}",
            ]
        )
    print(markdown_table(rows))


def bench_pairs(path: Path, queries: int) -> None:
    """Print what exact pairs among all words take."""
    found = in_process("--pairs", str(path), "--queries", str(queries))
    times = np.array(found["times"])
    rows = [
        ["pairs among all words", "value"],
        ["build the index, s", f"{found['build']:.1f}"],
        ["peak while building, MB", f"{found['peak'] / 1e6:.0f}"],
        ["peak / matrix", f"{found['peak'] / found['matrix']:.2f}"],
        ["the index, MB", f"{found['index'] / 1e6:.1f}"],
        [f"median of {len(times)} queries, s", f"{np.median(times):.2f}"],
        ["worst query, s", f"{times.max():.2f}"],
    ]
    print(markdown_table(rows))


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="readings of each file")
    parser.add_argument("--queries", type=int, default=12, help="random pairs among all words")
    parser.add_argument("--skip-pairs", action="store_true", help="read only")
    parser.add_argument("--read", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--pairs", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(json.dumps(measure_reading(options.read[0], Path(options.read[1]))))
        return
    if options.pairs:
        print(json.dumps(measure_pairs(Path(options.pairs), options.queries)))
        return
    embedding = glove_words(10**7)
    n, d = embedding.vectors.shape
    print(
        f"{n:,} GloVe words × {d}, {embedding.vectors.nbytes / 1e6:.0f} MB as float32;"
        f" {thread_count()} threads.\nMedian of {options.repeats} readings, each a process of its"
        " own; names and vectors equal those written.\nThe peak is beyond what is in use before.\n"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench_reading(embedding, folder, options.repeats)
        if not options.skip_pairs:
            print(flush=True)
            bench_pairs(folder / FILES["word2vec binary"][0], options.queries)


if __name__ == "__main__":
    main()
