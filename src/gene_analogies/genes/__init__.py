"""Gene identifiers: the offline table, how a name is resolved, links."""
