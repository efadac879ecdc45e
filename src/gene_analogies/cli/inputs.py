"""What a command reads, so that it writes over none of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gene_analogies.cli.output import is_stdout
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.folders import user_path

if TYPE_CHECKING:
    from gene_analogies.cli.embedding_options import Choice
    from gene_analogies.embedding import Embedding

__all__ = ["Inputs", "inputs_of"]

#: Files that readers take together: the projector's, and those of a model.
_TOGETHER: Final = (
    re.compile(r"(.*[_.-])?(tensors|vectors|metadata)\.tsv(\.gz)?"),
    re.compile(
        r"(model|pytorch_model|best_model)\.(safetensors|bin|pt)|(config|args|vocab)\.json"
        r"|token_dictionary.*"
    ),
)


@dataclass(frozen=True)
class Inputs:
    """The files and folders that a command reads.

    Attributes
    ----------
    source
        The file or folder of the embedding; None for a built-in one.
    others
        Other files that were named: of names, of an order.
    names
        What the file of names beside the source is called, as far as that is known.
    """

    source: Path | None
    others: tuple[Path, ...]
    names: str = ""

    def having_read(self, embedding: Embedding) -> Inputs:
        """Return these inputs, with the file of names that the reader found beside the source."""
        return replace(self, names=str(embedding.provenance.get("names", "")))

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
        place = Path(os.path.realpath(target))
        for read in (*self._all(), *filter(None, more)):
            if not read.exists():
                continue
            if read.samefile(place):
                raise GeneAnalogiesError(f"{target} is read, too: write elsewhere")
            if Path(os.path.realpath(read)).is_relative_to(place):
                raise GeneAnalogiesError(f"{target} holds {read}, which is read: write elsewhere")
            if read.is_dir() and place.is_relative_to(os.path.realpath(read)):
                raise GeneAnalogiesError(f"{target} lies in {read}, which is read: write elsewhere")

    def _all(self) -> Iterator[Path]:
        yield from self.others
        if self.source is None:
            return
        yield self.source
        is_folder = self.source.is_dir()
        with suppress(OSError):  # a folder that cannot be listed
            for one in (self.source if is_folder else self.source.parent).iterdir():
                if is_folder or one.name == self.names or _belongs(one.name, self.source.name):
                    yield one


def _belongs(name: str, source: str) -> bool:
    """Whether a file is read with the one of the source, beside it."""
    if name.startswith(f"{source}.") and name.endswith(".npy"):  # gensim's
        return True
    return any(one.fullmatch(name) and one.fullmatch(source) for one in _TOGETHER)


def inputs_of(choice: Choice) -> Inputs:
    """Return what the options name; a name in the catalogue stands for its files.

    Parameters
    ----------
    choice
        The embedding that a command was told to use.

    Raises
    ------
    GeneAnalogiesError
        If there is no such embedding.
    """
    from gene_analogies.loading.read import find_source

    named = (choice.options.get("names"), choice.options.get("order"), choice.among)
    others = tuple(user_path(one) for one in named if isinstance(one, (str, Path)))
    return Inputs(find_source(choice.place()), others)
