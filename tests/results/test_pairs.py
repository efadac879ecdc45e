import numpy as np
from made_answers import EGF, EGFR, HGF, KING, MET, QUEEN, make_result

from gene_analogies.results import Pair

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


def test_explanation_in_other_forms():
    assert result().explanation_in("markdown") == (
        "Pairs with the same difference; similarity is the cosine of the offsets.",
    )
    assert result(metric="euclidean", operation="sum").explanation_in("markdown") == (
        "Pairs with the same sum; similarity is the negative Euclidean distance of the offsets.",
    )
    assert result().explanation_in("html") == ()


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
    some = result(pair_weight=0.25, cos_cd=np.array([0.8, 0.4]), score=np.array([0.7, 0.35]))
    assert list(some) == list(result())
    assert [(column.key, column.kind) for column in some.columns] == [
        ("c", "item"),
        ("d", "item"),
        ("similarity", "cosine"),
        ("cos_cd", "cosine"),
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
    assert frame[["similarity", "cos_cd", "score"]].to_numpy().tolist() == [
        [0.5, 0.8, 0.7],
        [0.25, 0.4, 0.35],
    ]
