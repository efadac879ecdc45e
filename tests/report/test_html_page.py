"""Answers as pages; tests/report/test_html_in_browser.py opens them."""

import re

import numpy as np
import pytest
from html_pages import read
from made_answers import EGF, HGF, MET, Made, count_column, item_column, score_column

from gene_analogies import Embedding, Space
from gene_analogies.genes.papers import newest_papers
from gene_analogies.report.html_page import (
    answer_page,
    answer_section,
    sections_of,
    session_page,
)
from gene_analogies.report.html_templates import content_policy
from gene_analogies.report.plain_words import meanings

NAMES = ("EGF", "EGFR", "HGF", "MET", "INS", "INSR", "KING", "QUEEN")


@pytest.fixture(scope="module")
def space():
    generator = np.random.default_rng(1)
    return Space(Embedding(NAMES, generator.normal(size=(8, 5))))


@pytest.fixture(scope="module")
def page(space):
    return answer_page(space.pairs("EGF", "EGFR", k=25, include_query=True))


def test_it_is_one_file_that_nothing_may_change(page):
    reader = read(page)
    assert not {"link", "img", "iframe", "object", "form"} & set(reader.seen)
    assert not {"style", "src", "onclick"} & reader.attributes
    assert (reader.seen.count("script"), reader.seen.count("style")) == (1, 1)
    assert all(link.startswith("https://") for link in reader.links)
    policy = content_policy().replace("'", "&#39;")
    assert f'content="{policy}"' in page
    assert policy.count("sha256-") == 2


def test_question_evidence_and_origin(page):
    texts = read(page).texts
    for text in (
        "EGF : EGFR ≈ c : d",
        "epidermal growth factor : epidermal growth factor receptor",
        "25 rows, the best first",
        "cos(c, d)",
        "papers (that name c and d)",
        "Where this came from",
    ):
        assert text in texts
    assert re.search(r"<title>EGF : EGFR ≈ c : d</title>", page)


def test_p_means_what_its_question_does(space):
    pairs = space.pairs("EGF", "EGFR", k=2)
    relation = space.relation([("EGF", "EGFR"), ("HGF", "MET"), ("INS", "INSR")])
    assert "as close as c and d" in meanings(pairs)["p"]
    assert "chance alone" in meanings(relation)["p"]
    analogies = space.analogies("EGF", k=2)
    assert list(meanings(analogies)) == ["cos(a, b); cos(c, d)", "papers a, b; papers c, d"]


def test_figures_of_the_first_rows(page, space):
    assert page.count("<summary>") == 20
    assert page.count("<figure") == 41
    offset = space.pairs(offset=np.ones(5), k=3)
    assert (answer_page(offset).count("<summary>"), answer_page(offset).count("<figure")) == (0, 1)
    # A map.
    assert answer_page(space.similar("EGF", k=2)).count("<figure") == 1
    assert "<figure" not in answer_page(space.analogies("EGF", k=2))


def test_numbers_keep_all_digits(space):
    answer = space.pairs("EGF", "EGFR", k=2)
    for value in answer.similarity.tolist():
        assert f'data-value="{value}"' in answer_page(answer)


def test_missing_numbers_have_no_value():
    made = Made((item_column("item", EGF, HGF), score_column("x", 1.5, np.nan)))
    cells = re.findall(r'<td class="number"( data-value="[^"]*")?>([^<]*)</td>', answer_page(made))
    assert cells == [
        (' data-value="1"', "1"), (' data-value="1.5"', "1.5000"),
        (' data-value="2"', "2"), ("", "–"),
    ]  # fmt: skip


def test_best_values_come_first():
    made = Made((item_column("item", EGF), score_column("x", 1.0), count_column("rank_of_all", 1)))
    orders = re.findall(r'<th [^>]*data-first="(\w+)"[^>]*>([^<]*)', answer_page(made))
    assert orders == [
        ("ascending", "rank"), ("ascending", "item"), ("descending", "x"),
        ("ascending", "rank_of_all"),
    ]  # fmt: skip


def test_papers_are_linked_to_pubmed(space):
    answer = space.pairs("EGF", "EGFR", candidates=[("HGF", "MET"), ("KING", "INSR")])
    ids = newest_papers([3082], [4233], 50)[0]
    assert len(ids) == 50 < answer.papers[0]
    for text in (answer_page(answer), answer._repr_html_()):
        links = [link for link in read(text).links if "?term=" in link]
        assert links == [f"https://pubmed.ncbi.nlm.nih.gov/?term={'+'.join(map(str, ids))}"]


def test_each_question_links_its_papers(space):
    complete = space.complete("EGF", "EGFR", "HGF", k=5)
    analogies = space.analogies("EGF", k=2)
    pairs = space.pairs_each([("EGF", "EGFR"), ("INS", "INSR")], k=5)
    completed = space.complete_each([("EGF", "EGFR", "HGF")], k=5)
    for answer in (complete, analogies, pairs, completed):
        counted = [column for column in answer.columns if column.key.startswith("papers")]
        assert counted
        for column in counted:
            urls = list(column.urls)
            assert [bool(url) for url in urls] == [bool(count) for count in column.values]


def test_answers_without_rows(nothing):
    assert "no things" in read(answer_page(nothing)).texts


def test_to_html(result, tmp_path):
    path = tmp_path / "a.html"
    assert result.to_html(path) is None
    assert path.read_text("utf-8") == result.to_html() == answer_page(result)


def test_a_session_goes_on(result, odd):
    sections = [answer_section(result, 1), answer_section(odd, 2)]
    page = session_page(sections)
    reader = read(page)
    assert reader.links[:2] == ["#question-1", "#question-2"]
    assert sections_of(page) == sections
    assert session_page([*sections_of(page), answer_section(result, 3)]).count("<section") == 3
    assert sections_of(session_page([])) == []
    assert sections_of(answer_page(result)) is None
    assert MET.symbol in reader.texts
