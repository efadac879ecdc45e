import numpy as np
import pytest
from answers import complete, of_lists
from made_answers import EGF, EGFR, HGF, KING, MET, QUEEN

import gene_analogies as ga
from gene_analogies.results import Completion
from gene_analogies.results.evidence import PairEvidence
from gene_analogies.search.prepared import PreparedVectors

SEVERAL = ((EGF, EGFR), (HGF, MET))


def test_rows():
    assert list(complete()) == [Completion("MET", 0.875), Completion("king", 0.25)]


def test_query():
    assert complete().query == complete().title == "EGF : EGFR :: HGF : ?"
    assert complete(examples=SEVERAL, c=KING).query == "EGF : EGFR, HGF : MET :: king : ?"
    assert of_lists().query == "king + EGF − queen"
    assert of_lists(positive=()).query == "− queen"


@pytest.mark.parametrize(
    ("method", "line"),
    [
        ("3CosAdd", "similarity: the cosine of d with EGFR − EGF + HGF, at best 1 (3CosAdd)"),
        (
            "3CosMul",
            "score: cos(d, EGFR) · cos(d, HGF) / cos(d, EGF), each cosine shifted to [0, 1] "
            "(3CosMul)",
        ),
        (
            "PairDirection",
            "similarity: the cosine of d − HGF with EGFR − EGF, at best 1 (PairDirection)",
        ),
    ],
)
def test_explanation_of_one_example(method, line):
    assert complete(method=method).explanation == (
        "epidermal growth factor : epidermal growth factor receptor :: hepatocyte growth factor "
        ": ?",
        line,
    )
    assert complete(method=method, c=KING).explanation == (line.replace("HGF", "king"),)


@pytest.mark.parametrize(
    ("method", "line"),
    [
        (
            "3CosAvg",
            "similarity: the cosine of d with HGF plus the mean of b − a over the examples a : b, "
            "at best 1 (3CosAvg)",
        ),
        (
            "LRCos",
            "score: the probability that d is of the kind of the b's of the examples a : b, times "
            "its cosine with HGF (LRCos)",
        ),
    ],
)
def test_explanation_of_several_examples(method, line):
    assert complete(method=method, examples=SEVERAL).explanation == (line,)


def test_explanation_of_lists():
    assert of_lists().explanation == (
        "similarity: the cosine with what is added less what is subtracted, at best 1 (3CosAdd)",
    )
    assert of_lists(method="3CosMul").explanation == (
        "score: the cosines with what is added over those with what is subtracted, each shifted "
        "to [0, 1] (3CosMul)",
    )


def test_explanation_in_other_forms():
    assert complete().explanation_in("html") == complete().explanation
    assert complete().explanation_in("markdown") == (
        "Items by 3CosAdd; similarity is the cosine of d with EGFR − EGF + HGF, at best 1.",
    )


def test_what_was_asked():
    assert complete(examples=SEVERAL, c=KING).asked == ((EGF, HGF), (EGFR, MET), (KING,))
    assert of_lists().asked == ()
    facts = complete().facts
    assert list(facts) == ["examples", "c", "method"]
    assert [one["symbol"] for one in facts["examples"][0]] == ["EGF", "EGFR"]
    facts = of_lists(negative=(QUEEN,)).facts
    assert list(facts) == ["positive", "negative", "method"]
    assert [one["item"] for one in facts["positive"]] == ["king", "EGF"]


def test_columns():
    assert [column.key for column in complete().columns] == ["d", "similarity"]
    assert [column.kind for column in complete().columns] == ["item", "cosine"]
    column = complete(method="LRCos", examples=SEVERAL).columns[1]
    assert (column.key, column.kind, column.note) == ("score", "score", "LRCos")
    assert of_lists().columns[0].key == "item"


def test_remarks_and_totals():
    assert (complete().remarks, complete().totals) == ((), {"without_direction": 0})
    assert complete(without_direction=1).remarks == (
        "1 item has a vector of zeros, hence no direction, and is left out",
    )
    copies = complete(without_direction=1_200, method="PairDirection")
    assert copies.remarks == (
        "1,200 items have the vector of c, hence no direction, and are left out",
    )
    assert copies.totals == {"without_direction": 1_200}


def judged(**changes):
    """MET and king for HGF, with their evidence: rows are those of EGF, EGFR, HGF, MET, king."""
    vectors = np.array([[3, 4], [4, 3], [0, 1], [1, 1], [1, 0]], np.float64)
    rows = np.array([3, 4])
    evidence = PairEvidence(
        PreparedVectors(vectors, 4.0, cache=False), ((EGF, EGFR),), ((0, 1),), (HGF, HGF),
        (MET, KING), np.array([2, 2]), rows, candidates=None,
    )  # fmt: skip
    return complete(rows=rows, evidence=evidence, **changes)


def test_evidence():
    some = judged()
    assert some.cos_cd.tolist() == pytest.approx([0.5**0.5, 0])
    assert some.cos_bd.tolist() == pytest.approx([7 / 50**0.5, 0.8])
    assert some.papers.tolist() == [len(ga.papers("HGF", "MET")), 0]
    line = "cos(EGF, EGFR) is 0.9600; papers: how many name c and d"
    assert some.explanation[-1] == line
    assert some.explanation_in("markdown")[1:] == (line,)
    assert some.facts["cos_ab"] == pytest.approx(0.96)
    assert [column.key for column in some.columns] == ["d", "similarity", "cos_cd", "papers"]


def test_evidence_in_files():
    frame = judged().to_frame()
    assert list(frame) == [
        "d", "similarity", "cos_cd", "papers", "rank", "cos_bd", "pubmed_ids", "shared_terms_bd",
        "d_ensembl", "d_entrez", "d_hgnc", "d_symbol", "d_name",
    ]  # fmt: skip
    terms = ga.shared_terms("EGFR", "MET")
    assert frame.shared_terms_bd[0] == "; ".join(f"{term.name} ({term.id})" for term in terms)
    assert frame.d_entrez.tolist() == ["4233", ""]
