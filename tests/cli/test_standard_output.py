"""Standard output that ends too soon: the whole answer is written, or the process fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import RUN

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and limits as on POSIX")

# Files beyond a size fail like those on a full disk. The first answer goes nowhere: afterwards no
# kernel is compiled, whose cache would not fit either.
LIMITED = """
import os, resource, sys
from gene_analogies.cli.main import cli, main
cli.main([*sys.argv[1:], "-o", os.devnull], standalone_mode=False)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
main()
"""


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def environment(request, environment):
    return {**os.environ, "PYTHONUNBUFFERED": request.param}


@pytest.fixture
def question(tmp_path):
    """Ask for an answer of more than a pipe holds."""
    file = tmp_path / "many.txt"
    rows = [f"{'a long name of item'.replace(' ', '_')}_{i} 1.5 {i}.5 0.5\n" for i in range(4000)]
    file.write_text("".join(rows))
    name = rows[0].split()[0]
    return ["similar", name, "-e", str(file), "-k", "5000", "--format", "csv"]


def start(question, environment, stdout, code=RUN):
    return subprocess.Popen(
        [sys.executable, "-c", code, *question],
        stdout=stdout,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    )


def test_a_slow_reader_gets_all(question, environment):
    process = start(question, environment, subprocess.PIPE)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (0, "")
    assert len(out) > 1 << 17
    assert len(out.splitlines()) == 4000  # the header, and all but the item itself


def test_a_reader_that_closes_midway(question, environment):
    process = start(question, environment, subprocess.PIPE)
    assert process.stdout.read(10) == "item,simil"
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=300), err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_device(question, environment):
    with Path("/dev/full").open("w") as full:
        process = start(question, environment, full)
        _, err = process.communicate(timeout=300)
    assert (process.returncode, err) == (2, "Error: No space left on device\n")


def test_a_disk_that_is_full_midway(question, environment, tmp_path):
    with (tmp_path / "answer.csv").open("w") as file:
        process = start(question, environment, file, LIMITED)
        _, err = process.communicate(timeout=300)
    assert (tmp_path / "answer.csv").stat().st_size == 100_000
    assert (process.returncode, err) == (2, "Error: File too large\n")
