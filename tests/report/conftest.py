"""Fixtures of answers."""

import numpy as np
import pytest
from made_answers import (
    EGF,
    EGFR,
    HGF,
    KING,
    MET,
    ODD,
    QUEEN,
    Made,
    count_column,
    item_column,
    make_result,
    score_column,
    text_column,
)

from gene_analogies.results import Item


@pytest.fixture
def result():
    """Two pairs of genes, one rewritten name, three pairs without a direction."""
    return make_result(
        [(HGF, MET), (MET, HGF)],
        [0.123456789012345, -0.00001],
        notes=("ErbB1 → EGFR",),
        without_direction=3,
    )


@pytest.fixture
def words():
    return make_result([(KING, QUEEN)], [1.0], examples=((QUEEN, KING),))


@pytest.fixture
def empty():
    return make_result([], [])


@pytest.fixture
def odd():
    return make_result([(ODD, KING)], [0.5], examples=((ODD, KING),), notes=("<\x1b[2J> | note",))


@pytest.fixture
def several():
    return make_result([(KING, MET)], [0.5], examples=((EGF, EGFR), (HGF, MET)))


@pytest.fixture
def distances():
    return make_result([(HGF, MET), (MET, HGF)], [-1.25e-7, -3.5e-7], metric="euclidean")


@pytest.fixture
def sums():
    return make_result([(HGF, MET)], [0.5], operation="sum", without_direction=1, examples=())


@pytest.fixture
def twins():
    """Two items of one symbol."""
    gene = EGFR.gene
    return make_result([(Item("ENSG1", gene), Item("ENSG2", gene))], [0.5])


@pytest.fixture
def one_item():
    """One column of items, one of them missing, scores that are not known, and counts."""
    return Made(
        (
            item_column("item", EGF, None, KING),
            score_column("similarity", 0.5, np.nan, -0.25, title="likeness", note="of a kind"),
            count_column("rows", 12_345, 0, 7),
        ),
        explanation=("epidermal growth factor", "likeness: as you like it"),
        notes=("ErbB1 → EGFR",),
        remarks=("1 thing is missing", "and <one> more"),
    )


@pytest.fixture
def three_items():
    """Triples in sections, which are not ranked."""
    return Made(
        (
            text_column("section", "growth | factors", "words\x1b[31m"),
            item_column("b", EGFR, KING),
            item_column("c", HGF, ODD),
            item_column("d", MET, QUEEN),
            score_column("similarity", 0.75, 0.5),
        ),
        ranked=False,
    )


@pytest.fixture
def four_items():
    """Analogies with four numbers and a family."""
    return Made(
        (
            item_column("a", EGF, KING),
            item_column("b", EGFR, QUEEN),
            item_column("c", HGF, ODD),
            item_column("d", MET, None),
            score_column("similarity", 0.9, 0.8),
            score_column("cos_ac", 1e-5, 2e-5),
            score_column("cos_bd", 123456.0, 2e7),
            count_column("family", 1, 2_000),
        )
    )


@pytest.fixture
def nothing():
    """No rows in columns of all kinds."""
    return Made(
        (
            item_column("item"),
            score_column("similarity"),
            count_column("rows"),
            text_column("section"),
        )
    )


@pytest.fixture
def completed():
    """Three members were asked for, two of them by two examples; the fourth is the answer."""
    return Made(
        (item_column("d", MET, KING), score_column("score", 1.0, 0.5)),
        asked=((EGF, KING), (EGFR, QUEEN), (HGF,)),
        query="EGF : EGFR, king : queen ≈ HGF : d",
        title="another line",
    )
