"""Time: of pair queries, of every question, of long work."""
