import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fake_jobs import BestNumbers, Everything, done, same
from hypothesis import given
from hypothesis import strategies as st

import gene_analogies
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.runs import driver, run
from gene_analogies.runs.driver import _order

SOURCE = str(Path(gene_analogies.__file__).parents[1])


class Stopping:
    """Presses Ctrl-C when so many blocks have been reported."""

    def __init__(self, after):
        self.after = after
        self.calls = []

    def __call__(self, finished, total):
        self.calls.append((finished, total))
        if len(self.calls) > self.after:
            raise KeyboardInterrupt


@pytest.fixture
def diary(tmp_path):
    return tmp_path / "diary"


@given(
    seed=st.integers(0, 10**6),
    blocks=st.integers(0, 20),
    size=st.sampled_from([1, 2, 5, 50]),
    k=st.sampled_from([1, 3, 10, 1000]),
    values=st.sampled_from([1, 3, 1000]),
)
def test_the_answer_is_the_best_of_all(tmp_path_factory, seed, blocks, size, k, values):
    """Whatever the sizes of blocks, empty ones too, and however many numbers are equal."""
    job = BestNumbers(seed, blocks, size, k, values)
    assert same(run(job, folder=tmp_path_factory.mktemp("run")), job.truth())


@given(seed=st.integers(0, 10**6), stops=st.lists(st.integers(1, 8), max_size=3))
def test_the_answer_does_not_depend_on_stops(tmp_path_factory, seed, stops):
    job = BestNumbers(seed, blocks=10, values=5)
    folder = tmp_path_factory.mktemp("run")
    for after in stops:
        try:
            run(job, folder=folder, progress=Stopping(after))
        except KeyboardInterrupt:
            continue
    assert same(run(job, folder=folder), job.truth())


def test_later_blocks_get_the_threshold_of_earlier_ones(diary):
    job = BestNumbers(diary=diary)
    run(job)
    thresholds = [float(line.split()[1]) for line in diary.read_text().splitlines()]
    assert thresholds[0] == -np.inf
    assert thresholds == sorted(thresholds)
    assert thresholds[-1] == job.truth()["score"][-1]


def test_a_stopped_run_goes_on_where_it_was(diary):
    job = BestNumbers(diary=diary)
    with pytest.raises(KeyboardInterrupt):
        run(job, progress=Stopping(5))
    before = done(diary)
    assert len(before) == 5
    assert same(run(job), job.truth())
    after = done(diary)[5:]
    assert sorted(before + after) == list(range(12))


def test_what_is_finished_stays_when_a_block_fails(diary):
    with pytest.raises(ArithmeticError, match="block 7 is broken"):
        run(BestNumbers(diary=diary, broken=7))
    before = done(diary)
    run(BestNumbers(diary=diary))
    assert sorted(before + done(diary)[len(before) :]) == sorted([*range(12), 7])


def test_a_repeated_question_is_answered_at_once(cache, diary):
    job = BestNumbers(diary=diary)
    first = run(job)
    (folder,) = (cache / "runs").iterdir()
    assert folder.name.startswith("numbers-")
    assert sorted(one.name for one in folder.iterdir()) == ["answer.npz", "run.json"]
    assert same(run(job, progress=Stopping(0)), first)
    assert len(done(diary)) == 12


def test_progress_begins_where_work_goes_on_and_ends_with_all():
    job = BestNumbers()
    calls = Stopping(6)
    with pytest.raises(KeyboardInterrupt):
        run(job, progress=calls)
    again = Stopping(99)
    run(job, progress=again)
    assert calls.calls[0][0] == 0
    assert again.calls[0] == calls.calls[-1]
    assert again.calls == sorted(again.calls)
    assert again.calls[-1][0] == again.calls[-1][1]
    assert all(finished < total for finished, total in again.calls[:-1])


def test_the_expected_time_is_estimated_once(cache):
    job = BestNumbers(blocks=40, pause=0.02)
    estimates = []
    run(job, on_estimate=estimates.append)
    (estimate,) = estimates
    assert 0.2 < estimate.seconds < 5
    assert estimate.workers == 1
    assert 0 < estimate.done < 0.5
    assert estimate.folder.parent == cache / "runs"


def test_a_long_first_block_is_enough_to_know(monkeypatch):
    monkeypatch.setattr(driver, "_PROBES_AT_MOST", 0.0)
    estimates, calls = [], Stopping(99)

    def on_estimate(estimate):
        estimates.append((estimate.workers, len(calls.calls)))

    run(BestNumbers(), on_estimate=on_estimate, progress=calls)
    assert estimates == [(1, 1)]


def test_work_without_cost_is_done_all_the_same(monkeypatch):
    job = BestNumbers()
    monkeypatch.setattr(job, "costs", lambda: np.zeros(12))
    estimates = []
    assert same(run(job, on_estimate=estimates.append), job.truth())
    assert len(estimates) == 1


@given(
    costs=st.lists(st.sampled_from([0.0, 1.0, 1.0, 50.0]), max_size=30),
    finished=st.sets(st.integers(0, 29)),
)
def test_every_block_has_its_turn_once(costs, finished):
    left = np.array([block for block in range(len(costs)) if block not in finished], np.intp)
    order = _order(left, np.array(costs))
    assert sorted(order) == left.tolist()
    assert order[:1] == left[:1].tolist()
    assert order[4:] == sorted(order[4:])


def test_answers_that_grow_are_not_merged_with_every_block():
    job = Everything(blocks=200)
    assert same(run(job), job.truth())
    assert job.merges < 20


SCRIPT = """
import sys
from fake_jobs import BestNumbers
from gene_analogies.runs import run
run(BestNumbers(blocks=30, pause=0.02), folder=sys.argv[1])
"""


def test_two_processes_may_do_the_same_run_at_once(tmp_path):
    helpers = str(Path(__file__).parents[1] / "helpers")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([SOURCE, helpers])}
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path / "run")]
    running = [
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [process.communicate(timeout=60)[1] for process in running] == ["", ""]
    assert [process.returncode for process in running] == [0, 0]
    job = BestNumbers(blocks=30)
    assert same(run(job, folder=tmp_path / "run", progress=Stopping(0)), job.truth())


def test_a_folder_of_another_run_is_refused(tmp_path):
    run(BestNumbers(1), folder=tmp_path)
    with pytest.raises(GeneAnalogiesError, match=r"holds another run \(numbers, begun 2"):
        run(BestNumbers(2), folder=tmp_path)
