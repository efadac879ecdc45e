"""The terms that two genes share."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import gene_analogies as ga
from gene_analogies.genes.terms import (
    LARGEST_TERM,
    GeneTerms,
    Term,
    shared_terms,
    terms_of_pairs,
)

N_TERMS = 9
#: Parents of every term, which have higher places.
PARENTS = st.tuples(
    *(st.sets(st.integers(one + 1, N_TERMS - 1)) if one < N_TERMS - 1 else st.just(set())
      for one in range(N_TERMS))
)  # fmt: skip
OWN = st.dictionaries(st.integers(1, 20), st.sets(st.integers(0, N_TERMS - 1)), max_size=6)
PAIRS = st.lists(st.tuples(st.integers(0, 21), st.integers(0, 21)), max_size=12)


def above(term, parents):
    return {term}.union(*(above(parent, parents) for parent in parents[term]))


@given(PARENTS, OWN, PAIRS, st.integers(0, N_TERMS))
def test_as_python_sets_say(parents, own, pairs, small):
    """The last terms are too large to say anything."""
    terms = [
        Term(f"GO:{one}", "name", "function", 5 if one < small else LARGEST_TERM + 1)
        for one in range(N_TERMS)
    ]
    keys = [row * N_TERMS + term for row, found in enumerate(own.values()) for term in found]
    made = GeneTerms(
        terms,
        [sorted(one) for one in parents],
        np.array([*own], np.int64),
        np.sort(np.array(keys, np.int64)),
    )
    found = made.of_pairs([a for a, _ in pairs], [b for _, b in pairs])
    implied = {
        gene: set().union(*(above(term, parents) for term in had)) for gene, had in own.items()
    }
    expected = []
    for place, (a, b) in enumerate(pairs):
        shared = {one for one in implied.get(a, set()) & implied.get(b, set()) if one < small}
        follows = {up for one in shared for up in above(one, parents) - {one}}
        expected += [(place, one) for one in sorted(shared - follows)]
    assert list(zip(found.pairs.tolist(), found.terms.tolist(), strict=True)) == expected


def names(first, second):
    return [term.name for term in shared_terms(first, second)]


def test_inherited_terms_are_shared_most_specific_first():
    known = GeneTerms.packaged()
    found = ga.shared_terms("IL6", "IL11")
    assert "cytokine activity" in [term.name for term in found]
    genes = [term.genes for term in found]
    assert genes == sorted(genes)
    # Different kinds of chemokine receptor binding, which neither gene has itself.
    (term,) = [one for one in shared_terms("CCL4", "CXCL9") if one.name == "chemokine activity"]
    assert term.kind == "function"
    assert term.url == f"https://www.ebi.ac.uk/QuickGO/term/{term.id}"
    inherited = [
        one
        for one in shared_terms("KDR", "MET")
        if known.terms.index(one) not in known.own.members(3791)
    ]
    assert inherited


def test_what_follows_from_a_listed_term_is_not_listed():
    found = names("EGF", "TGFA")
    assert "epidermal growth factor receptor binding" in found
    assert "growth factor receptor binding" not in found
    assert "signaling receptor binding" not in found


def test_domains_have_names_and_links():
    (domain,) = [one for one in shared_terms("BCL2", "BAX") if one.kind == "domain"]
    assert domain.id.startswith("PF")
    assert "Bcl-2" in domain.name
    assert domain.url == f"https://www.ebi.ac.uk/interpro/entry/pfam/{domain.id}/"


def test_terms_of_many_genes_and_roots_are_left_out():
    known = GeneTerms.packaged()
    listed = {term.name: term.genes for term in known.terms}
    assert listed["protein binding"] > LARGEST_TERM
    for first, second in (("TP53", "MDM2"), ("ACTB", "GAPDH"), ("EGF", "EGFR")):
        assert max((term.genes for term in shared_terms(first, second)), default=0) <= LARGEST_TERM
        assert "protein binding" not in names(first, second)


def test_a_term_has_no_more_genes_than_what_stands_above_it():
    known = GeneTerms.packaged()
    counts = [term.genes for term in known.terms]
    assert counts == sorted(counts)
    assert len({term.id for term in known.terms}) == len(known.terms)


def test_counts_are_of_genes_with_the_term_or_one_below_it():
    known = GeneTerms.packaged()
    place = [term.name for term in known.terms].index("cytokine activity")
    genes = np.count_nonzero(known.implied._keys % len(known.terms) == place)
    assert genes == known.terms[place].genes > 100


def test_every_form_of_a_name_finds_the_same():
    expected = shared_terms("TP53", "TP63").terms
    assert expected
    for first, second in (("p53", 8626), ("ENSG00000141510", "Trp63")):
        assert shared_terms(first, second).terms == expected


def test_a_gene_without_terms_is_named():
    found = shared_terms("XIST", "EGFR")
    assert found.terms == ()
    assert found.notes == ("no function, component or domain of XIST is known here",)


def test_many_pairs_equal_single_ones():
    genes = {"EGF": 1950, "TGFA": 7039, "TP53": 7157, "TP63": 8626, "PSMB5": 5693}
    listed = GeneTerms.packaged().terms
    asked = [(a, b) for a in genes for b in genes if a != b]
    found = terms_of_pairs([genes[a] for a, _ in asked], [genes[b] for _, b in asked])
    for place, pair in enumerate(asked):
        mine = found.terms[found.pairs == place].tolist()
        assert tuple(listed[one] for one in mine) == shared_terms(*pair).terms
    assert terms_of_pairs([], []).pairs.size == 0
