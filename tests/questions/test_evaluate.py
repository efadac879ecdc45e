"""`Space.evaluate`: equal to gensim's `evaluate_word_analogies`, and to `complete`'s formulas."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

import gene_analogies as ga


def gensim_vectors(method):
    """Return gensim's class, or one that evaluates with 3CosMul: its own evaluation never does."""
    kind = pytest.importorskip("gensim.models").KeyedVectors
    if method == "3CosAdd":
        return kind

    class MultiplyingVectors(kind):
        def most_similar(self, *, restrict_vocab, **asked):
            return self.most_similar_cosmul(restrict_vocab=restrict_vocab, **asked)

        def init_sims(self):
            """What `most_similar_cosmul` calls; gensim's own warns that its name is old."""
            self.fill_norms()

    return MultiplyingVectors


def gensim_verdicts(embedding, path, truncate, method, case_insensitive):
    """Of every section the questions as gensim calls them, each with its verdict."""
    # 3CosMul in gensim compares all words, whatever the vocabulary.
    known = embedding.truncate(truncate) if method == "3CosMul" else embedding
    vectors = gensim_vectors(method)(known.dimension)
    vectors.add_vectors(list(known.names), known.vectors)
    _, sections = vectors.evaluate_word_analogies(
        str(path), restrict_vocab=truncate, case_insensitive=case_insensitive
    )
    return [
        (
            one["section"],
            Counter([(four, True) for four in one["correct"]])
            + Counter([(four, False) for four in one["incorrect"]]),
        )
        for one in sections[:-1]
    ]


def our_verdicts(result, case_insensitive):
    found, begin = [], 0
    for section, end in zip(result.sections, result.ends, strict=True):
        counts = Counter()
        for place in range(begin, end):
            if result.covered[place]:
                four = result.questions[place]
                four = tuple(name.upper() for name in four) if case_insensitive else tuple(four)
                counts[four, bool(result.correct[place])] += 1
        found.append((section, counts))
        begin = end
    return found


def cased_words(n, seed):
    """Names of which some differ in case only, and vectors that answer some questions right."""
    rng = np.random.default_rng(seed)
    names = [f"Word{row}" if row % 5 else f"wORD{row + 1}" for row in range(n)]
    vectors = rng.normal(size=(n, 6)).astype(np.float32)
    vectors[1::2] = vectors[:-1:2] + rng.normal(size=6) + 0.3 * rng.normal(size=(n // 2, 6))
    return ga.Embedding(names, vectors)


def cased_questions(n, seed):
    rng = np.random.default_rng(seed)
    lines = []
    for section in range(4):
        lines.append(f": part {section}")
        for _ in range(60):
            first, second = 2 * rng.integers(0, n // 2, 2)
            words = [f"Word{row}" for row in (first, first + 1, second, second + 1)]
            if rng.random() < 0.3:
                words = [rng.choice([word, word.lower(), word.swapcase()]) for word in words]
            lines.append(" ".join(words))
    return "\n".join(lines)


@pytest.mark.parametrize("case_insensitive", [True, False], ids=["any case", "match case"])
@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
@pytest.mark.parametrize("truncate", [150, 400])
def test_equals_gensim(tmp_path, method, truncate, case_insensitive):
    embedding = cased_words(400, truncate)
    path = tmp_path / "questions.txt"
    path.write_text(cased_questions(400, truncate))
    space = ga.Space(embedding, genes=None)
    result = space.evaluate(path, method=method, truncate=truncate, match_case=not case_insensitive)
    wanted = gensim_verdicts(embedding, path, truncate, method, case_insensitive)
    assert our_verdicts(result, case_insensitive) == wanted
    assert 0 < result.correct.sum() < result.covered.sum() < len(result.questions)


@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
def test_equals_gensim_on_its_own_words(method):
    datapath = pytest.importorskip("gensim.test.utils").datapath
    kept = gensim_vectors("3CosAdd").load_word2vec_format(datapath("lee_fasttext.vec"))
    embedding = ga.Embedding(kept.index_to_key, kept.vectors)
    path = datapath("questions-words.txt")
    result = ga.Space(embedding).evaluate(path, method=method)
    ours = our_verdicts(result, True)
    assert ours == gensim_verdicts(embedding, path, len(embedding), method, True)
    assert len(result.questions) == 19_544
    assert result.covered.sum() == 98


@pytest.fixture(scope="module")
def space():
    """Capitals and countries: the step from one to the other is the same, but for Rome's."""
    names = ["paris", "france", "Paris", "rome", "italy", "oslo", "norway", "empty", "france 2"]
    steps = np.eye(4)
    vectors = np.array(
        [
            steps[0] + steps[3], steps[0], steps[0] + 0.9 * steps[3], steps[1] + 0.2 * steps[3],
            steps[1], steps[2] + steps[3], steps[2], 0 * steps[0], steps[0] + 0.01 * steps[1],
        ]
    )  # fmt: skip
    return ga.Space(ga.Embedding(names, vectors), genes=None)


QUESTIONS = {
    "to": [("paris", "france", "oslo", "norway"), ("paris", "france", "Berlin", "germany")],
    "none": [],
    "fro": [
        ("norway", "oslo", "france", "PARIS"),
        ("france", "paris", "italy", "rome"),
        ("empty", "paris", "italy", "rome"),
    ],
}


def test_every_question_has_its_answer(space):
    result = space.evaluate(QUESTIONS)
    assert result.predicted[0] == "norway"
    assert result.predicted[1] == ""
    assert result.predicted[4] == ""
    assert result.rows[1].tolist() == [0, 1, -1, -1]
    assert result.predictions[[1, 4]].tolist() == [-1, -1]
    assert result.correct.tolist()[:3] == [True, False, True]
    assert result.covered.tolist() == [True, False, True, True, True]
    assert result.notes == (
        "2 names are not found: Berlin, germany",
        "1 of the questions has no answer: a, b or c has a zero vector, or no other item is left",
    )


def test_counts(space):
    frame = space.evaluate(QUESTIONS).to_frame()
    assert frame["section"].tolist() == ["to", "none", "fro", "total"]
    assert frame["questions"].tolist() == [2, 0, 3, 5]
    assert frame["asked"].tolist() == [1, 0, 3, 4]
    result = space.evaluate(QUESTIONS)
    right = int(result.correct.sum())
    assert frame["correct"].tolist()[-1] == right
    assert result.accuracy == frame["accuracy"].tolist()[-1] == right / 4
    assert result.coverage == frame["coverage"].tolist()[-1] == 4 / 5
    assert np.isnan(frame["accuracy"][1])
    assert np.isnan(frame["coverage"][1])


def test_case(space):
    lower = [("norway", "oslo", "france", "paris")]
    # paris and Paris are one word: either is right, and neither answers its own question.
    assert space.evaluate({"": lower}).correct.all()
    own = {"": [("oslo", "paris", "rome", "rome")]}
    assert space.evaluate(own).predicted[0] not in ("paris", "Paris", "oslo", "rome")
    both = {"": [("norway", "oslo", "france", "Paris"), *lower, ("Oslo", "oslo", "oslo", "oslo")]}
    apart = space.evaluate(both, match_case=True)
    assert apart.correct.sum() == 1
    assert apart.covered.tolist() == [True, True, False]
    assert apart.notes == ("1 name is not found: Oslo",)
    assert space.evaluate(both).notes == (
        "1 name is taken for items in another case, which match_case keeps apart: Paris → paris",
    )


def test_inputs_may_answer(space):
    asked = {"": [("paris", "france", "rome", "italy")]}
    assert space.evaluate(asked, include_query=True).predicted[0] in ("france", "rome", "italy")
    near = {"": [("italy", "france", "norway", "france")]}
    assert space.evaluate(near, include_query=True).correct.all()
    assert not space.evaluate(near).correct.any()


def test_truncate_is_the_vocabulary(space):
    result = space.evaluate(QUESTIONS, truncate=5)
    assert result.vocabulary == 5
    assert result.covered.tolist() == [False, False, False, True, False]
    assert (result.predictions < 5).all()
    assert result.notes == (
        "5 names are not found among the first 5: oslo, norway, Berlin, germany, empty",
    )
    assert space.evaluate(QUESTIONS, truncate=100).vocabulary == 9


def test_what_was_asked_is_told(space):
    content = json.loads(render(space.evaluate(QUESTIONS, truncate=8, match_case=True)))
    assert content["match_case"] is True
    assert content["truncate"] == 8
    content = json.loads(render(space.evaluate(QUESTIONS)))
    assert (content["truncate"], content["match_case"]) == (None, False)


def render(result):
    from gene_analogies.report.registry import render

    return render(result, "json")


def test_a_long_list_of_notes_is_cut(space):
    names = [f"x{place}" for place in range(8)]
    notes = space.evaluate({"a": [tuple(names[:4]), tuple(names[4:])]}).notes
    assert notes == ("8 names are not found: " + "x0, x1, x2, x3, x4, …",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "PairDirection"}, "method must be one of 3CosAdd, 3CosMul"),
        ({"truncate": 0}, "truncate must be a whole number of at least 1, not 0"),
    ],
)
def test_arguments(space, options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        space.evaluate(QUESTIONS, **options)


LIGANDS = "EGF EGFR, HGF MET, INS INSR, NGF NTRK1, BDNF NTRK2, KITLG KIT, LEP LEPR, EPO EPOR"


def test_genes(tmp_path):
    pairs = LIGANDS.split(", ")
    lines = [f"{one} {other}" for one in pairs for other in pairs if one != other]
    path = tmp_path / "ligand-receptor.txt"
    path.write_text(
        ": ligand-receptor\n" + "\n".join(lines) + "\n: names\nHGF c-Met egf ENSG00000146648.18\n"
    )
    result = ga.load().evaluate(path)
    frame = result.to_frame().set_index("section")
    assert frame.loc["ligand-receptor", "coverage"] == 1.0
    assert frame.loc["ligand-receptor", "accuracy"] > 0.7
    assert frame.loc["names", "correct"] == 1
    assert result.notes == ("2 names are rewritten: c-Met → MET, ENSG00000146648.18 → EGFR",)


@pytest.mark.parametrize("include_query", [False, True])
@pytest.mark.parametrize("method", ["3CosAdd", "3CosMul"])
def test_equals_complete(method, include_query):
    rng = np.random.default_rng(3)
    names = [f"x{row}" for row in range(80)]
    vectors = rng.normal(size=(80, 5)).astype(np.float32)
    vectors[40:] = vectors[:40]  # every item twice
    space = ga.Space(ga.Embedding(names, vectors), genes=None)
    asked = [tuple(names[row] for row in rng.permutation(60)[:4]) for _ in range(30)]
    options = {"method": method, "truncate": 60, "include_query": include_query}
    result = space.evaluate({"": asked}, **options)
    for (a, b, c, _), predicted in zip(asked, result.predicted, strict=True):
        assert space.complete(a, b, c, k=1, **options).items[0].name == predicted
