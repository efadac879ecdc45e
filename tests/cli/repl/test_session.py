import json
import re
import subprocess
import sys

import numpy as np
import pytest
from command_line import RUN
from html_pages import read

from gene_analogies import Embedding, Space
from gene_analogies.cli import question
from gene_analogies.cli.commands.shell import _converse
from gene_analogies.cli.inputs import Inputs
from gene_analogies.cli.progress import IndexProgress
from gene_analogies.cli.repl.journal import MarkdownJournal
from gene_analogies.cli.repl.session import ReplSession
from gene_analogies.errors import GeneAnalogiesError


def errors_of(err):
    return [line for line in err.splitlines() if not line.startswith("first run")]


def test_a_script(small, invoke):
    code, out, err = invoke("shell", stdin="\n# a comment\nEGF EGFR -k 1\n\n  HGF:MET -k 2\n")
    assert (code, errors_of(err)) == (0, [])
    first, second = out.split("\n\nHGF : MET ≈")
    assert first.startswith("EGF : EGFR ≈ c : d\n")
    assert len(first.splitlines()) == 7
    assert len(second.rstrip().splitlines()) == 8


def test_errors_name_their_line_and_do_not_end_it(small, invoke):
    code, out, err = invoke(
        "shell", stdin="EGF nobody00\nEGF\n\nEGF EGFR -k x\n'EGF\nEGF EGFR --nope\nINS INSR -k 1\n"
    )
    assert code == 2
    assert out.startswith("INS : INSR ≈")
    starts = [line.partition(": Error: ")[::2] for line in errors_of(err)]
    assert [number for number, _ in starts] == [
        "line 1", "line 2", "line 4", "line 5", "line 6",
    ]  # fmt: skip
    assert [text[:20] for _, text in starts] == [
        "no item is named 'no",
        "one name makes no pa",
        "Invalid value for '-",
        "a quotation mark is ",
        starts[4][1][:20],
    ]
    assert "--nope" in starts[4][1]


@pytest.mark.parametrize("word", ["quit", "exit"])
def test_a_word_ends_it(small, invoke, word):
    code, out, _ = invoke("shell", stdin=f"{word}\nEGF nobody00\n")
    assert (code, out) == (0, "")


def test_the_last_line_needs_no_end_and_the_first_may_have_a_mark(small, invoke):
    code, out, _ = invoke("shell", stdin="\ufeffEGF EGFR -k 1")
    assert code == 0
    assert out.startswith("EGF : EGFR")


def test_standard_input_is_taken(small, invoke):
    code, out, err = invoke("shell", stdin="EGF EGFR --among -\nevaluate -\nEGF EGFR -k 1\n")
    assert code == 2
    assert out.startswith("EGF : EGFR")
    assert errors_of(err) == [
        f"line {number}: Error: - is standard input, from which the shell reads its lines: give a "
        "file"
        for number in (1, 2)
    ]


def test_an_empty_script(small, invoke):
    assert invoke("shell", stdin="") == (0, "", "")


@pytest.mark.parametrize("word", ["help", "?", "--help", "gene-analogies", "gene-analogies -h"])
def test_help_lists_the_questions(small, letters, invoke, word):
    code, out, _ = invoke("shell", stdin=f"{word}\n")
    assert code == 0
    assert out.startswith("Questions are those of the command line, with the same options:\n")
    assert re.findall(r"^  (\w+) ", out, re.MULTILINE) == list(question.QUESTIONS)
    assert re.search(r"^  pairs +Find the pairs that relate as A and B do\.$", out, re.MULTILINE)
    assert "name the question, too: pairs top bottom." in out


@pytest.mark.parametrize("line", ["help letters", "? letters", "letters --help", "letters EGF -h"])
def test_help_of_one_question(small, letters, invoke, line):
    code, out, _ = invoke("shell", stdin=f"{line}\n")
    assert code == 0
    assert out.startswith("Usage: letters [OPTIONS] FILE\n")
    assert "--case [lower|upper]" in out
    assert "-o, --output FILE" in out
    assert "--embedding" not in out
    examples = out[out.index("Examples:") :].split("\n")
    assert [line.strip() for line in examples] == [
        "Examples:", "letters EGF", "letters EGF --case lower", "",
    ]  # fmt: skip


def test_help_behind_names(small, invoke):
    code, out, _ = invoke("shell", stdin="EGF EGFR --help\n")
    assert code == 0
    assert out.startswith("Usage: pairs ")


def test_help_of_a_question_that_is_none(small, invoke):
    code, out, err = invoke("shell", stdin="help pear\n")
    assert (code, out) == (2, "")
    assert err.startswith("line 1: Error: there is no question 'pear': questions are pairs")


@pytest.mark.parametrize(
    "line", ["pairs EGF EGFR", "gene-analogies pairs EGF EGFR", "pairs EGF:EGFR"]
)
def test_a_line_copied_from_a_terminal(small, invoke, line):
    code, out, _ = invoke("shell", stdin=f"{line} -k 1\n")
    assert code == 0
    assert out.startswith("EGF : EGFR ≈")


def test_questions_of_several_kinds(small, letters, invoke, tmp_path):
    """Answered, logged, and written to files."""
    log = tmp_path / "log.md"
    script = [
        "EGF EGFR -k 1",
        "letters EGF --case lower",
        "letters INS --json",
        f"letters MET -o '{tmp_path / 'a.csv'}'",
    ]
    code, out, err = invoke("shell", "--log", log, stdin="\n".join(script))
    assert (code, errors_of(err)) == (0, [])
    first, second = out.split("\n\nletters of EGF\n")
    assert first.startswith("EGF : EGFR ≈ c : d\n")
    table, start, content = second.partition("{")
    assert table.split() == ["rank", "letter", "1", "e", "2", "g", "3", "f"]
    assert json.loads(start + content)["query"] == "letters of INS"
    assert (tmp_path / "a.csv").read_text("utf-8").split() == ["letter", "M", "E", "T"]
    assert [line for line in log.read_text("utf-8").splitlines() if line.startswith("#")] == [
        "# EGF : EGFR", "# letters of EGF", "# letters of INS", "# letters of MET",
    ]  # fmt: skip


def test_the_real_questions(small, invoke, tmp_path):
    log = tmp_path / "log.md"
    script = "similar EGF -k 2\ncomplete EGF EGFR HGF -k 1\nEGF EGFR -k 1\nsimilar EGF --how max\n"
    code, out, err = invoke("shell", "--log", log, stdin=script)
    assert code == 2
    titles = ["similar to EGF", "EGF : EGFR :: HGF : ?", "EGF : EGFR ≈ c : d"]
    answers = out.rstrip().split("\n\n")
    assert [text.splitlines()[0] for text in answers[::2]] == titles
    assert [len(text.splitlines()) for text in answers[1::2]] == [3, 2, 2]
    assert "MET" in answers[3]
    assert errors_of(err)[0].startswith("line 4: Error: Invalid value for '--how'")
    logged = [line for line in log.read_text("utf-8").splitlines() if line.startswith("#")]
    assert logged == ["# similar to EGF", "# EGF : EGFR :: HGF : ?", "# EGF : EGFR"]


def test_a_line_has_the_options_of_its_own_question(small, letters, invoke):
    code, out, err = invoke("shell", stdin="letters EGF --metric cosine\nEGF EGFR --case lower\n")
    assert (code, out) == (2, "")
    assert "line 1: Error: No such option" in err
    assert "--metric" in err
    assert "line 2: Error: No such option" in err
    assert "--case" in err


@pytest.mark.parametrize("option", ["-e x.npz", "--embedding x.npz", "--center", "--unit"])
def test_the_embedding_is_chosen_once(small, invoke, option):
    code, out, err = invoke("shell", stdin=f"EGF EGFR {option}\n")
    assert (code, out) == (2, "")
    name = option.split()[0]
    assert err == (
        f"line 1: Error: {name} chooses or prepares the embedding, which is loaded already: "
        "give it to gene-analogies shell\n"
    )


def test_a_line_without_an_answer_says_what_to_type(invoke):
    hints = {
        "EGF": "for what is like it, write: similar EGF",
        "HER2 -k 3": "for what is like it, write: similar HER2",
        "caspase 3": "write: similar 'caspase 3'",
        "similar caspase 3": "write: similar 'caspase 3'",
        "what can you do": "help lists the questions",
        "nobody00 EGF": "help lists the questions",
    }
    code, out, err = invoke("shell", stdin="\n".join(hints))
    assert (code, out) == (2, "")
    for line, hint in zip(errors_of(err), hints.values(), strict=True):
        assert line.endswith(f" ({hint})")


def test_json_through_the_shell_is_json_lines(small, invoke):
    code, out, _ = invoke("shell", stdin="EGF EGFR -k 2 --json\nsimilar EGF --json\n")
    first, second = map(json.loads, out.splitlines())
    assert (code, first["query"], second["query"]) == (0, "EGF : EGFR", "EGF")
    code, out, _ = invoke("pairs", "EGF", "EGFR", "-k", 2, "--json")
    assert json.loads(out) == first


@pytest.fixture
def words(monkeypatch):
    """A space of words that are called like questions."""
    names = ["pairs", "letters", "help", "up", "top", "complete", "evaluate", "left"]
    space = Space(Embedding(names, np.random.default_rng(5).normal(size=(8, 4))))
    monkeypatch.setattr("gene_analogies.loading.read.load", lambda *_, **__: space)
    return space


def test_items_that_are_called_like_questions(words, letters, invoke):
    code, out, err = invoke("shell", stdin="pairs letters up -k 1\npairs pairs help -k 1\n")
    assert (code, errors_of(err)) == (0, [])
    assert out.startswith("letters : up ≈ c : d\n")
    assert "\npairs : help ≈ c : d\n" in out


@pytest.mark.parametrize("line", ["evaluate up -k 3", "complete up", "help up"])
def test_a_line_may_have_meant_an_item(words, invoke, line):
    code, out, err = invoke("shell", stdin=f"{line}\n")
    assert (code, out) == (2, "")
    if line.startswith("evaluate"):  # an option that is none is told instead
        assert "for the item" not in err
    else:
        first = line.split()[0]
        assert err.endswith(f" (for the item '{first}', write: pairs {line})\n")


@pytest.mark.parametrize("line", ["complete", "complete nobody00", "complete up top left -k x"])
def test_a_line_that_makes_no_pair_has_not_meant_one(words, invoke, line):
    assert "for the item" not in invoke("shell", stdin=f"{line}\n")[2]


def test_a_question_that_is_misspelt(small, letters, invoke):
    script = "leters EGF\nLetters EGF INS -k 1\nMETT EGF\nletter EGF HGF\nEGF letterz\n"
    code, out, err = invoke("shell", stdin=script)
    assert (code, out) == (2, "")
    hints = [line.endswith(" (did you mean the question 'letters'?)") for line in errors_of(err)]
    assert hints == [
        True, True, False, True, False,
    ]  # fmt: skip


def test_a_file_that_cannot_be_read_is_an_error_of_its_line(small, letters, invoke, monkeypatch):
    def fail(*args, **options):
        raise PermissionError(13, "Permission denied", "f")

    monkeypatch.setattr(letters, "ask", fail)
    code, out, err = invoke("shell", stdin="letters EGF\nEGF EGFR -k 1\n")
    assert code == 2
    assert out.startswith("EGF : EGFR")
    assert errors_of(err) == ["line 1: Error: f: Permission denied"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (KeyboardInterrupt(), "\nStopped.\n"),
        (KeyboardInterrupt("half of it is kept"), "\nStopped: half of it is kept\n"),
        (MemoryError("too large"), "Error: MemoryError: too large\n"),
    ],
)
def test_a_session_outlives_what_stops_an_answer(small, letters, monkeypatch, capsys, error, said):
    def stop(*args, **options):
        raise error

    monkeypatch.setattr(letters, "ask", stop)
    lines = iter(["letters EGF", "EGF EGFR -k 1 --format csv", "quit", "not reached"])
    _converse(ReplSession(small, Inputs(None, ())), lambda: next(lines), IndexProgress())
    assert next(lines) == "not reached"
    out, err = capsys.readouterr()
    assert out.startswith("c,d,similarity")
    assert err.startswith(said)


def test_an_interrupted_script_ends_and_tells_what_is_kept(small, letters):
    with pytest.raises(KeyboardInterrupt, match="half of it is kept"):
        ReplSession(small, Inputs(None, ())).take("letters EGF --stop")


def test_formats_and_files(small, invoke, tmp_path):
    script = f"EGF EGFR -k 1 --format csv\nEGF ERBB1 -k 1 -o '{tmp_path / 'a.md'}'\n"
    code, out, err = invoke("shell", stdin=script)
    assert code == 0
    assert len(out.splitlines()) == 2
    assert errors_of(err) == ["Note: ERBB1 → EGFR"]
    assert (tmp_path / "a.md").read_text("utf-8").startswith("# EGF : EGFR\n")


def test_log(small, invoke, tmp_path):
    log = tmp_path / "log.md"
    log.write_text("before\n\n")
    code, out, _ = invoke(
        "shell", "--log", log, stdin="EGF EGFR -k 1\nEGF nobody00\nINS INSR -k 1 --format csv\n"
    )
    assert code == 2
    assert "\n1" in out.replace(" ", "")
    lines = log.read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith(("before", "#"))] == [
        "before", "# EGF : EGFR", "# INS : INSR",
    ]  # fmt: skip


def test_a_log_that_cannot_be_written_is_told_at_once(small, invoke, tmp_path):
    code, out, err = invoke("shell", "--log", tmp_path, stdin="EGF EGFR\n")
    assert (code, out) == (2, "")
    assert err.startswith(f"Error: {tmp_path} cannot be opened as a log: ")


def test_a_log_that_fails_later_is_told(small):
    class Full:
        def write(self, _):
            raise OSError(28, "No space left on device")

    with pytest.raises(GeneAnalogiesError, match="could not be logged: No space left"):
        ReplSession(small, Inputs(None, ()), MarkdownJournal(Full())).take("EGF EGFR")


@pytest.fixture
def made(tmp_path):
    """An embedding file; its text."""
    path = tmp_path / "mine.md"
    path.write_text("EGF 1 0 0\nEGFR 0 1 0\nHGF 1 0 1\nMET 0 1 1\n")
    return path


OWN = ["shell", "--read-as", "word2vec-text", "-e"]
SCRIPT = "EGF EGFR -k 1\n"


def test_the_log_is_not_the_embedding(invoke, made):
    before = made.read_text()
    code, out, err = invoke(*OWN, made, "--log", made, stdin=SCRIPT)
    assert (code, out) == (2, "")
    assert err == f"Error: {made} is read, too: write elsewhere\n"
    assert made.read_text() == before


def test_the_log_is_not_the_order(invoke, made, tmp_path):
    (tmp_path / "order").write_text("MET\n")
    code, out, err = invoke(
        *OWN, made, "--order", tmp_path / "order", "--log", tmp_path / "order", stdin=SCRIPT
    )
    assert (code, out) == (2, "")
    assert "order is read, too" in err
    assert (tmp_path / "order").read_text() == "MET\n"


def test_a_line_does_not_write_over_what_is_read(invoke, letters, made, tmp_path):
    """The embedding, the log, and the names of the line itself."""
    before = made.read_text()
    log, names = tmp_path / "log.md", tmp_path / "names.md"
    names.write_text("HGF\nMET\nEGF\nEGFR\n")
    more = tmp_path / "more.md"
    more.write_text("a")
    script = [
        f"EGF EGFR -k 1 -o '{made}'",
        f"EGF EGFR -k 1 -o '{log}'",
        f"EGF EGFR -k 1 --among '{names}' -o '{names}'",
        f"EGF EGFR -k 1 --among '{log}'",
        f"letters '{names}' -o '{names}'",
        f"letters EGF --others '{made}' --others '{more}' -o '{more}'",
        "EGF EGFR -k 1",
    ]
    code, out, err = invoke(*OWN, made, "--log", log, stdin="\n".join(script))
    assert code == 2
    assert out.startswith("EGF : EGFR ≈")
    assert errors_of(err) == [
        f"line 1: Error: {made} is read, too: write elsewhere",
        f"line 2: Error: {log} is the log, too: write to another file",
        f"line 3: Error: {names} is read, too: write elsewhere",
        f"line 4: Error: {log} is read, too: write elsewhere",
        f"line 5: Error: {names} is read, too: write elsewhere",
        f"line 6: Error: {more} is read, too: write elsewhere",
    ]
    assert made.read_text() == before
    assert names.read_text().startswith("HGF\nMET\n")
    assert log.read_text("utf-8").startswith("# EGF : EGFR\n")


@pytest.mark.skipif(sys.platform == "win32", reason="files as on POSIX")
def test_a_line_does_not_write_over_the_script(made, tmp_path):
    script = tmp_path / "script.md"
    script.write_text(f"EGF EGFR -k 1 -o '{script}'\n")
    before = script.read_text()
    with script.open() as stdin:
        done = subprocess.run(
            [sys.executable, "-c", RUN, *OWN, str(made)],
            stdin=stdin, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    assert done.returncode == 2
    assert f"line 1: Error: {script} is the script itself: write to another file" in done.stderr
    assert script.read_text() == before


def test_a_process_reads_a_script(process):
    code, out, err = process("shell", stdin="INS INSR -k 2\nEGF nobody00\n")
    assert code == 2
    assert out.startswith("INS : INSR ≈ c : d\n")
    assert errors_of(err)[0].startswith("line 2: Error: no item is named 'nobody00'")
    assert "\x1b" not in out + err


def test_a_log_as_a_page(small, invoke, tmp_path):
    """It goes on where an earlier session ended, and is whole after each answer."""
    log = tmp_path / "log.HTML"
    assert invoke("shell", "--log", log, stdin="")[0] == 0
    assert "No question has been answered yet." in log.read_text("utf-8")
    script = "EGF EGFR -k 1\nEGF nobody00\nsimilar EGF -k 2\n"
    assert invoke("shell", "--log", log, stdin=script)[0] == 2
    assert invoke("shell", "--log", log, stdin="INS INSR -k 1\n")[0] == 0
    page = log.read_text("utf-8")
    read(page)
    assert re.findall(r'<h2 id="question-(\d)">([^<]*)', page) == [
        ("1", "EGF : EGFR ≈ c : d"), ("2", "similar to EGF"), ("3", "INS : INSR ≈ c : d"),
    ]  # fmt: skip
    assert "<code>gene-analogies similar EGF -k 2</code>" in page
    assert [file.name for file in tmp_path.iterdir()] == ["log.HTML"]


@pytest.mark.parametrize("text", ["<p>mine</p>", "\xff"])
def test_a_page_that_is_no_log_is_kept(small, invoke, tmp_path, text):
    log = tmp_path / "log.html"
    log.write_text(text, "latin-1")
    code, out, err = invoke("shell", "--log", log, stdin="EGF EGFR\n")
    assert (code, out) == (2, "")
    assert err == f"Error: {log} exists and is no log of a shell in HTML: name another file\n"
    assert log.read_text("latin-1") == text


def test_a_page_that_cannot_be_written_is_told(small, invoke, tmp_path, monkeypatch):
    for log in (tmp_path / "none" / "log.html", tmp_path):
        log = log if log.suffix else log / "folder.html"
        if log.parent == tmp_path:
            log.mkdir()
        code, out, err = invoke("shell", "--log", log, stdin="EGF EGFR\n")
        assert (code, out) == (2, "")
        assert err.startswith(f"Error: {log} cannot be opened as a log: ")
