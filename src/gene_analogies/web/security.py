"""Who may ask: checks of every request before anything else sees it, and headers of every answer.

It is an ASGI application around the real one, which reads the body of a request and no more: under
Starlette's own kind of middleware nobody would be told that a client has left.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response

from gene_analogies.web.addresses import allowed_host, checked_root, is_address
from gene_analogies.web.rendering import refused_page, static_file

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["LOOPBACK", "MAX_BODY", "MAX_QUERY", "Guard"]

#: Bytes of a body, and of what stands after the question mark.
MAX_BODY: Final = 256 * 1024
MAX_QUERY: Final = 16 * 1024
#: Seconds in which a body must be there.
_BODY_SECONDS: Final = 20.0
_COOKIE: Final = "gene_analogies_token"
_READING: Final = ("GET", "HEAD", "OPTIONS")
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
#: Addresses that stand for all interfaces.
_ANY: Final = ("0.0.0.0", "::", "")

_TITLES: Final = {
    "forbidden": "This server does not answer here",
    "too_large": "This is too long",
    "unauthorized": "A token is needed",
}
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # Under no-referrer browsers send "Origin: null" with the forms of our own pages.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Lets through what is asked by the server's own pages, by programs and by links.

    Parameters
    ----------
    app
        The application.
    bound
        The address that the server is bound to: names in ``Host`` must be of this machine if it
        is the loopback, addresses of any interface if it is all of them.
    hosts
        More names that ``Host`` may have; a port of theirs is not compared.
    token
        What a client must know; None for nothing.
    root_path
        What a proxy has before the server's paths, such as ``/lab``; it may cut it or not.

    Raises
    ------
    GeneAnalogiesError
        If one of ``hosts`` can be in no ``Host``, or ``root_path`` is none.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        bound: str = "127.0.0.1",
        hosts: Iterable[str] = (),
        token: str | None = None,
        root_path: str = "",
    ) -> None:
        self._app = app
        self._any_address = bound in _ANY
        own = [socket.gethostname()] if self._any_address else []
        self._hosts = {one.casefold().strip("[]") for one in (*LOOPBACK, bound, *own)}
        self._hosts |= {allowed_host(one)[0] for one in hosts}
        self._token = token
        self._root = checked_root(root_path)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        scope = self._below_root(scope)
        if scope["method"] == "HEAD":  # as GET, and what serves the application sends no body
            scope["method"] = "GET"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    sent.setdefault(name, value)
                sent.setdefault("Cache-Control", "no-store")
            await send(message)

        headers = Headers(scope=scope)
        answer = self._refusal(scope, headers)
        if answer is None and self._root and scope["path"] == self._root:
            query = scope["query_string"].decode("latin-1")
            answer = RedirectResponse(f"{self._root}/?{query}".removesuffix("?"))
        if answer is None and scope["method"] not in _READING:
            body = await _body(receive)
            if body is None:
                answer = self._problem(
                    headers, 413, "too_large", f"a body has at most {MAX_BODY:,} bytes"
                )
            else:
                receive = _replayed(body, receive)
        await (answer or self._app)(scope, receive, with_headers)

    def _below_root(self, scope: Scope) -> Scope:
        """Return the request with the root path before its path, whatever the proxy did."""
        path = scope["path"]
        if self._root and path != self._root and not path.startswith(f"{self._root}/"):
            path = self._root + path
        return {**scope, "path": path, "root_path": self._root}

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if not self._is_ours(host):
            return self._problem(
                headers, 403, "forbidden",
                f"this server is not called {host[:100]!r}: it is started with --allow-host NAME "
                "for each of its names",
            )  # fmt: skip
        if len(scope["query_string"]) > MAX_QUERY:
            return self._problem(
                headers, 413, "too_large", f"an address has at most {MAX_QUERY:,} bytes"
            )
        if self._is_public(scope):
            return None
        if _is_foreign(scope["method"], host, headers):
            message = "this was asked by a page of another site"
            if "origin" in headers:  # a proxy that changes Host makes all pages foreign
                message += f": Origin is {headers['origin'][:100]!r}, Host is {host[:100]!r}"
            return self._problem(headers, 403, "forbidden", message)
        return self._without_token(scope, headers)

    def _is_public(self, scope: Scope) -> bool:
        """Whether a style or a script is asked for, which hold no secret."""
        first, _, rest = scope["path"].removeprefix(f"{self._root}/").partition("/")
        version, _, name = rest.partition("/")
        known = first == "static" and version != "" and static_file(name) is not None
        return known and scope["method"] == "GET"

    def _is_ours(self, host: str) -> bool:
        """Whether a Host header names this server: DNS may have led a foreign name here."""
        if not host:
            return False
        if any(mark in host for mark in "/@?#\\ "):  # an address would hide its name behind them
            return False
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        if name in self._hosts:
            return True
        return self._any_address and is_address(name)

    def _without_token(self, scope: Scope, headers: Headers) -> Response | None:
        """Refuse who does not know the token; put one from the address into a cookie."""
        if self._token is None:
            return None
        secret = _secret(self._token)
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.casefold() == "bearer" and _equal(given.strip(), self._token):
            return None
        # Servers on other ports of this computer have the same cookies.
        name = f"{_COOKIE}_{secret[:8]}"
        if _equal(cookie_parser(headers.get("cookie", "")).get(name, ""), secret):
            return None
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        tokens = [value for name, value in query if name == "token"]
        if tokens and scope["method"] in _READING and _equal(tokens[0], self._token):
            rest = urlencode([(name, value) for name, value in query if name != "token"])
            # A path that began with two slashes would be another site.
            path = "/" + scope.get("raw_path", b"/").decode("latin-1").lstrip("/\\")
            if self._root and path != self._root and not path.startswith(f"{self._root}/"):
                path = self._root + path
            answer: Response = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
            answer.set_cookie(
                name, secret, path=self._root or "/", httponly=True, samesite="lax",
                secure=scope.get("scheme") == "https",
            )  # fmt: skip
            return answer
        page = partial(
            refused_page,
            self._root,
            "This token is wrong" if any(tokens) else _TITLES["unauthorized"],
            "Type the token that you were given with the address of this server.",
            form=[(name, value) for name, value in query if name != "token"],
        )
        answer = self._problem(
            headers, 401, "unauthorized",
            "a token is needed: ?token=… in the address, or the header Authorization: Bearer …",
            page,
        )  # fmt: skip
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    def _problem(
        self,
        asked: Headers,
        status: int,
        error: str,
        message: str,
        page: Callable[[], bytes] | None = None,
    ) -> Response:
        """Return an error as the API has it, or as a page to a browser that is to show it."""
        if "text/html" in asked.get("accept", ""):
            told = f"{message[:1].upper()}{message[1:]}."
            shown = page() if page else refused_page(self._root, _TITLES[error], told)
            return Response(shown, status, media_type="text/html")
        content: dict[str, object] = {
            "error": error,
            "message": message,
            "name": None,
            "candidates": [],
            "embeddings": [],
        }
        text = json.dumps(content, ensure_ascii=False)
        return Response(text, status, media_type="application/json")


def _is_foreign(method: str, host: str, headers: Headers) -> bool:
    """Whether a page of another site asks, rather than one of ours, a program or a link."""
    origin = headers.get("origin")
    site, mode = headers.get("sec-fetch-site"), headers.get("sec-fetch-mode")
    if origin == "null":  # of a sandbox, unless the browser says it is one of ours that hides it
        return site != "same-origin"
    if origin is not None and _netloc(origin) != host.casefold():
        return True
    if site in (None, "same-origin", "none"):
        return False
    # A link or a form of another site leads to a page here, which is read by nobody else.
    return not (method in _READING and mode == "navigate")


def _netloc(origin: str) -> str:
    """Return host and port of an origin; empty for what is none."""
    try:
        return urlsplit(origin).netloc.casefold()
    except ValueError:
        return ""


def _equal(given: str, wanted: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(
        hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest(),
        hashlib.sha256(wanted.encode("utf-8", "surrogatepass")).digest(),
    )


def _secret(token: str) -> str:
    """Return what the cookie holds: who sees it does not know the token."""
    return hashlib.sha256(f"gene-analogies cookie {token}".encode()).hexdigest()


async def _body(receive: Receive) -> bytes | None:
    """Return the body of a request; None where it is too long, or does not come."""
    body: bytes = b""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > MAX_BODY:
                    return None
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        return None


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read, then what comes after it."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
