"""What p, the calibrated p and the chance of a query are worth: by chance, and on known pairs.

``python -m benchmarks.quality.significance --data FOLDER`` prints the tables of
`docs/significance.md` for some embeddings, under the options that `pairs` has, or under those given
alone.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
from numpy.typing import NDArray

import gene_analogies as ga
from benchmarks.data_sets import DATA
from benchmarks.measure import markdown_table
from benchmarks.quality.relation_lists import WORD_QUESTIONS, read_relations, sections_of
from gene_analogies.questions.chance import chance_of
from gene_analogies.questions.pair_search import PairOptions, direct, search_many
from gene_analogies.questions.query_pool import Pools
from gene_analogies.search.query_pool import draw_queries
from gene_analogies.search.significance import Excluded, benjamini_hochberg, mutual_rank_p

if TYPE_CHECKING:
    from gene_analogies.questions.pair_search import PairQuery

__all__ = ["Answers", "auc", "calibration_line", "chance_line", "power_line"]

_FAMOUS = 300
_ANSWERS = 10
_LEVEL = 0.05
#: Another one than that of the pools.
_SEED = 11
#: Items are about as well known if so many ranks apart.
_NEAR = 75
#: Of so many drawn pairs, the one most like a known pair.
_DRAWN = 20_000
#: Pairs in a list of examples.
_LIST = 5

#: Options of a search, and what they are called.
_CONDITIONS: dict[str, dict[str, Any]] = {
    "plain": {},
    "`max_similarity=0.5`": {"max_similarity": 0.5},
    "`pair_weight=0.25`": {"pair_weight": 0.25},
    "both": {"max_similarity": 0.5, "pair_weight": 0.25},
    '`metric="euclidean"`': {"metric": "euclidean"},
    '`operation="sum"`': {"operation": "sum"},
}


@dataclass
class Answers:
    """Answers to m queries, ten each.

    Attributes
    ----------
    p, p_cal
        float64 of shape (m, 10); NaN where there are no random queries to calibrate by.
    score
        float64 of shape (m, 10): by what answers are ordered.
    rows
        int64 of shape (m, 10, 2): rows of c and d.
    chance
        float64 of shape (m,): p of the query; NaN where it is not known.
    """

    p: NDArray[np.float64]
    p_cal: NDArray[np.float64]
    score: NDArray[np.float64]
    rows: NDArray[np.int64]
    chance: NDArray[np.float64]

    @classmethod
    def of(cls, space: ga.Space, queries: NDArray[np.int64], options: PairOptions) -> Answers:
        """Ask all queries, of shape (m, pairs, 2), but those with fewer than ten answers."""
        prepared, names = space.prepared, space.embedding.names
        pools = Pools(prepared, space.embedding, space.resolver, cache=True)
        allowed = np.arange(len(space)) < (options.truncate or len(space))
        asked: list[PairQuery] = []

        def directed() -> Iterator[PairQuery]:
            for examples in queries.tolist():
                try:
                    query = direct(prepared, names, examples, None, allowed, options)
                except ga.GeneAnalogiesError:
                    continue
                asked.append(query)
                yield query

        answers = list(search_many(prepared, directed(), options))
        full = [
            (query, found)
            for query, found in zip(asked, answers, strict=True)
            if len(found.c) == _ANSWERS
        ]
        rows = np.array([np.stack([found.c, found.d], 1) for _, found in full])
        examples = [np.unique(query.examples) for query, _ in full]
        start = np.cumsum([0, *map(len, examples)])
        question = np.repeat(np.arange(len(full)), _ANSWERS)
        p = mutual_rank_p(
            prepared.vectors, prepared.norms, *rows.reshape(-1, 2).T,
            allowed_c=allowed, allowed_d=allowed,
            excluded=Excluded(question, start, np.concatenate(examples)),
        ).reshape(-1, _ANSWERS)  # fmt: skip
        p_cal, chance = np.full(p.shape, np.nan), np.full(len(p), np.nan)
        for place, (query, found) in enumerate(full):
            known, random_p = chance_of(pools, query, options, allowed, found)
            chance[place] = np.nan if known.p is None else known.p
            if random_p is not None:
                as_small = np.searchsorted(random_p, p[place], side="right")
                p_cal[place] = (1 + as_small) / (1 + len(random_p))
        score = [found.order_by for _, found in full]
        return cls(p, p_cal, np.array(score), rows, chance)


def random_queries(count: int, among: int, pairs: int = 1) -> NDArray[np.int64]:
    """Draw lists of pairs of different rows among the first ones, shape (count, pairs, 2)."""
    random = np.random.default_rng(_SEED)
    first = random.integers(among, size=(count, pairs))
    second = (first + random.integers(1, among, size=first.shape)) % among
    return np.stack([first, second], axis=2)


def as_well_known(queries: NDArray[np.int64], popularity: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return queries whose members are about as popular as those of others, and drawn by seed."""
    random = np.random.default_rng(_SEED)
    order = np.argsort(-popularity, kind="stable")
    rank = np.argsort(order)[queries]
    moved = rank + random.integers(-_NEAR, _NEAR + 1, rank.shape)
    drawn = order[np.clip(moved, 0, len(order) - 1)]
    return np.asarray(drawn[drawn[:, 0, 0] != drawn[:, 0, 1]])


def as_close_too(space: ga.Space, queries: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return queries of pairs that are most like those of others, in popularity and cosine.

    They are taken from many that are drawn by seed, each at most once.
    """
    pools = Pools(space.prepared, space.embedding, space.resolver, cache=False)
    drawn = draw_queries(
        space.prepared.vectors, pools.log_popularity(np.arange(len(space))), _DRAWN,
        pairs=1, closeness=True, seed=_SEED, sign=-1,
    )  # fmt: skip
    features = pools.features(drawn, -1)
    wanted = pools.features(queries.reshape(-1, 1, 2), -1)
    spread = features.std(axis=0)
    free, nearest = np.ones(len(drawn), np.bool_), []
    for one in wanted:
        away = np.square((features - one) / spread).sum(axis=1)
        nearest.append(int(np.argmin(np.where(free, away, np.inf))))
        free[nearest[-1]] = False
    return drawn[nearest].reshape(queries.shape)


def auc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """Return how often a positive has the greater score; ties count half."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left") + np.searchsorted(ordered, positive, "right")
    return float(below.mean() / (2 * len(negative)))


def chance_line(label: str, answers: Answers) -> list[str]:
    """Return how good best matches are, and how often the p of the query is small."""
    known = ~np.isnan(answers.chance)
    return [
        label,
        f"{len(answers.p):,}",
        f"{np.median(answers.score[:, 0]):.2f}",
        f"{1 - known.mean():.1%}",
        _share(answers.chance[known] < _LEVEL),
    ]


def calibration_line(label: str, answers: Answers) -> list[str]:
    """Return how often p and p_cal are small."""
    p_cal = answers.p_cal[~np.isnan(answers.p_cal).any(axis=1)]
    return [
        label,
        f"{len(answers.p):,}",
        _share((answers.p < _LEVEL).mean(axis=1)),
        _share(_any_q(answers.p)),
        _share((p_cal < _LEVEL).mean(axis=1)),
        _share(_any_q(p_cal)),
    ]


_CALIBRATION = [
    "queries", "number", "p < .05", "any q < .05", "p_cal < .05", "any q of p_cal < .05",
]  # fmt: skip
_CHANCE = ["queries", "number", "median best", "not known", "p of the query < .05"]


def power_line(label: str, answers: Answers, listed: set[tuple[int, int]]) -> list[str]:
    """Return what p, p_cal and the score tell of answers that are listed pairs."""
    pairs = answers.rows.reshape(-1, 2).tolist()
    is_known = np.array([tuple(pair) in listed for pair in pairs])
    p, score = answers.p.ravel(), answers.score.ravel()
    calibrated = ~np.isnan(answers.p_cal.ravel())
    p_cal = answers.p_cal.ravel()[calibrated]
    known_cal = is_known[calibrated]
    return [
        label,
        f"{len(answers.p):,}",
        f"{is_known.sum():,} of {is_known.size:,}",
        f"{auc(-p[is_known], -p[~is_known]):.3f}",
        f"{auc(-p_cal[known_cal], -p_cal[~known_cal]):.3f}",
        f"{auc(score[is_known], score[~is_known]):.3f}",
        *_selected(p, is_known),
        *_selected(p_cal, known_cal),
    ]


_POWER = [
    "known pairs", "queries", "known among answers", "AUC of p", "of p_cal", "of the score",
    "p < .05", "known there", "elsewhere", "known lost",
    "p_cal < .05", "known there", "elsewhere", "known lost",
]  # fmt: skip


def _selected(p: NDArray[np.float64], is_known: NDArray[np.bool_]) -> Iterator[str]:
    """Yield the share of small p, of known pairs there and elsewhere, and of these among known."""
    small = p < _LEVEL
    for share in (small, is_known[small], is_known[~small], ~small[is_known]):
        yield f"{share.mean():.1%}" if len(share) else "–"


def _any_q(p: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.array([benjamini_hochberg(one).min() < _LEVEL for one in p], np.bool_)


def _share(shares: NDArray[Any]) -> str:
    return f"{shares.mean():.1%} ± {100 * shares.std(ddof=1) / len(shares) ** 0.5:.1f}"


def known_pairs(
    space: ga.Space, data: Path, say: Callable[[str], None]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return known pairs to ask, which no choice was made on, and all: shape (m, 1, 2), (l, 2).

    Of genes, liana's ligands and receptors; of words, those of Google's questions.
    """
    rows = space.embedding.rows
    questions = WORD_QUESTIONS.find(data)
    if space.resolver.vocabulary.table is None:
        if questions is None:
            raise click.ClickException(f"{data} holds no {WORD_QUESTIONS.files[0]}")
        every = sorted(set().union(*sections_of(questions, str.lower).values()))
        asked = [every[place] for place in np.random.default_rng(0).permutation(len(every))]
    else:
        relations = {one.name: one for one in read_relations(data, say)}
        if "ligand–receptor" not in relations:
            raise click.ClickException(f"{data} holds no wheel of liana")
        asked = list(relations["ligand–receptor"].held_out)
        every = list(relations["ligand–receptor"].pairs)
    named = [[(rows[a], rows[b]) for a, b in some if a in rows and b in rows and a != b]
             for some in (asked, every)]  # fmt: skip
    return np.array(named[0])[:, None, :], np.array(named[1])


@dataclass
class Report:
    """The lines of the tables; shown as soon as they are there, for all take some minutes."""

    calibration: list[list[str]]
    chance: list[list[str]]
    power: list[list[str]]
    times: list[list[str]]

    def add(self, table: list[list[str]], line: list[str]) -> None:
        """Add a line to a table."""
        table.append(line)
        click.echo(" | ".join(line), err=True)

    def measure(
        self,
        space: ga.Space,
        label: str,
        options: PairOptions,
        data: Path,
        count: int,
        *,
        lists: bool,
    ) -> None:
        """Ask all kinds of queries of an embedding under some options, lists of pairs if wished."""
        known, every = known_pairs(space, data, lambda line: click.echo(line, err=True))
        known_lists = known[: len(known) // _LIST * _LIST].reshape(-1, _LIST, 2)[:count]
        known = known[:count]
        pools = Pools(space.prepared, space.embedding, space.resolver, cache=False)
        popularity = pools.log_popularity(np.arange(len(space)))
        sets = {"random": random_queries(count, len(space))}
        if popularity is not None:
            sets[f"of the {_FAMOUS} best-known"] = np.argsort(-popularity, kind="stable")[
                random_queries(count, _FAMOUS)
            ]
            sets["as well known as known pairs"] = as_well_known(known, popularity)
        sets["as close, too"] = as_close_too(space, known)
        sets["known pairs"] = known
        if lists:
            sets[f"random lists of {_LIST}"] = random_queries(count // 2, len(space), _LIST)
            sets[f"lists of {_LIST}, as close"] = as_close_too(space, known_lists)
            sets[f"known lists of {_LIST}"] = known_lists
        listed = {(a, b) for a, b in every.tolist()}
        for name, queries in sets.items():
            answers = Answers.of(space, queries, options)
            self.add(self.calibration, calibration_line(f"{label}: {name}", answers))
            self.add(self.chance, chance_line(f"{label}: {name}", answers))
            if name.startswith("known"):
                self.add(self.power, power_line(f"{label}: {name}", answers, listed))

    def measure_times(self, space: ga.Space, label: str) -> None:
        """Measure search and evidence of some plain questions, one by one."""
        seconds = []
        for ((a, b),) in random_queries(100, len(space)).tolist():
            started = time.perf_counter()
            answer = space.pairs(space.embedding.names[a], space.embedding.names[b])
            searched = time.perf_counter()
            _ = answer.q, answer.cos_cd, answer.cos_ac, answer.cos_bd, answer.papers
            seconds.append((searched - started, time.perf_counter() - searched))
        median = np.median(seconds, axis=0)
        self.add(self.times, [label, *(f"{1e3 * one:.1f}" for one in median)])


@click.command()
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), default=DATA,
              show_default=True, help="Folder with liana's wheel.")  # fmt: skip
@click.option("-e", "--embedding", "sources", multiple=True, default=("human", "pubmed"),
              show_default=True, help="Names or files.")  # fmt: skip
@click.option("--queries", type=click.IntRange(min=10), default=1_000, show_default=True)
@click.option("--max-similarity", type=float)
@click.option("--pair-weight", type=float)
@click.option("--metric", type=click.Choice(["cosine", "euclidean"]))
@click.option("--operation", type=click.Choice(["difference", "sum"]))
@click.option("--truncate", type=int)
@click.option("--lists/--no-lists", default=True, show_default=True,
              help="Ask lists of five example pairs, too.")  # fmt: skip
@click.option("--plain", is_flag=True, help="No option, and not one after the other.")
def main(
    data: Path,
    sources: tuple[str, ...],
    queries: int,
    lists: bool,
    plain: bool,
    **given: Any,  # noqa: ANN401 - options of pairs
) -> None:
    """Print the tables of docs/significance.md.

    Example: python -m benchmarks.quality.significance --data FOLDER -e human --pair-weight 0.25
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    label = ", ".join(f"`{name}={value!r}`" for name, value in chosen.items()) or "plain"
    conditions = {label: chosen} if chosen or plain else _CONDITIONS
    report = Report([], [], [], [])
    for source in sources:
        space = ga.load(source)
        for condition, options in conditions.items():
            name = f"{Path(source).stem}, {condition}"
            searched = PairOptions(k=_ANSWERS, **options)
            report.measure(space, name, searched, data, queries, lists=lists)
        report.measure_times(space, Path(source).stem)
    for head, lines in (
        (_CALIBRATION, report.calibration),
        (_CHANCE, report.chance),
        (_POWER, report.power),
        (["median, ms", "search", "evidence"], report.times),
    ):
        print(markdown_table([head, *lines]), end="\n\n")


if __name__ == "__main__":
    main()
