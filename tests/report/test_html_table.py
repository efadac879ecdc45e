import pytest
from html_pages import read
from made_answers import EGF, ODD, Made, count_column, item_column

from gene_analogies.report.html_table import answer_html


def test_content(result):
    reader = read(answer_html(result))
    assert [text for text in reader.texts if text] == [
        "EGF : EGFR", "≈ c : d", *result.explanation, "rank", "c", "d", "similarity",
        "1", "HGF", "hepatocyte growth factor", "Ensembl", "NCBI Gene",
        "MET", "MET proto-oncogene, receptor tyrosine kinase", "Ensembl", "NCBI Gene", "0.1235",
        "2", "MET", "MET proto-oncogene, receptor tyrosine kinase", "Ensembl", "NCBI Gene",
        "HGF", "hepatocyte growth factor", "Ensembl", "NCBI Gene", "0.0000",
        "ErbB1 → EGFR",
        "3 pairs of equal vectors have no direction and are left out",
    ]  # fmt: skip
    assert reader.links[:4] == [
        "https://www.proteinatlas.org/ENSG00000019991-HGF",
        "https://www.ensembl.org/id/ENSG00000019991",
        "https://www.ncbi.nlm.nih.gov/gene/3082",
        "https://www.proteinatlas.org/ENSG00000105976-MET",
    ]


def test_notebooks_show_it(result):
    assert result._repr_html_() == answer_html(result)


def test_everything_is_escaped(odd):
    text = answer_html(odd)
    reader = read(text)
    assert "i" not in reader.seen
    assert reader.seen.count("b") == 1
    assert "name | with [marks] & <b>" in reader.texts
    assert "\x1b" not in text


@pytest.mark.parametrize(
    "name",
    [
        "words",
        "empty",
        "several",
        "distances",
        "sums",
        "twins",
        "one_item",
        "three_items",
        "four_items",
        "nothing",
        "completed",
    ],
)
def test_tags_are_closed(name, request):
    read(answer_html(request.getfixturevalue(name)))


def test_nothing_found(empty):
    assert "no pairs" in read(answer_html(empty)).texts


def test_one_column_of_items(one_item):
    text = answer_html(one_item)
    reader = read(text)
    assert [text for text in reader.texts if text] == [
        "EGF", ": what there is", "epidermal growth factor", "likeness: as you like it",
        "rank", "item", "likeness (of a kind)", "rows",
        "1", "EGF", "epidermal growth factor", "Ensembl", "NCBI Gene", "0.5000", "12,345",
        "2", "–", "0",
        "3", "king", "-0.2500", "7",
        "ErbB1 → EGFR", "1 thing is missing", "and <one> more",
    ]  # fmt: skip
    assert text.count("<td") == 12


def test_rows_that_are_not_ranked(three_items):
    reader = read(answer_html(three_items))
    assert "rank" not in reader.texts
    assert "growth | factors" in reader.texts
    assert "i" not in reader.seen


def test_a_title_without_the_query_is_bold(completed):
    assert "<b>another line</b></caption>" in answer_html(completed)


@pytest.mark.parametrize(("rows", "more"), [(200, None), (201, "1"), (1_500, "1,300")])
def test_long_answers_are_capped_in_notebooks_alone(rows, more):
    items = [EGF, ODD] * rows
    made = Made((item_column("item", *items[:rows]), count_column("place", *range(rows))))
    text = answer_html(made)
    read(text)
    assert text.count("<tr>") == 201
    line = f"<p>… and {more} more things that are not shown here; to_frame() has all</p>"
    assert (line in text) == ("to_frame" in text) == (more is not None)
    assert len(made.to_frame()) == rows
    assert len(str(made).splitlines()) == rows + 3
