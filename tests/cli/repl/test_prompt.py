"""The shell on a terminal."""

import os
import re
import select
import subprocess
import sys
import time

import pytest
from command_line import RUN
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory

from gene_analogies.cli import question
from gene_analogies.cli.repl.prompt import LineCompleter, _history

pty = pytest.importorskip("pty", reason="needs a pseudo-terminal")

CODES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]")


@pytest.fixture
def complete(small, letters):
    completer = LineCompleter(small.resolver)

    def run(text):
        found = completer.get_completions(Document(text), CompleteEvent())
        return [(one.text, one.start_position, one.display_meta_text) for one in found]

    return run


def test_names_with_their_meaning(complete):
    assert complete("EGFR MET")[0] == ("MET", -3, "MET proto-oncogene, receptor tyrosine kinase")
    assert complete("ntrk1") == [("NTRK1", -5, "neurotrophic receptor tyrosine kinase 1")]


def test_an_alias_tells_its_gene(complete):
    assert ("ERBB1", -5, "EGFR, epidermal growth factor receptor") in complete("ERBB1")


def test_behind_a_colon(complete):
    assert complete("EGF:EGFR HGF:MET")[0][:2] == ("MET", -3)


@pytest.mark.parametrize("text", ["similar ", "EGF ", "EGF:", "EGF EGFR --include-query "])
def test_first_items_where_nothing_is_typed(complete, small, text):
    found = [one[:2] for one in complete(text)]
    assert found[: len(small)] == [(name, 0) for name in small.names]


@pytest.mark.parametrize("text", ["EGF EGFR -k ", "EGF EGFR -o E"])
def test_nothing_to_complete(complete, text):
    assert complete(text) == []


def test_options_and_their_choices(complete):
    assert [one[0] for one in complete("EGF EGFR --m")] == ["--metric", "--max-similarity"]
    assert complete("EGF EGFR --metric e") == [("euclidean", -1, "")]
    assert complete("EGF EGFR --include-query HG")[0][0] == "HGF"


@pytest.mark.parametrize("text", ["", "help ", "? ", "gene-analogies "])
def test_questions_at_the_beginning(complete, text):
    assert [one[0] for one in complete(text)] == list(question.QUESTIONS)


def test_questions_stand_before_names(complete):
    assert complete("l") == [
        ("letters", -1, "Tell the letters of a name."),
        *complete("EGF l"),
    ]
    assert [one[0] for one in complete("help le")] == ["letters"]
    assert complete("gene-analogies  le")[0][0] == "letters"


def test_options_of_the_question_of_the_line(complete):
    assert [one[0] for one in complete("letters EGF --")][:3] == ["--case", "--others", "--stop"]
    assert complete("letters EGF --case u") == [("upper", -1, "")]
    assert complete("gene-analogies letters EGF --case u") == [("upper", -1, "")]
    assert complete("letters EGF --me") == complete("pairs EGF --emb") == []
    assert [one[0] for one in complete("pairs --me")] == ["--metric"]
    assert "upper" not in [one[0] for one in complete("EGF EGFR --case u")]


def test_names_behind_an_option_that_takes_one(complete):
    assert complete("complete --positive INS --negative ntrk")[0][:2] == ("NTRK1", -4)


def test_files_where_a_question_reads_them(complete, tmp_path):
    (tmp_path / "names.txt").touch()
    (tmp_path / "no space.txt").touch()
    start = f"{tmp_path}/n"
    expected = [
        (f"{tmp_path}/names.txt", -len(start), ""),
        (f"'{tmp_path}/no space.txt'", -len(start), ""),
    ]
    assert complete(f"letters {start}") == expected
    assert complete(f"EGF EGFR --among {start}") == expected
    assert complete(f"EGF EGFR -o {start}") == expected
    assert complete(f"EGF {start}") == []


def test_history_is_kept_in_the_cache_folder(own_cache):
    assert isinstance(_history(), FileHistory)
    assert [file.name for file in own_cache.iterdir()] == ["history"]


def test_history_stays_in_memory_where_it_cannot_be_kept(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "file" / "cache"))
    assert isinstance(_history(), InMemoryHistory)


class Terminal:
    """A shell in a process of its own, on a pseudo-terminal."""

    def __init__(self, *arguments):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, "shell", *map(str, arguments)],
            stdin=slave, stdout=slave, stderr=slave, close_fds=True, start_new_session=True,
            env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1",
                 "COLUMNS": "90", "LINES": "30"},
        )  # fmt: skip
        os.close(slave)
        self.unread = ""

    def send(self, text):
        os.write(self.master, text.encode())

    def wait_for(self, pattern, seconds=120):
        """Read until a pattern appears; return the text up to its end."""
        until = time.monotonic() + seconds
        while not (found := re.search(pattern, self.unread)):
            left = until - time.monotonic()
            assert left > 0, f"{pattern!r} did not appear in {self.unread!r}"
            if select.select([self.master], [], [], left)[0]:
                try:
                    data = os.read(self.master, 65536)
                except OSError:
                    data = b""
                assert data, f"ended before {pattern!r} appeared: {self.unread!r}"
                self.unread = CODES.sub("", self.unread + data.decode("utf-8", "replace"))
        text, self.unread = self.unread[: found.end()], self.unread[found.end() :]
        return text

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal():
    opened = []

    def start(*arguments):
        opened.append(Terminal(*arguments))
        opened[-1].wait_for(r"items\. Ask, for example, EGF EGFR.*\n")
        opened[-1].wait_for("ask>")
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def test_questions_errors_and_keys(terminal, tmp_path):
    shell = terminal("--log", tmp_path / "log.md")
    shell.send("EGF nobody00\r")
    shell.wait_for("Error: no item is named 'nobody00'")
    shell.wait_for("ask>")

    shell.send("this line is cleared")
    shell.wait_for("cleared")
    shell.send("\x03")
    # The line is drawn once more before the next one begins.
    shell.wait_for(r"ask> this line is cleared\s+ask>")

    shell.send("EGF EGFR -k 1\r")
    answer = shell.wait_for(r"\n   1  .*\n")
    assert "EGF : EGFR ≈ c : d" in answer
    shell.wait_for("ask>")

    # The last line again, by the arrow key.
    shell.send("\x1b[A\r")
    shell.wait_for("EGF : EGFR ≈ c : d")
    shell.wait_for("ask>")

    # In a line that holds text, Ctrl-D does not leave.
    shell.send("abc\x04")
    shell.send("\x03")
    shell.wait_for(r"ask> abc\s+ask>")
    shell.send("\x04")
    assert shell.process.wait(timeout=60) == 0
    assert (tmp_path / "log.md").read_text("utf-8").count("# EGF : EGFR\n") == 2


def test_tab_completes_a_name(terminal):
    shell = terminal()
    shell.send("INS ctnnbl\t")
    shell.wait_for("CTNNBL1")
    shell.send(" -k 1\r")
    shell.wait_for("INS : CTNNBL1 ≈ c : d")
    shell.wait_for("ask>")
    shell.send("quit\r")
    assert shell.process.wait(timeout=60) == 0
