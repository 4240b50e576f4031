"""A shop with a block list of 100,000 entries, hostile ones among them: built, served, asked, no larger after."""

import random
from pathlib import Path

import httpx

from autocomplete.safety.block_list import BlockList
from autocomplete.safety.disguise import readings
from data.release import open_release
from tests.api.shop import Server, made_up_products, publish
from tests.autocomplete.safety.large_list import SIZE, hostile_texts, made_up_entries

_SHOP = '[safety.block_lists]\nen = "large.txt"\n'
_MB = 1 << 20
# What a worker may grow by while 500 requests are answered: caches that are bounded, and what Python keeps of them.
_MOST_GROWTH = 48 * _MB


def _pss(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _suggested(client: httpx.Client, prefix: str) -> list[str]:
    answer = client.get("/v1/shops/plain/suggest", params={"q": prefix, "limit": 10})
    assert answer.status_code == 200, answer.text
    return [each["text"] for each in answer.json()["suggestions"]]


def test_a_shop_with_a_list_of_a_hundred_thousand(tmp_path: Path) -> None:
    entries = made_up_entries()
    written = "\n".join(entry for entry in entries if not {"\x00", "\u200b"} & set(entry))
    (tmp_path / "large.txt").write_text(written, encoding="utf-8")
    publish(tmp_path / "releases", "plain", made_up_products(), tmp_path, _SHOP)
    kept = next(open_release(tmp_path / "releases", "plain").path.rglob("block_list"))
    held = BlockList.load(kept)
    assert len(held) > SIZE * 0.98
    assert kept.stat().st_size < 24 * SIZE

    rng = random.Random(3)
    texts = hostile_texts(rng)
    prefixes = [word[:size] for word in ("lamp", "kettle", "red lamp", "zork") for size in range(1, len(word) + 1)]
    server = Server(tmp_path / "releases").start()
    with server.client() as client:
        for prefix in ("", "l", *texts[:20]):
            _suggested(client, prefix)
        (worker,) = server.worker_processes() or [server.process.pid if server.process else 0]
        before = _pss(worker)
        shown: set[str] = set()
        for number in range(500):
            asked = rng.choice(texts)[: rng.randint(1, 200)] if number % 2 else rng.choice(prefixes)
            shown |= {*_suggested(client, asked)}
        grown = _pss(worker) - before
    assert server.stop() == 0
    assert any("lamp" in text.lower() for text in shown)
    for text in shown:
        assert not any(held.holds(words, held.locales_of("en")) for words in readings(text, "en")), text
    assert not any("kettle" in text.lower() for text in shown)
    assert grown < _MOST_GROWTH, f"{grown / _MB:.0f} MB"
