"""Broken files of every format: a result or a FormatError, in bounded time and memory."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from fuzz import bounded_memory, changes, mutations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading_process import Outcome, ReadingProcess

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.registry import FORMATS, read_contents
from gene_analogies.formats.source import Source

HELPERS = Path(importlib.import_module("fuzz").__file__).parent

# What a reader may take for any file and for each of its bytes; and what libraries take for their
# threads and pools, of which most is address space that is never used.
ALWAYS = 64 * 2**20
TIMES = 64
LIBRARIES = 128 * 2**20


# Every process sees the same examples: a file that breaks a reader today breaks it tomorrow.
SETTINGS = settings(
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
    deadline=20_000,
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
    database=None,
)

# Files that libhdf5 reads: it may crash on those that are damaged.
HDF5 = "h5ad"


def _examples(*, hdf5=None):
    """Every example of the modules beside this one: format, label, and how to make it."""
    for path in sorted(HELPERS.glob("examples_*.py")):
        for (name, label), make in importlib.import_module(path.stem).EXAMPLES.items():
            if hdf5 in (None, name == HDF5):
                yield pytest.param(name, make, id=f"{name}-{label}")


def _copy(source, folder):
    """Copy a file with what lies beside it, or a folder, and return the copy's path."""
    root = source.parent
    shutil.copytree(root, folder, dirs_exist_ok=True)
    return folder / source.relative_to(root)


def test_every_format_has_an_example():
    named = {parameter.values[0] for parameter in _examples()}
    assert named == {one.name for one in FORMATS}


@pytest.mark.parametrize(("name", "make"), list(_examples()))
def test_valid(name, make, tmp_path):
    folder = tmp_path / "made"
    folder.mkdir()
    source = Source(make(folder))
    options = ReadOptions(allow_gensim=True)
    found = read_contents(source, options)
    assert found.details["format"] == name
    assert np.isfinite(found.vectors).all()
    assert found.vectors.flags.c_contiguous
    assert len(found.names) == len(found.vectors)
    assert all(isinstance(one, str) for one in found.names)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is bounded on Linux")
@pytest.mark.parametrize("library", [True, False])
def test_memory_that_runs_out_is_no_answer(tmp_path, library):
    source = Source(tmp_path)

    def read():
        if library:
            with source.library_errors("a table"):
                return bytearray(2**30)
        try:
            return bytearray(2**30)
        except MemoryError:
            raise source.error("expected a table") from None

    with pytest.raises(AssertionError, match="memory ran out"), bounded_memory(2**26):
        read()


def _memory_of(files):
    """Return the address space that reading them may take."""
    return ALWAYS + TIMES * sum(one.stat().st_size for one in files) + LIBRARIES


@pytest.mark.parametrize(("name", "make"), list(_examples(hdf5=False)))
def test_broken(name, make, tmp_path_factory):
    root = tmp_path_factory.mktemp("fuzz")
    (root / "valid").mkdir()
    valid = make(root / "valid")
    files = sorted(one for one in (root / "valid").rglob("*") if one.is_file())
    copy = _copy(valid, root / "broken")
    read_contents(Source(copy), ReadOptions(allow_gensim=True), name)  # imports are not counted

    @SETTINGS
    @given(st.data(), st.sampled_from(files), st.booleans())
    def check(data, file, named):
        broken = root / "broken" / file.relative_to(root / "valid")
        broken.write_bytes(data.draw(mutations(file.read_bytes())))
        try:
            with bounded_memory(_memory_of(files)):
                options = ReadOptions(allow_gensim=True)
                found = read_contents(Source(copy), options, name if named else None)
        except FormatError as error:
            assert "\n" not in str(error)  # noqa: PT017 - most mutations raise
        else:
            assert found.vectors.ndim == 2
            assert len(found.names) == len(found.vectors)
        finally:
            broken.write_bytes(file.read_bytes())

    check()


@pytest.mark.parametrize(("name", "make"), list(_examples(hdf5=True)))
def test_broken_hdf5(name, make, tmp_path, request):
    """A damaged file never gives a wrong answer or exception; libhdf5 itself may rarely die of it.

    ``-rP`` shows how many of how many did what.
    """
    valid = make(tmp_path)
    content = valid.read_bytes()
    broken = tmp_path / "broken.h5ad"
    process = ReadingProcess(_memory_of([valid]), seconds=10)
    outcomes = Counter()

    @settings(SETTINGS, deadline=None)  # a process is given up after 10 s
    @given(mutations(content) | changes(content), st.booleans())
    def check(data, named):
        broken.write_bytes(data)
        outcome = process.read(broken, name if named else None)
        outcomes[outcome.kind] += 1
        assert outcome.kind != "wrong", outcome.detail

    try:
        check()
    finally:
        process.close()
    total = outcomes.total()
    shown = ", ".join(f"{kind} {count}" for kind, count in outcomes.most_common())
    print(f"{request.node.name}: {total} damaged files: {shown}")  # noqa: T201
    assert outcomes["refused"] > total / 2
    assert outcomes["crash"] + outcomes["time-out"] + outcomes["memory"] <= 3 + total / 50


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_a_process_that_dies_or_hangs_is_begun_anew(tmp_path, monkeypatch):
    process = ReadingProcess(2**30, seconds=60)
    valid = importlib.import_module("examples_anndata").EXAMPLES[HDF5, "x"](tmp_path)
    try:
        assert process.read(valid, HDF5).kind == "read"
        assert process.read(tmp_path / "no file").kind == "wrong"
        process._process.kill()
        process._process.join()
        assert process.read(valid) == Outcome("crash", "SIGKILL")
        process.seconds = 0
        assert process.read(valid).kind == "time-out"
    finally:
        process.close()
