"""What is fitted to an embedding: modules, families of pairs, LRCos."""
