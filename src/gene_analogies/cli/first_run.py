"""The notice that a question's kernels are being compiled, and the stamp that ends it."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gene_analogies.util.folders import cache_folder

__all__ = ["first_run_notice", "stamps"]


@contextmanager
def first_run_notice(question: str, duration: str = "some seconds") -> Iterator[None]:
    """Announce that a question's kernels are compiled, the first time it is asked.

    Parameters
    ----------
    question
        Its name, and an option with which it takes others; each has its own kernels.
    duration
        How long that takes.
    """
    stamp = _stamp(question)
    known = os.path.exists(stamp)  # noqa: PTH110 - False, not an error, in a closed folder
    if not known:
        click.echo(
            f"first run of {question} after installation: compiling its search kernels "
            f"({duration}) …",
            err=True,
        )
    yield
    if not known:
        try:
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.touch()
        except OSError:
            # The notice is shown again, nothing else.
            return


def _stamp(question: str) -> Path:
    """Return the file that marks a question's kernels as compiled, for this installation."""
    import numba

    from gene_analogies.search.engine.jit import KERNELS

    installation = hashlib.sha256(str(Path(__file__).resolve().parent).encode()).hexdigest()[:8]
    versions = f"{KERNELS}-numba{numba.__version__}-python{platform.python_version()}"
    return cache_folder() / f"compiled-{question.replace(' ', '')}-{versions}-{installation}"


def stamps() -> list[Path]:
    """Return the stamps of all installations in the cache folder."""
    return sorted(cache_folder().glob("compiled-*-numba*-python*"))
