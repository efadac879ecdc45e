import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_answers import (
    EGF,
    KING,
    MET,
    ODD,
    Made,
    count_column,
    item_column,
    make_result,
    score_column,
    text_column,
)
from rich.cells import cell_len

from gene_analogies.report.terminal import answer_text
from gene_analogies.results import Item

GOLDEN = """\
EGF : EGFR ≈ c : d
epidermal growth factor : epidermal growth factor receptor
EGF is to EGFR as c is to d; similarity: the cosine of the two differences, at best 1
note: ErbB1 → EGFR

rank  c    d    similarity  full name of c                                full name of d
   1  HGF  MET      0.1235  hepatocyte growth factor                      MET proto-oncogene, receptor tyrosine kinase
   2  MET  HGF      0.0000  MET proto-oncogene, receptor tyrosine kinase  hepatocyte growth factor

3 pairs of equal vectors have no direction and are left out
"""  # noqa: E501

GOLDEN_80 = """\
EGF : EGFR ≈ c : d
epidermal growth factor : epidermal growth factor receptor
EGF is to EGFR as c is to d; similarity: the cosine of the two differences, at
  best 1
note: ErbB1 → EGFR

rank  c    d    similarity  full name of c             full name of d
   1  HGF  MET      0.1235  hepatocyte growth factor   MET proto-oncogene, rece…
   2  MET  HGF      0.0000  MET proto-oncogene, rece…  hepatocyte growth factor

3 pairs of equal vectors have no direction and are left out
"""

GOLDEN_ONE = """\
EGF: what there is
epidermal growth factor
likeness: as you like it
note: ErbB1 → EGFR

rank  item  likeness    rows  full name
   1  EGF     0.5000  12,345  epidermal growth factor
   2               –       0
   3  king   -0.2500       7

1 thing is missing
and <one> more
"""

GOLDEN_THREE = """\
EGF: what there is

section           b     c             d      similarity
growth | factors  EGFR  HGF           MET        0.7500
words\ufffd[31m        king  a|b_<i>\ufffd[31m  queen      0.5000
"""

GOLDEN_FOUR = """\
EGF: what there is

rank  a     b      c             d    similarity      cos_ac      cos_bd  family
   1  EGF   EGFR   HGF           MET      0.9000  1.0000e-05  1.2346e+05       1
   2  king  queen  a|b_<i>\ufffd[31m           0.8000  2.0000e-05  2.0000e+07   2,000
"""

ALL = [
    "result", "words", "empty", "odd", "several", "distances", "sums", "twins",
    "one_item", "three_items", "four_items", "nothing", "completed",
]  # fmt: skip


def test_whole(result):
    assert answer_text(result, 0) == GOLDEN


def test_cut_to_80_columns(result):
    assert answer_text(result, 80) == GOLDEN_80


def test_names_go_where_they_would_say_nothing(result):
    lines = answer_text(result, 45).splitlines()
    assert "   1  HGF  MET      0.1235" in lines
    assert "rank  c    d    similarity" in lines


def test_words_have_no_column_of_names(words):
    assert answer_text(words, 0) == (
        "queen : king ≈ c : d\n"
        "queen is to king as c is to d; similarity: the cosine of the two differences, at best 1\n"
        "\nrank  c     d      similarity\n   1  king  queen      1.0000\n"
    )


def test_nothing_found(empty):
    assert answer_text(empty, 0).endswith("\n\nno pairs\n")


def test_sums(sums):
    assert answer_text(sums, 0).startswith(
        "an offset ≈ c + d\nsimilarity: the cosine of c + d with the offset, at best 1\n\nrank"
    )


def test_several_examples(several):
    assert answer_text(several, 0).startswith(
        "EGF : EGFR, HGF : MET ≈ c : d\nc is to d as in the examples; similarity: the cosine of "
        "c − d with the mean difference of the examples, at best 1\n\nrank"
    )


def test_distances_are_named(distances):
    said = "similarity: the negative Euclidean distance of the two differences, at best 0\n"
    assert said in answer_text(distances, 0)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [1, 2, 7, *range(20, 201, 3), 300])
def test_no_line_is_longer_than_the_width(name, width, request):
    for line in answer_text(request.getfixturevalue(name), width).splitlines():
        assert len(line) <= width


@pytest.mark.parametrize("name", ALL)
def test_no_escape_code_and_no_trailing_space(name, request):
    text = answer_text(request.getfixturevalue(name), 0)
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_one_column_of_items(one_item):
    assert answer_text(one_item, 0) == GOLDEN_ONE


def test_rows_that_are_not_ranked_and_texts(three_items):
    assert answer_text(three_items, 60) == GOLDEN_THREE
    assert "  full name of b  " in answer_text(three_items, 0)


def test_four_columns_of_items(four_items):
    assert answer_text(four_items, 80) == GOLDEN_FOUR
    head = answer_text(four_items, 0).splitlines()[2]
    assert [f"full name of {member}" in head for member in "abcd"] == [True] * 4


def test_numbers_but_the_first_go_before_items_say_nothing(four_items):
    row = answer_text(four_items, 60).splitlines()[3]
    assert row == "   1  EGF   EGFR   HGF           MET      0.9000  1.0000e-05"
    row = answer_text(four_items, 42).splitlines()[3]
    assert row == "   1  EGF   EGFR   HGF     MET      0.9000"


def test_numbers_without_room_are_named(four_items):
    assert "no room" not in answer_text(four_items, 80)
    assert answer_text(four_items, 60).splitlines()[-2:] == [
        "", "no room for cos_bd, family; files have all",
    ]  # fmt: skip


def test_a_table_without_items():
    sections = Made(
        (text_column("section", "a\nb", "capitals"), count_column("right", 1000, 7)), ranked=False
    )
    assert answer_text(sections, 0).splitlines()[2:] == [
        "section   right",
        "a\ufffdb       1,000",
        "capitals      7",
    ]


@given(
    st.lists(st.sampled_from([EGF, KING, MET, ODD, Item("x" * 90), None]), min_size=1, max_size=4),
    st.integers(0, 3),
    st.booleans(),
    st.text(max_size=40),
    st.integers(20, 200),
)
def test_every_shape_fits_every_width(items, numbers, ranked, text, width):
    made = Made(
        (
            text_column("text", text),
            *(item_column(key, item) for key, item in zip("abcd", items, strict=False)),
            *(score_column(f"score {number}", 10.0**number) for number in range(numbers)),
            count_column("count", 10**9),
        ),
        ranked=ranked,
        title=f"title {text}",
        notes=(text,),
        remarks=(text,),
    )
    lines = answer_text(made, width).splitlines()
    table = lines.index("") + 1
    assert all(cell_len(line) <= width for line in lines[table : table + 2])
    assert all(len(line) <= width for line in lines[:table] + lines[table + 2 :])


def test_wide_letters_are_aligned_and_cut_by_their_columns():
    wide = Item("細胞" * 10)
    text = answer_text(make_result([(wide, KING), (KING, wide)], [0.5, 0.25]), 50)
    first, second = text.splitlines()[-2:]
    assert "…" in first
    assert cell_len(first) == cell_len(second) <= 50


def test_default_is_the_width_of_a_terminal(result, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    assert answer_text(result) == str(result) == GOLDEN_80


def test_default_is_uncut_elsewhere(result, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    assert answer_text(result) == GOLDEN


def test_default_without_any_standard_output(result, monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert answer_text(result) == GOLDEN
