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


@pytest.mark.parametrize("function", [ga.load, ga.load_embedding])
def test_no_such_option(function):
    with pytest.raises(TypeError, match="there is no option 'trunctate'; choose from format, key"):
        function("pubmed", trunctate=3)
