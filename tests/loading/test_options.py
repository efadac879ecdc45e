"""The options of loading: one declaration, seen in every signature."""

import inspect
from typing import get_type_hints

import pytest

import gene_analogies as ga
from gene_analogies.cli.embedding_options import EMBEDDING_OPTIONS
from gene_analogies.loading.options import LoadOptions, checked, read_options


@pytest.mark.parametrize("function", [ga.load, ga.load_embedding])
def test_signatures_show_every_option(function):
    parameters = inspect.signature(function).parameters
    for name, value in checked({}).items():
        assert parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[name].default == value
        assert f"\n{name}\n    " in function.__doc__, name
    assert "options" not in parameters
    assert parameters["remove_components"].annotation == "int"


def test_every_option_has_a_default_and_one_on_the_command_line():
    names = set(get_type_hints(LoadOptions))
    assert checked({}).keys() == names
    assert {f"load_{name}" for name in names} == set(EMBEDDING_OPTIONS) - {"source", "yes"}


def test_what_is_given_is_kept():
    found = checked({"truncate": 3, "names": "names.txt"})
    assert (found["truncate"], found["duplicates"]) == (3, "first")
    reading = read_options(found, 7)
    assert (str(reading.names), reading.limit, reading.key) == ("names.txt", 7, None)


@pytest.mark.parametrize(
    ("given", "chosen"),
    [
        (None, None),
        ("a", ("a",)),
        ("a, dim_0:dim_9,2-5 ,UMAP_", ("a", "dim_0:dim_9", "2-5", "UMAP_")),
        (["a, b", " c"], ("a, b", " c")),
    ],
)
def test_columns(given, chosen):
    assert read_options(checked({"columns": given})).columns == chosen


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ""}, "columns is empty; give names, a range or a prefix of columns"),
        ({"columns": " , "}, "columns is empty"),
        ({"columns": 3}, "columns must be names of columns, such as 'dim_0:dim_99', not 3"),
        ({"columns": ["a", 3]}, r"columns must be names of columns, .* not \['a', 3\]"),
        ({"bad_bytes": "ignore"}, "bad_bytes must be .*error.* skip.*ignore"),
    ],
)
def test_what_no_option_may_be(options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        checked(options)


@pytest.mark.parametrize("function", [ga.load, ga.load_embedding])
def test_no_such_option(function):
    with pytest.raises(TypeError, match="there is no option 'trunctate'; choose from format, key"):
        function("pubmed", trunctate=3)
