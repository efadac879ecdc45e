"""The library as a user calls it."""

from __future__ import annotations

import itertools
import pickle
import threading

import numpy as np
import pandas as pd
import pytest
from named_pairs import NAMES, best, cosine, names_of

import gene_analogies as ga
from gene_analogies import GeneAnalogiesError


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(0).normal(size=(60, 7))


@pytest.fixture(scope="module")
def space(vectors):
    return ga.Space(ga.Embedding(NAMES, vectors), genes=None)


def test_cosine_of_differences_is_the_default(space, vectors):
    offset = vectors[0] - vectors[1]
    wanted = best(vectors, lambda c, d: cosine(c - d, offset), lambda c, d: not {c, d} & {0, 1})
    result = space.pairs("x0", "x1")
    assert names_of(result) == wanted
    first = result.c_rows[0], result.d_rows[0]
    assert result.similarity[0] == pytest.approx(
        cosine(vectors[first[0]] - vectors[first[1]], offset), abs=1e-11
    )


def test_euclidean(space, vectors):
    offset = vectors[0] - vectors[1]
    wanted = best(
        vectors, lambda c, d: -np.linalg.norm(c - d - offset), lambda c, d: not {c, d} & {0, 1}
    )
    assert names_of(space.pairs("x0", "x1", metric="euclidean")) == wanted


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_sums_name_each_pair_once(space, vectors, metric):
    joined = vectors[0] + vectors[1]
    score = {
        "cosine": lambda c, d: cosine(c + d, joined),
        "euclidean": lambda c, d: -np.linalg.norm(c + d - joined),
    }[metric]
    wanted = best(vectors, score, lambda c, d: c < d and not {c, d} & {0, 1})
    assert names_of(space.pairs("x0", "x1", metric=metric, operation="sum")) == wanted


def test_query_itself_on_request(space):
    pair, *_ = space.pairs("x0", "x1", include_query=True)
    assert (pair.c, pair.d, pair.similarity) == ("x0", "x1", 1.0)
    pair, *_ = space.pairs("x0", "x1", include_query=True, metric="euclidean")
    assert (pair.c, pair.d, pair.similarity) == ("x0", "x1", 0.0)


def test_several_examples_are_the_mean_of_unit_offsets(space, vectors):
    u = vectors[0] - vectors[1]
    v = vectors[2] - vectors[3]
    mean = u / np.linalg.norm(u) + v / np.linalg.norm(v)
    wanted = best(vectors, lambda c, d: cosine(c - d, mean), lambda c, d: not {c, d} & {0, 1, 2, 3})
    result = space.pairs([("x0", "x1"), ("x2", "x3")])
    assert names_of(result) == wanted
    assert result.query == "x0 : x1, x2 : x3"


def test_ready_offset(space, vectors):
    offset = np.arange(7.0)
    wanted = best(vectors, lambda c, d: cosine(c - d, offset))
    assert names_of(space.pairs(offset=offset)) == wanted


def test_one_example_as_a_list_is_the_same(space):
    assert names_of(space.pairs([("x4", "x9")])) == names_of(space.pairs("x4", "x9"))


def test_among(space, vectors):
    some = set(range(10, 30))
    offset = vectors[0] - vectors[1]
    wanted = best(vectors, lambda c, d: cosine(c - d, offset), lambda c, d: {c, d} <= some)
    result = space.pairs("x0", "x1", among=[*(f"x{row}" for row in some), "nobody"])
    assert names_of(result) == wanted
    assert any("nobody" in note for note in result.notes)


def test_truncate(space, vectors):
    offset = vectors[50] - vectors[51]
    wanted = best(vectors[:20], lambda c, d: cosine(c - d, offset))
    assert names_of(space.pairs("x50", "x51", truncate=20)) == wanted


@pytest.mark.parametrize("limit", [-0.2, 0.1, 0.5])
def test_max_similarity(space, vectors, limit):
    offset = vectors[0] - vectors[1]
    wanted = best(
        vectors,
        lambda c, d: cosine(c - d, offset),
        lambda c, d: (
            not {c, d} & {0, 1}
            and cosine(vectors[c], vectors[0]) <= limit
            and cosine(vectors[d], vectors[1]) <= limit
        ),
    )
    assert names_of(space.pairs("x0", "x1", max_similarity=limit)) == wanted


@pytest.mark.parametrize("limit", [0.8, 0.6, 0.96])
@pytest.mark.parametrize("operation", ["difference", "sum"])
def test_rows_exactly_at_max_similarity_may_answer(limit, operation):
    """0.8 in binary lies below the cosine 4/5 as it is rounded."""
    aside = np.sqrt(1 - limit**2)
    vectors = np.eye(6)
    vectors[2, [0, 2]] = 5 * limit, 5 * aside
    vectors[3, [1, 3]] = 5 * limit, 5 * aside
    vectors[4, [0, 4]] = 5 * limit + 1e-9, 5 * aside
    space = ga.Space(ga.Embedding(NAMES[:6], vectors), genes=None)
    result = space.pairs("x0", "x1", max_similarity=limit, operation=operation, k=30)
    assert ("x2", "x3") in names_of(result)
    # Too similar to a; the rule for sums has no order.
    assert "x4" not in {pair.c for pair in result}
    assert ("x4" in {pair.d for pair in result}) == (operation == "difference")


def test_part_of_a_large_space_equals_a_mask_over_it(monkeypatch):
    rng = np.random.default_rng(3)
    names = [f"x{row}" for row in range(3000)]
    embedding = ga.Embedding(names, rng.normal(size=(3000, 12)).astype(np.float32))
    some = [names[row] for row in rng.permutation(3000)[:150]]
    part, whole = (ga.Space(embedding, genes=None, keep_index=False) for _ in range(2))
    whole.index()
    for metric, operation in itertools.product(("cosine", "euclidean"), ("difference", "sum")):
        options = {"among": some, "metric": metric, "operation": operation}
        assert list(part.pairs("x0", "x1", **options)) == list(whole.pairs("x0", "x1", **options))


@pytest.mark.parametrize("factor", [1e-200, 1e-30, 1e30, 1e200])
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_size_of_the_numbers_does_not_matter(vectors, space, factor, metric):
    power = 2.0 ** round(np.log2(factor))
    other = ga.Space(ga.Embedding(NAMES, vectors * power), genes=None)
    ours, theirs = (one.pairs("x0", "x1", metric=metric) for one in (space, other))
    assert names_of(ours) == names_of(theirs)
    scale = 1.0 if metric == "cosine" else power
    np.testing.assert_allclose(theirs.similarity, ours.similarity * scale, rtol=1e-9)


@pytest.mark.parametrize("factor", [1e-300, 1e-200, 1e200, 1e300])
def test_length_of_an_offset_does_not_matter_to_cosines(space, factor):
    offset = np.arange(1.0, 8.0)
    assert list(space.pairs(offset=offset * factor)) == list(space.pairs(offset=offset))


def test_denormal_numbers():
    space = ga.Space(ga.Embedding("abcd", np.array([[1.0], [2], [4], [7]]) * 1e-310), genes=None)
    assert names_of(space.pairs("a", "b", metric="euclidean", k=1)) == [("c", "d")]


def test_offset_out_of_proportion_is_refused(space):
    with pytest.raises(ga.GeneAnalogiesError, match="out of proportion"):
        space.pairs(offset=np.full(7, 1e200), metric="euclidean")


def test_answer_does_not_depend_on_rows_outside_it():
    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(3000, 6))
    vectors[-1] = 1e10
    names = [f"x{row}" for row in range(3000)]
    some = names[:300]
    space = ga.Space(ga.Embedding(names, vectors), genes=None, keep_index=False)
    before = list(space.pairs("x0", "x1", among=some, metric="euclidean"))
    space.index()
    assert list(space.pairs("x0", "x1", among=some, metric="euclidean")) == before
    alone = ga.Space(ga.Embedding(some, vectors[:300]), genes=None)
    assert list(alone.pairs("x0", "x1", metric="euclidean")) == before


def test_pairs_without_direction_are_counted():
    space = ga.Space(ga.Embedding("abcde", [[0.0], [1.0], [3.0], [3.0], [7.0]]), genes=None)
    result = space.pairs("a", "b")
    assert result.without_direction == 2  # c : d and d : c
    assert ("c", "d") not in names_of(result)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("x0", "x1"), {"k": 0}, "k must be a whole number of at least 1, not 0"),
        (("x0", "x1"), {"k": 2.5}, "k must be"),
        (("x0", "x1"), {"k": "ten"}, "k must be"),
        (("x0", "x1"), {"metric": "manhattan"}, "cosine, euclidean, not 'manhattan'"),
        (("x0", "x1"), {"operation": "product"}, "difference, sum, not 'product'"),
        (("x0", "x0"), {}, "not 'x0' twice"),
        (("x0", "y0"), {}, "y0"),
        (("x0",), {}, "second item"),
        ((), {}, "two items"),
        (([],), {}, "empty"),
        (([("x0", "x1", "x2")],), {}, "two names"),
        ((["x0", "x1"],), {}, "two names"),
        (([("x0", "x1")], "x2"), {}, "no second argument"),
        (([("x0", "x1"), ("x1", "x0")],), {}, "cancel out"),
        (("x0", "x1"), {"offset": np.ones(7)}, "not both"),
        ((), {"offset": np.ones(6)}, "7 finite numbers"),
        ((), {"offset": np.full(7, np.nan)}, "7 finite numbers"),
        ((), {"offset": np.zeros(7)}, "offset is zero"),
        ((), {"offset": "north"}, "offset must be 7 numbers"),
        ((), {"offset": np.ones(7), "max_similarity": 0.5}, "needs example items"),
        (("x0", "x1"), {"max_similarity": 1.5}, "max_similarity must lie"),
        (("x0", "x1"), {"max_similarity": "0.5"}, "max_similarity must lie"),
        (("x0", ["x1"]), {}, "must be text"),
        ((5.5,), {}, "names or a list of pairs"),
        (("x0", "x1"), {"among": 5}, "list of names"),
        (
            ("x0", "x1"),
            {"among": [None, float("nan"), "y"]},
            "None is unknown, nan is unknown, 'y'",
        ),
        (("x0", "x1"), {"truncate": 0}, "truncate must be"),
        (("x0", "x1"), {"truncate": 3}, "fewer than two items"),
        (("x0", "x1"), {"among": ["x5"]}, "fewer than two items"),
        (("x0", "x1"), {"among": "x5"}, "list of names"),
    ],
)
def test_bad_questions_are_refused(space, arguments, options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        space.pairs(*arguments, **options)


def test_equal_vectors_have_no_direction():
    space = ga.Space(ga.Embedding("abcd", [[1.0, 2], [1.0, 2], [3, 4], [5, 5]]), genes=None)
    with pytest.raises(ga.GeneAnalogiesError, match="'a' and 'b' have the same vector"):
        space.pairs("a", "b")


def test_threads_may_ask_at_once(space):
    wanted = {pair: list(space.pairs(*pair)) for pair in itertools.combinations(NAMES[:8], 2)}
    wrong = []

    def ask():
        for pair, answer in wanted.items():
            if list(space.pairs(*pair)) != answer:
                wrong.append(pair)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_space_can_be_pickled(space):
    again = pickle.loads(pickle.dumps(space))  # noqa: S301 - our own bytes
    assert list(again.pairs("x0", "x1")) == list(space.pairs("x0", "x1"))


def test_a_pickled_space_is_hardly_larger_than_its_vectors(vectors):
    space = ga.Space(ga.Embedding(NAMES, vectors), genes=None)
    fresh = pickle.dumps(space)
    wanted = list(space.top(k=2)), list(space.similar("x0", k=3)), list(space.pairs("x0", "x1"))
    used = pickle.dumps(space)
    assert len(used) == len(fresh)
    again = pickle.loads(used)  # noqa: S301 - our own bytes
    assert not {"_scaled", "_norms", "resolver"} & vars(again).keys()
    found = list(again.top(k=2)), list(again.similar("x0", k=3)), list(again.pairs("x0", "x1"))
    assert found == wanted


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda _: ga.Space(np.eye(3)), "not a ndarray"),
        (lambda space: ga.Space(space.embedding, genes="mouse"), "not 'mouse'"),
        (lambda space: space.item(60), r"0\.\.59, not 60"),
        (lambda space: space.item("x1"), "not 'x1'"),
        (lambda space: space.index(5), "not 5"),
    ],
)
def test_bad_calls_are_refused(space, call, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        call(space)


def test_a_result_prints_as_a_table(space):
    result = space.pairs("x0", "x1")
    assert repr(result) == str(result)
    assert repr(space.index()) == f"NeighbourIndex(60 rows, {space.index().nbytes / 1e6:.1f} MB)"


def test_names_of_among_that_lead_nowhere_are_told_apart(pubmed):
    note = pubmed.pairs("EGF", "EGFR", among=["INS", "IGF1", "p38", "MALAT1", "FOO1"]).notes[0]
    assert "'p38' is ambiguous" in note
    assert "'MALAT1' has no vector" in note
    assert "'FOO1' is unknown" in note


@pytest.fixture(scope="module")
def pubmed():
    return ga.load()


def test_built_in_embedding_knows_genes(pubmed):
    result = pubmed.pairs("her2", "ENSG00000141510")
    assert result.query == "ERBB2 : TP53"
    assert "her2 → ERBB2" in result.notes
    frame = result.to_frame()
    assert [key for key in frame if not key.startswith(("c_", "d_"))] == [
        "c", "d", "similarity", "cos_cd", "p", "papers", "rank", "q", "cos_ac", "cos_bd",
        "pubmed_ids", "shared_terms_ac", "shared_terms_bd",
    ]  # fmt: skip
    assert len(frame) == 10
    assert frame.similarity.is_monotonic_decreasing
    assert frame.c_name.str.len().min() > 0


def test_errors_of_names(pubmed):
    with pytest.raises(ga.UnknownNameError, match="EGFR"):
        pubmed.pairs("EGRF", "EGF")
    with pytest.raises(ga.AmbiguousNameError, match="MAPK14"):
        pubmed.pairs("p38", "EGF")


def test_unknown_source():
    with pytest.raises(ga.GeneAnalogiesError, match="geneformer-v1"):
        ga.load("geneformer")


def test_words_pass_through_untouched():
    space = ga.Space(ga.Embedding(["king", "queen", "man", "woman"], np.eye(4)))
    assert space.pairs("king", "queen").notes == ()


def test_truncate_indexes_no_more_than_it_searches():
    vectors = np.random.default_rng(5).normal(size=(6_000, 6)).astype(np.float32)
    names = [f"x{row}" for row in range(6_000)]
    seen = []
    space = ga.Space(
        ga.Embedding(names, vectors), genes=None, keep_index=False,
        progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    part = space.pairs("x5000", "x5001", truncate=2_500)
    assert {total for _, total in seen} == {2_500}
    space.index()
    whole = space.pairs("x5000", "x5001", truncate=2_500)
    assert names_of(part) == names_of(whole)
    np.testing.assert_array_equal(part.similarity, whole.similarity)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_tiny_spread_around_a_tiny_mean_costs_no_answer(dtype):
    """Squares of differences of 1e-22 vanish in float32; times 2⁵⁰ they do not."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(20, 8))[np.arange(80) % 20]
    E = (2e-15 * (1 + 1e-7 * (centres + 1e-2 * rng.normal(size=(80, 8))))).astype(dtype)
    names = [f"x{row}" for row in range(80)]
    small, large = (
        ga.Space(ga.Embedding(names, vectors), genes=None) for vectors in (E, np.ldexp(E, 50))
    )
    for ask in (
        lambda space: space.pairs("x3", "x24"),
        lambda space: space.analogies("x3", max_similarity=1.0),
        lambda space: space.top(max_similarity=1.0, edges=4),
    ):
        np.testing.assert_array_equal(ask(small).similarity, ask(large).similarity)
        assert [*ask(small)] == [*ask(large)]


def test_a_data_frame_of_pairs(space):
    frame = pd.DataFrame({"ligand": ["x1", "x2"], "receptor": ["x4", "x5"]})
    assert list(space.pairs(frame)) == list(space.pairs([("x1", "x4"), ("x2", "x5")]))
    message = r"a data frame of pairs must have two columns, not 3: choose them, as in frame\["
    with pytest.raises(GeneAnalogiesError, match=message):
        space.pairs(frame.assign(more=1))


def test_at_most_a_million_pairs(space):
    with pytest.raises(GeneAnalogiesError, match="k must be at most 1,000,000, not 1,000,000,000"):
        space.pairs("x0", "x1", k=10**9)
