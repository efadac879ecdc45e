import math
import pickle

import numpy as np
import pandas as pd
import pytest
from made_answers import EGF, EGFR, HGF, KING, MET, QUEEN, make_result

import gene_analogies as ga
from gene_analogies.results import Pair
from gene_analogies.results.chance import Chance
from gene_analogies.results.evidence import PairEvidence
from gene_analogies.search.prepared import PreparedVectors

PAIRS = [(HGF, MET), (KING, QUEEN)]


def result(**changes):
    return make_result(PAIRS, [0.5, 0.25], **changes)


def test_rows():
    assert list(result()) == [Pair("HGF", "MET", 0.5), Pair("king", "queen", 0.25)]
    assert list(make_result([], [])) == []


def test_query_and_title():
    assert (result().query, result().title) == ("EGF : EGFR", "EGF : EGFR ≈ c : d")
    sums = result(operation="sum")
    assert (sums.query, sums.title) == ("EGF + EGFR", "EGF + EGFR ≈ c + d")
    two = result(examples=((EGF, EGFR), (HGF, MET)))
    assert two.query == "EGF : EGFR, HGF : MET"
    assert result(examples=()).title == "an offset ≈ c : d"


def test_explanation():
    assert result().explanation == (
        "epidermal growth factor : epidermal growth factor receptor",
        "EGF is to EGFR as c is to d; similarity: the cosine of the two differences, at best 1",
    )
    sums = result(operation="sum", metric="euclidean", examples=((KING, QUEEN),))
    assert sums.explanation == (
        "similarity: the negative Euclidean distance of the two sums, at best 0",
    )
    two = result(examples=((EGF, EGFR), (HGF, MET)))
    assert two.explanation == (
        "c is to d as in the examples; similarity: the cosine of c − d with the mean difference of "
        "the examples, at best 1",
    )
    offset = result(examples=(), metric="euclidean")
    assert offset.explanation == (
        "similarity: the negative Euclidean distance of c − d from the offset, at best 0",
    )


def test_what_max_similarity_leaves_out_is_said():
    line = "left out: pairs like the query itself (cos(a, c) or cos(b, d) above 0.5)"
    limited = result(max_similarity=0.5)
    assert limited.explanation[-1] == limited.explanation_in("markdown")[-1] == line
    assert limited.facts["max_similarity"] == 0.5
    assert result(max_similarity=1.0).explanation == result().explanation
    assert "max_similarity" not in result().facts


def test_explanation_in_other_forms():
    assert result().explanation_in("markdown") == (
        "Pairs with the same difference; similarity is the cosine of the offsets.",
    )
    assert result(metric="euclidean", operation="sum").explanation_in("markdown") == (
        "Pairs with the same sum; similarity is the negative Euclidean distance of the offsets.",
    )
    assert result().explanation_in("html") == result().explanation


def test_what_was_asked():
    two = result(examples=((EGF, EGFR), (HGF, MET)))
    assert two.asked == ((EGF, HGF), (EGFR, MET))
    assert two.facts == {
        "examples": [
            [
                {"item": "EGF", "symbol": "EGF", "name": "epidermal growth factor"},
                {
                    "item": "ENSG00000146648",
                    "symbol": "EGFR",
                    "name": "epidermal growth factor receptor",
                },
            ],
            [
                {"item": "HGF", "symbol": "HGF", "name": "hepatocyte growth factor"},
                {
                    "item": "MET",
                    "symbol": "MET",
                    "name": "MET proto-oncogene, receptor tyrosine kinase",
                },
            ],
        ],
        "metric": "cosine",
        "operation": "difference",
    }


def test_remarks_and_totals():
    assert result().remarks == ()
    assert result().totals == {"without_direction": 0}
    one = result(without_direction=1, operation="sum")
    assert one.remarks == ("1 pair of opposite vectors has no direction and is left out",)
    many = result(without_direction=1_200)
    assert many.remarks == ("1,200 pairs of equal vectors have no direction and are left out",)
    assert many.totals == {"without_direction": 1_200}


def test_distances_are_no_cosines():
    assert [column.kind for column in result().columns] == ["item", "item", "cosine"]
    column = result(metric="euclidean").columns[-1]
    assert (column.kind, column.note) == ("score", "negative distance")


def test_pair_weight():
    some = result(pair_weight=0.25, score=np.array([0.7, 0.35]))
    assert [pair.score for pair in some] == [0.7, 0.35]
    assert [(column.key, column.kind) for column in some.columns] == [
        ("c", "item"),
        ("d", "item"),
        ("similarity", "cosine"),
        ("score", "score"),
    ]
    assert some.columns[-1].note == "similarity + 0.25 · cos(c, d)"
    assert some.facts["pair_weight"] == 0.25
    assert some.explanation[-1] == (
        "EGF is to EGFR as c is to d; score: similarity + 0.25 · cos(c, d), at best 1.25; "
        "similarity: the cosine of the two differences, at best 1"
    )
    assert some.explanation_in("markdown") == (
        "Pairs with the same difference; similarity is the cosine of the offsets, "
        "score similarity + 0.25 · cos(c, d).",
    )
    frame = some.to_frame()
    assert frame[["similarity", "score"]].to_numpy().tolist() == [[0.5, 0.7], [0.25, 0.35]]


#: EGF, EGFR, HGF, MET, king, queen.
VECTORS = np.array([[3, 4], [4, 3], [0, 1], [1, 1], [1, 0], [5, 0]], np.float64)
ASKED = (((EGF, EGFR), (0, 1)), ((KING, QUEEN), (4, 5)))
JUDGING = (
    'cos(EGF, EGFR) is 0.9600; p: share of items as close as c and d ("they belong together", not '
    '"by this relation"); papers: how many name c and d'
)


def judged(*examples, pairs=PAIRS, untested="", random_p=None, calibrates=False, **changes):
    """The pairs with their evidence."""
    candidates = np.ones(6, bool)
    candidates[[row for _, rows in examples for row in rows]] = False
    names = {HGF: 2, MET: 3, KING: 4, QUEEN: 5}
    found = [np.array([names[pair[side]] for pair in pairs]) for side in (0, 1)]
    evidence = PairEvidence(
        PreparedVectors(VECTORS, 5.0, cache=False),
        tuple(pair for pair, _ in examples), tuple(rows for _, rows in examples),
        tuple(c for c, _ in pairs), tuple(d for _, d in pairs), *found,
        candidates, untested,
        random_p=random_p, calibrates=calibrates or random_p is not None,
    )  # fmt: skip
    settings = {"examples": evidence.examples, "evidence": evidence}
    return make_result(pairs, [0.5, 0.25], **{**settings, **changes})


def test_evidence():
    some = judged(ASKED[0])
    assert some.cos_cd.tolist() == pytest.approx([math.sqrt(0.5), 1])
    assert some.cos_ac.tolist() == pytest.approx([0.8, 0.6])
    assert some.cos_bd.tolist() == pytest.approx([7 / math.sqrt(50), 0.8])
    # HGF is closest to MET and MET as close to all three others; king and queen are one direction.
    assert some.p.tolist() == [1, 1 / 3]
    assert some.q.tolist() == [1, 2 / 3]
    assert some.papers.tolist() == [len(ga.papers("HGF", "MET")), 0]
    assert list(some) == [
        Pair("HGF", "MET", 0.5, None, *(one[0] for one in numbers(some))),
        Pair("king", "queen", 0.25, None, *(one[1] for one in numbers(some))),
    ]


def numbers(answer):
    names = ("cos_cd", "cos_ac", "cos_bd", "p", "q", "papers")
    return [getattr(answer, name).tolist() for name in names]


def test_evidence_that_people_see():
    some = judged(ASKED[0])
    assert [column.key for column in some.columns] == [
        "c", "d", "similarity", "cos_cd", "p", "papers",
    ]  # fmt: skip
    assert some.explanation[-1] == JUDGING
    assert some.explanation_in("markdown")[1:] == (JUDGING,)
    assert some.facts["cos_ab"] == pytest.approx(0.96)
    assert str(some).splitlines()[-3:] == [
        "rank  c     d      similarity  cos(c, d)     p  papers  full name of c            full"
        " name of d",
        f"   1  HGF   MET        0.5000     0.7071     1  {some.papers[0]:6,d}  hepatocyte growth"
        " factor  MET proto-oncogene, receptor tyrosine kinase",
        "   2  king  queen      0.2500     1.0000  0.33       0",
    ]


def test_evidence_in_files():
    frame = judged(ASKED[0]).to_frame()
    assert list(frame) == [
        "c", "d", "similarity", "cos_cd", "p", "papers", "rank", "q", "cos_ac", "cos_bd",
        "pubmed_ids", "shared_terms_ac", "shared_terms_bd", "c_ensembl", "c_entrez", "c_hgnc",
        "d_ensembl", "d_entrez", "d_hgnc", "c_symbol", "d_symbol", "c_name", "d_name",
    ]  # fmt: skip
    first, second = frame.to_dict("records")
    newest = ga.papers("HGF", "MET").papers[:10]
    assert first["pubmed_ids"] == " ".join(str(paper.pubmed_id) for paper in newest)
    for key, pair in (("shared_terms_ac", ("EGF", "HGF")), ("shared_terms_bd", ("EGFR", "MET"))):
        terms = ga.shared_terms(*pair)
        assert first[key] == "; ".join(f"{term.name} ({term.id})" for term in terms) != ""
    assert (first["c_ensembl"], first["c_entrez"]) == ("ENSG00000019991", "3082")
    texts = ("pubmed_ids", "shared_terms_ac", "c_ensembl", "c_entrez", "c_hgnc")
    assert all(second[key] == "" for key in texts)
    assert frame["rank"].tolist() == [1, 2]


def test_evidence_of_words():
    some = judged(ASKED[1], pairs=[(KING, QUEEN), (QUEEN, KING)])
    assert (some.papers, some.evidence.pubmed_ids, some.evidence.terms_ac) == (None, None, None)
    assert "papers" not in some.explanation[-1]
    assert list(some.to_frame()) == [
        "c", "d", "similarity", "cos_cd", "p", "rank", "q", "cos_ac", "cos_bd",
        "c_symbol", "d_symbol", "c_name", "d_name",
    ]  # fmt: skip


def test_evidence_of_several_examples_and_of_none():
    several = judged(*ASKED)
    assert several.evidence.cos_ab == pytest.approx((0.96 + 1) / 2)
    assert several.explanation[-1].startswith("the mean cos(a, b) is 0.9800; p: ")
    assert several.cos_ac.tolist() == pytest.approx([(0.8 + 0) / 2, (0.6 + 1) / 2])
    assert (several.evidence.terms_ac, several.evidence.terms_bd) == (None, None)
    none = judged()
    assert (none.evidence.cos_ab, none.cos_ac, none.cos_bd) == (None, None, None)
    assert none.explanation[-1].startswith("p: share of items")
    assert none.facts["cos_ab"] is None


def test_where_p_is_small_by_chance_there_is_none():
    weighted = judged(
        ASKED[0], untested="a pair weight", pair_weight=0.25, score=np.array([0.7, 0.5])
    )
    assert (weighted.p, weighted.q) == (None, None)
    assert [column.key for column in weighted.columns][2:] == [
        "similarity", "cos_cd", "score", "papers",
    ]  # fmt: skip
    why = "no p: with a pair weight, it is small by chance too often"
    assert weighted.remarks == (f"{why}; add --chance for a calibrated one",)
    lacking = judged(ASKED[0], untested="a pair weight", calibrates=True)
    assert lacking.remarks == (f"{why}, and random pairs to calibrate it are lacking",)


def test_calibrated_p():
    """p of the pairs is 1 and 1/3."""
    random_p = np.array([0.2, 1 / 3, 0.5])
    weighted = judged(
        ASKED[0], untested="a pair weight", random_p=random_p, pair_weight=0.25,
        score=np.array([0.7, 0.5]),
    )  # fmt: skip
    assert (weighted.p, weighted.p_cal.tolist()) == (None, [1, 3 / 4])
    assert weighted.q.tolist() == [1, 1]
    assert [pair.p_cal for pair in weighted] == [1, 3 / 4]
    assert [column.key for column in weighted.columns][2:] == [
        "similarity", "cos_cd", "score", "p_cal", "papers",
    ]  # fmt: skip
    assert weighted.remarks == ()
    assert weighted.explanation[-1] == JUDGING.replace(
        'p: share of items as close as c and d ("they',
        'p_cal: share of the answers to random pairs whose members are as close by rank ("they',
    )
    plain = judged(ASKED[0], random_p=random_p)
    assert (plain.p.tolist(), plain.p_cal.tolist()) == ([1, 1 / 3], [1, 3 / 4])
    assert [column.key for column in plain.columns][4:] == ["p_cal", "papers"]
    assert {"p", "p_cal", "q"} < set(plain.to_frame())


def test_chance_of_the_query():
    chance = Chance(3, 400, 4 / 401, ("papers", "cos_ab"), "3 of 400 random pairs find it")
    some = judged(ASKED[0], chance=chance)
    assert some.explanation[-2:] == (JUDGING, chance.sentence)
    for form in ("markdown", "html"):
        assert some.explanation_in(form)[-1] == chance.sentence
    assert some.facts["chance"] == {
        "count": 3, "of": 400, "p": 4 / 401, "matched_by": ["papers", "cos_ab"],
        "sentence": chance.sentence,
    }  # fmt: skip
    assert chance.sentence in some.to_markdown()
    assert chance.sentence in some._repr_html_()


def test_a_copy_has_the_evidence_without_the_vectors():
    some = judged(ASKED[0], random_p=np.array([0.2, 0.5]))
    copy = pickle.loads(pickle.dumps(some))  # noqa: S301 - our own
    assert (copy.evidence.prepared, copy.evidence.candidates) == (None, None)
    assert (str(copy), list(copy)) == (str(some), list(some))
    pd.testing.assert_frame_equal(copy.to_frame(), some.to_frame())
