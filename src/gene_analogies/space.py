"""A space: an embedding that can be asked questions."""

from __future__ import annotations

from gene_analogies.questions.analogies import Analogies
from gene_analogies.questions.cluster import Cluster
from gene_analogies.questions.each import Each
from gene_analogies.questions.evaluate import Evaluate
from gene_analogies.questions.map import Map
from gene_analogies.questions.modules import Modules
from gene_analogies.questions.relation import Relation
from gene_analogies.questions.top import Top
from gene_analogies.util.arguments import Metric, Operation

__all__ = ["Metric", "Operation", "Space"]


class Space(Each, Analogies, Top, Evaluate, Modules, Cluster, Relation, Map):
    """An embedding that can be asked questions.

    Parameters
    ----------
    embedding
        The items and their vectors.
    genes
        Known genes, by which names are found and answers described; the packaged tables of
        human and mouse genes unless given, and none with ``genes=None``.
    keep_index
        Whether to keep the neighbour index in the user's cache folder.
    progress
        Called with (rows done, n) while the neighbour index is built.
    """
