"""Embedding files: one module a format, found through `registry`."""
