"""A real Neo4j for the whole run."""

from collections.abc import Iterator

import pytest

from tests.servers.neo4j import Neo4jServer


@pytest.fixture(scope="session")
def neo4j_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """Shared: a test takes shops of its own, or empties it by the fixture `neo4j_store`."""
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j"))
    server.start()
    yield server
    server.stop()
