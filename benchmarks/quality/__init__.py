"""How true the answers are."""
