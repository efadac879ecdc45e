"""From a name, a file or an object to an embedding that can be asked questions."""
