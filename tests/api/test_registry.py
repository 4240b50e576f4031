"""Many shops in one worker: loaded when asked for, unloaded when idle and memory is short."""

from pathlib import Path

import pytest

from api import registry as registry_module
from api.registry import ShopRegistry
from data.errors import ReleaseDamaged, ReleaseNotFound
from tests.api.shop import Server, made_up_products, publish


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("three")
    for name in ("ash", "birch", "cedar"):
        publish(folder / "releases", name, made_up_products(name), folder)
    return folder / "releases"


def test_shops_are_loaded_on_demand_and_the_idlest_goes_first(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000]
    monkeypatch.setattr(registry_module, "now_ms", lambda: now[0])
    shops = ShopRegistry(str(three), memory_bytes=1 << 40, idle_ms=60_000)
    assert shops.loaded("ash") is None
    size = 0
    for name in ("ash", "birch", "cedar"):
        size = max(size, shops.load(name).bytes)
        now[0] += 1_000
    shops.loaded("ash")
    assert shops.unload_idle() == []  # everything fits
    small = ShopRegistry(str(three), memory_bytes=2 * size, idle_ms=60_000)
    for name in ("ash", "birch", "cedar"):
        small.load(name)
        now[0] += 1_000
    small.loaded("ash")
    assert small.unload_idle() == []  # too large, but nobody is idle
    now[0] += 60_000
    small.loaded("cedar")
    assert small.unload_idle() == ["birch"]
    assert small.loaded("birch") is None
    assert small.load("birch").current.manifest.shop == "birch"
    assert set(small.releases_by_shop()) == {"ash", "birch", "cedar"}
    shops.stop()
    small.stop()


def test_what_is_no_shop_is_not_found(three: Path) -> None:
    shops = ShopRegistry(str(three), memory_bytes=1 << 40, idle_ms=60_000)
    for name in ("oak", "..", "../three", "", "a/b", "ash\x00", "x" * 300):
        with pytest.raises(ReleaseNotFound):
            shops.load(name)
    shops.stop()


def test_a_damaged_shop_says_why_and_the_others_are_served(tmp_path: Path) -> None:
    releases = tmp_path / "releases"
    publish(releases, "good", made_up_products(), tmp_path)
    broken = publish(releases, "broken", made_up_products(), tmp_path)
    name = min(broken.files)
    (releases / "broken" / broken.id / name).unlink()
    shops = ShopRegistry(str(releases), memory_bytes=1 << 40, idle_ms=60_000)
    with pytest.raises(ReleaseDamaged, match=name):
        shops.load("broken")
    shops.stop()
    server = Server(releases).start()
    with server.client() as client:
        ready = client.get("/health/ready").json()
        assert set(ready["shops"]) == {"good"}
        assert name in ready["unusable"]["broken"]
        refused = client.get("/v1/shops/broken/suggest", params={"q": "a"})
        assert (refused.status_code, refused.json()["type"]) == (503, "urn:intentrie:problem:release-unusable")
        assert client.get("/v1/shops/good/suggest", params={"q": "a"}).status_code == 200
    assert server.stop() == 0


def test_a_server_without_a_shop_is_alive_but_not_ready(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    server = Server(tmp_path / "releases").start("/health/live")
    with server.client() as client:
        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").status_code == 503
        # A first release while it runs needs no restart.
        publish(tmp_path / "releases", "late", made_up_products(), tmp_path)
        assert client.get("/v1/shops/late/suggest", params={"q": "l"}).status_code == 200
        assert client.get("/health/ready").json()["shops"].keys() == {"late"}
    assert server.stop() == 0
