import pytest

from gene_analogies.report.text import blanks_note, labels, one_line, score_texts


def test_characters_that_are_not_printable_are_replaced():
    assert one_line("a\x1b[31mb\n\udc80") == "a\ufffd[31mb\ufffd\ufffd"


def test_ordinary_text_stays():
    assert one_line("β-catenin 細胞") == "β-catenin 細胞"


def test_an_item_is_called_by_its_symbol(result):
    assert labels(item for pair in result.examples for item in pair) == {
        "EGF": "EGF",
        "ENSG00000146648": "EGFR",
    }


def test_items_of_one_symbol_are_told_apart(twins):
    assert labels([*twins.c, *twins.d]) == {"ENSG1": "EGFR (ENSG1)", "ENSG2": "EGFR (ENSG2)"}


def test_cosines_have_four_decimals_and_no_negative_zero(result):
    assert score_texts(result) == ["0.1235", "0.0000"]


def test_small_distances_have_an_exponent(distances):
    assert score_texts(distances) == ["-1.2500e-07", "-3.5000e-07"]


def test_no_scores(empty):
    assert score_texts(empty) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("result", "3 pairs of equal vectors have no direction and are left out"),
        ("sums", "1 pair of opposite vectors has no direction and is left out"),
        ("words", None),
    ],
)
def test_pairs_without_direction_are_counted(name, expected, request):
    assert blanks_note(request.getfixturevalue(name)) == expected
