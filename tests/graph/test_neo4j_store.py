"""Neo4j keeps the contract, for real: also when it dies, when a commit is repeated, and when two write at once."""

from collections.abc import Iterator

import neo4j
import pytest

from graph.neo4j_address import parse_address
from graph.neo4j_store import Neo4jGraphStore
from graph.store import GraphStore, open_store
from tests.contracts.graph_store import GraphStoreContract
from tests.servers.neo4j import Neo4jServer


@pytest.fixture
def store(neo4j_server: Neo4jServer) -> Iterator[GraphStore]:
    """Over an empty database."""
    address = parse_address(neo4j_server.url)
    with neo4j.GraphDatabase.driver(address.server) as driver:
        driver.execute_query("MATCH (n) DETACH DELETE n", database_=address.database)
    store = open_store(neo4j_server.url)
    assert isinstance(store, Neo4jGraphStore)
    yield store
    store.close()


class TestNeo4jGraphStore(GraphStoreContract):
    pass
