"""`Space.similar` and `Space.similar_overall` as a user calls them."""

from __future__ import annotations

import numpy as np
import pytest

import gene_analogies as ga

NAMES = tuple(f"x{row}" for row in range(50))
METRICS = ("cosine", "euclidean")
HOWS = ("span", "mean", "min")


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(0).normal(size=(50, 7)).astype(np.float32)


@pytest.fixture(scope="module")
def space(vectors):
    return ga.Space(ga.Embedding(NAMES, vectors), genes=None)


def similarity(vectors, row, metric):
    wide = vectors.astype(np.float64)
    if metric == "euclidean":
        return -np.linalg.norm(wide - wide[row], axis=1)
    units = wide / np.linalg.norm(wide, axis=1)[:, None]
    return units @ units[row]


def best(scores, left_out, k=10):
    return [NAMES[row] for row in np.argsort(-scores) if NAMES[row] not in left_out][:k]


def names_of(result):
    return [one.item for one in result]


@pytest.mark.parametrize("metric", METRICS)
def test_one_item(space, vectors, metric):
    result = space.similar("x3", metric=metric)
    scores = similarity(vectors, 3, metric)
    assert names_of(result) == best(scores, {"x3"})
    np.testing.assert_allclose(result.similarity, scores[result.rows], atol=1e-11)
    assert result.to_each.shape == (10, 0)
    assert (result.query, result.title, len(result)) == ("x3", "similar to x3", 10)
    assert [column.key for column in result.columns] == ["item", "similarity"]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("how", HOWS)
def test_several_items(space, vectors, metric, how):
    result = space.similar(["x3", "x9", "x3", "x11"], how=how, metric=metric)
    each = np.stack([similarity(vectors, row, metric) for row in (3, 9, 11)], axis=1)
    assert not {"x3", "x9", "x11"} & set(names_of(result))
    np.testing.assert_allclose(result.to_each, each[result.rows], atol=1e-11)
    if how == "min":
        assert names_of(result) == best(each.min(axis=1), {"x3", "x9", "x11"})
    titles = {"span": "{} together", "mean": "the mean of {}", "min": "each of {}"}
    assert result.title == f"similar to {titles[how].format('x3, x9 and x11')}"
    assert [column.title or column.key for column in result.columns] == [
        "item", "similarity", "to x3", "to x9", "to x11",
    ]  # fmt: skip
    assert result.explanation[0].startswith("similarity: ")


@pytest.mark.parametrize("metric", METRICS)
def test_contrast(space, vectors, metric):
    result = space.similar("x3", contrast="x9", metric=metric)
    scores = similarity(vectors, 3, metric) - similarity(vectors, 9, metric)
    assert names_of(result) == best(scores, {"x3", "x9"})
    np.testing.assert_allclose(result.similarity, scores[result.rows], atol=1e-11)
    np.testing.assert_allclose(
        result.similarity, result.to_each[:, 0] - result.to_each[:, 1], atol=1e-11
    )
    assert result.title == "similar to x3 rather than x9"
    assert [column.key for column in result.columns] == ["item", "difference", "to_x3", "to_x9"]
    assert "x3 minus that" in result.explanation[-1]


def test_options_narrow_the_answer(space):
    everything = names_of(space.similar("x3", k=100))
    assert len(everything) == 49
    first = names_of(space.similar("x3", k=100, truncate=20))
    assert first == [name for name in everything if int(name[1:]) < 20]
    chosen = names_of(space.similar("x3", among=["x30", "x4", "x3", "nothing"]))
    assert chosen == [name for name in everything if name in {"x30", "x4"}]
    assert names_of(space.similar("x3", k=2)) == everything[:2]
    kept = space.similar("x3", k=2, include_query=True)
    assert names_of(kept) == ["x3", everything[0]]
    assert kept.similarity[0] == 1.0
    assert names_of(space.similar("x40", truncate=20)) != []  # the query itself lies behind


def test_what_was_rewritten_or_missing_is_noted():
    space = ga.Space(ga.Embedding(["TP53", "MDM2", "ATM"], np.eye(3) + 0.1))
    result = space.similar("p53", among=["MDM2", "nonsense"])
    assert result.notes == (
        "p53 → TP53",
        "1 name to search among leads to no item: 'nonsense' is unknown",
    )
    assert result.title == "similar to TP53"
    assert result.explanation[0] == "tumor protein p53"
    assert result.explanation[1].startswith("similarity: the cosine of the two vectors")
    assert result.items[0].full_name == "MDM2 proto-oncogene"
    contrast = space.similar("TP53", contrast="MDM2")
    assert contrast.explanation[0] == "tumor protein p53 rather than MDM2 proto-oncogene"


@pytest.mark.parametrize("exponent", [-300, -40, 40, 300])
@pytest.mark.parametrize("metric", METRICS)
def test_units_are_those_of_the_embedding(space, vectors, metric, exponent):
    far = ga.Space(ga.Embedding(NAMES, np.ldexp(vectors.astype(np.float64), exponent)), genes=None)
    scale = exponent if metric == "euclidean" else 0
    for options in ({}, {"contrast": "x9"}):
        near, result = (one.similar("x3", metric=metric, **options) for one in (space, far))
        assert names_of(result) == names_of(near)
        np.testing.assert_allclose(
            np.ldexp(result.similarity, -scale), near.similarity, rtol=1e-9, atol=1e-11
        )
        np.testing.assert_allclose(
            np.ldexp(result.to_each, -scale), near.to_each, rtol=1e-9, atol=1e-11
        )
    near, result = (one.similar_overall(metric=metric) for one in (space, far))
    assert [pair[:2] for pair in result] == [pair[:2] for pair in near]
    np.testing.assert_allclose(np.ldexp(result.similarity, -scale), near.similarity, rtol=1e-9)
    for field in ("mean", "deviation", "min", "max", "quantiles"):
        one, other = (getattr(answer.distribution, field) for answer in (result, near))
        np.testing.assert_allclose(np.ldexp(one, -scale), other, rtol=1e-3, atol=1e-4)


def test_zero_vectors_have_no_cosine():
    vectors = np.array([[0.0, 0], [1, 0], [1, 1], [0, 0], [0, 2]])
    space = ga.Space(ga.Embedding("abcde", vectors), genes=None)
    result = space.similar("b", how="min")
    assert (names_of(result), result.without_direction) == (["c", "e"], 2)
    assert result.remarks == ("2 items have zero vectors, without a direction, and are left out",)
    one = space.similar("b", among=["a", "c"])
    assert one.remarks == ("1 item has a zero vector, without a direction, and is left out",)
    with pytest.raises(ga.GeneAnalogiesError, match="the vector of 'a' is zero: it has no cosine"):
        space.similar("a")
    away = space.similar("a", metric="euclidean")
    assert (names_of(away), away.without_direction) == (["d", "b", "c", "e"], 0)
    assert away.similarity.tolist() == pytest.approx([0.0, -1.0, -(2**0.5), -2.0])
    assert space.similar_overall().without_direction == 2
    assert space.similar_overall(metric="euclidean").copies == 1


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (["x99"], {}, "no item is named 'x99'"),
        ([[]], {}, "names is empty"),
        ([7], {}, "names must be a name or a list of names, not 7"),
        (["x1"], {"k": 0}, "k must be a whole number of at least 1, not 0"),
        (["x1"], {"metric": "l1"}, "metric must be one of cosine, euclidean, not 'l1'"),
        (["x1"], {"how": "max"}, "how must be one of span, mean, min, not 'max'"),
        (["x1"], {"truncate": 0}, "truncate must be a whole number"),
        (["x1"], {"among": ["x1"]}, "no item is left to compare with"),
        (["x1"], {"among": ["y"]}, "no item is left .*'y' is unknown"),
        (["x1"], {"contrast": "x1"}, "contrast needs another item: 'x1' is 'x1'"),
        (["x1"], {"contrast": ["x2"]}, "contrast must be the name of one item, not"),
        ([["x1", "x2"]], {"contrast": "x3"}, "names must be one item, not 2"),
        ([list(NAMES[:20])], {}, "the span of 20 items is the whole space of dimension 7"),
    ],
)
def test_errors(space, arguments, options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        space.similar(*arguments, **options)


@pytest.mark.parametrize("apart", [0.5e-6, 0.99e-6, 1.01e-6, 2e-6])
def test_the_least_that_is_no_rounding(apart):
    """10⁻⁶, of unit vectors, as the documentation and the errors say."""
    near = [1.0, apart, 0]
    space = ga.Space(ga.Embedding("abcd", [[1.0, 0, 0], near, [-1, 2 * apart, 0], [0, 1, 1]]))
    if apart > 1e-6:
        assert names_of(space.similar("b", contrast="a", k=1)) == ["d"]
        assert names_of(space.similar(["a", "c"], how="mean", k=1)) == ["d"]
        return
    limit = rf"{apart:.2g}.*less than 1e-06 may be rounding of float32"
    with pytest.raises(ga.GeneAnalogiesError, match=f"no contrast.*{limit}"):
        space.similar("b", contrast="a")
    with pytest.raises(ga.GeneAnalogiesError, match=f"no mean.*{limit}"):
        space.similar(["a", "c"], how="mean")
    assert names_of(space.similar("b", contrast="a", metric="euclidean", k=1)) == ["d"]


def test_members_that_cancel_out():
    space = ga.Space(ga.Embedding("abc", [[1.0, 0, 0], [-1, 0, 0], [0, 1, 0]]), genes=None)
    with pytest.raises(ga.GeneAnalogiesError, match="cancel out: they have no mean"):
        space.similar(["a", "b"], how="mean")
    assert names_of(space.similar(["a", "b"])) == ["c"]


def test_many_members_are_counted_not_compared(space):
    result = space.similar(list(NAMES[:9]), how="mean")
    assert result.compared == ()
    assert result.title == "similar to the mean of x0, x1, x2, x3, x4 and 4 others"


@pytest.mark.parametrize("metric", METRICS)
def test_overall(space, vectors, metric):
    first, second = np.triu_indices(50, 1)
    scores = np.stack([similarity(vectors, row, metric) for row in range(50)])[first, second]
    order = np.argsort(-scores)[:10]
    result = space.similar_overall(metric=metric)
    wanted = [(NAMES[first[at]], NAMES[second[at]]) for at in order]
    assert [(pair.a, pair.b) for pair in result] == wanted
    np.testing.assert_allclose(result.similarity, scores[order], atol=1e-11)
    about = result.distribution
    assert about.pairs == 1225
    assert about.mean == pytest.approx(scores.mean(), abs=1e-5)
    assert about.quantiles[4] == pytest.approx(np.median(scores), abs=2e-3)
    assert len(result.explanation) == 3
    assert "1,225 pairs" in result.explanation[1]
    assert ", 50 % " in result.explanation[2]
    assert result.totals["distribution"]["pairs"] == 1225
    assert result.remarks == ()


def test_overall_among_some(space):
    some = space.similar_overall(among=["x3", "x9", "x30", "nothing"], truncate=20)
    assert [pair[:2] for pair in some] == [("x3", "x9")]
    assert some.notes == ("1 name to search among leads to no item: 'nothing' is unknown",)
    assert some.distribution.min == some.distribution.max == some.similarity[0]
    with pytest.raises(ga.GeneAnalogiesError, match="fewer than two items are left"):
        space.similar_overall(truncate=1)


def test_copies_are_told():
    space = ga.Space(ga.Embedding("abcd", [[1.0, 2], [1, 2], [1, 2], [2, 4]]), genes=None)
    result = space.similar_overall(k=3)
    assert [pair[:2] for pair in result] == [("a", "b"), ("a", "c"), ("a", "d")]
    assert result.similarity.tolist() == [1.0, 1.0, 1.0]
    assert result.copies == 3
    assert result.remarks == ("3 of the pairs are copies: two items with the same vector",)


def test_zero_rows_leave_too_few():
    space = ga.Space(ga.Embedding("abc", [[0.0, 0], [1, 0], [0, 0]]), genes=None)
    with pytest.raises(ga.GeneAnalogiesError, match="a pair of; 2 have zero vectors"):
        space.similar_overall()


def test_progress_reaches_the_end(space):
    seen = []
    space.similar_overall(progress=lambda *now: seen.append(now))
    assert seen[-1] == (1225, 1225)


@pytest.mark.parametrize("name", ["table", "markdown", "csv", "tsv", "json"])
def test_every_format(space, name):
    from gene_analogies.report.registry import render

    for answer in (
        space.similar("x1"), space.similar(["x1", "x2"]), space.similar("x1", contrast="x2"),
        space.similar_overall(), space.similar_overall(metric="euclidean"),
    ):  # fmt: skip
        assert render(answer, name)
        assert len(answer.to_frame()) == len(answer) == 10
        assert answer._repr_html_()


def test_no_distance_is_minus_zero(space):
    result = space.similar("x1", metric="euclidean", include_query=True, k=1)
    assert str(result.similarity[0]) == "0.0"


def test_the_models_own_symbols_name_items():
    names = ["ENSG00000146648", "ENSG00000141510", "ENSG00000291237"]
    symbols = {"ENSG00000291237": "SOD2"}
    embedding = ga.Embedding(names, np.eye(3), symbols=symbols)
    found = ga.Space(embedding).similar("MNSOD", k=2)
    assert found.notes == ("MNSOD → ENSG00000291237 (SOD2)",)
    assert {item.symbol for item in ga.Space(embedding).similar("EGFR", k=2).items} == {
        "TP53", "SOD2",
    }  # fmt: skip
