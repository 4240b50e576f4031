"""How long mining takes, and how much memory: synthetic events, a file a day.

    python -m benchmarks.mining --events 10000000 --folder FOLDER

One day is made by a small model of shoppers (Zipf's law over queries, examination falling with position); the others
are that day with other sessions, dates and rare queries, so that making them costs less than reading them.
"""

import argparse
import gzip
import json
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

DAYS = 60
QUERIES = 3_000
PRODUCTS = 6_000
HITS = 24
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SYLLABLES = ("ka", "lo", "mi", "ter", "su", "ran", "pe", "vo", "di", "ne", "bal", "gor", "shi", "ten", "fu")


def one_day(events: int, rng: random.Random) -> str:
    """A day's lines; `@DAY@` and `#` stand for what differs between days."""
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(QUERIES)]
    weights = [1 / rank for rank in range(1, QUERIES + 1)]
    asked = iter(rng.choices(range(QUERIES), weights, k=events))
    lines: list[str] = []

    def say(
        action: str, at: float, session: int, attributes: dict[str, object], query_id: str = "", query: str = ""
    ) -> None:
        moment = (FIRST + timedelta(seconds=at)).isoformat(timespec="milliseconds")[10:]
        record = {
            "action_name": action,
            "timestamp": "@DAY@" + moment,
            "session_id": f"s#-{session}",
            "client_id": f"c{session * 7 % 40_000}",
            "query_id": query_id,
            "user_query": query,
            "event_attributes": attributes,
        }
        lines.append(json.dumps({name: value for name, value in record.items() if value}))

    session = 0
    while len(lines) < events:
        session += 1
        at = rng.random() * 80_000
        for turn in range(rng.randint(1, 3)):
            number = next(asked)
            query = words[number] if rng.random() > 0.05 else f"{words[number]} rare # {session}"
            for end in range(1, min(len(query), 7)):
                shown = [words[(number * 31 + place) % QUERIES] for place in range(8)]
                suggest = {
                    "suggest_id": f"g#-{session}-{turn}-{end}",
                    "prefix": query[:end],
                    "locale": "en",
                    "shown": shown,
                }
                say("suggest", at + end / 4, session, suggest)
            at += 5
            query_id = f"q#-{session}-{turn}"
            hits = [f"p{(number * 17 + place * (1 + session % 3)) % PRODUCTS}" for place in range(HITS)]
            say("search", at, session, {"locale": "en", "query_response_hit_ids": hits}, query_id, query)
            for place, product in enumerate(hits):
                if rng.random() < 0.5 / (1 + place):
                    target = {"object": {"object_id": product, "object_id_field": "product_id"}}
                    at += 15
                    say("click", at, session, {**target, "position": {"ordinal": place + 1}}, query_id)
                    if rng.random() < 0.1:
                        say("purchase", at + 30, session, target, query_id)
            at += 40
    return "\n".join(lines[:events]) + "\n"


def make(folder: Path, events: int) -> None:
    folder.mkdir(parents=True)
    template = one_day(events // DAYS, random.Random(4))
    for day in range(DAYS):
        date = (FIRST + timedelta(days=day)).date().isoformat()
        text = template.replace("@DAY@", date).replace("#", str(day))
        with gzip.open(folder / f"{date}.jsonl.gz", "wt", compresslevel=1, encoding="utf-8") as file:
            file.write(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, required=True)
    arguments = parser.parse_args()
    folder = arguments.folder / f"events-{arguments.events}"
    if not folder.exists():
        make(folder, arguments.events)
    for run in ("first run", "second run"):
        begin = time.perf_counter()
        out = arguments.folder / "mined"
        command = [sys.executable, "-m", "api.cli.main", "mine", "--events", str(folder), "--out", str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(
            f"{run}: {arguments.events} events, {time.perf_counter() - begin:.0f} s, "
            f"CPU so far {cpu.ru_utime + cpu.ru_stime:.0f} s, peak {peak:.0f} MB"
        )


if __name__ == "__main__":
    main()
