"""The element as the server gives it, and what tells a browser of the shop's search."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from api.http.element import FOLDER, bundle
from tests.api.shop import Server, made_up_products, publish

_SHOP = 'title = "Pots & <Pans>"\n[access]\npublic_key = "of-the-page"\n'
_OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("element")
    publish(folder / "releases", "pots", made_up_products(), folder, _SHOP)
    server = Server(folder / "releases").start()
    with server.client(token=None) as client:
        yield client
    assert server.stop() == 0


def test_the_module_is_one_file_for_every_origin(client: httpx.Client) -> None:
    answer = client.get("/element/intentrie-search.js", headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == bundle()
    assert b"\nimport " not in answer.content
    again = client.get("/element/intentrie-search.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = client.get("/element/intentrie-search.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == bundle()
    assert "content-encoding" not in plain.headers
    assert len(gzip.compress(plain.content, 9)) <= 8_000


def test_what_is_published_says_its_license() -> None:
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    assert package["license"] == "Apache-2.0"
    assert not package.get("private")
    assert (FOLDER / "LICENSE").read_bytes() == (Path(__file__).parents[2] / "LICENSE").read_bytes()
    # Each file that it says is there, and each module that it gives.
    for pattern in package["files"]:
        assert list(FOLDER.glob(pattern)), pattern
    assert all((FOLDER / target).is_file() for target in package["exports"].values())


def test_its_parts_are_public_too_and_nothing_else_is(client: httpx.Client) -> None:
    answer = client.get("/element/algolia.js")
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert "max-age" in answer.headers["cache-control"]
    assert client.get("/element/%2e%2e/templates/storefront.html").status_code == 404


def test_a_browser_is_told_how_to_search(client: httpx.Client) -> None:
    page = client.get("/shops/pots").text
    assert 'rel="search" type="application/opensearchdescription+xml"' in page
    answer = client.get("/shops/pots/opensearch.xml")
    assert answer.headers["content-type"].startswith("application/opensearchdescription+xml")
    document = ElementTree.fromstring(answer.content)
    assert document.findtext(f"{_OPENSEARCH}ShortName") == "Pots & <Pans>"
    urls = {url.get("type"): url.get("template") or "" for url in document.iter(f"{_OPENSEARCH}Url")}
    assert set(urls) == {"text/html", "application/x-suggestions+json"}
    for template in urls.values():
        assert template.startswith(str(client.base_url))
        assert parse_qs(urlsplit(template).query)["q"] == ["{searchTerms}"]
    assert client.get(urls["text/html"].replace("{searchTerms}", "lamp")).status_code == 200
    # As browsers ask: without a word of what they accept.
    found = client.get(
        urls["application/x-suggestions+json"].replace("{searchTerms}", "lam"), headers={"Accept": "*/*"}
    )
    assert found.headers["content-type"].startswith("application/x-suggestions+json")
    typed, texts = found.json()
    assert typed == "lam"
    assert "lamp" in [text.lower() for text in texts]
    assert client.get("/shops/none/opensearch.xml").status_code == 404
