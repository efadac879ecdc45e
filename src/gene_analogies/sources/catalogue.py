"""Embeddings that others have published: where they are, and what to cite.

They are listed in ``catalogue.yaml``, which is checked when it is first needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from importlib.resources import files as resources
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar
from urllib.parse import quote

from gene_analogies.errors import GeneAnalogiesError

__all__ = ["Entry", "File", "catalogue", "entry", "parse"]

_HUB: Final = "https://huggingface.co"
_CHECKSUM: Final = re.compile(r"sha256:[0-9a-f]{64}|md5:[0-9a-f]{32}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

T = TypeVar("T", "Entry", "File")


@dataclass(frozen=True)
class File:
    """A file to download, or one out of an archive.

    Attributes
    ----------
    path
        Where it goes, relative to the entry's folder, with ``/`` between folders; in a
        repository it has the same path.
    member
        Its name in the archive; empty where there is no archive.
    bytes
        Its size, where that is known.
    checksum
        ``sha256:`` or ``md5:`` and the digits, where one is known.
    """

    path: str
    member: str = ""
    bytes: int | None = None
    checksum: str | None = None

    def __post_init__(self) -> None:
        _check_path("path", self.path)
        _check_type("member", self.member, str)
        if self.bytes is not None and (type(self.bytes) is not int or self.bytes < 1):
            raise GeneAnalogiesError(f"bytes must be a number of at least 1, not {self.bytes!r}")
        if self.checksum is not None and not _CHECKSUM.fullmatch(str(self.checksum)):
            raise GeneAnalogiesError(
                f"checksum must be sha256: or md5: and its digits, not {self.checksum!r}"
            )


@dataclass(frozen=True)
class Entry:
    """A published embedding.

    Attributes
    ----------
    name
        What it is called here: also the name of its folder.
    title, description
        What it is.
    kind
        Whether its items are genes or words.
    files
        What is needed of it.
    open
        The file or folder to open, relative to the entry's folder.
    licence, citation, homepage
        Its terms, what to cite, and where its makers describe it.
    tried
        Whether its address has been seen to work.
    repository, revision
        A repository of the Hugging Face hub and its commit; elsewhere, whatever names the version.
    address
        Where else the archive is, or the only file.
    archive
        The zip file that the files are taken out of, where there is one.
    size
        How much is downloaded, in words.
    """

    name: str
    title: str
    description: str
    kind: Literal["genes", "words"]
    files: tuple[File, ...]
    open: str
    licence: str
    citation: str
    homepage: str
    tried: bool
    repository: str = ""
    revision: str = ""
    address: str = ""
    archive: File | None = None
    size: str = ""

    def __post_init__(self) -> None:
        for field in ("title", "description", "licence", "citation", "homepage", "open"):
            _check_type(field, getattr(self, field), str)
            if not getattr(self, field):
                raise GeneAnalogiesError(f"{field} is empty")
        for field in ("repository", "revision", "address", "size"):
            _check_type(field, getattr(self, field), str)
        _check_type("tried", self.tried, bool)
        if self.kind not in ("genes", "words"):
            raise GeneAnalogiesError(f"kind must be genes or words, not {self.kind!r}")
        self._check_place()
        self._check_files()
        if not self.size:
            known = self.download_bytes
            if known is None:
                raise GeneAnalogiesError("size must say in words what bytes leaves open")
            object.__setattr__(self, "size", f"{max(1, round(known / 1e6)):,} MB")

    def _check_place(self) -> None:
        if bool(self.repository) == bool(self.address):
            raise GeneAnalogiesError("give either repository or address")
        if self.repository and not _COMMIT.fullmatch(self.revision):
            raise GeneAnalogiesError(
                f"revision must be the commit of the repository, 40 digits, not {self.revision!r}"
            )
        if self.address and not self.address.startswith(("https://", "http://")):
            raise GeneAnalogiesError(f"address must begin with https://, not {self.address!r}")

    def _check_files(self) -> None:
        if not self.files:
            raise GeneAnalogiesError("files is empty")
        if self.archive is not None and self.repository:
            raise GeneAnalogiesError("archive stands beside a repository")
        if any(bool(one.member) != (self.archive is not None) for one in self.files):
            raise GeneAnalogiesError("every file out of an archive, and no other, needs a member")
        if self.address and self.archive is None and len(self.files) > 1:
            raise GeneAnalogiesError("one address without an archive brings one file")
        if self.open != ".":
            _check_path("open", self.open)
            chosen = PurePosixPath(self.open)
            paths = [PurePosixPath(one.path) for one in self.files]
            if not any(path == chosen or chosen in path.parents for path in paths):
                raise GeneAnalogiesError(f"open names no file or folder of it: {self.open!r}")

    @property
    def downloads(self) -> tuple[File, ...]:
        """The files that come over the network."""
        return self.files if self.archive is None else (self.archive,)

    @property
    def download_bytes(self) -> int | None:
        """How much comes over the network; None where that is not known."""
        sizes = [one.bytes for one in self.downloads if one.bytes is not None]
        return sum(sizes) if len(sizes) == len(self.downloads) else None

    def address_of(self, file: File) -> str:
        """Return where one of `downloads` is."""
        if self.address:
            return self.address
        # As huggingface_hub has it: the variable names a mirror.
        hub = os.environ.get("HF_ENDPOINT", "").rstrip("/") or _HUB
        return f"{hub}/{self.repository}/resolve/{self.revision}/{quote(file.path)}"


@cache
def catalogue() -> Mapping[str, Entry]:
    """Return the published embeddings by name, in the order of ``catalogue.yaml``."""
    source = resources("gene_analogies.sources") / "catalogue.yaml"
    return parse(source.read_text(encoding="utf-8"))


def entry(name: str) -> Entry:
    """Return one of the published embeddings.

    Raises
    ------
    GeneAnalogiesError
        If the catalogue holds none of this name.
    """
    known = catalogue()
    if name not in known:
        raise GeneAnalogiesError(
            f"no published embedding is called {name!r}; choose from {', '.join(known)}"
        )
    return known[name]


def parse(text: str) -> Mapping[str, Entry]:
    """Read a catalogue.

    Parameters
    ----------
    text
        YAML: the attributes of an `Entry` under each name; files and archive are mappings.

    Raises
    ------
    GeneAnalogiesError
        If it is no YAML, or an entry lacks a field, has one too many, or a wrong one.
    """
    import yaml

    try:
        # The C parser is there with almost every installation, and ten times faster.
        content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise GeneAnalogiesError(f"the catalogue: expected YAML ({reason})") from None
    found = {}
    for name, values in _mapping(content, "the catalogue").items():
        place = f"catalogue entry {name!r}"
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise GeneAnalogiesError(f"{place}: a name is of a to z, 0 to 9 and single hyphens")
        values = dict(_mapping(values, place))
        listed = values.get("files")
        if not isinstance(listed, list):
            raise GeneAnalogiesError(f"{place}: files must be a list")
        values["files"] = tuple(
            _make(File, one, f"{place}: file {number}") for number, one in enumerate(listed, 1)
        )
        if values.get("archive") is not None:
            values["archive"] = _make(File, values["archive"], f"{place}: archive")
        found[name] = _make(Entry, {"name": name, **values}, place)
    return MappingProxyType(found)


def _make(kind: type[T], values: object, place: str) -> T:
    """Make a dataclass of a mapping; its own complaints get the place in front."""
    given = _mapping(values, place)
    known = {field.name: field.default is MISSING for field in fields(kind)}
    for name in given:
        if name not in known:
            raise GeneAnalogiesError(
                f"{place}: there is no field {name!r}; choose from {', '.join(known)}"
            )
    for name, required in known.items():
        if required and name not in given:
            raise GeneAnalogiesError(f"{place}: the field {name} is missing")
    try:
        return kind(**given)
    except GeneAnalogiesError as error:
        raise GeneAnalogiesError(f"{place}: {error}") from None


def _mapping(values: object, place: str) -> Mapping[Any, Any]:
    if not isinstance(values, dict):
        raise GeneAnalogiesError(f"{place}: expected names with values, not {values!r}")
    return values


def _check_type(field: str, value: object, kind: type) -> None:
    if not isinstance(value, kind):
        expected = "text" if kind is str else "true or false"
        raise GeneAnalogiesError(f"{field} must be {expected}, not {value!r}")


def _check_path(field: str, value: object) -> None:
    """Refuse a path that leads out of the entry's folder."""
    path = PurePosixPath(str(value))
    if (
        not isinstance(value, str)
        or not path.parts
        or path.is_absolute()
        or ".." in path.parts
        or "\\" in value
        or ":" in value
    ):
        raise GeneAnalogiesError(f"{field} must stay within the entry's folder, not {value!r}")
