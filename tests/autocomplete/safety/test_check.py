"""The check, where it stands: while a release is built, and before every answer."""

from pathlib import Path

import pytest

from autocomplete.build import build_autocomplete
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.load import MANIFEST, was_checked
from autocomplete.prefix import Prefix
from autocomplete.safety.block_list import BlockList
from autocomplete.safety.check import Refusal, SafetyCheck
from autocomplete.safety.serving import SafeCompleter
from autocomplete.safety.stuffing import is_stuffed, name_in_title
from autocomplete.suggestion import Suggestion, SuggestionKind, SuggestionSource
from data.shop import ShopConfig

CONFIG = ShopConfig(name="tools", locales=("en", "de"))
TEXTS = ["saw", "saw blade", "saw bench", "saw horse", "evil saw", "saw anna@example.com", "saw hot deal | best price"]


def texts(completer: SafeCompleter, prefix: str, limit: int = 8, locale: str = "en") -> list[str]:
    return [each.text for each in completer.complete(Prefix(prefix, limit, locale), Context())]


def test_each_refusal_is_told() -> None:
    check = SafetyCheck(("en",), (BlockList.build({"en": ["evil"]}),))
    assert check.refusal("ev1l saw", "en") is Refusal.BLOCKED
    assert check.refusal("saw 0171 2345678", "en") is Refusal.PRIVATE
    assert check.refusal("saw hot deal | best price", "en") is Refusal.STUFFED
    assert check.refusal("saw", "en") is None


def test_a_build_leaves_out_what_is_refused_in_each_locale(tmp_path: Path) -> None:
    completions = [Completion(text, 1.0 + place) for place, text in enumerate([*TEXTS, "gift"])]
    block_list = BlockList.build({"und": ["evil"], "de": ["gift"]})
    built = build_autocomplete(tmp_path, completions, CONFIG, block_list=block_list)

    def held(locale: str) -> set[str]:
        index = built.of(locale).completions
        return {index.text(each) for each in range(len(index))}

    assert held("en") == {"saw", "saw blade", "saw bench", "saw horse", "gift"}
    assert held("de") == held("en") - {"gift"}
    assert len(BlockList.load(tmp_path / "block_list")) == 2


def test_a_release_built_before_the_list_leaks_nothing(tmp_path: Path) -> None:
    built = build_autocomplete(tmp_path, [Completion(text, 9.0 - at) for at, text in enumerate(TEXTS)], CONFIG)
    assert "evil saw" in texts(SafeCompleter(built, SafetyCheck(CONFIG.locales)), "saw")
    safe = SafeCompleter(built, SafetyCheck(CONFIG.locales, (BlockList.build({"en": ["evil", "bench*"]}),)))
    assert texts(safe, "saw") == ["saw", "saw blade", "saw horse"]
    assert texts(safe, "evil") == []
    # Another locale is shown the first one's texts, and its list is asked.
    assert texts(safe, "saw", locale="xx-YY") == ["saw", "saw blade", "saw horse"]
    assert "evil saw" in texts(safe, "saw", locale="de")


def test_only_what_a_build_makes_is_trusted() -> None:
    sources = list(SuggestionSource)

    class Inner:
        uses_sessions = False

        def complete(self, _: Prefix, __: Context) -> list[Suggestion]:
            return [Suggestion("evil saw", SuggestionKind.QUERY, source, (), 1.0) for source in sources]

    check = SafetyCheck(("en",), (BlockList.build({"en": ["evil"]}),))
    shown = SafeCompleter(Inner(), check, was_checked=True).complete(Prefix("e"), Context())
    assert {each.source for each in shown} == {SuggestionSource.LOG, SuggestionSource.GRAPH}
    assert SafeCompleter(Inner(), check).complete(Prefix("e"), Context()) == []


def test_a_release_of_other_rules_is_asked_again(tmp_path: Path) -> None:
    build_autocomplete(tmp_path, [Completion("saw", 1.0)], CONFIG)
    assert was_checked(tmp_path)
    manifest = tmp_path / MANIFEST
    manifest.write_bytes(manifest.read_bytes().replace(b'"safety":', b'"other":'))
    assert not was_checked(tmp_path)


def test_what_is_refused_is_made_up_for_from_further_down(tmp_path: Path) -> None:
    bad, good = [f"saw evil {at}" for at in range(20)], [f"saw good {at}" for at in range(5)]
    completions = [Completion(text, 99.0 - at) for at, text in enumerate([*bad, *good])]
    built = build_autocomplete(tmp_path, completions, CONFIG)
    safe = SafeCompleter(built, SafetyCheck(CONFIG.locales, (BlockList.build({"en": ["evil"]}),)))
    assert texts(safe, "saw", limit=3) == good[:3]
    assert texts(safe, "saw evil", limit=3) == []


@pytest.mark.parametrize(
    ("text", "stuffed"),
    [
        ("sofa sofa bed sofa", True),
        ("Lamp | best seller", True),
        ("lamp best price free shipping", True),
        ("ランプ 売れ筋 最安値", True),
        ("best seller books", False),
        ("New York New York poster", False),
        ("4 x 4 x 4 cube", False),
        ("Kettle | 1.7 l", False),
    ],
)
def test_stuffing(text: str, stuffed: bool) -> None:
    assert is_stuffed(text) is stuffed


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Zinc bucket, 5 l", "Zinc bucket, 5 l"),
        ("Zinc bucket | kettle backpack original", "Zinc bucket"),
        ("★ Zinc bucket ★ 5 l", "Zinc bucket"),
        ("Zinc bucket, best price", None),
        ("|", None),
    ],
)
def test_what_is_learned_from_a_title(title: str, name: str | None) -> None:
    assert name_in_title(title) == name
