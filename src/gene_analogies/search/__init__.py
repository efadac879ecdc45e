"""The questions, one file each, over a shared neighbour index and kernels."""
