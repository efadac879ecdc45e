"""The one door for sources: what a name, a path or an object means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.builtin import builtin_names
from gene_analogies.util.folders import user_path

if TYPE_CHECKING:
    from anndata import AnnData
    from numpy.typing import ArrayLike
    from pandas import DataFrame

__all__ = ["Loadable", "Located", "locate"]


@dataclass(frozen=True)
class Located:
    """A source, found: a file or folder, an object in memory, or else a built-in embedding.

    Attributes
    ----------
    label
        What the provenance and errors call it; the name of a built-in embedding.
    path
        The file or folder, if it is one.
    adata
        The AnnData object, if it is one.
    frame
        The data frame, if it is one.
    arrays
        Names and vectors, if it is these.
    """

    label: str
    path: Path | None = None
    adata: AnnData | None = None
    frame: DataFrame | None = None
    arrays: tuple[Sequence[str], ArrayLike] | None = None

    @property
    def is_built_in(self) -> bool:
        """Whether it is a built-in embedding."""
        return all(one is None for one in (self.path, self.adata, self.frame, self.arrays))


#: What can be loaded.
Loadable: TypeAlias = "str | Path | AnnData | DataFrame | tuple[Sequence[str], ArrayLike] | Located"


def locate(source: Loadable, *, obtain: Callable[[str], Path] | None = None) -> Located:
    """Find what a source means.

    Parameters
    ----------
    source
        A path, a name, an AnnData object, a data frame, or names and an array; what has been
        located is returned as it is. Built-in names win over files, files over names of published
        embeddings.
    obtain
        Returns the path of a published embedding, given its name; it may ask the user whether to
        download it. Unless given, nothing is downloaded.

    Raises
    ------
    GeneAnalogiesError
        If it is none of these, or a published embedding that has not been downloaded.
    """
    if isinstance(source, Located):
        return source
    if not isinstance(source, (str, Path)):
        return _object(source)
    label = str(source)
    if isinstance(source, Path):
        return Located(label, user_path(source))
    if not source.strip():
        raise GeneAnalogiesError("source is empty; give a path or a name")
    if source in builtin_names():
        return Located(label)
    path = user_path(source)
    if not path.exists():
        path = _published(source, path, obtain)
    return Located(label, path)


def _object(source: Any) -> Located:  # noqa: ANN401 - told apart by what it has
    kind = type(source).__name__
    if hasattr(source, "obsm") and hasattr(source, "varm"):
        return Located(f"{kind} in memory", adata=source)
    if hasattr(source, "iloc") and hasattr(source, "columns"):
        return Located(f"{kind} in memory", frame=source)
    if isinstance(source, tuple) and len(source) == 2:
        return Located("arrays in memory", arrays=source)
    raise GeneAnalogiesError(
        "source must be a path, a name, an AnnData object, a pandas DataFrame or a tuple"
        f" (names, array), not a {kind}"
    )


def _published(name: str, path: Path, obtain: Callable[[str], Path] | None) -> Path:
    """Return the file or folder of a published embedding; ``path`` is where none of the name is."""
    from gene_analogies.sources.catalogue import catalogue
    from gene_analogies.sources.fetch import ensure

    if name in catalogue():
        return (obtain or ensure)(name)
    known = (*builtin_names(), *catalogue())
    beside = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
    near = get_close_matches(path.name, [*beside, *known], n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else f"names are {', '.join(known)}"
    raise GeneAnalogiesError(
        f"there is no file or folder {name!r}, nor a known embedding of this name; {hint}"
    )
