import json
import re

import pytest

from gene_analogies import GeneAnalogiesError

ONE = """\
similar to EGF
epidermal growth factor
similarity: the cosine of the two vectors, at best 1

rank  item  similarity  full name
   1  EGFR      0.7071  epidermal growth factor receptor
   2  HGF       0.5000  hepatocyte growth factor
   3  INS       0.5000  insulin
"""

SEVERAL = """\
similar to each of EGF and HGF
similarity: the lowest of the cosines with each of them, at best 1; to X: the cosine with X alone

rank  item  similarity  to EGF  to HGF  full name
   1  INS       0.5000  0.5000  0.5000  insulin
   2  NGF       0.5000  0.5000  0.5000  nerve growth factor
"""

CONTRAST = """\
similar to EGFR rather than EGF
epidermal growth factor receptor rather than epidermal growth factor
difference: the cosine with EGFR minus that with EGF

rank  item  difference  to EGFR  to EGF  full name
   1  MET       0.0000   0.0000  0.0000  MET proto-oncogene, receptor tyrosine kinase
   2  INSR      0.0000   0.0000  0.0000  insulin receptor
"""


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["EGF", "-k", 3], ONE),
        (["EGF", "HGF", "--how", "min", "-k", 2], SEVERAL),
        (["EGF,", "HGF", "--how", "min", "-k", 2], SEVERAL),
        (["EGFR", "EGF", "--contrast", "-k", 2], CONTRAST),
    ],
)
def test_table(small, invoke, arguments, answer):
    assert invoke("similar", *arguments)[:2] == (0, answer)


def test_overall(small, invoke):
    code, out, _ = invoke("similar", "--overall", "-k", 4)
    assert code == 0
    heading, what, about, shares, *_ = out.splitlines()
    assert heading == "the most similar pairs"
    assert what == "similarity: the cosine of the two vectors, at best 1"
    assert about == (
        "all 36 pairs: similarities from 0.0000 to 0.7071, mean 0.1619, standard deviation 0.2665"
    )
    assert re.fullmatch(
        r"of these pairs, 0\.1 % have at most 0\.0000, .*, 50 % 0\.0000, .*, 99\.9 % 0\.7071 "
        r"\(± 4e-05\): only 0\.1 % are more similar than 0\.7071",
        shares,
    )
    assert re.findall(r"^ +\d  (\w+) +(\w+) +(0\.\d{4})", out, re.MULTILINE) == [
        ("EGF", "EGFR", "0.7071"),
        ("HGF", "MET", "0.7071"),
        ("INS", "INSR", "0.7071"),
        ("NGF", "NTRK1", "0.7071"),
    ]


def test_json(small, invoke):
    content = json.loads(invoke("similar", "EGF", "HGF", "--format", "json", "-k", 1)[1])
    assert content["query"] == "EGF, HGF"
    assert [one["item"] for one in content["members"]] == ["EGF", "HGF"]
    assert content["how"] == "span"
    assert list(content["items"][0]) == [
        "item", "similarity", "to_EGF", "to_HGF", "item_symbol", "item_name",
    ]  # fmt: skip
    content = json.loads(invoke("similar", "--overall", "--format", "json", "-k", 1)[1])
    assert content["distribution"]["pairs"] == 36
    assert content["pairs"][0]["a"] == "EGF"


def test_every_option_reaches_the_search(small, invoke, tmp_path, monkeypatch):
    seen = {}

    def similar(names, **options):
        seen.update(options, names=names)
        raise GeneAnalogiesError("seen")

    monkeypatch.setattr(small, "similar", similar)
    (tmp_path / "names").write_text("HGF\nMET\n")
    code, out, err = invoke(
        "similar", "EGF", "EGFR", "-k", 7, "--metric", "euclidean", "--how", "mean",
        "--among", tmp_path / "names", "--truncate", 9, "--include-query",
    )  # fmt: skip
    assert (code, out, err.splitlines()[-1]) == (2, "", "Error: seen")
    assert seen == {
        "names": ["EGF", "EGFR"],
        "contrast": None,
        "k": 7,
        "metric": "euclidean",
        "how": "mean",
        "among": ["HGF", "MET"],
        "truncate": 9,
        "include_query": True,
    }


def test_every_option_of_overall_reaches_the_search(small, invoke, tmp_path, monkeypatch):
    seen = {}

    def similar_overall(**options):
        seen.update(options)
        raise GeneAnalogiesError("seen")

    monkeypatch.setattr(small, "similar_overall", similar_overall)
    (tmp_path / "names").write_text("HGF\nMET\n")
    invoke(
        "similar", "--overall", "-k", 7, "--metric", "euclidean",
        "--among", tmp_path / "names", "--truncate", 9,
    )  # fmt: skip
    assert callable(seen.pop("progress"))
    assert seen == {"k": 7, "metric": "euclidean", "among": ["HGF", "MET"], "truncate": 9}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "similar needs a name, or several, or --overall"),
        (["EGFRR"], "no item is named 'EGFRR'; did you mean"),
        (["EGF", "--contrast"], "--contrast needs two names, as in EGFR ERBB2 --contrast, not 1"),
        (["EGF", "egf", "--contrast"], "contrast needs another item: 'egf' is 'EGF'"),
        (["EGF", "--overall"], "--overall compares all items: it goes without 'EGF'"),
        (["--overall", "--contrast"], "--overall compares all items: it goes without --contrast"),
        (["--overall", "--include-query"], "--overall .* goes without --include-query"),
        (["--overall", "--truncate", "1"], "fewer than two items are left"),
        (["EGF", "-k", "0"], "k must be a whole number of at least 1, not 0"),
        (["EGF", "--among", "no-such-file"], "no-such-file cannot be read"),
    ],
)
def test_errors_are_one_line(small, invoke, arguments, message):
    code, out, err = invoke("similar", *arguments)
    lines = [line for line in err.splitlines() if not line.startswith("first run")]
    assert (code, out, len(lines)) == (2, "", 1)
    assert re.match(f"Error: .*{message}", lines[0])


def test_a_process_answers_from_the_built_in_embedding(process):
    code, out, err = process("similar", "TP53", "-k", "3")
    assert (code, err) == (0, "")
    assert re.search(r"^ +1  TP73 +0\.7\d+  tumor protein p73$", out, re.MULTILINE)
