"""A server in a thread of this process, as clients see it."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import numpy as np
import uvicorn

from gene_analogies import Embedding, Space
from gene_analogies.web.app import create_app

HOSTILE = "<script>alert(1)</script>"


class Answer:
    """Status, headers and content of one answer."""

    def __init__(self, response):
        self.status = response.status
        self.headers = dict(response.getheaders())
        self.content = response.read()

    @property
    def json(self):
        return json.loads(self.content)


class Client:
    """Asks a server."""

    def __init__(self, port):
        self.port = port

    def ask(self, path, parameters=(), *, method="GET", body=None, **headers):
        """Return the answer to one request; underscores in names of headers are dashes."""
        if parameters:
            path = f"{path}?{urlencode(parameters, doseq=True)}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        try:
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def api(self, question, **parameters):
        return self.ask(f"/api/v1/{question}", parameters)


@contextmanager
def serving(spaces, **options):
    """Serve spaces on a free port of the loopback."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(create_app(spaces, **options), log_config=None, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Client(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


def hostile_space():
    """Items with names that would be code on a page, and a path."""
    names = [HOSTILE, "../../etc/passwd", "=1+1", "plain"]
    return Space(Embedding(names, np.random.default_rng(0).normal(size=(4, 3))))
