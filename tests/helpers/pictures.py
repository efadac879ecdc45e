"""Pictures of every kind, made by hand, and what is checked of any picture."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import numpy as np

from gene_analogies.plots.compass import Compass, UsualAngles
from gene_analogies.plots.compass_picture import compass_picture
from gene_analogies.plots.contrast import contrast
from gene_analogies.plots.contrast_picture import contrast_picture
from gene_analogies.plots.distribution import distribution
from gene_analogies.plots.distribution_picture import distribution_picture
from gene_analogies.plots.families import PairFamilies
from gene_analogies.plots.families_picture import heatmap_picture, list_picture
from gene_analogies.plots.map_picture import Mark, map_picture
from gene_analogies.plots.quadrilateral import quadrilateral
from gene_analogies.plots.quadrilateral_picture import quadrilateral_picture
from gene_analogies.plots.receipt import receipt
from gene_analogies.plots.receipt_picture import receipt_picture
from gene_analogies.plots.relation_picture import Effect, Tested, relation_picture
from gene_analogies.plots.shapes import Box

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


def map_of(count=400, names=GENES, seed=0, stretch=(1.0, 1.0)):
    random = np.random.default_rng(seed)
    places = random.normal(size=(count, 2)) * stretch
    marks = [
        Mark(names[index % 4], tuple(places[index].tolist()), index < 2)
        for index in range(min(count, 80))
    ]
    return map_picture(places, "map", marks, ["A map."])


def relation_of(names=("",), seed=0):
    random = np.random.default_rng(seed)
    effect = Effect(0.3, 0.2, 0.4, 1e-5, -0.1)
    unsure = Effect(-0.9, np.nan, np.nan, np.nan, np.nan)
    rules = dict(zip(("3CosAvg", "only a", "a long rule"), random.random(3).tolist(), strict=True))
    return relation_picture(
        "relation",
        [
            Tested(name, *((effect, unsure) if even else (None, effect)), rules, "gain +0.1")
            for name, even in zip(names, [True, False] * len(names), strict=False)
        ],
        ["Words."],
    )


PICTURES = {
    "map": map_of,
    "map, long names": lambda: map_of(60, LONG, 1),
    "map, a line": lambda: map_of(40, stretch=(1.0, 0.0)),
    "map, a point": lambda: map_of(3, stretch=(0.0, 0.0)),
    "relation": relation_of,
    "relations": lambda: relation_of((LONG[0] * 3, "pubmed: classes only", LONG[3])),
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


def families_of(count, families=3):
    """So many pairs in families, and cosines of both signs."""
    units = np.random.default_rng(count).normal(size=(count, 5))
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    return PairFamilies(np.sort(np.arange(count) % families), units @ units.T, 0.25)


def list_of(count, names=GENES, families=3, low=0.2, high=0.9):
    drawn, pairs = families_of(count, families), [f"{names[2]} : {names[3]}"] * count
    return list_picture(drawn, "q ≈ c : d", pairs, np.linspace(high, low, count))


def heatmap_of(count, names=GENES, families=3):
    drawn = families_of(count, families)
    return heatmap_picture(drawn, "q ≈ c : d", [f"{names[2]} : {names[3]}"] * count)


def distribution_of(answers, names=GENES):
    E = np.random.default_rng(6).normal(size=(50, 8))
    drawn = distribution(E, np.eye(8)[0], np.asarray(answers))
    pairs = [f"{names[2]} : {names[3]}"] * len(answers)
    return distribution_picture(drawn, "q ≈ c : d", pairs)


def contrast_of(count, names=GENES, spread=0.1, **options):
    """A contrast of rows 0 and 1 of 300, with so many answers near each other."""
    E = np.random.default_rng(5).normal(size=(300, 6)) + 1.0
    E[2 : 2 + count] = E[0] + spread * E[2 : 2 + count]
    drawn = contrast(E, np.linalg.norm(E, axis=1), (0, 1), np.arange(2, 2 + count), **options)
    answers = [names[index % 2 + 2] for index in range(count)]
    return contrast_picture(drawn, "similar to a rather than b", names[:2], answers, "cosine with")


PICTURES |= {
    "contrast": lambda: contrast_of(10),
    "contrast of distances": lambda: contrast_of(5, euclidean=True),
    "contrast, crowded": lambda: contrast_of(40, spread=0.001),
    "contrast, long names": lambda: contrast_of(12, LONG, spread=0.01),
    "contrast without answers": lambda: contrast_of(0),
    "list": lambda: list_of(30),
    "list of one": lambda: list_of(1, families=1),
    "list, long names": lambda: list_of(50, LONG, families=10),
    "list of distances": lambda: list_of(12, low=-3.0, high=-1.0),
    "heatmap": lambda: heatmap_of(12),
    "heatmap of one": lambda: heatmap_of(1, families=1),
    "heatmap, long names": lambda: heatmap_of(30, LONG, families=10),
    "distribution": lambda: distribution_of([0.7, 0.65, 0.6, 0.6, 0.55, 0.54]),
    "distribution, long names": lambda: distribution_of([0.4, 0.35, 0.3], LONG),
    "distribution, near 1": lambda: distribution_of([1.0, 0.999, 0.99, 0.98, 0.97, 0.96], LONG),
    "distribution of low ones": lambda: distribution_of([-0.9, -0.95, -1.0], LONG),
    "distribution without answers": lambda: distribution_of([]),
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
