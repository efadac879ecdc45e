"""The same question in two embeddings."""

from __future__ import annotations

import json

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.questions import random_agreement
from gene_analogies.report.registry import render

GENES = ["EGF", "EGFR", "HGF", "MET", "INS", "INSR", "NGF", "NTRK1", "LEP", "LEPR", "KIT", "KITLG"]
ENTREZ = ["1950", "1956", "3082", "4233", "3630", "3643", "4803", "4914", "3952", "3953", "3815"]


@pytest.fixture(scope="module")
def spaces():
    rng = np.random.default_rng(0)
    first = ga.Embedding([*GENES, "word"], rng.normal(size=(13, 6)), {"source": "folder/one.npz"})
    # The same genes as numbers, in another order, with others between them; one word in common.
    order = rng.permutation(11)
    names = [ENTREZ[row] for row in order]
    second = ga.Embedding(["TP53", *names, "word"], rng.normal(size=(13, 9)), {"source": "two"})
    return ga.Space(first), ga.Space(second)


def in_common(space, examples, common, k, **options):
    found = space.pairs(examples, k=10_000, among=common, **options)
    symbols = [(c.symbol, d.symbol) for c, d in zip(found.c, found.d, strict=True)]
    if options.get("operation") == "sum":
        symbols = [tuple(sorted(pair)) for pair in symbols]
    return symbols, dict(zip(symbols, found.similarity.tolist(), strict=True))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"pair_weight": 0.25},
        {"metric": "euclidean"},
        {"operation": "sum"},
        {"max_similarity": 0.4},
        {"include_query": True},
    ],
)
@pytest.mark.parametrize("examples", [[("EGF", "EGFR")], [("EGF", "EGFR"), ("HGF", "MET")]])
def test_ranks_are_those_of_either_answer(spaces, examples, options):
    first, second = spaces
    k = 8
    found = ga.agree(first, second, examples, k=k, **options)
    one, similarity_1 = in_common(first, examples, [*GENES[:11], "word"], k, **options)
    two, similarity_2 = in_common(second, examples, [*ENTREZ, "word"], k, **options)
    pairs = [(c.symbol, d.symbol) for c, d in zip(found.c, found.d, strict=True)]
    if options.get("operation") == "sum":
        pairs = [tuple(sorted(pair)) for pair in pairs]
    both = set(one[:k]) & set(two[:k])
    assert found.agreeing == len(both)
    assert set(pairs[: len(both)]) == both
    assert set(pairs) == set(one[:k]) | set(two[:k])
    assert len(pairs) == len(set(pairs))
    for pair, row in zip(pairs, found, strict=True):
        assert row.rank_1 == (one.index(pair) + 1 if pair in one else None)
        assert row.rank_2 == (two.index(pair) + 1 if pair in two else None)
        assert row.similarity_1 == similarity_1.get(pair)
        assert row.similarity_2 == similarity_2.get(pair)
    better = [min(filter(None, (row.rank_1, row.rank_2))) for row in found][len(both) :]
    assert better == sorted(better)
    assert found.items == 12


def test_the_answer(spaces):
    found = ga.agree(*spaces, "EGF", "EGFR", k=4, max_similarity=0.4)
    assert found.title == "EGF : EGFR ≈ c : d in one.npz and in two"
    assert "random pairs of items" in found.explanation[0]
    assert "searched: 12 items that both embeddings have, of 13 and 13" in found.notes
    content = json.loads(render(found, "json"))
    assert [row["rank_1"] for row in content["pairs"]] == found.ranks[0].tolist()
    frame = found.to_frame()
    assert frame["rank_2"].isna().sum() == np.ma.count_masked(found.ranks[1])
    assert np.ma.count_masked(found.ranks) > 0
    for form in ("table", "markdown", "csv", "tsv"):
        assert "EGF" in render(found, form) or form in ("csv", "tsv")
    assert "–" in render(found, "table")


def test_options(spaces):
    found = ga.agree(*spaces, [("EGF", "EGFR")], k=50, truncate=5, include_query=True)
    assert {item.symbol for item in found.c} <= {"EGF", "EGFR", "HGF", "MET", "INS"}
    assert found.items == 5
    assert found.agreeing == len(found) == 20
    found = ga.agree(*spaces, "EGF", "EGFR", among=["HGF", "MET", "INS", "NOSUCH"])
    assert found.items == 3
    assert "1 name to search among leads to no item: 'NOSUCH'" in found.notes


def test_agreement_of_random_pairs(spaces, monkeypatch):
    """An embedding agrees with itself on everything."""
    assert ga.agree(spaces[0], spaces[0], "EGF", "EGFR", k=7).random_agreeing == 7
    drawn = []
    whole = random_agreement.direct

    def direct(prepared, names, examples, *rest):
        drawn.append(examples)
        return whole(prepared, names, examples, *rest)

    monkeypatch.setattr(random_agreement, "direct", direct)
    random_agreement._known.clear()

    def ask(pair, **options):
        """Return the number, and how many random pairs were asked for it."""
        before = len(drawn)
        return ga.agree(*spaces, *pair, **options).random_agreeing, len(drawn) - before

    answer, count = ask(("EGF", "EGFR"), k=9)
    assert count > 60
    assert ask(("INS", "INSR"), k=9) == (answer, 0)
    # Of other items, and with other options, they are asked anew, and are the same pairs.
    for others in ({"k": 8}, {"truncate": 5}, {"metric": "euclidean"}):
        assert ask(("EGF", "EGFR"), **{"k": 9, **others})[1] > 0
    random_agreement._known.clear()
    assert ask(("INS", "INSR"), k=9) == (answer, count)
    assert drawn[:count] == drawn[-count:]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (["EGF"], {}, "agree needs a second item beside 'EGF'"),
        (["EGF", "EGF"], {}, "a pair needs two items"),
        ([[]], {}, "the list of pairs is empty"),
        (["EGF", "EGFR"], {"k": 0}, "k must be"),
        (["EGF", "EGFR"], {"among": ["HGF"]}, "1 item to search in common"),
        (["EGF", "EGFR"], {"among": "HGF"}, "among must be a list"),
        (["EGF", "KITLG"], {}, "KITLG"),
    ],
)
def test_wrong_arguments(spaces, arguments, options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        ga.agree(*spaces, *arguments, **options)
