"""One file over HTTP: a download that broke goes on where it stopped, in a later run too."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from gene_analogies._version import __version__
from gene_analogies.util import extras
from gene_analogies.util.progress import Progress

__all__ = ["Resuming", "reason_of"]

_BLOCK: Final = 2**16
#: Seconds to wait for a connection, and for the next bytes.
_TIMEOUT: Final = (15, 60)


class Resuming:
    """A downloader for `pooch.retrieve` that keeps what came of a file, and asks for the rest.

    Beside the file ``part`` lies ``part.version``: the ETag, or the date, by which the server
    tells whether it still has the same file (``If-Range``). A server that has another one, or
    cannot send a part, sends all of it again.

    Parameters
    ----------
    part
        Where the bytes are kept until all are there.
    size
        How many there must be, where that is known.
    headers
        Further headers of the request.
    progress
        Told how far it is.
    """

    def __init__(
        self,
        part: Path,
        *,
        size: int | None = None,
        headers: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._part = part
        self._version = part.with_name(f"{part.name}.version")
        self._size = size
        self._headers = {
            "User-Agent": f"gene-analogies/{__version__}",
            **(headers or {}),
            # Of bytes that are packed for the way, none can be left out.
            "Accept-Encoding": "identity",
        }
        self._progress = progress
        self._requests = extras.require("requests", "fetch", "downloading")

    def __call__(self, url: str, output_file: str, pooch: object) -> None:  # noqa: ARG002 - pooch's
        """Download ``url`` to ``output_file``, where it is moved when it is whole.

        Raises
        ------
        OSError
            If that fails, as those of requests are; what came is kept.
        """
        most = self._there()
        while True:
            try:
                self._ask(url)
                break
            except (self._requests.ConnectionError, self._requests.Timeout):
                # As long as more comes each time, it is worth asking again.
                if self._there() <= most:
                    raise
                most = self._there()
        self._part.replace(output_file)
        self._version.unlink(missing_ok=True)

    def _there(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _ask(self, url: str) -> None:
        """Ask once for what is missing, and append what comes."""
        there = self._there()
        version = self._version.read_text(encoding="utf-8") if self._version.exists() else ""
        part = {"Range": f"bytes={there}-", "If-Range": version} if there and version else {}
        with self._requests.get(
            url, headers={**self._headers, **part}, stream=True, timeout=_TIMEOUT
        ) as response:
            if part and not _fits(response, there):
                self._part.unlink()
                self._ask(url)
                return
            response.raise_for_status()
            is_part = response.status_code == HTTPStatus.PARTIAL_CONTENT
            self._keep(response, there if is_part else 0)

    def _keep(self, response: Any, there: int) -> None:  # noqa: ANN401 - requests has no types
        """Write what comes after the bytes that are there."""
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise OSError("a web page came in place of the file")
        version, total = _version_of(response), _total_of(response, there)
        if self._size and total not in (0, self._size):
            raise OSError(f"{total:,} bytes are offered, not {self._size:,}")
        with self._part.open("ab" if there else "wb") as file:
            self._version.write_text(version, encoding="utf-8")
            try:
                for block in response.iter_content(_BLOCK):
                    file.write(block)
                    there += len(block)
                    if self._progress is not None:
                        self._progress(there, total)
            except self._requests.exceptions.ChunkedEncodingError:
                raise self._requests.ConnectionError(
                    f"the connection ended after {there:,} bytes"
                ) from None
        if there < total:
            raise self._requests.ConnectionError(f"the connection ended after {there:,} bytes")


def _fits(response: Any, there: int) -> bool:  # noqa: ANN401
    """Tell whether the answer goes on after the bytes that are there, or is the whole file."""
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        return str(response.headers.get("Content-Range", "")).startswith(f"bytes {there}-")
    return bool(response.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)


def _version_of(response: Any) -> str:  # noqa: ANN401
    """Return what names this version of the file; empty where nothing does."""
    if _is_packed(response):
        return ""
    tag = str(response.headers.get("ETag", ""))
    # A weak tag stands for files that are alike, not for the same bytes.
    return tag if tag.startswith('"') else str(response.headers.get("Last-Modified", ""))


def _total_of(response: Any, there: int) -> int:  # noqa: ANN401
    """Return how many bytes the whole file has; 0 where the server does not say."""
    length = "" if _is_packed(response) else str(response.headers.get("Content-Length", ""))
    return there + int(length) if length.isdecimal() else 0


def _is_packed(response: Any) -> bool:  # noqa: ANN401
    return bool(response.headers.get("Content-Encoding", "identity") != "identity")


def reason_of(error: BaseException) -> str:
    """Say in a few words why a download failed.

    Parameters
    ----------
    error
        What requests or the system raised; of an error within an error, the innermost tells most.
    """
    response = getattr(error, "response", None)
    if response is not None:
        return f"HTTP {response.status_code} {response.reason}".rstrip()
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, OSError) and str(inner):
            error = inner
        inner = inner.__cause__ or (None if inner.__suppress_context__ else inner.__context__)
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return " ".join(reason.split())[:200] or type(error).__name__
