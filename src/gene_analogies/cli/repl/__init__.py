"""The REPL of the command ``shell``: its session, its grammar, its prompt."""
