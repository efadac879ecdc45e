"""The command that serves: its address, a port that is taken, and its end."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress

import pytest
from command_line import RUN, small_space

import gene_analogies as ga


def test_a_port_that_is_taken_is_said_in_a_line(invoke):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = invoke("serve", "--port", port)
    assert (code, out) == (2, "")
    assert f"--port {port} of 127.0.0.1 cannot be listened at" in err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--host", "nowhere.invalid"], "--host nowhere.invalid is no address here"),
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
