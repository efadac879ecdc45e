"""The server: the questions of spaces that are loaded once, over HTTP."""
