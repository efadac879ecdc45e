"""Google's analogy questions on GloVe words, beside gensim, question for question.

Run ``python -m benchmarks.peers.evaluate`` (needs gensim, which brings the questions). Both are
asked in one process, with the first words as vocabulary; ours is the median of several runs, each
of a new space, from the file to the counts, and gensim runs once, since it takes minutes.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from benchmarks.data_sets import glove_words
from benchmarks.measure import markdown_table, memory, reset_peak
from gene_analogies import Embedding, Space
from gene_analogies.results import EvaluationResult
from gene_analogies.search.engine.threads import thread_count

Method = Literal["3CosAdd", "3CosMul"]

#: Of a section, its questions in capitals, each with whether it was answered right.
Verdicts = list[tuple[str, Counter[tuple[tuple[str, ...], bool]]]]


def run_gensim(
    embedding: Embedding, questions: Path, truncate: int, method: Method
) -> tuple[Verdicts, float]:
    """Answer the questions with gensim; return the verdicts and the seconds."""
    from gensim.models import KeyedVectors

    class MultiplyingVectors(KeyedVectors):  # type: ignore[misc]
        """`evaluate_word_analogies` ignores its ``similarity_function``: ask for it here."""

        def most_similar(self, *, restrict_vocab: int, **asked: Any) -> Any:  # noqa: ANN401
            return self.most_similar_cosmul(restrict_vocab=restrict_vocab, **asked)

        def init_sims(self) -> None:
            """Do what `most_similar_cosmul` wants; gensim warns that the name is old."""
            self.fill_norms()

    # 3CosMul in gensim compares all words, whatever the vocabulary.
    known = embedding if method == "3CosAdd" else embedding.truncate(truncate)
    kind = KeyedVectors if method == "3CosAdd" else MultiplyingVectors
    vectors = kind(known.dimension)
    vectors.add_vectors(list(known.names), known.vectors)
    start = time.perf_counter()
    _, sections = vectors.evaluate_word_analogies(str(questions), restrict_vocab=truncate)
    seconds = time.perf_counter() - start
    verdicts = [
        (
            one["section"],
            Counter((four, right == "correct") for right in ("correct", "incorrect")
                    for four in one[right]),
        )
        for one in sections[:-1]
    ]  # fmt: skip
    return verdicts, seconds


def run_ours(
    embedding: Embedding, questions: Path, truncate: int, method: Method, repeats: int
) -> tuple[EvaluationResult, float, float]:
    """Answer the questions; return the result, the median of the seconds and the peak in bytes."""
    times, peak = [], 0
    for _ in range(repeats):
        space = Space(embedding)
        before = reset_peak()
        start = time.perf_counter()
        result = space.evaluate(questions, method=method, truncate=truncate)
        times.append(time.perf_counter() - start)
        peak = max(peak, memory("VmHWM") - before)
    return result, float(np.median(times)), peak


def verdicts_of(result: EvaluationResult) -> Verdicts:
    """Return our verdicts as those of gensim."""
    found: Verdicts = []
    covered, begin = result.covered, 0
    for name, end in zip(result.sections, result.ends, strict=True):
        counts = Counter(
            (tuple(word.upper() for word in result.questions[place]), bool(result.correct[place]))
            for place in range(begin, end)
            if covered[place]
        )
        found.append((name, counts))
        begin = end
    return found


def compare(ours: Verdicts, theirs: Verdicts) -> tuple[list[list[str]], int]:
    """Return a table of accuracies, and how many questions have another verdict."""
    rows = [["section", "asked", "ours", "gensim", "other verdicts"]]
    if [name for name, _ in ours] != [name for name, _ in theirs]:
        raise SystemExit("gensim read other sections from the file")
    total = [0, 0, 0, 0]
    for (name, own), (_, other) in zip(ours, theirs, strict=True):
        differing = max((own - other).total(), (other - own).total())
        figures = [own.total(), _right(own), _right(other), differing]
        rows.append(_row(name, *figures))
        total = [a + b for a, b in zip(total, figures, strict=True)]
    rows.append(_row("total", *total))
    return rows, total[-1]


def _right(verdicts: Counter[tuple[tuple[str, ...], bool]]) -> int:
    return sum(count for (_, right), count in verdicts.items() if right)


def _row(name: str, asked: int, ours: int, theirs: int, differing: int) -> list[str]:
    shares = [f"{right / asked:.4f}" if asked else "–" for right in (ours, theirs)]
    return [name, f"{asked:,}", *shares, str(differing)]


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--method", choices=["both", *get_args(Method)], default="both")
    parser.add_argument("--truncate", type=int, default=30_000, help="words of the vocabulary")
    parser.add_argument("--questions", type=Path, help="another file of analogy questions")
    parser.add_argument("--repeats", type=int, default=3, help="runs of ours")
    options = parser.parse_args()
    questions = options.questions
    if questions is None:
        from gensim.test.utils import datapath

        questions = Path(datapath("questions-words.txt"))
    embedding = glove_words(10**7)
    print(
        f"{len(embedding):,} GloVe words × {embedding.dimension}, the first {options.truncate:,} "
        f"as vocabulary; {thread_count()} threads"
    )
    methods: list[Method] = [one for one in get_args(Method) if options.method in ("both", one)]
    summary = [["method", "ours, s", "gensim, s", "ratio", "other verdicts", "peak, MB"]]
    for method in methods:
        Space(embedding.truncate(100), keep_index=False).evaluate(
            {"warm": [embedding.names[:4]]}, method=method
        )
        result, seconds, peak = run_ours(
            embedding, questions, options.truncate, method, options.repeats
        )
        theirs, theirs_seconds = run_gensim(embedding, questions, options.truncate, method)
        rows, differing = compare(verdicts_of(result), theirs)
        print(f"\n{method}\n\n{markdown_table(rows)}", flush=True)
        summary.append(
            [
                method,
                f"{seconds:.2f}",
                f"{theirs_seconds:.1f}",
                f"{theirs_seconds / seconds:.0f}",
                str(differing),
                f"{peak / 1e6:.0f}",
            ]
        )
    print(f"\n{markdown_table(summary)}")


if __name__ == "__main__":
    main()
