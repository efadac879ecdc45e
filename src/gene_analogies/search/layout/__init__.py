"""Maps: places in a plane for all items, so that neighbours lie together."""
