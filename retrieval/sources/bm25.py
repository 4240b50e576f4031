"""The lexical source: BM25 over one concatenated text, one index a locale."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from data.product import Product
from data.text import Analyser, analyser_for
from retrieval.index.postings import Postings, build_postings, load_postings, save_postings
from retrieval.index.searchable import FIELDS, searchable_fields, searchable_terms
from retrieval.planning.plan import Plan, Term
from retrieval.ranking.best_rows import best_rows
from retrieval.sources.candidate import Run

# A few queries at a time are answered by a server's threads; each remembered one costs 6 bytes a row.
_REMEMBERED = 4


@dataclass(frozen=True, slots=True, eq=False)
class LocaleIndex:
    """A locale's postings: of the whole text, and of each field for features and explanations."""

    analyser: Analyser
    text: Postings
    fields: Mapping[str, Postings]


@dataclass(frozen=True, slots=True, eq=False)
class LexicalScores:
    """What BM25 says of every document looked at.

    Attributes:
        scores: Shape (documents,), 0 where nothing matches.
        groups: Shape (documents,), how many words of the query each holds.
    """

    scores: NDArray[np.float32]
    groups: NDArray[np.int16]


class ScoredTerms(Protocol):
    """Documents by term: the release's postings, or those of live products."""

    @property
    def documents(self) -> int:
        """How many there are."""

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Documents that hold a term, ascending, and what it adds to their scores."""


@dataclass(frozen=True, slots=True, eq=False)
class SomeRows:
    """The postings of a few rows: document `i` is `rows[i]`."""

    postings: Postings
    rows: NDArray[np.int32]

    @property
    def documents(self) -> int:
        """How many there are."""
        return len(self.rows)

    def of(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """See `ScoredTerms.of`."""
        held, scores = self.postings.of(term)
        if not len(held):
            return held, scores
        places = np.minimum(np.searchsorted(held, self.rows), len(held) - 1)
        found = np.flatnonzero(held[places] == self.rows)
        return found.astype(np.int32), scores[places[found]]


class Bm25Retriever:
    """Ranks rows by BM25; see `evaluate_terms`."""

    source = "bm25"

    def __init__(self, indexes: Mapping[str, LocaleIndex], attributes: Sequence[str]) -> None:
        """Take the index of each of the shop's locales, the first one first, and what `searchable_fields` takes."""
        self._indexes = dict(indexes)
        self._fallbacks = tuple(indexes)
        self._attributes = tuple(attributes)
        # Planning, matching and ranking one query ask for the same scores one after the other.
        self._scores_of = lru_cache(maxsize=_REMEMBERED)(self._score)

    def locale(self, locale: str) -> str:
        """The index that answers for `locale`: its own, its language's, or the shop's first."""
        name = locale
        while name not in self._indexes and "-" in name:
            name = name.rpartition("-")[0]
        return name if name in self._indexes else next(iter(self._indexes))

    @property
    def locales(self) -> tuple[str, ...]:
        """Of the indexes."""
        return tuple(self._indexes)

    def score_terms(self, product: Product, locale: str) -> dict[str, float]:
        """What each term of a live product adds to its score, by the statistics of the release.

        Args:
            product: Not in the index.
            locale: One of `locales`.
        """
        document = self.terms(product, locale)
        counts, text = Counter(document), self._indexes[locale].text
        return {term: text.score_document(counts, len(document), term) for term in counts}

    def terms(self, product: Product, locale: str) -> list[str]:
        """What a product is found by, in one of `locales`; a term comes as often as it counts."""
        fields = searchable_fields(product, locale, self._fallbacks, self._attributes)
        return searchable_terms(fields, self._indexes[locale].analyser)

    def field_terms(self, product: Product, locale: str, names: Sequence[str]) -> frozenset[str]:
        """What some of `FIELDS` say of a product, in one of `locales`."""
        fields = searchable_fields(product, locale, self._fallbacks, self._attributes)
        return frozenset(term for name in names for term in self._indexes[locale].analyser.terms(fields[name]))

    def analyser(self, locale: str) -> Analyser:
        """The analyser of the index that answers for `locale`."""
        return self._indexes[self.locale(locale)].analyser

    def evaluate(self, plan: Plan) -> LexicalScores:
        """Score every row of the release; the arrays are shared, not to be written."""
        return self._scores_of(plan.terms, self.locale(plan.locale))

    def quorum(self, terms: tuple[Term, ...], locale: str, enough: int) -> int:
        """The most words of the query that at least `enough` products hold together; 0 without terms.

        When even one word is not held by so many, one word is the quorum.
        """
        if not terms:
            return 0
        groups = self._scores_of(terms, self.locale(locale)).groups
        holding = np.bincount(groups)[::-1].cumsum()[::-1]
        return max(1, max((count for count in range(1, len(holding)) if holding[count] >= enough), default=1))

    def retrieve(self, plan: Plan, top_k: int, within: NDArray[np.int32] | None = None) -> Run:
        """The best rows; see `Retriever.retrieve`."""
        return Run(self.source, *best_rows(self.evaluate(plan).scores, top_k, within))

    def _score(self, terms: tuple[Term, ...], locale: str) -> LexicalScores:
        scores = evaluate_terms(self._indexes[locale].text, terms)
        scores.scores.flags.writeable = scores.groups.flags.writeable = False
        return scores

    def field_scores(
        self, plan: Plan, rows: NDArray[np.int32], names: Sequence[str] = FIELDS
    ) -> dict[str, NDArray[np.float32]]:
        """BM25 of fields by themselves for some rows, in any order, shape (len(rows),) each."""
        index = self._indexes[self.locale(plan.locale)]
        return {name: evaluate_terms(SomeRows(index.fields[name], rows), plan.terms).scores for name in names}

    def hold(
        self, ways: Sequence[Term], locale: str, rows: NDArray[np.int32], names: Sequence[str]
    ) -> NDArray[np.bool_]:
        """Whether one of some fields says one of some terms, for rows of the release in any order; (len(rows),)."""
        fields = [SomeRows(self._indexes[locale].fields[name], rows) for name in names]
        said: NDArray[np.bool_] = np.any([evaluate_terms(field, ways).groups > 0 for field in fields], axis=0)
        return said


def build_bm25(
    folder: Path, products: Sequence[Product], locales: Sequence[str], attributes: Sequence[str] = ()
) -> Bm25Retriever:
    """Index the products once per locale; `attributes` as for `searchable_fields`.

    A product without a text in a locale is indexed there with its fallback text, analysed as the queries of that
    locale are, so that it is still found by its brand and model.
    """
    for locale in locales:
        analyser = analyser_for(locale)
        fields = [searchable_fields(product, locale, locales, attributes) for product in products]
        save_postings(folder / locale / "text", build_postings([searchable_terms(each, analyser) for each in fields]))
        for name in FIELDS:
            documents = [analyser.terms(each[name]) for each in fields]
            save_postings(folder / locale / name, build_postings(documents))
    return load_bm25(folder, locales, attributes)


def load_bm25(folder: Path, locales: Sequence[str], attributes: Sequence[str] = ()) -> Bm25Retriever:
    """Map what `build_bm25` wrote; give it the same locales and attributes."""
    indexes = {
        locale: LocaleIndex(
            analyser_for(locale),
            load_postings(folder / locale / "text"),
            {name: load_postings(folder / locale / name) for name in FIELDS},
        )
        for locale in locales
    }
    return Bm25Retriever(indexes, attributes)


def evaluate_terms(postings: ScoredTerms, terms: Sequence[Term]) -> LexicalScores:
    """Per group the best of its terms, summed over the groups, times the share of the groups that match; for every row.

    The share (Lucene's old coordination factor) keeps a product with all words of "usb battery" before one that is
    lifted for being a battery: .776 instead of .762 nDCG@10 on Icecat with all sources, no difference by words alone.
    """
    scores = np.zeros(postings.documents, np.float32)
    groups = np.zeros(postings.documents, np.int16)
    by_group: dict[int, list[Term]] = {}
    for term in terms:
        for group in term.groups:
            by_group.setdefault(group, []).append(term)
    for alternatives in by_group.values():
        if len(alternatives) == 1:
            rows, gained = _term_scores(postings, alternatives[0])
            scores[rows] += gained
            groups[rows] += 1
            continue
        best = np.zeros(postings.documents, np.float32)
        for term in alternatives:
            rows, gained = _term_scores(postings, term)
            best[rows] = np.maximum(best[rows], gained)
        scores += best
        groups += best > 0
    share = groups.astype(np.float32) / np.float32(max(1, len(by_group)))
    return LexicalScores(scores * share, groups)


def _term_scores(postings: ScoredTerms, term: Term) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Rows that hold all words of a term, and what it adds to each of its groups."""
    rows, scores = postings.of(term.words[0])
    for word in term.words[1:]:
        others, more = postings.of(word)
        rows, first, second = np.intersect1d(rows, others, assume_unique=True, return_indices=True)
        scores = scores[first] + more[second]
    return rows, scores * np.float32(term.weight / len(term.groups))
