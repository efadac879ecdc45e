"""Benchmarks against peers and floors; each prints a table."""
