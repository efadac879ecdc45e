"""The real thing: the best analogies of all on processes, one of which is killed."""

import os
import signal
import sys

import numpy as np
import pytest

from gene_analogies.runs import run
from gene_analogies.runs.clients import open_client
from gene_analogies.search.analogies.all_items import TopJob
from gene_analogies.search.knn.cluster_bounds import build_cluster_bounds
from gene_analogies.search.knn.index import build_index

pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="a worker is killed by a POSIX signal"),
]


def test_the_best_of_all_do_not_depend_on_who_finds_them(tmp_path):
    vectors = np.random.default_rng(0).standard_normal((900, 50)).astype(np.float32)
    job = TopJob(build_cluster_bounds(vectors, build_index(vectors, -1)), 20, 0.8)
    here = run(job, folder=tmp_path / "here")
    calls = []

    def kill(finished, total):
        calls.append(finished)
        if len(calls) == 5:
            os.kill(victim, signal.SIGKILL)

    with open_client("local", 2) as client:
        victim = min(client.run(os.getpid).values())
        there = run(job, folder=tmp_path / "there", client=client, progress=kill)
        assert victim not in client.run(os.getpid).values()
    assert len(calls) > 10
    assert np.array_equal(there["rows"], here["rows"])
    assert np.array_equal(there["scores"], here["scores"])
    assert len(there["scores"]) == 20
