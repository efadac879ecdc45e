"""Long work in blocks: on one machine or many, and it goes on where it was stopped."""

from __future__ import annotations

from gene_analogies.runs.driver import expected_seconds, run
from gene_analogies.runs.job import Arrays, Estimate, Job

__all__ = ["Arrays", "Estimate", "Job", "expected_seconds", "run"]
