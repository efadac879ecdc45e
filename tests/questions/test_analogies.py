"""`Space.analogies`, `Space.all_analogies` and `Space.top` as a user calls them."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from quad_oracle import all_analogies, best
from spaces import PAIR_SPACES as SPACES

import gene_analogies as ga
from gene_analogies.search.analogies import all_items as search_top
from gene_analogies.search.analogies import one_item as search_analogies

KINDS = ["gaussian", "clusters", "integers", "near copies", "zeros and copies", "few vectors"]
N = 20
NAMES = tuple(f"x{row}" for row in range(N))


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A cache folder of this test's own: what is kept must not answer for the search."""
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def small_blocks(monkeypatch):
    """Make a few items many blocks."""
    monkeypatch.setattr(search_top, "_EDGES", 32)
    monkeypatch.setattr(search_top, "_ROWS", 5)
    monkeypatch.setattr(search_analogies, "_ITEMS", 3)


def space_of(vectors):
    return ga.Space(ga.Embedding([f"x{row}" for row in range(len(vectors))], vectors), genes=None)


@pytest.fixture(scope="module")
def vectors():
    return SPACES["gaussian"](N, 5, np.float64)


@pytest.fixture
def space(vectors):
    return space_of(vectors)


def truth(vectors, *, k=10, max_similarity=0.8, a=None, pairs=None, rows=None, distinct=False):
    """Return the rows and scores that the brute force finds, of ``a`` or of all."""
    rows = np.arange(len(vectors)) if rows is None else np.asarray(rows)
    places = {row: place for place, row in enumerate(rows.tolist())}
    given = None
    if pairs is not None:
        given = [(places[c], places[d]) for c, d in pairs if c in places and d in places]
    quads, scores = all_analogies(np.asarray(vectors)[rows], max_similarity, given)
    own = quads[:, 0] == (quads.min(axis=1) if a is None else places[a])
    quads, scores = best(quads[own], scores[own], len(quads) if distinct else k)
    if distinct:
        kept = greedy(quads.tolist())[:k]
        quads, scores = quads[kept], scores[kept]
    return rows[quads], scores


def greedy(quads):
    """Return the places of those that share three items with none kept before."""
    kept = []
    for place, quad in enumerate(quads):
        if all(len({*quad} & {*quads[other]}) < 3 for other in kept):
            kept.append(place)
    return kept


def same(result, wanted):
    quads, scores = wanted
    found = np.stack([result.a_rows, result.b_rows, result.c_rows, result.d_rows], axis=1)
    np.testing.assert_array_equal(found, quads)
    np.testing.assert_array_equal(result.similarity, scores)
    names = [tuple(f"x{row}" for row in quad) for quad in quads.tolist()]
    assert [one[:4] for one in result] == names
    assert [one.similarity for one in result] == scores.tolist()


def as_listed(wanted, pairs):
    """Write analogies with as many pairs as can be in their listed order, an early one first."""
    quads, scores = wanted

    def listed(pair):
        return pairs.index(pair) if pair in pairs else np.inf

    def rank(quad):
        first, second = listed(quad[:2]), listed(quad[2:])
        return np.isinf([first, second]).sum(), first

    written = [
        min([(a, b, c, d), (c, d, a, b), (b, a, d, c), (d, c, b, a)], key=rank)
        for a, b, c, d in quads.tolist()
    ]
    return np.array(written).reshape(-1, 4), scores


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_equal_brute_force(kind, dtype):
    vectors = SPACES[kind](N, 5, dtype)
    space = space_of(vectors)
    same(space.analogies("x7"), truth(vectors, a=7))
    same(space.top(), truth(vectors))


def test_the_answer_of_one_item(space, vectors):
    result = space.analogies("x3", k=4)
    same(result, truth(vectors, a=3, k=4))
    assert (result.item.name, result.query) == ("x3", "best analogies of x3")
    assert (result.title, result.max_similarity, result.distinct) == ("x3 : b ≈ c : d", 0.8, False)
    assert [item.name for item in result.a] == ["x3"] * 4
    assert (result.b_rows.dtype, result.similarity.dtype) == (np.int64, np.float64)


@pytest.mark.parametrize("max_similarity", [-1.0, -0.2, 0.0, 0.5, 1.0, 1])
def test_max_similarity(space, vectors, max_similarity):
    options = {"max_similarity": max_similarity}
    same(space.analogies("x1", **options), truth(vectors, a=1, **options))
    same(space.top(k=30, **options), truth(vectors, k=30, **options))


def test_items_exactly_at_max_similarity_may_answer():
    """cos(a, c) and cos(b, d) are 4/5, which is not above 0.8."""
    vectors = np.eye(4)
    vectors[2, [0, 2]] = vectors[3, [1, 3]] = 4, 3
    space = space_of(vectors)
    same(space.top(max_similarity=0.8), truth(vectors, max_similarity=0.8))
    same(space.analogies("x0", max_similarity=0.8), truth(vectors, a=0, max_similarity=0.8))
    assert ("x0", "x1", "x2", "x3") in [one[:4] for one in space.top(max_similarity=0.8)]
    below = space.top(max_similarity=0.8 - 1e-9)
    assert ("x0", "x1", "x2", "x3") not in [one[:4] for one in below]


def test_there_may_be_no_analogies(space):
    result = space.analogies("x1", max_similarity=-1)
    assert (len(result), result.item.name) == (0, "x1")
    assert "no analogies" in str(result)
    assert result.to_frame().empty
    assert len(space.top(max_similarity=-1)) == 0


@pytest.mark.parametrize("k", [1, 3, 500, 10_000])
def test_k(space, vectors, k):
    same(space.analogies("x2", k=k), truth(vectors, a=2, k=k))
    same(space.top(k=k), truth(vectors, k=k))


AMONG = [1, 2, 5, 8, 9, 13, 17]


def test_among(space, vectors):
    among = [f"x{row}" for row in AMONG[::-1]]
    same(space.analogies("x5", among=among), truth(vectors, a=5, rows=AMONG))
    same(space.analogies("x3", among=among), truth(vectors, a=3, rows=[1, 2, 3, *AMONG[2:]]))
    same(space.top(among=iter(among)), truth(vectors, rows=AMONG))
    same(space.top(among=among, edges=2), truth(vectors, rows=AMONG, pairs=near(vectors, 2, AMONG)))


def test_truncate(space, vectors):
    same(space.analogies("x5", truncate=9), truth(vectors, a=5, rows=range(9)))
    same(space.analogies("x19", truncate=9), truth(vectors, a=19, rows=[*range(9), 19]))
    same(space.top(truncate=9), truth(vectors, rows=range(9)))
    same(space.top(truncate=4), truth(vectors, rows=range(4)))
    same(space.top(truncate=1000), truth(vectors))
    among = [f"x{row}" for row in AMONG]
    same(space.top(truncate=10, among=among), truth(vectors, rows=AMONG[:5]))


def test_the_same_first_rows_are_grouped_once(space, monkeypatch):
    whole, part = space.top(), space.top(truncate=9)
    monkeypatch.setattr("gene_analogies.search.knn.cluster_bounds.build_cluster_bounds", None)
    assert list(space.top()) == list(whole)
    assert list(space.top(truncate=9)) == list(part)


@pytest.mark.parametrize("kind", ["gaussian", "clusters", "integers"])
def test_distinct(kind):
    vectors = SPACES[kind](N, 5, np.float32)
    space = space_of(vectors)
    for k in (1, 6, 40):
        same(space.analogies("x4", k=k, distinct=True), truth(vectors, a=4, k=k, distinct=True))
    result = space.top(k=25, distinct=True)
    same(result, truth(vectors, k=25, distinct=True))
    assert (result.distinct, result.notes) == (True, ())


def test_distinct_asks_for_more_until_there_are_enough(space, vectors, monkeypatch, tmp_path):
    """The first 200 do not hold 60 distinct ones."""
    asked = []
    real = search_top.TopJob.__init__

    def recorded(self, clusters, k, *more):
        asked.append(k)
        real(self, clusters, k, *more)

    monkeypatch.setattr(search_top.TopJob, "__init__", recorded)
    monkeypatch.setattr("gene_analogies.questions.analogy_search._first_count", lambda _: 200)
    result = space.top(k=60, distinct=True, folder=tmp_path / "run")
    same(result, truth(vectors, k=60, distinct=True))
    assert asked == [200, 2000]
    assert sorted(one.name for one in (tmp_path / "run").iterdir()) == ["best-200", "best-2000"]


def test_distinct_says_where_it_gives_up(space, vectors, monkeypatch):
    monkeypatch.setattr("gene_analogies.questions.analogy_search._MAX_COUNT", 50)
    result = space.top(k=40, distinct=True)
    quads, scores = truth(vectors, k=50)
    kept = greedy(quads.tolist())
    same(result, (quads[kept], scores[kept]))
    assert result.notes == (f"of the 50 best analogies, {len(kept)} are distinct",)


def near(vectors, count, rows=None):
    """Return the pairs of every row and its nearest ones that differ from it."""
    E = np.asarray(vectors, np.float64)
    rows = range(len(E)) if rows is None else rows
    found = set()
    for row in rows:
        squares = {other: float(((E[row] - E[other]) ** 2).sum()) for other in rows}
        others = sorted((square, other) for other, square in squares.items() if square > 0)
        found |= {(min(row, other), max(row, other)) for _, other in others[:count]}
    return sorted(found)


@pytest.mark.parametrize("edges", [1, 3, 19, 40, 1000])
def test_edges(space, vectors, edges):
    pairs = near(vectors, edges)
    result = space.top(edges=edges)
    same(result, truth(vectors, pairs=pairs))
    assert (result.pairs, result.edges) == (len(pairs), edges)
    assert result.query == f"best analogies among {len(pairs)} neighbouring pairs"


@pytest.mark.parametrize("edges", [2, 32, 40, 200])
def test_edges_of_more_items_than_an_index_lists(edges):
    vectors = SPACES["gaussian"](70, 8, np.float32)
    assert space_of(vectors).top(edges=edges, k=1).pairs == len(near(vectors, edges))


def test_edges_beside_copies():
    vectors = SPACES["zeros and copies"](N, 5, np.float64)
    for edges in (1, 4):
        pairs = near(vectors, edges)
        same(space_of(vectors).top(edges=edges), truth(vectors, pairs=pairs))


def some_pairs(count):
    rng = np.random.default_rng(1)
    return [tuple(rng.choice(N, 2, replace=False).tolist()) for _ in range(count)]


def test_given_pairs(space, vectors):
    pairs = some_pairs(30)
    unique = len({frozenset(pair) for pair in pairs})
    named = [(f"x{c}", f"x{d}") for c, d in pairs]
    result = space.top(pairs=named)
    same(result, as_listed(truth(vectors, pairs=pairs), pairs))
    assert (result.pairs, result.edges) == (unique, None)
    assert result.query == f"best analogies among {unique} given pairs"
    for others in (named * 2, iter(named), pd.DataFrame(named)):
        assert list(space.top(pairs=others)) == list(result)
    turned = space.top(pairs=[(d, c) for c, d in named])
    assert [(d, c, b, a) for a, b, c, d, _ in turned] == [(c, d, a, b) for a, b, c, d, _ in result]


def test_given_pairs_keep_their_order():
    vectors = np.array([[1.0, 0, 0], [0, 0, 0], [2, 5, 0], [0, 5, 0.5], [0, 9, 9], [3, 9, 9.5]])
    pairs = [("x3", "x2"), ("x1", "x0"), ("x5", "x4")]
    found = {one[:4] for one in space_of(vectors).top(pairs=pairs, max_similarity=1)}
    # x5 : x4 points the other way, so that it is turned.
    assert found == {
        ("x3", "x2", "x1", "x0"), ("x3", "x2", "x4", "x5"), ("x1", "x0", "x4", "x5"),
    }  # fmt: skip


def test_given_pairs_outside_those_searched(space, vectors):
    pairs = some_pairs(60)
    named = [(f"x{c}", f"x{d}") for c, d in pairs]
    inside = [pair for pair in pairs if max(pair) < 14]
    result = space.top(pairs=named, truncate=14)
    same(result, as_listed(truth(vectors, pairs=inside, rows=range(14)), pairs))
    left_out = len(pairs) - len(inside)
    assert result.notes == (f"{left_out} of 60 pairs hold an item outside those searched",)
    same(
        space.top(pairs=named, among=[f"x{row}" for row in AMONG]),
        as_listed(truth(vectors, pairs=pairs, rows=AMONG), pairs),
    )
    assert len(space.top(pairs=[("x18", "x19")], truncate=5)) == 0


def test_given_pairs_of_equal_vectors_have_no_direction():
    vectors = SPACES["few vectors"](12, 5, np.float64)
    pairs = [(0, 6), (0, 1), (6, 7), (2, 3), (8, 9)]
    result = space_of(vectors).top(pairs=[(f"x{c}", f"x{d}") for c, d in pairs], max_similarity=1)
    same(result, as_listed(truth(vectors, pairs=pairs, max_similarity=1), pairs))
    assert result.pairs == 4


@pytest.mark.parametrize("exponent", [-300, -60, 60, 300])
def test_magnitudes_change_nothing(vectors, exponent):
    scaled = space_of(np.ldexp(vectors, exponent))
    same(scaled.analogies("x7"), truth(vectors, a=7))
    same(scaled.top(), truth(vectors))
    same(scaled.top(edges=3), truth(vectors, pairs=near(vectors, 3)))


@pytest.mark.parametrize("exponent", [-100, 100])
def test_magnitudes_of_single_precision(vectors, exponent):
    single = vectors.astype(np.float32)
    scaled = space_of(np.ldexp(single, exponent))
    same(scaled.analogies("x7"), truth(single, a=7))
    same(scaled.top(), truth(single))


@pytest.mark.parametrize("kind", ["gaussian", "zeros and copies"])
@pytest.mark.usefixtures("small_blocks")
def test_all_items(kind):
    vectors = SPACES[kind](14, 5, np.float32)
    space = space_of(vectors)
    result = space.all_analogies(k=3)
    each = [truth(vectors, a=row, k=3) for row in range(14)]
    same(result, tuple(np.concatenate(part) for part in zip(*each, strict=True)))
    assert result.query == "best analogies of every item"
    for a, b in pairwise(zip(result.a_rows, -result.similarity, strict=True)):
        assert a <= b
    part = space.all_analogies(k=2, truncate=6, max_similarity=0.5)
    each = [truth(vectors, a=row, k=2, rows=range(6), max_similarity=0.5) for row in range(6)]
    same(part, tuple(np.concatenate(part) for part in zip(*each, strict=True)))
    among = [f"x{row}" for row in AMONG[:6]]
    for one in space.all_analogies(k=1, among=among):
        assert {*one[:4]} <= {*among}


QUESTIONS = {
    "top": (lambda space, **more: space.top(**more), search_top.TopJob),
    "all_analogies": (
        lambda space, **more: space.all_analogies(k=2, **more),
        search_analogies.AnalogiesJob,
    ),
}


@pytest.fixture(params=QUESTIONS)
def long_work(request):
    return QUESTIONS[request.param]


def no_more(self, block, threshold):
    raise AssertionError(f"block {block} is done again")


def test_a_repeated_question_is_answered_from_what_was_kept(vectors, long_work, monkeypatch):
    ask, job = long_work
    first = ask(space_of(vectors))
    monkeypatch.setattr(job, "solve", no_more)
    assert list(ask(space_of(vectors))) == list(first)
    with pytest.raises(AssertionError):
        ask(space_of(vectors), max_similarity=0.7)
    with pytest.raises(AssertionError):
        ask(space_of(vectors + 0.001))


def test_a_folder_of_ones_own(vectors, long_work, tmp_path, cache, monkeypatch):
    ask, job = long_work
    first = ask(space_of(vectors), folder=tmp_path / "run")
    assert (tmp_path / "run" / "answer.npz").exists()
    assert not (cache / "runs").exists()
    with pytest.raises(ga.GeneAnalogiesError, match=r"run holds another run .*another folder"):
        ask(space_of(vectors), folder=tmp_path / "run", max_similarity=0.7)
    monkeypatch.setattr(job, "solve", no_more)
    assert list(ask(space_of(vectors), folder=str(tmp_path / "run"))) == list(first)


@pytest.mark.usefixtures("small_blocks")
def test_what_was_finished_before_an_interruption_is_not_done_again(
    vectors, long_work, tmp_path, monkeypatch
):
    ask, job = long_work
    wanted = ask(space_of(vectors))
    solved, real = [], job.solve

    def recorded(self, block, threshold):
        if len(solved) == 3:
            raise KeyboardInterrupt
        solved.append(block)
        return real(self, block, threshold)

    monkeypatch.setattr(job, "solve", recorded)
    with pytest.raises(KeyboardInterrupt):
        ask(space_of(vectors), folder=tmp_path / "run")
    monkeypatch.setattr(job, "solve", real)
    assert len(list((tmp_path / "run").glob("block-*.npz"))) == 3
    steps = []
    again = ask(
        space_of(vectors), folder=tmp_path / "run", progress=lambda *step: steps.append(step)
    )
    assert list(again) == list(wanted)
    assert 0 < steps[0][0] < steps[0][1]
    assert steps[-1][0] == steps[-1][1]
    assert [one for one, _ in steps] == sorted(one for one, _ in steps)


def test_one_item_tells_its_progress(space):
    steps = []
    space.analogies("x0", progress=lambda *step: steps.append(step))
    assert steps[-1] == (N - 1, N - 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.analogies("nobody"), "no item is named 'nobody'"),
        (lambda s: s.analogies("x0", k=0), "k must be a whole number of at least 1, not 0"),
        (lambda s: s.analogies("x0", k=1.5), "k must be a whole number of at least 1, not 1.5"),
        (lambda s: s.top(k=10_001), "k must be at most 10,000, not 10,001"),
        (lambda s: s.all_analogies(k=-1), "k must be a whole number of at least 1, not -1"),
        (lambda s: s.top(max_similarity=1.1), "max_similarity must lie in −1..1, not 1.1"),
        (lambda s: s.analogies("x0", max_similarity="a"), "max_similarity must lie in −1..1"),
        (lambda s: s.all_analogies(max_similarity=np.nan), "max_similarity must lie in −1..1"),
        (lambda s: s.top(edges=3, pairs=[("x0", "x1")]), "either edges or pairs, not both"),
        (lambda s: s.top(edges=0), "edges must be a whole number of at least 1, not 0"),
        (lambda s: s.top(edges="x"), "edges must be a whole number of at least 1, not 'x'"),
        (lambda s: s.top(pairs=[("x0", "nobody")]), "no item is named 'nobody'"),
        (lambda s: s.top(pairs=[("x0", "x0")]), "not 'x0' twice"),
        (lambda s: s.top(pairs=[]), "the list of pairs is empty"),
        (lambda s: s.top(pairs="x0"), "pairs needs names or a list of pairs, not 'x0'"),
        (lambda s: s.top(pairs=[("x0",)]), "a pair must be two names"),
        (lambda s: s.top(truncate=3), "fewer than four items are left"),
        (lambda s: s.all_analogies(truncate=0), "truncate must be a whole number"),
        (
            lambda s: s.analogies("x0", among=["x1", "x2", "y"]),
            "fewer than four items are left .*; 1 name to search among leads to no item: 'y' is",
        ),
        (lambda s: s.top(client=5), r"client must be a Dask client .*, not 5"),
        (lambda s: s.all_analogies(client="local"), "client must be a Dask client .*, not 'local'"),
        (lambda s: s.top(folder=5), "folder must be a path or None, not 5"),
        (lambda s: s.top(among="x0"), "among must be a list of names, not 'x0'"),
    ],
)
def test_errors_are_one_line(space, call, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message) as caught:
        call(space)
    assert "\n" not in str(caught.value)


def test_fewer_than_four_items():
    with pytest.raises(ga.GeneAnalogiesError, match="fewer than four items are left"):
        space_of(np.eye(3)).analogies("x0")


def test_equal_vectors_alone_make_no_analogy():
    space = space_of(np.ones((6, 3)))
    assert len(space.analogies("x0", max_similarity=1)) == 0
    assert len(space.top(max_similarity=1)) == 0
    assert len(space.top(edges=2, max_similarity=1)) == 0
    assert len(space.all_analogies(max_similarity=1)) == 0
    assert len(space_of(np.zeros((6, 3))).top()) == 0


@pytest.fixture(scope="module")
def genes():
    """Ligands and receptors, the ligand always the same step beside its receptor."""
    pairs = [("EGF", "EGFR"), ("HGF", "MET"), ("INS", "INSR"), ("NGF", "NTRK1")]
    rows = [row for base in np.eye(6)[:4] for row in (base + np.eye(6)[5], base)]
    return ga.Space(ga.Embedding([name for pair in pairs for name in pair], np.array(rows)))


def test_rewritten_names_are_noted(genes):
    result = genes.analogies("ERBB1", k=2)
    assert result.item.symbol == "EGFR"
    assert result.notes == ("ERBB1 → EGFR",)
    top = genes.top(pairs=[("EGF", "ERBB1"), ("HGF", "MET")])
    assert [one[:4] for one in top] == [("EGF", "EGFR", "HGF", "MET")]
    assert top.notes == ("ERBB1 → EGFR",)


def test_json_of_one_item(genes):
    from gene_analogies.report.registry import render

    result = genes.analogies("EGF", k=1, distinct=True)
    content = json.loads(render(result, "json"))
    assert content.pop("analogies") == result.to_frame().to_dict("records")
    assert content.pop("origin") == result.origin.facts
    assert content == {
        "query": "best analogies of EGF",
        "item": {"item": "EGF", "symbol": "EGF", "name": "epidermal growth factor"},
        "max_similarity": 0.8,
        "distinct": True,
        "notes": [],
    }


def test_the_best_of_all_for_people_and_for_programs(genes):
    from gene_analogies.report.registry import render

    result = genes.top(k=2, edges=3, distinct=True)
    lines = str(result).splitlines()
    assert lines[0] == f"best analogies among {result.pairs} neighbouring pairs: a : b ≈ c : d"
    assert lines[2] == (
        "left out: analogies of near-copies (cos(a, c) or cos(b, d) above 0.8); analogies that "
        "share three items with a better one"
    )
    assert lines[4].split()[:6] == ["rank", "a", "b", "c", "d", "similarity"]
    content = json.loads(render(result, "json"))
    assert (content["pairs"], content["edges"]) == (result.pairs, 3)
    assert content["analogies"] == result.to_frame().to_dict("records")
    assert "| Gene 1 | Gene 2 | ≈ | Gene 3 | Gene 4 | Similarity |" in result.to_markdown()
    assert str(genes.top(k=1)).startswith("best analogies of all: a : b ≈ c : d\n")
    assert "left out" not in str(genes.top(k=1, max_similarity=1))


def test_answers_of_every_item_are_not_ranked(genes):
    lines = str(genes.all_analogies(k=1)).splitlines()
    assert lines[0] == "best analogies of every item: a : b ≈ c : d"
    assert lines[4].split()[:5] == ["a", "b", "c", "d", "similarity"]
    assert [line.split()[0] for line in lines[5:]] == list(genes.embedding.names)


@pytest.mark.parametrize("question", ["analogies", "top", "all_analogies"])
def test_answers_fall_into_families(genes, question):
    pytest.importorskip("sklearn")
    result = getattr(genes, question)(*(["EGF"] if question == "analogies" else []), k=5)
    pairs = {(one.a, one.b) for one in result} | {(one.c, one.d) for one in result}
    families = genes.cluster(result, 2)
    assert {(one.c, one.d) for one in families} == pairs


def test_given_pairs_without_items_are_left_out_and_noted(genes):
    whole = genes.top(pairs=[("EGF", "EGFR"), ("HGF", "MET")], k=1)
    result = genes.top(pairs=[("EGF", "EGFR"), ("EGFF", "MET"), ("HGF", "MET")], k=1)
    assert [*result] == [*whole]
    assert result.notes[0].startswith("1 pair was left out: no item is named 'EGFF'")
    result = genes.top(pairs=[("EGFF", "MET"), ("EGF", "EGFR"), ("HGF", "a"), ("HGF", "MET")], k=1)
    assert result.notes[0].startswith(
        "2 pairs were left out; of the first, no item is named 'EGFF'"
    )


def test_a_limit_that_allows_nothing_says_so():
    """Where all vectors point one way, nothing is below the limit; centering helps."""
    vectors = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32) + 30
    space = ga.Space(ga.Embedding([f"g{i}" for i in range(40)], vectors), genes=None)
    for found in (space.analogies("g3"), space.top()):
        assert len(found) == 0
        assert "center the embedding" in found.notes[-1]
    assert len(space.analogies("g3", max_similarity=1.0).notes) == 0
