"""The files a command reads, which it must not overwrite."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gene_analogies.cli.output import is_stdout
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.folders import user_path

if TYPE_CHECKING:
    from gene_analogies.cli.embedding_options import Choice
    from gene_analogies.embedding import Embedding

__all__ = ["Inputs", "inputs_of"]


@dataclass(frozen=True)
class Inputs:
    """The files and folders that a command reads.

    Attributes
    ----------
    source
        The file or folder of the embedding; None for a built-in one.
    others
        Other files: of names, of an order, and what the reader found beside the source.
    """

    source: Path | None
    others: tuple[Path, ...]

    def having_read(self, embedding: Embedding) -> Inputs:
        """Return these inputs with all files that the embedding was read from."""
        return replace(self, others=(*self.others, *embedding.files))

    def check(self, target: str | Path | None, *more: Path | None) -> None:
        """Refuse to write where something is read.

        Parameters
        ----------
        target
            The file or folder to write; None for standard output.
        more
            What else is read.

        Raises
        ------
        GeneAnalogiesError
            If the target is read, lies in a folder that is read, or holds something that is.
        """
        if target is None or is_stdout(Path(target)) or not Path(target).exists():
            return
        real = Path(os.path.realpath(target))
        for read in filter(None, (*self.others, self.source, *more)):
            if not read.exists():
                continue
            if read.samefile(real):
                raise GeneAnalogiesError(f"{target} is read, too: write elsewhere")
            if Path(os.path.realpath(read)).is_relative_to(real):
                raise GeneAnalogiesError(f"{target} holds {read}, which is read: write elsewhere")
            if read.is_dir() and real.is_relative_to(os.path.realpath(read)):
                raise GeneAnalogiesError(f"{target} lies in {read}, which is read: write elsewhere")


def inputs_of(choice: Choice) -> Inputs:
    """Return what the options name; a name in the catalogue stands for its files.

    Parameters
    ----------
    choice
        The embedding that a command uses.

    Raises
    ------
    GeneAnalogiesError
        If there is no such embedding.
    """
    named = (choice.options.get("names"), choice.options.get("order"), choice.among)
    others = tuple(user_path(path) for path in named if isinstance(path, (str, Path)))
    return Inputs(choice.located.path, others)
