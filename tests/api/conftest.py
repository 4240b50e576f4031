"""One small shop and one server for the tests that do not change it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.shop import Server, made_up_products, publish

KEYED = """
locales = ["en", "de"]
[access]
public_key = "public-key-1"
allowed_origins = ["https://shop.example"]
"""


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shops: `plain`, and `keyed` that asks for its key and names an origin."""
    folder = tmp_path_factory.mktemp("shops")
    root = folder / "releases"
    publish(root, "plain", made_up_products(), folder)
    publish(root, "keyed", made_up_products(), folder, KEYED)
    return root


@pytest.fixture(scope="session")
def server(releases: Path) -> Iterator[Server]:
    running = Server(releases, workers=2).start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    with server.client(token=None) as open_client:
        yield open_client


@pytest.fixture
def admin(server: Server) -> Iterator[httpx.Client]:
    with server.client() as open_client:
        yield open_client
