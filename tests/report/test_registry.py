import sys
from pathlib import Path

import pytest

from gene_analogies.errors import GeneAnalogiesError, MissingExtraError
from gene_analogies.report.registry import (
    FORMATS,
    TEXTS,
    check_needs,
    content,
    format_of_file,
    render,
)


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if one.ending])
def test_every_ending_names_its_format(name):
    assert format_of_file(Path(f"folder.csv/a.b{FORMATS[name].ending}")) == name
    assert format_of_file(Path(f"A{FORMATS[name].ending.upper()}")) == name


@pytest.mark.parametrize("file", ["a.xlsx", "a", ".csv"])
def test_another_ending_is_refused_with_the_choices(file):
    with pytest.raises(GeneAnalogiesError, match=r"'[a.].*choose from \.txt, \.md, \.csv, \.tsv"):
        format_of_file(Path(file))


@pytest.mark.parametrize("name", TEXTS)
def test_texts_end_a_line(name, result):
    assert render(result, name).endswith("\n")


@pytest.mark.parametrize("name", TEXTS)
def test_files_hold_the_same_text(name, result):
    assert content(result, name).decode("utf-8") == render(result, name)
    check_needs(name)


@pytest.mark.parametrize("name", TEXTS)
def test_notes_are_where_the_registry_says(name, result):
    assert ("ErbB1" in render(result, name)) == FORMATS[name].has_notes


def test_only_tables_are_cut(result):
    assert render(result, "table", width=60) != render(result, "table")
    assert render(result, "markdown", width=60) == render(result, "markdown")


def test_an_unknown_format_is_refused(result):
    for write in (render, content):
        with pytest.raises(
            GeneAnalogiesError,
            match="one of table, markdown, csv, tsv, spreadsheet, html, json, not 'x'",
        ):
            write(result, "x")


def test_parquet_is_no_text(result):
    with pytest.raises(GeneAnalogiesError, match=r"one of table, .*json, not 'parquet'"):
        render(result, "parquet")


def test_a_missing_extra_is_told_with_its_command(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    message = r"writing \.parquet files needs pyarrow: pip install 'gene-analogies\[parquet\]'"
    with pytest.raises(MissingExtraError, match=message):
        check_needs("parquet")
    with pytest.raises(MissingExtraError, match=message):
        content(result, "parquet")
