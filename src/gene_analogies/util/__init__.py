"""Small helpers that every folder may use, and that know nothing of genes or embeddings."""
