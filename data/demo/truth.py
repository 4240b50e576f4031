"""What is true of a simulated shop, for tests and `evaluate` alone: `truth/`.

truth.json           synonyms, hypernyms, misspellings, trends, spam, bots, secrets, the examination curve
judgments.csv        query,docid,rating: relevance of the first locale's queries of the report's days
judgments-LOCALE.csv the same of the other locales
prefixes.jsonl       what was typed on those days, with what was searched in the end
"""

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import orjson

from data.demo.catalogue import Catalogue
from data.demo.clicks import EXAMINATION
from data.demo.lexicon import Lexicon
from data.demo.needs import Need
from data.demo.simulation import Simulation

# The last sixth of the days is for the report; training ends before it.
REPORT_SHARE = 6
# A query is judged when so many people sent it on those days.
JUDGED_PEOPLE = 3
MOST_JUDGED = 400
# Products rated 0 that are listed with a query, so that a judged-only figure sees wrong ones too.
LISTED_WRONG = 40
# A word or a misspelling is planted where so many people used it before the report's days: fewer, nobody could find.
PLANTED_PEOPLE = 10
MOST_PREFIXES = 6_000
# A wished query sent so rarely before the report's days is rare, one never sent is cold.
RARE = 20


def report_from(days: int) -> int:
    """The first day that no training may see."""
    return days - max(1, days // REPORT_SHARE) + 1


def write_truth(folder: Path, lexicon: Lexicon, catalogue: Catalogue, simulation: Simulation) -> None:
    """Write every file of the truth about a simulation that has run."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "truth.json").write_bytes(
        orjson.dumps(_planted(lexicon, catalogue, simulation), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    )
    for locale in lexicon.locales:
        name = "judgments.csv" if locale == lexicon.locale else f"judgments-{locale}.csv"
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["query", "docid", "rating"])
            writer.writerows(_judgments(catalogue, simulation, locale))
    cases = _prefixes(simulation)
    (folder / "prefixes.jsonl").write_bytes(
        b"".join(orjson.dumps(case, option=orjson.OPT_APPEND_NEWLINE) for case in cases)
    )


def _planted(lexicon: Lexicon, catalogue: Catalogue, simulation: Simulation) -> dict[str, Any]:
    said = simulation.said
    return {
        "report_from_day": report_from(simulation.days),
        "synonyms": [
            {"source": word, "target": own, "locale": locale, "people": len(people)}
            for (locale, word, own), people in sorted(said.synonyms.items())
            if len(people) >= PLANTED_PEOPLE
        ],
        "hypernyms": [
            {"source": word, "target": lexicon.types[key].names[locale].lower(), "locale": locale}
            for family in lexicon.families.values()
            for locale, words in sorted(family.words.items())
            for word in words
            for key in family.types
            if sum(len(p) for (where, _, f), p in said.families.items() if (where, f) == (locale, family.key))
            >= PLANTED_PEOPLE
        ],
        "misspellings": [
            {"source": typed, "target": meant, "locale": locale, "people": len(people)}
            for (locale, typed, meant), people in sorted(said.typed.items())
            if len(people) >= PLANTED_PEOPLE
        ],
        "habits": [
            {"source": wrong, "target": word, "locale": locale}
            for locale, speech in simulation.shop.speech.items()
            for word, wrong in sorted(speech.habits.items())
        ],
        "trends": [
            {"type": trend.type, "first_day": trend.first_day, "last_day": trend.last_day}
            for trend in simulation.demand.trends
        ],
        "spam": sorted(facts.product_id for facts in catalogue.facts.values() if facts.spam),
        "stuffing": sorted({word for facts in catalogue.facts.values() for word in facts.stuffed_with.values() if word}),
        "sold_out": {
            facts.product_id: facts.sold_out_day for facts in catalogue.facts.values() if facts.sold_out_day is not None
        },
        "new": sorted(facts.product_id for facts in catalogue.facts.values() if facts.is_new),
        "bots": simulation.bots,
        "private": simulation.said.secrets,
        "examination": [round(float(share), 4) for share in EXAMINATION],
        "tastes": {
            shopper.client_id: {"departments": sorted(shopper.departments), "brands": sorted(shopper.brands),
                                "colours": sorted(shopper.colours)}
            for shopper in simulation.shoppers
        },
    }  # fmt: skip


def _judgments(catalogue: Catalogue, simulation: Simulation, locale: str) -> list[tuple[str, str, int]]:
    said, first = simulation.said, report_from(simulation.days)
    people: dict[str, set[str]] = {}
    needs: dict[str, Counter[Need]] = {}
    for (day, where, query), who in said.people.items():
        if where == locale and day >= first:
            people.setdefault(query, set()).update(who)
    for (day, where, query, need), count in said.meant.items():
        if where == locale and day >= first and query in people:
            needs.setdefault(query, Counter())[need] += count
    misspelt = _misspelt(simulation, locale, {query for query, who in people.items() if len(who) >= JUDGED_PEOPLE})
    meant = {query: _usual(needs[query]) for query, who in people.items() if len(who) >= JUDGED_PEOPLE}
    meant |= {wrong: meant[right] for wrong, right in misspelt.items()}
    rng = Random(f"judged {locale}")
    chosen = sorted(meant)
    if len(chosen) > MOST_JUDGED:
        chosen = sorted(rng.sample(chosen, MOST_JUDGED))
    products = catalogue.products
    rows: list[tuple[str, str, int]] = []
    for query in chosen:
        ratings = simulation.shop.relevance(meant[query])
        wrong = np.flatnonzero(ratings == 0)
        listed = [*np.flatnonzero(ratings > 0).tolist(), *rng.sample(wrong.tolist(), min(LISTED_WRONG, len(wrong)))]
        rows += [(query, products[row].product_id, int(ratings[row])) for row in listed]
    return rows


def _misspelt(simulation: Simulation, locale: str, judged: set[str]) -> dict[str, str]:
    """What enough people really typed for a judged query, though they meant another spelling."""
    return {
        typed: meant
        for (where, typed, meant), people in sorted(simulation.said.typed.items())
        if where == locale and meant in judged and len(people) >= JUDGED_PEOPLE
    }


def _usual(needs: Counter[Need]) -> Need:
    """Most people's need behind a text; ties by the need's words."""
    return min(needs, key=lambda need: (-needs[need], str(need)))


def _prefixes(simulation: Simulation) -> Sequence[dict[str, Any]]:
    said, first = simulation.said, report_from(simulation.days)
    before: Counter[tuple[str, str]] = Counter()
    after: Counter[tuple[str, str]] = Counter()
    for (day, locale, query, _), count in said.meant.items():
        (after if day >= first else before)[locale, query] += count
    rng = Random("prefixes")
    cases: Counter[tuple[str, str, str, str]] = Counter()
    keys = sorted(after)
    for locale, query in rng.choices(keys, [after[key] for key in keys], k=MOST_PREFIXES) if keys else ():
        prefix = query[: rng.randint(1, max(1, len(query) - 1))]
        sent = before[locale, query]
        cases["all", prefix, query, locale] += 1
        if sent == 0:
            cases["cold", prefix, query, locale] += 1
        elif sent < RARE:
            cases["rare", prefix, query, locale] += 1
    return [
        {"prefix": prefix, "target": target, "weight": count, "case": case, "locale": locale}
        for (case, prefix, target, locale), count in sorted(cases.items())
    ]
