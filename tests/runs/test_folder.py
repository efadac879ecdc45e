import errno
import json
import logging
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from fake_jobs import BestNumbers, done, same

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.runs import folder, run
from gene_analogies.util import checksummed
from gene_analogies.util.checksummed import DamagedFileError, read_arrays, write_arrays

PARTS = {
    "rows": np.arange(5),
    "scores": np.linspace(0, 1, 4, dtype=np.float32).reshape(2, 2),
    "none": np.zeros((0, 3)),
    "one": np.float64(2.5),
}


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path):
    path.write_bytes(b"")


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"0" * 64)


def replace(path):
    np.savez(path, row=np.arange(10), score=np.full(10, 99.0))


def swap(path):
    """Another block of the same run in its place."""
    others = sorted(set(path.parent.glob("block-*.npz")) - {path})
    shutil.copy(others[0], path)


DAMAGES = [cut, halve, empty, flip, lengthen, replace]


def half_done(place, job):
    """Do some blocks of a job, as a run that is stopped does."""

    def stop(finished, total):
        if finished > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(job, folder=place, progress=stop)
    return sorted(place.glob("block-*.npz"))


def test_arrays_come_back_and_numpy_reads_them_too(tmp_path):
    path = tmp_path / "part.npz"
    write_arrays(path, "label", PARTS)
    for found in (read_arrays(path, "label"), np.load(path)):
        for name, array in PARTS.items():
            assert found[name].dtype == array.dtype
            assert found[name].shape == array.shape
            assert np.array_equal(found[name], array)
    assert list(tmp_path.iterdir()) == [path]


def test_arrays_are_not_read_under_another_label(tmp_path):
    write_arrays(tmp_path / "part.npz", "label", PARTS)
    with pytest.raises(DamagedFileError, match="damaged or not ours"):
        read_arrays(tmp_path / "part.npz", "other")


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda one: one.__name__)
def test_every_damage_is_noticed(tmp_path, damage):
    write_arrays(tmp_path / "part.npz", "label", PARTS)
    damage(tmp_path / "part.npz")
    with pytest.raises(DamagedFileError):
        read_arrays(tmp_path / "part.npz", "label")


def test_every_flipped_byte_is_noticed(tmp_path):
    path = tmp_path / "part.npz"
    write_arrays(path, "label", {"row": np.arange(3)})
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(DamagedFileError):
            read_arrays(path, "label")


@pytest.mark.parametrize("damage", [*DAMAGES, swap], ids=lambda one: one.__name__)
def test_a_damaged_block_is_done_again(tmp_path, damage, caplog):
    diary = tmp_path / "diary"
    job = BestNumbers(diary=diary)
    blocks = half_done(tmp_path / "run", job)
    damaged = int(blocks[1].stem.removeprefix("block-"))
    before = len(done(diary))
    damage(blocks[1])
    assert same(run(job, folder=tmp_path / "run"), job.truth())
    assert damaged in done(diary)[before:]
    assert len(done(diary)) == 13
    assert caplog.text.count("it is done again") == 1


def test_a_lost_block_is_done_again(tmp_path, caplog):
    job = BestNumbers()
    half_done(tmp_path / "run", job)[0].unlink()
    assert same(run(job, folder=tmp_path / "run"), job.truth())
    assert caplog.text == ""


def test_a_damaged_answer_is_found_again(tmp_path, caplog):
    job = BestNumbers()
    run(job, folder=tmp_path)
    flip(tmp_path / "answer.npz")
    assert same(run(job, folder=tmp_path), job.truth())
    assert "answer.npz is damaged" in caplog.text
    assert same(read_arrays(tmp_path / "answer.npz", f"1 {job.key()} answer.npz"), job.truth())


def test_the_manifest_says_what_it_is(tmp_path):
    job = BestNumbers()
    run(job, folder=tmp_path)
    manifest = json.loads((tmp_path / "run.json").read_text())
    assert manifest["name"] == "numbers"
    assert manifest["key"] == job.key()
    assert manifest["blocks"] == 12
    assert {"what", "begun", "version"} <= manifest.keys()


@pytest.mark.parametrize("content", ["", "{", "[]", "3"])
def test_a_damaged_manifest_is_written_again(tmp_path, content):
    job = BestNumbers()
    blocks = half_done(tmp_path / "run", job)
    (tmp_path / "run" / "run.json").write_text(content)
    assert same(run(job, folder=tmp_path / "run"), job.truth())
    assert blocks
    assert json.loads((tmp_path / "run" / "run.json").read_text())["key"] == job.key()


def test_other_blocks_are_another_run(tmp_path, monkeypatch):
    job = BestNumbers()
    run(job, folder=tmp_path)
    monkeypatch.setattr(job, "costs", lambda: np.ones(13))
    with pytest.raises(GeneAnalogiesError, match=r"holds another run .* name another folder"):
        run(job, folder=tmp_path)


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(GeneAnalogiesError, match=r"holds thesis\.tex, which is not part of a run"):
        run(BestNumbers(), folder=tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GeneAnalogiesError, match="cannot be used: File exists"):
        run(BestNumbers(), folder=tmp_path / "file")
    with pytest.raises(GeneAnalogiesError, match="cannot be used: Not a directory"):
        run(BestNumbers(), folder=tmp_path / "file" / "run")


def test_a_cache_folder_that_cannot_be_written_costs_a_warning(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "file"))
    job = BestNumbers()
    estimates = []
    with caplog.at_level(logging.WARNING):
        assert same(run(job, on_estimate=estimates.append), job.truth())
    assert caplog.text.count("cannot be kept in") == 1
    assert estimates[0].folder is None


def test_a_full_disk_costs_a_warning(tmp_path, monkeypatch, caplog):
    job, written = BestNumbers(), []
    real = checksummed.whole_file

    @contextmanager
    def full(path):
        written.append(path.name)
        with real(path) as part:
            yield part
            if len(written) > 4:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(checksummed, "whole_file", full)
    assert same(run(job, folder=tmp_path / "run"), job.truth())
    assert caplog.text.count("No space left") == 1
    assert len(list((tmp_path / "run").glob("block-*.npz"))) == 4


def test_nothing_half_written_stays_behind(tmp_path, monkeypatch):
    def interrupted(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(BestNumbers(), folder=tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["run.json"]


def test_what_killed_processes_left_goes_in_the_end(tmp_path):
    for name, age in ((".part-1abc", 7200), (".part-2abc", 0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "block-000001.npz").write_text("")
        then = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (then, then))
    run(BestNumbers(), folder=tmp_path)
    # The younger one may be just being written by another process.
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        ".part-2abc", "answer.npz", "run.json",
    ]  # fmt: skip


def test_old_unfinished_runs_are_removed(cache):
    """Answers stay, and so does what is no run."""
    runs = cache / "runs"
    old = folder._EXPIRES_AFTER + 60
    for name, files, age in (
        ("stopped-long-ago", ["run.json", "block-000001.npz"], old),
        ("stopped-lately", ["run.json", "block-000001.npz"], old / 2),
        ("finished-long-ago", ["run.json", "answer.npz"], old),
        ("something-else", ["notes.txt"], old),
    ):
        (runs / name).mkdir(parents=True)
        for file in files:
            (runs / name / file).write_text("")
        then = (runs / name).stat().st_mtime - age
        os.utime(runs / name, (then, then))
    run(BestNumbers())
    left = {one.name for one in runs.iterdir() if not one.name.startswith("numbers-")}
    assert left == {"stopped-lately", "finished-long-ago", "something-else"}


def test_a_folder_may_be_named_from_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    run(BestNumbers(), folder="~/here/run")
    assert (tmp_path / "here" / "run" / "answer.npz").exists()
    assert not Path("~").exists()


def test_a_closed_cache_folder_does_not_stop_a_run(monkeypatch, tmp_path):
    def closed():
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folder, "stored_runs", closed)
    folder._remove_expired(tmp_path)
