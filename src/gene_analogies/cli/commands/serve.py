"""The command ``serve``: pages in a browser, and an API."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from gene_analogies.cli.embedding_options import Choice, embeddings_options
from gene_analogies.cli.first_run import first_run_notice
from gene_analogies.cli.progress import IndexProgress, PoolProgress
from gene_analogies.errors import GeneAnalogiesError
from gene_analogies.util.extras import require

if TYPE_CHECKING:
    from gene_analogies.space import Space

__all__ = ["serve"]

#: Connections beyond these are refused with status 503.
_CONNECTIONS = 1_000
#: Seconds that open connections get at the end.
_GRACE = 2
#: Seconds between two words on how far it is.
_WORD_EVERY = 5.0


@click.command(
    epilog="\b\nExamples:\n"
    "  gene-analogies serve\n"
    "  gene-analogies serve -e human -e pubmed --port 8080\n"
    "  gene-analogies serve --host 0.0.0.0 --allow-host lab.example.org --token SECRET"
)
@embeddings_options
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to listen at: 127.0.0.1 is this computer alone, 0.0.0.0 every network.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    metavar="N",
    help="The port to listen at; 0 for any that is free.",
)
@click.option(
    "--token",
    envvar="GENE_ANALOGIES_TOKEN",
    metavar="SECRET",
    help="What a client must know: ?token=SECRET, once, in a browser, or the header Authorization: "
    "Bearer SECRET. In the variable GENE_ANALOGIES_TOKEN nobody sees it in a list of processes.",
)
@click.option(
    "--root-path",
    default="",
    metavar="PATH",
    help="What a proxy has before the addresses of this server, such as /lab.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="A name by which clients reach the server, beside localhost and --host, such as "
    "lab.example.org; repeat it for several.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Threads of a search; by default one for each core.",
)
@click.option(
    "--no-chance",
    is_flag=True,
    help="Do not ask random queries first, and answer no question with chance.",
)
def serve(
    choices: tuple[Choice, ...],
    host: str,
    port: int,
    token: str | None,
    root_path: str,
    allow_host: tuple[str, ...],
    threads: int | None,
    no_chance: bool,
) -> None:
    """Answer questions on pages in a browser, and over HTTP for programs.

    It loads the embeddings, works out what comes once, prints its address and answers until Ctrl-C.
    Clients call an embedding by its name, a file by the name of the file. The page at /api/v1/
    describes the questions; they are those of the command line.
    """
    for module in ("fastapi", "uvicorn", "jinja2"):
        require(module, "web", "serve")
    if token is not None and not token:
        raise GeneAnalogiesError("--token is empty; leave it out, or give a secret")
    if token is not None and not (token.isascii() and token.isprintable()):
        raise GeneAnalogiesError("--token must be of printable ASCII, which headers can hold")
    if threads is not None:
        os.environ["GENE_ANALOGIES_THREADS"] = str(threads)
    from gene_analogies.web.addresses import allowed_host, checked_root

    allowed, root = [allowed_host(one) for one in allow_host], checked_root(root_path)
    with _listening(host, port) as listener:
        spaces = _spaces(choices, chance=not no_chance)
        address = _address(listener, host, allowed, root)
        _run(listener, address, spaces, not no_chance, host, allow_host, token, root)


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens: who asks early waits."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )[0]
        # asyncio sends small answers at once only where the protocol is named.
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise GeneAnalogiesError(f"--host {host} is no address here: {error.strerror}") from None
    try:
        if os.name == "posix":  # elsewhere it would let two servers have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_CONNECTIONS)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise GeneAnalogiesError(
                f"--host {host} is no address of this computer; 127.0.0.1 is this computer alone, "
                "0.0.0.0 every network"
            ) from None
        raise GeneAnalogiesError(
            f"--port {port} of {host} cannot be listened at ({error.strerror}); choose another "
            "one, or 0 for any that is free"
        ) from None
    return listener


def _spaces(choices: tuple[Choice, ...], *, chance: bool) -> dict[str, Space]:
    """Load the embeddings, by their names, and make them ready."""
    from gene_analogies.web.served import as_served, warm

    names = [Path(choice.source).name or choice.source for choice in choices]
    for name in names:
        if names.count(name) > 1:
            raise GeneAnalogiesError(f"two embeddings are called {name!r}; rename one")
    spaces = {}
    with first_run_notice("serve", "half a minute, longer on a busy computer"):
        for name, choice in zip(names, choices, strict=True):
            with IndexProgress() as indexing, PoolProgress() as asking:
                spaces[name] = as_served(choice.space(indexing), name)
                warm(spaces[name], chance=chance, step=_Steps(name), progress=asking)
    return spaces


class _Steps:
    """Says how far an embedding is, where that takes long; a bar would be in the way of others.

    Parameters
    ----------
    name
        Of the embedding.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._said = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` kinds of question can be asked."""
        if time.monotonic() >= self._said + _WORD_EVERY:
            self._said = time.monotonic()
            click.echo(f"{self._name}: ready for {done} of {total} kinds of question", err=True)


def _run(
    listener: socket.socket,
    address: str,
    spaces: dict[str, Space],
    chance: bool,
    host: str,
    allow_host: tuple[str, ...],
    token: str | None,
    root_path: str,
) -> None:
    """Answer until Ctrl-C."""
    import uvicorn

    from gene_analogies.web.app import create_app
    from gene_analogies.web.served import warm_rest
    from gene_analogies.web.work import Work

    work = Work()

    class Server(uvicorn.Server):
        """Ends what is being worked at as soon as it is told to end."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            click.echo(f"{', '.join(spaces)}: {address}", err=False)
            click.echo("Ctrl-C stops it", err=True)
            work.aside(lambda: warm_rest(spaces))
            if token is None and not _is_loopback(listener):
                click.echo(
                    "everybody who reaches this computer may ask; --token asks for a secret",
                    err=True,
                )

        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            work.close()
            super().handle_exit(sig, frame)

    if token:
        address += f"?token={quote(token, safe='')}"
    app: Any = create_app(
        spaces, chance=chance, bound=host, hosts=allow_host, token=token, root_path=root_path,
        work=work,
    )  # fmt: skip
    config = uvicorn.Config(
        app, lifespan="on", ws="none", log_config=None, log_level="critical", access_log=False,
        server_header=False, limit_concurrency=_CONNECTIONS, timeout_graceful_shutdown=_GRACE,
    )  # fmt: skip
    with suppress(KeyboardInterrupt):  # which is how a server ends
        Server(config).run(sockets=[listener])


def _is_loopback(listener: socket.socket) -> bool:
    return listener.getsockname()[0] in ("127.0.0.1", "::1")


def _address(
    listener: socket.socket, host: str, allowed: Sequence[tuple[str, int | None]], root: str
) -> str:
    """Return where the first page is: for colleagues, or for who sits at this computer."""
    port = listener.getsockname()[1]
    if allowed and not _is_loopback(listener):
        name, port = allowed[0][0], allowed[0][1] or port
    else:
        name = socket.gethostname() if host in ("0.0.0.0", "::", "") else host
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}:{port}{root}/"
