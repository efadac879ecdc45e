import io
import signal
import sys

import click
import pytest
from click.testing import CliRunner
from fake_jobs import BestNumbers, done, same

from gene_analogies.cli.long_work import _duration, dask_options, long_work
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.runs import Estimate, run


class Screen(io.StringIO):
    def isatty(self):
        return True


def run_job(job, dask=None, workers=None, folder=None):
    """Run a job as the commands do."""
    with long_work(job.name, dask, workers) as work:
        return run(
            job, folder=folder, client=work.client, progress=work.progress,
            on_estimate=work.on_estimate,
        )  # fmt: skip


class Stopped(BestNumbers):
    """Somebody presses Ctrl-C in the sixth block."""

    def solve(self, block, threshold):
        if len(done(self.diary)) == 5:
            signal.raise_signal(signal.SIGINT)
        return super().solve(block, threshold)


@pytest.fixture
def diary(tmp_path):
    (tmp_path / "diary").write_text("")
    return tmp_path / "diary"


@pytest.fixture(autouse=True)
def cache(own_cache):
    return own_cache


@pytest.fixture
def telling(monkeypatch):
    """Announce short work, too."""
    monkeypatch.setattr("gene_analogies.cli.long_work._ANNOUNCED_FROM", 0.0)


def test_options_have_the_names_of_the_arguments():
    @click.command()
    @dask_options
    def ask(**asked):
        click.echo(sorted(asked.items()))

    given = ["--dask", "local", "--workers", "3", "--folder", "here"]
    assert CliRunner().invoke(ask, given).output == (
        "[('dask', 'local'), ('folder', 'here'), ('workers', 3)]\n"
    )
    assert "('dask', None), ('folder', None), ('workers', None)" in CliRunner().invoke(ask).output


def test_short_work_is_silent(capsys):
    job = BestNumbers()
    assert same(run_job(job), job.truth())
    assert capsys.readouterr() == ("", "")


def test_long_work_says_beforehand_what_to_expect(telling, monkeypatch, capsys, cache):
    monkeypatch.setattr("gene_analogies.search.engine.threads.thread_count", lambda: 2)
    run_job(BestNumbers(blocks=40, pause=0.01))
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("about 0 s on 2 threads; finished blocks are kept in ")
    assert str(cache / "runs" / "numbers-") in line
    assert line.endswith(": stop with Ctrl-C, resume with the same command")


def test_a_bar_shows_the_work(monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Screen())
    monkeypatch.setenv("TERM", "xterm-256color")
    run_job(BestNumbers(pause=0.01))
    assert "numbers" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2K")


def test_an_interruption_says_how_to_go_on(telling, capsys, diary):
    with pytest.raises(KeyboardInterrupt) as caught:
        run_job(Stopped(diary=diary))
    capsys.readouterr()
    line = str(caught.value)
    assert line.endswith(" % is done; resume with the same command")
    share = int(line.split()[0])
    assert 20 < share < 80
    job = BestNumbers(diary=diary, pause=0.01)
    assert same(run_job(job), job.truth())
    assert capsys.readouterr().err.startswith(f"{share} % was done before; about 0 s on ")
    assert sorted(done(diary)) == list(range(12))


def test_nothing_can_be_kept(telling, monkeypatch, capsys, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "file"))
    run_job(BestNumbers(blocks=40, pause=0.01))
    assert capsys.readouterr().err.endswith("; finished blocks cannot be kept\n")


@pytest.mark.slow
def test_dask_processes(telling, capsys, tmp_path):
    pytest.importorskip("distributed")
    job = BestNumbers(blocks=24, pause=0.05)
    assert same(run_job(job, "local", 2, str(tmp_path / "run")), job.truth())
    assert capsys.readouterr().err.startswith("about 0 s on 2 workers; ")
    assert (tmp_path / "run" / "answer.npz").exists()


def test_workers_need_dask():
    with pytest.raises(GeneAnalogiesError, match="--workers needs --dask local"):
        run_job(BestNumbers(), workers=2)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (89, "89 s"), (95, "2 min"), (3600, "60 min"), (9000, "2.5 h"), (2e5, "2.3 days")],
)
def test_durations_have_the_unit_that_suits_them(seconds, text):
    assert _duration(seconds) == text


def test_an_interruption_before_any_block_has_nothing_to_tell():
    with pytest.raises(KeyboardInterrupt) as caught, long_work("top", None, None):
        raise KeyboardInterrupt
    assert str(caught.value) == ""


def test_each_of_several_runs_begins_where_it_was(telling, capsys):
    estimate = Estimate(seconds=1.0, workers=1, done=0.5, folder=None)
    with long_work("top", None, None) as work:
        work.progress(0, 4)
        work.progress(4, 4)
        work.progress(1, 4)
        work.on_estimate(estimate)
    assert capsys.readouterr().err.startswith("25 % was done before; about 1 s on ")
