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
from gene_analogies.sources.annotations import GeneAnnotations
from gene_analogies.sources.builtin import builtin_names, load_builtin, quantise, write_builtin
from gene_analogies.sources.facts import GeneFacts
from gene_analogies.sources.human import PARTS, side_by_side, whitened

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
        {"name": "made up", "dates": {"NCBI Gene": "today"}, "licence": {"NCBI Gene": "none"}},
    )


@pytest.fixture
def annotations():
    # Of the six genes, one and two in turn have a term.
    links = [(gene, term, 0) for gene in range(1, 7) for term in range(3) if gene % 3 != term]
    return GeneAnnotations(
        ("GO:1", "GO:2", "PF1"),
        ("function", "function", "domain"),
        ("IDA",),
        np.array(links, dtype=np.int64),
        np.array(links, dtype=np.int64),
        {"name": "made up too", "dates": {}, "licence": {}},
    )


def test_the_packaged_embedding():
    embedding = load_builtin("pubmed")
    provenance = embedding.provenance
    assert embedding.vectors.dtype == np.float32
    assert embedding.vectors.flags.c_contiguous
    assert np.isfinite(embedding.vectors).all()
    assert len(embedding) == provenance["counts"]["genes"] >= 14_000
    assert len(set(embedding.names)) == len(embedding)
    assert {"TP53", "EGF", "EGFR", "INS", "INSR", "HGF", "MET"} <= set(embedding.names[:2000])
    assert embedding.dimension == provenance["parameters"]["dimension"]
    assert {"name", "dates", "licence"} <= set(provenance["sources"])


@pytest.mark.parametrize("name", builtin_names())
def test_packaged_vectors_have_length_one(name):
    vectors = load_builtin(name).vectors
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
    assert builtin_names() == ("human", "annotation", "pubmed")
    packed = {path.name for path in DATA.glob("*.npz")}
    assert packed == {f"{name}.npz" for name in PARTS}


def test_the_default_has_both_parts_side_by_side():
    human, annotation, pubmed = map(load_builtin, builtin_names())
    assert human.names == pubmed.names
    assert human.dimension == pubmed.dimension + annotation.dimension
    assert human.provenance["weights"] == PARTS
    assert human.provenance["parts"]["pubmed"] == pubmed.provenance
    first, second = whitened(pubmed).vectors, annotation.vectors
    for a, b in (("EGF", "EGFR"), ("TP53", "MDM2")):
        papers = first[pubmed.rows[a]] @ first[pubmed.rows[b]]
        terms = second[annotation.rows[a]] @ second[annotation.rows[b]]
        expected = (papers + PARTS["annotation"] ** 2 * terms) / (1 + PARTS["annotation"] ** 2)
        cosine = human.vectors[human.rows[a]] @ human.vectors[human.rows[b]]
        assert cosine == pytest.approx(expected, abs=0.01)


def test_whitened_axes_have_the_same_variance():
    pubmed = load_builtin("pubmed")
    before, after = (one.vectors.astype(np.float64) for one in (pubmed, whitened(pubmed)))
    variances = np.square(before).mean(axis=0)
    assert variances.max() > 5 * variances.min()
    variances = np.square(after).mean(axis=0)
    assert variances.max() < 2 * variances.min()
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), 1, atol=1e-6)


def test_zeros_stay_zeros_when_axes_are_whitened():
    small = Embedding(["A", "B", "C"], [[3.0, 0.0, 1.0], [0.0, 0.0, 0.0], [4.0, 0.0, 1.0]])
    assert not whitened(small).vectors[1].any()
    assert not whitened(small).vectors[:, 1].any()


def test_annotation_tells_kinds_of_genes_apart():
    embedding = load_builtin("annotation")
    assert len(embedding) == embedding.provenance["counts"]["genes"] > 17_000

    def cosine(first, second):
        a, b = (embedding.vectors[embedding.rows[name]] for name in (first, second))
        return float(a @ b)

    assert cosine("EGF", "HGF") > cosine("EGF", "EGFR") + 0.2
    assert cosine("INSR", "MET") > cosine("INSR", "TP53") + 0.5


def test_a_gene_that_a_part_lacks_has_zeros_there():
    first = Embedding(["A", "B"], [[3.0, 4.0], [0.0, 1.0]])
    second = Embedding(["C", "A"], [[1.0], [1.0]])
    joined = side_by_side([(first, 1.0), (second, 12.0)])
    assert joined.names == ("A", "B")
    np.testing.assert_allclose(joined.vectors, [[3 / 13, 4 / 13, 12 / 13], [0, 1, 0]], rtol=1e-6)


def test_unknown_name_lists_the_choices():
    with pytest.raises(
        GeneAnalogiesError, match=r"called 'glove'; choose from human, annotation, pubmed"
    ):
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


@pytest.mark.parametrize("names", [("pubmed",), ("annotation", "pubmed")])
def test_build_leaves_nothing_else(folder, facts, annotations, names):
    built = build_module.build(facts, annotations if len(names) > 1 else None, folder / "new")
    assert sorted(path.name for path in (folder / "new").iterdir()) == [
        f"{name}.{ending}" for name in names for ending in ("json", "npz")
    ]
    sources = {"pubmed": facts.sources, "annotation": annotations.sources}
    shutil.copytree(folder / "new", folder, dirs_exist_ok=True)
    assert builtin_names() == (("human", *names) if len(names) > 1 else names)
    for name in names:
        assert json.loads((folder / f"{name}.json").read_text())["sources"] == sources[name]
        assert len(load_builtin(name)) == built[name]["counts"]["genes"] == 6


def test_build_command(folder, facts, annotations, monkeypatch):
    monkeypatch.setattr(build_module, "read_sqlite", lambda _path: facts)
    monkeypatch.setattr(build_module, "read_sqlite_annotations", lambda _path: annotations)
    database = folder / "org.Hs.eg.sqlite"
    database.touch()
    arguments = ["--sqlite", str(database), "--output", str(folder)]
    result = CliRunner().invoke(build_module.main, arguments)
    assert result.exit_code == 0, result.output
    assert "pubmed.npz: 6 genes" in result.output
    assert "annotation.npz: 6 genes" in result.output
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
