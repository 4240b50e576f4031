"""What is known of completions beside their order: mined, written, explained; none of it in the index."""

from pathlib import Path

import numpy as np
import pytest

from autocomplete.build import build_autocomplete
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.live.live_state import Trend, make_live_locale
from autocomplete.load import load_autocomplete
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.prefix import Prefix
from autocomplete.suggestion import SuggestionKind
from data.curation import Curation, Label
from data.errors import ReleaseDamaged
from data.shop import ShopConfig

CONFIG = ShopConfig(name="tents", locales=("en", "de"))
DAY_MS = 86_400_000
# 20,454 days are 56 years with 14 leap days in them: 56 * 365 + 14, so 2026-01-01.
DAY = 20_454
PLAIN = [
    Completion("tent", 9.0, people=8, result_count=4),
    Completion("tent pegs", 5.0, people=6, result_count=2),
    Completion("Tent Footprint 2P", 1.0, SuggestionKind.PRODUCT, product_id="p7"),
]
KNOWN = [
    Completion("tent", 9.0, people=8, result_count=4, locale="en", click_rate=0.75, conversion=0.25),
    Completion("tent pegs", 5.0, people=6, result_count=2, locale="en", last_seen_ms=DAY * DAY_MS + 12_345),
    Completion("tent poles", 4.0, people=6, result_count=2, conversion=0.0),
    Completion("tent zelt", 4.0, locale="de", conversion=0.5),
    Completion("Tent Footprint 2P", 1.0, SuggestionKind.PRODUCT, product_id="p7", locale="en"),
    Completion("Tent Footprint 2P", 1.0, SuggestionKind.PRODUCT, product_id="p8"),
]
FACTS = ("locale", "last_seen", "click_rate", "conversion")


def explained(held: LocaleCompleter, prefix: str) -> dict[str, dict[str, str | float]]:
    found = held.complete(Prefix(prefix, 8, "en"), Context(explain=True))
    return {
        each.product_id or each.text: {name: each.reasons[name] for name in FACTS if name in each.reasons}
        for each in found
    }


def test_what_is_known_is_explained_and_what_is_not_is_left_out(tmp_path: Path) -> None:
    build_autocomplete(tmp_path, KNOWN, CONFIG)
    opened = load_autocomplete(tmp_path, CONFIG)
    assert explained(opened, "tent") == {
        "tent": {"locale": "en", "click_rate": 0.75, "conversion": 0.25},
        "tent pegs": {"locale": "en", "last_seen": "2026-01-01"},
        "tent poles": {"locale": "und", "conversion": 0.0},
        "p7": {"locale": "en"},
        "p8": {"locale": "und"},
    }
    unasked = opened.complete(Prefix("tent", 8, "en"), Context())
    assert len(unasked) == 5
    assert not any(each.reasons for each in unasked)


def test_facts_are_beside_the_index_and_only_where_there_are_any(tmp_path: Path) -> None:
    without = build_autocomplete(tmp_path / "plain", PLAIN, CONFIG)
    assert not list((tmp_path / "plain").rglob("*facts*"))
    assert explained(without, "tent") == {"tent": {}, "tent pegs": {}, "p7": {}}
    same = [Completion(each.text, 9.0 - place, result_count=3) for place, each in enumerate(KNOWN[:3])]
    told = [
        Completion(each.text, each.weight, result_count=3, locale="en", conversion=0.5, last_seen_ms=DAY * DAY_MS)
        for each in same
    ]
    sizes = [
        build_autocomplete(tmp_path / name, held, CONFIG).of("en").completions.nbytes
        for name, held in (("same", same), ("told", told))
    ]
    assert sizes[0] == sizes[1]
    written = sorted(path.name for path in (tmp_path / "told" / "en" / "facts").iterdir())
    assert written == ["conversions.npy", "last_seen.npy", "locales.json", "locales.npy"]


def test_a_release_from_before_there_were_facts_opens(tmp_path: Path) -> None:
    build_autocomplete(tmp_path, KNOWN, CONFIG)
    for folder in tmp_path.rglob("*facts"):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    assert explained(load_autocomplete(tmp_path, CONFIG), "tent p") == {"tent pegs": {}, "tent poles": {}}


def test_damaged_facts_are_refused_by_name(tmp_path: Path) -> None:
    build_autocomplete(tmp_path, KNOWN, CONFIG)
    (tmp_path / "en" / "facts" / "conversions.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(ReleaseDamaged, match="build the release again"):
        load_autocomplete(tmp_path, CONFIG)


def test_a_day_after_two_bytes_of_days_is_the_last_of_them(tmp_path: Path) -> None:
    late = [Completion("tent", 1.0, last_seen_ms=(np.iinfo(np.uint16).max + 9) * DAY_MS)]
    # 65,535 days: 179 years with 43 leap days (2100 has none) are 65,378; the rest, 157, is from the 1st of January.
    assert explained(build_autocomplete(tmp_path, late, CONFIG), "t") == {
        "tent": {"locale": "und", "last_seen": "2149-06-06"}
    }


def test_what_is_live_says_its_locale() -> None:
    said = Curation(labels=(Label("tent bags", "de"),))
    live = make_live_locale("de", said, [Trend("tent lamps", "de", 9, 5.0)], frozenset(), lambda *_: 2)
    assert live.own is not None
    found = live.own.complete(Prefix("tent", 8, "de"), Context(explain=True))
    assert {each.text: each.reasons["locale"] for each in found} == {"tent bags": "de", "tent lamps": "de"}
