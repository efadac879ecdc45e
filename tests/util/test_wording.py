import pytest

from gene_analogies.util.wording import first_few, pluralise


@pytest.mark.parametrize(
    ("count", "words", "text"),
    [
        (0, ("pair",), "0 pairs"),
        (1, ("pair",), "1 pair"),
        (1_200_000, ("pair",), "1,200,000 pairs"),
        (1, ("family", "families"), "1 family"),
        (2, ("family", "families"), "2 families"),
    ],
)
def test_counts(count, words, text):
    assert pluralise(count, *words) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, ""), (1, "a"), (5, "a, b, c, d, e"), (6, "a, b, c, d, e, …")]
)
def test_first_few(count, text):
    assert first_few("abcdef"[:count]) == text


def test_first_few_of_as_many_as_wanted():
    assert first_few(["a", "b", "c"], 2) == "a, b, …"
