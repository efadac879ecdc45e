"""`Space.complete` as a user calls it."""

from __future__ import annotations

import json
import sys

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.sources.builtin import load_builtin

NAMES = tuple(f"x{row}" for row in range(60))


@pytest.fixture(scope="module")
def vectors():
    return np.random.default_rng(0).normal(size=(60, 7))


@pytest.fixture(scope="module")
def space(vectors):
    return ga.Space(ga.Embedding(NAMES, vectors), genes=None)


@pytest.fixture(scope="module")
def built_in():
    return ga.Space(load_builtin())


@pytest.fixture(scope="module")
def units(vectors):
    return vectors / np.linalg.norm(vectors, axis=1)[:, None]


def best(score, left_out=(), k=10):
    """Return names and scores, best first."""
    order = [row for row in np.argsort(-score, kind="stable") if row not in left_out][:k]
    return [NAMES[row] for row in order], score[order]


def same(result, wanted):
    names, scores = wanted
    assert [item.name for item in result.items] == names
    assert [NAMES[row] for row in result.rows] == names
    np.testing.assert_allclose(result.scores, scores, rtol=1e-9, atol=1e-9)


def cos(vectors, target):
    return vectors @ target / np.linalg.norm(vectors, axis=1) / np.linalg.norm(target)


def test_3cosadd_is_the_default(space, units):
    result = space.complete("x0", "x1", "x2")
    same(result, best(cos(units, units[1] - units[0] + units[2]), {0, 1, 2}))
    assert (result.method, result.query) == ("3CosAdd", "x0 : x1 :: x2 : ?")


def test_3cosmul(space, units):
    shifted = (1 + units @ units[:3].T) / 2
    score = shifted[:, 1] * shifted[:, 2] / (shifted[:, 0] + 1e-6)
    same(space.complete("x0", "x1", "x2", method="3CosMul"), best(score, {0, 1, 2}))


def test_pair_direction(space, vectors):
    with np.errstate(invalid="ignore"):
        score = cos(vectors - vectors[2], vectors[1] - vectors[0])
    result = space.complete("x0", "x1", "x2", method="PairDirection")
    same(result, best(np.nan_to_num(score, nan=-9), {0, 1, 2}))


def test_pair_direction_agrees_with_pairs(space):
    similarity = {(pair.c, pair.d): pair.similarity for pair in space.pairs("x0", "x1", k=4000)}
    result = space.complete("x0", "x1", "x2", method="PairDirection", k=99)
    assert len(result) == 57
    for name, score in result:
        assert similarity["x2", name] == pytest.approx(score, abs=1e-11)


def test_several_examples_are_averaged(space, units):
    target = units[4] + (units[1] + units[3] - units[0] - units[2]) / 2
    result = space.complete([("x0", "x1"), ("x2", "x3")], c="x4")
    same(result, best(cos(units, target), {0, 1, 2, 3, 4}))
    assert (result.method, result.query) == ("3CosAvg", "x0 : x1, x2 : x3 :: x4 : ?")


def test_one_example_as_a_list_is_the_same(space):
    one = space.complete([("x0", "x1")], c="x2")
    assert list(one) == list(space.complete("x0", "x1", "x2"))
    assert one.method == "3CosAdd"
    average = space.complete("x0", "x1", "x2", method="3CosAvg")
    assert list(average) == list(one)


def test_pair_direction_of_several_examples(space, vectors):
    apart = vectors[[1, 3]] - vectors[[0, 2]]
    direction = (apart / np.linalg.norm(apart, axis=1)[:, None]).sum(axis=0)
    with np.errstate(invalid="ignore"):
        score = np.nan_to_num(cos(vectors - vectors[4], direction), nan=-9)
    result = space.complete([("x0", "x1"), ("x2", "x3")], c="x4", method="PairDirection")
    same(result, best(score, {0, 1, 2, 3, 4}))


@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
def test_lists_are_the_same_question(space, method):
    by_lists = space.complete(positive=["x1", "x2"], negative=["x0"], method=method)
    assert list(by_lists) == list(space.complete("x0", "x1", "x2", method=method))
    assert by_lists.query == "x1 + x2 − x0"
    assert space.complete(negative="x0").query == "− x0"


def test_query_itself_on_request(space, units):
    result = space.complete("x0", "x1", "x2", include_query=True, k=60)
    same(result, best(cos(units, units[1] - units[0] + units[2]), k=60))
    direction = space.complete("x0", "x1", "x2", include_query=True, k=60, method="PairDirection")
    assert {name for name, _ in direction} == set(NAMES) - {"x2"}
    assert direction.without_direction == 0


def test_among_and_truncate(space, units):
    score = cos(units, units[51] - units[50] + units[2])
    result = space.complete("x50", "x51", "x2", truncate=20)
    same(result, best(score, {2, *range(20, 60)}))
    result = space.complete("x50", "x51", "x2", among=["x9", "x4", "x2", "nobody"])
    same(result, best(score, set(range(60)) - {9, 4}))
    assert any("nobody" in note for note in result.notes)


@pytest.mark.parametrize("power", [2.0**-600, 2.0**-100, 2.0**100, 2.0**600])
@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul", "PairDirection"])
def test_size_of_the_numbers_does_not_matter(space, vectors, method, power):
    other = ga.Space(ga.Embedding(NAMES, vectors * power), genes=None)
    assert list(other.complete("x0", "x1", "x2", method=method)) == list(
        space.complete("x0", "x1", "x2", method=method)
    )


# gensim

OF_GENSIM_ITSELF = pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`")


def answers_of_gensim(names, vectors, method, positive, negative, k):
    keyed = pytest.importorskip("gensim.models").KeyedVectors(vectors.shape[1])
    keyed.add_vectors(list(names), vectors)
    ask = keyed.most_similar if method == "3CosAdd" else keyed.most_similar_cosmul
    return ask(positive=positive, negative=negative, topn=k)


@OF_GENSIM_ITSELF
@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
@pytest.mark.parametrize(
    ("positive", "negative"),
    [
        (["x1", "x2"], ["x0"]),
        (["x1", "x1", "x2"], ["x0"]),
        (["x5"], []),
        (["x5", "x6", "x7", "x8"], ["x9", "x10", "x9"]),
        (["x5", "x6"], ["x6"]),
        ("x5", "x6"),
    ],
)
def test_same_as_gensim_on_random_data(method, positive, negative):
    vectors = np.random.default_rng(1).normal(size=(500, 12)).astype(np.float32)
    names = [f"x{row}" for row in range(500)]
    space = ga.Space(ga.Embedding(names, vectors), genes=None)
    wanted = answers_of_gensim(names, vectors, method, positive, negative, 15)
    result = space.complete(positive=positive, negative=negative, method=method, k=15)
    assert [name for name, _ in result] == [name for name, _ in wanted]
    np.testing.assert_allclose(result.scores, [score for _, score in wanted], rtol=1e-5)


def test_negative_alone_is_as_in_gensim():
    vectors = np.random.default_rng(1).normal(size=(90, 5)).astype(np.float32)
    names = [f"x{row}" for row in range(90)]
    result = ga.Space(ga.Embedding(names, vectors), genes=None).complete(negative=["x3"])
    wanted = answers_of_gensim(names, vectors, "3CosAdd", None, ["x3"], 10)
    assert [name for name, _ in result] == [name for name, _ in wanted]


@OF_GENSIM_ITSELF
@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
def test_same_as_gensim_on_genes(built_in, method):
    embedding = built_in.embedding
    for a, b, c in (("EGF", "EGFR", "HGF"), ("BCR", "ABL1", "EML4"), ("MDM2", "TP53", "KEAP1")):
        wanted = answers_of_gensim(embedding.names, embedding.vectors, method, [b, c], [a], 10)
        result = built_in.complete(a, b, c, method=method)
        assert [name for name, _ in result] == [name for name, _ in wanted]
        np.testing.assert_allclose(result.scores, [score for _, score in wanted], atol=1e-5)


# genes


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (("EGF", "EGFR", "HGF"), "MET"),  # ligand, receptor
        (("MDM2", "TP53", "KEAP1"), "NFE2L2"),  # ubiquitin ligase, what it has degraded
        (("BCR", "ABL1", "EML4"), "ALK"),  # the genes of a fusion
        (("CDK4", "CCND1", "CDK1"), "CCNB1"),  # kinase, cyclin
    ],
)
def test_known_relations(built_in, question, answer):
    assert next(iter(built_in.complete(*question))).name == answer


@pytest.mark.parametrize("method", ["3CosAvg", "LRCos"])
def test_receptors_from_several_examples(built_in, method):
    if method == "LRCos":
        pytest.importorskip("sklearn")
    pairs = [("EGF", "EGFR"), ("HGF", "MET"), ("LEP", "LEPR"), ("KITLG", "KIT"), ("VEGFA", "KDR")]
    for ligand, receptor in (("EPO", "EPOR"), ("PRL", "PRLR"), ("INS", "INSR")):
        result = built_in.complete(pairs, c=ligand, method=method, k=3)
        assert next(iter(result)).name == receptor


def test_names_are_rewritten(built_in):
    result = built_in.complete("egf", "HER1", "hgf", k=1)
    assert result.query == "EGF : EGFR :: HGF : ?"
    assert "HER1 → EGFR" in result.notes
    assert result.explanation[0] == (
        "epidermal growth factor : epidermal growth factor receptor :: hepatocyte growth factor : ?"
    )


# LRCos


@pytest.fixture(scope="module")
def classes():
    """Rows x0 to x19 are b's; the a that belongs to one is 20 rows on, and many others follow."""
    pytest.importorskip("sklearn")
    rng = np.random.default_rng(2)
    second = rng.normal(size=(20, 12))
    first = second + 0.3 * rng.normal(size=(20, 12))
    second[:, 0] += 4
    vectors = np.concatenate([second, first, 1.5 * rng.normal(size=(100, 12))])
    names = [f"x{row}" for row in range(140)]
    return ga.Space(ga.Embedding(names, vectors), genes=None)


def test_lrcos(classes):
    examples = [(f"x{row + 20}", f"x{row}") for row in range(8)]
    found = [classes.complete(examples, c=f"x{row + 20}", method="LRCos") for row in range(8, 20)]
    right = [result.items[0].name == f"x{row}" for row, result in enumerate(found, 8)]
    assert sum(right) >= 10
    assert all(item.name not in {"x20", "x0"} for result in found for item in result.items)
    assert [column.key for column in found[0].columns] == ["d", "score", "cos_cd"]


def test_lrcos_is_the_same_every_time(classes):
    examples = [(f"x{row + 20}", f"x{row}") for row in range(6)]
    one, two = (classes.complete(examples, c="x30", method="LRCos") for _ in range(2))
    assert list(one) == list(two)
    part = classes.complete(examples, c="x130", method="LRCos", truncate=60)
    assert all(row < 60 for row in part.rows)


def test_lrcos_with_nothing_else_to_learn_from():
    pytest.importorskip("sklearn")
    vectors = np.random.default_rng(0).normal(size=(6, 4))
    space = ga.Space(ga.Embedding(NAMES[:6], vectors), genes=None)
    ring = [(f"x{row}", f"x{(row + 1) % 6}") for row in range(6)]
    with pytest.raises(ga.GeneAnalogiesError, match="needs items that are no b's"):
        space.complete(ring, c="x0", method="LRCos", include_query=True)


def test_lrcos_without_scikit_learn(space, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    examples = [(f"x{row}", f"x{row + 10}") for row in range(5)]
    with pytest.raises(ga.GeneAnalogiesError, match=r"pip install 'gene-analogies\[learn\]'"):
        space.complete(examples, c="x30", method="LRCos")


# vectors without a direction


@pytest.fixture(scope="module")
def with_zeros(vectors):
    vectors = vectors.copy()
    vectors[[5, 6]] = 0
    vectors[7] = vectors[2]
    vectors[8] = -vectors[0]
    vectors[9] = vectors[1]
    return ga.Space(ga.Embedding(NAMES, vectors), genes=None)


@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
def test_zero_vectors_have_no_cosine(with_zeros, method):
    result = with_zeros.complete("x0", "x1", "x2", method=method, k=60)
    assert result.without_direction == 2
    assert len(result) == 55
    assert result.remarks == (
        "2 items have a vector of zeros, hence no direction, and are left out",
    )
    for question in (("x5", "x1", "x2"), ("x1", "x5", "x2"), ("x1", "x2", "x5")):
        with pytest.raises(ga.GeneAnalogiesError, match=f"vector of 'x5' is zero, and {method}"):
            with_zeros.complete(*question, method=method)


def test_copies_of_c_have_no_direction_from_it(with_zeros):
    result = with_zeros.complete("x0", "x1", "x2", method="PairDirection", k=60)
    assert result.without_direction == 1
    assert result.remarks == ("1 item has the vector of c, hence no direction, and is left out",)
    assert {"x5", "x6"} <= {name for name, _ in result}
    assert "x7" not in {name for name, _ in result}
    zero = with_zeros.complete("x0", "x1", "x5", method="PairDirection", k=60)
    assert zero.without_direction == 1


# what has no meaning


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((), {}, "complete needs a, b and c; example pairs and c=; or positive="),
        (("x0",), {}, "complete needs b and c beside 'x0'"),
        (("x0", "x1"), {}, "an item to complete: c= is missing"),
        (("x0", "x0", "x1"), {}, "a pair needs two items"),
        (([("x0", "x1")], "x2"), {}, "give the item to complete as c=, not 'x2' as b"),
        (([("x0", "x1")],), {}, "c= is missing"),
        (([],), {"c": "x1"}, "the list of pairs is empty"),
        ((("x0", "x1"),), {"c": "x2"}, "a pair must be two names, not 'x0'"),
        (("x0", "x1", "x2"), {"positive": ["x3"]}, "give either a, b and c or positive="),
        ((), {"positive": [], "negative": []}, "positive and negative are both empty"),
        ((), {"positive": 3.5}, "positive must be a name or a list of names, not 3.5"),
        ((), {"positive": [("x0", 2.0)]}, "positive must hold names; it holds a tuple"),
        ((), {"positive": ["x0"], "negative": ["x0"]}, "cancel out"),
        ((), {"negative": ["x0"], "method": "3CosMul"}, "3CosMul needs at least one positive"),
        ((), {"positive": ["x0"], "method": "PairDirection"}, "PairDirection needs example pairs"),
        ((), {"positive": ["x0"], "method": "LRCos"}, "LRCos needs example pairs"),
        (("x0", "x1", "x2"), {"method": "3cosadd"}, "method must be one of 3CosAdd, 3CosMul, "),
        (("x0", "x1", "x2"), {"method": "LRCos"}, "from at least 5 different ones, not 1"),
        (("x0", "x1", "x2"), {"k": 0}, "k must be a whole number of at least 1"),
        (("x0", "x1", "x2"), {"truncate": 0}, "truncate must be a whole number"),
        (("x0", "x1", "x2"), {"among": ["x1"]}, "no item is left to complete the analogy"),
        (("x0", "x1", "nobody"), {}, "no item is named 'nobody'"),
        (
            ([("x0", "x1"), ("x2", "x3")],),
            {"c": "x4", "method": "3CosMul"},
            "3CosMul takes one example pair, not 2; several take 3CosAvg",
        ),
    ],
)
def test_errors_are_one_line(space, arguments, options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message) as caught:
        space.complete(*arguments, **options)
    assert "\n" not in str(caught.value)


def test_pairs_of_one_vector_have_no_direction(with_zeros):
    with pytest.raises(ga.GeneAnalogiesError, match="'x1' and 'x9' have the same vector"):
        with_zeros.complete("x1", "x9", "x3", method="PairDirection")
    with pytest.raises(ga.GeneAnalogiesError, match="cancel out"):
        with_zeros.complete(positive=["x0", "x8"])


# the answer


def test_answer_in_every_form(space):
    result = space.complete("x0", "x1", "x2", k=2)
    frame = result.to_frame()
    assert list(frame.columns[:2]) == ["d", "similarity"]
    assert list(frame.d) == [name for name, _ in result]
    assert str(result).startswith(
        "x0 : x1 :: x2 : ?\nsimilarity: the cosine of d with x1 − x0 + x2, at best 1 (3CosAdd)\n"
    )
    markdown = result.to_markdown()
    assert (
        "Items by 3CosAdd; similarity is the cosine of d with x1 − x0 + x2, at best 1." in markdown
    )
    assert "| x0 | x1 | ≈ | x2 |" in markdown
    assert "x0 : x1 :: x2 : ?" in result._repr_html_()


def test_json_tells_what_was_asked(space):
    from gene_analogies.report.registry import render

    content = json.loads(render(space.complete("x0", "x1", "x2", method="3CosMul", k=1), "json"))
    assert (content["query"], content["method"]) == ("x0 : x1 :: x2 : ?", "3CosMul")
    assert content["examples"] == [
        [{"item": "x0", "symbol": "x0", "name": ""}, {"item": "x1", "symbol": "x1", "name": ""}]
    ]
    assert (content["c"]["item"], content["without_direction"]) == ("x2", 0)
    assert set(content["items"][0]) >= {"d", "score"}
    content = json.loads(render(space.complete(positive=["x1"], negative=["x0"], k=1), "json"))
    assert [item["item"] for item in content["positive"]] == ["x1"]
    assert [item["item"] for item in content["negative"]] == ["x0"]
    assert set(content["items"][0]) >= {"item", "similarity"}


def test_evidence_of_c_and_each_d(space, vectors):
    found = space.complete("x0", "x1", "x2", k=5)
    for row, cos_cd, cos_bd in zip(found.rows, found.cos_cd, found.cos_bd, strict=True):
        for one, wanted in ((2, cos_cd), (1, cos_bd)):
            lengths = np.linalg.norm(vectors[one]) * np.linalg.norm(vectors[row])
            assert wanted == pytest.approx(vectors[one] @ vectors[row] / lengths, abs=1e-11)
    assert found.papers is None
    assert space.complete(positive=["x0", "x1"]).evidence is None
