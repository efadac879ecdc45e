"""Downloads of repositories, from a hub on the loopback."""

import json

import pytest
from loopback import Page, Site
from toys import CONTENT, HALF, catalogue_text, file_of, put

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.catalogue import parse
from gene_analogies.sources.fetch import fetch, fetched_path

COMMIT = "0123456789" * 4


@pytest.fixture
def site():
    with Site() as site:
        yield site


@pytest.fixture
def data(tmp_path, monkeypatch):
    """An empty data folder."""
    monkeypatch.setenv("GENE_ANALOGIES_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def model(site, data, monkeypatch, tmp_path):
    """A repository with a model in a folder, and its dictionary in another; and no cached files."""
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("HF_ENDPOINT", site.address)
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    files = {
        "Toy-V1/model.safetensors": CONTENT,
        "Toy-V1/config.json": b"{}",
        "toy/dictionaries/token.pkl": b"tokens",
    }
    text = catalogue_text(
        repository="maker/Toy", revision=COMMIT, open="Toy-V1",
        files=[file_of(content, path) for path, content in files.items()],
    )  # fmt: skip
    entries = parse(text)
    monkeypatch.setattr("gene_analogies.sources.catalogue.catalogue", lambda: entries)
    for path, content in files.items():
        site.pages[f"/maker/Toy/resolve/{COMMIT}/{path}"] = Page(content)
    site.pages[f"/maker/Toy/resolve/{COMMIT}/README.md"] = Page(b"not needed")
    return files


def refused():
    with pytest.raises(GeneAnalogiesError) as raised:
        fetch("toy")
    return str(raised.value)


def test_a_repository(model, site, data):
    seen = []
    assert fetch("toy", progress=lambda *numbers: seen.append(numbers)) == data / "toy" / "Toy-V1"
    for path, content in model.items():
        assert (data / "toy" / path).read_bytes() == content
    assert [path for path, _ in site.requests] == [
        f"/maker/Toy/resolve/{COMMIT}/{path}" for path in model
    ]
    for _, headers in site.requests:
        assert headers["User-Agent"].startswith("gene-analogies/")
        assert headers["Authorization"] == "Bearer secret"
    whole = sum(map(len, model.values()))
    assert seen[-1] == (whole, whole)
    record = json.loads((data / "toy" / "fetched.json").read_text("utf-8"))
    assert (record["address"], record["revision"]) == ("hub:maker/Toy", COMMIT)
    assert set(record["files"]) == set(model)


def test_a_user_whom_the_hub_does_not_know(model, site, monkeypatch):
    monkeypatch.setattr("huggingface_hub.get_token", lambda: None)
    fetch("toy")
    assert not any("Authorization" in headers for _, headers in site.requests)


def test_a_repository_is_gone_on_with(model, site, data):
    large = site.pages[f"/maker/Toy/resolve/{COMMIT}/Toy-V1/model.safetensors"]
    large.cuts = [HALF, 0]
    refused()
    assert fetch("toy") == data / "toy" / "Toy-V1"
    assert site.ranges[2] is not None
    assert (data / "toy" / "Toy-V1" / "model.safetensors").read_bytes() == CONTENT


def test_the_hub_sends_elsewhere(model, site):
    path = f"/maker/Toy/resolve/{COMMIT}/Toy-V1/model.safetensors"
    elsewhere = site.address.replace("127.0.0.1", "localhost")
    site.pages["/store"] = site.pages[path]
    site.pages["/store"].cuts = [HALF]
    site.pages[path] = Page(b"", status=302, headers={"Location": f"{elsewhere}/store"})
    fetch("toy")
    # What names the user stays with the hub; what asks for the rest goes along.
    stored = [headers for path, headers in site.requests if path == "/store"]
    assert not any("Authorization" in headers for headers in stored)
    assert [headers.get("Range") is not None for headers in stored] == [False, True]


def test_whole_files_of_a_broken_download_are_kept(model, site):
    last = site.pages[f"/maker/Toy/resolve/{COMMIT}/toy/dictionaries/token.pkl"]
    last.status = 500
    refused()
    last.status = 200
    site.requests.clear()
    fetch("toy")
    assert len(site.requests) == 1


def test_a_repository_without_the_file(model, site, data):
    del site.pages[f"/maker/Toy/resolve/{COMMIT}/Toy-V1/config.json"]
    message = refused()
    assert "(HTTP 404 Not Found)" in message
    for path in model:
        assert (
            f"{site.address}/maker/Toy/resolve/{COMMIT}/{path} at {data / 'toy' / path}" in message
        )


def test_files_that_the_hub_s_own_cache_has(model, site, data, tmp_path):
    snapshot = tmp_path / "hub" / "models--maker--Toy" / "snapshots" / COMMIT
    for path, content in model.items():
        put(snapshot / path, b"broken" if path.endswith("config.json") else content)
    assert fetch("toy") == data / "toy" / "Toy-V1"
    assert (data / "toy" / "Toy-V1" / "config.json").read_bytes() == b"{}"
    assert len(site.requests) == 1


def test_part_of_a_repository_by_hand(model, site, data):
    put(data / "toy" / "Toy-V1" / "config.json", b"{}")
    assert fetched_path("toy") is None
    assert fetch("toy") == fetched_path("toy") == data / "toy" / "Toy-V1"
