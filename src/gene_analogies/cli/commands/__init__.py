"""One command a file; each asks a public method of the library."""
