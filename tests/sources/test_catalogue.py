"""The catalogue of published embeddings: what is in it, and what is refused."""

import hashlib
import re

import pytest
from real_files import real_file

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.catalogue import Entry, File, catalogue, entry, parse

SUM = "sha256:" + "0" * 64
COMMIT = "0123456789" * 4
ENTRY = """
toy:
  title: Toy
  kind: genes
  description: Three genes.
  address: https://example.org/toy.txt
  files:
    - path: toy.txt
      bytes: 7
  open: toy.txt
  licence: MIT
  citation: Toy A (2020)
  homepage: https://example.org
  tried: true
"""


def test_the_packaged_catalogue():
    entries = catalogue()
    assert list(entries) == [
        "geneformer-v1-10m", "geneformer-v2-104m", "geneformer-v2-316m", "scgpt-human",
        "gene2vec", "genept", "genept-3-large", "glove-6b-100d", "google-news",
    ]  # fmt: skip
    for name, one in entries.items():
        assert entry(name) is one
        assert one.name == name
        assert re.search(r"\(\d{4}\).*(doi:|arXiv:)10?\S", one.citation)
        assert one.homepage.startswith("https://")
        assert not one.tried
        for file in one.downloads:
            assert one.address_of(file).startswith("https://")


def test_what_is_large_has_a_checksum():
    for one in catalogue().values():
        for file in (*one.files, *one.downloads):
            assert one.name == "gene2vec" or (file.bytes and file.checksum)


def test_a_model_comes_with_its_dictionaries():
    for name, folder, generation in (
        ("geneformer-v1-10m", "geneformer/gene_dictionaries_30m", "gc30M"),
        ("geneformer-v2-104m", "geneformer", "gc104M"),
        ("geneformer-v2-316m", "geneformer", "gc104M"),
    ):
        one = entry(name)
        assert [file.path for file in one.files] == [
            f"{one.open}/model.safetensors",
            f"{one.open}/config.json",
            f"{folder}/token_dictionary_{generation}.pkl",
            f"{folder}/gene_name_id_dict_{generation}.pkl",
        ]


@pytest.mark.parametrize(
    "name",
    [
        "token_dictionary_gc30M.pkl",
        "token_dictionary_gc104M.pkl",
        "gene_name_id_dict_gc30M.pkl",
        "gene_name_id_dict_gc104M.pkl",
    ],
)
def test_the_dictionaries_are_those_of_others(name):
    # The first copies of this one were called without a generation.
    copy = real_file(f"geneformer/{name.replace('dict_gc30M', 'dict')}")
    (file,) = {
        file
        for one in catalogue().values()
        for file in one.files
        if file.path.rpartition("/")[2] == name
    }
    content = copy.read_bytes()
    assert len(content) == file.bytes
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == file.checksum


def test_the_names_cannot_be_changed():
    with pytest.raises(TypeError):
        catalogue()["mine"] = entry("gene2vec")


def test_an_unknown_name():
    with pytest.raises(GeneAnalogiesError) as raised:
        entry("gene2vex")
    assert str(raised.value).startswith(
        "no published embedding is called 'gene2vex'; choose from geneformer-v1-10m, "
    )


def test_an_entry():
    (one,) = parse(ENTRY).values()
    assert one == Entry(
        name="toy", title="Toy", description="Three genes.", kind="genes",
        files=(File("toy.txt", bytes=7),), open="toy.txt", licence="MIT",
        citation="Toy A (2020)", homepage="https://example.org", tried=True,
        address="https://example.org/toy.txt", size="1 MB",
    )  # fmt: skip
    assert one.downloads == one.files
    assert one.download_bytes == 7


def test_an_archive():
    (one,) = parse(
        ENTRY.replace("- path: toy.txt", "- path: toy.txt\n      member: in/toy.txt")
        + "  archive: {path: toy.zip, bytes: 21500000}\n"
    ).values()
    assert (one.files[0].member, one.size) == ("in/toy.txt", "22 MB")
    assert [file.path for file in one.downloads] == ["toy.zip"]


@pytest.mark.parametrize("endpoint", ["", "https://mirror.example/"])
def test_a_repository(monkeypatch, endpoint):
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    (one,) = parse(
        ENTRY.replace("address: https://example.org/toy.txt", "repository: a/b").replace(
            "  files:", f"  revision: '{COMMIT}'\n  files:\n    - {{path: a folder/a.bin}}"
        )
        + "  size: about 3 MB\n"
    ).values()
    assert one.download_bytes is None
    assert one.size == "about 3 MB"
    hub = "https://mirror.example" if endpoint else "https://huggingface.co"
    assert one.address_of(one.files[0]) == f"{hub}/a/b/resolve/{COMMIT}/a%20folder/a.bin"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  title: Toy\n", "", "the field title is missing"),
        ("title: Toy", "title: ''", "title is empty"),
        ("title: Toy", "title: 3", "title must be text, not 3"),
        ("title: Toy", "titel: Toy", "there is no field 'titel'; choose from name, title"),
        ("kind: genes", "kind: cells", "kind must be genes or words, not 'cells'"),
        ("tried: true", "tried: maybe", "tried must be true or false, not 'maybe'"),
        ("toy:\n", "../toy:\n", "a name is of a to z, 0 to 9 and single hyphens"),
        ("toy:\n", "7:\n", "a name is of a to z, 0 to 9 and single hyphens"),
        ("https://example.org/toy.txt", "ftp://example.org", "address must begin with https://"),
        ("  open: toy.txt", "  open: toys.txt", "open names no file or folder of it: 'toys.txt'"),
        ("path: toy.txt", "path: ../toy.txt", "file 1: path must stay within the entry's folder"),
        ("path: toy.txt", "path: /toy.txt", "file 1: path must stay within the entry's folder"),
        ("path: toy.txt", "path: c:toy.txt", "file 1: path must stay within the entry's folder"),
        ("path: toy.txt", "path: 3", "file 1: path must stay within the entry's folder, not 3"),
        ("bytes: 7", "bytes: 7.5", "file 1: bytes must be a number of at least 1, not 7.5"),
        ("bytes: 7", "bytes: null", "size must say in words what bytes leaves open"),
        ("bytes: 7", "checksum: sha256:12", "file 1: checksum must be sha256: or md5: and its"),
        ("bytes: 7", "sha256: 12", "file 1: there is no field 'sha256'"),
        ("bytes: 7", "member: toy.txt", "every file out of an archive, and no other, needs"),
        ("bytes: 7", f"checksum: {SUM}\n    - path: b", "one address without an archive brings"),
        ("    - path: toy.txt\n      bytes: 7\n", "", "files must be a list"),
        ("files:\n    - path: toy.txt\n      bytes: 7", "files: []", "files is empty"),
        ("files:\n    - path: toy.txt\n      bytes: 7", "files: [a]", "file 1: expected names"),
        ("  address:", "  repository: a/b\n  address:", "give either repository or address"),
        ("address: https://example.org/toy.txt", "repository: a/b", "revision must be the commit"),
    ],
)
def test_a_wrong_entry(old, new, message):
    assert old in ENTRY
    with pytest.raises(GeneAnalogiesError) as raised:
        parse(ENTRY.replace(old, new, 1))
    assert re.match(r"catalogue entry '?[^:]+: ", str(raised.value))
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_archive_in_a_repository():
    text = ENTRY.replace(
        "address: https://example.org/toy.txt", f"repository: a/b\n  revision: '{COMMIT}'"
    )
    with pytest.raises(GeneAnalogiesError, match="archive stands beside a repository"):
        parse(text + "  archive: {path: toy.zip}\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "the catalogue: expected YAML"),
        ("[]", r"the catalogue: expected names with values, not \[\]"),
        ("toy: 3", "catalogue entry 'toy': expected names with values, not 3"),
        ("toy: !!python/object/apply:os.getcwd []", "the catalogue: expected YAML"),
    ],
)
def test_no_catalogue(text, message):
    with pytest.raises(GeneAnalogiesError, match=message):
        parse(text)
