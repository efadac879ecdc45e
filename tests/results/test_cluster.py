from answers import clusters
from made_answers import KING, QUEEN

from gene_analogies.results import ClusteredPair, Family


def test_rows():
    assert list(clusters()) == [
        ClusteredPair(1, "EGF", "ENSG00000146648", 0.75),
        ClusteredPair(1, "HGF", "MET", 0.5),
        ClusteredPair(2, "king", "queen", 1.0),
    ]


def test_query():
    assert clusters().query == clusters().title == "2 families of 3 pairs"
    one = clusters(families=(Family(1, 3, 0.0),), c=(KING,), d=(QUEEN,))
    assert one.query == "1 family of 1 pair"


def test_explanation():
    assert clusters().explanation == (
        "a family holds pairs whose difference c − d points the same way: one relation (k-means "
        "on unit vectors)",
        "silhouette: how clearly a family is set apart (1: far from all others, 0: it touches "
        "another); 0.2500 on average, the best for 2 to 3 families",
        "closeness: how typical of its family a pair is (the cosine with the family's mean, at "
        "best 1)",
        "family 1: 2 pairs, silhouette 0.3750: EGF : EGFR, HGF : MET",
        "family 2: 1 pair, silhouette 0.0000: king : queen",
    )
    assert clusters(chosen=False).explanation[1].endswith("another); 0.2500 on average")


def test_explanation_of_one_family_of_sums():
    many = clusters(
        families=(Family(1, 4, 0.0),), c=(KING,) * 4, d=(QUEEN,) * 4, operation="sum"
    )  # fmt: skip
    first, _, family = many.explanation
    assert "whose sum c + d points" in first
    assert family == "family 1: 4 pairs: king + queen, king + queen, king + queen, …"


def test_remarks():
    assert clusters().remarks == ()
    assert clusters(without_direction=1).remarks == (
        "1 pair of equal vectors has no direction and is left out",
    )
    assert clusters(without_direction=1_200, operation="sum").remarks == (
        "1,200 pairs of opposite vectors have no direction and are left out",
    )


def test_facts():
    assert clusters(without_direction=2).facts == {
        "families": [
            {"family": 1, "size": 2, "silhouette": 0.375},
            {"family": 2, "size": 1, "silhouette": 0.0},
        ],
        "tried": [{"clusters": 2, "silhouette": 0.25}, {"clusters": 3, "silhouette": 0.0}],
        "seed": 7,
        "operation": "difference",
        "without_direction": 2,
    }
    assert clusters().totals == {}


def test_columns():
    result = clusters()
    assert not result.ranked
    assert [column.key for column in result.columns] == ["family", "c", "d", "closeness"]
    assert [column.kind for column in result.columns] == ["count", "item", "item", "score"]
