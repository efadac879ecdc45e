"""HGNC's entries, and how they are put over NCBI's facts."""

import numpy as np
import pytest

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.genes.gene import Gene
from gene_analogies.sources.facts import GeneFacts
from gene_analogies.sources.hgnc import read_hgnc, with_hgnc

COLUMNS = (
    "HGNC ID", "Approved symbol", "Approved name", "Status", "Alias symbols",
    "NCBI Gene ID(supplied by NCBI)", "UniProt ID(supplied by UniProt)",
    "Mouse genome database ID(supplied by MGI)", "Rat genome database ID(supplied by RGD)",
    "Previous symbols", "Ensembl gene ID", "Locus type", "Enzyme IDs",
)  # fmt: skip
LINES = (
    # id, symbol, name, status, aliases, Entrez, UniProt, MGI, RGD, previous, Ensembl, type
    "11117;SMN1;survival of motor neuron 1;Approved;GEMIN1, BCD541;6606;Q16637;MGI:109257;;"
    "SMA, SMA1;ENSG00000172062;gene with protein product",
    "11118;SMN2;survival of motor neuron 2;Approved;;6607;Q16637;;;;ENSG00000205571;"
    "gene with protein product",
    "9;NEW1;a pseudogene;Approved;;900;;;;;;pseudogene",
    "8;NOWHERE;in no record of NCBI;Approved;;;;;;;;RNA, long non-coding",
    "7;SMNX;symbol withdrawn, see [HGNC:11117](/data/x);Symbol Withdrawn;;;;;;;;unknown",
    "5;SMNY;symbol withdrawn, see [HGNC:11117](/x) and [HGNC:9](/y);Symbol Withdrawn"
    ";;;;;;;;unknown",
    "4;LOST;symbol withdrawn, see [HGNC:1](/data/x);Symbol Withdrawn;;;;;;;;unknown",
    "6;GONE;entry withdrawn;Entry Withdrawn;;;;;;;;unknown",
)


@pytest.fixture
def hgnc(tmp_path):
    path = tmp_path / "hgnc.tsv"
    lines = [f"HGNC:{line};".replace(";", "\t") for line in LINES]
    path.write_text("".join(f"{line}\n" for line in ("\t".join(COLUMNS), *lines)))
    return read_hgnc(path, "a release")


@pytest.fixture
def facts():
    ids = ("ENSG00000172062", "ENSG00000205571")
    genes = (
        Gene(
            6606, "SMNT", "an old name", ("SMA", "C-BCD541"), ids, ("A0A1",), "protein-coding", "5"
        ),
        Gene(6607, "SMN2", "an old name", (), ids, (), "protein-coding", "5"),
        Gene(6608, "SMN1", "a trait under an approved symbol"),
        Gene(6609, "LOC6609", "a gene of NCBI alone"),
    )
    papers = np.array([(6606, 1), (6607, 1), (6608, 2), (6609, 3)], dtype=np.int64)
    return GeneFacts(genes, papers, {"name": "toy"})


def test_entries(hgnc):
    assert [entry.symbol for entry in hgnc.entries] == ["SMN1", "SMN2", "NEW1", "NOWHERE"]
    first = hgnc.entries[0]
    assert first.aliases == ("GEMIN1", "BCD541")
    assert first.previous == ("SMA", "SMA1", "SMNX", "SMNY")
    assert hgnc.entries[2].previous == ("SMNY",)
    assert hgnc.withdrawn == ("GONE", "LOST")
    assert (first.entrez, first.ensembl, first.mouse) == (6606, "ENSG00000172062", ("MGI:109257",))
    assert [entry.gene_type for entry in hgnc.entries] == [
        "protein-coding", "protein-coding", "pseudo", "ncRNA",
    ]  # fmt: skip
    assert hgnc.source["release"] == "a release"
    assert hgnc.source["licence"] == "CC0 1.0"


def test_hgnc_decides_names_and_owners(hgnc, facts):
    merged = with_hgnc(facts, hgnc)
    one, two, loc, new = sorted(merged.genes, key=lambda gene: gene.entrez == 900)
    assert one == Gene(
        6606,
        "SMN1",
        "survival of motor neuron 1",
        ("GEMIN1", "BCD541", "SMNT", "C-BCD541"),
        ("ENSG00000172062",),
        ("Q16637", "A0A1"),
        "protein-coding",
        "5",
        ("SMA", "SMA1", "SMNX", "SMNY"),
        "HGNC:11117",
    )
    assert two.ensembl == ("ENSG00000205571",)
    assert (loc.symbol, loc.hgnc) == ("LOC6609", "")
    assert (new.symbol, new.gene_type, new.hgnc) == ("NEW1", "pseudo", "HGNC:9")
    # The trait's record and its papers are gone.
    assert merged.papers[:, 0].tolist() == [6606, 6607, 6609]
    assert merged.sources == {"genes": {"name": "toy"}, "symbols": hgnc.source}


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "file.tsv"
    path.write_text("HGNC ID\tApproved symbol\nHGNC:5\tA1BG\n")
    with pytest.raises(GeneAnalogiesError, match=r"file\.tsv: the first line lacks the column"):
        read_hgnc(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(GeneAnalogiesError, match="expected HGNC's tab-separated text"):
        read_hgnc(path)
    with pytest.raises(GeneAnalogiesError, match="expected HGNC's tab-separated text"):
        read_hgnc(tmp_path / "absent")
