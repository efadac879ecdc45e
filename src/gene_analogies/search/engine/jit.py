"""The one wrapper around ``numba.njit``: cached, without the GIL, NumPy's error model.

Kernels release the GIL and hold no global state, so several Python threads may enter them at
once; parallelism comes from :mod:`gene_analogies.search.engine.threads`, not from numba's own
threading layer, which two threads may not enter together.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import pickle
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from string import hexdigits
from typing import Any, TypeVar, cast

import numba
from numba.core.event import install_timer

from gene_analogies.util.folders import cache_folder, mark_used, remove_unused

__all__ = [
    "KERNELS",
    "REASSOCIATE",
    "compile_time",
    "kernel_folders",
    "njit",
    "retry_on_corrupt_cache",
]

logger = logging.getLogger(__name__)

F = TypeVar("F", bound=Callable[..., Any])

#: Lets sums be reordered into vector lanes; nothing else of "fast math" is on.
REASSOCIATE = {"reassoc", "contract", "nsz"}

#: Digest of all kernels' source code. Numba compiles a kernel again when its own file changes, but
#: not when a kernel that it calls does; so each state of the sources has a folder of its own.
_SOURCES = (path.read_bytes() for path in sorted(Path(__file__).parents[1].rglob("*.py")))
KERNELS = hashlib.sha256(
    b"".join(source for source in _SOURCES if b"@njit(" in source)
).hexdigest()[:16]

#: Above the number of kernels and of types they are compiled for in one call.
_KERNELS_AT_MOST = 40


def _kernel_folder(given: str) -> Path:
    """Return the folder of compiled kernels; ``given`` is NUMBA_CACHE_DIR, or empty."""
    return Path(given or cache_folder() / "kernels") / KERNELS


def kernel_folders() -> list[Path]:
    """Return the folders of compiled kernels, one for each state of their sources."""
    settings: Any = numba.config
    return _digest_folders(_kernel_folder(settings.CACHE_DIR).parent)


def _digest_folders(root: Path) -> list[Path]:
    return sorted(
        path for path in root.glob("?" * len(KERNELS)) if set(path.name) <= set(hexdigits.lower())
    )


@functools.cache
def _tidy(folder: Path) -> None:
    """Mark the kernels as used, once; where they are new, remove those that nobody uses.

    Pipes and devices among the kernels are removed, and links to them.
    """
    with suppress(OSError):  # a folder that is closed to us is found out by numba
        if folder.is_dir():
            for path in folder.rglob("*"):
                if path.is_fifo() or path.is_char_device():
                    path.unlink(missing_ok=True)  # numba would wait for ever to open a pipe
            mark_used(folder)
        else:
            remove_unused(_digest_folders(folder.parent))


def retry_on_corrupt_cache(function: F) -> F:
    """Call again where stored kernels turn out to be damaged, or cannot be stored.

    Damaged ones are deleted and compiled again. A kernel that was compiled but could not be
    stored is in memory all the same, so that each further call gets one kernel farther.
    """

    @functools.wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever it wraps
        warned = False
        for _ in range(_KERNELS_AT_MOST):
            try:
                return function(*arguments, **options)
            except (pickle.UnpicklingError, EOFError, OSError) as error:
                settings: Any = numba.config
                folder = _kernel_folder(settings.CACHE_DIR)
                full = isinstance(error, OSError)
                if not warned:
                    what = f"cannot be written ({error})" if full else "is damaged"
                    logger.warning("%s %s: the search kernels are compiled again", folder, what)
                    warned = True
                if not full:
                    shutil.rmtree(folder, ignore_errors=True)
        return function(*arguments, **options)

    return cast("F", call)


@contextmanager
def compile_time() -> Iterator[Callable[[], float]]:
    """Yield a function that tells, afterwards, how many seconds went into compiling kernels."""
    spent = [0.0]

    def add(seconds: float) -> None:
        spent[0] += seconds

    with install_timer("numba:compile", add):
        yield lambda: spent[0]


def _name_files_apart(compiled: Any) -> None:  # noqa: ANN401 - numba has no types
    """Let no two processes choose one file name for a kernel.

    Numba counts the files that its index names: two processes that compile a kernel at once, for
    different types, would write one file, and a third would run it with the wrong type.
    """
    stored = compiled._cache._cache_file  # noqa: SLF001 - numba has no setting for it
    stored._data_name_pattern = f"{uuid.uuid4().hex[:8]}-{stored._data_name_pattern}"  # noqa: SLF001


def njit(*, fastmath: set[str] | bool = False, inline: bool = False) -> Callable[[F], F]:
    """Compile a kernel; sums keep their order unless ``fastmath`` is given."""
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": fastmath,
        "inline": "always" if inline else "never",
        # Nobody calls a kernel from C; the wrapper for it would take a tenth of the compilation.
        "no_cfunc_wrapper": True,
    }

    def decorate(function: F) -> F:
        settings: Any = numba.config
        given = settings.CACHE_DIR
        folder = _kernel_folder(given)
        _tidy(folder)
        settings.CACHE_DIR = str(folder)
        try:
            compiled = numba.njit(cache=True, **options)(function)  # noqa: TID251 - here alone
            _name_files_apart(compiled)
        except RuntimeError:  # no folder can be written: compile in each process
            compiled = numba.njit(**options)(function)  # noqa: TID251
        finally:
            settings.CACHE_DIR = given
        return cast("F", compiled)

    return decorate
