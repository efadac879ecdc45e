"""The REPL of the command ``shell``: its session, its parsers, its prompt."""
