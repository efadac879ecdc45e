"""What several readers share: columns, names, tokens, text, arrays."""
