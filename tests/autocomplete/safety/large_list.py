"""A block list of 100,000 entries, made up, with whatever somebody may put into such a file to make it slow."""

import random
from collections.abc import Sequence

SIZE = 100_000
# What a test looks for; no other entry is a word of a shop.
KNOWN = ("zork", "evil saw", "grimbl*", "kettle")
_LETTERS = "bcdfghjklmnpqrstvwxz"


def made_up_entries(size: int = SIZE) -> list[str]:
    """Words, phrases with a first word in common, beginnings of every length, look-alikes, and lines without end."""
    rng = random.Random(11)

    def word(least: int = 6, most: int = 12) -> str:
        return "".join(rng.choices(_LETTERS, k=rng.randint(least, most)))

    hostile = [
        *(f"red {word()}" for _ in range(2_000)),  # a word that shoppers type begins them all
        *(f"{'qx' * length}*" for length in range(2, 200)),
        " ".join(word() for _ in range(5_000)),
        "z" * 100_000,
        "q'" * 20_000,
        *(f"zо{word()}" for _ in range(500)),  # Cyrillic о
        *("\u200b".join(word()) for _ in range(500)),
        *("…", "*", " ", "\x00", "🎁"),
    ]
    made: Sequence[str] = [*KNOWN, *hostile]
    return [*made, *(f"{word()} {word()}" if rng.random() < 0.3 else word() for _ in range(size - len(made)))]


def hostile_texts(rng: random.Random) -> list[str]:
    """What somebody types who wants each answer to cost as much as it may, 200 characters each at most."""
    pieces = [
        "red ",
        "a ",
        "aaa",
        "4a",
        "!1|",
        "аa ",
        "a.a.",
        "qx",
        "z",
        "'s ",
        "\u200b0",
        "ΖΟ",
        "ᴢᴏ",
        "🅉",
        "1-2 ",
        "@$",
    ]
    return [(piece * 200)[:200] for piece in pieces] + ["".join(rng.choices(pieces, k=40))[:200] for _ in range(100)]
