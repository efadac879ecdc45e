"""Files of analogy questions."""

from __future__ import annotations

import gzip
import re
import sys

import pytest

from gene_analogies import GeneAnalogiesError
from gene_analogies.formats.analogy_questions import as_questions, parse_questions, read_questions

ONE = ("EGF", "EGFR", "HGF", "MET")
TWO = ("INS", "INSR", "NGF", "NTRK1")


@pytest.fixture
def write(tmp_path):
    def make(text):
        path = tmp_path / "questions.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return make


def test_sections_and_comments(write):
    found = read_questions(
        write(
            "//Copyright\n: first part \nEGF EGFR HGF MET\n\n# a note\nINS INSR  NGF NTRK1\r\n"
            ": none\n:last\nEGF EGFR HGF MET"
        )
    )
    assert found.source == "questions.txt"
    assert found.sections == ("first part", "none", "last")
    assert found.questions == (ONE, TWO, ONE)
    assert found.ends == (2, 2, 3)


def test_tabs_part_names_that_hold_spaces(write):
    path = write("growth hormone\tGHR\t EGF \tEGFR\nEGF EGFR\tHGF MET\nEGF\tEGFR\tHGF\tMET\t\n")
    assert read_questions(path).questions == (("growth hormone", "GHR", "EGF", "EGFR"), ONE, ONE)


def test_a_name_may_begin_with_a_colon(write):
    assert read_questions(write(": smileys\n:) :( yes no\n")).questions == (
        (":)", ":(", "yes", "no"),
    )


def test_questions_before_any_section(write):
    found = read_questions(write("\ufeffEGF EGFR HGF MET\n: b\nINS INSR NGF NTRK1\n"))
    assert found.sections == ("(no section)", "b")
    assert found.ends == (1, 2)


def test_gzip(write):
    assert read_questions(write(gzip.compress(b": a\nEGF EGFR HGF MET\n"))).questions == (ONE,)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (": a\nEGF EGFR HGF\n", "line 2: expected four names, found 3; a question is four names"),
        ("EGF EGFR HGF MET NGF", "line 1: expected four names, found 5"),
        (b": a\n\xff\xfe\n", "line 2: expected UTF-8 text, found the byte 0xff"),
        (": a\n: b\n", "holds no analogy questions; a question is four names"),
        ("", "holds no analogy questions"),
    ],
)
def test_what_is_no_question(write, text, message):
    with pytest.raises(GeneAnalogiesError, match=re.escape(message)) as error:
        read_questions(write(text))
    assert str(error.value).startswith(str(write(text)))
    assert "\n" not in str(error.value)


def test_no_file(tmp_path):
    with pytest.raises(GeneAnalogiesError, match="does not exist"):
        read_questions(tmp_path / "none.txt")
    with pytest.raises(GeneAnalogiesError, match="is a folder"):
        read_questions(tmp_path)


def test_a_text_and_questions_that_have_been_read():
    found = parse_questions(": a\nEGF EGFR HGF MET\n", "here")
    assert (found.source, found.questions) == ("here", (ONE,))
    assert as_questions(found) is found
    with pytest.raises(GeneAnalogiesError, match="here: line 2: expected UTF-8 text"):
        parse_questions(b": a\n\xff\n", place="here")


@pytest.mark.skipif(sys.platform == "win32", reason="a device as on POSIX")
def test_a_device():
    with pytest.raises(GeneAnalogiesError, match=r"^/dev/null holds no analogy questions"):
        read_questions("/dev/null")


def test_questions_of_python():
    found = as_questions({"a": [ONE], "none": [], "b": [list(TWO), ONE]})
    assert found.source == ""
    assert found.sections == ("a", "none", "b")
    assert found.questions == (ONE, TWO, ONE)
    assert found.ends == (1, 1, 3)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([ONE], "must be a file, or a dictionary of sections, not a list"),
        ({"a": ["EGF EGFR HGF MET"]}, "must be four names a, b, c, d, not 'EGF EGFR HGF MET'"),
        ({"a": [ONE[:3]]}, "must be four names"),
        ({"a": []}, "holds no analogy questions"),
        (
            {"a": 5},
            "the section 'a' of questions must be a list of questions, each of four names, not 5",
        ),
        ({"a": "EGF"}, "the section 'a' of questions must be a list of questions"),
        ({"a": [5]}, "a question must be four names a, b, c, d, not 5"),
    ],
)
def test_what_python_may_not_give(given, message):
    with pytest.raises(GeneAnalogiesError, match=re.escape(message)):
        as_questions(given)
