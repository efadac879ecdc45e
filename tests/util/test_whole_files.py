"""Files and folders that are whole or not there."""

import os
import stat
import sys
from pathlib import Path

import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.whole_files import check_target, whole_file, whole_folder, write_errors

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights and links as on POSIX")


def test_a_file_is_there_when_it_is_whole(tmp_path):
    with whole_file(tmp_path / "a.txt.gz") as part:
        assert part.name == "a.txt.gz"
        part.write_text("new")
        assert not (tmp_path / "a.txt.gz").exists()
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt.gz"]
    assert (tmp_path / "a.txt.gz").read_text() == "new"


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path, error):
    def write():
        with whole_file(tmp_path / "a") as part:
            part.write_text("half")
            raise error

    (tmp_path / "a").write_text("old")
    with pytest.raises(error):
        write()
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a", "old")]


@posix
def test_permissions_and_links(tmp_path):
    (tmp_path / "usual").touch()
    with whole_file(tmp_path / "a") as part:
        part.write_text("")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode
    (tmp_path / "a").chmod(0o640)
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with whole_file(tmp_path / "link") as part:
        part.write_text("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_text() == "new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


@posix
def test_the_longest_name(tmp_path):
    name = "x" * os.pathconf(tmp_path, "PC_NAME_MAX")
    with whole_file(tmp_path / name) as part:
        part.write_text("")
    assert [one.name for one in tmp_path.iterdir()] == [name]


def write_folder(path, *names):
    with whole_folder(path) as part:
        part.mkdir()
        for name in names:
            (part / name).write_text("new")


def test_a_folder_is_made_or_its_files_replaced(tmp_path):
    write_folder(tmp_path / "x", "a", "b")
    (tmp_path / "x" / "a").write_text("old")
    before = (tmp_path / "x").stat().st_ino
    write_folder(tmp_path / "x", "a", "b")
    assert (tmp_path / "x").stat().st_ino == before
    found = {one.name: one.read_text() for one in (tmp_path / "x").iterdir()}
    assert found == {"a": "new", "b": "new"}
    assert [one.name for one in tmp_path.iterdir()] == ["x"]


def test_a_folder_with_other_files_stays(tmp_path):
    (tmp_path / "other").write_text("old")
    with pytest.raises(GeneAnalogiesError, match="exists and holds other things"):
        write_folder(tmp_path, "a")
    assert [one.name for one in tmp_path.iterdir()] == ["other"]


def test_errors_name_the_file(tmp_path):
    path = tmp_path / "none" / "a"
    with (
        pytest.raises(GeneAnalogiesError, match="a could not be written: No such file"),
        write_errors(path),
        whole_file(path) as part,
    ):
        part.write_text("")


@pytest.mark.parametrize(
    ("name", "is_folder", "message"),
    [
        ("none/a", False, "there is no folder .*none to write a into"),
        ("folder", False, "folder is a folder; name a file in it"),
        ("file", True, "file is no folder; name another"),
        (os.devnull, False, "is a device or a pipe; name a file"),
    ],
)
def test_what_cannot_be_replaced(tmp_path, name, is_folder, message):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    check_target(tmp_path / "file")
    check_target(tmp_path / "folder", is_folder=True)
    with pytest.raises(GeneAnalogiesError, match=message):
        check_target(tmp_path / name, is_folder=is_folder)


@posix
def test_a_link_to_a_pipe_is_itself_replaced(tmp_path):
    (tmp_path / "other").mkdir()
    pipe, link = tmp_path / "other" / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    with whole_file(link) as part:
        part.write_text("mine")
    assert link.read_text() == "mine"
    assert not link.is_symlink()
    assert pipe.is_fifo()
    with whole_file(pipe) as part:
        part.write_text("mine")
    assert pipe.read_text() == "mine"


def test_a_device_is_never_replaced(tmp_path, monkeypatch):
    # Only pretended: whoever runs the tests may be able to replace a real one.
    monkeypatch.setattr(Path, "is_char_device", lambda path: path.name == "device")
    (tmp_path / "device").write_text("as it was")
    with pytest.raises(OSError, match="is a device, not a file"), whole_file(tmp_path / "device"):
        pass
    assert (tmp_path / "device").read_text() == "as it was"
    assert [path.name for path in tmp_path.iterdir()] == ["device"]
