"""Where an answer came from: the embedding, the version, and what repeats it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gene_analogies._version import __version__

if TYPE_CHECKING:
    from gene_analogies.embedding import Embedding

__all__ = ["Origin"]


@dataclass(frozen=True, eq=False)
class Origin:
    """Where an answer came from; what it says has no date, so that it can be repeated.

    Attributes
    ----------
    embeddings
        Those that were asked; none where the answer needs none.
    call
        The Python call that repeats it; None where its arguments are no plain values.
    command
        The command that repeats it, if it came from the command line or the shell.
    """

    embeddings: tuple[Embedding, ...] = ()
    call: str | None = None
    command: str | None = None

    def __getstate__(self) -> dict[str, Any]:
        # A copy says the same, and holds no vectors.
        return {**vars(self), "described": self.described, "embeddings": ()}

    @cached_property
    def described(self) -> list[dict[str, Any]]:
        """What each embedding is, for JSON; the SHA-256 is of its names and vectors."""
        return [
            {
                "name": one.label,
                "source": str(one.provenance.get("source", "")),
                "about": str(one.provenance.get("title") or one.provenance.get("format") or ""),
                "items": len(one),
                "dimension": one.dimension,
                "steps": [str(step) for step in one.provenance.get("steps") or ()],
                "sha256": one.sha256,
            }
            for one in self.embeddings
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """The same for JSON: embeddings, version, and the command or else the call."""
        repeats = {"command": self.command} if self.command else {"call": self.call}
        return {"embeddings": self.described, "version": __version__, **repeats}

    @property
    def repeats(self) -> str:
        """The command or the call that repeats the answer; empty where there is none."""
        return self.command or self.call or ""

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for each embedding, and one for the version."""
        return (*map(_embedding_line, self.described), f"made by gene-analogies {__version__}")


def _embedding_line(about: dict[str, Any]) -> str:
    parts = [f"{about['items']:,} items × {about['dimension']}", about["about"], *about["steps"]]
    what = "; ".join(part for part in parts if part)
    return f"embedding: {about['name']} ({what}), SHA-256 {about['sha256']}"
