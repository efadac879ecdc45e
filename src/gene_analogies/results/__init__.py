"""Answers, with documented shapes; as a table, a data frame, Markdown, HTML, CSV or JSON."""

from gene_analogies.report.table import Column, Item
from gene_analogies.results.agreement import AgreedPair, AgreementResult
from gene_analogies.results.analogies import (
    AllAnalogiesResult,
    AnalogiesResult,
    Analogy,
    TopResult,
)
from gene_analogies.results.answer import Answer
from gene_analogies.results.cluster import ClusteredPair, ClustersResult, Family
from gene_analogies.results.complete import CompleteResult, Completion
from gene_analogies.results.complete_each import CompleteEachResult, EachCompletion
from gene_analogies.results.evaluate import (
    AnsweredQuestion,
    EvaluationDetails,
    EvaluationResult,
    Section,
)
from gene_analogies.results.known import Known, KnownResult
from gene_analogies.results.map import MapResult, Place
from gene_analogies.results.module_members import (
    ItemModule,
    ItemModulesResult,
    Member,
    ModuleMembersResult,
)
from gene_analogies.results.modules import Module, ModulesResult
from gene_analogies.results.pairs import Pair, PairsResult
from gene_analogies.results.pairs_each import EachPair, PairsEachResult
from gene_analogies.results.relation import RelationPairs, RelationResult
from gene_analogies.results.relation_parts import Control, RelationPair, RelationTest
from gene_analogies.results.relations import RelationIn, RelationsResult
from gene_analogies.results.similar import Neighbour, SimilarResult
from gene_analogies.results.similar_each import EachNeighbour, SimilarEachResult
from gene_analogies.results.similar_pairs import (
    Distribution,
    SimilarPair,
    SimilarPairsResult,
)

__all__ = [
    "AgreedPair",
    "AgreementResult",
    "AllAnalogiesResult",
    "AnalogiesResult",
    "Analogy",
    "Answer",
    "AnsweredQuestion",
    "ClusteredPair",
    "ClustersResult",
    "Column",
    "CompleteEachResult",
    "CompleteResult",
    "Completion",
    "Control",
    "Distribution",
    "EachCompletion",
    "EachNeighbour",
    "EachPair",
    "EvaluationDetails",
    "EvaluationResult",
    "Family",
    "Item",
    "ItemModule",
    "ItemModulesResult",
    "Known",
    "KnownResult",
    "MapResult",
    "Member",
    "Module",
    "ModuleMembersResult",
    "ModulesResult",
    "Neighbour",
    "Pair",
    "PairsEachResult",
    "PairsResult",
    "Place",
    "RelationIn",
    "RelationPair",
    "RelationPairs",
    "RelationResult",
    "RelationTest",
    "RelationsResult",
    "Section",
    "SimilarEachResult",
    "SimilarPair",
    "SimilarPairsResult",
    "SimilarResult",
    "TopResult",
]
