import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from gene_analogies.cli.output import check_output, format_options, write_whole
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.report.registry import TEXTS

RUN = "from gene_analogies.cli.main import main; main()"


def test_a_table_is_the_default():
    assert check_output(None, None) == "table"


def test_the_ending_names_the_format_unless_one_is_given(tmp_path):
    assert check_output(None, tmp_path / "a.md") == "markdown"
    assert check_output("csv", tmp_path / "a.md") == "csv"
    assert check_output("csv", tmp_path / "a.xlsx") == "csv"
    with pytest.raises(GeneAnalogiesError, match=r"ending of 'a\.xlsx'"):
        check_output(None, tmp_path / "a.xlsx")


JSON = [
    ["--json"],
    ["--format", "json"],
    ["--json", "--format", "json"],
    ["--format=json", "--json"],
]


@pytest.mark.parametrize("options", JSON)
def test_json_is_short_for_its_format(small, invoke, options):
    code, out, _ = invoke("pairs", "EGF", "EGFR", "-k", 1, *options)
    assert code == 0
    assert json.loads(out)["pairs"][0]["similarity"] == pytest.approx(1.0)


@pytest.mark.parametrize("options", JSON)
def test_json_into_a_file_of_any_name(small, invoke, tmp_path, options):
    file = tmp_path / "a.csv"
    assert invoke("pairs", "EGF", "EGFR", "-o", file, *options)[:2] == (0, "")
    assert json.loads(file.read_text())["query"] == "EGF : EGFR"


def test_without_json_other_formats_are_as_ever(small, invoke):
    assert invoke("pairs", "EGF", "EGFR", "--format", "csv")[1].startswith("c,d,similarity")
    assert invoke("pairs", "EGF", "EGFR")[1].startswith("EGF : EGFR ≈ c : d\n")


@pytest.mark.parametrize("options", [["--json", "--format", "csv"], ["--format", "csv", "--json"]])
def test_json_contradicts_another_format(small, invoke, options):
    assert invoke("pairs", "EGF", "EGFR", *options) == (
        2,
        "",
        "Error: --json and --format csv contradict each other; give one\n",
    )


def test_a_default_format_gives_way_to_json():
    @click.command()
    @format_options(["table", "json"], default="table")
    def command(format_name):
        click.echo(format_name)

    def run(*arguments):
        return CliRunner().invoke(command, arguments)

    assert [run().output, run("--json").output] == ["table\n", "json\n"]
    assert isinstance(run("--json", "--format", "table").exception, GeneAnalogiesError)


def test_json_of_one_line_is_not_that_of_the_next():
    """A shell makes a context a line, all of one parent."""

    @click.command()
    @format_options(["csv", "json"])
    def command(format_name):
        pass

    parent = click.Context(command)
    lines = [["--json"], [], ["--format", "csv"], ["--json"]]
    contexts = [command.make_context("", line, parent=parent) for line in lines]
    assert [one.params for one in contexts] == [
        {"format_name": name} for name in ("json", None, "csv", "json")
    ]


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(GeneAnalogiesError, match="is a folder"):
        check_output("csv", tmp_path)
    with pytest.raises(GeneAnalogiesError, match="there is no folder"):
        check_output("csv", tmp_path / "none" / "a.csv")


def test_written_with_the_usual_rights(tmp_path):
    write_whole(tmp_path / "a.txt", "≈\n".encode())
    (tmp_path / "usual").touch()
    assert (tmp_path / "a.txt").read_bytes() == "≈\n".encode()
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.skipif(sys.platform == "win32", reason="rights and links as on POSIX")
def test_rights_of_an_old_file_and_links_stay(tmp_path):
    old = tmp_path / "old.txt"
    old.write_text("old")
    old.chmod(0o640)
    (tmp_path / "link.txt").symlink_to(old)
    write_whole(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert old.read_text() == "new"
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    def fail(self, target):
        raise OSError(28, "No space left on device")

    (tmp_path / "a.txt").write_text("old")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(GeneAnalogiesError, match=r"a\.txt could not be written: No space left"):
        write_whole(tmp_path / "a.txt", b"new")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "old")]


def test_an_interruption_leaves_nothing(tmp_path, monkeypatch):
    def stop(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "a.txt", b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_device_is_written_to_and_not_replaced():
    before = Path(os.devnull).stat().st_ino
    write_whole(Path(os.devnull), b"new")
    assert Path(os.devnull).stat().st_ino == before


@pytest.mark.parametrize(
    "name",
    [
        "-",
        pytest.param(
            "/dev/stdout", marks=pytest.mark.skipif(sys.platform == "win32", reason="no devices")
        ),
    ],
)
def test_standard_output_is_never_replaced(tmp_path, name):
    """A redirection keeps what stood there before."""
    target = tmp_path / "all.txt"
    with target.open("w") as file:
        file.write("before\n")
        file.flush()
        arguments = ["known", "EGF", "EGFR", "-o", name, "--format", "csv"]
        code = subprocess.run(
            [sys.executable, "-c", RUN, *arguments], stdout=file, check=False
        ).returncode
    assert code == 0
    assert target.read_text().startswith("before\nkind,id,name")


EVERY_TEXT = """
import sys
from gene_analogies.cli.main import cli
for name in sys.argv[1].split():
    cli.main([*sys.argv[2:], "--format", name], standalone_mode=False)
    print("that was", name, flush=True)
"""


def test_control_codes_are_the_same_on_standard_output_and_in_a_file(invoke, tmp_path):
    items = tmp_path / "items.txt"
    items.write_text("EGF 1 0\n\x1b[31m=\x07 0 1\nMET 1 1\n", newline="\n")
    arguments = ["similar", "EGF", "-e", str(items)]
    rest = subprocess.run(
        [sys.executable, "-c", EVERY_TEXT, " ".join(TEXTS), *arguments],
        capture_output=True, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    ).stdout  # fmt: skip
    assert "\x1b" not in rest
    assert "\x07" not in rest
    for name in TEXTS:
        out, rest = rest.split(f"that was {name}\n")
        code, _, _ = invoke(*arguments, "--format", name, "-o", tmp_path / "answer")
        text = (tmp_path / "answer").read_text("utf-8")
        # A file of text says where it came from, too.
        assert (code, text.partition("\n# embedding: ")[0]) == (0, out), name


def test_an_answer_does_not_replace_the_names_it_came_from(small, invoke, tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("HGF\nMET\nINS\nINSR\n")
    code, _, errors = invoke("pairs", "EGF", "EGFR", "--among", names, "-o", names)
    assert code == 2
    assert "write elsewhere" in errors
    assert names.read_text() == "HGF\nMET\nINS\nINSR\n"


def test_a_flat_layout_is_of_markdown(small, invoke, tmp_path):
    code, out, _ = invoke(
        "pairs", "EGF", "EGFR", "-k", 1, "--format", "markdown", "--layout", "flat"
    )
    assert code == 0
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert rows[0].startswith("| Rank | c | d | Similarity |")
    assert rows[0].endswith("| Full name of c | Full name of d |")
    assert len(rows) == 3
    assert rows[2].startswith("| 1 | [HGF](https://")
    assert rows[2].endswith("| MET proto-oncogene, receptor tyrosine kinase |")
    path = tmp_path / "a.md"
    assert invoke("pairs", "EGF", "EGFR", "-k", 1, "--layout", "flat", "-o", path)[0] == 0
    assert [line for line in path.read_text("utf-8").splitlines() if line[:1] == "|"] == rows
    assert "--layout" not in path.read_text("utf-8")
    stacked = invoke("pairs", "EGF", "EGFR", "-k", 1, "--format", "markdown", "--layout", "stacked")
    assert stacked == invoke("pairs", "EGF", "EGFR", "-k", 1, "--format", "markdown")


@pytest.mark.parametrize("words", [["known", "EGF", "EGFR"], ["pairs", "EGF", "EGFR", "--json"]])
def test_other_formats_have_no_layout(small, invoke, words):
    code, out, err = invoke(*words, "--layout", "flat")
    found = "json" if "--json" in words else "table"
    assert (code, out, err) == (2, "", f"Error: --layout is for markdown, not for {found}\n")
