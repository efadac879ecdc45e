"""MGI's entries, and how human genes are related to them."""

import gzip
import json

import pytest
from click.testing import CliRunner

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.table import GeneTable
from gene_analogies.sources import build as build_module
from gene_analogies.sources.hgnc import Hgnc, HgncEntry
from gene_analogies.sources.mgi import mouse_genes, read_mgi, write_mouse

LINES = """\
ID\tsymbol\tsynonyms\tensembl
7\tNew\t\t
3\tMany1\told|Many1|old|1956\tENSMUSG00000000003
4\tMany2\t\tENSMUSG00000000004
2\tTwo\tb\tENSMUSG00000000022
2\tTwo\tb\tENSMUSG00000000002
1\tOne\ta\tENSMUSG00000000001
5\tShared\t\t
6\tTg(ONE)1Abc\t\t
8\tGt(ROSA)26Sor\tRosa26\tENSMUSG00000000008
"""
#: ONE and TWO are one-to-one; MANY has two mouse genes; S1 and S2 have one together.
PARTNERS = {
    "ONE": ("MGI:1",), "TWO": ("MGI:2",), "MANY": ("MGI:3", "MGI:4"), "S1": ("MGI:5",),
    "S2": ("MGI:5",), "NONE": (),
}  # fmt: skip
TABLE = GeneTable([Gene(2, "TWO"), Gene(1, "ONE"), Gene(3, "S2"), Gene(4, "MANY")])


def entry(symbol, mouse):
    return HgncEntry("HGNC:1", symbol, f"gene {symbol}", (), (), 0, "", (), mouse, "")


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "mgi.tsv"
    path.write_text(LINES)
    return path


@pytest.fixture
def hgnc():
    return Hgnc(tuple(entry(*one) for one in PARTNERS.items()), (), {"name": "HGNC"})


def test_entries(path):
    mgi = read_mgi(path, "a release")
    assert [gene.symbol for gene in mgi.genes] == [
        "New", "Many1", "Many2", "Two", "One", "Shared", "Gt(ROSA)26Sor",
    ]  # fmt: skip
    assert mgi.genes[1].aliases == ("old",)
    assert mgi.genes[3].ensembl == ("ENSMUSG00000000002", "ENSMUSG00000000022")
    assert {gene.gene_type for gene in mgi.genes} == {""}
    assert mgi.source["release"] == "a release"
    assert mgi.source["licence"] == "CC BY 4.0"


def test_only_what_is_one_to_one_is_an_ortholog(path, hgnc):
    genes = mouse_genes(read_mgi(path), hgnc, TABLE)
    assert [(gene.symbol, gene.ortholog, gene.related) for gene in genes] == [
        ("Two", "TWO", ()),
        ("One", "ONE", ()),
        ("Shared", "", ("S1", "S2")),
        ("Many1", "", ("MANY",)),
        ("Many2", "", ("MANY",)),
        ("New", "", ()),
        ("Gt(ROSA)26Sor", "", ()),
    ]
    assert [gene.full_name for gene in genes[:3]] == [
        "gene TWO (human ortholog TWO)",
        "gene ONE (human ortholog ONE)",
        "",
    ]


def test_the_table_is_written(path, hgnc, tmp_path):
    out = tmp_path / "mouse.tsv.gz"
    counts = write_mouse(read_mgi(path, "a release"), hgnc, TABLE, out)
    lines = gzip.decompress(out.read_bytes()).decode().splitlines()
    assert lines[0] == "symbol\tmgi\tfull_name\tortholog\trelated\tensembl\taliases"
    assert lines[1] == (
        "Two\t2\tgene TWO (human ortholog TWO)\tTWO\t\tENSMUSG00000000002|ENSMUSG00000000022\tb"
    )
    assert counts == {"genes": 7, "orthologs": 2, "synonyms": 4, "ensembl": 6}
    about = json.loads((tmp_path / "mouse.json").read_text())
    assert about["sources"]["genes"]["release"] == "a release"
    assert about["sources"]["orthologs"] == {"name": "HGNC"}
    assert about["counts"] == counts


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("ID\tsymbol\n1\tOne\n", "lacks the column 'ensembl'"),
        ("ID\tsymbol\tsynonyms\tensembl\nx\tOne\t\t\n", "expected MGI's .*'x'"),
        ("ID\tsymbol\tsynonyms\tensembl\n1\n", "expected MGI's"),
        ("ID\tsymbol\tsynonyms\tensembl\n", "no entry of MGI"),
        ("", "lacks the column 'ID'"),
    ],
)
def test_other_files_are_refused(tmp_path, content, message):
    path = tmp_path / "other.tsv"
    path.write_text(content)
    with pytest.raises(GeneAnalogiesError, match=message):
        read_mgi(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(GeneAnalogiesError, match=r"mgi\.tsv: expected MGI's"):
        read_mgi(tmp_path / "mgi.tsv")


def test_the_command_needs_the_orthologs(path, monkeypatch):
    monkeypatch.setattr(build_module, "read_sqlite", lambda _path: None)
    result = CliRunner().invoke(build_module.main, ["--sqlite", str(path), "--mgi", str(path)])
    assert result.exit_code == 2
    assert "--mgi needs --hgnc" in result.output
