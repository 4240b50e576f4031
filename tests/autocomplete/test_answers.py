"""Whatever is typed: an answer is no longer than asked for, says nothing twice, and its offsets are those of texts."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autocomplete.build import build_autocomplete
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.load import load_autocomplete
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.prefix import Prefix
from autocomplete.suggestion import SuggestionKind
from data.product import Product, ProductText
from data.shop import ShopConfig

CONFIG = ShopConfig.model_validate({"name": "two", "locales": ["en", "ja"]})
TITLES = {
    "en": [
        "Casa Marea Isando, grey",
        "Casa Marea Isando",
        "Casa Marea Isando cushion",
        "Trisio bike lock 0.5m",
        "Nimbo waterproof jacket",
        "Nimbo wool jacket",
        "Auralis headphones",
        "Pellworm mug",
    ],
    "ja": [
        "Nimbo マウス グレー 再生プラスチック",
        "Pellworm マスタード 60cm",
        "Campero テント ライトブルー 1人用",
        "ブラック 三脚",
        "ブック スタンド 木製",
        "防水ジャケット グレー",
        "不锈钢保温杯",
    ],
}
QUERIES = {
    "en": ["bike lock", "grey cushion", "wool jacket", "Casa Marea Isando", "head phones", "waterproof", "jacket"],
    "ja": [
        "グレー 靴下",
        "ダウンジャケット",
        "クッション",
        "三脚",
        "防水 ジャケット",
        "保温杯",
        "usb ケーブル",
        "Nordfjell ショートパンツ",
    ],
}
WORDS = sorted({word for texts in (*TITLES.values(), *QUERIES.values()) for text in texts for word in text.split()})


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> LocaleCompleter:
    folder = tmp_path_factory.mktemp("autocomplete")
    products = [
        Product(f"{locale}{place}", f"{locale}{place}", {locale: ProductText(title)})
        for locale, titles in TITLES.items()
        for place, title in enumerate(titles)
    ]
    completions = [
        Completion(text, 9.0 - place, locale=locale, result_count=3)
        for locale, texts in QUERIES.items()
        for place, text in enumerate(texts)
    ]
    completions += [
        Completion(title, 0.1, SuggestionKind.PRODUCT, locale=locale, product_id=f"{locale}{place}", result_count=1)
        for locale, titles in TITLES.items()
        for place, title in enumerate(titles)
    ]
    build_autocomplete(folder, completions, CONFIG, products=products)
    return load_autocomplete(folder, CONFIG)


@st.composite
def prefixes(draw: st.DrawFn) -> str:
    """Words of the shop with up to two characters put in, left out or changed, cut anywhere."""
    text = draw(st.sampled_from([" ", "  ", ", ", "-"])).join(draw(st.lists(st.sampled_from(WORDS), max_size=5)))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        character = draw(st.sampled_from([*"aeqQ12 -'.ßİ\u200dあ材", ""]))
        text = text[:at] + character + text[at + draw(st.integers(0, 1)) :]
    return text[: draw(st.integers(0, 40))]


@settings(max_examples=1_500, deadline=None)
@given(prefixes(), st.sampled_from([1, 2, 3, 8, 50]), st.sampled_from(["en", "ja"]))
@example("N", 1, "en")  # gone on with, though the answer was full
@example("casa marea is", 8, "en")  # a query and a product of one text
@example("w o", 2, "en")  # two readings that go on to one text
@example("ライ1ブルーあ", 1, "ja")  # a character too many
@example("aNimbo ajac", 1, "en")  # two words with a slip each, found apart
@example("ショートパンツ, NORDFJELL, クッ", 20, "ja")  # as much before a run as a completion has words
def test_every_answer_keeps_its_form(shop: LocaleCompleter, text: str, limit: int, locale: str) -> None:
    answer = shop.complete(Prefix(text, limit, locale), Context(explain=True))
    assert len(answer) <= limit
    assert len({each.text.casefold() for each in answer}) == len(answer)
    assert [each.score for each in answer] == sorted((each.score for each in answer), reverse=True)
    for each in answer:
        ends = [0]
        for start, end in each.highlights:
            assert ends[-1] <= start < end <= len(each.text)
            ends.append(end)
        slip = each.correction
        assert (slip is not None) == ("slip" in str(each.reasons["match"]))
        if slip is not None:
            assert text[slip.start : slip.end] == slip.original
            # Word by word: what was typed in a row may stand apart ("aNimbo ajac" finds "Nimbo wool jacket").
            assert all(word in each.text.casefold() for word in slip.replacement.casefold().split())
