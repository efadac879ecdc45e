"""The server under load, beside the library at the same concurrency, in one run.

    python -m benchmarks.speed.serve

50 clients ask 8 different `pairs` each, of the built-in embedding; in the library, as many threads
ask the same and write JSON. The server is a process of its own, started by the command `serve`; its
clients are threads of this one, and share its cores. Then the time of a `pairs` alone, with nobody
else and beside two clients that ask for `analogies` all the time.
"""

from __future__ import annotations

import http.client
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import gene_analogies as ga
from gene_analogies.report.registry import render

CLIENTS = 50
EACH = 8
#: Seconds after its address in which a server asks what is slow the first time.
AT_REST = 20.0

Pair = tuple[str, str]


@contextmanager
def server() -> Iterator[str]:
    """Start the server, and return its host and port once it answers and is at rest."""
    command = [sys.executable, "-c", "from gene_analogies.cli.main import main; main()"]
    command += ["serve", "--port", "0", "--no-chance"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            host = urlsplit(process.stdout.readline().split()[-1]).netloc
            time.sleep(AT_REST)
            yield host
        finally:
            process.send_signal(signal.SIGINT)


def timed(ask: Callable[[http.client.HTTPConnection | None, Pair], None], host: str | None) -> str:
    """Return the median and the throughput of all clients, each with its own connection."""
    names = ga.load().names
    times: list[float] = []
    begin = threading.Barrier(CLIENTS + 1)

    def client(number: int) -> None:
        connection = None if host is None else http.client.HTTPConnection(host, timeout=120)
        begin.wait()
        for question in range(EACH):
            row = 2 * (number * EACH + question)
            start = time.perf_counter()
            ask(connection, (names[row], names[row + 1]))
            times.append(time.perf_counter() - start)

    with ThreadPoolExecutor(CLIENTS) as pool:
        waiting = [pool.submit(client, number) for number in range(CLIENTS)]
        begin.wait()
        start = time.perf_counter()
        for one in waiting:
            one.result()
        taken = time.perf_counter() - start
    return f"{1000 * statistics.median(times):7.0f} ms  {len(times) / taken:7.1f} answers/s"


def over_http(connection: http.client.HTTPConnection | None, pair: Pair) -> None:
    """Ask the server; any other status than 200 ends the benchmark."""
    assert connection is not None
    connection.request("GET", f"/api/v1/pairs?{urlencode(dict(zip('ab', pair, strict=True)))}")
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"status {answer.status}: {content[:200]!r}")


def alone(host: str, long: int) -> str:
    """Return the median and the maximum of 30 questions, one by one, beside some long ones."""
    over = threading.Event()

    def analogies(name: str) -> None:
        connection = http.client.HTTPConnection(host, timeout=120)
        while not over.is_set():
            connection.request("GET", f"/api/v1/analogies?a={name}&truncate=30000")
            connection.getresponse().read()

    with ThreadPoolExecutor(2) as pool:
        for name in ("TP53", "INS")[:long]:
            pool.submit(analogies, name)
        connection, times = http.client.HTTPConnection(host, timeout=120), []
        for _ in range(30):
            start = time.perf_counter()
            over_http(connection, ("EGF", "EGFR"))
            times.append(1000 * (time.perf_counter() - start))
        over.set()
    return f"{statistics.median(times):7.0f} ms, at most {max(times):.0f} ms"


def main() -> None:
    """Print the table."""
    space = ga.load()
    for a, b in (("EGF", "EGFR"), ("INS", "INSR")):
        render(space.pairs(a, b), "json")

    def in_library(_: http.client.HTTPConnection | None, pair: Pair) -> None:
        render(space.pairs(*pair), "json")

    print(f"{CLIENTS} clients × {EACH} pairs     median   throughput")
    print(f"library               {timed(in_library, None)}")
    with server() as host:
        print(f"server                {timed(over_http, host)}")
        print(f"one client            {alone(host, 0)}")
        print(f"beside two analogies  {alone(host, 2)}")


if __name__ == "__main__":
    main()
