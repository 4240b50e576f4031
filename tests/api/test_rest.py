"""REST against a real server: shapes, errors, odd input."""

from typing import Any

import httpx
import pytest

from api.http.wire import SearchAnswer, SimilarAnswer, SuggestAnswer, UnderstandAnswer
from tests.api.shop import TOKEN, Server, titles, wait_for


def problem(response: httpx.Response, status: int, name: str) -> dict[str, Any]:
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    body: dict[str, Any] = response.json()
    assert body["type"] == f"urn:intentrie:problem:{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


def test_search_answers_as_the_contract_says(client: httpx.Client) -> None:
    response = client.post("/v1/shops/plain/search", json={"query": "blue jacket", "size": 5})
    answer = response.json()
    SearchAnswer.model_validate(answer, strict=True)
    assert set(answer) == {
        "query_id", "results", "total", "facets", "understanding", "corrections", "cursor", "took_ms", "release",
        "degraded",
    }  # fmt: skip
    assert answer["results"][0]["product_id"] == "jacket-blue"
    assert set(answer["results"][0]) >= {
        "product_id", "group_id", "title", "url", "image", "price_minor", "currency", "in_stock", "score", "highlights",
        "reasons",
    }  # fmt: skip
    assert answer["degraded"] == []
    assert response.headers["x-request-id"]


def test_get_and_post_search_agree(client: httpx.Client) -> None:
    posted = client.post(
        "/v1/shops/plain/search", json={"query": "lamp", "filters": {"colour": {"in": ["red", "blue"]}}, "size": 3}
    ).json()
    got = client.get(
        "/v1/shops/plain/search", params={"q": "lamp", "filters": '{"colour":{"in":["red","blue"]}}', "size": 3}
    ).json()
    assert titles(got) == titles(posted)
    assert got["total"] == posted["total"] > 0
    assert all("red" in title or "blue" in title for title in titles(got))


def test_pages_follow_each_other_without_repeating(client: httpx.Client) -> None:
    seen: list[str] = []
    cursor = None
    for _ in range(20):
        body = {"query": "", "size": 7, "cursor": cursor}
        answer = client.post("/v1/shops/plain/search", json=body).json()
        seen += [hit["product_id"] for hit in answer["results"]]
        cursor = answer["cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == answer["total"] == 20


def test_explain_adds_the_parts(client: httpx.Client) -> None:
    answer = client.post("/v1/shops/plain/search", json={"query": "kettle", "explain": True}).json()
    assert answer["explain"]["timings_us"]["understanding"] >= 0


def test_understand_suggest_and_similar_match_their_schemas(client: httpx.Client) -> None:
    understood = client.get("/v1/shops/plain/understand", params={"q": "blue jacket under 20"}).json()
    UnderstandAnswer.model_validate(understood)
    assert understood["query"] == "blue jacket under 20"
    assert any(constraint["field"] == "price" for constraint in understood["constraints"])
    for mention in understood["mentions"]:
        assert "concept" not in mention
        assert understood["query"][mention["start"] : mention["end"]] == mention["text"]
    SuggestAnswer.model_validate(client.get("/v1/shops/plain/suggest", params={"q": "b"}).json())
    similar = client.get("/v1/shops/plain/products/jacket-blue/similar", params={"size": 4}).json()
    SimilarAnswer.model_validate(similar)
    assert 1 <= len(similar["results"]) <= 4
    assert "jacket-blue" not in {hit["product_id"] for hit in similar["results"]}


def test_browsers_get_their_own_form(client: httpx.Client) -> None:
    accept = {"Accept": "application/x-suggestions+json"}
    response = client.get("/v1/shops/plain/suggest", params={"q": "jack"}, headers=accept)
    assert response.headers["content-type"] == "application/x-suggestions+json"
    typed, texts = response.json()
    assert typed == "jack"
    assert texts
    assert all(isinstance(text, str) for text in texts)


def test_unknown_things_are_404(client: httpx.Client) -> None:
    for shop in ("nobody", "..", "%2e%2e", "a" * 65, "plain%00"):
        response = client.get(f"/v1/shops/{shop}/suggest", params={"q": "a"})
        assert response.status_code in (404, 422), shop
    problem(client.get("/v1/shops/nobody/search", params={"q": "a"}), 404, "unknown-shop")
    problem(client.get("/v1/shops/plain/products/none/similar"), 404, "unknown-product")
    problem(client.get("/v1/shops/plain/products/none"), 404, "unknown-product")
    problem(client.get("/nowhere"), 404, "not-found")
    problem(client.put("/v1/shops/plain/search"), 405, "method-not-allowed")


def test_unbuilt_doors_say_so(client: httpx.Client) -> None:
    for method, path in (
        ("GET", "traces/1"),
        ("POST", "judgments"),
        ("GET", "graph/concepts/1"),
    ):
        problem(client.request(method, f"/v1/shops/plain/{path}"), 501, "not-built")
    problem(client.post("/v1/shops/plain/search", json={"image": "data:,"}), 422, "invalid-request")


@pytest.mark.parametrize(
    "body",
    [
        {"query": 5},
        {"query": "a", "size": -1},
        {"query": "a", "size": 10_000},
        {"query": "a", "sizes": 3},
        {"filters": {"colour": {"is": ["red"]}}},
        {"filters": {"colour": ["red"]}},
        {"filters": []},
        {"facets": "colour"},
        {"locale": "not a locale"},
        [],
        "text",
        None,
    ],
)
def test_bad_searches_are_422_and_name_the_field(client: httpx.Client, body: Any) -> None:
    found = problem(client.post("/v1/shops/plain/search", json=body), 422, "invalid-request")
    assert found["errors"][0]["at"].startswith("body")


@pytest.mark.parametrize(
    "body", [{"filters": {"colour": {"gte": 3}}}, {"filters": {"no_such_field": {"in": ["x"]}}}, {"sort": "by-magic"}]
)
def test_what_a_shop_cannot_apply_is_a_clear_4xx(client: httpx.Client, body: Any) -> None:
    response = client.post("/v1/shops/plain/search", json={"query": "lamp", **body})
    assert response.status_code in (200, 400)  # an unknown field may match nothing instead
    if response.status_code == 400:
        problem(response, 400, "invalid-query")


def test_damaged_and_foreign_cursors(client: httpx.Client) -> None:
    for cursor in ("", "x", "AAAA", "🎧", "e30="):
        response = client.post("/v1/shops/plain/search", json={"query": "lamp", "cursor": cursor})
        problem(response, 400, "invalid-query")


@pytest.mark.parametrize(
    "raw", [b"{", b"\xff\xfe", b'{"query": "\\ud800"}', b'{"size": NaN}', b"[" * 5_000, b"", b'{"query": "\x00"}']
)
def test_what_is_not_json_is_422(client: httpx.Client, raw: bytes) -> None:
    response = client.post("/v1/shops/plain/search", content=raw, headers={"Content-Type": "application/json"})
    problem(response, 422, "invalid-request")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "a" * 2_000,
        "🎧🎧",
        "سماعات رأس",
        "耳机",
        "a\x00b",
        "\u202eabc\u200b",
        "lamp " * 400,
        "-",
        '"',
        "%00",
        "a:b",
    ],
)
def test_odd_queries_are_answered(client: httpx.Client, query: str) -> None:
    assert client.post("/v1/shops/plain/search", json={"query": query}).status_code == 200
    assert client.get("/v1/shops/plain/understand", params={"q": query}).status_code == 200


def test_endless_queries_are_refused(client: httpx.Client) -> None:
    problem(client.post("/v1/shops/plain/search", json={"query": "a" * 10_000}), 422, "invalid-request")
    problem(client.get("/v1/shops/plain/understand", params={"q": "a" * 10_000}), 422, "invalid-request")
    problem(client.get("/v1/shops/plain/suggest", params={"q": "a" * 10_000}), 422, "invalid-request")


def test_large_bodies_are_413_with_and_without_a_length(client: httpx.Client) -> None:
    def chunks() -> Any:
        for _ in range(20):
            yield b" " * 1024 * 1024

    json_type = {"Content-Type": "application/json"}
    for content in (b" " * (17 * 1024 * 1024), chunks()):
        problem(client.post("/v1/shops/plain/search", content=content, headers=json_type), 413, "too-large")


def test_reading_a_keyed_shop_needs_its_key(server: Server, client: httpx.Client) -> None:
    path = "/v1/shops/keyed/search"
    problem(client.get(path, params={"q": "lamp"}), 401, "key-required")
    problem(client.get(path, params={"q": "lamp"}, headers={"X-Intentrie-Key": "wrong"}), 401, "key-required")
    for arguments in (
        {"headers": {"X-Intentrie-Key": "public-key-1"}},
        {"headers": {"Authorization": "Bearer public-key-1"}},
        {"headers": {"Authorization": f"Bearer {TOKEN}"}},
    ):
        assert client.get(path, params={"q": "lamp"}, **arguments).status_code == 200
    assert client.get(path, params={"q": "lamp", "key": "public-key-1"}).status_code == 200


def test_origins(client: httpx.Client, server: Server) -> None:
    path, key = "/v1/shops/keyed/suggest", {"X-Intentrie-Key": "public-key-1"}
    good = client.get(path, params={"q": "l"}, headers={**key, "Origin": "https://shop.example"})
    assert good.headers["access-control-allow-origin"] == "https://shop.example"
    assert "Origin" in good.headers["vary"]
    assert client.get(path, params={"q": "l"}, headers={**key, "Origin": server.url}).status_code == 200
    problem(
        client.get(path, params={"q": "l"}, headers={**key, "Origin": "https://evil.example"}),
        403,
        "origin-not-allowed",
    )
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    allowed = client.options("/v1/shops/keyed/search", headers={"Origin": "https://shop.example", **preflight})
    assert allowed.status_code == 204
    assert "POST" in allowed.headers["access-control-allow-methods"]
    refused = client.options("/v1/shops/keyed/search", headers={"Origin": "https://evil.example", **preflight})
    problem(refused, 403, "origin-not-allowed")


def test_writing_needs_the_admin_token(client: httpx.Client) -> None:
    product = {"product_id": "x", "title": "x"}
    attempts = (
        lambda headers: client.post("/v1/shops/plain/products", json=product, headers=headers),
        lambda headers: client.patch("/v1/shops/plain/products/lamp-red", json={"stock": 1}, headers=headers),
        lambda headers: client.delete("/v1/shops/plain/products/lamp-red", headers=headers),
        lambda headers: client.post("/v1/shops/plain/events", json=[], headers=headers),
    )
    wrong: tuple[dict[str, str], ...] = (
        {},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer töken"},
    )
    for attempt in attempts:
        for headers in wrong:
            encoded = {name: value.encode("latin-1") for name, value in headers.items()}
            response = attempt(encoded)
            problem(response, 401, "token-required")
            assert "Bearer" in response.headers["www-authenticate"]


def test_health_metrics_and_documentation(client: httpx.Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    ready = client.get("/health/ready").json()
    assert ready["status"] == "ready"
    assert set(ready["shops"]) == {"plain", "keyed"}
    answer = client.get("/v1/shops/plain/suggest", params={"q": "l"}).json()
    assert ready["shops"]["plain"] == answer["release"]
    metrics = client.get("/metrics").text
    assert 'intentrie_stage_seconds_count{stage="suggest"}' in metrics
    assert "intentrie_requests_total" in metrics
    assert client.get("/docs").status_code == 200
    assert "/v1/shops/{shop}/search" in client.get("/openapi.json").json()["paths"]


def test_metrics_add_up_all_workers(server: Server) -> None:
    def counted() -> float:
        with server.client(token=None) as once:  # a new connection may meet either worker
            lines = once.get("/metrics").text.splitlines()
        prefix = 'intentrie_requests_total{method="GET",route="/v1/shops/{shop}/suggest",status="200"}'
        return sum(float(line.split()[-1]) for line in lines if line.startswith(prefix))

    before = counted()
    for _ in range(20):
        with server.client(token=None) as once:
            once.get("/v1/shops/plain/suggest", params={"q": "l"})
    wait_for(lambda: counted() >= before + 20, 5)  # a request is counted when its answer has left
    assert counted() == before + 20


def test_logs_hold_no_query(server: Server, client: httpx.Client) -> None:
    client.get("/v1/shops/plain/search", params={"q": "very-secret-wish"}, headers={"X-Request-Id": "request-77"})

    def logged() -> list[dict[str, Any]]:
        return [line for line in server.log_lines() if line.get("request_id") == "request-77"]

    wait_for(logged, 5)  # the line is written when the answer has left
    (line,) = logged()
    text = (server.releases.parent / f"server-{server.port}.log").read_text()
    assert "very-secret-wish" not in text
    assert line["route"] == "/v1/shops/{shop}/search"
    assert line["shop"] == "plain"
    assert line["status"] == 200
    assert line["took_us"] > 0


@pytest.mark.parametrize("locale", ["EN", "en_GB", "de_AT"])
def test_locales_are_read_as_people_write_them(client: httpx.Client, locale: str) -> None:
    wanted = client.get("/v1/shops/plain/suggest", params={"q": "ja", "locale": "en"}).json()["suggestions"]
    found = client.get("/v1/shops/plain/suggest", params={"q": "ja", "locale": locale}).raise_for_status().json()
    assert found["suggestions"] == wanted != []
    client.post("/v1/shops/plain/search", json={"query": "ja", "locale": locale}).raise_for_status()
