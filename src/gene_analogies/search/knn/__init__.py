"""The neighbour index, its cache, and the bounds that follow from it."""
