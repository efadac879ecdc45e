from answers import item_modules, module_members
from made_answers import KING

from gene_analogies.results import ItemModule, Member

WEIGHT = (
    "weight: how strongly the item belongs to the module, once its other modules are accounted for"
)
STABILITY = (
    "stability: how well runs from other random seeds find the module again; 1: always, with the "
    "same members; near 0: not at all, it may be chance"
)


def test_members_of_a_module():
    result = module_members()
    assert list(result) == [Member("EGF", 0.75), Member("king", 0.5)]
    assert (result.query, result.title) == (
        "module 1",
        "module 1: 1,200 members, stability 0.8750",
    )
    assert module_members(size=1).title == "module 1: 1 member, stability 0.8750"
    assert result.explanation == (WEIGHT, STABILITY)
    assert result.facts == {"module": 1, "size": 1_200, "stability": 0.875}
    assert [column.key for column in result.columns] == ["item", "weight"]


def test_modules_of_an_item():
    result = item_modules()
    assert list(result) == [
        ItemModule(2, 0.75, 10, 0.25, ("EGF", "king")),
        ItemModule(1, 0.5, 1_200, 0.875, ("ENSG00000146648",)),
    ]
    assert (result.query, result.title) == ("EGF", "modules of EGF")
    assert result.explanation == ("epidermal growth factor", WEIGHT, STABILITY)
    assert item_modules(item=KING).explanation == (WEIGHT, STABILITY)
    assert result.facts == {
        "item": {"item": "EGF", "symbol": "EGF", "name": "epidermal growth factor"}
    }
    assert result.to_frame()["members"].tolist() == ["EGF, king", "EGFR"]
    assert [column.key for column in result.columns] == [
        "module", "weight", "size", "stability", "members",
    ]  # fmt: skip
