"""Who may ask, and what every answer says to a browser."""

from __future__ import annotations

import pytest
from web_client import serving

from gene_analogies.web.security import MAX_BODY, MAX_QUERY

ASKED = "/api/v1/embeddings"


def test_every_answer_has_the_headers(client):
    for path in (ASKED, "/api/v1/", "/api/v1/pairs", "/nothing", "/api/v1/manual.css"):
        headers = client.ask(path).headers
        assert headers["content-security-policy"].startswith(
            "default-src 'none'; script-src 'self'"
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
    refused = client.ask(ASKED, Host="evil.example")
    assert "frame-ancestors 'none'" in refused.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8765", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("LOCALHOST", 200),
        ("lab.example.org", 200), ("evil.example", 403), ("localhost.evil.example", 403),
        ("192.168.0.7", 403), ("", 403), ("[", 403), ("user@localhost", 403),
        ("localhost/evil", 403),
    ],
)  # fmt: skip
def test_a_name_that_is_not_the_servers_is_refused(toys, host, status):
    with serving(toys, hosts=["lab.example.org"]) as client:
        assert client.ask(ASKED, Host=host).status == status


def test_head_is_get_without_a_body(toys):
    with serving(toys) as client:
        answer = client.ask(ASKED, method="HEAD")
        assert (answer.status, answer.content) == (200, b"")
        assert answer.headers["content-length"] == client.ask(ASKED).headers["content-length"]
        assert client.ask("/", method="HEAD").status == 200


def test_any_address_will_do_where_all_are_listened_at(toys):
    with serving(toys, bound="0.0.0.0") as client:
        assert client.ask(ASKED, Host="192.168.0.7:8765").status == 200
        assert client.ask(ASKED, Host="evil.example").status == 403


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("GET", {"Sec_Fetch_Site": "same-origin"}, 200),
        ("GET", {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"}, 200),
        ("GET", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}, 200),
        ("GET", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, 403),
        ("GET", {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors"}, 403),
        ("GET", {"Origin": "http://evil.example"}, 403),
        ("GET", {"Origin": "http://localhost:3000"}, 403),
        ("GET", {"Origin": "null"}, 403),
        ("POST", {"Origin": "null"}, 403),
        ("POST", {"Origin": "null", "Sec_Fetch_Site": "cross-site"}, 403),
        ("POST", {"Origin": "null", "Sec_Fetch_Site": "same-site"}, 403),
        ("POST", {"Origin": "null", "Sec_Fetch_Site": "none"}, 403),
        ("POST", {"Origin": "null", "Sec_Fetch_Site": "same-origin"}, 405),
        ("POST", {"Origin": "http://evil.example", "Sec_Fetch_Site": "same-origin"}, 403),
        ("GET", {"Origin": "http://localhost:8765"}, 200),
        ("POST", {"Origin": "http://localhost:8765"}, 405),
        ("POST", {"Origin": "http://evil.example"}, 403),
        ("POST", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}, 403),
    ],
)
def test_pages_of_other_sites_cannot_ask(client, method, headers, status):
    answer = client.ask(ASKED, method=method, Host="localhost:8765", **headers)
    assert answer.status == status


def test_a_token_is_asked_for_and_moves_into_a_cookie(toys):
    with serving(toys, token="secret") as client:
        refused = client.ask(ASKED)
        assert (refused.status, refused.json["error"]) == (401, "unauthorized")
        assert refused.headers["www-authenticate"] == "Bearer"
        assert client.ask(ASKED, Authorization="Bearer secret").status == 200
        for wrong in ("Bearer secre", "Bearer ", "Basic secret", "secret"):
            assert client.ask(ASKED, Authorization=wrong).status == 401
        assert client.ask(f"{ASKED}?token=wrong").status == 401
        moved = client.ask(f"{ASKED}?a=1&token=secret&a=2")
        assert (moved.status, moved.headers["location"]) == (303, f"{ASKED}?a=1&a=2")
        cookie = moved.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "=secret" not in cookie
        assert client.ask(ASKED, Cookie=cookie.partition(";")[0]).status == 200
        assert client.ask(ASKED, Cookie="gene_analogies_token=secret").status == 401
        away = client.ask("//evil.example/?token=secret")
        assert away.headers["location"] == "/evil.example/"


def test_what_is_too_long_is_refused(client):
    long = client.ask("/api/v1/pairs?a=" + "E" * MAX_QUERY)
    assert (long.status, long.json["error"]) == (413, "too_large")
    big = client.ask("/api/v1/relation", method="POST", body=b"[" * (MAX_BODY + 1))
    assert (big.status, big.json["error"]) == (413, "too_large")
    assert client.ask("/api/v1/relation", method="POST", body=b"[").status == 422
    assert client.ask("/api/v1/relation", method="POST", body=b"[" * 50_000).status == 422


def test_a_proxy_may_cut_its_path_or_not(toys):
    with serving(toys, root_path="/lab", token="secret") as client:
        for path in (ASKED, f"/lab{ASKED}"):
            assert client.ask(path, Authorization="Bearer secret").status == 200
            assert client.ask(f"{path}?token=secret").headers["location"] == f"/lab{ASKED}"
        page = client.ask("/api/v1/", Authorization="Bearer secret").content
        assert b'href="/lab/api/v1/openapi.json"' in page
