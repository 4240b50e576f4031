"""What is asked quickly is what the plain definition says, whatever stands in a text and in a list."""

from array import array
from pathlib import Path

import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autocomplete.safety.block_list import BlockList
from autocomplete.safety.check import Refusal, SafetyCheck
from autocomplete.safety.disguise import readings
from autocomplete.safety.homoglyphs import LATIN_OF
from autocomplete.safety.traces import has_trace
from tests.autocomplete.safety import plain

_LETTERS = "aegilos"
_SIGNS = "013345$@!|+(€'\"-/_.,)"
_LOOK_ALIKES = sorted(seen for seen, latin in LATIN_OF.items() if latin in _LETTERS)[:12]
_FOLDED = "äßＧ①\u200b\u0301 カメ日ก"
_WORD = st.text(_LETTERS, min_size=1, max_size=5)
# Whole words, disguised ones, and whatever can stand between them.
_PIECE = st.one_of(
    _WORD,
    _WORD.map(" ".join),
    st.text(_LETTERS + _SIGNS, min_size=1, max_size=6),
    st.text([*_LETTERS, *_LOOK_ALIKES, *_FOLDED], min_size=1, max_size=6),
    st.lists(st.tuples(st.sampled_from(_LETTERS), st.integers(1, 4)), min_size=1, max_size=4).map(
        lambda runs: "".join(letter * times for letter, times in runs)
    ),
)
_TEXT = st.lists(_PIECE, max_size=6).flatmap(lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)]))
_ENTRY = st.tuples(
    st.lists(
        st.one_of(_WORD, _WORD, st.text([*_LETTERS, *_LOOK_ALIKES, "カ"], min_size=1, max_size=3)),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["", "", "*"]),
).map(lambda entry: " ".join(entry[0]) + entry[1])
_ENTRIES = st.dictionaries(st.sampled_from(["und", "en", "en-GB", "ru"]), st.lists(_ENTRY, max_size=8), min_size=1)
_LOCALE = st.sampled_from(["en", "en-GB", "ru", "ja"])


@settings(max_examples=1_000)
@given(st.text("abz1!$@-' \n\0", max_size=9))
def test_a_trace_is_seen_wherever_there_is_one(text: str) -> None:
    assert has_trace(text, is_ascii=True) is any(trace.search(text) is not None for trace in plain.TRACES)


@settings(max_examples=700)
@given(_TEXT, _LOCALE)
@example("a1-+(!+-b", "en")
@example("aa in is", "en")
@example("aa'a é", "en")
@example("\x00\x00\x00 \n\n\n", "en")
def test_a_text_has_the_readings_that_it_should(text: str, locale: str) -> None:
    assert [list(words) for words in readings(text, locale)] == [list(words) for words in plain.readings(text, locale)]


@settings(max_examples=1_000)
@given(_TEXT, _LOCALE, _ENTRIES)
@example("lamp e v i l s", "en", {"en": ["evils*"]})
@example("so aa l3g as", "en", {"und": ["so le*"], "en": ["aa leg as"]})
@example("so aa l3g as", "en", {"und": ["aa le*"]})
@example("so leg as", "en", {"und": ["so le*", "leg a x"], "en": ["leg ases"]})
def test_a_text_is_blocked_where_it_should_be(text: str, locale: str, entries: dict[str, list[str]]) -> None:
    check = SafetyCheck((locale,), (BlockList.build(entries),))
    assert (check.refusal(text, locale) is Refusal.BLOCKED) is plain.is_blocked(text, locale, entries)


@given(_TEXT, _LOCALE, _ENTRIES)
def test_two_lists_block_what_either_does(text: str, locale: str, entries: dict[str, list[str]]) -> None:
    halves = [{name: each[part::2] for name, each in entries.items()} for part in (0, 1)]
    check = SafetyCheck((locale,), [BlockList.build(half) for half in halves])
    assert (check.refusal(text, locale) is Refusal.BLOCKED) is plain.is_blocked(text, locale, entries)


def test_words_of_a_script_without_spaces_use_up_no_readings() -> None:
    text = "日本語のテキストは長いので g r e y"
    assert SafetyCheck(("ja",), (BlockList.build({"en": [], "und": ["grey"]}),)).refusal(text, "ja") is Refusal.BLOCKED


def in_format_1(block_list: BlockList, path: Path) -> BlockList:
    """The list as it was written before there were heads, read by this program."""
    block_list.save(path)
    line, body = path.read_bytes().split(b"\n", 1)
    header = orjson.loads(line)
    body = body[: 8 * header["entries"] + header["filter"]]
    old = {name: header[name] for name in ("key", "locales", "longest", "beginnings", "entries")}
    text = orjson.dumps({"format": 1, **old, "digest": plain.digest(body)})
    path.write_bytes(text + b" " * (-(len(text) + 1) % 8) + b"\n" + body)
    return BlockList.load(path)


@settings(max_examples=80)
@given(texts=st.lists(_TEXT, max_size=6), entries=_ENTRIES)
def test_a_list_of_format_1_blocks_the_same(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], entries: dict[str, list[str]]
) -> None:
    old = in_format_1(BlockList.build(entries), tmp_path_factory.getbasetemp() / "block_list")
    check = SafetyCheck(("en-GB",), (old,))
    for text in texts:
        assert (check.refusal(text, "en-GB") is Refusal.BLOCKED) is plain.is_blocked(text, "en-GB", entries)


def test_a_list_of_format_2_is_the_same_list_when_it_is_read(tmp_path: Path) -> None:
    built = BlockList.build({"en": ["zork", "evil saw", "grim*", "evil sawdu*"], "de": ["x y z"]})
    built.save(tmp_path / "block_list")
    assert BlockList.load(tmp_path / "block_list") == built
    assert built.stem == 4
    assert sum(map(bool, array("I", built.stems))) == 1
