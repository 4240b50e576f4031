from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from data.product import Product, ProductText
from data.shop import SearchConfig, ShopConfig
from graph.concept import Scheme
from retrieval.planning.heads import head_type
from retrieval.planning.plan import Evidence, Plan, Term
from retrieval.planning.planner import BRAND_WEIGHT, TYPE_WEIGHT, VALUE_WEIGHT, plan_search
from retrieval.sources.bm25 import Bm25Retriever, build_bm25
from retrieval.sources.concept import UNKNOWN_TYPE, ConceptRetriever
from retrieval.sources.dense import DenseRetriever
from understanding.mention import Mention
from understanding.query import Query
from understanding.understanding import Constraint, Correction, Expansion, Intent, Understanding

TITLES = [
    "Acme desk lamp red",
    "Acme floor lamp",
    "Zenith desk lamp blue",
    "Zenith lamp shade",
    "Zenith Aurora",
    *[f"Cable grey {i}" for i in range(20)],
]
# What the graph knows: ordinal -> scheme, key, rows.
LAMP, SHADE, ZENITH, RED, EMPTY = 0, 1, 2, 3, 4
CONCEPTS: Mapping[int, tuple[Scheme, str, list[int]]] = {
    LAMP: (Scheme.PRODUCT_TYPE, "lamp", [0, 1, 2, 4]),
    SHADE: (Scheme.PRODUCT_TYPE, "lamp shade", [3]),
    ZENITH: (Scheme.BRAND, "zenith", [2, 3, 4]),
    RED: (Scheme.VALUE, "colour=red", [0]),
    EMPTY: (Scheme.BRAND, "gone", []),
}


class Graph:
    """The part of a snapshot that planning reads."""

    def products(self, ordinal: int) -> NDArray[np.int32]:
        return np.array(CONCEPTS[ordinal][2], np.int32)

    def key(self, ordinal: int) -> str:
        return CONCEPTS[ordinal][1]

    def by_scheme(self, scheme: Scheme) -> NDArray[np.int32]:
        return np.array([ordinal for ordinal, held in CONCEPTS.items() if held[0] is scheme], np.int32)


class OneHotEncoder:
    """Knows the word "lamp"."""

    def encode_query(self, text: str, locale: str | None = None) -> NDArray[np.float32]:
        return np.array([float("lamp" in text), 0.0], np.float32)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> Bm25Retriever:
    products = [Product(str(i), str(i), {"en": ProductText(title)}) for i, title in enumerate(TITLES)]
    return build_bm25(tmp_path_factory.mktemp("bm25"), products, ["en"])


def mention(text: str, query: str, concept: int, confidence: float = 1.0) -> Mention:
    start = query.index(text)
    scheme, key, _ = CONCEPTS[concept]
    return Mention(start, start + len(text), text, f"c{concept}", concept, scheme.value, key, confidence)


def understood(query: str, *mentions: Mention, **rest: object) -> Understanding:
    return Understanding(Query(query), query, mentions=mentions, **{"retrieval_text": query, **rest})  # type: ignore[arg-type]


def plan(lexical: Bm25Retriever, understanding: Understanding, dense: bool = False, **search: float | bool) -> Plan:
    config = ShopConfig(name="x", search=SearchConfig(**search))  # type: ignore[arg-type]
    source = DenseRetriever(np.zeros((len(TITLES), 2), np.float32), None, 0.5) if dense else None  # type: ignore[arg-type]
    encoder = OneHotEncoder() if dense else None
    return plan_search(understanding, Graph(), encoder, config, lexical, source)  # type: ignore[arg-type]


def test_words_become_terms_and_all_must_match_when_enough_do(lexical: Bm25Retriever) -> None:
    made = plan(lexical, understood("cable grey"))
    assert made.terms == (Term(("cable",), 1.0, (0,)), Term(("grey",), 1.0, (1,)))
    assert made.min_should_match == 2
    # Three desk lamps at most: fewer than a page.
    assert plan(lexical, understood("desk lamp")).min_should_match == 1


def test_empty_text_browses(lexical: Bm25Retriever) -> None:
    empty = plan(lexical, understood("  "))
    assert (empty.browse, empty.terms, dict(empty.weights)) == (True, (), {})
    unreadable = plan(lexical, understood("🎧"))
    assert (unreadable.browse, unreadable.terms) == (False, ())


def test_products_of_all_linked_concepts_match(lexical: Bm25Retriever) -> None:
    query = "zenith lamp"
    made = plan(lexical, understood(query, mention("zenith", query, ZENITH), mention("lamp", query, LAMP)))
    assert made.concept_rows.tolist() == [2, 4]


def test_concepts_alone_do_not_match_when_they_leave_words_out(lexical: Bm25Retriever) -> None:
    # Enough products hold both words; the concept of one of them is not enough.
    query = "cable grey"
    understanding = understood(query, mention("grey", query, ZENITH))
    assert plan(lexical, understanding).concept_rows.tolist() == []


def test_of_two_product_types_the_head_is_wanted(lexical: Bm25Retriever) -> None:
    query = "lamp shade"
    understanding = understood(query, mention("lamp", query, LAMP), mention("shade", query, SHADE))
    assert [each.concept for each in plan(lexical, understanding).evidence] == [SHADE]


@pytest.mark.parametrize(
    ("text", "locale", "head"),
    [
        ("lamp shade", "en", SHADE),
        ("lamp shade", "fr", LAMP),
        ("shade for lamp", "en", SHADE),
        ("lamp with shade", "en", LAMP),
    ],
)
def test_the_head_of_a_phrase(text: str, locale: str, head: int) -> None:
    mentions = sorted((mention("lamp", text, LAMP), mention("shade", text, SHADE)), key=lambda each: each.start)
    found = head_type(Understanding(Query(text, locale), text, mentions=tuple(mentions)))
    assert found is not None
    assert found.concept == head


def test_no_type_no_head() -> None:
    assert head_type(understood("zenith", mention("zenith", "zenith", ZENITH))) is None


def test_evidence_weighs_scheme_and_confidence(lexical: Bm25Retriever) -> None:
    query = "red zenith lamp"
    made = plan(
        lexical,
        understood(
            query,
            mention("red", query, RED, 0.5),
            mention("zenith", query, ZENITH),
            mention("lamp", query, LAMP, 0.9),
            intents=(
                Intent("c0", LAMP, "product_type", "lamp", 0.4, "named"),
                Intent("c1", SHADE, "product_type", "lamp shade", 0.2, "near"),
            ),
        ),
    )
    weights = {each.concept: each.weight for each in made.evidence}
    assert weights == pytest.approx(
        {RED: 0.5 * VALUE_WEIGHT, ZENITH: BRAND_WEIGHT, LAMP: 0.9 * TYPE_WEIGHT, SHADE: 0.2 * TYPE_WEIGHT}
    )


def test_weights_are_convex_over_the_sources_that_speak(lexical: Bm25Retriever) -> None:
    query = "lamp"
    sure = understood(query, mention(query, query, LAMP))
    settings = {"bm25_weight": 0.6, "concept_weight": 0.2, "dense_weight": 0.2}
    assert plan(lexical, sure, dense=True, **settings).weights == pytest.approx(
        {"bm25": 0.6, "concept": 0.2, "dense": 0.2}
    )
    assert plan(lexical, sure, **settings).weights == pytest.approx({"bm25": 0.75, "concept": 0.25})
    unsure = understood(query, mention(query, query, LAMP, 0.5))
    assert plan(lexical, unsure, **settings).weights == pytest.approx({"bm25": 0.6 / 0.7, "concept": 0.1 / 0.7})
    off = plan(lexical, sure, dense=True, bm25_weight=0.6, concept_weight=0.0, dense_weight=0.0)
    assert (off.weights, off.evidence, off.vector) == ({"bm25": 1.0}, (), None)
    assert off.concept_rows.tolist() == []


def test_a_text_the_encoder_knows_nothing_of_has_no_vector(lexical: Bm25Retriever) -> None:
    assert plan(lexical, understood("lamp"), dense=True).vector is not None
    assert plan(lexical, understood("cable"), dense=True).vector is None


def test_concepts_without_products_say_nothing(lexical: Bm25Retriever) -> None:
    assert plan(lexical, understood("gone", mention("gone", "gone", EMPTY))).evidence == ()


def test_only_strict_constraints_filter(lexical: Bm25Retriever) -> None:
    strict = Constraint("price", "lte", (5000,), 5, 13, "under 50", 1.0, True)
    soft = Constraint("colour", "in", ("red",), 0, 3, "red", 1.0, False)
    made = plan(lexical, understood("red lamp", constraints=(soft, strict)))
    assert made.filters == (strict,)


def test_expansions_join_the_group_of_their_span(lexical: Bm25Retriever) -> None:
    query = "red luminaire"
    expansions = (
        Expansion(4, 13, "desk lamp", "c0", 0.8, "also called"),
        Expansion(4, 13, "cable", "c9", 0.1, "goes with"),
    )
    made = plan(lexical, understood(query, expansions=expansions))
    assert made.terms == (
        Term(("red",), 1.0, (0,)),
        Term(("luminaire",), 1.0, (1,)),
        Term(("desk", "lamp"), 0.8, (1,)),
    )
    assert plan(lexical, understood(query, expansions=expansions), expansions=False).terms == made.terms[:2]


def test_spans_are_found_again_behind_corrections_and_constraints(lexical: Bm25Retriever) -> None:
    # "lapm" was corrected, "under 50" taken out; the mention of "lapm" must still cover the word "lamp".
    query = "under 50 zenith lapm"
    made = plan(
        lexical,
        Understanding(
            Query(query),
            "under 50 zenith lamp",
            mentions=(mention("zenith", query, ZENITH), mention("lapm", query, LAMP)),
            corrections=(Correction(16, 20, "lapm", "lamp", 0.9, "one letter moved"),),
            retrieval_text="zenith lamp",
        ),
    )
    assert [term.words for term in made.terms] == [("zenith",), ("lamp",)]
    assert made.concept_rows.tolist() == [2, 4]


def test_concept_run_worked_by_hand() -> None:
    retriever = ConceptRetriever(Graph(), len(TITLES))  # type: ignore[arg-type]
    lamp = Evidence(LAMP, "product_type", "lamp", "lamp", np.array([0, 1, 2, 4], np.int32), 0.8)
    zenith = Evidence(ZENITH, "brand", "zenith", "Zenith", np.array([2, 3, 4], np.int32), 0.5)
    made = Plan("zenith lamp", "en", evidence=(lamp, zenith))
    run = retriever.retrieve(made, 10, np.array([0, 2, 3, 4, 5], np.int32))
    # Row 5 is of no known type: half of the type's weight. Row 3 is known to be something else.
    assert run.rows.tolist() == [2, 4, 0, 3, 5]
    assert run.scores.tolist() == pytest.approx([1.3, 1.3, 0.8, 0.5, UNKNOWN_TYPE * 0.8])
    assert len(retriever.retrieve(Plan("lamp", "en"), 10).rows) == 0


def test_plans_are_made_for_any_text(lexical: Bm25Retriever, tmp_path: Path) -> None:
    for text in ("", "\x00", "ل" * 50, "a" * 10_000, '17" \U0001f600 lamp ' * 50):
        made = plan(lexical, understood(text))
        assert 0 <= made.min_should_match <= max(1, made.groups)
