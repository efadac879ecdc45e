from html.parser import HTMLParser

import pytest

from gene_analogies.report.html import pairs_html


class Reader(HTMLParser):
    """Collects text and links, and checks that tags are closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.texts, self.links = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag != "br":
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_content(result):
    reader = read(pairs_html(result))
    assert [text for text in reader.texts if text] == [
        "EGF : EGFR", "≈ c : d", "rank", "c", "d", "similarity",
        "1", "HGF", "hepatocyte growth factor",
        "MET", "MET proto-oncogene, receptor tyrosine kinase", "0.1235",
        "2", "MET", "MET proto-oncogene, receptor tyrosine kinase",
        "HGF", "hepatocyte growth factor", "0.0000",
        "ErbB1 → EGFR",
        "3 pairs of equal vectors have no direction and are left out",
    ]  # fmt: skip
    assert reader.links[:2] == [
        "https://www.proteinatlas.org/ENSG00000019991-HGF",
        "https://www.proteinatlas.org/ENSG00000105976-MET",
    ]


def test_notebooks_show_it(result):
    assert result._repr_html_() == pairs_html(result)


def test_everything_is_escaped(odd):
    text = pairs_html(odd)
    reader = read(text)
    assert "i" not in reader.seen
    assert reader.seen.count("b") == 1
    assert "name | with [marks] & <b>" in reader.texts
    assert "\x1b" not in text


@pytest.mark.parametrize("name", ["words", "empty", "several", "distances", "sums", "twins"])
def test_tags_are_closed(name, request):
    read(pairs_html(request.getfixturevalue(name)))


def test_nothing_found(empty):
    assert "no pairs" in read(pairs_html(empty)).texts
