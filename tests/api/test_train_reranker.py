"""Rerankers and weights learned from pairs, judgments and logs."""

import random
from pathlib import Path

import numpy as np
import pytest

from api.assembly import open_shop
from api.evaluate.pair_features import join_examples
from api.evaluate.pairs import Pair
from api.evaluate.rerank import evaluate_rerank
from api.evaluate.trial import search_with
from api.train.fusion import SourceScores, choose, simplex
from api.train.reranker import label_gains, labels_of, ndcg_of, train_on_examples, train_on_pairs
from api.train.shop_examples import Rated, ShopExamples, candidates, grades, rate
from data.errors import InputError
from data.features.query_counters import QueryCounters
from retrieval.answer.request import SearchRequest
from retrieval.ranking.features import FEATURES, RELATIVE_FEATURES
from retrieval.ranking.reranker import Reranker
from retrieval.sources.matching import Matched
from tests.retrieval.models import random_model
from understanding.query import Query

THINGS = ("lamp", "desk", "kettle", "mouse", "drill", "sofa", "tent", "rope")
KINDS = ("red", "small", "steel", "oak", "travel")


def made_up_pairs(seed: int, words: tuple[str, ...] = THINGS) -> list[Pair]:
    """What is for a thing, or only mentions it, is worth less than the thing itself, whatever BM25 says."""
    chance = random.Random(seed)
    pairs = []
    for thing in words:
        for kind in KINDS:
            others = chance.sample([each for each in words if each != thing], 3)
            query = f"{kind} {thing}"
            pairs += [
                Pair(query, f"{others[0].title()} maker {chance.choice(KINDS)} {kind} {thing}", 3),
                Pair(query, f"{kind.title()} cover for {thing} {thing}", 1),
                Pair(query, f"{others[1].title()} with {kind} {thing} {kind}", 1),
                Pair(query, f"{kind.title()} {others[2]}", 1),
            ]
    return pairs


def test_what_was_learned_from_some_words_holds_for_others(tmp_path: Path) -> None:
    result = train_on_pairs(made_up_pairs(1), tmp_path / "model")
    assert result["queries"] == 40
    others = ("chair", "saw", "bottle", "jacket", "shoe", "lens")
    found = evaluate_rerank(made_up_pairs(2, others), model=tmp_path / "model")
    assert found.reranked is not None

    def mean(values: dict[str, dict[str, float]]) -> float:
        return float(np.mean([held["ndcg@10"] for held in values.values()]))

    assert mean(found.reranked) > mean(found.bm25) + 0.05
    assert mean(found.reranked) > 0.95


def test_training_twice_gives_the_same_model(tmp_path: Path) -> None:
    for name in ("one", "other"):
        train_on_pairs(made_up_pairs(1), tmp_path / name)
    assert (tmp_path / "one/trees.txt").read_bytes() == (tmp_path / "other/trees.txt").read_bytes()
    assert (tmp_path / "one/reranker.json").read_bytes() == (tmp_path / "other/reranker.json").read_bytes()


def test_pairs_count_little_in_a_search(tmp_path: Path) -> None:
    train_on_pairs(made_up_pairs(1), tmp_path)
    model = Reranker.load(tmp_path)
    assert model.in_search <= 0.1 <= model.mixture


def test_too_few_queries_are_refused(tmp_path: Path) -> None:
    examples = join_examples(["q"], [np.zeros((3, len(FEATURES)), np.float32)], [np.ones(3)], [np.zeros(3)])
    with pytest.raises(InputError, match="at least 20 queries"):
        train_on_examples(examples, tmp_path, 0, {})


def test_ndcg_worked_by_hand() -> None:
    ratings = np.array([0.0, 1.0, 2.0])
    # Order 2, 0, 1: gains 3, 0, 1 against 3, 1, 0.
    expected = (3 + 1 / 2) / (3 + 1 / np.log2(3))
    assert ndcg_of(ratings, np.array([0.5, 0.1, 0.9])) == pytest.approx(expected)
    assert ndcg_of(np.zeros(3), np.ones(3)) == 0.0


def test_labels_are_tenths() -> None:
    labels = labels_of(np.array([0.0, 1.67, 3.0, 9.0]))
    assert labels.tolist() == [0, 17, 30, 40]
    assert np.array(label_gains())[labels].tolist() == pytest.approx([0, 2**1.7 - 1, 7, 15])


def test_what_people_did_is_graded() -> None:
    assert grades(np.array([0.2, 0.4, 0.9]), np.array([1.0, 2.0, 0.0])).tolist() == pytest.approx([1.5, 3.0, 0.0])
    counters = QueryCounters(
        queries=(("en", "lamp"), ("en", "sofa")),
        product_ids=("a", "b", "gone"),
        query=np.array([0, 0, 0, 0, 1]),
        product=np.array([0, 0, 1, 2, 0]),
        days=np.array([5, 6, 5, 5, 5]),
        examined=np.array([1.0, 0.0, 1.0, 1.0, 1.0]),
        clicks=np.array([0.0, 1.0, 0.0, 1.0, 0.0]),
        more=np.zeros(5),
    )
    # On day 5 nobody acted on what is still there; on both days somebody did, on row 7.
    assert rate(counters.between(5, 6), counters, {"a": 7, "b": 9}) == []
    (rated,) = rate(counters.between(5, 7), counters, {"a": 7, "b": 9})
    assert (rated.query, rated.locale, dict(rated.ratings)) == ("lamp", "en", {7: 3.0, 9: 0.0})


def test_candidates_are_the_rated_ones_and_the_last_of_the_unseen() -> None:
    rows = np.arange(300, dtype=np.int32)
    scores = np.linspace(1, 0, 300, dtype=np.float32)
    found = candidates(Matched(rows, {}, scores), {3: 1.0, 50: 0.0, 250: 3.0})
    # 250 is beyond the first 200, of which the last ten are unrated.
    assert found.tolist() == [3, 50, *range(190, 200)]


def test_weights_find_the_source_that_knows() -> None:
    chance = np.random.default_rng(0)
    queries = []
    for _ in range(30):
        ratings = chance.integers(0, 3, 12).astype(float)
        noise = chance.random((12, 2))
        queries.append(SourceScores(np.stack([noise[:, 0], ratings / 2, noise[:, 1]], axis=1), 1.0, ratings))
    result = choose(queries, (0.6, 0.2, 0.2))
    weights = result["weights"]
    assert weights["concept"] > 0.5
    assert sum(weights.values()) == pytest.approx(1)
    assert result["ndcg@10"] > result["before_ndcg@10"] + 0.05
    # Where nothing is to be gained, what stands is kept.
    alike = [SourceScores(np.repeat(q.ratings[:, None], 3, axis=1), 1.0, q.ratings) for q in queries]
    assert choose(alike, (0.6, 0.2, 0.2))["weights"] == {"bm25": 0.6, "concept": 0.2, "dense": 0.2}


def test_silent_sources_leave_their_share() -> None:
    scores = np.array([[1.0, 1.0, 0.0], [0.5, 0.0, 0.0]])
    fused = SourceScores(scores, 0.5, np.zeros(2)).fused((0.6, 0.2, 0.2))
    assert fused.tolist() == pytest.approx([1.0, 0.3 / 0.7])


def test_all_weights_are_tried() -> None:
    tried = simplex(0.1)
    assert len(tried) == 55
    assert all(sum(each) == pytest.approx(1) and each[0] > 0 for each in tried)


def test_training_sees_what_serving_sees(releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows that an engine gives its trees are those that training made of the same query."""
    held = open_shop(str(releases), "plain")
    table = held.engine.sources.table
    every = {row: float(row % 3) for row in range(len(table))}
    trained = ShopExamples(held).examples([Rated("jacket", held.locale, every)], None)
    served = []
    scores = Reranker.scores

    def look(model: Reranker, rows: np.ndarray) -> np.ndarray:
        served.append(rows)
        return scores(model, rows)

    monkeypatch.setattr(Reranker, "scores", look)
    trial = search_with(held, reranker=random_model())
    found = trial.engine.search(SearchRequest(query="jacket", size=50), trial.understander.understand(Query("jacket")))
    assert not found.degraded
    (rows,) = served
    # A search shows one variant of a group, so what is held against the best candidate may differ.
    own = [place for place, name in enumerate(FEATURES) if name not in RELATIVE_FEATURES]
    known = {row.tobytes() for row in trained.rows[:, own]}
    assert len(rows) > 3
    assert all(row.tobytes() in known for row in rows[:, own])
    if len(rows) == len(trained.rows):
        assert np.array_equal(rows, trained.rows, equal_nan=True)
