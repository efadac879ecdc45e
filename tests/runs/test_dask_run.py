"""Runs on real processes, some of which are lost."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from fake_jobs import BestNumbers, done, processes, same, threads_to_use

import gene_analogies
from gene_analogies.errors import GeneAnalogiesError, MissingExtraError
from gene_analogies.runs import clients, dask_run, run
from gene_analogies.runs.clients import open_client

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="workers are killed by POSIX signals"),
]

PATHS = [str(Path(gene_analogies.__file__).parents[1]), str(Path(__file__).parents[1] / "helpers")]


@pytest.fixture(scope="module")
def two():
    """A client of two worker processes on this machine."""
    with open_client("local", 2) as client:
        yield client


class Killing:
    """After so many blocks, kills the worker that was the last to begin one."""

    def __init__(self, diary, after):
        self.diary, self.after = diary, after
        self.calls = 0

    def __call__(self, *_):
        self.calls += 1
        if self.calls == self.after:
            self.victim = int(self.diary.read_text().split()[-1])
            os.kill(self.victim, signal.SIGKILL)


def stop(finished, total):
    """Press Ctrl-C when half is done."""
    if finished > total / 2:
        raise KeyboardInterrupt


def test_a_killed_worker_loses_nothing(two, tmp_path):
    job = BestNumbers(blocks=24, pause=0.1, diary=tmp_path / "diary")
    killing = Killing(job.diary, 5)
    assert same(run(job, client=two, progress=killing), job.truth())
    assert {killing.victim} < processes(job.diary)
    begun = done(job.diary)
    assert set(begun) == set(range(24))
    assert len(begun) > 24, "the block that was lost is not done again"
    assert os.getpid() not in processes(job.diary)


def test_a_single_worker_that_is_killed_had_all_the_data(tmp_path):
    job = BestNumbers(blocks=16, pause=0.1, diary=tmp_path / "diary")
    killing = Killing(job.diary, 5)
    with open_client("local", 1) as client:
        assert same(run(job, client=client, progress=killing), job.truth())
    assert len(processes(job.diary)) == 2


def test_three_workers_give_the_same_answer_share_the_cores_and_leave_nothing(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    monkeypatch.setattr(clients, "thread_count", lambda: 6)
    job = BestNumbers(blocks=24, pause=0.05, diary=tmp_path / "diary")
    estimates = []
    with open_client("local", 3) as client:
        assert same(run(job, client=client, on_estimate=estimates.append), job.truth())
        assert set(client.run(threads_to_use).values()) == {("2", "2")}
        workers = client.run(os.getpid).values()
    assert len(processes(job.diary)) == 3
    assert estimates[0].workers == 3
    assert sorted(done(job.diary)) == list(range(24))
    assert "OPENBLAS_NUM_THREADS" not in os.environ
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_the_first_threshold_is_waited_for_and_later_ones_arrive(two, tmp_path):
    job = BestNumbers(diary=tmp_path / "diary", size=50)
    run(job, client=two)
    thresholds = [float(line.split()[1]) for line in job.diary.read_text().splitlines()]
    assert thresholds.count(float("-inf")) == 1
    assert len(set(thresholds)) > 2


def test_a_run_that_is_stopped_on_dask_goes_on_anywhere(two, tmp_path):
    job = BestNumbers(blocks=24, pause=0.02, diary=tmp_path / "diary")
    with pytest.raises(KeyboardInterrupt):
        run(job, client=two, progress=stop)
    kept = {
        int(one.stem.removeprefix("block-"))
        for one in (tmp_path / "cache" / "runs").rglob("block-*.npz")
    }
    assert len(kept) > 8
    before = len(done(job.diary))
    assert same(run(job), job.truth())
    assert not kept & set(done(job.diary)[before:])


def test_a_broken_block_is_tried_again_and_then_told(two, tmp_path):
    job = BestNumbers(diary=tmp_path / "diary", broken=7)
    with pytest.raises(ArithmeticError, match="block 7 is broken"):
        run(job, client=two)
    assert done(job.diary).count(7) == 3
    assert same(run(BestNumbers(), client=two), job.truth())


def test_workers_of_another_version_are_refused(two, monkeypatch):
    monkeypatch.setattr(dask_run, "__version__", "0.0.1")
    with pytest.raises(GeneAnalogiesError, match="another version of gene-analogies"):
        run(BestNumbers(), client=two)


def test_a_worker_of_another_version_that_comes_later_is_refused(two, monkeypatch):
    monkeypatch.setattr(dask_run, "__version__", "0.0.1")
    monkeypatch.setattr(dask_run.DaskSolver, "_check_versions", lambda _: None)
    with pytest.raises(GeneAnalogiesError, match="another version of gene-analogies"):
        run(BestNumbers(), client=two)


SCRIPT = """
import sys
from fake_jobs import BestNumbers
from gene_analogies.runs import run
from gene_analogies.runs.clients import open_client

if __name__ == "__main__":
    job = BestNumbers(blocks=100, pause=0.1, diary=sys.argv[1])
    try:
        with open_client("local", 2) as client:
            run(job, client=client, progress=lambda *done: print(*done, flush=True))
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
"""


def test_ctrl_c_in_a_terminal_stops_workers_without_a_word(tmp_path):
    """There it goes to all processes of the command, the workers too."""
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path / "diary")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        for _ in range(6):
            process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert said == "stopped\n"
    assert process.returncode == 0


@contextmanager
def program(*arguments):
    """A program of Dask's in a process of its own, killed in the end."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)}
    environment.pop("GENE_ANALOGIES_THREADS", None)
    process = subprocess.Popen(
        [sys.executable, "-m", *map(str, arguments)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def scheduler(tmp_path):
    """A command that starts a scheduler, at the same port each time; and the file it writes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = tmp_path / "scheduler.json"
    command = "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port
    return (*command, "--no-dashboard", "--scheduler-file", file), file


def worker_of(file):
    """A command that starts a worker of four threads."""
    command = "distributed.cli.dask_worker", "--scheduler-file", file, "--nthreads", "4"
    return *command, "--no-nanny", "--no-dashboard"


def wait_for(file):
    deadline = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_worker_of_four_threads_does_one_block_at_a_time(scheduler):
    start, file = scheduler
    job = BestNumbers(blocks=8, pause=0.1)
    with program(*start):
        wait_for(file)
        with program(*worker_of(file)), open_client(str(file)) as client:
            begun = time.monotonic()
            estimates = []
            # It waits for its first worker.
            assert same(run(job, client=client, on_estimate=estimates.append), job.truth())
            assert time.monotonic() - begun > 0.8
            assert estimates[0].workers == 1
            assert {kernels for kernels, _ in client.run(threads_to_use).values()} == {"4"}


def test_a_scheduler_that_is_killed_may_come_back_and_is_told_where_it_does_not(
    scheduler, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(clients, "_TIMEOUT", 60)
    start, file = scheduler
    job = BestNumbers(blocks=16, pause=0.05, diary=tmp_path / "diary")
    with ExitStack() as stack:
        running = [stack.enter_context(program(*start))]
        wait_for(file)
        stack.enter_context(program(*worker_of(file)))

        def kill(finished, total):
            begun = len(done(job.diary)) if job.diary.exists() else 0
            if len(running) == 1 and begun > 3:
                running[0].kill()
                running.append(stack.enter_context(program(*start)))
                stack.enter_context(program(*worker_of(file)))
            elif finished > total / 2:
                client._timeout = 1  # its patience, now that nothing comes back
                running[1].kill()

        client = stack.enter_context(open_client(str(file)))
        with pytest.raises(GeneAnalogiesError, match=r"^the Dask cluster at tcp://127.*is gone; "):
            run(job, client=client, progress=kill)
    assert len(processes(job.diary)) == 2
    assert "has no workers: waiting for some" in caplog.text
    assert same(run(job), job.truth())


def test_a_scheduler_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.setattr(clients, "_TIMEOUT", 1)
    file = tmp_path / "scheduler.json"
    file.write_text(json.dumps({"address": "tcp://127.0.0.1:9"}))
    for address in ("tcp://127.0.0.1:9", str(file)):
        with pytest.raises(GeneAnalogiesError, match="no scheduler answers at") as caught:
            open_client(address).__enter__()
        assert address in str(caught.value)


@pytest.mark.parametrize("address", ["here", "", "http://host:80", "tcp://host", "host:1:2"])
def test_what_is_no_address_is_told_at_once(address):
    with pytest.raises(GeneAnalogiesError, match="dask must be local, the address"):
        open_client(address).__enter__()


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"address": "here"}'])
def test_what_is_no_scheduler_file_is_told_at_once(tmp_path, content):
    file = tmp_path / "scheduler.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(GeneAnalogiesError, match=r"scheduler file"):
        open_client(str(file)).__enter__()


def test_a_number_of_workers_is_for_this_machine():
    with pytest.raises(GeneAnalogiesError, match="workers must be a whole number of at least 1"):
        open_client("local", 0).__enter__()
    with pytest.raises(GeneAnalogiesError, match="workers goes with Dask on this machine"):
        open_client("tcp://127.0.0.1:9", 3).__enter__()


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'gene-analogies\[dask\]'"):
        open_client("local").__enter__()
