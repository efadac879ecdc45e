"""A web server on the loopback that breaks connections when it is told to."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass
class Page:
    """A file that the server has, and how it misbehaves with it."""

    content: bytes
    #: After how many bytes the next connections break.
    cuts: list[int] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"one"'})
    ranges: bool = True
    length: bool = True
    #: How far a part begins from where it should.
    shift: int = 0
    #: Set while it may answer.
    open: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.open.set()


class Site:
    """Serves `pages` by their paths, and remembers what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *args: object) -> None:  # noqa: ARG002
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def ranges(self) -> list[str | None]:
        """The Range header of every request."""
        return [headers.get("Range") for _, headers in self.requests]

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Refuse connections from now on."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.requests.append((handler.path, dict(handler.headers)))
        handler.close_connection = True
        page = self.pages.get(handler.path, Page(b"no such page", status=404))
        page.open.wait(30)
        first = self._first(handler, page)
        partial = first > 0
        if partial and first >= len(page.content):
            handler.send_response(416)
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        body = page.content[first:]
        handler.send_response(206 if partial else page.status)
        # Or else a client may send its next request on a connection that is about to end.
        handler.send_header("Connection", "close")
        for name, value in page.headers.items():
            handler.send_header(name, value)
        if partial:
            last = len(page.content) - 1
            handler.send_header("Content-Range", f"bytes {first + page.shift}-{last}/{last + 1}")
        if page.length:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        with suppress(ConnectionError):
            # Whoever has seen enough goes away.
            handler.wfile.write(body[: page.cuts.pop(0)] if page.cuts else body)

    @staticmethod
    def _first(handler: BaseHTTPRequestHandler, page: Page) -> int:
        """Return the first byte that is asked for, and may be sent alone."""
        wanted = handler.headers.get("Range")
        versions = {page.headers.get("ETag"), page.headers.get("Last-Modified")} - {None}
        if wanted is None or not page.ranges or handler.headers.get("If-Range") not in versions:
            return 0
        return int(wanted.removeprefix("bytes=").removesuffix("-"))
