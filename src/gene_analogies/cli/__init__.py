"""The `gene-analogies` command: a thin layer over the library."""
