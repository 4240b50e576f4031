"""What is true of a simulated shop, for tests and `evaluate` alone: `truth/truth.json`; `held_out.py` has the rest."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from data.demo.catalogue import Catalogue, ProductFacts
from data.demo.clicks import EXAMINATION
from data.demo.held_out import intents, write_judgments, write_prefixes
from data.demo.lexicon import Attribute, Lexicon
from data.demo.said import report_from
from data.demo.simulation import Simulation
from data.demo.wording import say

# A word is planted where so many people used it before the report's days: fewer, nobody could find.
PLANTED_PEOPLE = 10
# Of a family's word also: so many of them said a type's name next.
PLANTED_NARROWED = 3

Row = dict[str, Any]


def write_truth(folder: Path, lexicon: Lexicon, catalogue: Catalogue, simulation: Simulation) -> None:
    """Write every file of the truth about a simulation that has run."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = {"synonyms": _synonyms(simulation), "hypernyms": _hypernyms(lexicon, simulation)}
    kinds["misspellings"] = _misspellings(simulation)
    planted: dict[str, Any] = {
        kind: [row for row in rows if row["people"] >= PLANTED_PEOPLE and row.get("narrowed", 3) >= PLANTED_NARROWED]
        for kind, rows in kinds.items()
    }
    # True as well, and used by too few to be found: who finds one is not wrong.
    planted["seldom"] = {kind: [row for row in rows if row not in planted[kind]] for kind, rows in kinds.items()}
    planted |= _rest(catalogue, simulation)
    planted["attributes"] = forgotten(lexicon, catalogue)
    (folder / "truth.json").write_bytes(orjson.dumps(planted, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    for locale in lexicon.locales:
        name = "judgments.csv" if locale == lexicon.locale else f"judgments-{locale}.csv"
        write_judgments(folder / name, catalogue, simulation, locale)
    write_prefixes(folder / "prefixes.jsonl", simulation)


def _row(source: str, target: str, locale: str, people: set[str]) -> Row:
    return {"source": source, "target": target, "locale": locale, "people": len(people)}


def _synonyms(simulation: Simulation) -> list[Row]:
    return [_row(word, own, locale, who) for (locale, word, own), who in sorted(simulation.said.synonyms.items())]


def _misspellings(simulation: Simulation) -> list[Row]:
    return [_row(wrong, right, locale, who) for (locale, wrong, right), who in sorted(simulation.said.misspelt.items())]


def _hypernyms(lexicon: Lexicon, simulation: Simulation) -> list[Row]:
    said = simulation.said
    return [
        _row(word, lexicon.types[key].names[locale].lower(), locale, people)
        | {"narrowed": len(said.narrowed.get((locale, word, key), ()))}
        for (locale, word, family), people in sorted(said.families.items())
        for key in lexicon.families[family].types
    ]


def forgotten(lexicon: Lexicon, catalogue: Catalogue) -> list[Row]:
    """Every field that a merchant forgot and whose value stands in the title: product, attribute, value.

    The value is as the field would have it, an amount without its unit.
    """
    rows: list[Row] = []
    for product in catalogue.products:
        facts = catalogue.facts[product.product_id]
        title = product.texts[lexicon.locale].title.removesuffix(facts.stuffed_with.get(lexicon.locale, ""))
        for name, value, said in _facts_said(lexicon, facts):
            if name not in product.attributes and said in title:
                rows.append({"product_id": product.product_id, "attribute": name, "value": value})
    return rows


def _facts_said(lexicon: Lexicon, facts: ProductFacts) -> Iterator[tuple[str, str | float, str]]:
    """Each attribute that is true of a product, with its value as a field has it and as a title says it."""
    colour = lexicon.colours[facts.colour].names[lexicon.locale]
    yield "colour", colour, colour
    if facts.material is not None:
        material = lexicon.materials[facts.material].names[lexicon.locale]
        yield "material", material, material
    for key, value in facts.values.items():
        attribute = lexicon.attributes[key]
        yield key, _named(attribute, value, lexicon.locale), say(attribute, value, lexicon.locale)


def _named(attribute: Attribute, value: str | float, locale: str) -> str | float:
    if not isinstance(value, str):
        return value
    return next(each for each in attribute.values if each.key == value).names[locale]


def _rest(catalogue: Catalogue, simulation: Simulation) -> Row:
    facts = catalogue.facts.values()
    return {
        "report_from_day": report_from(simulation.days),
        "habits": [
            {"source": wrong, "target": word, "locale": locale}
            for locale, speech in simulation.shop.speech.items()
            for word, wrong in sorted(speech.habits.items())
        ],
        "trends": [
            {"type": trend.type, "first_day": trend.first_day, "last_day": trend.last_day}
            for trend in simulation.demand.trends
        ],
        "intents": intents(simulation),
        "spam": sorted(each.product_id for each in facts if each.spam),
        "stuffing": sorted({word for each in facts for word in each.stuffed_with.values() if word}),
        "sold_out": {each.product_id: each.sold_out_day for each in facts if each.sold_out_day is not None},
        "new": sorted(each.product_id for each in facts if each.is_new),
        "bots": simulation.bots,
        "private": simulation.said.secrets,
        "examination": [round(float(share), 4) for share in EXAMINATION],
        "tastes": {
            shopper.client_id: {
                "departments": sorted(shopper.departments),
                "brands": sorted(shopper.brands),
                "colours": sorted(shopper.colours),
                "thrift": round(shopper.thrift, 3),
            }
            for shopper in simulation.shoppers
        },
    }
