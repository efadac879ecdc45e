"""The command line in a process of its own, and a small space to ask."""

from pathlib import Path

import numpy as np

import gene_analogies
from gene_analogies import Embedding, Space

SOURCE = Path(gene_analogies.__file__).parents[1]
RUN = "from gene_analogies.cli.main import main; main()"


def small_space():
    """Ligands and receptors, the ligand always the same step beside its receptor; and a colon."""
    pairs = [("EGF", "EGFR"), ("HGF", "MET"), ("INS", "INSR"), ("NGF", "NTRK1")]
    receptors = np.hstack([np.eye(5), np.zeros((5, 1))])
    names = [name for pair in pairs for name in pair] + ["HLA:A"]
    rows = [row for base in receptors[:4] for row in (base + np.eye(6)[5], base)]
    return Space(Embedding(names, np.array([*rows, receptors[4]])))
