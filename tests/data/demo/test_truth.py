"""The truth agrees with the events, judgments with the needs behind them, and report days stay out of training's."""

import csv
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
import pytest

from data.demo.catalogue import day_of
from data.demo.clicks import EXAMINATION
from data.demo.needs import Need, Relevance, rating, siblings_of
from data.demo.said import report_from
from data.demo.truth import PLANTED_NARROWED, PLANTED_PEOPLE
from data.event import Event
from data.judgment import read_judgments
from tests.data.demo.small import DAYS, SHOPPERS, SmallLaboratory


@pytest.fixture(scope="module")
def searches(events: list[Event]) -> list[Event]:
    return [event for event in events if event.action_name == "search"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_last_sixth_is_for_the_report() -> None:
    assert report_from(60) == 51
    assert report_from(12) == 11
    assert report_from(1) == 1


def test_planted_synonyms_were_typed_and_the_catalogue_never_writes_them(
    truth: dict[str, Any], searches: list[Event], small: SmallLaboratory
) -> None:
    assert truth["synonyms"]
    people = defaultdict(set)
    for event in searches:
        people[event.locale].add((event.user_query, event.client_id))
    for row in truth["synonyms"]:
        typed = {client for text, client in people[row["locale"]] if row["source"] in text}
        assert len(typed) >= 0.5 * row["people"], row  # the others slipped while typing it
        written = "\n".join(product.texts[row["locale"]].title.lower() for product in small.catalogue.products)
        assert f" {row['source']} " not in written, row


def test_planted_misspellings_were_typed(truth: dict[str, Any], searches: list[Event]) -> None:
    typed = {(event.locale, word) for event in searches for word in event.user_query.split()}
    typed |= {(event.locale, event.user_query) for event in searches}
    assert truth["misspellings"]
    assert all((row["locale"], row["source"]) in typed for row in truth["misspellings"])
    assert all(row["source"] != row["target"] for row in truth["misspellings"])


def test_hypernyms_are_families_and_their_types(truth: dict[str, Any], small: SmallLaboratory) -> None:
    names = {entry.names["en"].lower() for entry in small.lexicon.types.values()}
    english = [row for row in truth["hypernyms"] if row["locale"] == "en"]
    assert english
    assert all(row["target"] in names for row in english)


def test_planted_is_what_enough_people_used_and_seldom_what_fewer_did(truth: dict[str, Any]) -> None:
    for kind in ("synonyms", "hypernyms", "misspellings"):
        seldom = truth["seldom"][kind]
        assert seldom
        assert all(row["people"] >= PLANTED_PEOPLE for row in truth[kind])
        assert all(row["people"] < PLANTED_PEOPLE or row.get("narrowed", 9) < PLANTED_NARROWED for row in seldom)


def test_other_truths_are_those_of_the_catalogue(truth: dict[str, Any], small: SmallLaboratory) -> None:
    facts = small.catalogue.facts
    assert truth["spam"] == sorted(one for one in facts if facts[one].spam) != []
    assert truth["examination"] == pytest.approx(EXAMINATION, abs=1e-4)
    assert {trend["type"] for trend in truth["trends"]} <= set(small.lexicon.types)
    assert len(truth["tastes"]) == SHOPPERS


def test_judged_queries_were_sent_on_report_days_by_several(small: SmallLaboratory, searches: list[Event]) -> None:
    found = rows(small.folder / "truth" / "judgments.csv")
    assert list(found[0]) == ["query", "docid", "rating"]
    assert {row["rating"] for row in found} <= {"0", "1", "2", "3"}
    people = defaultdict(set)
    for event in searches:
        if day_of(event.at_ms) >= report_from(DAYS) and event.locale == "en":
            people[event.user_query].add(event.client_id)
    judged = {row["query"] for row in found}
    assert len(judged) > 10
    assert all(len(people[query]) >= 3 for query in judged)
    assert len(list(read_judgments(small.folder / "truth" / "judgments.csv"))) > 10


def test_every_product_that_fits_is_rated(small: SmallLaboratory) -> None:
    relevance = Relevance(small.lexicon, small.catalogue)
    by_query = defaultdict(dict)
    for row in rows(small.folder / "truth" / "judgments.csv"):
        by_query[row["query"]][row["docid"]] = int(row["rating"])
    for key, entry in small.lexicon.types.items():
        if entry.names["en"] in by_query:
            rated = by_query[entry.names["en"]]
            expected = relevance(Need((key,)))
            for product, wanted in zip(small.catalogue.products, expected.tolist(), strict=True):
                assert rated.get(product.product_id, 0) == wanted


def test_ratings_by_hand(small: SmallLaboratory) -> None:
    siblings = siblings_of(small.lexicon)
    facts = next(one for one in small.catalogue.facts.values() if one.accessory_of is None and not one.spam)
    colour, other = facts.colour, next(key for key in small.lexicon.colours if key != facts.colour)
    assert rating(Need((facts.type,)), facts, siblings) == 3
    assert rating(Need((facts.type,), wishes=(("colour", colour),)), facts, siblings) == 3
    assert rating(Need((facts.type,), wishes=(("colour", other),)), facts, siblings) == 1
    assert rating(Need((facts.type,), wishes=(("brand", facts.brand), ("colour", other))), facts, siblings) == 2
    sibling = next(iter(siblings[facts.type]), None)
    if sibling is not None:
        assert rating(Need((sibling,)), facts, siblings) == 0
        assert rating(Need((sibling,), wishes=(("colour", colour),)), facts, siblings) == 1


def test_who_stuffs_titles_fits_fairly_at_best(small: SmallLaboratory) -> None:
    spam = [facts for facts in small.catalogue.facts.values() if facts.spam]
    siblings = siblings_of(small.lexicon)
    assert {rating(Need((facts.type,)), facts, siblings) for facts in spam} == {1}


def test_accessories_are_not_what_they_are_made_for(small: SmallLaboratory) -> None:
    siblings = siblings_of(small.lexicon)
    accessories = [facts for facts in small.catalogue.facts.values() if facts.accessory_of is not None]
    assert accessories
    assert all(rating(Need((one.accessory_of or "",)), one, siblings) == 0 for one in accessories)


def test_whole_catalogues_are_rated_like_single_products(small: SmallLaboratory) -> None:
    relevance, siblings = Relevance(small.lexicon, small.catalogue), siblings_of(small.lexicon)
    for facts in list(small.catalogue.facts.values())[::40]:
        wishes = (("brand", facts.brand), ("colour", facts.colour))
        for need in (Need((facts.type,)), Need((facts.type,), wishes=wishes), Need((facts.type,), wishes=wishes[:1])):
            one_by_one = [rating(need, each, siblings) for each in small.catalogue.facts.values()]
            assert relevance(need).tolist() == one_by_one


def test_prefixes_say_what_was_wished_and_how_often_before(small: SmallLaboratory, searches: list[Event]) -> None:
    cases = [orjson.loads(line) for line in (small.folder / "truth" / "prefixes.jsonl").read_bytes().splitlines()]
    before = {(event.locale, event.user_query) for event in searches if day_of(event.at_ms) < report_from(DAYS)}
    assert {case["case"] for case in cases} == {"all", "rare", "cold"}
    every = {(case["prefix"], case["target"], case["locale"]) for case in cases if case["case"] == "all"}
    for case in cases:
        assert case["weight"] > 0
        assert (case["prefix"], case["target"], case["locale"]) in every
        if case["case"] == "cold":
            assert (case["locale"], case["target"]) not in before, case


def test_forgotten_fields_are_empty_and_their_titles_say_them(truth: dict[str, Any], small: SmallLaboratory) -> None:
    products = {product.product_id: product for product in small.catalogue.products}
    assert len(truth["attributes"]) > 50
    assert {type(row["value"]) for row in truth["attributes"]} == {str, float}
    for row in truth["attributes"]:
        product = products[row["product_id"]]
        assert row["attribute"] not in product.attributes
        value = row["value"] if isinstance(row["value"], str) else f"{row['value']:g}"
        assert value in product.texts["en"].title, row
