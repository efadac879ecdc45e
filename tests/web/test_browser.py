"""Pages in Chromium: what is typed, pointed at, drawn and sent; what the content policy lets be."""

from __future__ import annotations

import csv
import io
import math
import re
import threading
import time

import numpy as np
import pytest
from browsers import Visit
from web_client import serving

import gene_analogies as ga
from gene_analogies import Embedding, Space
from gene_analogies.search.engine.threads import run_parts
from gene_analogies.web.work import Work

PAIRS = "/pairs?a=EGF&b=EGFR"


@pytest.fixture(scope="module")
def spaces():
    names = ["EGF", "EGFR", "HGF", "MET"]
    small = Space(Embedding(names, np.random.default_rng(3).normal(size=(4, 3))))
    human = ga.load()
    human.pairs("EGF", "EGFR").to_csv()  # as `serve` does before it answers
    return {"human": human, "small": small}


@pytest.fixture(scope="module")
def server(spaces):
    work = Work(held={"long": 1})
    with serving(spaces, chance=False, work=work) as client:
        yield client


@pytest.fixture
def visit(browser, server):
    """Open a page; when the test ends, nothing else was asked and nothing complained."""
    visits = []
    home = f"http://127.0.0.1:{server.port}"

    def to(path, **settings):
        visits.append(Visit(browser, home + path, **settings))
        visits[-1].page.set_default_timeout(20_000)
        return visits[-1]

    yield to
    for one in visits:
        assert [address for address in one.requests if not address.startswith(home)] == []
        wrong = [
            text for text in one.complaints if "the server responded with a status" not in text
        ]
        assert wrong == []
        one.page.close()


def table_of(page):
    return page.locator("table.pairs tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('.name')].map(one => one.textContent))"
    )


def test_a_name_is_completed_and_the_question_asked_by_keys_alone(visit):
    visited = visit("/", viewport={"width": 390, "height": 800})
    page = visited.page
    first, second = (
        page.get_by_label("gene", exact=True).first,
        page.get_by_label("its partner").first,
    )
    first.focus()
    page.keyboard.type("her2")
    option = page.locator("[role=listbox] [role=option]").first
    option.wait_for()
    assert option.inner_text().startswith("ERBB2")
    assert first.get_attribute("aria-expanded") == "true"
    assert visited.findings() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.keyboard.press("ArrowDown")
    assert first.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    assert first.input_value() == "ERBB2"
    assert not option.is_visible()
    second.focus()
    page.keyboard.type("GRB2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/pairs?*")
    assert "/pairs?a=ERBB2&b=GRB2&" in page.url
    assert len(table_of(page)) == 20


def test_an_address_shows_the_same_to_whom_it_is_sent(visit, browser, server):
    page = visit(PAIRS).page
    with page.expect_response("**/pairs/row?*"):
        page.locator("tbody tr").nth(4).hover()
    page.locator("#side h2", has_text=" : ".join(table_of(page)[4])).wait_for()
    assert "row=5" in page.url
    other = visit(page.url.partition(str(server.port))[2]).page
    assert table_of(other) == table_of(page)
    assert other.locator("#side h2").inner_text() == page.locator("#side h2").inner_text()
    assert other.locator("tr[aria-current] .choose").get_attribute("data-row") == "5"


def test_keys_choose_a_row_which_is_drawn_true(visit, spaces):
    page = visit(PAIRS).page
    before = page.locator("#side svg").first.inner_html()
    page.locator(".choose").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator("#side h2", has_text=" : ".join(table_of(page)[2])).wait_for()
    assert "row=3" in page.url
    assert page.evaluate("document.activeElement.dataset.row") == "3"
    drawing = page.locator("#side svg").first
    assert drawing.inner_html() != before
    dots = drawing.locator("circle").evaluate_all(
        "dots => dots.map(dot => [Number(dot.getAttribute('cx')), Number(dot.getAttribute('cy'))])"
    )
    a, b, c, d = np.array(dots)
    human = spaces["human"]
    pair = human.pairs("EGF", "EGFR", k=3)[2]
    drawn = [b - a, d - c]
    cosine = drawn[0] @ drawn[1] / np.prod([np.linalg.norm(one) for one in drawn])
    assert math.degrees(math.acos(cosine)) == pytest.approx(
        math.degrees(math.acos(pair.similarity)), abs=1.0
    )
    va, vb, vc, vd = (np.asarray(human[one], np.float64) for one in ("EGF", "EGFR", pair.c, pair.d))
    lengths = [np.linalg.norm(one) for one in (b - a, d - c, c - a, d - b)]
    true = [np.linalg.norm(one) for one in (vb - va, vd - vc, vc - va, vd - vb)]
    assert np.array(lengths) / lengths[0] == pytest.approx(np.array(true) / true[0], rel=0.01)


def test_pairs_that_are_typed_are_examined(visit):
    page = visit("/relation?e=small").page
    page.get_by_label("Pairs of genes").fill("EGF EGFR\nHGF MET")
    page.get_by_role("button", name="Is it real?").click()
    page.wait_for_url("**/relation?*a=EGF&b=EGFR&a=HGF&b=MET")
    page.locator("table").first.wait_for()


def test_a_click_keeps_a_row_that_pointing_does_not_change(visit):
    page = visit(PAIRS).page
    names = [" : ".join(row) for row in table_of(page)]
    rows, heading = page.locator("tbody tr"), page.locator("#side h2")
    rows.nth(3).locator("td").nth(3).click()
    heading.get_by_text(names[3], exact=True).wait_for()
    rows.nth(5).hover()
    page.wait_for_timeout(400)
    assert heading.inner_text() == names[3]
    assert "row=4" in page.url
    rows.nth(3).locator("td").nth(3).click()
    rows.nth(5).hover()
    heading.get_by_text(names[5], exact=True).wait_for()
    # What is scrolled below a pointer at rest is not pointed at.
    page.mouse.wheel(0, 300)
    page.wait_for_timeout(400)
    assert heading.inner_text() == names[5]


def test_a_gene_that_stands_alone_is_not_paired_with_another(visit):
    page = visit(f"{PAIRS}&k=3").page
    page.get_by_text("More examples and options").click()
    page.get_by_label("gene", exact=True).nth(1).fill("HGF")
    page.get_by_label("its partner").nth(2).fill("MET")
    page.get_by_role("button", name="Which pairs?").click()
    page.get_by_text("Two genes make a pair: fill in the partner of HGF, too.").wait_for()
    assert page.get_by_label("gene", exact=True).nth(1).input_value() == "HGF"
    assert page.get_by_label("its partner").nth(2).input_value() == "MET"
    assert "b=EGFR&a=HGF&b=&a=&b=MET" in page.url


def test_the_map_is_fetched_when_it_is_shown_and_names_what_is_pointed_at(visit):
    visited = visit(PAIRS)
    page = visited.page
    assert not any("/map" in one.partition("/static")[0] for one in visited.requests)
    with page.expect_response("**/api/v1/map?*") as coming:
        page.get_by_role("link", name="Map").click()
    known = coming.value.json()
    canvas = page.locator("#side canvas")
    canvas.wait_for()
    frame = canvas.bounding_box()
    at = known["items"].index("EGFR")
    most = max(*known["x"], *known["y"])
    inner, size = 460 - 24, frame["width"] / 460
    x = frame["x"] + size * (12 + inner * known["x"][at] / most)
    y = frame["y"] + size * (460 - 12 - inner * known["y"][at] / most)
    page.mouse.move(x, y, steps=3)
    name = page.locator(".map-name", has_text="EGFR")
    name.wait_for()
    assert name.inner_text() == "EGFR"
    page.mouse.move(0, 0)
    page.locator(".marks a").nth(0).focus()
    page.locator(".map-name", has_text=re.compile("^EGF$")).wait_for()
    assert "view=map" in page.url
    assert page.locator("canvas").evaluate(
        "one => new Set(one.getContext('2d').getImageData(0, 0, one.width, one.height).data).size"
    ) > 20  # fmt: skip


def test_table_and_file_hold_the_same_rows(visit, server):
    page = visit(PAIRS).page
    link = page.get_by_role("link", name="CSV").get_attribute("href")
    rows = list(csv.reader(io.StringIO(server.ask(link).content.decode())))[1:]
    assert [row[:2] for row in rows] == table_of(page)


def test_a_row_that_cannot_be_fetched_is_not_shown_as_another(visit):
    page = visit(PAIRS).page
    page.route("**/pairs/row?*", lambda route: route.fulfill(status=503))
    page.locator(".choose").nth(1).click()
    again = page.locator("#side a", has_text="ask again")
    again.wait_for()
    assert page.locator("#side h2").count() == 0
    again.click()
    page.locator("#side h2", has_text=" : ".join(table_of(page)[1])).wait_for()


def test_without_scripts_the_rows_are_links(browser, server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}{PAIRS}")
    rows = table_of(page)
    assert len(rows) == 20
    page.get_by_role("link", name=re.compile("^3, show")).click()
    assert page.locator("#side h2").inner_text() == " : ".join(rows[2])
    context.close()


def test_the_first_answer_is_small(server):
    for path in ("/", PAIRS, "/similar?names=TP53", "/gene/EGFR"):
        assert len(server.ask(path, Accept="text/html").content) <= 60_000


STATES = {
    "first": "/",
    "rows": f"{PAIRS}&k=3&row=2",
    "all answers": f"{PAIRS}&k=2&view=all",
    "map": f"{PAIRS}&k=2&view=map",
    "examples": f"{PAIRS}&a=HER2&b=NRG1&k=2&pair_weight=0.25",
    "ambiguous": "/pairs?a=caspase&b=EGFR",
    "without vector": "/similar?names=TP53&e=small",
    "similar": "/similar?names=EGFR&e=small&contrast=MET",
    "relation": "/relation?a=EGF&b=EGFR&a=HGF&b=MET&e=small",
    "gene": "/gene/her2?k=2",
    "refused": "/relation?pairs=EGF",
    "unknown": "/pairs?a=EGFX&b=EGFR",
    "complete": "/complete?a=EGF&b=EGFR&c=HGF&k=2&e=small",
    "analogies": "/analogies?a=EGF&k=2&e=small",
    "API": "/api/v1/",
    "two embeddings": f"{PAIRS}&k=2&e=human&e=small",
}


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_serious_in_any_state(visit, name):
    visited = visit(STATES[name], color_scheme="light", viewport={"width": 390, "height": 800})
    if name == "map":
        visited.page.locator("canvas").wait_for()
    visited.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert visited.findings() == []
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= 390
    visited.page.emulate_media(color_scheme="dark")
    visited.page.set_viewport_size({"width": 1280, "height": 800})
    assert visited.findings("color-contrast") == []
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_a_token_is_typed_once(browser, spaces):
    with serving({"small": spaces["small"]}, chance=False, token="s & +") as server:
        address = f"http://127.0.0.1:{server.port}/similar?names=EGF"
        visited = Visit(browser, address, viewport={"width": 390, "height": 800})
        page = visited.page
        assert visited.findings() == []
        page.emulate_media(color_scheme="dark")
        assert visited.findings("color-contrast") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for typed, told in (("wrong", "This token is wrong"), ("s & +", "Similar genes")):
            page.get_by_label("token").fill(typed)
            page.keyboard.press("Enter")
            page.locator("h1", has_text=told).wait_for()
        assert page.url == address
        page.close()


def test_leaving_a_slow_page_stops_its_work(visit, server, monkeypatch):
    began, ended = threading.Event(), threading.Event()

    def endless(*_, **__):
        began.set()
        try:
            while True:
                run_parts(lambda *_: time.sleep(0.01))
        finally:
            ended.set()

    monkeypatch.setattr(Space, "analogies", endless)
    visited = visit("/analogies")
    page = visited.page
    page.get_by_label("gene", exact=True).fill("EGF")
    assert page.evaluate(
        """() => {
            document.querySelector("form.ask").requestSubmit();
            return document.querySelector(".working").checkVisibility();
        }"""
    )
    assert began.wait(10)
    full = server.ask("/analogies?a=EGF", Accept="text/html")
    assert (full.status, b"The server is busy" in full.content) == (503, True)
    page.goto(f"http://127.0.0.1:{server.port}/similar")
    assert ended.wait(2)
