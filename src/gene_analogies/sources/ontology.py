"""The Gene Ontology's terms: their names, and what is a kind or a part of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.public_files import existing_file, open_sqlite, read_metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Ontology", "read_ontology"]

# The ontology's namespaces in a word.
_KIND_OF_NAMESPACE = {
    "molecular_function": "function",
    "cellular_component": "component",
    "biological_process": "process",
}
_SHORT = {"MF": "function", "CC": "component", "BP": "process"}
_SQLITE = b"SQLite format 3\0"
# A relation that hands annotations on to the parent, as is_a does.
_PART_OF = "part_of"


@dataclass(frozen=True)
class Ontology:
    """Terms that are not obsolete.

    Attributes
    ----------
    names
        Name of every term, by its id, such as ``GO:0005154``.
    kinds
        ``function``, ``component`` or ``process``, by id.
    parents
        Ids of the parents by is_a and part_of, of the same kind, sorted, by id.
    alternatives
        Today's id of a term, by an id that was merged into it.
    sources
        ``name``, ``date`` and ``licence``.
    """

    names: dict[str, str]
    kinds: dict[str, str]
    parents: dict[str, tuple[str, ...]]
    alternatives: dict[str, str]
    sources: dict[str, Any]

    def ancestors(self) -> dict[str, frozenset[str]]:
        """Return every term with all terms above it, itself included.

        Raises
        ------
        GeneAnalogiesError
            If a term is its own ancestor.
        """
        found: dict[str, frozenset[str]] = {}
        for start in self.names:
            # Parents first, without recursion: a chain may be longer than Python's stack.
            path = [start]
            while path:
                term = path[-1]
                waiting = [parent for parent in self.parents[term] if parent not in found]
                if not waiting or term in found:
                    above = (found[parent] for parent in self.parents[term])
                    found[term] = frozenset({term}.union(*above))
                    path.pop()
                elif waiting[0] in path:
                    raise GeneAnalogiesError(f"{waiting[0]} is its own ancestor in the ontology")
                else:
                    path.append(waiting[0])
        return found


def read_ontology(path: str | Path) -> Ontology:
    """Read the Gene Ontology, in either form.

    Parameters
    ----------
    path
        ``go-basic.obo``, or ``GO.sqlite`` of Bioconductor's GO.db; told apart by the first bytes.

    Raises
    ------
    GeneAnalogiesError
        If the file is missing, damaged or something else.
    """
    path = existing_file(path)
    with path.open("rb") as file:
        start = file.read(len(_SQLITE))
    return _read_sqlite(path) if start == _SQLITE else _read_obo(path)


def _read_sqlite(path: Path) -> Ontology:
    with open_sqlite(path, "GO.db") as rows:
        terms = {
            key: (go_id, name, _SHORT[kind])
            for key, go_id, name, kind in rows("go_term", "_id", "go_id", "term", "ontology")
            if kind in _SHORT  # all but the one that stands above the three roots
        }
        parents: dict[str, set[str]] = {go_id: set() for go_id, _, _ in terms.values()}
        for table in ("go_mf_parents", "go_cc_parents", "go_bp_parents"):
            for key, parent, relation in rows(table, "_id", "_parent_id", "relationship_type"):
                if relation in ("isa", "part of") and parent in terms:
                    parents[terms[key][0]].add(terms[parent][0])
        alternatives = {
            other: terms[key][0]
            for key, other in rows("go_synonym", "_id", "secondary")
            if other is not None and key in terms
        }
        metadata = read_metadata(rows)
    return Ontology(
        {go_id: name for go_id, name, _ in terms.values()},
        {go_id: kind for go_id, _, kind in terms.values()},
        {go_id: tuple(sorted(above)) for go_id, above in parents.items()},
        alternatives,
        _source("GO.db (Bioconductor)", metadata.get("GOSOURCEDATE", "unknown")),
    )


def _read_obo(path: Path) -> Ontology:
    names: dict[str, str] = {}
    kinds: dict[str, str] = {}
    parents: dict[str, set[str]] = {}
    alternatives: dict[str, str] = {}
    for tags in _obo_terms(path):
        if tags.get("is_obsolete") == ["true"]:
            continue
        try:
            (term,), (name,), (namespace,) = tags["id"], tags["name"], tags["namespace"]
            kind = _KIND_OF_NAMESPACE[namespace]
        except (KeyError, ValueError):
            raise GeneAnalogiesError(
                f"{path}: the term {tags.get('id', ['without id'])[0]} needs one id, one name and"
                f" one namespace of {', '.join(_KIND_OF_NAMESPACE)}"
            ) from None
        names[term], kinds[term] = name, kind
        relations = (value.split() for value in tags.get("relationship", ()))
        parents[term] = {
            *tags.get("is_a", ()),
            *(words[1] for words in relations if words[0] == _PART_OF and len(words) > 1),
        }
        alternatives |= dict.fromkeys(tags.get("alt_id", ()), term)
    if not names:
        raise GeneAnalogiesError(f"{path}: expected the Gene Ontology in OBO format (no terms)")
    return Ontology(
        names,
        kinds,
        # Functions are parts of processes; only what is of the same kind is inherited.
        {
            term: tuple(sorted(parent for parent in above if kinds.get(parent) == kinds[term]))
            for term, above in parents.items()
        },
        alternatives,
        _source("Gene Ontology", _obo_release(path)),
    )


def _obo_terms(path: Path) -> Iterator[dict[str, list[str]]]:
    """Yield the tags of every [Term] of an OBO file, comments and modifiers cut off."""
    tags: dict[str, list[str]] | None = None
    for line in _text(path):
        if line.startswith("["):
            if tags:
                yield tags
            tags = {} if line.strip() == "[Term]" else None
        elif tags is not None and ": " in line:
            tag, _, value = line.partition(": ")
            if tag != "name":
                value = re.split(r" [!{]", value, maxsplit=1)[0]
            tags.setdefault(tag, []).append(value.strip())
    if tags:
        yield tags


def _obo_release(path: Path) -> str:
    for line in _text(path):
        if line.startswith("data-version: "):
            return line.removeprefix("data-version: ").strip().rpartition("/")[2]
        if line.startswith("["):
            break
    return "unknown"


def _text(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as lines:
            yield from lines
    except UnicodeDecodeError as error:
        raise GeneAnalogiesError(
            f"{path}: expected the Gene Ontology in OBO format ({error})"
        ) from None


def _source(name: str, date: str) -> dict[str, Any]:
    return {"name": name, "date": date, "licence": "CC BY 4.0"}
