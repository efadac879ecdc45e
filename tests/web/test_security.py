"""Who may ask, and what every answer says to a browser."""

from __future__ import annotations

import pytest
from web_client import serving

import gene_analogies as ga
from gene_analogies.web.app import create_app
from gene_analogies.web.rendering import static_version
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


def test_styles_and_scripts_are_for_all_pages(toys):
    style = f"/static/{static_version()}/page.css"
    foreign = {"Host": "localhost", "Origin": "http://localhost:8080"}
    with serving(toys, token="secret", root_path="/lab") as client:
        for path in (style, f"/lab{style}"):
            assert client.ask(path, **foreign).status == 200
        # Neither other files nor the pages of errors are.
        for path in ("/static/1/nothing.css", "/static//page.css", "/static/1/2/page.css", "/"):
            assert client.ask(path, **foreign).status == 403
            assert client.ask(path).status == 401
        assert client.ask(style, method="POST").status == 401
        assert client.ask(style, Host="evil.example").status == 403


def test_a_proxy_that_changes_the_host_is_told_of_it(client):
    refused = client.ask(ASKED, Host="localhost", Origin="http://localhost:8080")
    assert "Origin is 'http://localhost:8080', Host is 'localhost'" in refused.json["message"]


def test_a_browser_is_given_a_field_for_the_token(toys):
    with serving(toys, token="secret", root_path="/lab") as client:
        page = client.ask("/pairs?a=EGF&b=%22%3E%3Cb%3E&token=old", Accept="text/html")
        assert page.status == 401
        text = page.content.decode()
        assert "This token is wrong" in text
        assert '<input type="hidden" name="a" value="EGF">' in text
        assert '<input type="hidden" name="b" value="&#34;&gt;&lt;b&gt;">' in text
        assert 'type="password" name="token"' in text
        assert f'href="/lab/static/{static_version()}/page.css"' in text
        assert "old" not in text
        assert "A token is needed" in client.ask("/", Accept="text/html").content.decode()
        assert "password" not in client.ask("/", Accept="text/html", Host="evil").content.decode()


@pytest.mark.parametrize(
    "host", ["http://lab/", "lab/", "lab example", "", "*.lab", "a:b", "user@lab", "lab?", "[::1"]
)
def test_names_that_no_client_can_ask_for_are_refused(toys, host):
    with pytest.raises(ga.GeneAnalogiesError, match="--allow-host must be a host name"):
        create_app(toys, hosts=[host])


def test_an_allowed_name_may_have_a_port(toys):
    with serving(toys, hosts=["Lab.example.org:80", "[fe80::1]:80", "fe80::2"]) as client:
        for host in ("lab.example.org", "lab.example.org:8080", "[fe80::1]", "[fe80::2]:80"):
            assert client.ask(ASKED, Host=host).status == 200


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
        assert "SameSite=lax" in cookie  # links of other sites lead here, their forms do not
        assert "=secret" not in cookie
        given = cookie.partition(";")[0]
        assert client.ask(ASKED, Cookie=f'other={{"a": [1]}}; {given}').status == 200
        name = given.partition("=")[0]
        for wrong in (f"{name}=secret", f"{name}=", f"other={given}", name):
            assert client.ask(ASKED, Cookie=wrong).status == 401
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
        assert b'href="/lab/"' in page
        for path, there in (("/lab?k=1", "/lab/?k=1"), ("/api/v1", "/lab/api/v1/")):
            moved = client.ask(path, Authorization="Bearer secret")
            assert (moved.status, moved.headers["location"]) == (307, there)
        assert b'href="/lab/api/v1/openapi.json"' in page
