"""The gene that a name means, without an embedding."""

import numpy as np
import pytest

from gene_analogies.errors import AmbiguousNameError, GeneAnalogiesError, UnknownNameError
from gene_analogies.genes.gene import Gene
from gene_analogies.genes.human_gene import human_gene, human_pair
from gene_analogies.genes.table import GeneTable


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("EGFR", None),
        (1956, "1956 → EGFR"),
        (np.int32(1956), "1956 → EGFR"),
        ("1956", "1956 → EGFR"),
        ("ENSG00000146648.18", "ENSG00000146648.18 → EGFR"),
        ("P00533", "P00533 → EGFR"),
        ("egfr", "egfr → EGFR"),
        ("ERBB1", "ERBB1 → EGFR"),
        ("  EGFR ", None),
        ("epidermal growth factor receptor", "epidermal growth factor receptor → EGFR"),
    ],
)
def test_every_form_of_a_name(name, note):
    gene, found = human_gene(name)
    assert gene.entrez == 1956
    assert found == note


def test_genes_are_taken_as_they_are():
    assert human_gene(Gene(1956, "EGFR"))[0].entrez == 1956
    mouse = GeneTable.packaged_mouse().find("Egfr")
    gene, note = human_gene(mouse)
    assert gene.entrez == 1956
    assert note.startswith("Egfr → EGFR")
    with pytest.raises(UnknownNameError, match="Xkr has no one-to-one human ortholog"):
        human_gene(Gene(0, "Xkr", mgi="MGI:1"))


def test_two_genes_of_one_symbol_are_told_apart_by_number():
    for number in (4549, 6052):  # both have the symbol RNR1
        assert human_gene(number)[0].entrez == number


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("EGFRR", UnknownNameError, "did you mean EGFR"),
        ("1-Mar", GeneAnalogiesError, "a date, which spreadsheets make"),
        ("NA", UnknownNameError, "a missing value"),
        ("", UnknownNameError, "empty"),
        ("p40", AmbiguousNameError, "p40"),
        (999_999_999, UnknownNameError, "999999999"),
        (1956.0, UnknownNameError, r"a name, an Entrez number or a Gene, not 1956\.0"),
        (None, UnknownNameError, "not None"),
        (True, UnknownNameError, "not True"),
    ],
)
def test_what_names_no_gene(name, kind, message):
    with pytest.raises(kind, match=message) as caught:
        human_gene(name)
    assert "\n" not in str(caught.value)


def test_a_pair_needs_two_genes():
    with pytest.raises(GeneAnalogiesError, match="'EGFR' and 1956 are both EGFR"):
        human_pair("EGFR", 1956)
    a, b, notes = human_pair("p53", "HDM2")
    assert (a.symbol, b.symbol) == ("TP53", "MDM2")
    assert [note.split(" (")[0] for note in notes] == ["p53 → TP53", "HDM2 → MDM2"]
