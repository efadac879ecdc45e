"""The Gene Ontology, in both forms."""

import pytest
from toy_ontology import TERMS, with_ancestors

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.ontology import read_ontology


@pytest.mark.parametrize("form", ["write_obo", "write_go_sqlite"])
def test_both_forms_give_the_same(form, request):
    found = read_ontology(request.getfixturevalue(form)())
    assert found.names == {term: name for term, _, name, *_ in TERMS}
    assert found.kinds == {term: kind for term, kind, *_ in TERMS}
    assert found.ancestors() == {term: with_ancestors(term) for term, *_ in TERMS}
    assert found.alternatives == {f"GO:9{term[4:]}": term for term, *_ in TERMS}
    assert found.sources["date"] == "2022-07-01"
    assert found.sources["licence"] == "CC BY 4.0"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[Term]", "[Word]", "no terms"),
        ("name: cytokine activity\n", "", "the term GO:0005125 needs one id, one name"),
        ("namespace: cellular_component", "namespace: place", "the term GO:0005575 needs"),
    ],
)
def test_damaged_obo(write_obo, old, new, message):
    path = write_obo()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(GeneAnalogiesError, match=message) as caught:
        read_ontology(path)
    assert "\n" not in str(caught.value)
    assert path.name in str(caught.value)


def test_a_term_above_itself(write_obo):
    path = write_obo()
    root = "name: cellular_component\nnamespace: cellular_component\n"
    path.write_text(path.read_text().replace(root, f"{root}is_a: GO:0016323 ! below it\n"))
    with pytest.raises(GeneAnalogiesError, match="is its own ancestor"):
        read_ontology(path).ancestors()


def test_no_text(tmp_path):
    path = tmp_path / "go-basic.obo"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GeneAnalogiesError, match="expected the Gene Ontology in OBO format"):
        read_ontology(path)
