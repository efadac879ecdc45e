"""HDF5, and how AnnData lays out its files in it."""
