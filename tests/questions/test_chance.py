"""The chance of a query, and p calibrated by random queries, as a user asks for them."""

import logging
import pickle
import threading

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.questions import query_pool
from gene_analogies.search import query_pool as draws
from gene_analogies.search.significance import mutual_rank_p

N = 150
NAMES = tuple(f"x{row}" for row in range(N))


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(0).normal(size=(N, 6))


@pytest.fixture(autouse=True)
def small_pools(small_pools, monkeypatch, tmp_path):
    """Pools that take no time, in a cache folder of their own."""
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def space_of(vectors, names=NAMES, **options):
    settings = {"genes": None, "keep_index": False, **options}
    return ga.Space(ga.Embedding(names, vectors), **settings)


def near_pair(space):
    """Two items in the middle of what random pairs are like."""
    return space.embedding.names[40], space.embedding.names[60]


OPTIONS = [
    {},
    {"pair_weight": 0.25},
    {"max_similarity": 0.5},
    {"operation": "sum"},
    {"metric": "euclidean"},
    {"among": NAMES[::2], "truncate": 120, "include_query": True, "k": 3},
]


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_counts_are_those_of_single_questions(vectors, options):
    """Ask each random query by itself, and count."""
    space = space_of(vectors)
    a, b = near_pair(space)
    found = space.pairs(a, b, chance=True, **options)
    sign = 1 if options.get("operation") == "sum" else -1
    rows = np.arange(N)

    def drawn(*counts, closeness):
        queries = np.concatenate([
            draws.draw_queries(
                vectors, popularity, count, pairs=1, closeness=closeness, seed=0, sign=sign
            )
            for count, popularity in zip(counts, (-np.log1p(rows), None), strict=False)
        ][::-1])  # fmt: skip
        together = np.array([space.similarity(NAMES[x], NAMES[y]) for x, y in queries[:, 0]])
        popular = -np.log1p(queries[:, 0])
        if sign > 0:
            popular = -np.sort(-popular, axis=1)
        return queries[:, 0], np.column_stack([popular, together])

    def nearest(features, wanted, count):
        away = ((features - wanted) / features.std(axis=0)) ** 2
        return np.argsort(away.sum(axis=1), kind="stable")[:count]

    wanted = np.array([*-np.log1p([40, 60]), space.similarity(a, b)])
    queries, features = drawn(300, closeness=True)
    best = []
    for x, y in queries[nearest(features, wanted, 60)]:
        answer = space.pairs(NAMES[x], NAMES[y], **{**options, "k": 1})
        best.append(answer.similarity[0] if answer.score is None else answer.score[0])
    own = found.similarity[0] if found.score is None else found.score[0]
    count = sum(one >= own for one in best)
    assert (found.chance.count, found.chance.of) == (count, 60)
    assert found.chance.p == (1 + count) / 61
    by_cosine = found.metric == "cosine" and found.score is None
    assert sorted(found.chance.random_best) == (sorted(best) if by_cosine else [])
    assert "random_best" not in found.chance.facts

    queries, features = drawn(100, 100, closeness=False)
    random_p = []
    for x, y in queries[nearest(features[:, :2], wanted[:2], 60)]:
        answer = space.pairs(NAMES[x], NAMES[y], **options)
        random_p += raw_p(space, answer, {x, y}, options).tolist()
    p = raw_p(space, found, {40, 60}, options)
    expected = [(1 + sum(r <= one for r in random_p)) / (1 + len(random_p)) for one in p]
    assert found.p_cal.tolist() == expected
    assert (found.q >= found.p_cal - 1e-12).all()


def raw_p(space, answer, query, options):
    """Return p of an answer, shown or not."""
    allowed = np.arange(N) < options.get("truncate", N)
    if "among" in options:
        allowed &= np.arange(N) % 2 == 0
    if not options.get("include_query"):
        allowed[list(query)] = False
    prepared = space.prepared
    return mutual_rank_p(
        prepared.vectors, prepared.norms, answer.c_rows, answer.d_rows,
        allowed_c=allowed, allowed_d=allowed,
    )  # fmt: skip


def test_ties_count_against_a_query():
    """Where every offset has its copy, all best matches are as good."""
    corner = np.random.default_rng(1).normal(size=(75, 5))
    vectors = np.vstack([corner, corner + np.array([3.0, 0, 0, 0, 0])])
    space = space_of(vectors.astype(np.float32))
    a, b = near_pair(space)
    found = space.pairs(a, b, chance=True)
    assert found.similarity[0] == pytest.approx(1.0, abs=1e-6)
    assert found.chance.p > 0.5


def test_p_of_random_queries_is_uniform(vectors):
    space = space_of(vectors)
    random = np.random.default_rng(7)
    p = []
    for _ in range(200):
        a, b = random.choice(N, 2, replace=False)
        p.append(space.pairs(NAMES[a], NAMES[b], k=1, chance=True).chance.p)
    known = np.array([one for one in p if one is not None])
    assert len(known) > 120
    assert np.abs(np.quantile(known, [0.25, 0.5, 0.75]) - [0.25, 0.5, 0.75]).max() < 0.15
    assert (known < 0.05).mean() < 0.12


def test_a_pool_is_asked_once_and_kept(vectors, small_pools, monkeypatch):
    calls = []
    space = space_of(vectors, keep_index=True)
    first = space.pairs(*near_pair(space), chance=True, progress=lambda *done: calls.append(done))
    (path,) = query_pool.stored_pools()
    assert path.parent == small_pools
    assert calls[0] == (0, 500)
    assert calls[-1] == (500, 500)
    assert calls == sorted(calls)
    monkeypatch.setattr(query_pool.Pools, "_ask", None)
    for one in (space, space_of(vectors, keep_index=True)):
        again = one.pairs(*near_pair(one), chance=True)
        assert again.chance == first.chance
        assert again.p_cal.tolist() == first.p_cal.tolist()


def test_nothing_is_written_where_nothing_is_kept(vectors, small_pools):
    space = space_of(vectors)
    assert space.pairs(*near_pair(space), chance=True).chance.count is not None
    assert not small_pools.exists()


@pytest.mark.parametrize(
    "change", [{"pair_weight": 0.5}, {"among": NAMES[:149]}, {"include_query": True}]
)
def test_other_options_have_a_pool_of_their_own(vectors, small_pools, change):
    space = space_of(vectors, keep_index=True)
    space.pairs(*near_pair(space), chance=True)
    space.pairs(*near_pair(space), chance=True, k=2)
    assert len(query_pool.stored_pools()) == 1
    space.pairs(*near_pair(space), chance=True, **change)
    assert len(query_pool.stored_pools()) == 2


def test_a_damaged_pool_is_asked_again(vectors, small_pools, caplog):
    first = space_of(vectors, keep_index=True).pairs("x40", "x60", chance=True)
    (path,) = query_pool.stored_pools()
    path.write_bytes(path.read_bytes()[:-100])
    with caplog.at_level(logging.WARNING):
        again = space_of(vectors, keep_index=True).pairs("x40", "x60", chance=True)
    assert again.chance == first.chance
    assert "the random pairs are asked again" in caplog.text


def test_a_stopped_pool_leaves_nothing(vectors, small_pools):
    def stop(done, total):
        if done > total / 2:
            raise KeyboardInterrupt

    space = space_of(vectors, keep_index=True)
    with pytest.raises(KeyboardInterrupt):
        space.pairs("x40", "x60", chance=True, progress=stop)
    assert query_pool.stored_pools() == []
    assert space.pairs("x40", "x60", chance=True).chance.count is not None


def test_threads_ask_one_pool(vectors, monkeypatch):
    space = space_of(vectors)
    asked, real = [], query_pool.Pools._ask

    def ask(*arguments):
        asked.append(1)
        return real(*arguments)

    monkeypatch.setattr(query_pool.Pools, "_ask", ask)
    threads = [
        threading.Thread(target=lambda: space.pairs("x40", "x60", chance=True)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert asked == [1]


def test_several_examples_are_compared_with_lists(vectors):
    space = space_of(vectors)
    found = space.pairs([("x40", "x60"), ("x50", "x70"), ("x45", "x65")], chance=True)
    assert "random lists of 3 pairs like these" in found.chance.sentence
    many = [(f"x{row}", f"x{row + 1}") for row in range(0, 42, 2)]
    found = space.pairs(many, chance=True)
    assert found.chance.sentence == "chance of the query: not known, it is for up to 20 examples"
    assert found.p_cal is None


def test_what_random_pairs_are_not_like(vectors):
    some = vectors.copy()
    some[1] = some[0] + 1e-3
    far = space_of(np.vstack([some, [[0.0] * 5 + [1.0]]]), (*NAMES, "y"))
    found = far.pairs("x0", "x1", chance=True)
    assert (found.chance.p, found.p_cal.shape) == (None, (10,))
    few = space_of(vectors[:99], NAMES[:99])
    found = few.pairs("x0", "x1", chance=True)
    assert found.chance.sentence == (
        "chance of the query: not known, 99 items are too few to draw random pairs"
    )
    assert (found.chance.of, found.p_cal) == (0, None)
    assert few.pairs("x0", "x1", chance=True, pair_weight=1).remarks[-1] == (
        "no p: with a pair weight, it is small by chance too often, and random pairs to calibrate "
        "it are lacking"
    )


@pytest.mark.parametrize(
    ("names", "genes", "matched_by"),
    [
        (NAMES, None, ("row", "cos_ab")),
        ([str(row) for row in range(N)], None, ("row", "cos_ab")),
        ([f"ENSG{row:011d}" for row in range(N)], "packaged", ("row", "cos_ab")),
    ],
)
def test_popularity_without_genes(vectors, names, genes, matched_by):
    space = space_of(vectors, names, genes=genes)
    assert space.pairs(names[40], names[60], chance=True).chance.matched_by == matched_by


def test_popularity_of_genes(vectors):
    names = ga.load("human").embedding.names
    names = [name for name in names if name != "TP53"][:N]  # Tp53 is a name of rat's
    human = space_of(vectors, names, genes="packaged")
    found = human.pairs(names[40], names[60], chance=True)
    assert found.chance.matched_by == ("papers", "cos_ab")
    # Mouse genes have no papers here.
    mouse = space_of(vectors, [name.capitalize() for name in names], genes="packaged")
    found = mouse.pairs(mouse.embedding.names[40], mouse.embedding.names[60], chance=True)
    assert found.chance.matched_by == ("cos_ab",)
    assert found.chance.sentence.endswith("; they are like it in cos(a, b) alone")


def test_an_offset_has_no_chance(vectors):
    with pytest.raises(ga.GeneAnalogiesError, match=r"^chance needs example items, which offset="):
        space_of(vectors).pairs(offset=vectors[0], chance=True)


def test_it_is_not_there_unless_asked_for(vectors):
    found = space_of(vectors).pairs("x0", "x1")
    assert (found.chance, found.p_cal) == (None, None)


def test_a_copy_has_it(vectors):
    found = space_of(vectors).pairs("x40", "x60", chance=True)
    copy = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own
    assert copy.chance == found.chance
    assert copy.p_cal.tolist() == found.p_cal.tolist()
