import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.product import Product, ProductText, Quantity
from data.text import analyser_for
from retrieval.index.postings import K1, B, build_postings, load_postings, save_postings
from retrieval.index.terms import typed_terms
from retrieval.planning.plan import Plan, Term
from retrieval.sources.bm25 import build_bm25, evaluate_terms, load_bm25

words = st.sampled_from(["red", "blue", "lamp", "desk", "cable", "16gb"])
documents = st.lists(st.lists(words, max_size=6), min_size=1, max_size=12)
terms = st.lists(
    st.builds(
        Term,
        st.lists(words, min_size=1, max_size=2, unique=True).map(tuple),
        st.sampled_from([1.0, 0.5]),
        st.sampled_from([(0,), (1,), (0, 1)]),
    ),
    max_size=5,
)


def product(product_id: str, title: str, **rest: str) -> Product:
    return Product(
        product_id, product_id, {"en": ProductText(title, rest.get("description", ""))}, rest.get("brand", "")
    )


def plan(text: str, locale: str = "en") -> Plan:
    return Plan(text, locale, typed_terms(text, analyser_for(locale)))


def brute_force(held: list[list[str]], asked: list[Term]) -> list[tuple[float, int]]:
    """The formula written out, document by document."""
    lengths = [len(document) for document in held]
    mean = sum(lengths) / len(held)
    results = []
    for document in held:
        counts = Counter(document)

        def score(word: str, counts: Counter[str] = counts, length: int = len(document)) -> float:
            df = sum(word in other for other in held)
            idf = math.log(1 + (len(held) - df + 0.5) / (df + 0.5))
            return idf * counts[word] / (counts[word] + K1 * (1 - B + B * length / mean))

        total, groups = 0.0, 0
        for group in (0, 1):
            gained = [
                term.weight * sum(score(word) for word in term.words) / len(term.groups)
                for term in asked
                if group in term.groups and all(word in counts for word in term.words)
            ]
            total += max(gained, default=0.0)
            groups += bool(gained)
        asked_groups = len({group for term in asked for group in term.groups})
        results.append((total * groups / max(1, asked_groups), groups))
    return results


@given(documents, terms)
@settings(deadline=None)
def test_same_as_the_formula(held: list[list[str]], asked: list[Term]) -> None:
    found = evaluate_terms(build_postings(held), asked)
    for row, (score, groups) in enumerate(brute_force(held, asked)):
        assert found.scores[row] == pytest.approx(score, abs=1e-5)
        assert found.groups[row] == groups


@given(held=documents)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_saved_postings_are_the_same(held: list[list[str]], tmp_path: Path) -> None:
    built = build_postings(held)
    save_postings(tmp_path / "index", built)
    loaded = load_postings(tmp_path / "index")
    assert (loaded.documents, loaded.mean_length) == (built.documents, built.mean_length)
    for word in ["red", "blue", "lamp", "unknown"]:
        for was, is_now in zip(built.of(word), loaded.of(word), strict=True):
            assert was.tolist() == is_now.tolist()


LAMPS = [
    product("1", "Acme desk lamp", description="warm light"),
    product("2", "Desk", description="for the lamp"),
    product("3", "Lamp shade", brand="Zenith"),
    product("4", "Cable 2 m"),
]


def test_ranks_and_matches(tmp_path: Path) -> None:
    retriever = build_bm25(tmp_path, LAMPS, ["en"])
    assert retriever.retrieve(plan("desk lamp"), 10).rows.tolist()[-1] == 2
    assert retriever.evaluate(plan("desk lamp")).groups.tolist() == [2, 2, 1, 0]
    assert retriever.retrieve(plan(""), 10).rows.tolist() == []
    assert retriever.retrieve(plan("desk lamp"), 10, np.array([1, 3], np.int32)).rows.tolist() == [1]


def test_brand_is_found_where_the_title_does_not_say_it(tmp_path: Path) -> None:
    retriever = build_bm25(tmp_path, LAMPS, ["en"])
    assert retriever.retrieve(plan("zenith"), 10).rows.tolist() == [2]


def test_attributes_are_searched_where_the_shop_says_so(tmp_path: Path) -> None:
    lamp = Product(
        "1",
        "1",
        {"en": ProductText("lamp")},
        attributes={"style": ("art deco", "retro"), "weight": Quantity(2.5, "kg")},
    )
    without = build_bm25(tmp_path / "without", [lamp], ["en"])
    assert without.retrieve(plan("retro"), 10).rows.tolist() == []
    searched = build_bm25(tmp_path / "with", [lamp], ["en"], ["style", "weight", "absent"])
    for text in ("retro", "deco lamp", "2.5kg"):
        assert searched.retrieve(plan(text), 10).rows.tolist() == [0]
    assert {"retro", "deco", "2.5kg"} <= set(searched.score_terms(lamp, "en"))


def test_a_quorum_is_what_enough_products_can_meet(tmp_path: Path) -> None:
    retriever = build_bm25(tmp_path, LAMPS, ["en"])
    asked = plan("desk lamp acme").terms
    assert [retriever.quorum(asked, "en", enough) for enough in (1, 2, 3, 9)] == [3, 2, 1, 1]
    assert retriever.quorum((), "en", 1) == 0
    assert retriever.quorum(plan("unheard of").terms, "en", 1) == 1


def test_live_documents_score_as_if_indexed(tmp_path: Path) -> None:
    retriever = build_bm25(tmp_path, LAMPS, ["en"])
    for row, lamp in enumerate(LAMPS):
        for term, score in retriever.score_terms(lamp, "en").items():
            indexed = retriever.evaluate(Plan(term, "en", (Term((term,), 1.0, (0,)),)))
            assert score == pytest.approx(indexed.scores[row], abs=1e-5)


def test_field_scores_say_where_it_matched(tmp_path: Path) -> None:
    found = build_bm25(tmp_path, LAMPS, ["en"]).field_scores(plan("lamp zenith"), np.array([1, 2], np.int32))
    assert [found["title"][0] > 0, found["description"][0] > 0, found["brand"][0] > 0] == [False, True, False]
    assert [found["title"][1] > 0, found["description"][1] > 0, found["brand"][1] > 0] == [True, False, True]


def test_each_locale_has_its_own_index(tmp_path: Path) -> None:
    both = Product("1", "1", {"en": ProductText("desk lamp"), "de": ProductText("Schreibtischlampen")})
    english_only = Product("2", "2", {"en": ProductText("red lamps")})
    retriever = build_bm25(tmp_path, [both, english_only], ["en", "de"])
    assert retriever.retrieve(plan("schreibtischlampe", "de"), 10).rows.tolist() == [0]
    assert retriever.retrieve(plan("schreibtischlampe", "en"), 10).rows.tolist() == []
    # Without a German text the English one is found by German queries.
    assert retriever.retrieve(plan("red", "de-AT"), 10).rows.tolist() == [1]
    assert retriever.locale("de-AT") == "de"
    assert retriever.locale("fr") == "en"


def test_loaded_answers_as_built(tmp_path: Path) -> None:
    built = build_bm25(tmp_path, LAMPS, ["en"]).retrieve(plan("desk lamp"), 10)
    loaded = load_bm25(tmp_path, ["en"]).retrieve(plan("desk lamp"), 10)
    assert loaded.rows.tolist() == built.rows.tolist()
    assert loaded.scores.tolist() == built.scores.tolist()


@pytest.mark.parametrize("titles", [[], ["", "🎧"]])
def test_nothing_to_index(tmp_path: Path, titles: list[str]) -> None:
    products = [product(str(i), title) for i, title in enumerate(titles)]
    retriever = build_bm25(tmp_path, products, ["en"])
    assert retriever.retrieve(plan("lamp"), 10).rows.tolist() == []
    assert retriever.quorum(plan("lamp").terms, "en", 1) == 1
