"""Pages in Chromium: nothing is fetched, tables sort, and axe-core finds nothing serious."""

import numpy as np
import pytest
from browsers import Visit
from made_answers import EGF, HGF, KING, MET, ODD, Made, count_column, item_column, score_column

from gene_analogies import Embedding, Space
from gene_analogies.report.html_page import answer_page, answer_section, session_page


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A report with figures, a table with ties and gaps, a long table, and a session."""
    folder = tmp_path_factory.mktemp("pages")
    names = ("EGF", "EGFR", "HGF", "MET", "INS", "INSR")
    space = Space(Embedding(names, np.random.default_rng(1).normal(size=(6, 5))))
    answer = space.pairs("EGF", "EGFR", k=3, include_query=True)
    sorted_by_hand = Made(
        (
            item_column("item", HGF, EGF, ODD, MET, KING),
            score_column("score", 9.0, 10.0, np.nan, -1.0, 10.0),
        )
    )
    many = Made((count_column("number", *range(600)),))
    pages = {
        "answer": answer_page(answer),
        "table": answer_page(sorted_by_hand),
        "many": answer_page(many),
        "session": session_page([answer_section(answer, 1), answer_section(sorted_by_hand, 2)]),
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return folder


@pytest.fixture
def visit(browser, folder):
    """Open a page by its name; when the test ends, nothing was fetched and nothing complained."""
    visits = []

    def to(name, **settings):
        visits.append(Visit(browser, (folder / f"{name}.html").as_uri(), **settings))
        return visits[-1]

    yield to
    for one in visits:
        assert [address for address in one.requests if not address.startswith("file:")] == []
        assert one.complaints == []
        one.page.close()


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [
        ("answer", "light", 390),
        ("answer", "dark", 1200),
        ("session", "light", 1200),
        ("session", "dark", 390),
    ],
)
def test_axe_finds_nothing_serious(visit, name, scheme, width):
    viewport = {"width": width, "height": 800}
    visited = visit(name, color_scheme=scheme, viewport=viewport)
    visited.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert visited.findings() == []
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_may_do_nothing_else(browser, folder, tmp_path):
    """The checks above would see it."""
    page = (folder / "table.html").read_text("utf-8")
    more = '<script>document.title = ""</script><img alt="" src="https://example.org/a.png">'
    (tmp_path / "more.html").write_text(page.replace("</main>", f"{more}</main>"), "utf-8")
    visited = Visit(browser, (tmp_path / "more.html").as_uri())
    assert sum("Content Security Policy" in one for one in visited.complaints) == 2
    assert visited.page.title() == "EGF: what there is"
    visited.page.close()


def first_cells(page, column):
    return page.locator(f"tbody td:nth-child({column})").evaluate_all(
        "cells => cells.map(cell => (cell.querySelector('.name') ?? cell).textContent)"
    )


def test_keys_sort_the_table(visit):
    page = visit("table").page
    heads = page.locator("th")
    assert heads.nth(0).get_attribute("aria-sort") == "ascending"
    for _ in range(5):  # the link of none, the table itself, and three headings
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "score":
            break
    page.keyboard.press("Enter")
    # Numbers as numbers, ties by rank, what is missing last.
    assert first_cells(page, 1) == ["2", "5", "1", "4", "3"]
    assert [heads.nth(i).get_attribute("aria-sort") for i in range(3)] == [None, None, "descending"]
    page.keyboard.press("Space")
    assert first_cells(page, 1) == ["4", "1", "2", "5", "3"]
    assert heads.nth(2).get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert first_cells(page, 2)[1:] == ["EGF", "HGF", "king", "MET"]


def test_a_long_table_shows_its_rest_on_demand(visit):
    page = visit("many").page
    shown = page.locator("tbody tr:visible")
    assert shown.count() == 500
    page.get_by_role("button", name="Show all 600 rows").press("Enter")
    assert shown.count() == 600
    assert page.get_by_role("button", name="Show all").count() == 0


def test_without_scripts_it_is_a_plain_table(browser, folder):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "many.html").as_uri())
    assert page.locator("tbody tr:visible").count() == 600
    assert page.locator("button").count() == 0
    context.close()
