"""Take docs/figures/page.png, a picture of the page that ``gene-analogies serve`` shows.

Run ``python docs/generate_page_figure.py``; it needs Chromium and the extra ``dev``.
"""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

import gene_analogies as ga
from gene_analogies.web.rendering import static_version

ROOT = Path(__file__).parents[1]
FIGURE = ROOT / "docs" / "figures" / "page.png"
PAGE = "/pairs?a=EGF&b=EGFR"

sys.path.insert(0, str(ROOT / "tests" / "helpers"))

from browsers import chromium  # noqa: E402
from page_parts import Page  # noqa: E402
from web_client import serving  # noqa: E402


def shown(human: ga.Space) -> str:
    """Return a digest of what the page says, and of its style.

    Of the page without random queries, which take long where they are not known.
    """
    with serving({"human": human}, chance=False) as client:
        says = Page(client.ask(PAGE, Accept="text/html").content).text
    return hashlib.sha256(f"{static_version()}\n{says}".encode()).hexdigest()


def main() -> None:
    """Ask for the pairs like EGF : EGFR, and keep what a window shows."""
    human = ga.load()
    human.pairs("EGF", "EGFR", chance=True)
    with serving({"human": human}) as client, chromium() as browser:
        window = {"width": 1280, "height": 780}
        page = browser.new_page(viewport=window, color_scheme="light")
        page.goto(f"http://127.0.0.1:{client.port}{PAGE}")
        picture = Image.open(io.BytesIO(page.screenshot()))
    about = PngInfo()
    about.add_text("Page", shown(human))  # by which a test sees that the picture is of today's
    picture.convert("RGB").save(FIGURE, optimize=True, pnginfo=about)


if __name__ == "__main__":
    main()
