"""What is known of genes, as it is written for the package."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from gene_analogies.embedding import Embedding
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.papers import Paper, PaperLinks
from gene_analogies.genes.terms import GeneTerms, Term
from gene_analogies.sources import build as build_module
from gene_analogies.sources.annotations import read_sqlite_annotations
from gene_analogies.sources.facts import GeneFacts
from gene_analogies.sources.known import write_papers, write_terms
from gene_analogies.sources.ontology import read_ontology
from gene_analogies.sources.pfam_names import read_pfam_names

SOURCES = {
    "name": "made",
    "dates": {"NCBI Gene": "2022", "UniProt": "2021"},
    "licence": {"NCBI Gene": "public domain", "UniProt": "CC BY 4.0"},
}
INTERPRO = [
    {"name": "Serine kinase", "members": ["PF07714", "PR00109"]},
    {"name": "TNF domain", "members": ["SM00207"]},
]


@pytest.fixture
def packaged(tmp_path, monkeypatch):
    """A folder that stands for the package's own; its files are read as those are."""
    monkeypatch.setattr("importlib.resources.files", lambda _package: tmp_path)
    return tmp_path / "data"


def test_papers_are_read_as_they_were_written(packaged):
    genes = tuple(Gene(n, f"G{n}", gene_type="protein-coding") for n in (3, 5, 8))
    # Three papers name genes 5 and 8, three name all, one names gene 3 alone and does not count.
    links = [(gene, paper) for paper in (10, 300, 70_000) for gene in (5, 8)]
    links += [(gene, paper) for paper in (11, 12, 13) for gene in (3, 5, 8)]
    facts = GeneFacts(genes, np.array([*links, (3, 9)]), SOURCES)
    path = packaged / "known" / "papers.npz"
    assert write_papers(facts, path) == {"genes": 3, "papers": 6, "links": 15}
    about = json.loads(path.with_suffix(".json").read_text())
    assert about["sources"] == {
        "name": "made", "dates": {"NCBI Gene": "2022"}, "licence": {"NCBI Gene": "public domain"},
    }  # fmt: skip
    content = path.read_bytes()
    write_papers(facts, path)
    assert path.read_bytes() == content
    read = PaperLinks.packaged.__wrapped__(PaperLinks)
    assert read.naming_both(5, 8) == tuple(
        Paper(paper, genes) for paper, genes in
        ((70_000, 2), (300, 2), (13, 3), (12, 3), (11, 3), (10, 2))
    )  # fmt: skip
    assert read.naming_both(3, 8) == (Paper(13, 3), Paper(12, 3), Paper(11, 3))


@pytest.fixture
def interpro(tmp_path):
    path = tmp_path / "interpro.json"
    path.write_text(json.dumps(INTERPRO))
    return path


def test_terms_are_read_as_they_were_written(packaged, write_sqlite, write_go_sqlite, interpro):
    annotations, ontology = (
        read_sqlite_annotations(write_sqlite()),
        read_ontology(write_go_sqlite()),
    )
    path = packaged / "known" / "terms.npz"
    names = read_pfam_names(interpro, "here")
    counts = write_terms(annotations, ontology, names, path)
    # Seven terms: roots and processes are left out, and a domain without a name has its accession.
    assert counts == {"genes": 2, "terms": 7, "annotations": 6, "domains_without_name": 1}
    content = path.read_bytes()
    write_terms(annotations, ontology, names, path)
    assert path.read_bytes() == content
    sources = json.loads(path.with_suffix(".json").read_text())["sources"]
    assert sources["ontology"]["date"] == "2022-07-01"
    assert sources["names_of_domains"]["release"] == "here"
    read = GeneTerms.packaged.__wrapped__(GeneTerms)
    assert {*read.terms} == {
        Term("GO:0005154", "EGF receptor binding", "function", 1),
        Term("GO:0005125", "cytokine activity", "function", 1),
        Term("PF07714", "Serine kinase", "domain", 1),
        Term("PF00229", "PF00229", "domain", 1),
        Term("GO:0005102", "signaling receptor binding", "function", 2),
        Term("GO:0016323", "basolateral plasma membrane", "component", 2),
        Term("GO:0005886", "plasma membrane", "component", 2),
    }
    shared = read.of_pairs([1956], [7124])
    assert [read.terms[place].name for place in shared.terms] == [
        "basolateral plasma membrane",
        "signaling receptor binding",
    ]


def test_an_ontology_without_a_term_is_refused(tmp_path, write_sqlite, write_obo):
    obo = write_obo()
    obo.write_text(obo.read_text().replace("id: GO:0005125", "id: GO:7005125"))
    with pytest.raises(
        GeneAnalogiesError, match="ontology of 2022-07-01 lacks the term GO:0005125"
    ):
        write_terms(
            read_sqlite_annotations(write_sqlite()), read_ontology(obo), None, tmp_path / "a.npz"
        )


def test_names_of_domains(interpro):
    found = read_pfam_names(interpro, "here")
    assert found.names == {"PF07714": "Serine kinase"}
    assert found.source["licence"] == "CC0 1.0"


@pytest.mark.parametrize("content", ["[{}]", "[1]", "{", '[{"name": "a", "members": [1]}]'])
def test_other_json(interpro, content):
    interpro.write_text(content)
    with pytest.raises(GeneAnalogiesError, match=r"interpro\.json: expected InterPro's entries"):
        read_pfam_names(interpro)
    with pytest.raises(GeneAnalogiesError, match="nowhere"):
        read_pfam_names(interpro.with_name("nowhere"))


@pytest.fixture
def facts(monkeypatch):
    """Enough genes to place by papers, in place of those of any file; too few to place by terms."""
    genes = tuple(Gene(n, f"G{n}", gene_type="protein-coding") for n in range(1, 7))
    links = [(gene, paper) for paper in range(12) for gene in (paper % 6 + 1, (paper + 1) % 6 + 1)]
    made = GeneFacts(genes, np.array(links), SOURCES)
    monkeypatch.setattr(build_module, "read_sqlite", lambda _path: made)
    monkeypatch.setattr(build_module, "read_ncbi", lambda *_paths: made)
    placed = Embedding(["G1", "G2"], np.eye(2), {"counts": {"genes": 2}})
    monkeypatch.setattr(build_module, "build_annotation", lambda *_facts: placed)


@pytest.mark.usefixtures("facts")
def test_build_command_writes_both(tmp_path, write_sqlite, write_go_sqlite, interpro):
    arguments = ["--sqlite", write_sqlite(), "--go", write_go_sqlite(), "--pfam-names", interpro]
    output = tmp_path / "out"
    result = CliRunner().invoke(build_module.main, [*map(str, arguments), "--output", str(output)])
    assert result.exit_code == 0, result.output
    assert "known/papers.npz: 6 genes, 12 papers, 24 links" in result.output
    assert "known/terms.npz: 2 genes, 7 terms, 6 annotations" in result.output
    assert {path.name for path in (output / "known").iterdir()} == {
        "papers.npz", "papers.json", "terms.npz", "terms.json",
    }  # fmt: skip


@pytest.mark.usefixtures("facts")
def test_build_command_from_ncbi(tmp_path, write_ncbi, write_gene2go, write_obo):
    files = write_ncbi()
    ncbi = [
        word for name, path in files.items()
        for word in (f"--{name.replace('_', '-')}", str(path))
    ]  # fmt: skip
    go = ["--go", str(write_obo())]
    gene2go = ["--gene2go", str(write_gene2go())]
    output = ["--output", str(tmp_path / "out")]
    result = CliRunner().invoke(build_module.main, [*ncbi, *go, *gene2go, *output])
    assert result.exit_code == 0, result.output
    assert "known/terms.npz: 2 genes, 5 terms, 4 annotations" in result.output
    for words, message in (
        ([*ncbi, *go], "--go needs --sqlite, or --gene2go"),
        ([*ncbi, *gene2go], "--gene2go needs --go"),
        (["--sqlite", str(files["gene_info"]), *go, *gene2go], "--gene2go needs --go"),
    ):
        result = CliRunner().invoke(build_module.main, [*words, *output])
        assert result.exit_code == 2
        assert message in result.output
