import json
import shutil
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import Gene
from gene_analogies.sources import build as build_module
from gene_analogies.sources import builtin
from gene_analogies.sources.builtin import builtin_names, load_builtin, quantise, write_builtin
from gene_analogies.sources.facts import GeneFacts

DATA = Path(str(files("gene_analogies") / "data"))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A data folder of our own, in place of the package's."""
    monkeypatch.setattr(builtin, "_data", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def small():
    vectors = np.random.default_rng(0).standard_normal((5, 7)).astype(np.float32)
    vectors[3] = 0
    return Embedding(["EGF", "EGFR", "HLA-A", "é", "C1orf1"], vectors, {"title": "small"})


@pytest.fixture
def facts():
    numbers = range(1, 7)
    papers = [(gene, paper) for paper in range(100, 130) for gene in {1 + paper % 6, 1 + paper % 5}]
    return GeneFacts(
        tuple(Gene(number, f"G{number}", gene_type="protein-coding") for number in numbers),
        np.array(sorted(papers), dtype=np.int64),
        {"name": "made up", "dates": {}, "licence": {}},
    )


def test_the_packaged_embedding():
    embedding = load_builtin()
    provenance = embedding.provenance
    assert embedding.vectors.dtype == np.float32
    assert embedding.vectors.flags.c_contiguous
    assert np.isfinite(embedding.vectors).all()
    assert len(embedding) == provenance["counts"]["genes"] >= 14_000
    assert len(set(embedding.names)) == len(embedding)
    assert {"TP53", "EGF", "EGFR", "INS", "INSR", "HGF", "MET"} <= set(embedding.names[:2000])
    assert embedding.dimension == provenance["parameters"]["dimension"]
    assert {"name", "dates", "licence"} <= set(provenance["sources"])


def test_packaged_vectors_have_length_one():
    vectors = load_builtin().vectors
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=0.01)


def test_known_relations_lie_close():
    embedding = load_builtin()

    def cosine(first, second):
        a, b = (embedding.vectors[embedding.rows[name]] for name in (first, second))
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    for first, second, stranger in (("EGF", "EGFR", "HBB"), ("INS", "INSR", "MLH1")):
        assert cosine(first, second) > cosine(first, stranger) + 0.1


def test_growth_factors_and_their_receptors_are_parallel():
    embedding = load_builtin()
    egf, egfr, hgf, met = embedding.vectors[
        [embedding.rows[name] for name in ("EGF", "EGFR", "HGF", "MET")]
    ]
    first, second = egf - egfr, hgf - met
    assert first @ second / np.linalg.norm(first) / np.linalg.norm(second) > 0.6


def test_package_data_stay_small():
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) <= 15_000_000
    assert (DATA / "pubmed.npz").stat().st_size < 10_000_000


def test_names_of_the_embeddings():
    assert "pubmed" in builtin_names()


def test_unknown_name_lists_the_choices():
    with pytest.raises(GeneAnalogiesError, match=r"called 'glove'; choose from pubmed"):
        load_builtin("glove")


def test_written_and_read_back(folder, small):
    provenance = write_builtin(small, "small", folder)
    again = load_builtin("small")
    assert again.names == small.names
    assert again.provenance == provenance == {**small.provenance, "file": provenance["file"]}
    largest = np.abs(small.vectors).max(axis=1, keepdims=True)
    assert (np.abs(again.vectors - small.vectors) <= largest / 254 + 1e-6).all()
    assert not again.vectors[3].any()
    assert sorted(path.name for path in folder.iterdir()) == ["small.json", "small.npz"]


def test_same_embedding_same_bytes(folder, small):
    first = write_builtin(small, "first", folder)["file"]["sha256"]
    assert write_builtin(small, "second", folder)["file"]["sha256"] == first


def test_changed_byte_is_refused(folder, small):
    write_builtin(small, "small", folder)
    path = folder / "small.npz"
    content = bytearray(path.read_bytes())
    content[200] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(GeneAnalogiesError, match=r"small\.npz: the checksum differs"):
        load_builtin("small")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"file": {}}', '{"file": 1}'])
def test_damaged_description_is_refused(folder, small, text):
    write_builtin(small, "small", folder)
    (folder / "small.json").write_text(text)
    with pytest.raises(GeneAnalogiesError, match=r"small\.json: .*reinstall"):
        load_builtin("small")


def test_missing_description_is_refused(folder, small):
    write_builtin(small, "small", folder)
    (folder / "small.json").unlink()
    with pytest.raises(GeneAnalogiesError, match=r"small\.json: .*reinstall"):
        load_builtin("small")


def test_quantise_keeps_the_sign_symmetric():
    vectors = np.array([[1.0, -0.3, 0.11], [0.0, 0.0, 0.0]])
    codes, scales = quantise(vectors)
    assert codes.dtype == np.int8
    assert scales.dtype == np.float32
    assert codes.tolist() == (-quantise(-vectors)[0]).tolist() == [[127, -38, 14], [0, 0, 0]]
    assert scales.tolist() == pytest.approx([1 / 127, 0])


def test_build_leaves_nothing_else(folder, facts):
    result = build_module.build(facts, folder / "new")
    assert sorted(path.name for path in (folder / "new").iterdir()) == [
        "pubmed.json",
        "pubmed.npz",
    ]
    assert json.loads((folder / "new" / "pubmed.json").read_text())["sources"] == facts.sources
    shutil.copytree(folder / "new", folder, dirs_exist_ok=True)
    assert len(load_builtin("pubmed")) == result["counts"]["genes"] == 6


def test_build_command(folder, facts, monkeypatch):
    monkeypatch.setattr(build_module, "read_sqlite", lambda _path: facts)
    database = folder / "org.Hs.eg.sqlite"
    database.touch()
    arguments = ["--sqlite", str(database), "--output", str(folder)]
    result = CliRunner().invoke(build_module.main, arguments)
    assert result.exit_code == 0, result.output
    assert "pubmed.npz: 6 genes" in result.output
    assert "genes.tsv.gz: 6 genes" in result.output


@pytest.mark.parametrize("given", [[], ["--gene2pubmed"], ["--sqlite", "--gene-info"]])
def test_build_command_asks_for_one_whole_source(tmp_path, given):
    file = tmp_path / "file"
    file.touch()
    arguments = [word for option in given for word in (option, str(file))]
    result = CliRunner().invoke(build_module.main, arguments)
    assert result.exit_code == 2
    assert "give either --sqlite, or" in result.output


def test_build_command_names_the_damaged_file(tmp_path):
    file = tmp_path / "broken.sqlite"
    file.write_bytes(b"nothing")
    result = CliRunner().invoke(build_module.main, ["--sqlite", str(file)])
    assert result.exit_code == 1
    assert "broken.sqlite" in result.output
