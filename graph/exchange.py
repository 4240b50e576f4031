"""A shop's graph as JSON lines: lossless both ways, and fit for a diff.

The first line is a header; then one record a line (`concept`, `label`, `relation`, `rejected`, `reserved`), sorted, so
that two exports of one state are the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from data.errors import InputError
from data.storage import storage_errors
from graph.concept import Concept, Layer, Scheme, Status
from graph.label import Label, LabelKind
from graph.relation import Predicate, Relation
from graph.store import GraphState

FORMAT = 1
_KINDS = ("concept", "label", "relation", "rejected", "reserved")


@dataclass(frozen=True, slots=True)
class Difference:
    """Records of one state that the other does not have, as `export_lines` writes them."""

    removed: tuple[str, ...]
    added: tuple[str, ...]


def export_lines(state: GraphState) -> Iterator[str]:
    """The state as lines without line ends."""
    yield _line({"kind": "graph", "format": FORMAT, "revision": state.revision})
    yield from sorted(_line({"kind": "concept", **asdict(concept)}) for concept in state.concepts)
    for label in sorted(state.labels, key=lambda label: (label.concept_id, label.language, label.norm)):
        record = asdict(label)
        yield _line({"kind": "label", "label_kind": record.pop("kind"), **record})
    yield from sorted(_line({"kind": "relation", **asdict(relation)}) for relation in state.relations)
    yield from (_line({"kind": "rejected", "of": of, "what": what}) for of, what in sorted(state.rejected))
    for scheme, key, concept_id in sorted(state.reserved):
        yield _line({"kind": "reserved", "scheme": scheme, "key": key, "concept_id": concept_id})


def import_lines(lines: Iterable[str], source: str = "the graph") -> GraphState:
    """The inverse of `export_lines`; empty lines are passed over.

    Raises:
        InputError: With the line, what was expected and what came.
    """
    revision: int | None = None
    records: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
            kind = record.pop("kind")
            if kind == "graph":
                revision = _header(record)
            else:
                records[kind].append(_READERS[kind](record))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            kinds = ", ".join(("graph", *_KINDS))
            message = f"{source}:{number}: expected a record of kind {kinds}, got {line.strip()[:80]!r} ({error})"
            raise InputError(message) from error
    if revision is None:
        raise InputError(
            f'{source}: the header line {{"kind":"graph","format":{FORMAT}}} is missing; is this an export?'
        )
    return GraphState(
        revision,
        tuple(records["concept"]),
        tuple(records["label"]),
        tuple(records["relation"]),
        tuple(records["rejected"]),
        tuple(records["reserved"]),
    )


def write_export(path: Path, state: GraphState) -> None:
    """Write an export as one file.

    Raises:
        StorageError: The file cannot be written.
    """
    with storage_errors("writing the export", path):
        path.write_text("".join(f"{line}\n" for line in export_lines(state)), encoding="utf-8")


def read_export(path: Path) -> GraphState:
    """Read what `write_export` wrote.

    Raises:
        InputError: It is no export, or damaged.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected an export of a graph, cannot read it: {error}") from error
    return import_lines(text.splitlines(), str(path))


def compare(before: GraphState, after: GraphState) -> Difference:
    """What changed between two states; the revision itself is no change."""
    old, new = (set(export_lines(state)) for state in (before, after))
    headers = {line for line in (*old, *new) if line.startswith('{"kind":"graph"')}
    return Difference(tuple(sorted(old - new - headers)), tuple(sorted(new - old - headers)))


def _line(record: Mapping[str, Any]) -> str:
    return orjson.dumps(record).decode()


def _header(record: Mapping[str, Any]) -> int:
    if record["format"] != FORMAT:
        raise ValueError(f"format {record['format']} is not {FORMAT}")
    return int(record["revision"])


def _concept(record: dict[str, Any]) -> Concept:
    scheme, status, layer = Scheme(record["scheme"]), Status(record["status"]), Layer(record["layer"])
    return Concept(**{**record, "scheme": scheme, "status": status, "layer": layer})


def _label(record: dict[str, Any]) -> Label:
    kind = LabelKind(record.pop("label_kind"))
    return Label(**{**record, "kind": kind, "layer": Layer(record["layer"])})


def _relation(record: dict[str, Any]) -> Relation:
    return Relation(**{**record, "predicate": Predicate(record["predicate"]), "layer": Layer(record["layer"])})


def _rejected(record: dict[str, Any]) -> tuple[str, str]:
    return str(record["of"]), str(record["what"])


def _reserved(record: dict[str, Any]) -> tuple[str, str, str]:
    return str(Scheme(record["scheme"])), str(record["key"]), str(record["concept_id"])


_READERS = {
    "concept": _concept,
    "label": _label,
    "relation": _relation,
    "rejected": _rejected,
    "reserved": _reserved,
}


def shop_of(shops: Sequence[str], wanted: str | None) -> str:
    """The wanted shop, or the only one.

    Raises:
        InputError: None was named and there is not exactly one.
    """
    if wanted is not None:
        return wanted
    if len(shops) == 1:
        return shops[0]
    raise InputError(f"expected --shop NAME, one of: {', '.join(shops) or '(the store is empty)'}")
