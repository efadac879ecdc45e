"""Every module that the documentation names is where it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = (ROOT, ROOT / "src" / "gene_analogies", ROOT / "src" / "gene_analogies" / "search")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_modules_that_a_page_names_are_there(page):
    named = re.findall(r"`([\w/]+/[\w*]+\.py)`", page.read_text(encoding="utf-8"))
    missing = [name for name in named if not any(any(folder.glob(name)) for folder in FOLDERS)]
    assert missing == []
    assert "<<<<<<<" not in page.read_text(encoding="utf-8")
