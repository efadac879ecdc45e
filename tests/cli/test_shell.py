import subprocess
import sys

import pytest

from gene_analogies.cli.inputs import Inputs
from gene_analogies.cli.shell import _Dialogue
from gene_analogies.errors import GeneAnalogiesError

from .conftest import RUN


def errors_of(err):
    return [line for line in err.splitlines() if not line.startswith("first run")]


def test_a_script(small, invoke):
    code, out, err = invoke("shell", stdin="\n# a comment\nEGF EGFR -k 1\n\n  HGF:MET -k 2\n")
    assert (code, errors_of(err)) == (0, [])
    first, second = out.split("\n\nHGF : MET ≈")
    assert first.startswith("EGF : EGFR ≈ c : d\n")
    assert len(first.splitlines()) == 5
    assert len(second.rstrip().splitlines()) == 6


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
        "a quotation mark sta",
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


def test_an_empty_script(small, invoke):
    assert invoke("shell", stdin="") == (0, "", "")


@pytest.mark.parametrize("word", ["help", "?", "--help"])
def test_help(small, invoke, word):
    code, out, _ = invoke("shell", stdin=f"{word}\n")
    assert code == 0
    assert out.startswith("Type two names, such as EGF EGFR")
    assert "--metric" in out
    assert "--embedding" not in out


def test_help_behind_names_is_no_error(small, invoke):
    code, out, _ = invoke("shell", stdin="EGF EGFR --help\n")
    assert code == 0
    assert "--metric" in out


@pytest.mark.parametrize(
    "line", ["pairs EGF EGFR", "gene-analogies pairs EGF EGFR", "pairs EGF:EGFR"]
)
def test_a_line_copied_from_a_terminal(small, invoke, line):
    code, out, _ = invoke("shell", stdin=f"{line} -k 1\n")
    assert code == 0
    assert out.startswith("EGF : EGFR ≈")


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
        _Dialogue(small, Inputs(None, ()), Full()).take("EGF EGFR")


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


def test_a_line_does_not_write_over_what_is_read(invoke, made, tmp_path):
    """The embedding, the log, and the names of the line itself."""
    before = made.read_text()
    log, names = tmp_path / "log.md", tmp_path / "names.md"
    names.write_text("HGF\nMET\nEGF\nEGFR\n")
    script = [
        f"EGF EGFR -k 1 -o '{made}'",
        f"EGF EGFR -k 1 -o '{log}'",
        f"EGF EGFR -k 1 --among '{names}' -o '{names}'",
        f"EGF EGFR -k 1 --among '{log}'",
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
