"""The command that serves: its address, a port that is taken, and its end."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from unittest.mock import Mock

import click
import pytest
from command_line import RUN, small_space

import gene_analogies as ga


def test_a_port_that_is_taken_is_said_in_a_line(invoke):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = invoke("serve", "--port", port, "-e", "is_not_looked_for.npz")
    assert (code, out) == (2, "")
    assert f"--port {port} of 127.0.0.1 cannot be listened at" in err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "nowhere.invalid"], "--host nowhere.invalid is no address here"),
        (["--host", "192.0.2.1"], "--host 192.0.2.1 is no address of this computer"),
        (["--allow-host", "http://lab/"], "--allow-host must be a host name or host:port"),
        (["--root-path", "/analogies"], "--root-path must not begin with /analogies"),
        (["--token", ""], "--token is empty"),
        (["--token", "schlüssel"], "--token must be of printable ASCII"),
        (["--port", "0", "-e", "human", "-e", "human"], "two embeddings are called 'human'"),
        (["--port", "70000"], "0<=x<=65535"),
    ],
)
def test_options_without_a_meaning_are_refused(invoke, options, told):
    code, _, err = invoke("serve", *options)
    assert code == 2
    assert told in err


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ("", r"http://127\.0\.0\.1:\d+/"),
        ("--allow-host lab --root-path genes/", r"http://127\.0\.0\.1:\d+/genes/"),
        ("--host 0.0.0.0 --allow-host lab.example.org --allow-host b", r"http://lab.example.org:\d+/"),
        ("--host 0.0.0.0 --allow-host [fe80::1]:80", r"http://\[fe80::1\]:80/"),
    ],
)  # fmt: skip
def test_the_address_is_where_clients_find_it(invoke, monkeypatch, options, address):
    serve = "gene_analogies.cli.commands.serve"
    monkeypatch.setattr(f"{serve}._spaces", lambda *_, **__: {})
    monkeypatch.setattr(f"{serve}._run", lambda _, address, *__: click.echo(address))
    code, out, _ = invoke("serve", "--port", "0", *options.split())
    assert code == 0
    assert re.fullmatch(address, out.strip())


def test_it_says_how_far_it_is(invoke, monkeypatch, tmp_path):
    path = tmp_path / "small.npz"
    ga.save(small_space().embedding, path)
    asked = Mock(names=["EGF", "EGFR"])  # at once, and nothing is compiled
    monkeypatch.setattr("gene_analogies.web.served.as_served", lambda *_: asked)
    monkeypatch.setattr("gene_analogies.web.served.render", lambda *_: "")
    serve = "gene_analogies.cli.commands.serve"
    monkeypatch.setattr(f"{serve}._WORD_EVERY", 0.0)
    monkeypatch.setattr(f"{serve}._run", lambda *_: None)
    code, _, err = invoke("serve", "--port", "0", "--no-chance", "-e", path)
    assert code == 0
    said = [line for line in err.splitlines() if line.startswith("small.npz: ready")]
    assert said == [f"small.npz: ready for {n} of 7 kinds of question" for n in range(1, 8)]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGINT for one process")
def test_it_answers_until_ctrl_c(tmp_path):
    path = tmp_path / "small.npz"
    ga.save(small_space().embedding, path)
    command = ["serve", "-e", str(path), "--port", "0", "--token", "s&+", "--threads", "1"]
    with subprocess.Popen(
        [sys.executable, "-c", RUN, *command],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as server:  # fmt: skip
        try:
            line = server.stdout.readline()
            assert line.startswith("small.npz: http://127.0.0.1:")
            assert line.endswith("/?token=s%26%2B\n")
            port = int(line.split(":")[3].partition("/")[0])
            connection = http.client.HTTPConnection("127.0.0.1", port)
            headers = {"Authorization": "Bearer s&+"}
            connection.request("GET", "/api/v1/pairs?a=EGF&b=EGFR&e=small.npz", headers=headers)
            answer = connection.getresponse()
            assert answer.status == 200
            assert str(tmp_path) not in answer.read().decode()
            connection.close()
            server.send_signal(signal.SIGINT)
            out, err = server.communicate(timeout=30)
        finally:
            with suppress(ProcessLookupError):
                server.kill()
    assert server.returncode == 0
    assert out == ""
    assert "Traceback" not in err
