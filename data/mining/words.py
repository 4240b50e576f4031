"""Which words people put in the place of which, and in which company: what queries differ in."""

from collections.abc import Sequence

import ibis
import pyarrow as pa
from ibis.expr.types import Table

# A longer remainder is another query, not another word for the same thing.
LONGEST_PHRASE = 3
# Pairs of queries read at most, by falling number of people.
MOST_PAIRS = 1_000_000

Words = tuple[str, ...]


def difference(first: Words, second: Words) -> tuple[Words, Words] | None:
    """What two queries differ in: the words between their common start and end.

    Returns:
        The two remainders; `None` when one is empty (a word was only added), or one is longer than `LONGEST_PHRASE`.
    """
    shorter = min(len(first), len(second))
    start = 0
    while start < shorter and first[start] == second[start]:
        start += 1
    end = 0
    while end < shorter - start and first[-1 - end] == second[-1 - end]:
        end += 1
    left, right = first[start : len(first) - end], second[start : len(second) - end]
    if not left or not right or max(len(left), len(right)) > LONGEST_PHRASE:
        return None
    return left, right


def substituted(pairs: Sequence[tuple[str, str, str]]) -> pa.Table:
    """Of pairs of queries (norm, next_norm, locale) those that differ in a phrase: with its two `source`, `target`."""
    rows = []
    for norm, next_norm, locale in pairs:
        found = difference(tuple(norm.split()), tuple(next_norm.split()))
        if found is not None:
            rows.append((norm, next_norm, locale, " ".join(found[0]), " ".join(found[1])))
    names = ("norm", "next_norm", "locale", "source", "target")
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})


def substitution_counts(pairs: Table, differences: Table) -> Table:
    """How many people put `target` in the place of `source`: `source, target, locale, people, count, gave_up, found`.

    Args:
        pairs: `norm, next_norm, locale, person_hash, was_clicked, next_clicked`, one row a reformulation.
        differences: Of `substituted`.

    `gave_up` counts those where nothing was clicked before, `found` those where something was after.
    """
    joined = pairs.join(differences, ["norm", "next_norm", "locale"])
    joined = joined.mutate(
        gave_up=(~joined.was_clicked).cast("int32").cast("int64"), found=joined.next_clicked.cast("int32").cast("int64")
    )
    return joined.group_by(["source", "target", "locale"]).agg(
        people=joined.person_hash.nunique(),
        count=joined.count(),
        gave_up=joined.gave_up.sum().cast("float64").cast("int64"),
        found=joined.found.sum().cast("float64").cast("int64"),
    )


def word_counts(sequence: Table, words: Table) -> Table:
    """How many people used a word: `word, locale, people, count, clicked`.

    Args:
        sequence: Searches, with `norm, locale, person_hash, clicked`.
        words: `norm, locale, word`, each once.
    """
    joined = sequence.join(words, ["norm", "locale"])
    joined = joined.mutate(was_clicked=(joined.clicked.length() > 0).cast("int32").cast("int64"))
    return joined.group_by(["word", "locale"]).agg(
        people=joined.person_hash.nunique(),
        count=joined.count(),
        clicked=joined.was_clicked.sum().cast("float64").cast("int64"),
    )


def words_of(norms: Sequence[tuple[str, str]]) -> Table:
    """The words of normal forms (norm, locale): `norm, locale, word`."""
    rows = [(norm, locale, word) for norm, locale in norms for word in dict.fromkeys(norm.split())]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    names = ("norm", "locale", "word")
    return ibis.memtable(
        pa.table({name: pa.array(column, pa.string()) for name, column in zip(names, columns, strict=True)})
    )
