"""The one wrapper around ``numba.njit``: cached, without the GIL, NumPy's error model.

Kernels release the GIL and hold no global state, so several Python threads may enter them at
once; parallelism comes from :mod:`gene_analogies.search._threads`, not from numba's own threading
layer, which two threads may not enter together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

__all__ = ["REASSOCIATE", "njit"]

F = TypeVar("F", bound=Callable[..., Any])

#: Lets sums be reordered into vector lanes; nothing else of "fast math" is on.
REASSOCIATE = {"reassoc", "contract", "nsz"}


def njit(*, fastmath: set[str] | bool = False, inline: bool = False) -> Callable[[F], F]:
    """Compile a kernel; sums keep their order unless ``fastmath`` is given."""

    def decorate(function: F) -> F:
        compile_with = numba.njit(  # noqa: TID251 - here alone
            cache=True,
            nogil=True,
            error_model="numpy",
            fastmath=fastmath,
            inline="always" if inline else "never",
        )
        return cast("F", compile_with(function))

    return decorate
