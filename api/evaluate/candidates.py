"""Mined candidates against what is known to be true: precision and recall by kind."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson

from data.errors import InputError
from data.mining.candidate import Candidate, Kind
from data.mining.words import difference
from data.text import analyser_for

# Kinds that a truth file speaks of, by its key.
KEYS: Mapping[str, Kind] = {"synonyms": "synonym", "hypernyms": "hypernym", "misspellings": "misspelling"}
# From this score on a candidate counts as said; `docs/mining.md` has the measurement.
LEAST_SCORE = 0.5

Pair = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class KindResult:
    """One kind: how many pairs were said, are true, and are both."""

    kind: Kind
    said: int
    true: int
    precision: float
    recall: float
    wrong: tuple[Pair, ...]
    missed: tuple[Pair, ...]


def read_seldom(path: Path) -> dict[Kind, set[Pair]]:
    """Pairs of each kind that are true, though perhaps too rare to be found: a truth file's `seldom` and `habits`."""
    record = orjson.loads(path.read_bytes())
    rows = {key: [*record.get("seldom", {}).get(key, ())] for key in KEYS}
    rows["misspellings"] += record.get("habits", ())
    return {kind: {_pair(row) for row in rows[key]} for key, kind in KEYS.items()}


def read_truth(path: Path) -> dict[Kind, set[Pair]]:
    """The true pairs of each kind, as (source, target, locale) in normal form.

    Raises:
        InputError: When the file cannot be read or says none of the kinds.
    """
    try:
        record = orjson.loads(path.read_bytes())
        truth = {kind: {_pair(row) for row in record[key]} for key, kind in KEYS.items() if key in record}
    except (OSError, orjson.JSONDecodeError, TypeError, KeyError) as error:
        raise InputError(f"{path}: expected JSON with {', '.join(KEYS)}: lists of source, target, locale") from error
    if not truth:
        raise InputError(f"{path}: says none of {', '.join(KEYS)}")
    return truth


def _pair(row: Mapping[str, Any]) -> Pair:
    analyser = analyser_for(row["locale"])
    return analyser.normalise(row["source"]), analyser.normalise(row["target"]), row["locale"]


def evaluate_candidates(
    candidates: Sequence[Candidate],
    truth: Mapping[Kind, set[Pair]],
    least_score: float = LEAST_SCORE,
    seldom: Mapping[Kind, Set[Pair]] = MappingProxyType({}),
) -> list[KindResult]:
    """Precision and recall of each kind that the truth speaks of.

    Words are compared by their stems; a synonym in either direction. Of misspelt queries and of synonyms only the words
    in which the two differ are compared.

    Args:
        candidates: As mined.
        truth: Of `read_truth`.
        least_score: Candidates below it are not said.
        seldom: True pairs that need not be found; finding one counts neither for nor against.
    """
    found = []
    for kind, pairs in truth.items():
        said = [
            (one.source, one.target, one.locale) for one in candidates if one.kind == kind and one.score >= least_score
        ]
        true = {_key(pair, kind): pair for pair in sorted(pairs)}
        mine = {_key(pair, kind): pair for pair in sorted(said)}
        both = true.keys() & mine.keys()
        rare = {_key(pair, kind) for pair in seldom.get(kind, ())} - both
        mine = {key: pair for key, pair in mine.items() if key not in rare}
        found.append(
            KindResult(
                kind,
                len(mine),
                len(true),
                len(both) / len(mine) if mine else 0.0,
                len(both) / len(true) if true else 0.0,
                _rest(mine, both),
                _rest(true, both),
            )
        )
    return found


def _rest(pairs: Mapping[Pair, Pair], both: Iterable[Pair]) -> tuple[Pair, ...]:
    known = set(both)
    return tuple(pair for key, pair in sorted(pairs.items()) if key not in known)


def _key(pair: Pair, kind: Kind) -> Pair:
    source, target, locale = pair
    if kind != "hypernym":
        parts = difference(tuple(source.split()), tuple(target.split()))
        if parts is not None:
            source, target = " ".join(parts[0]), " ".join(parts[1])
    if kind == "misspelling":
        return source, target, locale
    stem = analyser_for(locale).stem
    first, second = (" ".join(map(stem, text.split())) for text in (source, target))
    if kind == "synonym" and second < first:
        first, second = second, first
    return first, second, locale
