import json
import re

import pytest

from gene_analogies import GeneAnalogiesError
from gene_analogies.cli.commands.complete import complete, parse_analogy

TABLE = """\
EGF : EGFR :: HGF : ?
epidermal growth factor : epidermal growth factor receptor :: hepatocyte growth factor : ?
similarity: the cosine of d with EGFR − EGF + HGF, at best 1 (3CosAdd)
cos(EGF, EGFR) is 0.7071; papers: how many name c and d

rank  d    similarity  cos(c, d)  papers  full name
   1  MET      0.9239     0.7071     190  MET proto-oncogene, receptor tyrosine kinase
"""


def is_item(name):
    return name in {"HLA:A", "a", "b", "c", "?"}


def is_known(name):
    return is_item(name) or name == "ID:7"


def test_table(small, invoke):
    assert invoke("complete", "EGF", "EGFR", "HGF", "-k", 1)[:2] == (0, TABLE)


@pytest.mark.parametrize(
    "words",
    [
        ["EGF:EGFR", "HGF"],
        ["EGF", ":", "EGFR", "HGF"],
        ["EGF", ":", "EGFR", "::", "HGF", ":", "?"],
        ["EGF:EGFR", "::", "HGF:?"],
        ["egf", "ERBB1", "hgf"],
        ["--positive", "EGFR", "--positive", "HGF", "--negative", "EGF"],
    ],
)
def test_ways_to_ask_the_same(small, invoke, words):
    code, out, _ = invoke("complete", *words, "--format", "csv", "-k", 1)
    assert code == 0
    assert out.splitlines()[1].startswith("MET,")


@pytest.mark.parametrize(
    ("words", "examples", "c"),
    [
        (["a", "b", "c"], [("a", "b")], "c"),
        (["a:b", "c"], [("a", "b")], "c"),
        (["a:b", "c:a", "b"], [("a", "b"), ("c", "a")], "b"),
        (["HLA:A", "b", "c"], [("HLA:A", "b")], "c"),
        (["a:b", "HLA:A"], [("a", "b")], "HLA:A"),
        (["a", "b", "ID:7"], [("a", "b")], "ID:7"),
        (["a", ":", "b", "::", "c", ":", "?"], [("a", "b")], "c"),
        (["a:b", "b:c", "::", "c:?"], [("a", "b"), ("b", "c")], "c"),
        (["a", "b", "?"], [("a", "b")], "?"),
        (["a:b", "::", "?"], [("a", "b")], "?"),
        (["a", "b", "nobody"], [("a", "b")], "nobody"),
    ],
)
def test_words(words, examples, c):
    assert parse_analogy(words, is_item, is_known) == (examples, c)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "0 names make no analogy: give three names, as in EGF EGFR HGF, or example pairs"),
        (["a"], "one name makes no analogy"),
        (["a", "b"], "2 names make no analogy"),
        (["a", "b", "c", "a"], "4 names make no analogy"),
        (["a:b", "b:c"], "'b:c' is no item to complete"),
        (["a:b", "a", "c"], "'a' stands beside 'a:b'"),
        (["a:b", "::", "c", "a"], "4 names make no analogy"),
    ],
)
def test_words_that_are_no_analogy(words, message):
    with pytest.raises(GeneAnalogiesError, match=message):
        parse_analogy(words, is_item, is_known)


def test_every_option_reaches_the_search(small, invoke, tmp_path, monkeypatch):
    seen = {}

    def record(**options):
        seen.update(options)
        raise GeneAnalogiesError("seen")

    monkeypatch.setattr(small, "complete", record)
    (tmp_path / "names").write_text("HGF\nMET\n")
    options = {
        "method": "3CosMul",
        "k": 7,
        "among": ["HGF", "MET"],
        "truncate": 9,
        "include_query": True,
    }
    words = [
        "--method", "3cosmul", "-k", 7, "--among", tmp_path / "names", "--truncate", 9,
        "--include-query",
    ]  # fmt: skip
    code, _, err = invoke("complete", "EGF", "EGFR", "HGF", *words)
    assert (code, err.splitlines()[-1]) == (2, "Error: seen")
    assert seen == {"a": [("EGF", "EGFR")], "c": "HGF", **options}
    seen.clear()
    invoke("complete", "--positive", "A, B", "--positive", "C", "--negative", "D", *words)
    assert seen == {"positive": ("A, B", "C"), "negative": ("D",), **options}


def test_every_parameter_is_an_option():
    from inspect import signature

    from gene_analogies import Space

    here = {one.name for one in complete.params}
    assert set(signature(Space.complete).parameters) - {"self", "a", "b", "c"} <= here


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["EGF", "EGFR"], "2 names make no analogy"),
        (["EGF", "EGFR", "HGFF"], "no item is named 'HGFF'; did you mean"),
        (["EGF", "EGFR", "TP53"], "TP53 .* no vector"),
        (["EGF", "EGFR", "HGF", "-k", "0"], "k must be a whole number of at least 1, not 0"),
        (["EGF", "EGFR", "HGF", "--method", "LRCos"], "LRCos learns .* from at least 5 different"),
        (["EGF:EGFR", "INS:INSR", "HGF", "--method", "3CosMul"], "3CosMul takes one example pair"),
        (["EGF", "--positive", "EGFR"], "'EGF' is given beside --positive"),
        (["EGF", "EGFR", "HGF", "--among", "no-such-file"], "no-such-file cannot be read"),
    ],
)
def test_errors_are_one_line(small, invoke, arguments, message):
    code, out, err = invoke("complete", *arguments)
    lines = [line for line in err.splitlines() if not line.startswith("first run")]
    assert (code, out, len(lines)) == (2, "", 1)
    assert re.match(f"Error: .*{message}", lines[0])


def test_wrong_usage(small, invoke):
    code, out, err = invoke("complete", "EGF", "EGFR", "HGF", "--method", "4CosAdd")
    assert (code, out) == (2, "")
    assert "Usage: cli complete" in err


def test_examples_of_the_help(invoke):
    """On the built-in embedding each of them says something true."""
    assert complete.epilog.count("  gene-analogies complete") == 5
    for words, answer in [
        (["EGF", "EGFR", "HGF"], "MET"),
        (["MDM2", "TP53", "KEAP1", "--method", "3CosMul"], "NFE2L2"),
        (["EGF:EGFR", "HGF:MET", "LEP:LEPR", "EPO"], "EPOR"),
    ]:
        assert f"complete {' '.join(words)}\n" in complete.epilog
        code, out, _ = invoke("complete", *words, "--json", "-k", 1)
        assert (code, json.loads(out)["items"][0]["d"]) == (0, answer)
    lists = ["--positive", "NFE2L2", "--positive", "MDM2", "--negative", "KEAP1"]
    assert f"complete {' '.join(lists)}\n" in complete.epilog
    content = json.loads(invoke("complete", *lists, "--json", "-k", 2)[1])
    assert "TP53" in {item["item"] for item in content["items"]}


def test_the_shell_understands_it(small, invoke):
    code, out, _ = invoke("shell", stdin="complete EGF EGFR HGF -k 1\n")
    assert code == 0
    assert "EGF : EGFR :: HGF : ?" in out
    assert "MET" in out
