"""Products like one product: by its words and its concepts, and by meaning where there are vectors."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.snapshot import Snapshot
from retrieval.index.terms import typed_terms
from retrieval.index.world import Rows, World
from retrieval.planning.plan import Plan
from retrieval.ranking.best_rows import best_rows
from retrieval.ranking.fusion import fuse_convex
from retrieval.sources.bm25 import Bm25Retriever
from retrieval.sources.candidate import Run
from retrieval.sources.scoring import lexical_scores

# Words tell a 2 m cable from a 3 m one, concepts a cable from a plug; vectors add what is called otherwise.
WEIGHTS = {"words": 0.4, "concepts": 0.4, "vectors": 0.2}
# Candidates of each kind; a page of similar products is a dozen.
_CANDIDATES = 200


def similar_rows(
    row: int,
    locale: str,
    world: World,
    lexical: Bm25Retriever,
    snapshot: Snapshot,
    vectors: NDArray[np.float32] | None,
) -> Run:
    """Rows like a product, best first, without its own group and with one row a group.

    Args:
        row: Of the product; its title is the query of the words.
        locale: Whose titles are compared.
        world: Where the rows are.
        lexical: The words' index.
        snapshot: The release's graph.
        vectors: Unit vectors of the release's rows, shape (rows, d), or `None`.

    Returns:
        A run of distinct groups, scores in [0, 1].
    """
    product = world.product(row)
    title = product.text(locale, lexical.locales).title
    terms = typed_terms(title, lexical.analyser(locale))
    sources = {
        "words": lexical_scores(Plan(title, locale, terms), world, lexical).scores,
        "concepts": shared_concepts(row, snapshot, world),
    }
    if vectors is not None:
        near = _nearness(row, vectors, world)
        if near is not None:
            sources["vectors"] = near
    group = int(world.group(np.array([row], np.int32))[0])
    return rank_similar(sources, world.everything, world.group(world.everything), group)


def rank_similar(sources: Mapping[str, NDArray[np.float32]], rows: Rows, groups: Rows, group: int) -> Run:
    """Fuse what the sources say.

    Args:
        sources: By name as in `WEIGHTS`, scores of every row there ever was.
        rows: Sorted rows to choose from.
        groups: Theirs, shape (len(rows),).
        group: Left out.
    """
    others = rows[groups != group]
    weights = [WEIGHTS[source] for source in sources]
    runs = [Run(source, *best_rows(scores, _CANDIDATES, others)) for source, scores in sources.items()]
    fused = fuse_convex(runs, [weight / sum(weights) for weight in weights], floor=0.0)
    _, first = np.unique(groups[np.searchsorted(rows, fused.rows)], return_index=True)
    kept = np.sort(first)
    return Run("similar", fused.rows[kept], fused.scores[kept])


def shared_concepts(row: int, snapshot: Snapshot, world: World) -> NDArray[np.float32]:
    """For every row the summed rarity, ln(rows / products), of the concepts it shares with `row`."""
    scores = np.zeros(world.size, np.float32)
    is_live = row >= world.first_live
    concepts = world.live[row - world.first_live].concepts if is_live else snapshot.concepts_of(row)
    for concept in concepts.tolist():
        released, live = snapshot.products(concept), world.under(concept)
        rarity = np.float32(np.log(world.size / max(1, len(released) + len(live))))
        scores[released] += rarity
        scores[live] += rarity
    return scores


def _nearness(row: int, vectors: NDArray[np.float32], world: World) -> NDArray[np.float32] | None:
    """Inner products of every row with one; `None` for a live product without a vector."""
    vector = vectors[row] if row < world.first_live else world.live[row - world.first_live].vector
    if vector is None:
        return None
    near = np.asarray(vectors @ vector, np.float32)
    return near if world.live_vectors is None else np.concatenate((near, world.live_vectors @ vector))
