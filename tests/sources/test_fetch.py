"""Downloads into the data folder, from a server on the loopback; and files put there by hand."""

import errno
import hashlib
import io
import json
import logging
import os
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from loopback import Page, Site
from toys import CONTENT, HALF, catalogue_text, file_of, put

import gene_analogies
from gene_analogies.errors import GeneAnalogiesError, MissingExtraError
from gene_analogies.sources.catalogue import parse
from gene_analogies.sources.fetch import ensure, fetch, fetched_path


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """An empty data folder; and no proxy between us and the loopback."""
    folder = tmp_path / "data"
    monkeypatch.setenv("GENE_ANALOGIES_DATA", str(folder))
    monkeypatch.setenv("no_proxy", "*")
    return folder


@pytest.fixture
def site():
    with Site() as site:
        yield site


@pytest.fixture
def publish(monkeypatch, site):
    """Make a catalogue of one entry; its text is returned."""

    def make(**fields):
        text = catalogue_text(**{"address": f"{site.address}/toy.bin", **fields})
        entries = parse(text)
        monkeypatch.setattr("gene_analogies.sources.catalogue.catalogue", lambda: entries)
        return text

    return make


@pytest.fixture
def toy(site, publish):
    """One file, of known size and checksum."""
    publish(files=[file_of(CONTENT)])
    site.pages["/toy.bin"] = page = Page(CONTENT)
    return page


def left(data):
    """What is in the data folder beside the entry's own."""
    return sorted(one.name for one in data.iterdir() if one.name not in ("toy", ".toy.lock"))


def refused(*arguments, **options):
    with pytest.raises(GeneAnalogiesError) as raised:
        fetch(*arguments, **options)
    message = str(raised.value)
    assert "\n" not in message
    return message


def test_a_file(toy, site, data):
    seen = []
    assert fetched_path("toy") is None
    path = fetch("toy", progress=lambda *numbers: seen.append(numbers))
    assert path == data / "toy" / "toy.bin"
    assert path.read_bytes() == CONTENT
    assert fetched_path("toy") == path
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)
    assert left(data) == []
    record = json.loads((data / "toy" / "fetched.json").read_text("utf-8"))
    assert record.pop("date").endswith("+00:00")
    assert record == {
        "name": "toy", "address": f"{site.address}/toy.bin", "revision": "",
        "licence": "MIT", "citation": "Toy A (2020)",
        "files": {"toy.bin": {
            "bytes": len(CONTENT), "modified": path.stat().st_mtime_ns,
            "sha256": hashlib.sha256(CONTENT).hexdigest(),
        }},
    }  # fmt: skip


def test_what_is_here_is_not_asked_for(toy, site):
    path = fetch("toy")
    assert fetch("toy") == ensure("toy") == path
    assert len(site.requests) == 1
    assert fetch("toy", force=True) == path
    assert len(site.requests) == 2


def test_a_later_run_goes_on(toy, site, data, publish):
    toy.cuts = [HALF, 0]
    message = refused("toy")
    assert message.startswith("toy could not be downloaded from 127.0.0.1 (the connection ended ")
    assert "; run it again to go on, or download by hand, and put " in message
    (part,) = data.glob(".part-toy/*.part")
    there = part.stat().st_size
    assert 0 < there <= HALF
    assert fetched_path("toy") is None
    assert fetch("toy").read_bytes() == CONTENT
    assert site.ranges[-1] == f"bytes={there}-"
    assert left(data) == []


@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_another_checksum(toy, data, publish, algorithm):
    other = CONTENT[::-1]
    publish(files=[file_of(other, algorithm=algorithm)])
    message = refused("toy")
    for content in (CONTENT, other):
        assert hashlib.new(algorithm, content).hexdigest() in message
    assert not list(data.rglob("toy.bin*"))
    assert fetched_path("toy") is None


def test_another_size(toy, publish):
    publish(files=[{"path": "toy.bin", "bytes": 7}])
    assert "(1,048,576 bytes are offered, not 7); download by hand" in refused("toy")


def test_another_size_that_was_not_announced(toy, publish, data):
    publish(files=[{"path": "toy.bin", "bytes": 7}])
    toy.length = False
    assert "toy.bin has 1,048,576 bytes, not 7; it was deleted" in refused("toy")
    assert not list(data.rglob("toy.bin*"))


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "HTTP 404 Not Found"), (503, "HTTP 503 Service Unavailable")]
)
def test_an_error_of_the_server(toy, site, data, status, reason):
    toy.status = status
    assert refused("toy") == (
        f"toy could not be downloaded from 127.0.0.1 ({reason}); download by hand, and put "
        f"{site.address}/toy.bin at {data / 'toy' / 'toy.bin'} (see https://example.org)"
    )


def test_offline(toy, site, data):
    site.close()
    message = refused("toy")
    assert "(Connection refused); download by hand, and put http" in message
    assert f"at {data / 'toy' / 'toy.bin'}" in message


def test_no_such_host(publish):
    publish(files=[file_of(CONTENT)], address="http://toy.invalid/toy.bin")
    assert "toy could not be downloaded from toy.invalid (" in refused("toy")


def test_an_address_that_is_none(publish):
    publish(files=[file_of(CONTENT)], address="http://:80:80/toy.bin")
    assert refused("toy").startswith("toy could not be downloaded from ")


def test_a_full_disk(toy, data, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("gene_analogies.sources.download.Resuming._keep", full)
    assert refused("toy") == f"toy could not be kept in {data}: No space left on device"


def test_a_data_folder_that_is_a_file(toy, data):
    data.write_text("")
    assert refused("toy") == (f"toy could not be kept in {data}: {data} is a file, not a folder")


def test_without_the_libraries(toy, monkeypatch):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(MissingExtraError, match=r"downloading toy needs pooch: .*\[fetch\]"):
        fetch("toy")


def zipped(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"in/{name}", content)
    return stream.getvalue()


def archived(publish, site, content, **members):
    archive = file_of(content, "toy.zip", "md5")
    files = [file_of(one, f"{name}.bin", member=f"in/{name}") for name, one in members.items()]
    publish(archive=archive, files=files, address=f"{site.address}/toy.zip")
    site.pages["/toy.zip"] = Page(content)


def test_members_of_an_archive(publish, site, data):
    archived(
        publish, site, zipped(toy=CONTENT, more=b"more", none=b"none"), toy=CONTENT, more=b"more"
    )
    assert fetch("toy").read_bytes() == CONTENT
    assert sorted(one.name for one in (data / "toy").iterdir()) == [
        "fetched.json", "more.bin", "toy.bin"
    ]  # fmt: skip
    assert left(data) == []
    assert fetched_path("toy") == data / "toy" / "toy.bin"


def test_an_archive_without_the_member(publish, site, data):
    archived(publish, site, zipped(more=b"more"), toy=CONTENT)
    assert "toy.zip is no zip file with the right members (There is no item named" in refused("toy")
    assert not list(data.rglob("toy.zip*"))


def test_no_archive(publish, site):
    archived(publish, site, b"no archive", toy=CONTENT)
    assert "toy.zip is no zip file" in refused("toy")


def test_what_to_take_out_of_an_archive_by_hand(publish, site, data):
    archived(publish, site, b"no archive", toy=CONTENT)
    del site.pages["/toy.zip"]
    assert f"put in/toy of {site.address}/toy.zip at {data / 'toy' / 'toy.bin'}" in refused("toy")


def test_a_file_put_there_by_hand(toy, site, data, monkeypatch):
    path = put(data / "toy" / "toy.bin", CONTENT)
    assert fetched_path("toy") == fetch("toy") == path
    assert site.requests == []
    assert path.with_name("fetched.json").exists()
    # It is verified once.
    monkeypatch.setattr("hashlib.file_digest", None)
    assert fetched_path("toy") == path


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[::-1]], ids=["size", "checksum"])
def test_another_file_by_hand(toy, data, content):
    path = put(data / "toy" / "toy.bin", content)
    for call in (fetched_path, fetch, ensure):
        with pytest.raises(GeneAnalogiesError) as raised:
            call("toy")
        assert str(raised.value).startswith(f"{path} has ")
        assert str(raised.value).endswith("; remove it, or run `gene-analogies fetch toy --force`")
    assert path.read_bytes() == content
    assert fetch("toy", force=True).read_bytes() == CONTENT


def touch(path):
    """Give a file another time."""
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 10**9))


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[::-1]], ids=["size", "content"])
def test_a_file_without_a_checksum_is_compared_with_the_record(toy, publish, content):
    publish(files=[{"path": "toy.bin"}])
    path = fetch("toy")
    record = path.with_name("fetched.json").read_bytes()
    path.write_bytes(content)
    touch(path)
    with pytest.raises(GeneAnalogiesError) as raised:
        fetched_path("toy")
    digests = [hashlib.sha256(one).hexdigest() for one in (content, CONTENT)]
    assert str(raised.value) == (
        f"{path} has the sha256 {digests[0]}, not {digests[1]} as in fetched.json; "
        "remove it, or run `gene-analogies fetch toy --force`"
    )
    assert path.with_name("fetched.json").read_bytes() == record
    assert fetch("toy", force=True).read_bytes() == CONTENT


def test_a_file_with_a_checksum_is_verified_when_its_time_changes(toy):
    path = fetch("toy")
    path.write_bytes(CONTENT[::-1])
    touch(path)
    with pytest.raises(GeneAnalogiesError, match="has the sha256"):
        fetched_path("toy")


def test_a_file_with_another_time_is_verified_once(toy, publish, monkeypatch):
    publish(files=[{"path": "toy.bin"}])
    path = fetch("toy")
    touch(path)
    assert fetched_path("toy") == path
    monkeypatch.setattr("hashlib.file_digest", None)
    assert fetched_path("toy") == path


def test_a_file_by_hand_in_a_folder_that_cannot_be_written(toy, data, monkeypatch):
    def closed(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("gene_analogies.sources.fetch._record", closed)
    path = put(data / "toy" / "toy.bin", CONTENT)
    assert fetched_path("toy") == path


def test_a_file_by_hand_that_cannot_be_read(toy, data, monkeypatch):
    def closed(path, *_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("gene_analogies.sources.fetch._verify", closed)
    path = put(data / "toy" / "toy.bin", CONTENT)
    assert refused("toy") == f"{path} cannot be read: Permission denied"


def test_another_version_in_the_catalogue(toy, site, publish):
    path = fetch("toy")
    publish(files=[file_of(CONTENT)], revision="2")
    assert fetched_path("toy") == path
    assert json.loads(path.with_name("fetched.json").read_text("utf-8"))["revision"] == "2"
    publish(files=[file_of(CONTENT[::-1])], revision="3")
    with pytest.raises(GeneAnalogiesError, match=r"has the sha256 .*, not .*; remove it"):
        fetched_path("toy")


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"name": "toy"}', '{"files": 3}'])
def test_a_broken_record_is_written_anew(toy, site, record):
    path = fetch("toy")
    path.with_name("fetched.json").write_text(record)
    assert fetch("toy") == path
    assert len(site.requests) == 1
    assert len(path.with_name("fetched.json").read_text()) > 100


def test_two_threads_at_once(toy, site, caplog):
    toy.open.clear()
    found = []
    threads = [threading.Thread(target=lambda: found.append(fetch("toy"))) for _ in range(2)]
    with caplog.at_level(logging.WARNING, "gene_analogies"):
        for thread in threads:
            thread.start()
        while not caplog.records:
            assert any(thread.is_alive() for thread in threads)
        toy.open.set()
        for thread in threads:
            thread.join(30)
    assert [path.read_bytes() for path in found] == [CONTENT] * 2
    assert len(site.requests) == 1
    assert caplog.messages == ["another process is downloading toy; waiting for it"]


TWO = """
import sys
from gene_analogies.sources import catalogue, fetch
entries = catalogue.parse(sys.stdin.read())
catalogue.catalogue = lambda: entries
print(fetch.fetch("toy"))
"""


def test_two_processes_at_once(toy, site, data, publish):
    text = publish(files=[file_of(CONTENT)])
    source = str(Path(gene_analogies.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    toy.open.clear()
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TWO], env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for one in both:
        one.stdin.write(text)
        one.stdin.close()
        one.stdin = None
    waiting = threading.Timer(1.0, toy.open.set)
    waiting.start()
    for one in both:
        out, err = one.communicate(timeout=60)
        assert (one.returncode, out) == (0, f"{data / 'toy' / 'toy.bin'}\n"), err
    assert len(site.requests) == 1
    assert (data / "toy" / "toy.bin").read_bytes() == CONTENT


def test_nobody_is_asked_in_a_script(toy, site):
    with pytest.raises(GeneAnalogiesError) as raised:
        ensure("toy")
    assert str(raised.value) == (
        "toy is not downloaded; run `gene-analogies fetch toy`, or add --yes"
    )
    assert site.requests == []


def test_the_user_is_asked(toy, site):
    questions = []
    with pytest.raises(GeneAnalogiesError, match="toy is not downloaded"):
        ensure("toy", ask=lambda question: bool(questions.append(question)))
    assert questions == ["Toy is not here. Download a toy from 127.0.0.1?"]
    assert site.requests == []
    assert ensure("toy", ask=lambda _: True).read_bytes() == CONTENT


def test_the_user_has_agreed(toy):
    def asked(question):
        raise AssertionError(question)

    seen = []
    path = ensure("toy", yes=True, ask=asked, progress=lambda *numbers: seen.append(numbers))
    assert path.read_bytes() == CONTENT
    assert seen
