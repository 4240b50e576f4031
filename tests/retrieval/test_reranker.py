"""Learned order in the engine: what it may do, and what happens when it cannot."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from data.change import Change
from data.errors import IntentrieError, ReleaseDamaged, ReleaseTooNew
from data.product import Product, ProductText
from data.shop import SearchConfig, ShopConfig
from retrieval.ranking import reranking
from retrieval.ranking.features import FEATURES, MONOTONE
from retrieval.ranking.learned import load_learned, read_weights, weighed
from retrieval.ranking.reranker import Reranker, mix, squash
from retrieval.ranking.reranking import SOURCE
from tests.retrieval import oracle
from tests.retrieval.models import random_model
from tests.retrieval.shops import Shop, build_shop, catalogues
from tests.retrieval.test_oracle import Truth, queries, random_shops

MODEL = random_model()
MIXED = random_model(1, 0.4)


def lamps() -> list[Product]:
    return [
        Product(
            f"p{n:02}", f"p{n:02}", {"en": ProductText("Red lamp " + "desk " * (n % 5))}, price_minor=100 * n or None
        )
        for n in range(30)
    ]


def test_mixture_worked_by_hand() -> None:
    assert squash(np.array([0.0, -1e9, 1e9])).tolist() == pytest.approx([0.5, 0.0, 1.0], abs=1e-9)
    assert mix(np.array([1.0, 0.5]), np.array([0.2, 0.6]), 0.25).tolist() == pytest.approx([0.8, 0.525])


@settings(random_shops, max_examples=12)
@given(catalogues(least=4, most=14), queries)
def test_the_first_by_fusion_are_ordered_by_the_mixture_the_rest_follows(catalogue: list[Product], query: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reranking, "MOST_CANDIDATES", 4)
        shop = build_shop(catalogue, reranker=MIXED)
        truth = Truth(shop, query)
        result = shop.search(query, explain=True)
        assert not result.degraded
        assert result.total == oracle.groups(truth.unfiltered())
        if truth.plan.browse:
            return
        fused = truth.scores()
        best: dict[str, str] = {}
        for product in sorted(
            truth.unfiltered(), key=lambda each: (-round(fused[each.product_id], 5), each.product_id)
        ):
            best.setdefault(product.group_id, product.product_id)
        if len({round(fused[each], 5) for each in best.values()}) < len(best):
            return  # rounding decides who is the fourth
        first, rest = list(best.values())[:4], list(best.values())[4:]
        said = {hit.product_id: hit.reasons[SOURCE] for hit in result.hits}
        final = {each: 0.5 + 0.5 * (0.6 * fused[each] + 0.4 * said[each]) for each in first}
        final |= {each: 0.5 * fused[each] for each in rest}
        assert {hit.product_id: hit.score for hit in result.hits} == pytest.approx(final, abs=1e-5)
        assert all(said[each] == 0 for each in rest)
        order = [hit.product_id for hit in result.hits]
        assert set(order[: len(first)]) == set(first)
        assert order[len(first) :] == rest


@settings(random_shops, max_examples=10)
@given(catalogues(least=3), queries)
def test_pages_are_the_whole_order(catalogue: list[Product], query: str) -> None:
    shop = build_shop(catalogue, reranker=MODEL)
    whole = shop.search(query)
    pages = shop.pages(query, 2)
    assert [hit for page in pages for hit in page.hits] == list(whole.hits)


def test_sorts_and_browsing_do_without() -> None:
    plain, learned = build_shop(lamps()), build_shop(lamps(), reranker=MODEL)
    for query, sort in (("lamp", "price_asc"), ("", None)):
        assert learned.ids(query, sort=sort) == plain.ids(query, sort=sort)
    assert learned.ids("lamp") != plain.ids("lamp")
    assert build_shop(lamps(), reranker=MODEL, rerank=False).ids("lamp") == plain.ids("lamp")


def test_a_reranker_that_fails_is_skipped_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    shop, plain = build_shop(lamps(), reranker=MODEL), build_shop(lamps())

    def fail(*_: object) -> None:
        raise RuntimeError("no trees today")

    monkeypatch.setattr(Reranker, "scores", fail)
    first = shop.search("lamp", size=5)
    assert first.degraded == (SOURCE,)
    monkeypatch.undo()
    # The pages after it leave it out, too: otherwise the order would be another.
    second = shop.search("lamp", size=5, cursor=first.cursor)
    assert second.degraded == (SOURCE,)
    found = [hit.product_id for page in (first, second) for hit in page.hits]
    assert found == plain.ids("lamp")[:10]


def test_live_products_are_ranked_as_those_of_the_release() -> None:
    shop = build_shop(lamps(), reranker=MODEL)
    before = {hit.product_id: hit.score for hit in shop.search("desk lamp").hits}
    same = lamps()[7]
    change = Change(1, 0, same.product_id, "upsert", same, None, 0)
    shop.engine.apply([change])
    result = shop.search("desk lamp")
    assert not result.degraded
    after = {hit.product_id: hit.score for hit in result.hits}
    assert set(after) == set(before)
    # Fields of a live product are not indexed apart: its row may differ in those, and in nothing else.
    assert sum(after[each] != pytest.approx(before[each], abs=1e-5) for each in after) <= 1


def test_more_of_what_is_wanted_never_makes_a_product_worse() -> None:
    model = Reranker.load(MODEL)
    chance = np.random.default_rng(7)
    rows = chance.random((50, len(FEATURES))).astype(np.float32)
    for place, direction in enumerate(MONOTONE):
        if direction:
            raised = rows.copy()
            raised[:, place] += direction * 0.5
            assert (model.scores(raised) >= model.scores(rows)).all(), FEATURES[place]


@pytest.mark.parametrize(
    ("damage", "error", "message"),
    [
        (lambda manifest: manifest.update(format=99), ReleaseTooNew, "format 1 or older, got 99"),
        (lambda manifest: manifest["features"].append("horoscope"), ReleaseDamaged, "horoscope"),
        (lambda manifest: manifest.pop("sha256"), ReleaseDamaged, "sha256"),
        (lambda manifest: manifest.update(in_search=7), ReleaseDamaged, "mixtures in \\[0, 1\\]"),
    ],
)
def test_damaged_models_are_refused_by_name(damage: object, error: type[IntentrieError], message: str) -> None:
    folder = random_model()
    path = folder / "reranker.json"
    manifest = json.loads(path.read_text())
    damage(manifest)  # type: ignore[operator]
    path.write_text(json.dumps(manifest))
    with pytest.raises(error, match=message):
        Reranker.load(folder)


def test_a_release_with_a_model_of_other_features_searches_without_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = random_model()
    manifest = folder / "reranker.json"
    described = json.loads(manifest.read_text())
    described["features"].append("horoscope")
    manifest.write_text(json.dumps(described))
    folder.rename(tmp_path / "reranker")
    shop = build_shop(lamps())
    assert load_learned(tmp_path, shop.engine.sources, shop.config) is None
    assert "horoscope" in caplog.text


def test_trees_that_were_cut_short_are_refused_by_the_build() -> None:
    folder = random_model()
    trees = folder / "trees.txt"
    trees.write_bytes(trees.read_bytes()[:-100])
    with pytest.raises(ReleaseDamaged, match=r"trees\.txt"):
        build_shop(lamps(), reranker=folder)


def test_learned_weights(tmp_path: Path) -> None:
    path = tmp_path / "fusion.json"
    path.write_text(json.dumps({"weights": {"bm25": 0.5, "concept": 0.3, "dense": 0.2}}))
    config = weighed(ShopConfig(name="x", search=SearchConfig(dense_weight=0.0)), read_weights(path))
    # What the shop has switched off stays off.
    assert (config.search.bm25_weight, config.search.concept_weight, config.search.dense_weight) == (0.5, 0.3, 0.0)
    for text in ("{", "{}", '{"weights": {"bm25": 0, "concept": 1, "dense": 0}}', '{"weights": {"bm25": 2}}'):
        path.write_text(text)
        with pytest.raises(ReleaseDamaged, match=r"fusion\.json"):
            read_weights(path)


def test_a_release_takes_weights_over(tmp_path: Path) -> None:
    path = tmp_path / "fusion.json"
    path.write_text(json.dumps({"weights": {"bm25": 0.1, "concept": 0.9, "dense": 0.0}}))
    catalogue = [*lamps(), *(Product(f"z{n}", f"z{n}", {"en": ProductText("Desk")}, brand="Zenith") for n in range(5))]

    def weights(shop: Shop) -> dict[str, float]:
        explain = shop.search("zenith desk", explain=True).explain
        assert explain is not None
        return explain["weights"]

    assert weights(build_shop(catalogue, fusion=path))["concept"] > 2 * weights(build_shop(catalogue))["concept"] > 0
