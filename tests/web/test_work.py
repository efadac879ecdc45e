"""Quick questions do not wait for long ones, and nobody works for who has left."""

from __future__ import annotations

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from web_client import serving

from gene_analogies import Embedding, Space
from gene_analogies.search.engine.threads import (
    check_stop,
    interruptible,
    run_parts,
    thread_count,
)
from gene_analogies.web import served
from gene_analogies.web.parameters import ROWS
from gene_analogies.web.work import Work

PAIRS = {"a": "EGF", "b": "EGFR"}


class Endless:
    """In the place of `Space.analogies`: blocks without an end."""

    def __init__(self):
        self.began, self.ended = threading.Event(), threading.Event()

    def __call__(self, *_, **__):
        self.began.set()
        try:
            while True:
                run_parts(lambda *_: time.sleep(0.01))
        finally:
            self.ended.set()


@pytest.fixture
def endless(toys, monkeypatch):
    long = Endless()
    monkeypatch.setattr(type(toys["toy"]), "analogies", long)
    return long


def test_quick_questions_are_answered_beside_long_ones_and_leaving_stops_the_work(toys, endless):
    with serving(toys) as client:
        waiting = http.client.HTTPConnection("127.0.0.1", client.port)
        waiting.request("GET", "/api/v1/analogies?a=EGF")
        assert endless.began.wait(10)
        begin = time.monotonic()
        assert client.api("pairs", **PAIRS).status == 200
        assert time.monotonic() - begin < 5
        assert not endless.ended.is_set()
        waiting.close()
        assert endless.ended.wait(1.0)


def test_a_full_queue_says_when_to_ask_again(toys, endless):
    work = Work(threads={"long": 1}, held={"long": 1}, seconds={"long": 0.5})
    with serving(toys, work=work) as client, ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.api, "analogies", a="EGF")
        assert endless.began.wait(10)
        full = client.api("analogies", a="EGF")
        assert (full.status, full.json["error"]) == (503, "busy")
        assert int(full.headers["retry-after"]) > 0
        late = first.result()
        assert (late.status, late.json["error"]) == (503, "too_long")


def test_work_that_never_looks_at_the_clock_is_not_waited_for(toys, monkeypatch):
    free = threading.Event()
    monkeypatch.setattr(type(toys["toy"]), "analogies", lambda *_, **__: free.wait(30))
    try:
        with serving(toys, work=Work(seconds={"long": 0.1})) as client:
            late = client.api("analogies", a="EGF")
            assert (late.status, late.json["error"]) == (503, "too_long")
    finally:
        free.set()


def test_the_end_of_the_server_ends_the_work(toys, endless):
    work = Work()
    with serving(toys, work=work) as client, ThreadPoolExecutor(1) as pool:
        pool.submit(client.api, "analogies", a="EGF")
        assert endless.began.wait(10)
        work.close()
        assert endless.ended.wait(1.0)
        assert client.api("pairs", **PAIRS).status == 503


def test_work_aside_ends_with_the_server():
    work, aside = Work(), Endless()
    work.aside(aside)
    assert aside.began.wait(10)
    work.close()
    assert aside.ended.wait(1.0)


def test_what_is_slow_the_first_time_is_asked_aside(toys, monkeypatch):
    spaces, asked, counts = {"one": toys["toy"], "two": toys["toy"]}, [], []

    def noted(name, whole):
        def ask(*arguments, **options):
            asked.append(name)
            counts.append(options.get("k"))
            return whole(*arguments, **options)

        return ask

    for name in ("relation", "complete", "map"):
        monkeypatch.setattr(Space, name, noted(name, getattr(Space, name)))
    monkeypatch.setattr(served, "agree", noted("agree", served.agree))
    served.warm_rest(spaces)
    assert asked == ["relation", "complete", "map"] * 2 + ["agree"]
    assert counts[-1] == int(ROWS)  # what two embeddings have in common is known by it

    class StopError(Exception):
        pass

    def stop():
        raise StopError

    with interruptible(stop), pytest.raises(StopError):
        served.warm_rest(spaces)
    assert len(asked) == 7


def test_real_questions_heed_a_stop():
    vectors = np.random.default_rng(0).normal(size=(300, 8))
    space = Space(Embedding([f"n{row}" for row in range(300)], vectors), genes=None)

    class StopError(Exception):
        pass

    def stop():
        raise StopError

    pairs = [(f"n{row}", f"n{row + 100}") for row in range(20)]
    questions = (
        lambda: space.pairs("n1", "n2"),
        lambda: space.analogies("n1"),
        lambda: space.relation(pairs),
        lambda: space.pairs("n1", "n2", chance=True),
    )
    for ask in questions:
        with interruptible(stop), pytest.raises(StopError):
            ask()
        check_stop()  # nothing is left behind


def test_parts_of_a_busy_pool_are_done_by_who_needs_them():
    """With the pool's threads held, a caller goes on alone."""
    threads = max(1, thread_count() - 1)
    free, held = threading.Event(), threading.Barrier(threads + 2)

    def hold(*_):
        held.wait(10)
        free.wait(30)

    holder = threading.Thread(target=run_parts, args=(hold, threads + 1))
    holder.start()
    try:
        held.wait(10)
        begin, done = time.monotonic(), []
        run_parts(lambda part, _: done.append(part), 8)
        assert sorted(done) == list(range(8))
        assert time.monotonic() - begin < 10
    finally:
        free.set()
        holder.join()


def test_searches_in_many_threads_find_what_one_finds():
    vectors = np.random.default_rng(1).normal(size=(600, 12)).astype(np.float32)
    space = Space(Embedding([f"n{row}" for row in range(600)], vectors), genes=None)

    def ask(row):
        found = space.pairs(f"n{row}", f"n{row + 1}", k=20, pair_weight=row % 2 * 0.25)
        return found.c_rows.tolist(), found.d_rows.tolist(), found.similarity.tolist()

    alone = [ask(row) for row in range(24)]
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, [*range(24)] * 2)) == alone * 2
