"""All titles of a catalogue as arrays, with how their words are used; mapped by servers.

| array | shape | holds |
|---|---|---|
| offsets | (rows + 1,) int64 | the terms of row `r` are `offsets[r]:offsets[r + 1]` of the next two |
| terms | (terms,) int32 | numbers of the words, in the order of the title |
| places | (terms,) uint8 | see `TitleReading.places` |
| lengths, heads, dividers | (rows,) int16 | see `TitleReading` |
| measure_offsets, measure_units, amounts | the same | measures of each row |
| letter_offsets, letters | the same | see `letter_runs` |
| idf, firstness, headness | (words,) float32 | see `WordUse` |
| signatures | (words, 2) uint64 | see `signature` |
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from data.text import Analyser
from retrieval.index.postings import map_array
from retrieval.index.product_table import offsets_of
from retrieval.titles.reading import read_title, signature

# Imagined titles in which a word stands neither first nor as the head: one of a kind proves little.
_SMOOTHING = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class WordUse:
    """How each word of the catalogue's titles is used, shape (words,) each.

    Attributes:
        idf: Lucene's, over titles.
        firstness: Share of its titles in which it stands first: brands do.
        headness: Share of its titles in which it is the head: names of things are.
        signatures: (words, 2) hashed character n-grams.
    """

    idf: NDArray[np.float32]
    firstness: NDArray[np.float32]
    headness: NDArray[np.float32]
    signatures: NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class TitleColumns:
    """See the module; `unknown_idf` is that of a word no title has, `mean_terms` is per title."""

    words: marisa_trie.Trie
    units: dict[str, int]
    use: WordUse
    offsets: NDArray[np.int64]
    terms: NDArray[np.int32]
    places: NDArray[np.uint8]
    lengths: NDArray[np.int16]
    heads: NDArray[np.int16]
    dividers: NDArray[np.int16]
    measure_offsets: NDArray[np.int64]
    measure_units: NDArray[np.int32]
    amounts: NDArray[np.float64]
    letter_offsets: NDArray[np.int64]
    letters: NDArray[np.int32]
    unknown_idf: float
    mean_terms: float

    def __len__(self) -> int:
        return len(self.lengths)


_ARRAYS = (
    "offsets", "terms", "places", "lengths", "heads", "dividers", "measure_offsets", "measure_units", "amounts",
    "letter_offsets", "letters",
)  # fmt: skip


def read_titles(titles: Sequence[str], analyser: Analyser) -> TitleColumns:
    """The columns of some titles, one a row."""
    readings = [read_title(title, analyser) for title in titles]
    words = marisa_trie.Trie({term for reading in readings for term in reading.terms})
    units = {unit: number for number, unit in enumerate(sorted({u for each in readings for u, _ in each.measures}))}
    term_rows = np.repeat(np.arange(len(readings)), [len(each.terms) for each in readings])
    terms = np.array([words[term] for each in readings for term in each.terms], np.int32)
    places = np.array([place for each in readings for place in each.places], np.uint8)
    heads = np.array([each.head for each in readings], np.int16)
    return TitleColumns(
        words,
        units,
        _word_use(words, len(readings), terms, term_rows, places, heads),
        offsets_of([len(each.terms) for each in readings]),
        terms,
        places,
        np.array([each.length for each in readings], np.int16),
        heads,
        np.array([each.divider for each in readings], np.int16),
        offsets_of([len(each.measures) for each in readings]),
        np.array([units[unit] for each in readings for unit, _ in each.measures], np.int32),
        np.array([amount for each in readings for _, amount in each.measures], np.float64),
        offsets_of([len(each.letters) for each in readings]),
        np.concatenate([np.empty(0, np.int32), *(each.letters for each in readings)]),
        float(np.log1p((len(readings) + 0.5) / 0.5)),
        len(terms) / max(1, len(readings)),
    )


def _word_use(
    words: marisa_trie.Trie,
    documents: int,
    terms: NDArray[np.int32],
    rows: NDArray[np.int64],
    places: NDArray[np.uint8],
    heads: NDArray[np.int16],
) -> WordUse:
    count = len(words)

    def titles_with(chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
        pairs = np.unique(rows[chosen] * np.int64(max(1, count)) + terms[chosen])
        return np.bincount(pairs % max(1, count), minlength=count).astype(np.float64)

    frequency = titles_with(np.ones(len(terms), bool))
    first = titles_with(places == 0)
    head = titles_with(places == heads[rows])
    signatures = np.zeros((count, 2), np.uint64)
    for word, number in words.items():
        signatures[number] = signature(word)
    return WordUse(
        np.log1p((documents - frequency + 0.5) / (frequency + 0.5)).astype(np.float32),
        (first / (frequency + _SMOOTHING)).astype(np.float32),
        (head / (frequency + _SMOOTHING)).astype(np.float32),
        signatures,
    )


def save_titles(folder: Path, columns: TitleColumns) -> None:
    """Write the columns under `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    columns.words.save(str(folder / "words.marisa"))
    for name in _ARRAYS:
        np.save(folder / f"{name}.npy", getattr(columns, name))
    for each in fields(WordUse):
        np.save(folder / f"{each.name}.npy", getattr(columns.use, each.name))
    about = {"units": columns.units, "unknown_idf": columns.unknown_idf, "mean_terms": columns.mean_terms}
    (folder / "titles.json").write_text(json.dumps(about), encoding="utf-8")


def load_titles(folder: Path) -> TitleColumns:
    """Map what `save_titles` wrote."""
    about = json.loads((folder / "titles.json").read_text(encoding="utf-8"))
    words = marisa_trie.Trie()
    words.mmap(str(folder / "words.marisa"))
    arrays: dict[str, Any] = {name: map_array(folder / f"{name}.npy") for name in _ARRAYS}
    use = WordUse(**{each.name: map_array(folder / f"{each.name}.npy") for each in fields(WordUse)})
    return TitleColumns(
        words=words,
        units=about["units"],
        use=use,
        unknown_idf=float(about["unknown_idf"]),
        mean_terms=float(about["mean_terms"]),
        **arrays,
    )
