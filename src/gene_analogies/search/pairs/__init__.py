"""Pairs with the same relation: the best pairs for one direction."""
