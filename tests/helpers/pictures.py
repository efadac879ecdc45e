"""Pictures of every kind, made by hand, and what is checked of any picture."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import numpy as np

from gene_analogies.plots.compass import Compass, UsualAngles
from gene_analogies.plots.compass_picture import compass_picture
from gene_analogies.plots.picture import Box
from gene_analogies.plots.quadrilateral import quadrilateral
from gene_analogies.plots.quadrilateral_picture import quadrilateral_picture
from gene_analogies.plots.receipt import receipt
from gene_analogies.plots.receipt_picture import receipt_picture

GENES = ("EGF", "EGFR", "HGF", "MET")
LONG = (
    "a_long_phrase_of_many_words_as_word2vec_has_them",
    "ENSMUSG00000064351.12_intron_retained",
    "x",
    "immunoglobulin heavy constant gamma 1 (G1m marker)",
)
HOSTILE = ("<script>alert(1)</script>", "$x^2$ & \\frac", 'a"b\x1b[31m\n', "‮]]>")

SVG = "{http://www.w3.org/2000/svg}"


def vectors(seed, dimension=8):
    return np.random.default_rng(seed).normal(size=(4, dimension))


def quadrilateral_of(names=GENES, seed=0, **changes):
    return quadrilateral_picture(quadrilateral(*vectors(seed)), names, "similarity", **changes)


def receipt_of(names=GENES, seed=0, **changes):
    return receipt_picture(receipt(*vectors(seed)), names, **changes)


def compass_of(count, names=GENES, low=50.0, high=60.0, random_best=()):
    drawn = Compass(
        np.linspace(low, high, count),
        UsualAngles(72.3, 107.7, 99_998, sampled=True),
        np.asarray(random_best, np.float64),
    )
    pairs = [f"{names[2]} : {names[3]}"] * count
    query = f"{names[0]} : {names[1]}"
    return compass_picture(drawn, query, f"{query} ≈ c : d", pairs)


PICTURES = {
    "quadrilateral": quadrilateral_of,
    "quadrilateral, long names": lambda: quadrilateral_of(LONG, 1),
    "quadrilateral, more to say": lambda: quadrilateral_of(more=["One more sentence. " * 9]),
    "quadrilateral, a point": lambda: quadrilateral_picture(
        quadrilateral(*np.zeros((4, 2))), GENES
    ),
    "quadrilateral, a line": lambda: quadrilateral_picture(
        quadrilateral([0.0], [1.0], [1.0], [3.0]), GENES
    ),
    "compass": lambda: compass_of(10, random_best=np.linspace(10.0, 70.0, 40)),
    "compass of nothing": lambda: compass_of(0),
    "compass of one": lambda: compass_of(1),
    "compass of many": lambda: compass_of(120, low=0.0, high=180.0),
    "compass, long names": lambda: compass_of(50, LONG),
    "receipt": receipt_of,
    "receipt, long names": lambda: receipt_of(LONG, 3),
    "receipt of a sum": lambda: receipt_picture(receipt(*vectors(4), 1), GENES, "sum"),
}


def overlapping(boxes):
    """Pairs of boxes that overlap, by name."""
    return [
        (one, other)
        for (one, box), (other, beside) in itertools.combinations(boxes, 2)
        if box.overlaps(beside)
    ]


def outside(boxes, width, height):
    frame = Box(0.0, 0.0, width, height)
    return [name for name, box in boxes if not frame.holds(box)]


def estimated_boxes(picture):
    return [(text.text, text.box) for text in picture.texts]


def svg_elements(text):
    return ElementTree.fromstring(text)
