"""What a served page shows, read without a browser."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """The texts of a page by element, its addresses, and the rows of its first table.

    Attributes
    ----------
    rows
        The first line of each cell, row by row.
    links
        Addresses by the texts, or the labels, that lead to them.
    tags
        Every element with its attributes.
    text
        All text.
    """

    def __init__(self, content):
        super().__init__()
        self.rows, self.links, self.tags, self.text = [], {}, [], ""
        self._cell, self._link, self._tables = None, None, 0
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self._tables += tag == "table"
        if tag == "tr":
            self._first = self._tables == 1
            if self._first:
                self.rows.append([])
        elif tag == "td" and self._first:
            self._cell = []
        elif tag in ("br", "svg"):
            self._cell = None if self._cell is None else self._done()
        elif tag == "a":
            self._link = attributes["href"]
            if "aria-label" in attributes:
                self.links[attributes["aria-label"]] = self._link

    def handle_endtag(self, tag):
        if tag == "td":
            self._cell = None if self._cell is None else self._done()
        elif tag == "a":
            self._link = None

    def handle_data(self, data):
        self.text += data
        if self._cell is not None:
            self._cell.append(data)
        if self._link is not None and data.strip():
            self.links[data.strip()] = self._link

    def _done(self):
        self.rows[-1].append("".join(self._cell).strip())

    @property
    def body(self):
        """The rows that have cells."""
        return [row for row in self.rows if row]

    def fields(self, name):
        """Return what the inputs of a name hold."""
        return [a.get("value") for tag, a in self.tags if tag == "input" and a.get("name") == name]
