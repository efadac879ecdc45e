"""Break a valid file in every way, and see that its reader answers or raises a FormatError."""

from __future__ import annotations

import sys
from contextlib import contextmanager

import numpy as np
from hypothesis import strategies as st

from gene_analogies.errors import FormatError

__all__ = ["bounded_memory", "changes", "mutations"]

_NUMBERS = (0, 1, 2**31 - 1, 2**32 - 1, 2**40, 2**63 - 1)
_NO_MEMORY = ("does not fit memory", "unable to allocate", "cannot allocate", "out of memory")


@st.composite
def mutations(draw, content):
    """A valid file with bytes changed, cut out, repeated, inserted, or its end missing."""
    data = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        if not data:
            break
        place = draw(st.integers(0, len(data) - 1) | st.integers(0, min(64, len(data) - 1)))
        kind = draw(st.sampled_from(["set", "cut", "insert", "repeat", "end", "number"]))
        if kind == "set":
            data[place] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[place : place + draw(st.integers(1, 64))]
        elif kind == "insert":
            data[place:place] = draw(st.binary(min_size=1, max_size=16))
        elif kind == "repeat":
            piece = data[place : place + draw(st.integers(1, 64))]
            data[place:place] = piece * draw(st.integers(1, 4))
        elif kind == "end":
            del data[place:]
        else:
            # Lengths and counts that are huge, negative, or zero.
            number = draw(st.sampled_from(_NUMBERS))
            width = draw(st.sampled_from([4, 8]))
            order = draw(st.sampled_from(["little", "big"]))
            data[place : place + width] = (number % 256**width).to_bytes(width, order)
    return bytes(data)


def changes(content):
    """A valid file with one to four bytes or numbers changed, anywhere: all else stays in place.

    A library that looks up addresses reads on, where `mutations` leave few files that it opens.
    """

    def changed(seed):
        rng = np.random.default_rng(seed)
        data = bytearray(content)
        for _ in range(rng.integers(1, 5)):
            place, width = int(rng.integers(len(data))), int(rng.choice([1, 1, 4, 8]))
            number = int(rng.integers(256)) if width == 1 else int(rng.choice(_NUMBERS))
            piece = (number % 256**width).to_bytes(width, "little")
            data[place : place + width] = piece[: len(data) - place]
        return bytes(data)

    return st.integers(0, 2**32 - 1).map(changed)


@contextmanager
def bounded_memory(extra=2**30):
    """Let the process take so many more bytes of address space, where the system can say so.

    A reader says of a file that does not fit memory what it says of a broken one: a FormatError
    that comes of it is a failure here. Whoever expects others puts ``pytest.raises`` outside.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    import resource  # not on Windows

    with open("/proc/self/statm") as file:  # noqa: PTH123
        used = int(file.read().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + extra, before[1]))
    try:
        yield
    except FormatError as error:
        assert not _ran_out(error), f"memory ran out: {error}"  # noqa: PT017
        raise
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def _ran_out(error):
    """Whether memory ran out before an error was raised, whatever the library called it."""
    while error is not None:
        text = str(error).lower()
        if isinstance(error, MemoryError) or any(one in text for one in _NO_MEMORY):
            return True
        error = error.__cause__ or error.__context__
    return False
