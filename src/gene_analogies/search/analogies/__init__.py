"""The best analogies of one item, of every item, and of all."""
