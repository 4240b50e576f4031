"""What stands in a shop's log and is no shopper's wish: programs, and secrets typed into the wrong box."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from data.demo.catalogue import DAY_MS, start_of_day

BOTS = 12
# Of each bot: on how many days, how many searches a day, and how fast.
BOT_DAYS, BOT_SEARCHES, BOT_PAUSE_MS = (3, 12), (150, 500), (250, 1_200)
PRIVATE_SHARE = 0.002  # of the visits


def bot_events(client_id: str, day: int, queries: Sequence[str], rng: Random) -> Iterator[dict[str, Any]]:
    """A program's day: one query after another, faster than people read, nothing clicked."""
    at_ms = start_of_day(day) + rng.randrange(DAY_MS // 2)
    session = f"{client_id}-{day}"
    for number in range(rng.randint(*BOT_SEARCHES)):
        at_ms += rng.randint(*BOT_PAUSE_MS)
        yield {
            "action_name": "search",
            "timestamp": at_ms,
            "session_id": session,
            "client_id": client_id,
            "query_id": f"{session}-{number}",
            "user_query": rng.choice(queries),
            "event_attributes": {"query_response_hit_ids": []},
        }


def secret(rng: Random) -> str:
    """An e-mail address, a telephone number or a card number that nobody has."""
    kind = rng.random()
    digits = "".join(rng.choice("0123456789") for _ in range(9))
    if kind < 0.4:
        name = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(4, 9)))
        return f"{name}{rng.randint(1, 99)}@example.{rng.choice(('com', 'org', 'net'))}"
    if kind < 0.7:
        return f"+49 30 {digits[:4]} {digits[4:]}"
    return with_check_digit("4" + "".join(rng.choice("0123456789") for _ in range(14)))


def with_check_digit(number: str) -> str:
    """A number with the digit behind it that makes it pass Luhn's test (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return number + str(-total % 10)
