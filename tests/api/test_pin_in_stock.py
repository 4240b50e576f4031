"""A pin that no product says in words leads to what is meant by it, and holds while that can be had."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.assembly import load_shop_release
from api.build.pipeline import build_release
from data.mining.candidate import Candidate, write_candidates
from data.release import open_release
from tests.api.catalogues import camping_products, write_catalogue
from tests.api.shop import Server, wait_for
from tests.api.test_completion_facts import mined

CURATED_WITHIN_S, SOLD_OUT_WITHIN_S = 2.0, 5.0
PINNED = "marquee"
TENTS = [each.product_id for each in camping_products() if "tent" in each.texts["en"].title.split()]


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A camping shop whose mined log says that a marquee is a tent."""
    folder = tmp_path_factory.mktemp("pins")
    (folder / "mined").mkdir()
    said = mined(folder / "mined", 2)
    write_candidates(said / "candidates.jsonl", [Candidate("synonym", PINNED, "tent", "en", 0.95, "by hand")])
    catalogue = write_catalogue(folder / "catalog.jsonl", camping_products())
    build_release(catalog=catalogue, shop="camping", releases=folder / "releases", mined=said, force=True)
    return folder / "releases"


@pytest.fixture(scope="module")
def server(releases: Path) -> Iterator[Server]:
    running = Server(releases).start()
    yield running
    assert running.stop() == 0


def suggested(client: httpx.Client, prefix: str) -> list[str]:
    answer = client.get("/v1/shops/camping/suggest", params={"q": prefix, "limit": 10}).json()
    return [each["text"] for each in answer["suggestions"]]


def stock_of_tents(client: httpx.Client, pieces: int) -> None:
    for product_id in TENTS:
        answer = client.patch(f"/v1/shops/camping/products/{product_id}", json={"stock": pieces})
        assert answer.status_code == 200, answer.text


def test_a_pin_found_by_what_is_meant_goes_and_comes_with_the_stock(releases: Path, server: Server) -> None:
    engine = load_shop_release(open_release(str(releases), "camping")).engine
    # By its words it never led to anything, so only what is meant by it can be in stock or not.
    assert engine.count(PINNED, "en") == engine.count_in_stock(PINNED, "en") == 0
    with server.client() as client:
        answer = client.put("/v1/shops/camping/curation/pins", json={"prefix": "w", "text": PINNED})
        assert answer.status_code == 200, answer.text
        assert answer.json()["finds"] > 0
        wait_for(lambda: suggested(client, "w")[:1] == [PINNED], CURATED_WITHIN_S)
        stock_of_tents(client, 0)
        wait_for(lambda: PINNED not in suggested(client, "w"), SOLD_OUT_WITHIN_S)
        stock_of_tents(client, 3)
        wait_for(lambda: suggested(client, "w")[:1] == [PINNED], SOLD_OUT_WITHIN_S)
