"""A candidate: what the log seems to say about words or products, with the evidence a person can check."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, get_args

import orjson

from data.errors import InputError
from data.storage import storage_errors, write_durably

Kind = Literal["synonym", "hypernym", "misspelling", "attribute", "related"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposal to the graph; nothing is true until a build or a curator takes it.

    Attributes:
        kind: `synonym`: source and target mean the same; `hypernym`: source is the broader word, target one of what it
            covers; `misspelling`: source is a wrong spelling of target; `attribute`: a title that says source states
            target; `related`: who buys source also buys target.
        source: Normal form.
        target: Normal form; of an attribute `NAME=VALUE`, or `NAME=#` for the amount that source has `#` for.
        locale: BCP 47.
        score: In [0, 1], higher is surer; each kind has its own scale.
        evidence: A sentence with the numbers.
        counts: The numbers, by name.
    """

    kind: Kind
    source: str
    target: str
    locale: str
    score: float
    evidence: str
    counts: Mapping[str, int] = field(default_factory=dict)


def ordered(candidates: Iterable[Candidate]) -> list[Candidate]:
    """By kind, surest first, ties by words."""
    return sorted(candidates, key=lambda one: (KINDS.index(one.kind), -one.score, one.source, one.target, one.locale))


def write_candidates(path: Path, candidates: Iterable[Candidate]) -> int:
    """Replace the file by one candidate a line; how many there were.

    Raises:
        StorageError: When it cannot be written.
    """
    lines = [orjson.dumps(asdict(candidate)) + b"\n" for candidate in candidates]
    with storage_errors("writing the candidates", path):
        write_durably(path, b"".join(lines))
    return len(lines)


def read_candidates(path: Path) -> list[Candidate]:
    """The candidates of a file, in its order.

    Raises:
        InputError: When it cannot be read or a line is no candidate.
    """
    found = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); `intentrie mine --out` writes it") from error
    for number, line in enumerate(lines, start=1):
        try:
            candidate = Candidate(**orjson.loads(line))
        except (orjson.JSONDecodeError, TypeError) as error:
            raise InputError(
                f"{path}:{number}: expected a candidate as `intentrie mine` writes it ({error})"
            ) from error
        if candidate.kind not in KINDS:
            raise InputError(f"{path}:{number}: kind is {candidate.kind!r}; expected one of {', '.join(KINDS)}")
        found.append(candidate)
    return found
