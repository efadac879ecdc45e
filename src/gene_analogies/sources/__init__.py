"""Where embeddings come from: the built-in one, and the public facts it is built from."""
