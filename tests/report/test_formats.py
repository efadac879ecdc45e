from pathlib import Path

import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.report.formats import FORMATS, format_of_file, render


@pytest.mark.parametrize("name", FORMATS)
def test_every_ending_names_its_format(name):
    assert format_of_file(Path(f"folder.csv/a.b{FORMATS[name].ending}")) == name
    assert format_of_file(Path(f"A{FORMATS[name].ending.upper()}")) == name


@pytest.mark.parametrize("file", ["a.xlsx", "a", ".csv"])
def test_another_ending_is_refused_with_the_choices(file):
    with pytest.raises(GeneAnalogiesError, match=r"'[a.].*choose from \.txt, \.md, \.csv, \.tsv"):
        format_of_file(Path(file))


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_text_that_ends_a_line(name, result):
    assert render(result, name).endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_notes_are_where_the_registry_says(name, result):
    assert ("ErbB1" in render(result, name)) == FORMATS[name].has_notes


def test_only_tables_are_cut(result):
    assert render(result, "table", width=60) != render(result, "table")
    assert render(result, "markdown", width=60) == render(result, "markdown")


def test_an_unknown_format_is_refused(result):
    with pytest.raises(GeneAnalogiesError, match="one of table, markdown, csv, tsv, json, not 'x'"):
        render(result, "x")
