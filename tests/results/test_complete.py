import pytest
from answers import complete, of_lists
from made_answers import EGF, EGFR, HGF, KING, MET, QUEEN

from gene_analogies.results import Completion

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
        "similarity: the cosine with what is added less what is taken away, at best 1 (3CosAdd)",
    )
    assert of_lists(method="3CosMul").explanation == (
        "score: the cosines with what is added over those with what is taken away, each shifted "
        "to [0, 1] (3CosMul)",
    )


def test_explanation_in_other_forms():
    assert complete().explanation_in("html") == ()
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
