import pytest
from answers import several, similar
from made_answers import EGF, EGFR, HGF, KING, QUEEN

from gene_analogies.results import Item, Neighbour


def test_rows():
    assert list(similar()) == [Neighbour("HGF", 0.75), Neighbour("king", -0.5)]


def test_one_item():
    result = similar()
    assert (result.query, result.title) == ("EGF", "similar to EGF")
    assert result.explanation == (
        "epidermal growth factor",
        "similarity: the cosine of the two vectors, at best 1",
    )
    words = similar(members=(KING,), metric="euclidean")
    assert words.explanation == ("similarity: the negative Euclidean distance, at best 0",)
    assert [column.key for column in result.columns] == ["item", "similarity"]


@pytest.mark.parametrize(
    ("how", "title"),
    [
        ("span", "similar to EGF and HGF together"),
        ("mean", "similar to the mean of EGF and HGF"),
        ("min", "similar to each of EGF and HGF"),
    ],
)
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_several_items(how, title, metric):
    result = several(how=how, metric=metric)
    assert (result.query, result.title) == ("EGF, HGF", title)
    (line,) = result.explanation
    assert line.startswith("similarity: the ")
    alone = "cosine with" if metric == "cosine" else "negative distance to"
    assert line.endswith(f"; to X: the {alone} X alone")
    assert [column.heading for column in result.columns] == [
        "item", "similarity", "to EGF", "to HGF",
    ]  # fmt: skip
    assert result.columns[3].values.tolist() == [0.25, 0.0]


def test_many_items_are_counted():
    members = tuple(Item(f"x{row}") for row in range(1_206))
    assert several(members=members[:6], compared=()).title == (
        "similar to x0, x1, x2, x3, x4 and x5 together"
    )
    many = several(members=members, compared=())
    assert many.title == "similar to x0, x1, x2, x3, x4 and 1,201 others together"
    assert "to X" not in many.explanation[0]


def test_contrast():
    result = several(members=(EGF,), contrast=HGF)
    assert (result.query, result.title) == (
        "EGF rather than HGF",
        "similar to EGF rather than HGF",
    )
    assert result.explanation == (
        "epidermal growth factor rather than hepatocyte growth factor",
        "difference: the cosine with EGF minus that with HGF",
    )
    words = several(members=(KING,), contrast=QUEEN, compared=(KING, QUEEN), metric="euclidean")
    assert words.explanation == (
        "difference: the negative Euclidean distance to king minus that to queen",
    )
    assert [column.key for column in result.columns] == ["item", "difference", "to_EGF", "to_HGF"]


def test_items_of_one_symbol_are_told_apart():
    twin = Item("EGFR", EGFR.gene)
    result = several(members=(EGFR, twin), compared=(EGFR, twin))
    assert [column.title for column in result.columns[2:]] == ["to ENSG00000146648", "to EGFR"]
    assert [column.key for column in result.columns[2:]] == ["to_ENSG00000146648", "to_EGFR"]


def test_facts():
    described = {"item": "EGF", "symbol": "EGF", "name": "epidermal growth factor"}
    assert similar().facts == {
        "members": [described], "contrast": None, "metric": "cosine", "how": None,
    }  # fmt: skip
    assert several(how="min").facts["how"] == "min"
    assert similar(contrast=KING, compared=(EGF, KING)).facts["contrast"] == {
        "item": "king", "symbol": "king", "name": "",
    }  # fmt: skip


def test_remarks_and_totals():
    assert (similar().remarks, similar().totals) == ((), {"without_direction": 0})
    assert similar(without_direction=1).remarks == (
        "1 item has a zero vector, without a direction, and is left out",
    )
    many = similar(without_direction=1_200)
    assert many.remarks == ("1,200 items have zero vectors, without a direction, and are left out",)
    assert many.totals == {"without_direction": 1_200}
