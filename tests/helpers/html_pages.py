"""Reads HTML as a browser would, and refuses tags that are not closed."""

from html.parser import HTMLParser

#: Elements that have no end.
EMPTY = {"br", "meta"}


class Reader(HTMLParser):
    """Collects tags, attributes, texts and links, and checks that tags are closed in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.texts, self.links, self.attributes = [], [], [], [], set()

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in EMPTY:
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href"]
        self.attributes |= {name for name, _ in attrs}

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())


def read(text):
    """Return what a page or a part of one holds."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader
