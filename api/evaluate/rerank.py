"""Reranking by title: how well words and vectors order each query's judged titles."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from api.evaluate.measures import Qrels, Values, measure_runs
from api.evaluate.pair_features import Scores, pair_examples
from api.evaluate.pairs import Pair, qrels_of
from data.product import Product, ProductText
from data.shop import SearchConfig
from data.text import analyser_for
from retrieval.index.postings import build_postings
from retrieval.index.terms import typed_terms
from retrieval.ranking.reranker import Reranker, mix
from retrieval.sources.bm25 import evaluate_terms
from understanding.encoders.check import LEAST_AUC, masked_word_auc
from understanding.encoders.cooccurrence import CooccurrenceEncoder


@dataclass(frozen=True, slots=True)
class Reranking:
    """Measures by query.

    Attributes:
        fused: Of the words with the vectors.
        bm25: Of the words alone.
        random: Of a random order.
        reranked: Of a model, `None` without one.
    """

    fused: Values
    bm25: Values
    random: Values
    reranked: Values | None = None


def evaluate_rerank(pairs: Sequence[Pair], locale: str = "en", model: Path | None = None) -> Reranking:
    """Order every query's own candidates by their titles and measure.

    Words are scored by BM25 with the statistics of all distinct titles, vectors by the encoder that a shop with these
    titles would fit (none where it would be switched off), both fused with the default weights of a shop's search.
    What counts is said by `qrels_of`. Candidates of equal score stay in the file's order. A model of `intentrie train
    reranker` sees nothing but the titles and what their words and vectors say.

    Raises:
        InputError: If no query is left.
        ReleaseDamaged, ReleaseTooNew: The model cannot be used.
    """
    reranker = None if model is None else Reranker.load(model)
    qrels = qrels_of(pairs)
    titles = list(dict.fromkeys(pair.title for pair in pairs))
    by_words = score_words(qrels, titles, locale)
    vectors = score_vectors(qrels, titles, locale)
    by_both = fuse(by_words, vectors, SearchConfig())
    reranked = None
    if reranker is not None:
        examples = pair_examples(qrels, titles, locale, vectors, by_both)
        mixed = mix(examples.fused, reranker.scores(examples.rows), reranker.mixture)
        by_model = {query: mixed[begin:end] for query, (begin, end) in zip(qrels, examples.spans, strict=True)}
        reranked = measure_runs(qrels, ranked(qrels, by_model))
    generator = np.random.default_rng(0)
    by_chance = {query: generator.random(len(held)) for query, held in qrels.items()}
    by_both_measured, by_words_measured, by_chance_measured = (
        measure_runs(qrels, ranked(qrels, scores)) for scores in (by_both, by_words, by_chance)
    )
    return Reranking(by_both_measured, by_words_measured, by_chance_measured, reranked)


def score_words(candidates: Qrels, titles: Sequence[str], locale: str) -> Scores:
    """BM25 of each candidate, in their order."""
    analyser = analyser_for(locale)
    row = {title: place for place, title in enumerate(titles)}
    postings = build_postings([analyser.terms(title) for title in titles])
    return {
        query: evaluate_terms(postings, typed_terms(query, analyser)).scores[[row[title] for title in held]]
        for query, held in candidates.items()
    }


def score_vectors(candidates: Qrels, titles: Sequence[str], locale: str) -> Scores:
    """Inner product of each candidate with its query; all 0 where the titles teach an encoder nothing."""
    products = [Product(str(place), str(place), {locale: ProductText(title)}) for place, title in enumerate(titles)]
    area = masked_word_auc(products, (locale,))
    encoder = CooccurrenceEncoder.fit(products, (locale,)) if area is not None and area >= LEAST_AUC else None
    if encoder is None:
        return {query: np.zeros(len(held)) for query, held in candidates.items()}
    row = {title: place for place, title in enumerate(titles)}
    vectors = encoder.encode_products(products)
    return {
        query: np.maximum(0.0, vectors[[row[title] for title in held]] @ encoder.encode_query(query, locale))
        for query, held in candidates.items()
    }


def fuse(words: Scores, vectors: Scores, weights: SearchConfig) -> Scores:
    """The convex combination of both, each over its best candidate's score."""
    share = weights.dense_weight / (weights.dense_weight + weights.bm25_weight)
    return {query: (1 - share) * _over_best(words[query]) + share * _over_best(vectors[query]) for query in words}


def ranked(candidates: Qrels, scores: Scores) -> dict[str, list[str]]:
    """Each query's candidates, best first."""
    runs = {}
    for query, held in candidates.items():
        titles = list(held)
        runs[query] = [titles[place] for place in np.argsort(-scores[query], kind="stable")]
    return runs


def _over_best(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    best = scores.max(initial=0.0)
    return scores / best if best > 0 else scores
