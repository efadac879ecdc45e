import numpy as np
import pytest

from gene_analogies.genes.table import Gene
from gene_analogies.results import Item, PairsResult

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
