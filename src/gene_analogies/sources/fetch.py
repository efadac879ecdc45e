"""Downloads of published embeddings into the user's data folder."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.sources.catalogue import Entry, File, entry
from gene_analogies.sources.download import Resuming, reason_of
from gene_analogies.util import extras
from gene_analogies.util.folders import data_folder
from gene_analogies.util.progress import Progress
from gene_analogies.util.regular_files import check_regular
from gene_analogies.util.whole_files import whole_file

__all__ = ["ensure", "fetch", "fetched_path"]

_logger = logging.getLogger(__name__)

#: Beside the files of an entry: what they are, their sizes, times and SHA-256.
_RECORD: Final = "fetched.json"


class _WrongFileError(Exception):
    """A file that is not the one the catalogue means."""


def fetched_path(name: str) -> Path | None:
    """Return the file or folder to open of a published embedding that is already here.

    Files that were put into place by hand count as soon as all are there; they are verified once,
    and again when their size or time changes: by the catalogue, or else by what they were before.

    Parameters
    ----------
    name
        A name in the catalogue.

    Returns
    -------
    Path or None
        None where a file is missing.

    Raises
    ------
    GeneAnalogiesError
        If the catalogue holds no such name, or a file is another than the catalogue means.
    """
    chosen = entry(name)
    folder = data_folder() / name
    if not all((folder / one.path).is_file() for one in chosen.files):
        return None
    recorded = _recorded(chosen, folder)
    try:
        if all(_is_untouched(folder / one.path, recorded.get(one.path)) for one in chosen.files):
            return folder / chosen.open
        seen = {
            one.path: _verify(folder / one.path, one, recorded.get(one.path, {}).get("sha256"))
            for one in chosen.files
        }
    except _WrongFileError as error:
        raise GeneAnalogiesError(
            f"{error}; remove it, or run `gene-analogies fetch {name} --force`"
        ) from None
    except OSError as error:
        raise GeneAnalogiesError(f"{error.filename} cannot be read: {error.strerror}") from None
    with suppress(OSError):
        # Where nothing can be written, the files are verified each time.
        _record(chosen, folder, seen)
    return folder / chosen.open


def fetch(name: str, *, progress: Progress | None = None, force: bool = False) -> Path:
    """Download a published embedding, unless it is here already.

    A download that broke goes on where it stopped. Files come to their place only when they are
    whole and verified; ``fetched.json`` beside them tells from where and when they came.

    Parameters
    ----------
    name
        A name in the catalogue.
    progress
        Called with the bytes that are there and with all of them, 0 where that is not known.
    force
        Download it even if it is here.

    Returns
    -------
    Path
        The file or folder to open.

    Raises
    ------
    GeneAnalogiesError
        If the catalogue holds no such name; if it cannot be downloaded, with what to download by
        hand and where to put it; or if what came is another file than the catalogue means.
    MissingExtraError
        If the libraries that download are not installed.
    """
    chosen = entry(name)
    here = None if force else fetched_path(name)
    if here is not None:
        return here
    folder, staging = data_folder() / name, data_folder() / f".part-{name}"
    try:
        with _alone(name):
            # Another process may have fetched it while this one waited.
            here = None if force else fetched_path(name)
            if here is None:
                _download(chosen, staging, progress)
                _install(chosen, staging, folder)
    except _WrongFileError as error:
        raise GeneAnalogiesError(f"{chosen.name}: {error}; it was deleted") from None
    except OSError as error:
        # Only what the system says of files has a number here; requests wraps the rest.
        if error.errno is None:
            go_on = "run it again to go on, or " if any(staging.rglob("*.part")) else ""
            raise GeneAnalogiesError(
                f"{chosen.name} could not be downloaded from {_host(chosen)}"
                f" ({reason_of(error)}); {go_on}{_by_hand(chosen)}"
            ) from None
        # What stands where a folder is to be made.
        in_the_way = isinstance(error, FileExistsError)
        reason = f"{error.filename} is a file, not a folder" if in_the_way else error.strerror
        raise GeneAnalogiesError(
            f"{chosen.name} could not be kept in {data_folder()}: {reason}"
        ) from None
    return folder / chosen.open


def ensure(
    name: str,
    *,
    yes: bool = False,
    ask: Callable[[str], bool] | None = None,
    progress: Progress | None = None,
) -> Path:
    """Return a published embedding, downloaded only if the user agrees.

    Parameters
    ----------
    name
        A name in the catalogue.
    yes
        Whether the user has agreed already.
    ask
        Puts a question to the user; without it nobody is asked.
    progress
        As in :func:`fetch`.

    Returns
    -------
    Path
        The file or folder to open.

    Raises
    ------
    GeneAnalogiesError
        If it is not here and not agreed to, and whatever :func:`fetch` raises.
    """
    here = fetched_path(name)
    if here is not None:
        return here
    chosen = entry(name)
    question = f"{chosen.title} is not here. Download {chosen.size} from {_host(chosen)}?"
    if yes or (ask is not None and ask(question)):
        return fetch(name, progress=progress)
    raise GeneAnalogiesError(
        f"{name} is not downloaded; run `gene-analogies fetch {name}`, or add --yes"
    )


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Keep other processes from fetching the same; they wait."""
    filelock = extras.require("filelock", "fetch", f"downloading {name}")
    data_folder().mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(data_folder() / f".{name}.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        _logger.warning("another process is downloading %s; waiting for it", name)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _download(chosen: Entry, staging: Path, progress: Progress | None) -> None:
    """Bring what comes over the network into a folder of its own; a file there is whole."""
    pooch = extras.require("pooch", "fetch", f"downloading {chosen.name}")
    hub = None
    if chosen.repository:
        hub = extras.require("huggingface_hub", "fetch", f"downloading {chosen.name}")
    before = 0
    for one in chosen.downloads:
        target = staging / one.path
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        headers = {}
        if hub is not None:
            _copy_from_cache(hub, chosen, one, target)
            headers = _hub_headers(hub)
        downloader = Resuming(
            part, size=one.bytes, headers=headers, progress=_shifted(progress, before, chosen)
        )
        with _quiet(pooch.get_logger()):
            try:
                # What is whole and right already, from an earlier try, is not asked for again.
                pooch.retrieve(
                    chosen.address_of(one),
                    one.checksum,
                    fname=target.name,
                    path=target.parent,
                    downloader=downloader,
                )
            except ValueError as error:
                if isinstance(error, OSError):
                    raise
                # pooch names both checksums, and has deleted the file.
                raise GeneAnalogiesError(f"{chosen.name}: {error}") from None
        before += target.stat().st_size


def _hub_headers(hub: Any) -> dict[str, str]:  # noqa: ANN401 - a module
    """Return what names the user to the hub, which lets known users download more."""
    token = hub.get_token()
    return {"Authorization": f"Bearer {token}"} if token else {}


def _copy_from_cache(hub: Any, chosen: Entry, file: File, target: Path) -> None:  # noqa: ANN401
    """Take a file that other programs have downloaded from the hub."""
    cached = hub.try_to_load_from_cache(chosen.repository, file.path, revision=chosen.revision)
    if isinstance(cached, str) and not target.exists():
        with whole_file(target) as part:
            shutil.copyfile(cached, part)


def _shifted(progress: Progress | None, before: int, chosen: Entry) -> Progress | None:
    """Let the files of an entry count as one."""
    if progress is None:
        return None
    whole = chosen.download_bytes
    return lambda done, total: progress(before + done, whole or (before + total if total else 0))


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Keep a library's notes on what it does off standard error."""
    level = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(level)


def _install(chosen: Entry, staging: Path, folder: Path) -> None:
    """Verify what was downloaded, move it to its place, and say so in the record."""
    if chosen.archive is not None:
        _unpack(chosen, staging / chosen.archive.path, staging)
    seen = {}
    for one in chosen.files:
        try:
            seen[one.path] = _verify(staging / one.path, one)
        except _WrongFileError:
            (staging / one.path).unlink()
            raise
    (folder / _RECORD).unlink(missing_ok=True)
    for one in chosen.files:
        (folder / one.path).parent.mkdir(parents=True, exist_ok=True)
        (staging / one.path).replace(folder / one.path)
    _record(chosen, folder, seen)
    shutil.rmtree(staging, ignore_errors=True)


def _unpack(chosen: Entry, archive: Path, staging: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            for one in chosen.files:
                target = staging / one.path
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(one.member) as source, target.open("wb") as file:
                    shutil.copyfileobj(source, file, 2**20)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError) as error:
        archive.unlink()
        reason = " ".join(str(error).strip('"').split())
        raise _WrongFileError(
            f"{archive.name} is no zip file with the right members ({reason})"
        ) from None


def _verify(path: Path, file: File, before: str | None = None) -> dict[str, Any]:
    """Compare a file with the catalogue, or else with its SHA-256 before; describe it."""
    state, digest = path.stat(), _digest(path, "sha256")
    if file.bytes not in (None, state.st_size):
        raise _WrongFileError(f"{path} has {state.st_size:,} bytes, not {file.bytes:,}")
    if file.checksum is not None:
        algorithm, _, expected = file.checksum.partition(":")
        found = digest if algorithm == "sha256" else _digest(path, algorithm)
        if found != expected:
            raise _WrongFileError(f"{path} has the {algorithm} {found}, not {expected}")
    elif before not in (None, digest):
        raise _WrongFileError(f"{path} has the sha256 {digest}, not {before} as in {_RECORD}")
    return {"bytes": state.st_size, "modified": state.st_mtime_ns, "sha256": digest}


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def _source(chosen: Entry) -> dict[str, str]:
    """Return what tells this version of an entry from others."""
    address = chosen.address or f"hub:{chosen.repository}"
    return {"name": chosen.name, "address": address, "revision": chosen.revision}


def _record(chosen: Entry, folder: Path, seen: dict[str, dict[str, Any]]) -> None:
    """Write what the files in a folder are, whole or not at all."""
    content = {
        **_source(chosen),
        "licence": chosen.licence,
        "citation": chosen.citation,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": seen,
    }
    with whole_file(folder / _RECORD) as part:
        part.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _recorded(chosen: Entry, folder: Path) -> dict[str, dict[str, Any]]:
    """Return what the record says of every file; nothing if it is broken or of another version."""
    try:
        content = json.loads(check_regular(folder / _RECORD).read_text("utf-8"))
        source = {field: content[field] for field in _source(chosen)}
        files = {path: dict(one) for path, one in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return files if source == _source(chosen) else {}


def _is_untouched(path: Path, recorded: dict[str, Any] | None) -> bool:
    """Tell whether a file has the size and the time that it had when it was verified."""
    state = path.stat()
    return recorded is not None and (state.st_size, state.st_mtime_ns) == (
        recorded.get("bytes"),
        recorded.get("modified"),
    )


def _host(chosen: Entry) -> str:
    return str(urlsplit(chosen.address_of(chosen.downloads[0])).hostname)


def _by_hand(chosen: Entry) -> str:
    """Say what to download by hand, and where to put it."""
    folder = data_folder() / chosen.name
    files = [
        f"{one.member} of {chosen.address} at {folder / one.path}"
        if one.member
        else f"{chosen.address_of(one)} at {folder / one.path}"
        for one in chosen.files
    ]
    return f"download by hand, and put {', '.join(files)} (see {chosen.homepage})"
