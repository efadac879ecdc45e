import os
import subprocess
import sys
from inspect import signature

import pytest
from click.testing import CliRunner
from command_line import RUN, SOURCE, small_space

from gene_analogies.cli.main import cli


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """A cache folder of this test's own, empty."""
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def small(monkeypatch):
    """The small space in place of every embedding."""
    space = small_space()
    monkeypatch.setattr("gene_analogies.loading.read.load", lambda *_, **__: space)
    return space


@pytest.fixture
def letters(monkeypatch):
    """The made-up question of that name, beside ``pairs`` and the other real ones."""
    import letters as module

    from gene_analogies.cli import main, question

    monkeypatch.setitem(sys.modules, "gene_analogies.cli.commands.letters", module)
    monkeypatch.setattr(question, "QUESTIONS", (*question.QUESTIONS, "letters"))
    monkeypatch.setattr(main, "_COMMANDS", (*main._COMMANDS, "letters"))
    return module


@pytest.fixture
def invoke():
    """Run a command in this process: exit code, standard output, standard error."""

    # Before click 8.2, both streams were one unless told otherwise.
    apart = {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}

    def run(*arguments, stdin=None):
        result = CliRunner(**apart).invoke(cli, list(map(str, arguments)), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture
def process():
    """Run a command in a process of its own: exit code, standard output, standard error."""

    def run(*arguments, stdin="", **environment):
        done = subprocess.run(
            [sys.executable, "-c", RUN, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
            timeout=300,
        )
        return done.returncode, done.stdout, done.stderr

    return run
