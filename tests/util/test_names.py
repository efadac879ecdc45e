"""What stands around names, and what does not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gene_analogies.util.names import clean_name, clean_names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EGFR", "EGFR"),
        (" EGFR\t", "EGFR"),
        ("\xa0 MET", "MET"),
        ("\ufeffEGF\u200b", "EGF"),
        ('"EGFR"', "EGFR"),
        ("' EGFR '", "EGFR"),
        ("“EGFR”", "EGFR"),
        ('"EGFR', '"EGFR'),
        ("'s", "'s"),
        ("''", "''"),
        ('"', '"'),
        ("'a' and 'b'", "'a' and 'b'"),
        ("HLA A", "HLA A"),
        ("beta\u0301", "betá"),
        (" ", ""),
    ],
)
def test_one_name(text, name):
    assert clean_name(text) == name


@given(st.text())
def test_cleaning_twice_changes_nothing_more_but_further_quotes(text):
    once = clean_name(text, quotes=False)
    assert clean_name(once, quotes=False) == once == unicodedata.normalize("NFC", once)


def test_what_was_around_names_is_counted():
    found = clean_names(["EGF", "EGFR ", "\xa0MET", "EGFR "])
    assert found.names == ["EGF", "EGFR", "MET", "EGFR"]
    assert (found.stripped, found.example) == (3, ("EGFR ", "EGFR"))


def test_another_form_of_unicode_is_not_counted():
    found = clean_names(["cafe\u0301", "tea"])
    assert found.names == ["café", "tea"]
    assert (found.stripped, found.example) == (0, None)


@pytest.mark.parametrize(
    "names",
    [
        ["EGFR", "EGFR "],
        [" EGFR", "EGFR "],
        ['"a"', "a"],
        ["cafe\u0301", "café"],
    ],
)
def test_names_that_would_become_the_same_stay(names):
    found = clean_names([*names, " b"])
    assert found.names == [*names, "b"]
    assert found.stripped == 1


def test_words_may_be_blanks_and_quotes():
    words = ["\u3000", "'n'", '"a"', "b\xa0", "c"]
    assert clean_names(words, words=True).names == ["\u3000", "'n'", '"a"', "b", "c"]
    assert clean_names(words).names == ["", "n", "a", "b", "c"]


def test_words_that_are_all_quoted_are_a_quoted_list():
    assert clean_names(['"EGF"', '"EGFR"'], words=True).names == ["EGF", "EGFR"]


@pytest.mark.parametrize(
    ("names", "clean"),
    [
        (["1950.0", "1956.0"], ["1950", "1956"]),
        (["1950.0", "", "1956"], ["1950", "", "1956"]),
        (["1950.0", "EGFR"], ["1950.0", "EGFR"]),
        (["1950.5", "1956.0"], ["1950.5", "1956.0"]),
        (["1956.0", "1956"], ["1956.0", "1956"]),
    ],
)
def test_floats_are_whole_numbers_where_all_are(names, clean):
    assert clean_names(names).names == clean
