"""An answer of every class in `gene_analogies.results`, made by hand: no search is needed."""

from __future__ import annotations

import math

import numpy as np
from made_answers import EGF, EGFR, HGF, KING, MET, QUEEN, make_result

import gene_analogies as ga
from gene_analogies.genes.papers import Paper, SharedPapers
from gene_analogies.genes.terms import SharedTerms, Term
from gene_analogies.results import (
    AgreementResult,
    AllAnalogiesResult,
    AnalogiesResult,
    ClustersResult,
    CompleteEachResult,
    CompleteResult,
    Control,
    Distribution,
    EvaluationResult,
    Family,
    ItemModulesResult,
    KnownResult,
    MapResult,
    ModuleMembersResult,
    ModulesResult,
    PairsEachResult,
    RelationResult,
    RelationsResult,
    RelationTest,
    SimilarEachResult,
    SimilarPairsResult,
    SimilarResult,
    TopResult,
)
from gene_analogies.results.map import ListedItems
from gene_analogies.results.relation_parts import Prediction
from gene_analogies.search.layout.layout import Layout


def similar(**changes):
    """Items like EGF, or like what is changed."""
    settings = {
        "members": (EGF,),
        "contrast": None,
        "items": (HGF, KING),
        "rows": np.array([2, 4]),
        "similarity": np.array([0.75, -0.5]),
        "to_each": np.empty((2, 0)),
        "compared": (),
        "metric": "cosine",
        "how": "span",
    }
    return SimilarResult(**{**settings, **changes})


def agreement(**changes):
    """Two pairs in two embeddings."""
    settings = {
        "embeddings": ("human", "pubmed"),
        "examples": ((EGF, EGFR),),
        "c": (HGF, MET),
        "d": (MET, HGF),
        "similarity": np.array([[0.5, 0.25], [0.75, -0.5]]),
        "ranks": np.ma.masked_equal([[1, 2_000], [3, 2]], 0),
        "agreeing": 1,
        "random_agreeing": 0.25,
        "k": 2,
        "items": 100,
        "metric": "cosine",
        "operation": "difference",
        "pair_weight": 0.0,
    }
    return AgreementResult(**{**settings, **changes})


def several(**changes):
    """Items like EGF and HGF together."""
    each = {"to_each": np.array([[0.5, 0.25], [-0.5, 0.0]])}
    return similar(**{"members": (EGF, HGF), "compared": (EGF, HGF), **each, **changes})


#: What the answers to two questions, of two rows and of one, have in common.
TWO_QUESTIONS = {
    "queries": ("EGF : EGFR", "king : queen"),
    "errors": ("", ""),
    "remarks_of": ("", "King → king"),
    "questions": np.array([0, 0, 1]),
    "ranks": np.array([1, 2, 1]),
    "items": {0: EGF, 1: EGFR, 2: HGF, 3: MET, 4: KING, 5: QUEEN},
}


def pairs_each(**changes):
    """Pairs for two questions."""
    settings = {
        "options": {"k": 2, "metric": "cosine", "pair_weight": 0.0},
        "examples": (((0, 1),), ((4, 5),)),
        "c_rows": np.array([2, 4, 0]),
        "d_rows": np.array([3, 5, 1]),
        "similarity": np.array([0.75, 0.5, 0.25]),
    }
    return PairsEachResult(**{**TWO_QUESTIONS, **settings, **changes})


def similar_each(**changes):
    """Neighbours for two questions."""
    settings = {
        "options": {"k": 2, "metric": "cosine", "how": "span"},
        "members": ((0,), (4,)),
        "rows": np.array([2, 4, 5]),
        "similarity": np.array([0.75, 0.5, 0.25]),
    }
    return SimilarEachResult(**{**TWO_QUESTIONS, **settings, **changes})


def complete_each(**changes):
    """Completions for two questions."""
    settings = {
        "examples": (((0, 1),), ((4, 5),)),
        "c_rows": np.array([2, 2, 0]),
        "d_rows": np.array([3, 5, 1]),
        "scores": np.array([0.75, 0.5, 0.25]),
        "methods": ("3CosAdd", "3CosAdd"),
    }
    return CompleteEachResult(**{**TWO_QUESTIONS, **settings, **changes})


def similar_pairs(**changes):
    levels, quantiles = (0.5, 0.99), (0.1, 0.625)
    settings = {
        "a": (EGF, KING),
        "b": (HGF, QUEEN),
        "a_rows": np.array([0, 4]),
        "b_rows": np.array([2, 5]),
        "similarity": np.array([1.0, 0.5]),
        "distribution": Distribution(1_225, 0.125, 0.25, -0.75, 1.0, levels, quantiles, 0.0005),
        "metric": "cosine",
        "copies": 0,
    }
    return SimilarPairsResult(**{**settings, **changes})


def complete(**changes):
    """What is to HGF as EGFR is to EGF."""
    settings = {
        "examples": ((EGF, EGFR),),
        "c": HGF,
        "positive": (),
        "negative": (),
        "items": (MET, KING),
        "rows": np.array([3, 4]),
        "scores": np.array([0.875, 0.25]),
        "method": "3CosAdd",
    }
    return CompleteResult(**{**settings, **changes})


def of_lists(**changes):
    """What is like king and EGF, and unlike queen."""
    lists = {"examples": (), "c": None, "positive": (KING, EGF), "negative": (QUEEN,)}
    return complete(**{**lists, **changes})


def quadruples(kind, **changes):
    """Two analogies, of one item or of all."""
    settings = {
        "a": (EGF, EGF),
        "b": (EGFR, MET),
        "c": (HGF, HGF),
        "d": (MET, EGFR),
        "a_rows": np.array([0, 0]),
        "b_rows": np.array([1, 3]),
        "c_rows": np.array([2, 2]),
        "d_rows": np.array([3, 1]),
        "similarity": np.array([0.875, 0.5]),
        "max_similarity": 0.8,
        "distinct": False,
    }
    return kind(**{**settings, **changes})


def analogies(**changes):
    return quadruples(AnalogiesResult, **{"item": EGF, **changes})


def clusters(**changes):
    """Three pairs in two families."""
    settings = {
        "family": np.array([1, 1, 2]),
        "c": (EGF, HGF, KING),
        "d": (EGFR, MET, QUEEN),
        "c_rows": np.array([0, 2, 4]),
        "d_rows": np.array([1, 3, 5]),
        "centroid_cosine": np.array([0.75, 0.5, 1.0]),
        "silhouette": np.array([0.5, 0.25, 0.0]),
        "families": (Family(1, 2, 0.375), Family(2, 1, 0.0)),
        "tried": ((2, 0.25), (3, 0.0)),
        "chosen": True,
        "seed": 7,
        "operation": "difference",
    }
    return ClustersResult(**{**settings, **changes})


def evaluation(**changes):
    """Five questions in three sections, four of them asked, two answered right."""
    settings = {
        "source": "questions.txt",
        "sections": ("to", "none", "fro"),
        "ends": (2, 2, 5),
        "questions": (
            ("paris", "france", "oslo", "norway"),
            ("paris", "france", "Berlin", "germany"),
            ("norway", "oslo", "france", "PARIS"),
            ("france", "paris", "italy", "rome"),
            ("empty", "paris", "italy", "rome"),
        ),
        "rows": np.array([[0, 1, 5, 6], [0, 1, -1, -1], [6, 5, 1, 0], [1, 0, 4, 3], [7, 0, 4, 3]]),
        "predictions": np.array([6, -1, 0, 5, -1]),
        "predicted": ("norway", "", "paris", "oslo", ""),
        "correct": np.array([True, False, True, False, False]),
        "method": "3CosAdd",
        "vocabulary": 1_009,
        "truncate": None,
        "include_query": False,
        "match_case": False,
    }
    return EvaluationResult(**{**settings, **changes})


def modules(**changes):
    """Two modules of four genes, of which one is in none."""
    names = ["TP53", "MDM2", "ATM", "KRAS"]
    weights = np.array([[0.5, 0], [1, 0.25], [0, 0.75], [0, 0]], np.float32)
    settings = {
        "space": ga.Space(ga.Embedding(names, np.eye(4, 3) + 1.0)),
        "weights": weights,
        "atoms": np.eye(2, 3),
        "stability": np.array([0.875, 0.25]),
        "explained": 0.625,
        "sparsity": 0.1,
        "seed": 3,
        "seeds": 5,
        "k": 2,
    }
    return ModulesResult(**{**settings, **changes})


def module_members(**changes):
    settings = {
        "module": 1,
        "size": 1_200,
        "stability": 0.875,
        "items": (EGF, KING),
        "rows": np.array([0, 4]),
        "weights": np.array([0.75, 0.5]),
    }
    return ModuleMembersResult(**{**settings, **changes})


def item_modules(**changes):
    settings = {
        "item": EGF,
        "modules": np.array([2, 1]),
        "weights": np.array([0.75, 0.5]),
        "stability": np.array([0.25, 0.875]),
        "sizes": np.array([10, 1_200]),
        "members": ((EGF, KING), (EGFR,)),
    }
    return ItemModulesResult(**{**settings, **changes})


def known(**changes):
    """Three papers and two terms of EGF and EGFR, of which two of either kind are rows."""
    genes = EGF.gene, EGFR.gene
    papers = Paper(30, 2), Paper(20, 7), Paper(10, 2)
    terms = (
        Term("GO:0005154", "EGFR binding", "function", 33),
        Term("PF00008", "EGF-like", "domain", 90),
    )
    settings = {
        "papers": SharedPapers(*genes, papers, ("her1 → EGFR",)),
        "terms": SharedTerms(*genes, terms, ("her1 → EGFR",)),
        "k": 2,
    }
    return KnownResult(**{**settings, **changes})


def relation(**changes):
    """Three pairs of a relation that is an analogy, the last of them an outlier."""
    settings = {
        "verdict": "analogy",
        "tests": (
            RelationTest("direction", 0.25, 0.125, 0.375, 0.0001, 0.0, 0.5),
            RelationTest("pairing", 0.875, 0.75, 1.0, 0.001, 0.9, 0.0001),
            RelationTest("prediction", 0.125, 0.0625, 0.1875, np.nan, -0.01, np.nan),
        ),
        "given": 1_004,
        "independent": 3,
        "prediction": Prediction(
            asked=3,
            best_rule="a + class",
            reciprocal_ranks={"3CosAvg": 0.5, "only a": 0.25, "a + class": 0.375},
            hits={"3CosAvg": 0.75, "only a": 0.25, "a + class": 0.5},
            error=0.03125,
        ),
        "control": Control(3, "papers", 0.5, "related_pairs"),
        "a": (EGF, HGF, KING),
        "b": (EGFR, MET, QUEEN),
        "a_rows": np.array([0, 2, 4]),
        "b_rows": np.array([1, 3, 5]),
        "offset_cosine": np.array([0.75, 0.5, -0.125]),
        "cos_ab": np.array([0.875, 0.5, 0.25]),
        "auc": np.array([1.0, 0.75, 0.5]),
        "fit": ("fits", "fits", "outlier"),
        "unordered": False,
        "seed": 3,
        "source": "pairs.tsv",
        "notes": ("1 name leads to no item, in 1 pair: nobody",),
    }
    return RelationResult(**{**settings, **changes})


def unordered_relation(**changes):
    """The same of pairs without order."""
    settings = {
        "verdict": "related_pairs",
        "tests": relation().tests[1:2],
        "prediction": None,
        "offset_cosine": np.full(3, np.nan),
        "unordered": True,
    }
    return relation(**{**settings, **changes})


def on_map():
    """Where two of three items lie."""
    rows = np.array([0, 1])
    places = np.array([[0.5, -1.25], [2.0, 0.25], [-1.0, 3.0]])
    return MapResult(
        names=("EGF", "king"),
        listed=ListedItems(rows, lambda _: (EGF, KING)),
        marked=(EGF, KING),
        rows=rows,
        coordinates=places[rows],
        layout=Layout(np.arange(3), places, "pca", math.nan, 3),
        total=3,
    )


#: Functions that make an answer, by what it is.
ANSWERS = {
    "pairs": lambda: make_result([(HGF, MET), (MET, HGF)], [0.5, -0.25]),
    "similar": similar,
    "similar, several": several,
    "similar, contrast": lambda: several(members=(EGF,), contrast=HGF),
    "similar pairs": similar_pairs,
    "agreement": agreement,
    "complete": complete,
    "complete, lists": of_lists,
    "analogies": analogies,
    "all analogies": lambda: quadruples(AllAnalogiesResult),
    "top": lambda: quadruples(TopResult, pairs=12, edges=2),
    "clusters": clusters,
    "evaluation": evaluation,
    "evaluation, details": lambda: evaluation().details,
    "known": known,
    "map": on_map,
    "relation": relation,
    "relation, details": lambda: relation().details,
    "relation, unordered": unordered_relation,
    "relations": lambda: RelationsResult(("human", "x.npz"), (relation(), unordered_relation())),
    "pairs of each": pairs_each,
    "similar to each": similar_each,
    "completions of each": complete_each,
    "modules": modules,
    "module members": module_members,
    "item modules": item_modules,
}
