import json

import pytest
from made_answers import EGFR, KING, MET, ODD

from gene_analogies.describe.figures import KINDS
from gene_analogies.describe.geometry import Hubs, Spectrum
from gene_analogies.describe.info import Info, info_json
from gene_analogies.describe.text import info_text
from gene_analogies.results import Item


def make_info(**changes):
    settings = {
        "format": "h5ad",
        "rows": 20_000,
        "dimension": 512,
        "dtype": "float32",
        "nbytes": 40_960_000,
        "kinds": dict.fromkeys(KINDS, 0) | {"symbol": 18_000, "ensembl": 1, "other": 1_999},
        "duplicates": 0,
        "zero_rows": 0,
        "not_finite_rows": 0,
        "nameless_rows": 0,
        "examples": {},
        "norms": (0.5, 1.25, 3.0),
        "mean_cosine": 0.012_34,
        "spectrum": Spectrum(123.456, 0.0521),
        "hubs": Hubs(1.5, 10, 20_000, sampled=False, largest=((3, 1_203), (4, 90))),
        "hub_items": (EGFR, MET),
        "details": {"key": "obsm/X_gene", "steps": ["centered", "unit"], "sizes": {"raw": [1, 2]}},
    }
    return Info(**{**settings, **changes})


GOLDEN = """\
format               h5ad
vectors              20,000 × 512, float32, 41.0 MB in memory
human genes          18,001 of 20,000 names (90%): 18,000 symbols, 1 Ensembl id
not known            1,999 other names
duplicate names      none
zero rows            none
rows not finite      none
norms                0.5 to 3, median 1.25
mean cosine          0.0123 (exact, all pairs of rows)
effective dimension  123.5 (participation ratio, Gao et al. 2017)
first component      5.2% of the variance
hubness              skewness of N_10 1.50 (cosine, all rows; Radovanović et al. 2010)
largest hubs         EGFR 1,203, MET 90

Details
key                  obsm/X_gene
steps                centered; unit
sizes                {"raw": [1, 2]}
"""

GOLDEN_60 = """\
format           glove
vectors          300 × 9, float32, 10.8 kB in memory
human genes      0 of 300 names (0%)
not known        2 aliases of other items' genes, 298 other
                 names
duplicate names  2
zero rows        1
rows not finite  none
norms            0.1 to 3, median 1.25
mean cosine      0.4000 (exact, all pairs of rows)
hubness          skewness of N_10 9.10 (cosine, a sample of
                 20 rows; Radovanović et al. 2010)
largest hubs     king 9

Advice
- 2 rows ('a', 'b') have a name that came before:
  --duplicates says which row the name gets
- 1 row ('c') is zero and without direction: --among leaves
  items out
- the names are not human or mouse genes: answers show them
  as they are
- norms differ 30-fold, and long vectors rule offsets:
  consider --unit
- mean cosine 0.40: all vectors lean to one side: consider
  --center
- N_10 skewness 9.1: a few items are neighbours of many
"""


@pytest.fixture
def bad():
    return make_info(
        format="glove",
        rows=300,
        dimension=9,
        nbytes=10_800,
        kinds=dict.fromkeys(KINDS, 0) | {"unused_alias": 2, "other": 298},
        duplicates=2,
        zero_rows=1,
        examples={"duplicates": ("a", "b"), "zero_rows": ("c",)},
        norms=(0.1, 1.25, 3.0),
        mean_cosine=0.4,
        spectrum=None,
        hubs=Hubs(9.1, 10, 20, sampled=True, largest=((3, 9),)),
        hub_items=(KING,),
        details={},
    )


def test_whole():
    assert info_text(make_info()) == str(make_info()) == GOLDEN


def test_mouse_genes():
    kinds = dict.fromkeys(KINDS, 0) | {"symbol": 19_000, "ensembl": 900, "mgi": 1, "hgnc": 0}
    line = info_text(make_info(species="mouse", kinds=kinds), 120).splitlines()[2]
    counts = "19,000 symbols, 900 Ensembl ids, 1 MGI id"
    assert line == f"mouse genes          19,901 of 20,000 names (100%): {counts}"


def test_advice_and_a_narrow_terminal(bad):
    assert info_text(bad, 60) == GOLDEN_60


@pytest.mark.parametrize("width", [1, 40, 60, 80, 100, 300])
def test_no_line_is_longer_than_the_width(bad, width):
    for info in (bad, make_info()):
        for line in info_text(info, width).splitlines():
            assert len(line) <= max(width, 40)
            assert line == line.rstrip()


def test_what_is_not_known_is_left_out():
    info = make_info(
        kinds={}, norms=None, mean_cosine=None, spectrum=None, hubs=None, hub_items=(), details={}
    )
    labels = [line[:17].strip() for line in info_text(info).splitlines()]
    assert labels == [
        "format", "vectors", "duplicate names", "zero rows", "rows not finite",
    ]  # fmt: skip


def test_a_mean_cosine_below_zero_by_rounding():
    assert "mean cosine          0.0000 (" in info_text(make_info(mean_cosine=-1e-9))


def test_hostile_names_and_details_reach_no_terminal():
    info = make_info(
        zero_rows=1,
        examples={"zero_rows": ("\x1b[31m\n",)},
        hub_items=(ODD, Item("\x1b]0;x\x07")),
        details={"key\x1b": "\x1b[2J\nred", "list": ["\x1b"], "dict": {"\x1b": "\x1b"}},
    )
    text = info_text(info)
    assert "\x1b" not in text
    assert "\x07" not in text


def test_long_labels_are_cut():
    assert f"\n{'k' * 30}  value\n" in info_text(make_info(details={"k" * 99: "value"}), 40)


def test_long_details_are_cut_and_whole_in_json():
    info = make_info(details={"steps": ["x" * 150, "y" * 150]})
    assert f"{'y' * 48}…\n" in info_text(info, 300)
    assert json.loads(info_json(info))["details"]["steps"] == ["x" * 150, "y" * 150]


def test_json():
    content = json.loads(info_json(make_info(), source="a.h5ad"))
    assert next(iter(content.items())) == ("source", "a.h5ad")
    assert content["norms"] == [0.5, 1.25, 3.0]
    assert content["genes"] == 18_001
    assert content["advice"] == []
    assert content["hubs"]["largest"][0] == {
        "name": "ENSG00000146648",
        "symbol": "EGFR",
        "row": 3,
        "occurrences": 1203,
    }
