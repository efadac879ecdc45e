"""Files told from pipes and devices, before anything is opened."""

from __future__ import annotations

import os
import socket
import threading

import pytest

from gene_analogies.util import regular_files
from gene_analogies.util.regular_files import check_regular, kind_of, read_bounded

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")


@posix
def test_kinds(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("none")
    os.mkfifo(tmp_path / "pipe")
    assert [kind_of(tmp_path / name) for name in ("file", "link", "pipe", "")] == [
        "file", "file", "pipe", "folder",
    ]  # fmt: skip
    for name in ("dangling", "none"):
        with pytest.raises(FileNotFoundError):
            kind_of(tmp_path / name)


@posix
def test_devices_and_sockets(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")
        assert kind_of(tmp_path / "socket") == "socket"
    assert kind_of(regular_files.Path(os.devnull)) == "device"


@posix
def test_only_files_are_regular(tmp_path):
    (tmp_path / "file").touch()
    assert check_regular(tmp_path / "file") == tmp_path / "file"
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="is a pipe, not a file"):
        check_regular(tmp_path / "pipe")
    with pytest.raises(IsADirectoryError):
        check_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        check_regular(tmp_path / "none")


@posix
def test_what_does_not_end_is_not_read_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(regular_files, "_LARGEST", 2**20)
    with pytest.raises(OSError, match="it holds more than 1 MiB"):
        read_bounded(regular_files.Path("/dev/zero"))
    (tmp_path / "file").write_bytes(bytes(2**20))
    assert len(read_bounded(tmp_path / "file")) == 2**20
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(b"EGF",))
    writer.start()
    assert read_bounded(tmp_path / "pipe") == b"EGF"
    writer.join()
