import pytest

from gene_analogies.report.terminal import pairs_text
from gene_analogies.results import Item

from .conftest import KING, make_result

GOLDEN = """\
EGF : EGFR ≈ c : d
epidermal growth factor : epidermal growth factor receptor
note: ErbB1 → EGFR

rank  c    d    similarity  full name of c                                full name of d
   1  HGF  MET      0.1235  hepatocyte growth factor                      MET proto-oncogene, receptor tyrosine kinase
   2  MET  HGF      0.0000  MET proto-oncogene, receptor tyrosine kinase  hepatocyte growth factor

3 pairs of equal vectors have no direction and are left out
"""  # noqa: E501

GOLDEN_80 = """\
EGF : EGFR ≈ c : d
epidermal growth factor : epidermal growth factor receptor
note: ErbB1 → EGFR

rank  c    d    similarity  full name of c             full name of d
   1  HGF  MET      0.1235  hepatocyte growth factor   MET proto-oncogene, rece…
   2  MET  HGF      0.0000  MET proto-oncogene, rece…  hepatocyte growth factor

3 pairs of equal vectors have no direction and are left out
"""

ALL = ["result", "words", "empty", "odd", "several", "distances", "sums", "twins"]


def test_whole(result):
    assert pairs_text(result, 0) == GOLDEN


def test_cut_to_80_columns(result):
    assert pairs_text(result, 80) == GOLDEN_80


def test_names_go_where_they_would_say_nothing(result):
    lines = pairs_text(result, 45).splitlines()
    assert "   1  HGF  MET      0.1235" in lines
    assert "rank  c    d    similarity" in lines


def test_words_have_no_column_of_names(words):
    assert pairs_text(words, 0) == (
        "queen : king ≈ c : d\n\nrank  c     d      similarity\n   1  king  queen      1.0000\n"
    )


def test_nothing_found(empty):
    assert pairs_text(empty, 0).endswith("\n\nno pairs\n")


def test_sums(sums):
    assert pairs_text(sums, 0).startswith("an offset ≈ c + d\n\nrank")


def test_several_examples(several):
    assert pairs_text(several, 0).startswith("EGF : EGFR, HGF : MET ≈ c : d\n\nrank")


def test_distances_are_named(distances):
    assert "\nsimilarity: the negative Euclidean distance of the offsets\n" in pairs_text(
        distances, 0
    )


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [1, 2, 7, 20, 33, 50, 79, 80, 81, 140, 300])
def test_no_line_is_longer_than_the_width(name, width, request):
    for line in pairs_text(request.getfixturevalue(name), width).splitlines():
        assert len(line) <= width


@pytest.mark.parametrize("name", ALL)
def test_no_escape_code_and_no_trailing_space(name, request):
    text = pairs_text(request.getfixturevalue(name), 0)
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_wide_letters_are_aligned_and_cut_by_their_columns():
    from rich.cells import cell_len

    wide = Item("細胞" * 10)
    text = pairs_text(make_result([(wide, KING), (KING, wide)], [0.5, 0.25]), 50)
    first, second = text.splitlines()[-2:]
    assert "…" in first
    assert cell_len(first) == cell_len(second) <= 50


def test_default_is_the_width_of_a_terminal(result, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    assert pairs_text(result) == str(result) == GOLDEN_80


def test_default_is_uncut_elsewhere(result, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert pairs_text(result) == GOLDEN


def test_default_without_any_standard_output(result, monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert pairs_text(result) == GOLDEN
