"""A browser to open pages with, and what axe-core finds in them."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager

import pytest

#: Debian's, and what others call it.
NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium():
    """Start Chromium; skip the test where it, or Playwright, is absent."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("Chromium is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=OPTIONS)
        yield browser
        browser.close()


class Visit:
    """A page in a browser, and what happened there.

    Attributes
    ----------
    page
        Playwright's page.
    requests
        The addresses that were asked for.
    complaints
        Errors of scripts, and what the console says of errors and of the content policy.
    """

    def __init__(self, browser, address, **settings):
        self.page = browser.new_page(**settings)
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(address)

    def findings(self):
        """Return the serious and critical findings of axe-core."""
        axe = pytest.importorskip("axe_playwright_python.base", reason="axe-core is missing")
        self.page.evaluate(axe.AXE_SCRIPT)
        found = self.page.evaluate("axe.run()")["violations"]
        return [
            f"{one['id']}: {json.dumps([node['html'][:200] for node in one['nodes'][:3]])}"
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
