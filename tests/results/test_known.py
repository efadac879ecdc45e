import pytest
from answers import known

from gene_analogies.genes.terms import SharedTerms
from gene_analogies.results import Known

TABLE = """\
EGF and EGFR: 3 papers name both; 2 shared terms
epidermal growth factor and epidermal growth factor receptor
genes: how many genes a paper names, or have a term; papers are ordered by falling PubMed id, \
terms by their genes
note: her1 → EGFR

kind      id          name          genes  url
paper     30                            2  https://pubmed.ncbi.nlm.nih.gov/30/
paper     20                            7  https://pubmed.ncbi.nlm.nih.gov/20/
function  GO:0005154  EGFR binding     33  https://www.ebi.ac.uk/QuickGO/term/GO:0005154
domain    PF00008     EGF-like         90  https://www.ebi.ac.uk/interpro/entry/pfam/PF00008/

not shown: 1 older paper; -k shows more
"""


def test_table():
    assert str(known()) == TABLE


def test_rows():
    first, *_, last = known()
    assert first == Known("paper", "30", "", 2, "https://pubmed.ncbi.nlm.nih.gov/30/")
    assert last.id == "PF00008"
    assert len(known(k=1)) == 2
    assert known(k=1).remarks == ("not shown: 2 older papers and 1 less specific term; -k shows"
                                  " more",)  # fmt: skip
    assert known(k=9).remarks == ()


def test_totals_do_not_depend_on_k():
    assert known(k=1).totals == known(k=9).totals == {"papers": 3, "terms": 2}


@pytest.mark.parametrize("form", ["to_markdown", "_repr_html_"])
def test_for_people(form):
    text = getattr(known(), form)()
    assert "https://pubmed.ncbi.nlm.nih.gov/30/" in text
    assert "EGFR binding" in text


def test_nothing_is_known():
    made = known()
    nothing = known(terms=SharedTerms(made.terms.first, made.terms.second, ()), k=1)
    assert nothing.title == "EGF and EGFR: 3 papers name both; 0 shared terms"
