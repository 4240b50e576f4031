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
    """Everything a store holds of one shop at one revision; retired concepts included."""

    revision: int
    concepts: tuple[Concept, ...]
    labels: tuple[Label, ...]
    relations: tuple[Relation, ...]
    rejected: tuple[tuple[str, str], ...] = ()


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

    def rebuild(self, shop: str, statements: Statements) -> int:
        """Replace the imported and mined layers; curated statements and tombstones stay and win.

        Concepts are matched by (scheme, key) and keep their ids; unseen keys get new ones; concepts that no statement
        and no curator speaks of are retired, and come back under their old id.

        Returns:
            The revision after it.

        Raises:
            IntegrityViolation: The statements break a rule; nothing was written.
        """

    def edit(self, shop: str, edit: Edit) -> int:
        """Write a curator's change.

        Returns:
            The revision after it.

        Raises:
            IntegrityViolation: Nothing was written.
        """

    def mint(self, shop: str, key: ConceptKey) -> str:
        """The id of a key, new when the key is."""

    def restore(self, shop: str, state: GraphState) -> int:
        """Replace everything of a shop, ids included; for imports and moves.

        Raises:
            IntegrityViolation: Nothing was written.
        """

    def close(self) -> None:
        """Let go of files and connections."""


def open_store(url: str) -> GraphStore:
    """The store at a URL: `sqlite:///PATH` (or a bare path).

    As SQLAlchemy reads it: `sqlite:///graph.sqlite` is relative, `sqlite:////var/graph.sqlite` absolute.

    Raises:
        ConfigError: No store has this scheme.
        StorageError: The file cannot be opened.
    """
    # Each backend is imported when it is asked for.
    scheme, separator, rest = url.partition("://")
    if not separator or scheme == "sqlite":
        from graph.sqlite_store import SqliteGraphStore

        return SqliteGraphStore(Path(rest.removeprefix("/")) if separator else Path(url))
    raise ConfigError(f"expected a graph store URL such as sqlite:///graph.sqlite, got {url!r}")
