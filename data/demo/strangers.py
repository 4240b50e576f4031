"""What stands in a shop's log and is no shopper's wish: programs, and secrets typed into the wrong box."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from data.demo.catalogue import DAY_MS, start_of_day

BOTS = 12
# Of each bot: on how many of 60 days, how many searches a day, and how fast.
BOT_DAYS, BOT_SEARCHES, BOT_PAUSE_MS = (3, 12), (60, 240), (250, 1_200)
# Every third also opens what it finds; so many of each page.
CLICKS_EVERYTHING, OPENED = 3, 3
PRIVATE_SHARE = 0.004  # of the visits


def bot_events(
    client_id: str, clicks: bool, day: int, queries: Sequence[str], find: Callable[[str], list[str]], rng: Random
) -> Iterator[dict[str, Any]]:
    """A program's day: one query after another, faster than people read.

    Args:
        client_id: Of the program.
        clicks: Whether it opens the first of what it finds; the others never click.
        day: From 1.
        queries: What it asks.
        find: Ids of the products on a query's page.
        rng: Of its day.
    """
    at_ms = start_of_day(day) + rng.randrange(DAY_MS // 2)
    who = {"session_id": f"{client_id}-{day:02}", "client_id": client_id}
    for number in range(rng.randint(*BOT_SEARCHES)):
        at_ms += rng.randint(*BOT_PAUSE_MS)
        query, query_id = rng.choice(queries), f"{client_id}-{day:02}-{number}"
        shown = find(query)
        attributes: dict[str, Any] = {"query_response_hit_ids": shown}
        search = {"query_id": query_id, "user_query": query, "event_attributes": attributes}
        yield {"action_name": "search", "timestamp": at_ms, **who, **search}
        for place, product_id in enumerate(shown[:OPENED] if clicks else (), start=1):
            at_ms += rng.randint(*BOT_PAUSE_MS)
            opened = {"object_id": product_id, "object_id_field": "product_id"}
            attributes = {"object": opened, "position": {"ordinal": place}}
            yield {
                "action_name": "click", "timestamp": at_ms, **who, "query_id": query_id, "event_attributes": attributes
            }  # fmt: skip


def secret(rng: Random) -> str:
    """An e-mail address, a telephone number or a card number that nobody has.

    Addresses are of the domains that RFC 2606 keeps for examples, telephone numbers of the block that Germany's
    regulator keeps for films, cards begin like the one that payment companies publish for tests.
    """
    kind = rng.random()
    digits = "".join(rng.choice("0123456789") for _ in range(9))
    if kind < 0.4:
        name = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(4, 9)))
        return f"{name}{rng.randint(1, 99)}@example.{rng.choice(('com', 'org', 'net'))}"
    if kind < 0.7:
        return f"+49 30 23125 {digits[:3]}"
    return with_check_digit(f"411111{digits}")


def with_check_digit(number: str) -> str:
    """A number with the digit behind it that makes it pass Luhn's test (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return number + str(-total % 10)
