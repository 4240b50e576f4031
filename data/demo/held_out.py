"""The days for the report, as evaluations read them: judged queries and typed prefixes.

judgments.csv        query,docid,rating: the true relevance of the first locale's queries
judgments-LOCALE.csv the same of the other locales
prefixes.jsonl       what was typed, with what was wished
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
from data.demo.needs import Need
from data.demo.simulation import Simulation

# A query is judged when so many people sent it on those days, and so many queries are: as many of each stratum,
# by the number of people from which it reaches, as there are.
JUDGED_PEOPLE = 3
STRATA = (20, 8, JUDGED_PEOPLE)
MOST_JUDGED = 400
# Products rated 0 that are listed with a query, so that a judged-only figure sees wrong ones too.
LISTED_WRONG = 40
# A wished query sent so rarely before the report's days is rare, one never sent is cold.
RARE = 20


def intents(simulation: Simulation) -> list[dict[str, Any]]:
    """What stands behind each query that may be judged."""
    return [
        {"query": query, "locale": locale, "types": need.types, "family": need.family, "wishes": dict(need.wishes)}
        for (locale, query), need in sorted(_meant(simulation).items())
    ]


def write_judgments(path: Path, catalogue: Catalogue, simulation: Simulation, locale: str) -> None:
    """Every product that is rated above 0, and some that are not, of one locale's judged queries."""
    meant = {query: need for (where, query), need in _meant(simulation).items() if where == locale}
    people = {query: len(simulation.said.senders[locale, query]) for query in meant}
    rng = Random(f"judged {locale}")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["query", "docid", "rating"])
        for query in _sample(people, rng):
            ratings = simulation.shop.relevance(meant[query])
            wrong = np.flatnonzero(ratings == 0).tolist()
            rows = [*np.flatnonzero(ratings).tolist(), *rng.sample(wrong, min(LISTED_WRONG, len(wrong)))]
            writer.writerows((query, catalogue.products[row].product_id, int(ratings[row])) for row in rows)


def write_prefixes(path: Path, simulation: Simulation) -> None:
    """One keystroke of each query that was typed, drawn from all of them; what was wished, and sent before."""
    said = simulation.said
    rng = Random("prefixes")
    cases: Counter[tuple[str, str, str, str, tuple[str, ...]]] = Counter()
    for locale, typed, wanted, before in said.typed:
        prefix = typed[: rng.randint(1, len(typed))]
        if prefix == wanted:
            continue
        sent = said.earlier[locale, wanted]
        cases["all", prefix, wanted, locale, before] += 1
        if sent < RARE:
            cases["rare" if sent else "cold", prefix, wanted, locale, before] += 1
    lines = [
        {"prefix": prefix, "target": wanted, "weight": count, "case": case, "locale": locale, "queries": before}
        for (case, prefix, wanted, locale, before), count in sorted(cases.items())
    ]
    path.write_bytes(b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines))


def _meant(simulation: Simulation) -> dict[tuple[str, str], Need]:
    """Most people's need by locale and query as sent, of those that enough people sent."""
    said = simulation.said
    return {asked: _usual(needs) for asked, needs in said.needs.items() if len(said.senders[asked]) >= JUDGED_PEOPLE}


def _usual(needs: Counter[Need]) -> Need:
    """Ties by the need's words."""
    return min(needs, key=lambda need: (-needs[need], str(need)))


def _sample(people: dict[str, int], rng: Random) -> Sequence[str]:
    """Queries in order, evenly of the strata; the larger ones share what a small one lacks."""
    strata: list[list[str]] = [[] for _ in STRATA]
    for query in sorted(people):
        strata[next(place for place, least in enumerate(STRATA) if people[query] >= least)].append(query)
    chosen: list[str] = []
    # The smallest first, so that the others share what it leaves over.
    for place, stratum in enumerate(sorted(strata, key=len)):
        share = (MOST_JUDGED - len(chosen)) // (len(strata) - place)
        chosen += rng.sample(stratum, min(share, len(stratum)))
    return sorted(chosen)
