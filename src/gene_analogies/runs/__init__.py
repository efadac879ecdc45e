"""Long work in blocks, on one machine or many, which can be interrupted and resumed."""

from __future__ import annotations

from gene_analogies.runs.driver import run
from gene_analogies.runs.job import Arrays, Estimate, Job

__all__ = ["Arrays", "Estimate", "Job", "run"]
