"""Peak memory, each in a process of its own."""
