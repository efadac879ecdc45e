import re
from dataclasses import replace

from made_answers import EGF

from gene_analogies.report.markdown import answer_markdown

GOLDEN = """\
# EGF : EGFR

Pairs with the same difference; similarity is the cosine of the offsets.

- ErbB1 → EGFR
- 3 pairs of equal vectors have no direction and are left out

| Gene 1 | Gene 2 | ≈ | Gene 3 | Gene 4 | Similarity |
|---|---|:-:|---|---|--:|
| [EGF](https://www.proteinatlas.org/ENSG00000138798-EGF) | [EGFR](https://www.proteinatlas.org/ENSG00000146648-EGFR) | ≈ | [HGF](https://www.proteinatlas.org/ENSG00000019991-HGF) | [MET](https://www.proteinatlas.org/ENSG00000105976-MET) | 0.1235 |
| epidermal growth factor | epidermal growth factor receptor | | hepatocyte growth factor | MET proto-oncogene, receptor tyrosine kinase | |
| [EGF](https://www.proteinatlas.org/ENSG00000138798-EGF) | [EGFR](https://www.proteinatlas.org/ENSG00000146648-EGFR) | ≈ | [MET](https://www.proteinatlas.org/ENSG00000105976-MET) | [HGF](https://www.proteinatlas.org/ENSG00000019991-HGF) | 0.0000 |
| epidermal growth factor | epidermal growth factor receptor | | MET proto-oncogene, receptor tyrosine kinase | hepatocyte growth factor | |
"""  # noqa: E501


def table_of(text):
    """Cells of the rows, split at bars that are not escaped."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]


def test_whole(result):
    assert answer_markdown(result) == GOLDEN == result.to_markdown()


def test_words_stand_unlinked_in_one_row(words):
    assert answer_markdown(words).endswith("--:|\n| queen | king | ≈ | king | queen | 1.0000 |\n")


def test_several_examples_share_a_cell(several):
    links, names = table_of(answer_markdown(several))[2:]
    assert links[0].count("proteinatlas.org") == 2
    assert links[0].count("<br>") == 1
    assert names[0] == " epidermal growth factor<br>hepatocyte growth factor "
    assert links[3] == " king "
    assert names[3] == " "


def test_marks_are_escaped(odd):
    text = answer_markdown(odd)
    rows = table_of(text)
    assert all(len(row) == 6 for row in rows)
    assert rows[2][0] == " a\\|b\\_\\<i\\>\ufffd\\[31m "
    assert rows[3][0] == " name \\| with \\[marks\\] \\& \\<b\\> "
    assert "\n- \\<\ufffd\\[2J\\> \\| note\n" in text
    assert "\x1b" not in text


def test_every_row_has_six_cells(result, twins, distances):
    for one in (result, twins, distances):
        assert {len(row) for row in table_of(answer_markdown(one))} == {6}


def test_a_ready_offset(sums):
    text = answer_markdown(sums)
    assert text.startswith("# an offset\n\nPairs with the same sum;")
    links, names = table_of(text)[2:]
    assert links[:2] == [" an offset ", " "]
    assert names[:2] == [" ", " "]


def test_distances(distances):
    assert "similarity is the negative Euclidean distance of the offsets." in answer_markdown(
        distances
    )


def test_nothing_found(empty):
    text = answer_markdown(empty)
    assert text.endswith("\n\nNo pairs.\n")
    assert "|" not in text


GOLDEN_ONE = """\
# EGF: what there is

epidermal growth factor

likeness: as you like it

- ErbB1 → EGFR
- 1 thing is missing
- and \\<one\\> more

| Item | Likeness | Rows |
|---|--:|--:|
| [EGF](https://www.proteinatlas.org/ENSG00000138798-EGF) | 0.5000 | 12,345 |
| epidermal growth factor | | |
| | – | 0 |
| king | -0.2500 | 7 |
"""


def test_one_column_of_items(one_item):
    assert answer_markdown(one_item) == GOLDEN_ONE


def test_three_columns_of_items_are_no_analogy_unless_the_first_was_asked_for(three_items):
    head, align, links, _, _, names = table_of(answer_markdown(three_items))
    assert head == [" Section ", " b ", " c ", " d ", " Similarity "]
    assert align == ["---", "---", "---", "---", "--:"]
    assert links[0] == " growth \\| factors "
    assert names == [" ", " ", " name \\| with \\[marks\\] \\& \\<b\\> ", " ", " "]
    asked = answer_markdown(replace(three_items, asked=((EGF,),), title="no heading"))
    assert asked.startswith("# EGF\n\n| Section | Gene 1 | Gene 2 | ≈ | Gene 3 | Gene 4 | Simil")
    assert {len(row) for row in table_of(asked)} == {7}
    assert (
        "| words\ufffd\\[31m | [EGF](https://www.proteinatlas.org/ENSG00000138798-EGF) | king"
        in asked
    )


def test_four_columns_of_items(four_items):
    head, align, *rows = table_of(answer_markdown(four_items))
    assert [cell.strip() for cell in head] == [
        "Gene 1", "Gene 2", "≈", "Gene 3", "Gene 4", "Similarity", "Cos\\_ac", "Cos\\_bd", "Family",
    ]  # fmt: skip
    assert align == ["---", "---", ":-:", "---", "---", "--:", "--:", "--:", "--:"]
    assert rows[2][2:5] == [" ≈ ", " a\\|b\\_\\<i\\>\ufffd\\[31m ", " "]
    assert rows[2][-1] == " 2,000 "
    assert len(rows) == 4


def test_three_members_were_asked_for(completed):
    text = answer_markdown(completed)
    assert text.startswith(
        "# EGF : EGFR, king : queen ≈ HGF : d\n\n| Gene 1 | Gene 2 | ≈ | Gene 3 "
    )
    links = table_of(text)[2]
    assert links[0].endswith("<br>king ")
    assert links[3].startswith(" [HGF](")
    assert links[4].startswith(" [MET](")


def test_nothing_of_any_kind(nothing):
    assert answer_markdown(nothing) == "# EGF: what there is\n\nNo things.\n"
