"""Broken files of every format: a result or a FormatError, in bounded time and memory."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from fuzz import bounded_memory, mutations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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


def _examples():
    """Every example of the modules beside this one: format, label, and how to make it."""
    for path in sorted(HELPERS.glob("examples_*.py")):
        for (name, label), make in importlib.import_module(path.stem).EXAMPLES.items():
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


@pytest.mark.parametrize(("name", "make"), list(_examples()))
def test_broken(name, make, tmp_path_factory):
    root = tmp_path_factory.mktemp("fuzz")
    (root / "valid").mkdir()
    valid = make(root / "valid")
    files = sorted(one for one in (root / "valid").rglob("*") if one.is_file())
    copy = _copy(valid, root / "broken")
    read_contents(Source(copy), ReadOptions(allow_gensim=True), name)  # imports are not counted
    most = ALWAYS + TIMES * sum(one.stat().st_size for one in files) + LIBRARIES

    # Every process sees the same examples: a file that breaks a reader today breaks it tomorrow.
    @settings(
        max_examples=int(os.environ.get("FUZZ_EXAMPLES", "60")),
        deadline=20_000,
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(st.data(), st.sampled_from(files), st.booleans())
    def check(data, file, told):
        broken = root / "broken" / file.relative_to(root / "valid")
        broken.write_bytes(data.draw(mutations(file.read_bytes())))
        try:
            with bounded_memory(most):
                options = ReadOptions(allow_gensim=True)
                found = read_contents(Source(copy), options, name if told else None)
        except FormatError as error:
            assert "\n" not in str(error)  # noqa: PT017 - most mutations raise
        else:
            assert found.vectors.ndim == 2
            assert len(found.names) == len(found.vectors)
        finally:
            broken.write_bytes(file.read_bytes())

    check()
