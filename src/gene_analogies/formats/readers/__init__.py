"""One module a format: what it recognises, reads, and writes."""
