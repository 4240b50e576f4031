"""A query as its words are compared with titles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.text import Analyser
from retrieval.index.terms import query_words
from retrieval.planning.plan import Term
from retrieval.titles.columns import TitleColumns
from retrieval.titles.reading import has_digit, letter_runs, phrase_end, read_measures, signature, unknown_id
from understanding.intent import HEAD_FIRST

# Shorter words are joined, cut and misread by accident.
_LEAST_LETTERS = 4
_LEAST_PART = 3
# Dice of the n-grams of a word and its likeliest misspelling; below it they are different words more often than not.
_SURELY_ALIKE = 0.65
# What one step of rarity (ln) weighs against likeness: of two words as near, the frequent one was meant.
_RARER = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """G words of a query, m words of its terms.

    Attributes:
        ids: (m,) numbers of the words in titles; negative ones are unknown, see `unknown_id`.
        idf: (m,) theirs.
        terms: Of each term its words (places in `ids`), its weight and the query's words it stands for.
        weights: (G,) idf of each of the query's words.
        signatures: (G, 2) of how it was typed.
        firstness: (G,) how often it begins a title.
        headness: (G,) how often it names the thing.
        numeric: (G,) whether it has digits.
        head: Which of them names what is wanted; -1 without words.
        measures: (number of the unit, amount) in base units.
        letters: See `letter_runs`.
        mean_terms: Of the catalogue's titles, at least 1.
    """

    ids: NDArray[np.int64]
    idf: NDArray[np.float32]
    terms: tuple[tuple[tuple[int, ...], float, tuple[int, ...]], ...]
    weights: NDArray[np.float32]
    signatures: NDArray[np.uint64]
    firstness: NDArray[np.float32]
    headness: NDArray[np.float32]
    numeric: NDArray[np.bool_]
    head: int
    measures: tuple[tuple[int, float], ...]
    letters: NDArray[np.int32]
    mean_terms: float

    @property
    def words(self) -> int:
        """How many words the query has."""
        return len(self.weights)


def ask_titles(text: str, terms: Sequence[Term], columns: TitleColumns, analyser: Analyser) -> Asked:
    """Read a query.

    Args:
        text: What is matched as text.
        terms: Of the same text: what was typed, then expansions.
        columns: Whose statistics count.
        analyser: That made the terms and the columns.
    """
    terms = (*terms, *other_writings(terms, columns))
    words = list(dict.fromkeys(word for term in terms for word in term.words))
    numbers = [columns.words.get(word) for word in words]
    use = columns.use
    idf = [columns.unknown_idf if number is None else float(use.idf[number]) for number in numbers]
    groups = 1 + max((group for term in terms for group in term.groups), default=-1)
    typed: dict[int, Term] = {}
    for term in terms:
        for group in term.groups:
            typed.setdefault(group, term)
    place = {word: at for at, word in enumerate(words)}
    firsts = [place[typed[group].words[0]] for group in range(groups)]
    lasts = [place[typed[group].words[-1]] for group in range(groups)]
    return Asked(
        np.array([unknown_id(w) if n is None else n for w, n in zip(words, numbers, strict=True)], np.int64),
        np.array(idf, np.float32),
        tuple((tuple(place[word] for word in term.words), term.weight, term.groups) for term in terms),
        np.array([max(idf[place[word]] for word in typed[group].words) for group in range(groups)], np.float32),
        np.array([signature("".join(typed[group].words)) for group in range(groups)], np.uint64).reshape(-1, 2),
        np.array([_of(use.firstness, numbers[first]) for first in firsts], np.float32),
        np.array([_of(use.headness, numbers[last]) for last in lasts], np.float32),
        np.array([has_digit(typed[group].words) for group in range(groups)], bool),
        _head(text, terms, analyser),
        tuple((columns.units[u], amount) for u, amount in read_measures(text, analyser) if u in columns.units),
        letter_runs(text),
        max(1.0, columns.mean_terms),
    )


def other_writings(terms: Sequence[Term], columns: TitleColumns) -> list[Term]:
    """Ways to write the words of a query that titles use: joined, apart, and what an unknown word most looks like.

    Args:
        terms: What was typed first; how sure a reading is, is its weight.
        columns: Whose words are read.
    """
    typed: dict[int, str] = {}
    for term in terms:
        for group in term.groups:
            if group not in typed:
                typed[group] = term.words[0] if len(term.words) == 1 else ""
    known = {(term.words, term.groups) for term in terms}
    found: list[Term] = []
    for group, word in sorted(typed.items()):
        joined = word + typed.get(group + 1, "")
        if word and joined != word and joined in columns.words:
            found += [Term((joined,), 1.0, (group,)), Term((joined,), 1.0, (group + 1,))]
        if len(word) < _LEAST_LETTERS or not word.isalpha():
            continue
        for cut in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
            if word[:cut] in columns.words and word[cut:] in columns.words:
                found.append(Term((word[:cut], word[cut:]), 1.0, (group,)))
        if word not in columns.words:
            nearest, alike = nearest_word(word, columns)
            if alike >= _SURELY_ALIKE:
                found.append(Term((nearest,), alike, (group,)))
    return [term for term in found if (term.words, term.groups) not in known]


def nearest_word(word: str, columns: TitleColumns) -> tuple[str, float]:
    """The catalogue's word that shares most character n-grams with one, the more frequent of equals, and its Dice."""
    own = np.array(signature(word), np.uint64)
    both = np.bitwise_count(columns.use.signatures & own).sum(axis=1)
    dice = 2 * both / (np.bitwise_count(columns.use.signatures).sum(axis=1) + np.bitwise_count(own).sum())
    best = int(np.argmax(dice - columns.use.idf * _RARER)) if len(dice) else -1
    return (columns.words.restore_key(best), float(dice[best])) if best >= 0 else ("", 0.0)


def _of(column: NDArray[np.float32], number: int | None) -> float:
    return 0.0 if number is None else float(column[number])


def _head(text: str, terms: Sequence[Term], analyser: Analyser) -> int:
    """The last word before a preposition that is no number; the first one in languages that name the thing first."""
    chunks = analyser.chunks(text)
    end = chunks[phrase_end(text, chunks) - 1].end if chunks else 0
    group_of = {term.words: term.groups[0] for term in terms if len(term.groups) == 1}
    words = [word for word in query_words(text, analyser) if word.end <= end] or query_words(text, analyser)
    if analyser.language not in HEAD_FIRST:
        words.reverse()
    known = [word for word in words if any(way in group_of for way in word.ways)]
    named = [word for word in known if not has_digit(word.ways[0])] or known
    return next((group_of[way] for word in named[:1] for way in word.ways if way in group_of), -1)
