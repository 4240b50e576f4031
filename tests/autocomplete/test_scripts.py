"""Scripts without spaces and from right to left, over labels of shops: prefixes, insides, slips, highlights."""

import random
from functools import cache
from pathlib import Path

import pytest

from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import grouping
from autocomplete.matching.match import MatchKind
from autocomplete.matching.typed import parse_prefix
from autocomplete.prefix import Prefix
from autocomplete.suggestion import Suggestion
from autocomplete.words import is_unspaced, split_words
from data.text import analyser_for
from tests.autocomplete.test_definition import completer_of

UNSPACED = ("zh", "ja", "th")
SCRIPTS = (*UNSPACED, "ar", "he", "fa")


def labels(locale: str) -> list[str]:
    return (Path(__file__).parent / "scripts" / f"{locale}.txt").read_text(encoding="utf-8").splitlines()


@cache
def shop(locale: str) -> TrieCompleter:
    """Best first, near-duplicates as in a release."""
    texts = labels(locale)
    completions = [Completion(text, float(len(texts) - place)) for place, text in enumerate(texts)]
    return TrieCompleter(build_index(completions, grouping(analyser_for(locale))), build_index([], " ".join))


def ask(locale: str, prefix: str, limit: int = 8) -> list[Suggestion]:
    return shop(locale).complete(Prefix(prefix, limit), Context(explain=True))


def marked(suggestion: Suggestion) -> list[str]:
    return [suggestion.text[start:end] for start, end in suggestion.highlights]


def test_there_are_labels_enough_and_no_two_alike() -> None:
    for locale in SCRIPTS:
        found = labels(locale)
        assert len(found) == (200 if locale in UNSPACED else 60)
        assert len({tuple(split_words(text)) for text in found}) == len(found)


@pytest.mark.parametrize("locale", SCRIPTS)
def test_every_prefix_of_every_label_finds_it(locale: str) -> None:
    engine = shop(locale)
    for text in labels(locale):
        for end in range(1, len(text) + 1):
            if parse_prefix(text[:end]) is not None and text[:end] == text[:end].rstrip():
                found = {match.text: match.kind for match in engine.match(text[:end], 200)}
                assert found.get(text) is MatchKind.PREFIX, text[:end]


@pytest.mark.parametrize("locale", UNSPACED)
def test_a_run_from_anywhere_inside_finds_it_before_what_is_scattered(locale: str) -> None:
    engine = shop(locale)
    for text in labels(locale):
        words = split_words(text)
        for start in range(1, len(words) - 1):
            for end in (start + 2, len(words)):
                run = words[start:end]
                if not all(map(is_unspaced, run)):
                    continue
                found = engine.match("".join(run), 200)
                kinds = {match.text: match.kind for match in found}
                assert kinds.get(text) in (MatchKind.PREFIX, MatchKind.INFIX), "".join(run)
                in_one = ["".join(run) in "".join(split_words(match.text)) for match in found]
                assert in_one == sorted(in_one, reverse=True)


def test_what_is_typed_in_one_piece_is_not_lost_among_better_scattered_ones() -> None:
    scattered = [f"ยา{chr(0x0E01 + place % 40)}ง{place}สี" for place in range(300)]
    engine = completer_of([*scattered, "แปรงสีฟัน"])
    assert [match.text for match in engine.match("งสี", 8)] == ["แปรงสีฟัน"]
    ideographs = [f"手{chr(0x5000 + place)}壳" for place in range(300)]
    assert engine_first(completer_of([*ideographs, "新款手壳"]), "手壳") == "新款手壳"


def engine_first(engine: TrieCompleter, prefix: str) -> str:
    return engine.match(prefix, 8)[0].text


def clusters_of(text: str, start: int, end: int) -> tuple[int, int]:
    """The span with the marks that stand above, below or behind its letters; none is cut off from its letter."""
    marks = "\u0e31\u0e33\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u200c"
    while text[start] in marks:
        start -= 1
    while end < len(text) and text[end] in marks:
        end += 1
    return start, end


@pytest.mark.parametrize("locale", SCRIPTS)
def test_the_typed_run_is_highlighted_to_the_character(locale: str) -> None:
    generator = random.Random(7)
    for text in labels(locale):
        starts = [0, *(place for place, letter in enumerate(text) if locale in UNSPACED and is_unspaced(letter))]
        start = generator.choice(starts)
        typed = text[start : generator.randint(start + 1, len(text))].rstrip(" -\u200c")
        # Where it stands twice, the first one is marked.
        start = text.index(typed)
        found = {suggestion.text: suggestion for suggestion in ask(locale, typed, 200)}
        assert found[text].highlights == (clusters_of(text, start, start + len(typed)),), typed


@pytest.mark.parametrize(
    ("locale", "typed", "text", "highlighted"),
    [
        # One letter for whoever types it.
        ("ja", "けーぶる", "USBケーブル", ["ケーブル"]),
        ("ja", "ｹｰﾌﾞﾙ", "USBケーブル", ["ケーブル"]),
        ("ja", "usbケ-ブル", "USBケーブル", ["USBケーブル"]),
        ("ja", "ＵＳＢけ〜ぶる", "USBケーブル", ["USBケーブル"]),
        ("ja", "シヤワー", "シャワーヘッド", ["シャワー"]),
        ("zh", "ｕｓｂ", "USB 集线器", ["USB"]),
        ("th", "นํ้าหอม", "น้ำหอม", ["น้ำหอม"]),
        ("th", "เเว่น", "แว่นกันแดด", ["แว่น"]),
        ("th", "น", "น้ำหอม", ["น้ำ"]),
        ("ar", "احمر", "أحمر شفاه", ["أحمر"]),
        ("ar", "سَمّاعات", "سماعات بلوتوث", ["سماعات"]),
        ("ar", "ابـــريق", "إبريق شاي", ["إبريق"]),
        ("ar", "اله قهوه", "آلة قهوة", ["آلة قهوة"]),
        ("ar", "مقلاه هواييه", "مقلاة هوائية", ["مقلاة هوائية"]),
        ("he", "קומקוּם", "קומקום חשמלי", ["קומקום"]),
        ("he", "שׁוּלְחָן", "שולחן עבודה", ["שולחן"]),
        ("he", "ג'ינס", "מכנסי ג׳ינס", ["ג׳ינס"]),
        ("he", "מים", "בקבוק מים", ["מים"]),
        ("fa", "كيف", "کیف لپ‌تاپ", ["کیف"]),
        ("fa", "شارژر بیسیم", "شارژر بی‌سیم", ["شارژر بی‌سیم"]),
        # Words in any order, scripts mixed.
        ("zh", "iphone 手", "iPhone 手机壳", ["iPhone 手"]),
        ("zh", "手机壳 iphone", "iPhone 手机壳", ["iPhone 手机壳"]),
        ("zh", "数据线 type", "Type-C 数据线", ["Type", "数据线"]),
        ("zh", "运动鞋男", "男士运动鞋", ["男", "运动鞋"]),
        ("zh", "女鞋", "女士凉鞋", ["女", "鞋"]),
        ("ja", "掃除機 ロボット", "ロボット掃除機", ["ロボット掃除機"]),
        ("th", "กันแดด ครีม", "ครีมกันแดด", ["ครีมกันแดด"]),
        ("th", "iphone เคส", "เคส iPhone", ["เคส iPhone"]),
        ("th", "สายusb", "สาย USB", ["สาย USB"]),
    ],
)
def test_finds_as_typed(locale: str, typed: str, text: str, highlighted: list[str]) -> None:
    found = {suggestion.text: suggestion for suggestion in ask(locale, typed)}
    assert text in found
    assert found[text].correction is None
    assert marked(found[text]) == highlighted


def test_digits_of_any_script_and_the_farsi_ones() -> None:
    engine = completer_of(["شاشة ٢٤ بوصة", "لیوان ۶ عددی"])
    for typed, text in (("شاشه 24", "شاشة ٢٤ بوصة"), ("ليوان 6", "لیوان ۶ عددی"), ("شاشة ۲۴", "شاشة ٢٤ بوصة")):
        assert [match.text for match in engine.match(typed, 5)] == [text]


@pytest.mark.parametrize(
    ("locale", "typed", "text", "correction"),
    [
        ("zh", "蓝呀耳机", "蓝牙耳机", ("蓝呀耳机", "蓝牙耳机")),
        ("zh", "保温悲", "保温杯", ("保温悲", "保温杯")),
        ("zh", "iphone 手机克", "iPhone 手机壳", ("手机克", "手机壳")),
        ("zh", "ihpone 手机壳", "iPhone 手机壳", ("ihpone", "iphone")),
        ("ja", "ケブル", "USBケーブル", ("ケブル", "ケーブル")),
        ("ja", "けールぶ", "USBケーブル", ("けールぶ", "ケーブル")),
        ("ja", "usbケーブリ", "USBケーブル", ("ケーブリ", "ケーブル")),
        ("ja", "けーぶr", "USBケーブル", ("ぶr", "ブ")),
        ("th", "รองเทา", "รองเท้าผ้าใบ", ("รองเทา", "รองเท้า")),
        ("th", "กระเป่าเป้", "กระเป๋าเป้", ("กระเป่าเป้", "กระเป๋าเป้")),
        ("th", "นำ้หอม", "น้ำหอม", ("นำ้หอม", "น้ำหอม")),
        ("ar", "حامل كامبرا", "حامل كاميرا", ("كامبرا", "كاميرا")),
        ("he", "שלחן", "שולחן עבודה", ("שלחן", "שולחן")),
        ("fa", "قهوه ساز", "قهوه‌ساز", ("قهوه ساز", "قهوه‌ساز")),
    ],
)
def test_finds_with_a_slip(locale: str, typed: str, text: str, correction: tuple[str, str]) -> None:
    found = {suggestion.text: suggestion for suggestion in ask(locale, typed)}
    assert text in found
    made = found[text].correction
    assert made is not None
    assert (made.original, made.replacement) == correction
    assert typed[made.start : made.end] == made.original


@pytest.mark.parametrize(
    ("locale", "typed"),
    [
        ("zh", "壶鼠箱杯"),
        ("zh", "壳机"),
        ("zh", "手悲"),
        ("ja", "ルブーケ"),
        ("ja", "カムロ"),
        ("th", "ท้ารเ"),
        ("th", "กขจ"),
    ],
)
def test_nonsense_of_the_shops_own_characters_finds_nothing(locale: str, typed: str) -> None:
    assert ask(locale, typed) == []


def mistyped(generator: random.Random, text: str, letters: list[str], slip: str) -> str:
    """One character of the script changed, missing, put in or swapped with its neighbour."""
    while True:
        place = generator.randrange(len(text))
        here, letter = text[place : place + 2], generator.choice(letters)
        if here[0].isascii() or (slip == "swap" and (len(here) < 2 or here[1].isascii())):
            continue
        changed = {"change": letter + here[1:], "miss": here[1:], "add": letter + here, "swap": here[::-1]}[slip]
        made = text[:place] + changed + text[place + 2 :]
        if made != text:
            return made


@pytest.mark.parametrize("locale", SCRIPTS)
@pytest.mark.parametrize("slip", ["change", "miss", "add", "swap"])
def test_one_slip_finds_nearly_all_that_was_found_without(locale: str, slip: str) -> None:
    generator, engine = random.Random(3), shop(locale)
    texts = [text for text in labels(locale) if len(text) >= 4 and not text[-2].isascii()]
    letters = sorted({letter for text in texts for letter in text if not letter.isascii()})

    def reciprocal_rank(prefix: str, text: str) -> float:
        found = [match.text for match in engine.match(prefix, 10)]
        return 1.0 / (found.index(text) + 1) if text in found else 0.0

    clean = sum(reciprocal_rank(text, text) for text in texts)
    typed = sum(reciprocal_rank(mistyped(generator, text, letters, slip), text) for text in texts)
    assert typed >= 0.95 * clean > 0.9 * len(texts)


def test_characters_in_another_order_are_another_thing() -> None:
    group_of = grouping(analyser_for("zh"))
    assert group_of(split_words("牛奶")) != group_of(split_words("奶牛"))
    assert group_of(split_words("手机壳 iPhone")) == group_of(split_words("iphone手机 壳"))


def test_no_letter_is_taken_for_an_ideograph_where_one_is_too_many() -> None:
    engine = completer_of(["ダウンジャケット", "ブラックコーヒー"])
    (found,) = engine.match("黒ジャケット", 5)
    assert found.slip is not None
    assert found.slip.replacements == (tuple("じやけつと"),)
