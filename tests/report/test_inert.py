"""Whatever a file calls its items, no format makes anything of it but text."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from html_pages import read
from made_answers import Made
from markdown_it import MarkdownIt

from gene_analogies import Embedding, Space
from gene_analogies.genes.gene import Gene
from gene_analogies.report.markdown import answer_markdown
from gene_analogies.report.origin import Origin
from gene_analogies.report.registry import TABLES, content, render
from gene_analogies.report.tabular import flat_columns
from gene_analogies.report.text import escape_controls
from gene_analogies.results import Column, Item

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "end of script": "</script></style></svg><img src=x onerror=alert(1)>",
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "template": "{{ 7 * 7 }}{% raw %}",
    "bar": "a|b||c",
    "formula": "=cmd|'/c calc'!A1",
    "formula of a sign": "@SUM(1+1)",
    "escape": "\x1b[31mred\x1b]8;;https://evil.example\x07",
    "lines": "one\n# two\r\n- three\u2028four",
    "address": "javascript:alert(1)",
    "link": "[x](javascript:alert(1)) https://evil.example www.evil.example",
    "reference": "[x]: https://evil.example",
    "list": "- [x] item",
    "numbered": "1. item",
    "rule": "---",
    "code": "``` x `y`",
    "entity": "&lt;b&gt; $x$ ~~x~~ *y* __z__",
}
PAGES = re.compile(
    r"https://(www\.proteinatlas\.org|www\.ensembl\.org|www\.ncbi\.nlm\.nih\.gov|"
    r"www\.uniprot\.org|www\.genenames\.org)/[\w./%#!:~-]*"
)


def made(text):
    """An answer in which everything that can come from a file is this text."""
    gene = Gene(7, text, text, ensembl=(text,), uniprot=(text,), hgnc=text)
    vectors = np.eye(2)
    embedding = Embedding(("a", "b"), vectors, {"source": text, "title": text, "steps": [text]})
    return Made(
        (
            Column("item", (Item(text, gene), Item(f"{text} 2")), "item"),
            Column("text", (text, text), "text", text, text),
            Column("x", np.array([0.5, 0.25]), "cosine", text),
        ),
        notes=(text,),
        query=text,
        title=text,
        explanation=(text,),
        remarks=(text,),
        before=(("source", text),),
    ).having_origin(Origin((embedding,), command=f"gene-analogies pairs {text}"))


def is_inert_markdown(text):
    """Check what a reader of CommonMark with tables makes of it."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in tokens} | {child.type for child in inline}
    allowed = {
        "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text",
        "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close", "softbreak",
        "hardbreak", "code_inline", "link_open", "link_close", "text_special", "thead_open",
        "thead_close", "tbody_open", "tbody_close", "table_open", "table_close", "tr_open",
        "tr_close", "th_open", "th_close", "td_open", "td_close",
    }  # fmt: skip
    assert kinds <= allowed
    assert [token.type for token in tokens].count("bullet_list_open") == 1
    assert [token.type for token in tokens].count("list_item_open") == 2
    links = [child.attrs["href"] for child in inline if child.type == "link_open"]
    assert all(PAGES.fullmatch(link) for link in links)
    # GitHub links bare addresses, too, but for those in code.
    bare = re.sub(r"\]\([^)]*\)|(`+) .*? ?\1|`[^`]*`", "", text)
    assert not re.search(r"://|www\.", bare)
    rows = [row for row in text.splitlines() if row.startswith("|")]
    bars = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows}
    assert len(bars) == 1


def is_inert_html(text, ours):
    reader = read(text)
    assert set(reader.seen) <= ours
    assert all(PAGES.fullmatch(link) for link in reader.links)
    assert not [name for name in reader.attributes if name.startswith("on")]


TABLE = {"table", "caption", "thead", "tbody", "tr", "th", "td", "a", "br", "small", "code", "p"}
PAGE = {
    "html", "head", "meta", "title", "style", "script", "body", "main", "h1", "h2", "ul", "li",
    "div", "span", "pre", "dl", "dt", "dd",
}  # fmt: skip


def is_inert_table(text, answer, form):
    """Check that cells are what the answer has, and no formulas in a spreadsheet."""
    lines = list(
        csv.reader(io.StringIO(text, newline=""), delimiter="\t" if form == "tsv" else ",")
    )
    for key, cells in zip(lines[0], zip(*lines[1:], strict=True), strict=True):
        values = flat_columns(answer)[key]
        if isinstance(values[0], str):
            marked = [escape_controls(value) for value in values]
            if form == "spreadsheet":
                assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
                marked = [
                    f"'{one}" if one.startswith(("=", "+", "-", "@")) else one for one in marked
                ]
            assert list(cells) == marked


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("form", [*TABLES, "flat", "notebook", "data frame"])
def test_text_stays_text(form, text):
    answer = made(text)
    if form == "parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        table = parquet.read_table(io.BytesIO(content(answer, form)))
        assert table.column("item").to_pylist() == [text, f"{text} 2"]
        return
    if form == "data frame":
        assert answer.to_frame()["item"].tolist() == [text, f"{text} 2"]
        return
    if form == "flat":
        shown = answer_markdown(answer, "flat")
    else:
        shown = answer._repr_html_() if form == "notebook" else render(answer, form)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", shown.replace("\r", ""))
    if form in ("markdown", "flat"):
        is_inert_markdown(shown)
    elif form == "notebook":
        is_inert_html(shown, {*TABLE, "div", "b"})
    elif form == "html":
        is_inert_html(shown, TABLE | PAGE)
        assert shown.count("<script>") == shown.count("</script>") == 1
    elif form == "json":
        assert json.loads(shown)["things"][0]["text"] == text
    elif form == "table":
        assert "\r" not in shown
        assert len(shown.splitlines()) == 9
    else:
        is_inert_table(shown, answer, form)


@pytest.mark.parametrize("text", [HOSTILE["end of script"], HOSTILE["escape"]])
def test_figures_hold_no_markup(text):
    vectors = np.random.default_rng(1).normal(size=(6, 4))
    space = Space(Embedding((text, "b", "c", "d", "e", f"{text} 2"), vectors))
    answer = space.pairs(text, "b", k=2)
    for kind in ("compass", "quadrilateral"):
        root = ET.fromstring(content(answer, "svg", kind=kind))
        kinds = {element.tag.partition("}")[2] for element in root.iter()}
        assert kinds <= {"svg", "title", "desc", "style", "polyline", "polygon", "circle", "text"}
    page = content(answer, "html").decode()
    assert page.count("<script>") == page.count("</script>") == 1
    assert "<img" not in page
