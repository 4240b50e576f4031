"""Some titles one after the other, ready to be compared with a query all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index.product_table import offsets_of
from retrieval.index.world import gather
from retrieval.titles.columns import TitleColumns
from retrieval.titles.reading import TitleReading, signature, unknown_id

_UNKNOWN_UNIT = -1


@dataclass(frozen=True, slots=True, eq=False)
class TitleTable:
    """n titles with m terms in all.

    Attributes:
        offsets: (n + 1,) where each title's terms begin.
        rows: (m,) the title of each term.
        ids: (m,) numbers of words; negative ones are unknown to the catalogue, see `unknown_id`.
        places: (m,) see `TitleReading`.
        idf: (m,) of the words.
        signatures: (m, 2) of the words.
        lengths: (n,) stretches of text.
        heads: (n,) see `TitleReading`.
        dividers: (n,) see `TitleReading`.
        measure_rows: The title of each measure.
        measure_units: Numbers of their units.
        amounts: Theirs.
        letter_rows: The title of each run of letters.
        letters: See `letter_runs`.
    """

    offsets: NDArray[np.int64]
    rows: NDArray[np.int64]
    ids: NDArray[np.int64]
    places: NDArray[np.int64]
    idf: NDArray[np.float32]
    signatures: NDArray[np.uint64]
    lengths: NDArray[np.int64]
    heads: NDArray[np.int64]
    dividers: NDArray[np.int64]
    measure_rows: NDArray[np.int64]
    measure_units: NDArray[np.int32]
    amounts: NDArray[np.float64]
    letter_rows: NDArray[np.int64]
    letters: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.lengths)


def take_titles(columns: TitleColumns, rows: NDArray[np.int32]) -> TitleTable:
    """The titles of some rows, in their order."""
    of_term, terms = gather(columns.offsets, rows)
    of_measure, measures = gather(columns.measure_offsets, rows)
    of_letters, letters = gather(columns.letter_offsets, rows)
    ids = columns.terms[terms]
    return TitleTable(
        offsets_of((columns.offsets[rows + 1] - columns.offsets[rows]).tolist()),
        of_term,
        ids.astype(np.int64),
        columns.places[terms].astype(np.int64),
        columns.use.idf[ids],
        columns.use.signatures[ids],
        columns.lengths[rows].astype(np.int64),
        columns.heads[rows].astype(np.int64),
        columns.dividers[rows].astype(np.int64),
        of_measure,
        columns.measure_units[measures],
        columns.amounts[measures],
        of_letters,
        columns.letters[letters],
    )


def tabulate(columns: TitleColumns, readings: Sequence[TitleReading]) -> TitleTable:
    """Titles that the columns do not hold, by the columns' statistics."""
    terms = [term for each in readings for term in each.terms]
    found = [columns.words.get(term) for term in terms]
    ids = np.array([unknown_id(t) if n is None else n for t, n in zip(terms, found, strict=True)], np.int64)
    idf = [columns.unknown_idf if number is None else columns.use.idf[number] for number in found]
    counts = [len(each.terms) for each in readings]
    measured = [len(each.measures) for each in readings]
    return TitleTable(
        offsets_of(counts),
        np.repeat(np.arange(len(readings)), counts),
        ids,
        np.array([place for each in readings for place in each.places], np.int64),
        np.array(idf, np.float32),
        np.array([signature(term) for term in terms], np.uint64).reshape(-1, 2),
        np.array([each.length for each in readings], np.int64),
        np.array([each.head for each in readings], np.int64),
        np.array([each.divider for each in readings], np.int64),
        np.repeat(np.arange(len(readings)), measured),
        np.array([columns.units.get(u, _UNKNOWN_UNIT) for each in readings for u, _ in each.measures], np.int32),
        np.array([amount for each in readings for _, amount in each.measures], np.float64),
        np.repeat(np.arange(len(readings)), [len(each.letters) for each in readings]),
        np.concatenate([np.empty(0, np.int32), *(each.letters for each in readings)]),
    )
