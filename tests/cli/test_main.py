import logging
import subprocess
import sys

import click
import pytest

from gene_analogies import GeneAnalogiesError, __version__
from gene_analogies.cli.main import cli, main

COMMANDS = cli.list_commands(click.Context(cli))

IMPORTS = """
import sys
from gene_analogies.cli.main import cli
cli.main({arguments}, standalone_mode=False)
print(sorted({{"numpy", "numba", "pandas", "rich", "prompt_toolkit"}} & set(sys.modules)))
"""

SHELL = """
import io, sys
from gene_analogies.cli.main import cli
sys.stdin = io.StringIO("help\\nhelp pairs\\n")
cli.main(["shell", "-e", {made!r}], standalone_mode=False)
print(sorted({{"dask", "pandas", "prompt_toolkit", "scipy", "sklearn"}} & set(sys.modules)))
"""


def test_the_shell_imports_what_its_lines_need(tmp_path):
    made = tmp_path / "made.txt"
    made.write_text("EGF 1 0 0\nEGFR 0 1 0\nHGF 1 0 1\nMET 0 1 1\n")
    done = subprocess.run(
        [sys.executable, "-c", SHELL.format(made=str(made))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("arguments", [["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS.format(arguments=arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_version(invoke):
    assert invoke("--version") == (0, f"gene-analogies, version {__version__}\n", "")


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_an_example(invoke, name):
    code, out, _ = invoke(name, "--help")
    assert code == 0
    title = next(line for line in reversed(out.splitlines()) if line.strip().startswith("Example"))
    examples = out.partition(title)[2].strip().splitlines()
    assert all("gene-analogies " in line for line in examples)
    assert any(f"gene-analogies {name}" in line for line in examples)
    assert invoke(name, "-h") == (0, out, "")


def test_help_lists_every_command(invoke):
    code, out, _ = invoke("--help")
    assert code == 0
    assert all(f"\n  {name}  " in out for name in COMMANDS)
    assert out.endswith(" gene-analogies shell\n")


def test_the_bare_command_greets_with_examples(invoke):
    code, out, err = invoke()
    assert (code, err) == (0, "")
    examples = [line.split("  ")[1] for line in out.splitlines() if line.startswith("  ")]
    assert len(examples) == 3
    assert {example.split()[1] for example in examples} <= {*COMMANDS}


def test_an_unknown_command(invoke):
    code, out, err = invoke("pear", "EGF")
    assert (code, out) == (2, "")
    assert "No such command 'pear'" in err


@pytest.fixture
def end(monkeypatch, capsys):
    """End the command line with an error raised in a command: exit code and standard error."""

    def run(error):
        def fail(*args, **kwargs):
            raise error

        monkeypatch.setattr(sys, "argv", ["gene-analogies", "pairs", "EGF", "EGFR"])
        monkeypatch.setattr("gene_analogies.loading.read.load", fail)
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        assert captured.out == ""
        return ended.value.code, captured.err

    return run


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (GeneAnalogiesError("bad name"), (2, "Error: bad name\n")),
        (OSError(28, "No space left on device"), (2, "Error: No space left on device\n")),
        (PermissionError(13, "Permission denied", "f"), (2, "Error: f: Permission denied\n")),
        (KeyboardInterrupt(), (130, "\n")),
        (KeyboardInterrupt("half is kept"), (130, "\nStopped: half is kept\n")),
        (BrokenPipeError(32, "Broken pipe"), (141, "")),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_how_the_process_ends(end, error, expected):
    assert end(error) == expected


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr(sys, "argv", ["gene-analogies", "pairs", "EGF", "EGFR"])
    monkeypatch.setattr("gene_analogies.loading.read.load", fail)
    with pytest.raises(ZeroDivisionError):
        main()


def test_output_that_cannot_be_written(small, monkeypatch, capsys):
    class Full:
        encoding = "utf-8"

        def write(self, _):
            raise OSError(28, "No space left on device")

        def flush(self):
            return None

        def isatty(self):
            return False

    monkeypatch.setattr(sys, "argv", ["gene-analogies", "pairs", "EGF", "EGFR"])
    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == "Error: No space left on device"


def test_no_standard_output_at_all(small, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["gene-analogies", "pairs", "EGF", "EGFR"])
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0


def test_warnings_of_the_package_are_shown(small, invoke, monkeypatch):
    def pairs(*args, **options):
        logging.getLogger("gene_analogies.search.knn.cache").warning("%s is full", "the folder")
        raise GeneAnalogiesError("seen")

    monkeypatch.setattr(small, "pairs", pairs)
    err = invoke("pairs", "EGF", "EGFR")[2]
    assert err.splitlines()[-2:] == ["Warning: the folder is full", "Error: seen"]
