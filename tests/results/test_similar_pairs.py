from answers import similar_pairs

from gene_analogies.results import SimilarPair


def test_rows():
    assert list(similar_pairs()) == [
        SimilarPair("EGF", "HGF", 1.0), SimilarPair("king", "queen", 0.5),
    ]  # fmt: skip


def test_explanation():
    result = similar_pairs()
    assert result.query == result.title == "the most similar pairs"
    assert result.explanation == (
        "similarity: the cosine of the two vectors, at best 1",
        "all 1,225 pairs: similarities from -0.7500 to 1.0000, mean 0.1250, standard deviation "
        "0.2500",
        "of these pairs, 50 % have at most 0.1000, 99 % 0.6250 (± 5e-04): only 1 % are more "
        "similar than 0.6250",
    )


def test_distances_have_a_relative_resolution():
    about = similar_pairs().distribution._replace(mean=-12_345.678, resolution=0.02)
    lines = similar_pairs(metric="euclidean", distribution=about).explanation
    assert lines[0] == "similarity: the negative Euclidean distance, at best 0"
    assert "mean -12346," in lines[1]
    assert "(± about 2 %)" in lines[2]


def test_no_similarity_is_minus_zero():
    about = similar_pairs().distribution._replace(mean=-1e-9)
    assert "mean 0.0000," in similar_pairs(distribution=about).explanation[1]


def test_remarks():
    assert similar_pairs().remarks == ()
    assert similar_pairs(copies=1).remarks == (
        "1 of the pairs is copies: two items with the same vector",
    )
    assert similar_pairs(copies=3_000, without_direction=2).remarks == (
        "3,000 of the pairs are copies: two items with the same vector",
        "2 items have zero vectors, without a direction, and are left out",
    )


def test_facts_and_totals():
    assert similar_pairs().facts == {"metric": "cosine"}
    assert similar_pairs(copies=2, without_direction=1).totals == {
        "distribution": {
            "pairs": 1_225,
            "mean": 0.125,
            "deviation": 0.25,
            "least": -0.75,
            "greatest": 1.0,
            "levels": [0.5, 0.99],
            "quantiles": [0.1, 0.625],
            "resolution": 0.0005,
        },
        "copies": 2,
        "without_direction": 1,
    }
