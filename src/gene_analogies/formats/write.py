"""What the formats that are written share: checks of texts, and the provenance."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["check_annotations", "check_texts", "provenance_from", "provenance_text"]


def check_annotations(
    annotations: Mapping[str, Sequence[str]], count: int, taken: Collection[str]
) -> None:
    """Refuse annotations that are not one text an item, or called as something else in the file.

    Raises
    ------
    GeneAnalogiesError
        That names the annotation.
    """
    for key, values in annotations.items():
        if key in taken:
            raise GeneAnalogiesError(
                f"no annotation can be called {key!r}: the file has something else of this name"
            )
        if len(values) != count:
            raise GeneAnalogiesError(
                f"annotation {key!r} must hold {count} texts, one an item, not {len(values)}"
            )


def check_texts(what: str, texts: Iterable[str]) -> None:
    """Refuse texts that files do not give back: a NUL ends them, or UTF-8 cannot hold them.

    Raises
    ------
    GeneAnalogiesError
        That names ``what`` and the text.
    """
    for text in texts:
        try:
            fits = b"\0" not in text.encode()
        except UnicodeEncodeError:
            fits = False
        if not fits:
            raise GeneAnalogiesError(f"{what} holds {text!r}, which a file cannot; rename it")


def provenance_text(provenance: Mapping[str, Any]) -> str:
    """Return a provenance as JSON."""
    return json.dumps(dict(provenance), ensure_ascii=False, default=str)


def provenance_from(text: str | bytes) -> dict[str, Any]:
    """Return the entry for `Contents.details` of a provenance in a file; empty where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {"provenance": found} if isinstance(found, dict) else {}
