"""Prefixes with the completion their typist was after: read from a file, or typed by a model of one."""

import json
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from data.errors import InputError

# Completions that are typed when no file of prefixes is given: a proportion within ±2 points.
TARGETS = 2000
_LENGTHS = (1, 2, 3, 5, 8)
_LEAST_FOR_SLIP = 6


@dataclass(frozen=True, slots=True)
class PrefixCase:
    """One keystroke of somebody who is after `target` and searched for `queries` before.

    Cases of one name are measured together.
    """

    prefix: str
    target: str
    case: str = "all"
    weight: float = 1.0
    locale: str | None = None
    queries: tuple[str, ...] = ()


def read_prefixes(path: Path) -> list[PrefixCase]:
    """JSONL of `{"prefix", "target", "weight"?, "case"?, "locale"?, "queries"?}`, `queries` being a list, newest last.

    Raises:
        InputError: If the file cannot be read, a line is not of this form, or there is none.
    """
    cases = []
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            locale = row.get("locale")
            case = PrefixCase(
                str(row["prefix"]),
                str(row["target"]),
                str(row.get("case") or "all"),
                float(row.get("weight", 1.0)),
                None if locale is None else str(locale),
                tuple(map(str, row.get("queries") or ())),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f'{path}:{number}: expected {{"prefix", "target", "weight"}} as JSON, got {line[:80]!r} ({error!r})'
            ) from error
        if not case.weight >= 0:
            raise InputError(f"{path}:{number}: expected a weight from 0, got {case.weight}")
        cases.append(case)
    if not cases:
        raise InputError(f"{path}: expected at least one prefix, got none")
    return cases


def read_weighted_texts(path: Path) -> list[tuple[str, float]]:
    """TSV `text<TAB>weight`, in the file's order.

    Raises:
        InputError: If the file cannot be read, a line is not of this form, or there is none.
    """
    texts = []
    for number, line in _lines(path):
        text, tab, weight = line.rpartition("\t")
        try:
            value = float(weight)
        except ValueError:
            value = -1.0
        if not tab or not text.strip() or not 0 <= value < float("inf"):
            raise InputError(f"{path}:{number}: expected text<TAB>weight with a weight from 0, got {line[:80]!r}")
        texts.append((text, value))
    if not texts:
        raise InputError(f"{path}: expected at least one completion, got none")
    return texts


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: expected a text file in UTF-8, got {error}") from error


def typed_prefixes(texts: Sequence[tuple[str, float]], locale: str | None, seed: int) -> list[PrefixCase]:
    """What people type who are after `texts`, as often as their weights say, from the first letter to three quarters.

    Cases are named by the number of characters (`p1` to `p8`), the share typed (`p50`, `p75`), and `typo75`: three
    quarters with one slip.
    """
    generator = random.Random(seed)
    bounds = list(accumulate(weight for _, weight in texts))
    cases = []
    for _ in range(TARGETS if bounds and bounds[-1] > 0 else 0):
        target = texts[min(bisect(bounds, generator.random() * bounds[-1]), len(texts) - 1)][0]
        cases += [PrefixCase(target[:size], target, f"p{size}", 1.0, locale) for size in _LENGTHS if size < len(target)]
        half, most = (target[: max(1, len(target) * share // 100)] for share in (50, 75))
        cases += [PrefixCase(half, target, "p50", 1.0, locale), PrefixCase(most, target, "p75", 1.0, locale)]
        if len(most) >= _LEAST_FOR_SLIP:
            cases.append(PrefixCase(_slip(most, generator), target, "typo75", 1.0, locale))
    return cases


def _slip(text: str, generator: random.Random) -> str:
    """One letter changed, dropped, added or swapped with the one before it, anywhere."""
    place, letter = generator.randrange(1, len(text)), generator.choice("etaoinshrdlu")
    return generator.choice(
        [
            text[:place] + letter + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + letter + text[place:],
            text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :],
        ]
    )
