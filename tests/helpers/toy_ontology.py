"""A small ontology, and what the genes of the toy facts are annotated with."""

from __future__ import annotations

__all__ = ["ANNOTATIONS", "DOMAINS", "KIND_OF", "TERMS", "with_ancestors"]

# A small ontology: id, kind, name, parents by is_a, parents by part_of.
TERMS = (
    ("GO:0003674", "function", "molecular_function", (), ()),
    ("GO:0005102", "function", "signaling receptor binding", ("GO:0003674",), ()),
    # Parts of a process inherit nothing from it: it is of another kind.
    ("GO:0005125", "function", "cytokine activity", ("GO:0005102",), ("GO:0008150",)),
    ("GO:0005154", "function", "EGF receptor binding", ("GO:0005102",), ()),
    ("GO:0005575", "component", "cellular_component", (), ()),
    ("GO:0005886", "component", "plasma membrane", ("GO:0005575",), ()),
    ("GO:0016323", "component", "basolateral plasma membrane", (), ("GO:0005886",)),
    ("GO:0008150", "process", "biological_process", (), ()),
)
# Entrez number, GO id, evidence; as one has them, not what follows.
ANNOTATIONS = (
    (1956, "GO:0005154", "IPI"),
    (1956, "GO:0005154", "IEA"),
    (1956, "GO:0016323", "IDA"),
    (7124, "GO:0005125", "IDA"),
    (7124, "GO:0016323", "IEA"),
    (7124, "GO:0008150", "ND"),
)
DOMAINS = ((1956, "PF07714"), (7124, "PF00229"), (8653, None))
_UP = {term: (*is_a, *part_of) for term, _, _, is_a, part_of in TERMS}
KIND_OF = {term: kind for term, kind, *_ in TERMS}


def with_ancestors(term: str) -> set[str]:
    """Return a toy term and all above it of its kind."""
    above = (with_ancestors(parent) for parent in _UP[term] if KIND_OF[parent] == KIND_OF[term])
    return {term}.union(*above)
