"""Products like one product: by meaning where there are vectors, by words and shared concepts everywhere."""

import numpy as np
from numpy.typing import NDArray

from data.product import Product
from graph.snapshot import Snapshot
from retrieval.bm25 import Bm25Retriever
from retrieval.candidate import Run
from retrieval.fusion import fuse_convex
from retrieval.plan import Plan
from retrieval.ranking import best_rows
from retrieval.terms import typed_terms

# Words tell a 2 m cable from a 3 m one, concepts a cable from a plug; vectors add what is called otherwise.
WORDS_WEIGHT = 0.4
CONCEPTS_WEIGHT = 0.4
VECTORS_WEIGHT = 0.2
# Candidates of each kind; a page of similar products is a dozen.
_CANDIDATES = 200


def similar_rows(
    product: Product,
    row: int | None,
    locale: str,
    lexical: Bm25Retriever,
    snapshot: Snapshot,
    vectors: NDArray[np.float32] | None,
    group_of: NDArray[np.int32],
    group: int,
) -> Run:
    """Rows like a product, best first, without its own group and with one row a group.

    Args:
        product: What to look for; its title is the query of the words.
        row: Its row, `None` for a live product that the release does not hold: words alone speak for it.
        locale: Whose titles are compared.
        lexical: The words' index.
        snapshot: The concepts of each row.
        vectors: Unit vectors, shape (rows, d), or `None`.
        group_of: Shape (rows,), what each row collapses to.
        group: The product's own; -1 when the release does not know it.

    Returns:
        A run of distinct groups, scores in [0, 1].
    """
    terms = typed_terms(product.text(locale).title, lexical.analyser(locale))
    runs = [lexical.retrieve(Plan(product.product_id, locale, terms), _CANDIDATES)]
    weights = [WORDS_WEIGHT]
    if row is not None:
        runs.append(Run("concept", *best_rows(shared_concepts(row, snapshot, len(group_of)), _CANDIDATES)))
        weights.append(CONCEPTS_WEIGHT)
        if vectors is not None:
            runs.append(Run("dense", *best_rows(np.asarray(vectors @ vectors[row], np.float32), _CANDIDATES)))
            weights.append(VECTORS_WEIGHT)
    fused = fuse_convex(runs, [weight / sum(weights) for weight in weights], floor=0.0)
    groups = group_of[fused.rows]
    first = np.zeros(len(groups), bool)
    first[np.unique(groups, return_index=True)[1]] = True
    kept = first & (groups != group)
    return Run("similar", fused.rows[kept], fused.scores[kept])


def shared_concepts(row: int, snapshot: Snapshot, rows: int) -> NDArray[np.float32]:
    """For every row the summed rarity, ln(rows / products), of the concepts it shares with `row`."""
    scores = np.zeros(rows, np.float32)
    for concept in snapshot.concepts_of(row).tolist():
        held = snapshot.products(concept)
        if len(held):
            scores[held] += np.float32(np.log(rows / len(held)))
    return scores
