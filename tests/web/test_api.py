"""Answers over HTTP are those of the library, and every error has its status."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from web_client import HOSTILE, serving

import gene_analogies as ga
from gene_analogies.report.html_templates import content_policy
from gene_analogies.report.registry import render
from gene_analogies.web.maps import map_json

EXAMPLES = [("EGF", "EGFR"), ("HGF", "MET")]


def library(answer):
    return json.loads(render(answer, "json"))


QUESTIONS = {
    "pairs": (
        "pairs", {"a": "EGF", "b": "EGFR", "k": 3}, lambda s: s.pairs("EGF", "EGFR", k=3)
    ),
    "pairs of examples": (
        "pairs", {"a": ["EGF", "HGF"], "b": ["EGFR", "MET"]}, lambda s: s.pairs(EXAMPLES)
    ),
    "pairs with options": (
        "pairs",
        {"a": "EGF", "b": "EGFR", "metric": "euclidean", "operation": "sum",
         "max_similarity": 0.9, "include_query": "true"},
        lambda s: s.pairs(
            "EGF", "EGFR", metric="euclidean", operation="sum", max_similarity=0.9,
            include_query=True,
        ),
    ),
    "pairs with a weight": (
        "pairs", {"a": "EGF", "b": "EGFR", "pair_weight": 0.25},
        lambda s: s.pairs("EGF", "EGFR", pair_weight=0.25),
    ),
    "similar": ("similar", {"names": "EGF", "k": 2}, lambda s: s.similar("EGF", k=2)),
    "similar to several": (
        "similar", {"names": ["EGF", "HGF"], "how": "mean"},
        lambda s: s.similar(["EGF", "HGF"], how="mean"),
    ),
    "contrast": (
        "similar", {"names": "EGF", "contrast": "MET"},
        lambda s: s.similar("EGF", contrast="MET"),
    ),
    "complete": (
        "complete", {"a": "EGF", "b": "EGFR", "c": "HGF"},
        lambda s: s.complete("EGF", "EGFR", "HGF"),
    ),
    "complete lists": (
        "complete", {"positive": ["EGFR", "HGF"], "negative": "EGF"},
        lambda s: s.complete(positive=["EGFR", "HGF"], negative=["EGF"]),
    ),
    "analogies": ("analogies", {"a": "EGF", "k": 4}, lambda s: s.analogies("EGF", k=4)),
    "relation": (
        "relation", {"a": ["EGF", "HGF"], "b": ["EGFR", "MET"]}, lambda s: s.relation(EXAMPLES)
    ),
    "known": ("known", {"a": "EGF", "b": "her2"}, lambda _: ga.known("EGF", "her2")),
}  # fmt: skip


@pytest.mark.parametrize("name", QUESTIONS)
def test_rows_are_those_of_the_library(client, toys, name):
    question, parameters, ask = QUESTIONS[name]
    answer = client.api(question, **parameters)
    assert answer.status == 200, answer.content
    expected = ask(toys["toy"])
    content = library(expected)
    assert answer.json["title"] == expected.title
    assert answer.json[expected.rows_name] == content[expected.rows_name]
    assert answer.json["notes"] == content["notes"]


def test_a_list_of_pairs_may_be_posted(client, toys):
    body = json.dumps({"pairs": EXAMPLES, "e": ["toy"]})
    answer = client.ask(
        "/api/v1/relation", method="POST", body=body, Content_Type="application/json"
    )
    assert answer.status == 200, answer.content
    expected = library(toys["toy"].relation(EXAMPLES))
    assert {key: answer.json[key] for key in expected if key != "origin"} == {
        key: value for key, value in expected.items() if key != "origin"
    }


def test_two_embeddings_agree(toys):
    two = {"one": toys["toy"], "two": toys["toy"]}
    with serving(two) as client:
        answer = client.api("pairs", a="EGF", b="EGFR", k=2, e=["one", "two"]).json
        assert answer["pairs"] == library(ga.agree(*two.values(), "EGF", "EGFR", k=2))["pairs"]
        told = client.api("relation", a="EGF", b="EGFR", e=["one", "two"]).json
        assert [row["embedding"] for row in told["embeddings"]] == ["one", "two"]
        refused = client.api("similar", names="EGF", e=["one", "two"])
        assert (refused.status, refused.json["name"]) == (422, "e")


def test_answers_as_files_hold_the_same(client, toys):
    asked = {"a": "EGF", "b": "EGFR", "k": 3}
    expected = toys["toy"].pairs("EGF", "EGFR", k=3)
    csv = client.ask("/pairs.csv", asked)
    assert csv.content.decode() == expected.to_csv()
    assert "attachment" in csv.headers["content-disposition"]
    assert client.ask("/pairs.json", asked).json["pairs"] == library(expected)["pairs"]
    assert client.ask("/pairs.md", asked).content.startswith(b"# EGF : EGFR")
    assert client.ask("/pairs.svg", asked).content.startswith(b"<svg")
    page = client.ask("/pairs.html", asked)
    assert page.content.startswith(b"<!doctype html>")
    figure = client.ask("/pairs.svg", asked).headers["content-security-policy"]
    assert "style-src 'unsafe-inline'" in figure
    assert "script-src" not in figure
    # Both this and what the page says of itself let its own style and script work.
    assert page.headers["content-security-policy"] == f"{content_policy()}; frame-ancestors 'none'"
    assert client.ask("/similar.svg", {"names": "EGF"}).content.startswith(b"<svg")
    assert client.ask("/known.svg", {"a": "EGF", "b": "EGFR"}).status == 422
    pairs = [("EGF", "EGFR"), ("HGF", "MET"), ("INS", "INSR")]
    asked = {"a": [a for a, _ in pairs], "b": [b for _, b in pairs]}
    assert (
        client.ask("/relation.csv", asked).content.decode() == toys["toy"].relation(pairs).to_csv()
    )
    assert client.ask("/relation.csv", asked | {"b": ["EGFR"]}).status == 422


@pytest.mark.parametrize(
    ("path", "parameters", "called"),
    [
        ("pairs.csv", {"a": ["EGF", "HGF"], "b": ["EGFR", "MET"]}, "pairs-EGF-EGFR-HGF-MET.csv"),
        ("similar.json", {"names": "EGF", "contrast": "MET"}, "similar-EGF-MET.json"),
        ("complete.md", {"a": "EGF", "b": "EGFR", "c": "HGF"}, "complete-EGF-EGFR-HGF.md"),
        ("analogies.tsv", {"a": "EGF"}, "analogies-EGF.tsv"),
        ("known.html", {"a": "HLA-A", "b": "IL-1β"}, "known-HLA-A-IL-1.html"),
        ("known.json", {"a": "\r\nTP53", "b": ' \u2028";MDM2'}, None),
        ("similar.csv", {"names": HOSTILE, "e": "hostile"}, "similar-script-alert-1-script.csv"),
        (
            "pairs.csv", {"a": ["EGF"] * 9, "b": ["EGFR"] * 9},
            "pairs-EGF-EGFR-EGF-EGFR-EGF-EGFR-EGF-EGFR-EGF-EGFR-EGF.csv",
        ),
    ],
)  # fmt: skip
def test_files_are_called_by_their_questions(client, path, parameters, called):
    answer = client.ask(f"/{path}", parameters)
    if called is None:
        assert (answer.status, "content-disposition" in answer.headers) == (404, False)
    else:
        assert answer.status == 200
        how = "attachment" if path.endswith("sv") else "inline"
        assert answer.headers["content-disposition"] == f'{how}; filename="{called}"'


@pytest.mark.parametrize(
    ("question", "parameters", "status", "error", "name"),
    [
        ("pairs", {"a": "EGFX", "b": "EGFR"}, 404, "unknown", "EGFX"),
        ("pairs", {"a": "TP53", "b": "EGFR"}, 404, "no_vector", "TP53"),
        ("similar", {"names": "wnt"}, 404, "no_vector", "wnt"),
        ("pairs", {"a": "EGF"}, 422, "invalid", "b"),
        ("pairs", {"a": ["EGF", "HGF"], "b": "EGFR"}, 422, "invalid", "b"),
        ("pairs", {"a": "EGF", "b": "EGF"}, 422, "invalid", None),
        ("pairs", {"a": "EGF", "b": "EGFR", "k": 0}, 422, "invalid", "k"),
        ("pairs", {"a": "EGF", "b": "EGFR", "k": 1001}, 422, "invalid", "k"),
        ("pairs", {"a": "EGF", "b": "EGFR", "weight": 1}, 422, "invalid", "weight"),
        ("pairs", {"a": "EGF", "b": "EGFR", "max_similarity": "nan"}, 422, "invalid",
         "max_similarity"),
        ("pairs", {"a": "EGF", "b": "EGFR", "pair_weight": 1, "operation": "sum"}, 422, "invalid",
         None),
        ("pairs", {"a": "E" * 201, "b": "EGFR"}, 422, "invalid", "a"),
        ("pairs", {"a": "EGF", "b": "EGFR", "e": "/etc/passwd"}, 422, "invalid", "e"),
        ("pairs", {"a": "EGF", "b": "EGFR", "e": "human"}, 422, "invalid", "e"),
        ("pairs", {"a": ["EGF"] * 51, "b": ["EGFR"] * 51}, 422, "invalid", "a"),
        ("relation", {"a": ["EGF", "HGF"], "b": "EGFR"}, 422, "invalid", "b"),
        ("genes/EGFX", {}, 404, "unknown", "EGFX"),
        ("known", {"a": "EGF", "b": "caspase"}, 409, "ambiguous", "caspase"),
        ("nothing", {}, 404, "not_found", None),
    ],
)  # fmt: skip
def test_errors_have_a_status_and_say_what_is_wrong(
    client, question, parameters, status, error, name
):
    answer = client.api(question, **parameters)
    assert (answer.status, answer.json["error"], answer.json["name"]) == (status, error, name)
    assert set(answer.json) == {"error", "message", "name", "candidates", "embeddings"}
    assert "\n" not in answer.json["message"]
    assert "Traceback" not in answer.json["message"]


def test_candidates_have_full_names(client):
    found = client.api("known", a="EGF", b="caspase").json["candidates"]
    assert {"name": "CASP3", "full_name": "caspase 3"} in found


def test_an_embedding_that_knows_the_name_is_told(client):
    answer = client.api("similar", names="plain")
    assert answer.json["embeddings"] == ["hostile"]


def test_chance_may_be_turned_off(toys):
    with serving(toys, chance=False) as client:
        answer = client.api("pairs", a="EGF", b="EGFR", chance=1)
        assert (answer.status, answer.json["name"]) == (422, "chance")
        assert client.api("embeddings").json["chance"] is False


def test_a_gene_has_names_ids_links_and_neighbours(client, toys):
    card = client.api("genes/her1", k=2).json
    assert card["symbol"] == "EGFR"
    assert card["note"].startswith("her1 → EGFR")
    assert card["ids"]["NCBI"] == ["1956"]
    near = toys["toy"].similar("EGFR", k=2)
    assert [one["item"] for one in card["neighbours"]] == [item.name for item in near.items]
    assert all(one["url"].startswith("https://") for one in card["links"])


def test_names_with_slashes_reach_their_items(client):
    card = client.api("genes/..%2F..%2Fetc%2Fpasswd", e="hostile").json
    assert card["item"] == "../../etc/passwd"


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
                                  "/static/../app.py", "/api/v1/../../app.py"])  # fmt: skip
def test_no_file_can_be_reached(client, path):
    assert client.ask(path).status == 404


def test_code_in_every_parameter_is_inert(client):
    for question, (address, parameters, _) in QUESTIONS.items():
        for name in parameters:
            answer = client.api(address, **{**parameters, name: HOSTILE})
            assert answer.status in (404, 422), (question, name)
            assert answer.headers["content-type"] == "application/json"
    told = client.api("similar", names=HOSTILE, e="hostile").json
    assert told["query"] == HOSTILE  # text of JSON
    page = client.ask("/api/v1/")
    assert b"<script" not in page.content


def test_no_answer_tells_where_files_lie(tmp_path, toys):
    path = tmp_path / "here.npz"
    ga.save(toys["toy"].embedding, path)
    order = tmp_path / "order.txt"
    order.write_text("MET\nEGF\n")
    with serving({"mine": ga.load(path, order=str(order))}) as client:
        answers = [
            client.api("pairs", a="EGF", b="EGFR"), client.api("embeddings"),
            client.api("genes/EGF"), client.ask("/pairs.md", {"a": "EGF", "b": "EGFR"}),
        ]  # fmt: skip
    assert answers[0].json["origin"]["embeddings"][0]["name"] == "mine"
    assert any("ordered by order.txt" in str(one.content) for one in answers)
    assert not any(str(tmp_path) in one.content.decode() for one in answers)


def test_the_description_is_valid_and_nothing_in_it_ends_in_500(client):
    schemathesis = pytest.importorskip("schemathesis")
    schema = schemathesis.openapi.from_dict(client.api("openapi.json").json)
    schema.validate()
    statuses = []
    for found in schema.get_all_operations():

        @settings(
            max_examples=15, derandomize=True, database=None, deadline=None,
            phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=found.ok().as_strategy())
        def check(case):
            answer = case.call(base_url=f"http://127.0.0.1:{client.port}")
            statuses.append(answer.status_code)
            assert answer.status_code < 500
            assert answer.headers["content-type"] == ["application/json"]

        check()
    assert 200 in statuses
    assert 422 in statuses or 404 in statuses


@pytest.mark.parametrize(
    ("path", "asked", "message"),
    [
        ("pairs", {"k": "abc"}, "k must be a whole number, not 'abc'"),
        ("pairs", {"k": "0"}, "k must be 1 or more, not '0'"),
        ("pairs", {"k": "5000"}, "k must be 1,000 or less, not '5000'"),
        ("pairs", {"metric": "l1"}, "metric must be 'cosine' or 'euclidean', not 'l1'"),
        ("pairs", {"pair_weight": "nan"}, "pair_weight must be a finite number, not 'nan'"),
        ("pairs", {"chance": "maybe"}, "chance must be true or false, not 'maybe'"),
        ("pairs", {"colour": "red"}, "colour is no parameter here"),
        ("pairs", {"a": "x" * 300}, "a.1 is longer than 200 letters"),
        ("analogies", {"b": "EGF"}, "a is missing"),
    ],
)
def test_wrong_values_are_told_in_one_line(client, path, asked, message):
    given = [("a", "EGF"), ("b", "EGFR")] if path == "pairs" else []
    answer = client.ask(f"/api/v1/{path}", [*given, *asked.items()])
    assert (answer.status, answer.json["message"]) == (422, message)


def test_a_body_that_is_no_json_is_called_so(client):
    for body in (b"{", b"\xff"):
        answer = client.ask("/api/v1/relation", method="POST", body=body)
        assert answer.status == 422
        assert answer.json["name"] is None


def test_what_goes_wrong_here_is_told_on_the_terminal(client, monkeypatch, caplog):
    def fail(*_, **__):
        raise RuntimeError("planted")

    monkeypatch.setattr(ga.Space, "similar", fail)
    answer = client.api("similar", names="EGF")
    assert (answer.status, answer.json["error"]) == (500, "internal")
    assert "planted" not in answer.content.decode()
    assert "'/api/v1/similar' failed" in caplog.text
    assert "RuntimeError: planted" in caplog.text


def test_json_with_a_mistake_in_it(client):
    answer = client.ask(
        "/api/v1/relation", method="POST", body="{", Content_Type="application/json"
    )
    assert (answer.status, answer.json["message"]) == (422, "the body is no JSON")


def test_the_map_is_worked_out_once_for_all_who_ask(monkeypatch):
    vectors = np.random.default_rng(0).normal(size=(30, 4))
    space = ga.Space(ga.Embedding([f"n{row}" for row in range(30)], vectors), genes=None)
    whole, asked = ga.Space.map, []

    def counted(space):
        asked.append(space)
        time.sleep(0.05)
        return whole(space)

    monkeypatch.setattr(ga.Space, "map", counted)
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda name: map_json(space, name), ["one"] * 8))
    assert len(found) == len(asked) == 1
    content = json.loads(found.pop())
    assert content["embedding"] == "one"
    assert json.loads(map_json(space, "two")) == {**content, "embedding": "two"}
