import numpy as np
import pytest
from made_answers import EGF, count_column, item_column, score_column, text_column

from gene_analogies.report.text import cell_texts, items_of, labels, one_line


def similarities(result):
    return cell_texts(result.columns[-1], {})


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
    assert similarities(result) == ["0.1235", "0.0000"]


def test_small_distances_have_an_exponent(distances):
    assert similarities(distances) == ["-1.2500e-07", "-3.5000e-07"]


def test_no_scores(empty):
    assert similarities(empty) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("result", ("3 pairs of equal vectors have no direction and are left out",)),
        ("sums", ("1 pair of opposite vectors has no direction and is left out",)),
        ("words", ()),
    ],
)
def test_pairs_without_direction_are_counted(name, expected, request):
    assert request.getfixturevalue(name).remarks == expected


def test_numbers_that_are_not_known_change_no_others():
    assert cell_texts(score_column("x", np.nan, 0.5, np.inf), {}) == ["–", "0.5000", "inf"]
    assert cell_texts(score_column("x", np.nan, 1e-5), {}) == ["–", "1.0000e-05"]
    assert cell_texts(score_column("x", 1e-5, kind="cosine"), {}) == ["0.0000"]
    assert cell_texts(score_column("x", np.nan), {}) == ["–"]


def test_counts_and_texts():
    assert cell_texts(count_column("x", 0, 1_234_567, -1_000), {}) == ["0", "1,234,567", "-1,000"]
    assert cell_texts(text_column("x", "a\x1b[31m\n", "細胞"), {}) == ["a\ufffd[31m\ufffd", "細胞"]


def test_a_missing_item_is_empty():
    column = item_column("x", EGF, None)
    assert cell_texts(column, labels(items_of([column]))) == ["EGF", ""]
