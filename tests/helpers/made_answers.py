"""Answers made by hand: what reports show, and what they must not believe."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from gene_analogies.genes.gene import Gene
from gene_analogies.results import Answer, Column, Item, PairsResult

EGF = Item("EGF", Gene(1950, "EGF", "epidermal growth factor", ensembl=("ENSG00000138798",)))
EGFR = Item(
    "ENSG00000146648",
    Gene(1956, "EGFR", "epidermal growth factor receptor", ensembl=("ENSG00000146648",)),
)
HGF = Item("HGF", Gene(3082, "HGF", "hepatocyte growth factor", ensembl=("ENSG00000019991",)))
MET = Item(
    "MET",
    Gene(4233, "MET", "MET proto-oncogene, receptor tyrosine kinase", ensembl=("ENSG00000105976",)),
)
KING, QUEEN = Item("king"), Item("queen")
#: What a hostile file may call an item.
ODD = Item('a|b_<i>"x"\x1b[31m\n', Gene(1, "a|b_<i>\x1b[31m", "name | with [marks] & <b>"))


def make_result(pairs, scores, **changes):
    settings = {
        "examples": ((EGF, EGFR),),
        "c": tuple(c for c, _ in pairs),
        "d": tuple(d for _, d in pairs),
        "c_rows": np.arange(len(pairs)),
        "d_rows": np.arange(len(pairs)),
        "similarity": np.array(scores, dtype=np.float64),
        "metric": "cosine",
        "operation": "difference",
    }
    return PairsResult(**{**settings, **changes})


@dataclass(frozen=True, repr=False)
class Made(Answer):
    """An answer of any columns, about which the reports know nothing else."""

    question: ClassVar[str] = "made"
    rows_name: ClassVar[str] = "things"

    columns: tuple[Column, ...] = ()
    notes: tuple[str, ...] = ()
    query: str = "EGF"
    title: str = "EGF: what there is"
    explanation: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    asked: tuple[tuple[Item, ...], ...] = ()
    ranked: bool = True
    before: tuple[tuple[str, Any], ...] = ()
    after: tuple[tuple[str, Any], ...] = ()

    @property
    def facts(self):
        return dict(self.before)

    @property
    def totals(self):
        return dict(self.after)


def item_column(key, *items):
    return Column(key, items, "item")


def score_column(key, *values, **changes):
    return Column(key, np.array(values, dtype=np.float64), "score")._replace(**changes)


def count_column(key, *values, **changes):
    return Column(key, np.array(values, dtype=np.int64), "count")._replace(**changes)


def text_column(key, *values):
    return Column(key, values, "text")
