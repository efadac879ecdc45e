"""Under which names and which path a server is reached."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import urlsplit

from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.web.rendering import TABS

__all__ = ["allowed_host", "checked_root", "is_address"]

#: What paths of the server begin with.
_PATHS: Final = (*TABS, "api", "gene", "known", "static")


def allowed_host(given: str) -> tuple[str, int | None]:
    """Return a name or an address by which clients reach a server, and its port if it has one.

    Raises
    ------
    GeneAnalogiesError
        If no ``Host`` header can have it.
    """
    if is_address(given):
        return given.casefold(), None
    try:
        parts = urlsplit(f"//{given}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        name, port = "", None
    named = re.fullmatch(r"[a-z0-9_.-]+", name) or is_address(name)
    if not named or any(mark in given for mark in "/@?#"):
        raise GeneAnalogiesError(
            f"--allow-host must be a host name or host:port, without scheme or path, not {given!r}"
        )
    return name, port


def checked_root(given: str) -> str:
    """Return what a proxy has before the server's paths, without a slash at its end.

    Raises
    ------
    GeneAnalogiesError
        If it is no path, or begins as a path of the server: of such a request nobody could say
        whether a proxy has cut it.
    """
    root = given.strip("/")
    if root and not re.fullmatch(r"[A-Za-z0-9._~/-]+", root):
        raise GeneAnalogiesError(f"--root-path must be a path such as /lab, not {given!r}")
    first = root.partition("/")[0]
    if first in _PATHS:
        raise GeneAnalogiesError(
            f"--root-path must not begin with /{first}, which is a page of the server; choose "
            "another one, such as /lab"
        )
    return f"/{root}" if root else ""


def is_address(name: str) -> bool:
    """Whether a name is an address of IPv4 or IPv6."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
