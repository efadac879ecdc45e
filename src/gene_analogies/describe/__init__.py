"""What an embedding is, and what may be wrong with it."""
