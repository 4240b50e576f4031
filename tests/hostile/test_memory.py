"""Prefixes that nobody types: one costs little memory, and a server that is sent thousands keeps little of them.

Peaks are those of Python's own allocator, numpy's arrays included, which are the same each time; bounds are about four
times what was measured (0.8 MB for the first of 128 letters, which fills its caches, 0.3 MB for what folds into many).
"""

import asyncio
import gc
import json
import random
import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from websockets.asyncio.client import connect

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.prefix import Prefix
from autocomplete.sources.aliases import Aliases
from autocomplete.unseen.continuing import build_continuing
from data.text import analyser_for
from tests.api.shop import Server, made_up_products, publish
from tests.hostile.test_sockets import resident_mb, still_serves

LETTERS = "etaoinshrdlucmfgypwbvk"
SIGNS = [chr(0x4E00 + number) for number in range(400)]
COMPLETIONS, OF_SIGNS = 50_000, 5_000
MOST_PEAK_BYTES = 3_000_000
MOST_KEPT_BYTES = 2_500_000


def made_up_words() -> list[str]:
    generator = random.Random(11)
    sizes = (generator.randint(2, 9) for _ in range(6_000))
    return list(dict.fromkeys("".join(generator.choices(LETTERS, range(22, 0, -1), k=size)) for size in sizes))


WORDS = made_up_words()
SHORT = sorted({word[:2] for word in WORDS})


@pytest.fixture(scope="module")
def completer() -> TrieCompleter:
    """With everything that answers a keystroke: titles, corrections, aliases, continuations, two scripts."""
    generator = random.Random(7)
    weights = [1 / (place + 1) ** 0.7 for place in range(len(WORDS))]
    texts: dict[str, None] = {}
    while len(texts) < COMPLETIONS - OF_SIGNS:
        texts[" ".join(generator.choices(WORDS, weights, k=generator.randint(1, 5)))] = None
    while len(texts) < COMPLETIONS:
        texts["".join(generator.choices(SIGNS, k=generator.randint(2, 8)))] = None
    group_of = grouping(analyser_for("en"))
    index = build_index([Completion(text, 1.0 + place % 977) for place, text in enumerate(texts)], group_of)
    titles = [Completion(f"{text} x", 1.0, product_id=str(place)) for place, text in enumerate(list(texts)[::25])]
    aliases = Aliases.build({(one,): [(other,)] for one, other in zip(WORDS[::7], WORDS[1::7], strict=False)}, {})
    assert len(index) == COMPLETIONS
    return TrieCompleter(
        index, build_index(titles, group_of), continuing=build_continuing(index, [], "en"), aliases=aliases
    )


def any_character(generator: random.Random) -> str:
    """Mostly one that nobody uses: nine of ten characters of Unicode are beyond its basic plane."""
    return chr(generator.choice((generator.randrange(0x20, 0xD800), *(generator.randrange(0xE000, 0x110000),) * 9)))


HOSTILE: dict[str, str] = {
    "10,000 characters": "a" * 10_000,
    "10,000 characters of words": (f"{WORDS[0]} " * 5_000)[:10_000],
    "3,000 words of one letter": "e " * 3_000,
    "as many words of one letter as are read": " ".join(LETTERS[place % 22] for place in range(128)),
    "one letter over and over": ("e " * 128).strip(),
    "100 short words": " ".join(SHORT[:100]),
    "short words, as many as are read": " ".join(SHORT[:85]),
    "the commonest words": " ".join(WORDS[:100])[:256],
    "slips in every word": " ".join(f"{word[:-1]}q" for word in WORDS[:40])[:256],
    "any characters": "".join(map(any_character, [random.Random(3)] * 250)),
    "thousands of marks": "a" + "\u0301" * 5_000,
    "as many marks as are read": "a" + "\u0301" * 255,
    "wildcards": "* ? % _ .* [a-z]* " * 14,
    "characters of Chinese": "".join(random.Random(5).choices(SIGNS, k=250)),
    "one of them over and over": SIGNS[0] * 250,
    "what folds into eighteen letters": "\ufdfa" * 250,
    "digits": "1" * 250,
    "one letter": "e",
}


def traced(work: Callable[[], object]) -> tuple[int, int]:
    """Bytes at the peak, and bytes that are left when all is collected."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        peak = tracemalloc.get_traced_memory()[1]
        gc.collect()
        return peak, tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("limit", [8, 50])
@pytest.mark.parametrize("name", HOSTILE)
def test_one_hostile_prefix_costs_little_memory(completer: TrieCompleter, name: str, limit: int) -> None:
    completer.forget()
    context = Context(explain=limit == 50)
    peak, _ = traced(lambda: completer.complete(Prefix(HOSTILE[name], limit), context))
    assert peak < MOST_PEAK_BYTES
    # What is longer than any completion is not even taken apart.
    if len(HOSTILE[name].strip()) > 256:
        assert peak < 50_000


def hostile_prefixes(seed: int) -> Iterator[str]:
    """No two alike, so that none is answered from memory."""
    generator = random.Random(seed)
    while True:
        yield "".join(generator.choices(LETTERS, k=generator.randint(3, 12)))
        yield " ".join("".join(generator.choices(LETTERS, k=generator.randint(1, 3))) for _ in range(80))[:256]
        yield "".join(any_character(generator) for _ in range(250))
        yield "".join(generator.choices(SIGNS, k=generator.randint(2, 30)))
        yield " ".join("".join(generator.choices(LETTERS, k=generator.randint(6, 12))) for _ in range(3))


def test_what_hundreds_of_them_leave_behind_is_bounded(completer: TrieCompleter) -> None:
    prefixes = hostile_prefixes(1)

    def ask() -> None:
        for _ in range(500):
            completer.complete(Prefix(next(prefixes)), Context())

    # 25,000 characters that hardly anybody uses are among them: 3.8 MB when each was remembered, 1.0 now.
    _, kept = traced(ask)
    assert kept < MOST_KEPT_BYTES
    completer.forget()


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("memory")
    publish(folder / "releases", "plain", made_up_products(), folder)
    running = Server(folder / "releases").start()
    yield running
    assert running.stop() == 0


def test_a_server_keeps_little_of_thousands_of_them(victim: Server) -> None:
    async def ask(prefixes: Iterator[str], count: int) -> None:
        async with connect(victim.socket_url("plain"), compression=None) as connection:
            for seq in range(count):
                await connection.send(json.dumps({"seq": seq, "prefix": next(prefixes), "limit": 50}))
                while json.loads(await asyncio.wait_for(connection.recv(), 30)).get("seq") != seq:
                    pass

    prefixes = hostile_prefixes(2)
    # Code and its first arrays come with the first of them.
    asyncio.run(ask(prefixes, 200))
    before = resident_mb(victim)
    asyncio.run(ask(prefixes, 2_000))
    # 100,000 such characters: 12.2 MB when they were remembered, 0.8 now.
    assert resident_mb(victim) < before + 6
    still_serves(victim)
