"""The examples in every help: what they name is there, and those on genes run as they stand."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from command_line import RUN

from gene_analogies.cli.main import cli
from gene_analogies.sources.builtin import builtin_names
from gene_analogies.sources.catalogue import catalogue

ROOT = Path(__file__).parents[2]
PROGRAM = "gene-analogies"
COMMANDS = cli.list_commands(click.Context(cli))

#: Take minutes or hours, or listen to a person.
LONG = ("--dask", "--all", "--edges", "--count", "shell", "serve")
#: What an example needs besides.
NEEDS = {
    "all.parquet": "pyarrow",
    ".parquet": "pyarrow",
    "modules": "sklearn",
    "cluster": "sklearn",
    ".png": "matplotlib",
}


def examples(command):
    """Return the lines below the title of an epilog."""
    return [line.strip() for line in command.epilog.removeprefix("\b\n").splitlines()[1:]]


#: Every command, and the program itself.
HELPS = [
    pytest.param(cli, id=PROGRAM),
    *(pytest.param(cli.get_command(click.Context(cli), name), id=name) for name in COMMANDS),
]


def calls(line):
    """Yield the words after the program's name, of each call of it in a line of the shell."""
    for part in line.split(" | "):
        words = [word for word in shlex.split(part) if not re.match(r"[A-Z_]+=", word)]
        if words[0] == PROGRAM:
            yield words[1:]


def files_of(context, made, piped):
    """Return the files that a call reads and that are not there; add to those that are made."""
    missing = []
    for parameter in context.command.params:
        value = context.params.get(parameter.name)
        if value is None or not isinstance(parameter.type, click.Path):
            continue
        if parameter.name in ("output", "save", "log"):
            made.add(str(value))
        elif not ((piped and str(value) == "-") or str(value) in made or (ROOT / value).exists()):
            missing.append(str(value))
    return missing


@pytest.mark.parametrize("command", HELPS)
def test_examples_parse_and_name_what_is_there(command):
    made = set()
    lines = examples(command)
    assert lines
    for line in lines:
        found = list(calls(line))
        assert found, line
        for words in found:
            called = cli.get_command(click.Context(cli), words[0])
            context = called.make_context(words[0], words[1:])
            assert files_of(context, made, " | " in line) == [], line
            sources = context.params.get("source", "pubmed")
            for source in sources if isinstance(sources, tuple) else (sources,):
                assert source in (*builtin_names(), *catalogue()), line


def on_genes(line):
    """Whether an example needs no download, not long, and nobody to talk to."""
    words = line.split()
    published = set(catalogue()).intersection(words)
    return not published and (words[0] == "printf" or not set(LONG).intersection(words))


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A folder with the program in it."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / PROGRAM
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{RUN}" "$@"\n')
    script.chmod(0o755)
    return folder


@pytest.fixture
def run(program, invoke, tmp_path, monkeypatch):
    """Run a line: in this process what prints questions or asks one, the rest in the shell."""
    monkeypatch.chdir(tmp_path)

    def line_of(line):
        *before, last = line.split(" | ")
        given, words = [shlex.split(one) for one in before], shlex.split(last)
        if words[0] == PROGRAM and all(one[0] == "printf" for one in given):
            return invoke(*words[1:], stdin="".join(one[1].replace(r"\n", "\n") for one in given))
        if sys.platform == "win32":
            pytest.skip("a line of a POSIX shell")
        variables = {**os.environ, "PATH": f"{program}{os.pathsep}{os.environ['PATH']}"}
        if "--clear" in line:  # other tests' kernels stay
            variables["NUMBA_CACHE_DIR"] = str(tmp_path / "kernels")
        done = subprocess.run(
            ["/bin/sh", "-c", line], capture_output=True, text=True, timeout=300, env=variables
        )
        return done.returncode, done.stdout, done.stderr

    return line_of


@pytest.mark.slow
@pytest.mark.usefixtures("two_seeds", "small_pools")
@pytest.mark.parametrize("command", HELPS)
def test_examples_on_genes_run(command, run, tmp_path):
    (tmp_path / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "gene-questions.txt", tmp_path / "docs")
    for line in filter(on_genes, examples(command)):
        for word, module in NEEDS.items():
            if word in line:
                pytest.importorskip(module)
        code, _, errors = run(line)
        assert (code, "Error:" in errors) == (0, False), (line, errors)
