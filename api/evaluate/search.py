"""Search quality of a release on judged queries, whole or with stages switched off."""

from collections.abc import Iterable, Sequence

from api.assembly import ShopRelease, now_ms
from api.evaluate.measures import Values, measure_runs, usable
from data.errors import ConfigError, InputError, ReleaseError
from data.judgment import Judgment
from data.shop import ShopConfig
from retrieval.answer.request import SearchRequest
from understanding.query import Query

# recall@100 needs so many.
DEPTH = 100

# Stage -> the settings of `[search]` that switch it off. A stage is a setting of every shop, not of this evaluation:
# what is measured without it is what a shop without it serves.
STAGES: dict[str, dict[str, float | bool]] = {
    "spelling": {"spelling": False},
    "expansion": {"expansions": False},
    "concept": {"concept_weight": 0.0},
    "dense": {"dense_weight": 0.0},
    "reranker": {"rerank": False},
}


def without(config: ShopConfig, stages: Sequence[str]) -> ShopConfig:
    """The configuration with some stages switched off.

    Raises:
        ConfigError: If there is no such stage.
    """
    settings: dict[str, float | bool] = {}
    for stage in stages:
        if stage not in STAGES:
            raise ConfigError(f"no stage is called {stage!r}; there are {', '.join(STAGES)}")
        settings |= STAGES[stage]
    return config.model_copy(update={"search": config.search.model_copy(update=settings)})


def evaluate_search(held: ShopRelease, judgments: Iterable[Judgment], locale: str | None = None) -> Values:
    """Search every judged query as a shopper would and measure where the judged products stand.

    Results are groups of variants; a judged variant counts as its group, the best rating of a group counts.

    Returns:
        By query, by measure; queries without a rating above 0 are left out.

    Raises:
        InputError: If no query is left.
    """
    qrels: dict[str, dict[str, float]] = {}
    for judgment in judgments:
        product = held.engine.product(judgment.product_id)
        group = judgment.product_id if product is None else product.group_id
        ratings = qrels.setdefault(judgment.query, {})
        ratings[group] = max(judgment.rating, ratings.get(group, 0.0))
    judged = usable(qrels)
    if not judged:
        raise InputError("expected a query with a rating above 0; there is none in the judgments")
    return measure_runs(judged, {query: search_groups(held, query, locale or held.locale) for query in judged})


def search_groups(held: ShopRelease, query: str, locale: str) -> list[str]:
    """The first `DEPTH` groups that a search finds, best first.

    Raises:
        ReleaseError: If a stage failed: what is left would be measured as if it were the shop's search.
    """
    understanding = held.understander.understand(Query(query, locale))
    request = SearchRequest(query=query, size=DEPTH, locale=locale, facets=(), now_ms=now_ms())
    result = held.engine.search(request, understanding)
    if result.degraded:
        raise ReleaseError(f"searching {query!r} failed in {', '.join(result.degraded)}; mend that before measuring")
    return [hit.group_id for hit in result.hits]
