from pathlib import Path

import pytest

from api.assembly import open_shop
from api.evaluate.search import evaluate_search, without
from data.errors import ConfigError, InputError
from data.judgment import Judgment
from data.shop import ShopConfig
from retrieval.answer.request import SearchRequest
from understanding.query import Query


def test_stages_are_switched_off_by_the_shops_own_settings() -> None:
    config = ShopConfig(name="x")
    bare = without(config, ["spelling", "expansion", "concept", "dense"])
    assert (bare.search.spelling, bare.search.expansions) == (False, False)
    assert (bare.search.concept_weight, bare.search.dense_weight) == (0.0, 0.0)
    assert without(config, []) == config
    # The names are those of real settings: a round trip through validation keeps them.
    assert ShopConfig.model_validate(bare.model_dump()) == bare


def test_unknown_stage_is_named_with_those_there_are() -> None:
    with pytest.raises(ConfigError, match="'magic'; there are spelling, expansion, concept, dense"):
        without(ShopConfig(name="x"), ["magic"])


def test_a_judged_variant_counts_as_its_group(releases: Path) -> None:
    held = open_shop(str(releases), "plain")
    meant = held.understander.understand(Query("jacket", held.locale))
    first = held.engine.search(SearchRequest(query="jacket", size=1, facets=()), meant).hits[0].product_id
    values = evaluate_search(held, [Judgment("jacket", first, 3.0), Judgment("rug", first, 0.0)])
    assert list(values) == ["jacket"]
    assert values["jacket"] == {"ndcg@10": 1.0, "judged_ndcg@10": 1.0, "recall@100": 1.0, "mrr@10": 1.0}


def test_judgments_of_products_that_are_gone_count_as_missed(releases: Path) -> None:
    held = open_shop(str(releases), "plain")
    values = evaluate_search(held, [Judgment("jacket", "no such product", 3.0)])
    assert set(values["jacket"].values()) == {0.0}


def test_nothing_judged_above_zero(releases: Path) -> None:
    held = open_shop(str(releases), "plain")
    with pytest.raises(InputError, match="there is none"):
        evaluate_search(held, [Judgment("jacket", "1", 0.0)])
