"""Answers, with documented shapes; as a table, a data frame, Markdown, HTML, CSV or JSON."""

from gene_analogies.results.analogies import (
    AllAnalogiesResult,
    AnalogiesResult,
    Analogy,
    TopResult,
)
from gene_analogies.results.answer import Answer, Column, Item
from gene_analogies.results.cluster import ClusteredPair, ClustersResult, Family
from gene_analogies.results.complete import CompleteResult, Completion
from gene_analogies.results.evaluate import EvaluationDetails, EvaluationResult
from gene_analogies.results.module_members import ItemModulesResult, ModuleMembersResult
from gene_analogies.results.modules import Module, ModulesResult
from gene_analogies.results.pairs import Pair, PairsResult
from gene_analogies.results.similar import Neighbour, SimilarResult
from gene_analogies.results.similar_pairs import (
    Distribution,
    SimilarPair,
    SimilarPairsResult,
)

__all__ = [
    "AllAnalogiesResult",
    "AnalogiesResult",
    "Analogy",
    "Answer",
    "ClusteredPair",
    "ClustersResult",
    "Column",
    "CompleteResult",
    "Completion",
    "Distribution",
    "EvaluationDetails",
    "EvaluationResult",
    "Family",
    "Item",
    "ItemModulesResult",
    "Module",
    "ModuleMembersResult",
    "ModulesResult",
    "Neighbour",
    "Pair",
    "PairsResult",
    "SimilarPair",
    "SimilarPairsResult",
    "SimilarResult",
    "TopResult",
]
