"""Take docs/figures/page.png, a picture of the page that ``gene-analogies serve`` shows.

Run ``python docs/generate_page_figure.py``; it needs Chromium and the extra ``test``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gene_analogies as ga

ROOT = Path(__file__).parents[1]
FIGURE = ROOT / "docs" / "figures" / "page.png"

sys.path.insert(0, str(ROOT / "tests" / "helpers"))

from browsers import chromium  # noqa: E402
from web_client import serving  # noqa: E402


def main() -> None:
    """Ask for the pairs like EGF : EGFR, and keep what a window shows."""
    human = ga.load()
    human.pairs("EGF", "EGFR", chance=True)
    with serving({"human": human}) as client, chromium() as browser:
        window = {"width": 1280, "height": 780}
        page = browser.new_page(viewport=window, color_scheme="light")
        page.goto(f"http://127.0.0.1:{client.port}/pairs?a=EGF&b=EGFR")
        page.screenshot(path=FIGURE)


if __name__ == "__main__":
    main()
