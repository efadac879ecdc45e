"""Who works for a request: threads of their own for quick and for long questions.

A question that takes long cannot keep others waiting; one that nobody waits for any more ends
within a second.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Literal, TypeVar

from gene_analogies.search.engine.threads import interruptible, thread_count

__all__ = ["BusyError", "Kind", "LeftError", "TooLongError", "Work"]

T = TypeVar("T")
Kind = Literal["quick", "long"]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

#: Quick questions that may be asked at once, those that wait for a thread among them; long ones.
_HELD: Final[dict[Kind, int]] = {"quick": 256, "long": 16}
#: Seconds until an answer must be there, from when it is asked for.
_SECONDS: Final[dict[Kind, float]] = {"quick": 30.0, "long": 120.0}
#: Seconds more in which work ends by itself.
_GRACE: Final = 1.0


class BusyError(Exception):
    """As many questions are asked as may be; after ``seconds`` it is worth asking again."""

    def __init__(self, seconds: int) -> None:
        super().__init__("the server is busy: ask again in a few seconds")
        self.seconds = seconds


class TooLongError(Exception):
    """An answer was not there in time."""


class LeftError(Exception):
    """Whoever asked is gone."""


class _StoppedError(Exception):
    """Nobody waits for this answer."""


class _Lane:
    """Threads for one kind of question, and how many questions they may hold."""

    def __init__(self, kind: Kind, threads: int, held: int, seconds: float) -> None:
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix=f"{kind}-questions")
        self.places = threading.BoundedSemaphore(held)
        self.seconds = seconds


class Work:
    """Answers questions in threads.

    Parameters
    ----------
    threads
        Of each kind; by default as many quick ones as cores, and two more, and two long ones.
    held
        How many questions of each kind may be asked at once.
    seconds
        How long an answer may take.
    """

    def __init__(
        self,
        threads: dict[Kind, int] | None = None,
        held: dict[Kind, int] | None = None,
        seconds: dict[Kind, float] | None = None,
    ) -> None:
        counts: dict[Kind, int] = {"quick": thread_count() + 2, "long": 2}
        counts, places = counts | (threads or {}), _HELD | (held or {})
        times = _SECONDS | (seconds or {})
        self._lanes = {
            kind: _Lane(kind, counts[kind], places[kind], times[kind]) for kind in counts
        }
        self._closed = threading.Event()

    async def run(self, kind: Kind, function: Callable[[], T], receive: Receive) -> T:
        """Return what a function returns, called in a thread of a kind.

        Parameters
        ----------
        kind
            Which threads.
        function
            What to call; searches in it end when they are not wanted any more.
        receive
            Of the request, whose body has been read: tells that the client has left.

        Raises
        ------
        BusyError
            If too many questions of this kind are asked.
        TooLongError
            If the answer takes too long.
        LeftError
            If the client has left; the function ends soon.
        """
        lane = self._lanes[kind]
        if not lane.places.acquire(blocking=False):
            raise BusyError(1 if kind == "quick" else 10)
        gone = threading.Event()
        until = time.monotonic() + lane.seconds

        def check() -> None:
            if gone.is_set() or self._closed.is_set():
                raise _StoppedError
            if time.monotonic() > until:
                raise _too_long(lane.seconds)

        def work() -> T:
            with interruptible(check):
                check()
                return function()

        future = lane.pool.submit(work)
        future.add_done_callback(lambda _: lane.places.release())
        answer = asyncio.wrap_future(future)
        leaving = asyncio.ensure_future(_left(receive))
        waiting: tuple[asyncio.Future[Any], ...] = (answer, leaving)
        try:
            # What never looks at the clock is not waited for, either.
            done, _ = await asyncio.wait(
                waiting, timeout=lane.seconds + _GRACE, return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                raise _too_long(lane.seconds)
            if not answer.done():
                raise LeftError
            return answer.result()
        except _StoppedError:
            raise LeftError from None
        finally:
            gone.set()
            leaving.cancel()
            answer.cancel()

    def close(self) -> None:
        """End all work, now and later."""
        self._closed.set()
        for lane in self._lanes.values():
            lane.pool.shutdown(wait=False, cancel_futures=True)


def _too_long(seconds: float) -> TooLongError:
    return TooLongError(f"the answer takes more than {seconds:g} s: ask for less")


async def _left(receive: Receive) -> None:
    """Return when the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
