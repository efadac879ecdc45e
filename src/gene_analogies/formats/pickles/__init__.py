"""Pickles, read by a machine that runs none of their code."""
