"""The graph store of a fleet: Neo4j 5 by its official driver.

A write is one managed transaction: it locks the shop's node, reads the state, works out the next one in Python with the
code that the embedded store uses, checks it whole, and writes the difference in batches. The driver runs the callback
again after a transient error or a lost connection; as it begins with what the database then holds, a commit whose
answer was lost is found done and nothing is written twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import neo4j
from neo4j.exceptions import (
    AuthError,
    ClientError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from data.errors import ConfigError, StorageError
from graph import integrity
from graph import neo4j_queries as cypher
from graph.changes import changes
from graph.editing import apply_edit
from graph.lookup import best_first, lookup_words
from graph.merging import Merged, merge_rebuild
from graph.minting import next_id
from graph.neo4j_address import Neo4jAddress
from graph.neo4j_transactions import (
    Run,
    apply_records,
    apply_rest,
    check_counts,
    clear,
    concept_of,
    create_records,
    label_of,
    one,
    prepare,
    put,
    read_state,
    version,
)
from graph.statements import ConceptKey, Statements
from graph.store import EMPTY, Edit, Found, GraphState, Rebuilt, in_order

# Records of a new shop that go in one transaction: some 3 kB each in the memory of the server.
ONE_TRANSACTION = 20_000
# How often a read begins again because somebody wrote meanwhile; a write takes seconds and they are rare.
READS = 10

Result = TypeVar("Result")
# What Lucene would read as an operator.
_SYNTAX = '+-&|!(){}[]^"~*?:\\/'


class Neo4jGraphStore:
    """`GraphStore` in a database of a Neo4j server or cluster.

    Args:
        address: Asked at once.

    Raises:
        StorageError: Nobody answers there, or there is no such database.
        ConfigError: It does not let the user in.
    """

    def __init__(self, address: Neo4jAddress) -> None:
        self._address = address
        self._prepared = False
        self._driver = neo4j.GraphDatabase.driver(
            address.server,
            auth=(address.user, address.password) if address.user else None,
            notifications_min_severity="OFF",
        )
        # In a cluster a read must see what this store has just written.
        self._bookmarks = neo4j.GraphDatabase.bookmark_manager()
        try:
            # A wrong address is said at once; a server that goes away later is waited for (the driver's 30 s).
            with self._errors(), self._session() as session:
                session.run("RETURN 1").consume()
        except BaseException:
            self._driver.close()
            raise

    def shops(self) -> list[str]:
        """Names of the shops that have been written."""
        return self._reading(lambda transaction: [row[0] for row in transaction.run(cypher.SHOPS)])

    def revision(self, shop: str) -> int:
        """0 before the first write."""
        return self._reading(lambda transaction: version(transaction, shop)[0])

    def read(self, shop: str) -> GraphState:
        """A consistent state; empty for an unknown shop.

        Neo4j reads what is committed at each moment, so a reading during which somebody wrote begins again.
        """

        def read(transaction: neo4j.ManagedTransaction) -> GraphState | None:
            before = version(transaction, shop)
            try:
                state = read_state(transaction, shop)
            except (ValueError, TypeError):
                # A relation that goes while it is read has no columns left.
                if before == version(transaction, shop):
                    raise
                return None
            return state if before == version(transaction, shop) else None

        for _ in range(READS):
            state = self._reading(read)
            if state is not None:
                return state
        raise StorageError(f"the graph of {shop} was written {READS} times while it was read; try again")

    def lookup(self, shop: str, text: str, limit: int) -> list[Found]:
        """See `GraphStore.lookup`; answered by the full-text index."""
        words = lookup_words(text)
        if not words or not self.revision(shop):
            return []
        parameters = {
            "shop": shop,
            "words": " ".join("+" + "".join(f"\\{c}" if c in _SYNTAX else c for c in word) + "*" for word in words),
            "norm": " ".join(words),
            "limit": limit,
        }

        def found(transaction: neo4j.ManagedTransaction) -> list[neo4j.Record]:
            transaction.run(cypher.AWAIT_NORMS).consume()
            return list(transaction.run(cypher.LOOKUP, parameters))

        rows = self._reading(found)
        return best_first([Found(concept_of(concept), label_of(label)) for concept, label in rows], words, limit)

    def rebuild(self, shop: str, statements: Statements) -> Rebuilt:
        """See `GraphStore.rebuild`."""
        merged = Merged(EMPTY, ())

        def step(old: GraphState) -> GraphState:
            nonlocal merged
            merged = merge_rebuild(old, statements)
            return merged.state

        return Rebuilt(self._write(shop, step), merged.passed_over)

    def edit(self, shop: str, edit: Edit) -> int:
        """See `GraphStore.edit`."""
        return self._write(shop, lambda old: apply_edit(old, edit))

    def restore(self, shop: str, state: GraphState) -> int:
        """See `GraphStore.restore`."""
        return self._write(shop, lambda _: in_order(state))

    def mint(self, shop: str, key: ConceptKey) -> str:
        """The id of a key, new when the key is."""

        def minted(transaction: neo4j.ManagedTransaction) -> str:
            run = partial(one, transaction)
            named: dict[str, Any] = {"shop": shop, "scheme": key.scheme, "key": key.key}
            if not run(cypher.LOCK, named):
                clear(run, shop)
            held = run(cypher.FIND_KEY, named)
            if held is not None:
                return str(held)
            concept_id = next_id(
                run(cypher.COUNT_IDS, named), lambda name: bool(run(cypher.IS_TAKEN, {**named, "concept_id": name}))
            )
            put(run, shop, cypher.PUT_RESERVED, [(key.scheme, key.key, concept_id)])
            return concept_id

        return self._writing(minted)

    def close(self) -> None:
        """Let go of the connections."""
        self._driver.close()

    def _write(self, shop: str, step: Callable[[GraphState], GraphState]) -> int:
        """From the state that is there to the next one, as one step; the revision after it."""

        def written(transaction: neo4j.ManagedTransaction) -> int:
            run = partial(one, transaction)
            run(cypher.LOCK, {"shop": shop})
            old = read_state(transaction, shop)
            new = step(old)
            if new is not old:
                integrity.check(new.concepts, new.labels, new.relations)
                changed = changes(old, new)
                if old.revision == 0:
                    self._write_new_shop(run, shop, new)
                else:
                    apply_records(run, shop, changed)
                apply_rest(run, shop, changed)
            return new.revision

        return self._writing(written)

    def _write_new_shop(self, run: Run, shop: str, new: GraphState) -> None:
        """The records of a shop that has no revision yet, which is why nobody sees them.

        A transaction lives in the server's memory (100,000 concepts with labels and relations need more than 700 MB),
        so a large shop comes in many, each a batch, while the one that `run` belongs to holds the lock. A batch is not
        repeated on its own: when one fails, the whole begins again by clearing what the others left.
        """

        def run_apart(query: str, parameters: dict[str, Any]) -> Any:
            # Whoever lost the lock must not write.
            run("RETURN 1", {})
            with self._session() as session, session.begin_transaction() as transaction:
                done = one(transaction, query, parameters)
                transaction.commit()
                return done

        clear(run_apart, shop)
        small = len(new.concepts) + len(new.labels) + len(new.relations) <= ONE_TRANSACTION
        create_records(run if small else run_apart, shop, new)
        check_counts(run, shop, new)

    def _reading(self, work: Callable[[neo4j.ManagedTransaction], Result]) -> Result:
        with self._errors(), self._session() as session:
            return session.execute_read(work)

    def _writing(self, work: Callable[[neo4j.ManagedTransaction], Result]) -> Result:
        with self._errors(), self._session() as session:
            if not self._prepared:
                session.execute_write(prepare)
                self._prepared = True
            return session.execute_write(work)

    def _session(self) -> neo4j.Session:
        return self._driver.session(database=self._address.database, bookmark_manager=self._bookmarks)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """What the driver raises, in this project's words."""
        where = f"the graph store {self._address.server}/{self._address.database}"
        try:
            yield
        except AuthError as error:
            raise ConfigError(
                f"{where} does not let this user in: {error.message}; set INTENTRIE_NEO4J_USER and "
                "INTENTRIE_NEO4J_PASSWORD, or put them into the URL"
            ) from error
        except (ServiceUnavailable, SessionExpired) as error:
            raise StorageError(f"{where} cannot be reached ({error}); is it up? Nothing was half written") from error
        except TransientError as error:
            if "MemoryPool" not in (error.code or ""):
                raise StorageError(f"{where}: {error.message}; nothing was written, try again") from error
            raise StorageError(
                f"{where} has too little memory for this write: {error.message}; nothing was written; raise "
                "server.memory.heap.max_size or dbms.memory.transaction.total.max"
            ) from error
        except ClientError as error:
            raise StorageError(f"{where} refused: {error.message}; nothing was written") from error
        except (DriverError, Neo4jError) as error:
            raise StorageError(f"{where}: {error}; nothing was half written, try again") from error
