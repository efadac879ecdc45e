"""One file from a server on the loopback, with all that can go wrong on the way."""

import gzip

import pytest
import requests
from loopback import Page, Site
from toys import CONTENT, HALF

from gene_analogies.sources.download import Resuming, reason_of


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with Site() as site:
        site.pages["/toy.bin"] = Page(CONTENT)
        yield site


@pytest.fixture
def toy(site):
    return site.pages["/toy.bin"]


@pytest.fixture
def part(tmp_path):
    return tmp_path / "toy.bin.part"


@pytest.fixture
def download(site, part, tmp_path):
    """Download the page; return what came."""

    def run(**options):
        whole = tmp_path / "toy.bin"
        Resuming(part, **options)(f"{site.address}/toy.bin", str(whole), None)
        assert [one.name for one in tmp_path.iterdir()] == ["toy.bin"]
        return whole.read_bytes()

    return run


@pytest.fixture
def fail(download, part):
    """Download in vain; return the reason."""

    def run(**options):
        with pytest.raises(OSError) as raised:  # noqa: PT011 - the reason is what is looked at
            download(**options)
        assert raised.value.errno is None
        return reason_of(raised.value)

    return run


def test_a_whole_file(download, site):
    seen = []
    assert download(size=len(CONTENT), progress=lambda *numbers: seen.append(numbers)) == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)
    ((_, headers),) = site.requests
    assert headers["User-Agent"].startswith("gene-analogies/")
    assert headers["Accept-Encoding"] == "identity"


def test_a_server_that_tells_nothing_of_the_file(download, toy):
    toy.headers, toy.length = {}, False
    seen = []
    assert download(progress=lambda *numbers: seen.append(numbers)) == CONTENT
    assert seen[-1] == (len(CONTENT), 0)


def test_a_redirect(download, toy, site):
    site.pages["/new.bin"] = Page(CONTENT)
    toy.status, toy.content, toy.headers = 302, b"moved", {"Location": "/new.bin"}
    assert download() == CONTENT
    assert [path for path, _ in site.requests] == ["/toy.bin", "/new.bin"]


@pytest.mark.parametrize(
    "headers", [{"ETag": '"one"'}, {"ETag": 'W/"one"', "Last-Modified": "Mon, 01 Jan 2024"}]
)
def test_a_broken_connection_is_gone_on_with(download, toy, site, headers):
    toy.headers, toy.cuts = headers, [HALF, 100_000]
    seen = []
    assert download(size=len(CONTENT), progress=lambda *numbers: seen.append(numbers)) == CONTENT
    assert len(site.requests) == 3
    assert site.ranges[0] is None
    assert 0 < int(site.ranges[1][6:-1]) <= HALF
    assert site.requests[1][1]["If-Range"] in headers.values()
    assert {total for _, total in seen} == {len(CONTENT)}


def test_a_later_try_goes_on(download, fail, toy, site, part):
    toy.cuts = [HALF, 0]
    assert "the connection ended after" in fail()
    there = part.stat().st_size
    assert 0 < there <= HALF
    assert download() == CONTENT
    assert site.ranges[-1] == f"bytes={there}-"


@pytest.mark.parametrize("change", ["version", "no ranges", "no version"])
def test_a_part_of_another_version_is_dropped(download, fail, toy, site, change):
    toy.cuts = [HALF, 0]
    if change == "no version":
        toy.headers = {}
    fail()
    if change == "version":
        toy.headers, toy.content = {"ETag": '"two"'}, CONTENT[::-1]
    elif change == "no ranges":
        toy.ranges = False
    assert download() == toy.content
    assert (site.ranges[-1] is None) == (change == "no version")


def test_a_part_that_goes_on_elsewhere_is_dropped(download, toy, site, part):
    part.write_bytes(CONTENT[:100])
    part.with_name("toy.bin.part.version").write_text('"one"')
    toy.shift = 1
    assert download() == CONTENT
    assert site.ranges == ["bytes=100-", None]


def test_a_part_that_is_longer_than_the_file_is_dropped(download, site, part):
    part.write_bytes(CONTENT * 2)
    part.with_name("toy.bin.part.version").write_text('"one"')
    assert download() == CONTENT
    assert site.ranges == [f"bytes={2 * len(CONTENT)}-", None]


def test_a_server_that_always_breaks_is_left_alone(fail, toy, site):
    toy.ranges, toy.cuts = False, [HALF] * 50
    assert "the connection ended after" in fail()
    assert len(site.requests) == 2


def test_a_file_that_is_packed_for_the_way(download, toy):
    toy.content, toy.headers = gzip.compress(CONTENT), {"ETag": '"x"', "Content-Encoding": "gzip"}
    assert download(size=len(CONTENT)) == CONTENT


def test_another_size(fail):
    assert fail(size=7) == "1,048,576 bytes are offered, not 7"


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "HTTP 404 Not Found"), (503, "HTTP 503 Service Unavailable")]
)
def test_an_error_of_the_server(fail, toy, status, reason):
    toy.status = status
    assert fail() == reason


def test_a_web_page_in_place_of_the_file(fail, toy):
    toy.headers = {"Content-Type": "text/html; charset=utf-8"}
    assert fail() == "a web page came in place of the file"


def test_nobody_answers(fail, site):
    site.close()
    assert fail() == "Connection refused"


def test_a_server_that_says_nothing(fail, toy, monkeypatch):
    monkeypatch.setattr("gene_analogies.sources.download._TIMEOUT", (5, 0.1))
    toy.open.clear()
    assert fail().endswith("timed out")
    toy.open.set()


@pytest.mark.parametrize("address", ["http://:80:80/toy.bin", "ftp://127.0.0.1/toy.bin"])
def test_an_address_that_is_none(part, address):
    with pytest.raises(requests.RequestException) as raised:
        Resuming(part)(address, "out", None)
    assert reason_of(raised.value)
