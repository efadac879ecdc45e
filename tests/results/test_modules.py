import pytest
from answers import modules

import gene_analogies as ga
from gene_analogies.results import ItemModule, Member, Module


def test_rows():
    assert list(modules()) == [
        Module(1, 2, 0.875, ("MDM2", "TP53")),
        Module(2, 2, 0.25, ("ATM", "MDM2")),
    ]
    assert next(iter(modules(k=1))).members == ("MDM2",)


def test_query_and_explanation():
    result = modules()
    assert result.query == result.title == "2 modules of 4 items"
    assert result.explanation == (
        "a module is a group of items whose vectors share a direction; size: how many members it "
        "has; members: the main ones, strongest first",
        "stability: how well runs from other random seeds find the module again; 1: always, with "
        "the same members; near 0: not at all, it may be chance (seeds 3 to 7)",
        "together the modules explain 62.5% of the embedding (of the squared length of its unit "
        "vectors); an item is in 1.0 modules on average, 1 item is in none",
    )


def test_columns():
    result = modules()
    assert not result.ranked
    frame = result.to_frame()
    assert frame.columns.tolist() == ["module", "size", "stability", "members"]
    assert frame["module"].tolist() == [1, 2]
    assert frame["members"].tolist() == ["MDM2, TP53", "ATM, MDM2"]


def test_facts():
    assert modules().facts == {
        "items": 4,
        "sparsity": 0.1,
        "seed": 3,
        "seeds": 5,
        "explained": 0.625,
        "in_no_module": 1,
    }


def test_members_of_one():
    result = modules(notes=("a note",))
    members = result.members(2)
    assert (members.module, members.size, members.stability) == (2, 2, 0.25)
    assert list(members) == [Member("ATM", 0.75), Member("MDM2", 0.25)]
    assert members.rows.tolist() == [2, 1]
    assert members.notes == ("a note",)
    assert list(result.members(2, k=1)) == [Member("ATM", 0.75)]


def test_modules_of_an_item():
    result = modules(notes=("a note",))
    found = result.of("HDM2")
    assert found.item.name == "MDM2"
    assert list(found) == [
        ItemModule(1, 1.0, 2, 0.875, ("MDM2", "TP53")),
        ItemModule(2, 0.25, 2, 0.25, ("ATM", "MDM2")),
    ]
    assert found.notes == ("HDM2 → MDM2", "a note")
    assert [one.members for one in result.of("MDM2", k=1)] == [("MDM2",), ("ATM",)]
    assert len(result.of("KRAS")) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda result: result.members(3), r"module must be a number in 1\.\.2, not 3"),
        (lambda result: result.members(0), "module must be a whole number of at least 1, not 0"),
        (lambda result: result.members(1, k=0), "k must be a whole number of at least 1, not 0"),
        (lambda result: result.of("TP53", k=0), "k must be a whole number of at least 1, not 0"),
        (lambda result: result.of("no gene"), "no item is named 'no gene'"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ga.GeneAnalogiesError, match=message):
        call(modules())
