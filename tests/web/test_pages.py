"""Pages hold the library's rows, say in every state what to do, and work without scripts."""

from __future__ import annotations

import csv
import io
import json
import re
import runpy
from pathlib import Path
from urllib.parse import urlencode

import pytest
from page_parts import Page
from web_client import HOSTILE, serving

from gene_analogies import Embedding, Space, load
from gene_analogies.web.examples import example_pairs, example_relations
from gene_analogies.web.words import TESTS
from gene_analogies.web.work import Work

ROOT = Path(__file__).parents[2]
PAIR = {"a": "EGF", "b": "EGFR"}
QUESTIONS = {
    "/pairs": {"a": ["EGF", "HGF"], "b": ["EGFR", "MET"], "k": "3", "row": "1", "view": "pair"},
    "/pairs/row": {**PAIR, "row": "2", "view": "all"},
    "/similar": {"names": ["EGF", "HGF"], "contrast": "", "k": "3"},
    "/complete": {**PAIR, "c": "HGF"},
    "/analogies": {"a": "EGF"},
    "/relation": {**PAIR, "pairs": "HGF MET"},
    "/gene/EGF": {"k": "2"},
}


def opened(client, path, asked=(), status=200):
    answer = client.ask(path, asked, Accept="text/html")
    assert answer.status == status, answer.content
    assert answer.headers["content-type"].startswith("text/html")
    return Page(answer.content)


def test_a_table_has_the_rows_of_the_library_and_of_files(client, toys):
    expected = toys["toy"].pairs("EGF", "EGFR", k=5)
    rows = opened(client, "/pairs", {**PAIR, "k": 5}).body
    assert [row[1:3] for row in rows] == [[pair.c, pair.d] for pair in expected]
    assert [row[3] for row in rows] == [f"{pair.similarity:.2f}" for pair in expected]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"][: len(rows)]
    page = opened(client, "/pairs", PAIR)
    table = list(csv.reader(io.StringIO(client.ask(page.links["CSV"]).content.decode())))
    assert [row[:2] for row in table[1:]] == [row[1:3] for row in page.body]
    report = client.ask(page.links["report"])
    assert report.headers["content-disposition"] == 'inline; filename="pairs-EGF-EGFR.html"'
    found = json.loads(client.ask(page.links["JSON"]).content)["pairs"]
    assert [[one["c"], one["d"]] for one in found] == [row[1:3] for row in page.body]


def test_a_page_says_above_the_table_how_far_to_trust_it(client, toys):
    found = toys["toy"].pairs("EGF", "EGFR", k=5)
    clear, named = int((found.p <= 0.01).sum()), int((found.papers > 0).sum())
    assert named > 0
    text = " ".join(opened(client, "/pairs", {**PAIR, "k": 5}).text.split())
    belong = "belongs" if clear == 1 else "belong"
    of = f"{clear} of {len(found)} pairs clearly {belong} together, in one way or another"
    assert f"{of}, and papers name both genes of {named}. " in text


def test_a_row_can_be_asked_with(client):
    page = opened(client, "/pairs", {**PAIR, "k": 5, "row": 2, "pair_weight": "0.25"})
    c, d = page.body[1][1:3]
    alone, both = page.links[f"Pairs like {c} : {d}"], page.links["like this and what was asked"]
    assert alone == f"/pairs?k=5&pair_weight=0.25&a={c}&b={d}"
    assert both == f"/pairs?a=EGF&b=EGFR&k=5&pair_weight=0.25&a={c}&b={d}"
    assert opened(client, both).body


def test_other_questions_have_the_rows_of_the_library(client, toys):
    toy = toys["toy"]
    rows = opened(client, "/similar", {"names": "EGF", "k": 3}).body
    assert [row[1] for row in rows] == [one.item for one in toy.similar("EGF", k=3)]
    rows = opened(client, "/complete", {**PAIR, "c": "HGF", "k": 3}).body
    assert [row[1] for row in rows] == [
        one.name for one in toy.complete("EGF", "EGFR", "HGF").items[:3]
    ]
    rows = opened(client, "/analogies", {"a": "EGF", "k": 3}).body
    found = toy.analogies("EGF", k=3)
    assert [row[1:4] for row in rows] == [[one.b, one.c, one.d] for one in found]
    evidence = found.to_frame()
    named = ((evidence["papers_ab"] > 0).astype(int) + (evidence["papers_cd"] > 0)).tolist()
    text = opened(client, "/analogies", {"a": "EGF", "k": 3}).text
    assert f"In {named.count(2)} of 3 analogies papers name both genes of both pairs" in text
    assert f"in {named.count(1)} those of one pair" in text


def test_two_embeddings_stand_side_by_side(toys):
    with serving({"one": toys["toy"], "two": toys["toy"]}) as client:
        page = opened(client, "/pairs", {**PAIR, "e": ["one", "two"]})
        assert "found by both" in page.text
        assert len(page.body) > 1
        told = opened(client, "/relation", {**PAIR, "e": ["one", "two"]})
        assert [row[0] for row in told.body] == ["one", "two"]


def test_a_row_is_chosen_by_a_link_and_shown_beside_the_table(client):
    first = opened(client, "/pairs", PAIR)
    assert "HGF : MET" in first.text
    address = first.links[f"2, show {first.body[1][1]} : {first.body[1][2]}"]
    assert "row=2" in address
    second = opened(client, address)
    chosen = [at for at, (tag, a) in enumerate(second.tags) if tag == "tr" and "aria-current" in a]
    assert len(chosen) == 1
    assert second.body == first.body
    assert second.text != first.text
    fragment = opened(client, address.replace("/pairs?", "/pairs/row?"))
    assert fragment.text.strip() in second.text
    assert "<html" not in fragment.text


def test_the_first_screen_asks_a_question_and_says_what_is_searched(client):
    page = opened(client, "/")
    assert ("form", "/pairs") in [(tag, a.get("action")) for tag, a in page.tags]
    assert "9 human genes, 72 pairs" in " ".join(page.text.split())
    assert "Nothing that you type leaves this computer" in page.text
    assert opened(client, page.links["EGF : EGFR"]).body
    for name in ("Similar genes", "One gene", "Fill the gap", "Is it real?"):
        assert not opened(client, page.links[name]).body


def test_a_server_for_others_says_whose_it_is(toys):
    with serving(toys, bound="0.0.0.0") as client:
        text = opened(client, "/").text
        assert "leaves this computer" not in text
    # Behind a proxy it listens at the loopback, and is reached under another name.
    with serving(toys, hosts=["lab.example.org"]) as client:
        answer = client.ask("/", Accept="text/html", Host="lab.example.org")
        assert "goes to lab.example.org" in Page(answer.content).text
    with serving(toys, bound="0.0.0.0") as client:
        text = opened(client, "/").text
        assert "goes to 127.0.0.1" in text


def test_an_alias_is_noted_above_the_table(client):
    page = opened(client, "/pairs", {"a": "EGF", "b": "her1"})
    assert "her1 → EGFR" in page.text
    assert page.fields("b")[0] == "her1"


def test_an_unknown_name_has_suggestions_that_keep_the_rest(client):
    page = opened(client, "/pairs", {"a": "EGFX", "b": "MET", "k": 4}, 404)
    assert "No gene here is called EGFX" in page.text
    assert "a=EGFR&b=MET&k=4" in page.links["EGFR"]
    assert page.fields("a")[0] == "EGFX"
    assert opened(client, page.links["EGF"]).body


def test_a_family_gives_a_choice_with_full_names():
    names = ["CASP3", "CASP8", "EGF", "EGFR", "HGF", "MET"]
    vectors = [[i * 1.0, (i * i) % 7, 1.0] for i in range(6)]
    with serving({"caspases": Space(Embedding(names, vectors))}) as other:
        page = opened(other, "/pairs", {"a": "caspase", "b": "MET"}, 409)
        assert "caspase may be several genes" in page.text
        assert "caspase 3" in page.text
        assert opened(other, page.links["CASP3"]).fields("b")[0] == "MET"


def test_several_genes_are_alike_each_and_files_say_so(client, toys):
    page = opened(client, "/similar", {"names": ["EGF", "HGF"], "k": 4})
    found = toys["toy"].similar(["EGF", "HGF"], how="min", k=4)
    assert [row[1] for row in page.body] == [one.item for one in found]
    assert "how=min" in page.links["CSV"]


def test_where_close_pairs_are_preferred_closeness_is_no_evidence(client, toys):
    page = opened(client, "/pairs", {**PAIR, "k": 5, "pair_weight": "0.25"})
    found = toys["toy"].pairs("EGF", "EGFR", k=5, pair_weight=0.25)
    assert [row[1:3] for row in page.body] == [[pair.c, pair.d] for pair in found]
    assert "belong together?" not in page.text
    assert "clearly" not in page.text
    assert "that a pair is close is no evidence by itself here" in page.text


def test_what_an_address_alone_asks_is_shown_and_can_be_left_out(client):
    page = opened(client, "/pairs", {**PAIR, "operation": "sum", "k": 3, "row": 2})
    assert "operation=sum" in page.text
    assert page.fields("operation") == ["sum"]
    assert page.links["without"] == "/pairs?a=EGF&b=EGFR&k=3"
    assert "Also asked" not in opened(client, "/pairs", {**PAIR, "k": 3}).text


@pytest.mark.parametrize("count", [2, 3, 5])
def test_a_file_of_other_names_begins_with_its_first(count):
    names = ["x", "y", "z", "v", "w"][:count]
    vectors = [[1.0, row] for row in range(count)]
    found = example_pairs(Space(Embedding(names, vectors), genes=None))
    assert found == ([("x", "y", "z", "the first of the file")] if count > 2 else [])


def test_words_are_not_called_genes():
    vectors = [[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.2, 0.9]]
    words = Space(Embedding(["king", "queen", "man", "woman"], vectors), genes=None)
    with serving({"words": words}, chance=False) as client:
        for path in (
            "/similar?names=king",
            "/pairs?a=man&b=woman",
            "/complete?a=man&b=woman&c=king",
        ):
            content = client.ask(path, Accept="text/html").content.decode()
            called = re.findall(r"<label><span>(.*?)</span>|<th [^>]*>(.*?)</th>", content)
            assert "item" in {first or second for first, second in called}
            assert not any("gene" in first + second for first, second in called)
        for path in ("/pairs?a=man&b=woman&view=map", "/similar?names=king", "/gene/king"):
            text = " ".join(opened(client, path).text.split())
            assert "Each dot is an item" in text or "items, the most alike first" in text
            assert not re.search("dot is a gene|[0-9] genes|the genes on it|Genes similar", text)


def test_two_genes_in_one_field_are_told_apart(client):
    for name in ("EGF EGFR", "egf,her1", "EGF: EGFR"):
        page = opened(client, "/similar", {"names": name}, 404)
        assert "These are two genes: write each in a field of its own." in page.text
        (link,) = (
            url
            for text, url in page.links.items()
            if text.startswith("Pairs like ") and ":" in text
        )
        assert opened(client, link).body


def test_a_gene_without_a_vector_says_who_has_one(client):
    page = opened(client, "/similar", {"names": "plain"}, 404)
    link = page.links["Ask hostile, which has it"]
    assert opened(client, link).body
    assert (
        "TP53 is not in the data that is searched (toy)"
        in opened(client, "/gene/TP53", (), 404).text
    )


@pytest.mark.parametrize(
    ("path", "asked", "says"),
    [
        ("/pairs", {"a": "EGF", "b": ""}, "fill in the partner of EGF"),
        # The partner of another example is not taken for the one that is missing.
        ("/pairs", {"a": ["EGF", ""], "b": ["", "MET"]}, "fill in the partner of EGF"),
        ("/pairs", {"a": ["EGF", "", ""], "b": ["EGFR", "", "MET"]}, "whose partner MET is"),
        ("/pairs", {**PAIR, "row": "x"}, "row must be a whole number"),
        ("/pairs", {**PAIR, "view": "x"}, "view must be one of"),
        ("/pairs", {**PAIR, "k": "0"}, "k must be 1 or more"),
        ("/pairs", {"a": "x" * 201, "b": "y"}, "a.0 is longer than 200 letters."),
        ("/pairs", {**PAIR, "e": "/etc/passwd"}, "e must be one of toy, hostile"),
        ("/pairs", {**PAIR, "weight": "1"}, "weight is no parameter here"),
        ("/relation", {"pairs": "EGF EGFR\nHGF"}, "'HGF', number 2, stands alone"),
        ("/complete", {**PAIR}, "fill in the other three"),
        ("/similar", {"contrast": "MET"}, "fill in what the answer is like"),
        ("/complete", {"a": "EGF", "c": "HGF"}, "the partner of EGF"),
        ("/pairs", {"a": ["EGF", ""], "b": ["EGFR", "MET"]}, "the gene whose partner MET is"),
        ("/similar", {"names": ["EGF", "HGF"], "contrast": "MET"}, "leave out the others"),
        ("/pairs", {"a": "EGF", "b": "EGF"}, "not 'EGF' twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_in_a_sentence(client, path, asked, says):
    assert says in opened(client, path, asked, 422).text


def test_a_form_with_too_many_fields_is_refused(client):
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    answer = client.ask("/relation", method="POST", body="k=1&" * 200, **form)
    assert answer.status == 422


def test_links_ask_the_embedding_that_was_asked(client):
    for path in ("/gene/plain?e=hostile", "/similar?e=hostile", "/relation?e=hostile"):
        page = opened(client, path)
        own = [one for one in page.links.values() if one.startswith("/") and "/api/" not in one]
        assert len(own) > 5
        assert [one for one in own if "e=hostile" not in one] == []
    page = opened(client, "/similar?names=plain&e=hostile")
    assert opened(client, page.links["../../etc/passwd"]).links["Items similar to ../../etc/passwd"]


def test_a_form_keeps_what_was_asked(client):
    asked = {"a": ["EGF", "HGF"], "b": ["EGFR", "MET"], "c": "INS"}
    page = opened(client, "/complete", asked)
    assert {name: page.fields(name) for name in asked} == asked | {"c": ["INS"]}
    for weight, value, is_checked in (("0", "0.25", False), ("0.5", "0.5", True)):
        page = opened(client, "/pairs", {**PAIR, "pair_weight": weight})
        box = next(a for _, a in page.tags if a.get("name") == "pair_weight")
        assert (box["value"], "checked" in box) == (value, is_checked)
    page = opened(client, "/relation", {**PAIR, "unordered": "0"})
    assert "checked" not in next(a for _, a in page.tags if a.get("name") == "unordered")
    file = opened(client, "/pairs", {**PAIR, "chance": "true"}).links["CSV"]
    assert file.count("chance=") == 1


def test_of_two_embeddings_it_is_said_which_lacks_a_gene(client):
    asked = {"a": "EGF", "b": "EGFR", "e": ["toy", "hostile"]}
    page = opened(client, "/pairs", asked, 404)
    assert "EGF is not in the data that is searched (hostile)" in page.text
    assert opened(client, page.links["Ask toy, which has it"]).body


def test_other_errors_are_pages_too(client, toys):
    assert "There is no such page" in opened(client, "/nothing", (), 404).text
    with serving(toys, token="secret") as closed:
        assert "A token is needed" in opened(closed, "/", (), 401).text
    with serving(toys, work=Work(held={"long": 0})) as busy:
        answer = busy.ask("/analogies", {"a": "EGF"}, Accept="text/html")
        assert (answer.status, answer.headers["retry-after"]) == (503, "10")
        assert "The server is busy" in Page(answer.content).text
    refused = client.ask("/", Host="evil.example", Accept="text/html")
    assert refused.status == 403
    assert Page(refused.content).tags


def test_pasted_pairs_lead_to_an_address_that_can_be_sent(client, toys):
    typed = 'EGF\tEGFR\n"HGF","MET"\n\n# those of insulin\nINS → INSR\nNGF: NTRK1\n'
    body = urlencode({"pairs": typed, "e": "toy"})
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    empty = client.ask("/relation", method="POST", body="pairs=%0A", Accept="text/html", **form)
    assert empty.status == 422
    assert "write two genes a line" in Page(empty.content).text
    answer = client.ask("/relation", method="POST", body=body, **form)
    assert answer.status == 303
    page = opened(client, answer.headers["location"])
    expected = toys["toy"].relation(
        [("EGF", "EGFR"), ("HGF", "MET"), ("INS", "INSR"), ("NGF", "NTRK1")]
    )
    assert expected.explanation[0] in page.text
    assert [row[0] for row in page.body] == [TESTS[test.test] for test in expected]
    assert [row[1] for row in page.body] == [f"{test.effect:.2f}" for test in expected]
    wrong = client.ask(
        "/relation", method="POST", body=urlencode({"pairs": "EGF\nHGF MET"}), **form
    )
    assert wrong.status == 422


def test_a_gene_has_a_page_under_all_its_names(client):
    page = opened(client, "/gene/her1")
    assert "her1 → EGFR" in page.text
    assert page.links["UniProt"].startswith("https://")
    assert opened(client, page.links["EGF"]).text != page.text
    assert "../../etc/passwd" in opened(client, "/gene/..%2F..%2Fetc%2Fpasswd?e=hostile").text


def test_code_in_every_parameter_is_text(client):
    for path, asked in QUESTIONS.items():
        for name in [*asked, "e", "other"]:
            filled = {**asked, name: HOSTILE, **({"e": "hostile"} if name != "e" else {})}
            _nothing_runs(client.ask(path, filled, Accept="text/html"))
    _nothing_runs(client.ask(f"/gene/{HOSTILE.replace('/', '%2F')}?e=hostile", Accept="text/html"))
    hostile = {"names": HOSTILE, "e": "hostile"}
    shown = client.ask("/similar", hostile, Accept="text/html")
    assert shown.status == 200
    assert HOSTILE in Page(shown.content).fields("names")
    pairs = {"a": HOSTILE, "b": "plain", "e": "hostile"}
    assert HOSTILE in Page(client.ask("/pairs", pairs, Accept="text/html").content).text


def _nothing_runs(answer):
    assert answer.status in (200, 404, 409, 422), answer.content
    page = Page(answer.content)
    for tag, attributes in page.tags:
        assert tag != "script" or attributes["src"].startswith("/static/")
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert not str(attributes.get("href", "")).startswith("javascript")
    assert "'unsafe" not in answer.headers["content-security-policy"]


def test_static_files_are_kept_long_under_the_address_of_a_version(client):
    page = opened(client, "/pairs", PAIR)
    files = {a.get("src") or a["href"] for tag, a in page.tags if tag in ("script", "link")}
    served = [one for one in files if one.startswith("/static/")]
    assert len(served) == len(files) - 1 == 6  # and an empty icon
    for address in served:
        answer = client.ask(address)
        assert answer.status == 200
        assert "immutable" in answer.headers["cache-control"]
    old = re.sub("/static/[0-9a-f]+", "/static/0", served[0])
    assert client.ask(old).headers["cache-control"] == "no-store"
    for other in ("app.py", "..%2Fapp.py", "page.css.map"):
        assert client.ask(f"/static/0/{other}").status == 404


def test_below_a_root_path_all_addresses_stay_there(toys):
    with serving(toys, root_path="/lab") as client:
        page = opened(client, "/lab/pairs", PAIR)
        own = [a.get("href") or a.get("action") or a.get("src") for _, a in page.tags]
        inside = [one for one in own if one and one.startswith("/")]
        assert inside
        assert all(one.startswith("/lab/") for one in inside)


def test_the_map_has_a_place_for_every_item(client, toys):
    answer = client.api("map")
    found = answer.json
    assert found["items"] == list(toys["toy"].names)
    expected = toys["toy"].map().coordinates
    places = [*zip(found["x"], found["y"], strict=True)]
    scale = max(expected.max(axis=0) - expected.min(axis=0)) / 9999
    for place, (x, y) in zip(places, expected - expected.min(axis=0), strict=True):
        assert abs(place[0] * scale - x) <= scale
        assert abs(place[1] * scale - y) <= scale


def test_the_picture_of_the_documentation_is_of_this_page():
    image = pytest.importorskip("PIL.Image")
    script = runpy.run_path(str(ROOT / "docs" / "generate_page_figure.py"))
    with image.open(script["FIGURE"]) as picture:
        assert picture.text["Page"] == script["shown"](load()), "run docs/generate_page_figure.py"


def test_questions_to_begin_with_have_true_answers():
    human = load()
    assert [human.complete(a, b, c, k=1).items[0].name for a, b, c, _ in example_pairs(human)] == [
        "MET", "CCNA2", "IL6R", "CXCR4",
    ]  # fmt: skip
    verdicts = [human.relation(pairs).verdict for _, pairs in example_relations(human)]
    assert verdicts == ["analogy", "related_pairs", "no_relation"]
    with serving({"human": human}, chance=False) as client:
        page = opened(client, "/relation")
        told = opened(client, page.links["cytokines and their receptors"])
        assert "Yes: the pairs differ in one direction" in told.text
        assert told.body
