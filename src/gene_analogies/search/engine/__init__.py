"""What all kernels share: compilation, threads, heaps, norms, products."""
