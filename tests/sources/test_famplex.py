"""Families of genes and their names, from FamPlex's files."""

import gzip
import json

import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.families import families
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.table import GeneTable
from gene_analogies.sources.famplex import write_families

TABLE = GeneTable(
    [
        Gene(2, "MAP2K2", gene_type="protein-coding"),
        Gene(1, "MAP2K1", gene_type="protein-coding", previous=("PRKMK1",)),
        Gene(3, "MAP2K1P1", gene_type="pseudo"),
        Gene(4, "HVCN1"),
    ]
)
RELATIONS = """HGNC,PRKMK1,isa,FPLX,MEK
HGNC,MAP2K2,isa,FPLX,MEK
FPLX,MEK,isa,FPLX,MKKs
FPLX,MKKs,isa,FPLX,MEK
HGNC,MAP2K1P1,isa,FPLX,Pseudo
HGNC,MAP2K1,isa,FPLX,Pseudo
HGNC,HVCN1,isa,FPLX,HVCN
HGNC,UNKNOWN,isa,FPLX,HVCN
UP,P12345,isa,FPLX,HVCN
"""
NAMES = """MEK1/2,FPLX,MEK,,
"MEK 1,2",FPLX,MEK,,
bar|name,FPLX,MEK,,
MAPKK,FPLX,MKKs,CHEBI,CHEBI:1
cyclosporin,CHEBI,CHEBI:4031,,
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "relations.csv").write_text(RELATIONS)
    (tmp_path / "grounding_map.csv").write_text(NAMES)
    return tmp_path


def test_families_are_written(folder):
    path = folder / "families.tsv.gz"
    counts = write_families(folder, TABLE, path, "a release")
    assert gzip.decompress(path.read_bytes()).decode().splitlines() == [
        "family\tnames\tmembers",
        "MEK\tmek|mek1/2|mek 1,2\tMAP2K2|MAP2K1",
        "MKKs\tmkks|mapkk\tMAP2K2|MAP2K1",
    ]
    assert counts == {"families": 2, "names": 5, "members": 4}
    about = json.loads((folder / "families.json").read_text())
    assert about["sources"]["release"] == "a release"
    assert about["sources"]["licence"] == "CC0 1.0"


def test_other_folders_are_refused(tmp_path):
    with pytest.raises(GeneAnalogiesError, match="expected FamPlex's resources"):
        write_families(tmp_path, TABLE, tmp_path / "families.tsv.gz")
    (tmp_path / "relations.csv").write_text("a,b\n")
    with pytest.raises(GeneAnalogiesError, match="expected FamPlex's resources"):
        write_families(tmp_path, TABLE, tmp_path / "families.tsv.gz")


def test_packaged_families_have_members_of_today():
    packaged = GeneTable.packaged()
    for family in set(families().values()):
        assert len(family.members) > 1
        genes = [packaged.find(symbol) for symbol in family.members]
        assert [gene.symbol for gene in genes] == list(family.members)
        assert packaged.best_known_first(genes) == tuple(genes)
