"""Settings shared by all tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# Kernels are compiled once, whatever cache folders the tests use; set before numba is imported.
os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".pytest_cache" / "kernels")
)

# A worker has a core: threads of BLAS would wait for each other, and spin.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# A shell ignores Ctrl-C for what it starts in the background, and children inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A loaded machine, or a kernel that is compiled first, makes no test wrong.
settings.register_profile("any time", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "any time")


def pytest_make_parametrize_id(config, val, argname):
    """Name binary content by its argument: a gzip holds the time, and workers must agree."""
    return argname if isinstance(val, bytes) and not val.isascii() else None


@pytest.fixture(scope="session", autouse=True)
def session_cache(tmp_path_factory):
    """One cache folder for the session: the built-in index and modules are found once."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # which all workers share
    folder = root / "cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENE_ANALOGIES_CACHE", str(folder))
        yield folder


# Not for the session: while Playwright runs, `asyncio.run` fails in all other tests.
@pytest.fixture(scope="module")
def browser():
    """Chromium; tests that need it are skipped where it is absent."""
    from browsers import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def two_seeds(monkeypatch):
    """Let ``modules`` run twice, not five times: the first run is the answer.

    The others say how stable it is, which is tested on smaller vectors.
    """
    from gene_analogies.cli.commands.modules import modules

    (option,) = (one for one in modules.params if one.name == "seeds")
    monkeypatch.setattr(option, "default", 2)


@pytest.fixture
def small_pools(monkeypatch):
    """Pools of few random queries, under names of their own in the cache folder."""
    from gene_analogies.questions import query_pool
    from gene_analogies.search import query_pool as draws

    monkeypatch.setattr(query_pool, "_VERSION", "small query pool")
    monkeypatch.setattr(query_pool, "QUERIES", 300)
    monkeypatch.setattr(query_pool, "_EVENLY", 200)
    monkeypatch.setattr(draws, "MATCHED", 60)
    monkeypatch.setattr(draws, "_CALIBRATING", 60)
    monkeypatch.setattr(draws, "_PAIRS", 20_000)
