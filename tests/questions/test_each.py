"""Many questions at once: what each answers alone, and errors in rows of their own."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from named_pairs import NAMES
from spaces import spaces

import gene_analogies as ga
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.search.pairs import find

#: What a table of many answers has beside the columns of one.
ASKED = ["query", "a", "b", "note", "error"]


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(0).normal(size=(60, 7))


@pytest.fixture(scope="module")
def space(vectors):
    return ga.Space(ga.Embedding(NAMES, vectors), genes=None)


@pytest.fixture
def with_index(monkeypatch):
    """Search a few rows as many are: with the index, in threads."""
    monkeypatch.setattr(find, "FEW_PAIRS", 0)
    monkeypatch.setattr(find, "ONE_THREAD", 0)


def named(E):
    names = [f"x{row}" for row in range(len(E))]
    return ga.Space(ga.Embedding(names, E), genes=None), st.sampled_from(names)


def alone(ask, queries, renamed=()):
    """Return the frame, or the error, of each question asked alone."""
    found = []
    for query in queries:
        try:
            found.append(ask(query).to_frame().rename(columns=dict(renamed)))
        except GeneAnalogiesError as error:
            found.append(str(error))
    return found


def assert_same(table, expected):
    """Compare a table of many answers with those of each question alone, bit for bit."""
    frame = table.to_frame()
    assert len(table.queries) == len(expected)
    for number, one in enumerate(expected):
        rows = frame[table.questions == number]
        if isinstance(one, str):
            assert rows["error"].tolist() == [one]
            assert rows["rank"].isna().all()
            continue
        assert (rows["error"] == "").all()
        if not len(one):
            assert len(rows) == 1
            assert rows["rank"].isna().all()
            continue
        assert rows["rank"].tolist() == list(range(1, len(one) + 1))
        for column in set(one) - {"rank"}:
            np.testing.assert_array_equal(
                rows[column].to_numpy(), one[column].to_numpy(), err_msg=column
            )


@pytest.mark.usefixtures("with_index")
@settings(deadline=None, max_examples=30)
@given(E=spaces(), data=st.data())
def test_pairs_equal_those_of_single_questions(E, data):
    space, names = named(E)
    pair = st.tuples(names, names)
    several = st.lists(pair, min_size=1, max_size=3)
    queries = data.draw(st.lists(st.one_of(pair, several), min_size=1, max_size=6))
    options = {
        "k": data.draw(st.integers(1, 20)),
        **data.draw(
            st.sampled_from(
                [
                    {},
                    {"metric": "euclidean"},
                    {"operation": "sum"},
                    {"pair_weight": 0.25},
                    {"max_similarity": 0.5},
                    {"include_query": True},
                    {"truncate": 5},
                ]
            )
        ),
    }

    def ask(query):
        one = query if isinstance(query, tuple) else (query,)
        return space.pairs(*one, **options)

    assert_same(space.pairs_each(queries, **options), alone(ask, queries))


@settings(deadline=None, max_examples=20)
@given(E=spaces(), data=st.data())
def test_neighbours_equal_those_of_single_questions(E, data):
    space, names = named(E)
    query = st.one_of(names, st.lists(names, min_size=1, max_size=3))
    queries = data.draw(st.lists(query, min_size=1, max_size=5))
    options = {
        "k": data.draw(st.integers(1, 9)),
        "metric": data.draw(st.sampled_from(["cosine", "euclidean"])),
        "how": data.draw(st.sampled_from(["span", "mean", "min"])),
        "include_query": data.draw(st.booleans()),
        "truncate": data.draw(st.sampled_from([None, 5])),
    }
    table = space.similar_each(queries, **options)

    def ask(query):
        found = space.similar(query, **options)
        return type("Plain", (), {"to_frame": lambda _: found.to_frame()[["item", "similarity"]]})()

    assert_same(table, alone(ask, queries))


@settings(deadline=None, max_examples=20)
@given(E=spaces(), data=st.data())
def test_completions_equal_those_of_single_questions(E, data):
    space, names = named(E)
    three = st.tuples(names, names, names)
    shown = st.tuples(st.lists(st.tuples(names, names), min_size=2, max_size=3), names)
    lists = st.fixed_dictionaries(
        {name: st.lists(names, max_size=2) for name in ("positive", "negative")}
    )
    queries = data.draw(st.lists(st.one_of(three, shown, lists), min_size=1, max_size=5))
    options = {
        "k": data.draw(st.integers(1, 9)),
        "method": data.draw(st.sampled_from([None, "3CosMul", "PairDirection"])),
        "include_query": data.draw(st.booleans()),
    }

    def ask(query):
        if isinstance(query, dict):
            return space.complete(**query, **options)
        if len(query) == 2:
            return space.complete(query[0], c=query[1], **options)
        return space.complete(*query, **options)

    renamed = {"item": "d", "similarity": "score", "item_symbol": "d_symbol", "item_name": "d_name"}
    expected = [
        one if isinstance(one, str) else one.drop(columns=["a", "b", "c"], errors="ignore")
        for one in alone(ask, queries, renamed.items())
    ]
    assert_same(space.complete_each(queries, **options), expected)


def test_a_wrong_name_costs_its_own_row(space):
    table = space.pairs_each([("x0", "x1"), ("x0", "nobody"), ("x2", "x3")], k=2)
    frame = table.to_frame()
    assert frame["query"].tolist() == ["x0 : x1"] * 2 + ["x0 : nobody"] + ["x2 : x3"] * 2
    assert frame["rank"].tolist() == [1, 2, pd.NA, 1, 2]
    assert "no item is named 'nobody'" in frame["error"][2]
    empty = frame.loc[2].drop(["query", "error", "rank"])
    assert [value for value in empty if not (value == "" or value != value)] == []
    assert table.failed == 1
    assert table.failure.startswith("1 of 3 questions has no answer: x0 : nobody (no item")
    assert table.remarks == (table.failure,)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (("x0",), "a pair must be two names"),
        ("x0", "a question must be two names, or a list of example pairs, not 'x0'"),
        ((), r"a question must be two names, or a list of example pairs, not \(\)"),
        (("x0", "x0"), "a pair needs two items"),
        ([("x0", "x1"), ("x1", "x0")], "the example pairs cancel out"),
    ],
)
def test_errors_of_a_question(space, query, message):
    table = space.pairs_each([query, ("x0", "x1")], k=1)
    with pytest.raises(GeneAnalogiesError, match=message):
        raise GeneAnalogiesError(table.errors[0])
    assert table.errors[1] == ""


def test_errors_of_all_questions(space):
    with pytest.raises(GeneAnalogiesError, match="queries is empty"):
        space.pairs_each([])
    with pytest.raises(GeneAnalogiesError, match="queries must be a list of questions, not 'x0'"):
        space.similar_each("x0")
    with pytest.raises(GeneAnalogiesError, match="k must be"):
        space.pairs_each([("x0", "x1")], k=0)
    with pytest.raises(GeneAnalogiesError, match="metric must be"):
        space.similar_each(["x0"], metric="angle")
    with pytest.raises(GeneAnalogiesError, match="max_similarity must lie in"):
        space.pairs_each([("x0", "x1")], max_similarity=5)
    with pytest.raises(GeneAnalogiesError, match="method must be"):
        space.complete_each([("x0", "x1", "x2")], method="4CosAdd")
    table = space.complete_each([("x0", "x1"), "x0 x1 x2"])
    assert table.failed == 2
    assert table.errors[1].startswith("a question must be three names, or example pairs and a name")


def test_rewritten_names_are_noted():
    names = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR"]
    space = ga.Space(ga.Embedding(names, np.random.default_rng(1).normal(size=(6, 4))))
    table = space.pairs_each([("EGF", "ERBB1"), ("HGF", "MET")], k=1)
    frame = table.to_frame()
    assert frame["note"].tolist() == ["ERBB1 → EGFR", ""]
    assert frame["query"][0] == "EGF : ERBB1"
    assert frame[["a", "b"]].loc[0].tolist() == ["EGF", "EGFR"]
    # What is known of genes is that of single answers.
    alone = space.pairs("EGF", "EGFR", k=1).to_frame()
    assert set(alone) <= set(frame)
    for column in alone:
        assert frame[column][0] == alone[column][0] or alone[column].isna().all(), column


def test_a_copy_has_the_evidence_without_the_vectors(space):
    table = space.pairs_each([("x0", "x1"), ("x0", "nobody"), ("x2", "x3")], k=3)
    copy = pickle.loads(pickle.dumps(table))  # noqa: S301
    assert copy.evidence.prepared is None
    assert copy.equals(table)


def test_a_data_frame_of_pairs(space):
    frame = pd.DataFrame({"a": ["x0", "x2"], "b": ["x1", "x3"]})
    assert space.pairs_each(frame, k=1).equals(space.pairs_each(frame.to_numpy().tolist(), k=1))


def test_among_is_noted_once_and_indexed_for_all(space):
    among = [*NAMES[:20], "nobody"]
    table = space.pairs_each([("x0", "x1"), ("x30", "x31")], k=3, among=among)
    assert len(table.notes) == 1
    assert_same(
        table, [space.pairs(*one, k=3, among=among).to_frame() for one in table_pairs(table)]
    )


def table_pairs(table):
    return [tuple(f"x{row}" for row in one[0]) for one in table.examples]


def test_progress(space):
    seen = []
    queries = [("x0", f"x{row}") for row in range(1, 6)] + [("x0", "nobody")]
    space.pairs_each(queries, k=1, progress=lambda *done: seen.append(done))
    assert seen[-1] == (6, 6)
    assert seen == sorted(seen)
    seen.clear()
    space.similar_each(["x0", "nobody"], k=1, progress=lambda *done: seen.append(done))
    assert seen == [(1, 2), (2, 2)]
