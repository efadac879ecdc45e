"""The one wrapper around ``numba.njit``: cached, without the GIL, NumPy's error model.

Kernels release the GIL and hold no global state, so several Python threads may enter them at
once; parallelism comes from :mod:`gene_analogies.search._threads`, not from numba's own threading
layer, which two threads may not enter together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from gene_analogies.folders import cache_folder

__all__ = ["KERNELS", "REASSOCIATE", "njit"]

F = TypeVar("F", bound=Callable[..., Any])

#: Lets sums be reordered into vector lanes; nothing else of "fast math" is on.
REASSOCIATE = {"reassoc", "contract", "nsz"}

#: Digest of all kernels' source code. Numba compiles a kernel again when its own file changes, but
#: not when a kernel that it calls does; so each state of the sources has a folder of its own.
KERNELS = hashlib.sha256(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("_*.py")))
).hexdigest()[:16]


def njit(*, fastmath: set[str] | bool = False, inline: bool = False) -> Callable[[F], F]:
    """Compile a kernel; sums keep their order unless ``fastmath`` is given."""
    options: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": fastmath,
        "inline": "always" if inline else "never",
    }

    def decorate(function: F) -> F:
        # NUMBA_CACHE_DIR, where the user has set it.
        settings: Any = numba.config
        given = settings.CACHE_DIR
        settings.CACHE_DIR = str(Path(given or cache_folder() / "kernels") / KERNELS)
        try:
            compiled = numba.njit(cache=True, **options)(function)  # noqa: TID251 - here alone
        except RuntimeError:  # no folder can be written: compile in each process
            compiled = numba.njit(**options)(function)  # noqa: TID251
        finally:
            settings.CACHE_DIR = given
        return cast("F", compiled)

    return decorate
