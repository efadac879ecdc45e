"""Items like others, items that complete an analogy, the most similar pairs of items."""
