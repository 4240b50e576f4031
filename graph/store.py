"""The graph store: the system of record that builds and curators write to and that no request ever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from data.errors import ConfigError
from graph.concept import Concept
from graph.label import Label
from graph.relation import Relation
from graph.statements import ConceptKey, Statements


@dataclass(frozen=True, slots=True)
class GraphState:
    """Everything a store holds of one shop at one revision; retired concepts included.

    Attributes:
        revision: Raised by each write that changes something.
        concepts: By concept_id.
        labels: By concept_id, language, kind, norm.
        relations: By subject, predicate, object.
        rejected: Tombstones, as `graph.merging` writes them.
        reserved: (scheme, key, concept_id) of ids that were minted and that no concept has (yet): never given again.
    """

    revision: int
    concepts: tuple[Concept, ...]
    labels: tuple[Label, ...]
    relations: tuple[Relation, ...]
    rejected: tuple[tuple[str, str], ...] = ()
    reserved: tuple[tuple[str, str, str], ...] = ()


EMPTY = GraphState(0, (), (), ())


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to.

    Attributes:
        revision: After it.
        passed_over: One sentence for each statement of the build that a curator, or a source that is believed more,
            contradicts; the graph does not have it.
    """

    revision: int
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A label that somebody looked up, and whose it is."""

    concept: Concept
    label: Label


@dataclass(frozen=True, slots=True)
class Edit:
    """One curated change, all of it or nothing.

    Attributes:
        concepts: New or changed concepts; their ids come from `GraphStore.mint`.
        labels: Said by a curator from now on.
        relations: Likewise.
        withdrawn_labels: (concept_id, norm, language) that nobody shall say again: a tombstone that builds respect.
        withdrawn_relations: (subject, predicate, object), likewise.
    """

    concepts: Sequence[Concept] = ()
    labels: Sequence[Label] = ()
    relations: Sequence[Relation] = ()
    withdrawn_labels: Sequence[tuple[str, str, str]] = ()
    withdrawn_relations: Sequence[tuple[str, str, str]] = ()


class GraphStore(Protocol):
    """Concepts, labels and relations of many shops.

    Every write is one transaction: it passes the integrity rules and raises the revision by one, or it leaves nothing.
    A write that changes nothing keeps the revision. Safe for one writer a shop at a time; a second one waits.
    """

    def shops(self) -> list[str]:
        """Names of the shops that have been written."""

    def revision(self, shop: str) -> int:
        """0 before the first write."""

    def read(self, shop: str) -> GraphState:
        """A consistent state; empty for an unknown shop."""

    def rebuild(self, shop: str, statements: Statements) -> Rebuilt:
        """Replace the imported and mined layers; curated statements and tombstones stay and win.

        Concepts are matched by (scheme, key) and keep their ids; unseen keys get new ones; concepts that no statement
        and no curator speaks of are retired, and come back under their old id.

        Raises:
            IntegrityViolation: The imported statements contradict each other; nothing was written.
        """

    def edit(self, shop: str, edit: Edit) -> int:
        """Write a curator's change; a build's relation that contradicts it goes.

        Returns:
            The revision after it.

        Raises:
            IntegrityViolation: Nothing was written.
        """

    def mint(self, shop: str, key: ConceptKey) -> str:
        """The id of a key, new when the key is."""

    def lookup(self, shop: str, text: str, limit: int) -> list[Found]:
        """Labels in which every word of the text begins a word, for people who look things up.

        Best first: the same normal form, then the shorter, then by norm, concept_id and language; retired concepts
        are found too.
        """

    def restore(self, shop: str, state: GraphState) -> int:
        """Replace everything of a shop, ids included; for imports and moves.

        Returns:
            The revision, which is the state's.

        Raises:
            IntegrityViolation: Nothing was written.
        """

    def close(self) -> None:
        """Let go of files and connections."""


def in_order(state: GraphState) -> GraphState:
    """The same state with its records in the order of `GraphState`."""
    return GraphState(
        state.revision,
        tuple(sorted(state.concepts, key=lambda concept: concept.concept_id)),
        tuple(
            sorted(
                state.labels, key=lambda label: (label.concept_id, label.language, label.kind, label.norm, label.text)
            )
        ),
        tuple(sorted(state.relations, key=lambda edge: (edge.subject, edge.predicate, edge.object))),
        tuple(sorted(state.rejected)),
        tuple(sorted(state.reserved)),
    )


def open_store(url: str) -> GraphStore:
    """The store at a URL: `sqlite:///PATH` (or a bare path), or `bolt://HOST:PORT/DATABASE` for Neo4j.

    As SQLAlchemy reads it: `sqlite:///graph.sqlite` is relative, `sqlite:////var/graph.sqlite` absolute. For Neo4j see
    `graph.neo4j_address`.

    Raises:
        ConfigError: No store has this scheme, or the address is no address.
        StorageError: The file cannot be opened.
    """
    # Each backend is imported when it is asked for: a server never loads the driver of Neo4j.
    scheme, separator, rest = url.partition("://")
    if not separator or scheme == "sqlite":
        from graph.sqlite_store import SqliteGraphStore

        return SqliteGraphStore(Path(rest.removeprefix("/")) if separator else Path(url))
    if scheme.partition("+")[0] in ("bolt", "neo4j"):
        from graph.neo4j_address import parse_address
        from graph.neo4j_store import Neo4jGraphStore

        return Neo4jGraphStore(parse_address(url))
    raise ConfigError(
        f"expected a graph store URL such as sqlite:///graph.sqlite or bolt://127.0.0.1:7687/neo4j, got {url!r}"
    )
