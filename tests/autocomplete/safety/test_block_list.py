"""Block lists on the disk: hashed, whole or refused."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocomplete.safety.block_list import BlockList
from autocomplete.safety.entries import read_blocked
from data.errors import ConfigError, ReleaseDamaged, ReleaseTooNew
from data.shop import load_shop, parse_shop

WORDS = st.text("abcde", min_size=1, max_size=4)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3)), st.lists(WORDS, max_size=6))
def test_a_list_holds_what_stands_among_the_words(entries: list[list[str]], words: list[str]) -> None:
    block_list = BlockList.build({"en": map(" ".join, entries)})
    expected = any(
        words[start : start + len(entry)] == entry for entry in entries for start in range(len(words) - len(entry) + 1)
    )
    assert block_list.holds(words, block_list.locales_of("en")) is expected


@given(st.lists(WORDS), st.lists(WORDS, max_size=6))
def test_a_star_stands_for_the_rest_of_a_word(beginnings: list[str], words: list[str]) -> None:
    block_list = BlockList.build({"und": [f"{beginning}*" for beginning in beginnings]})
    expected = any(word.startswith(beginning) for word in words for beginning in beginnings)
    assert block_list.holds(words, block_list.locales_of("de")) is expected


def test_each_locale_has_its_own_entries_and_those_of_all() -> None:
    block_list = BlockList.build({"en": ["gift"], "de": ["dick"], "und": ["zork"]})

    def blocked(locale: str) -> set[str]:
        return {word for word in ("gift", "dick", "zork") if block_list.holds([word], block_list.locales_of(locale))}

    assert blocked("en-GB") == {"gift", "zork"}
    assert blocked("de") == {"dick", "zork"}
    assert blocked("fr") == {"zork"}


def test_the_file_says_the_same_and_shows_no_word(tmp_path: Path) -> None:
    rng = random.Random(5)
    words = ["".join(rng.choices("abcdefghijklmnop", k=8)) for _ in range(100_000)]
    built = BlockList.build({"en": [*words, "evil saw"]})
    built.save(tmp_path / "block_list")
    loaded = BlockList.load(tmp_path / "block_list")
    assert len(loaded) == len({*words, "evil saw"})
    held = [word for word in words[:2_000] if loaded.holds([word], ("en",))]
    assert held == words[:2_000]
    others = ["".join(rng.choices("qrstuvwxyz", k=8)) for _ in range(2_000)]
    assert not any(loaded.holds([word], ("en",)) for word in others)
    assert loaded.holds(["the", "evil", "saw", "blade"], ("en",))
    written = (tmp_path / "block_list").read_bytes()
    assert not any(word.encode() in written for word in (*words[:100], "evil"))


def test_a_word_has_another_hash_in_another_list_and_the_same_in_the_same() -> None:
    lists = [BlockList.build({"en": words}) for words in (["zork"], ["zork"], ["zork", "evil"])]
    assert lists[0] == lists[1]
    assert not set(lists[0].hashes) & set(lists[2].hashes)


@pytest.mark.parametrize("cut", [0, 10, -1])
def test_a_damaged_list_is_refused_and_not_taken_for_an_empty_one(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "block_list"
    BlockList.build({"en": ["zork"]}).save(path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ReleaseDamaged, match="block_list"):
        BlockList.load(path)


def test_an_altered_or_newer_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "block_list"
    BlockList.build({"en": ["zork"]}).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ReleaseDamaged, match="digest"):
        BlockList.load(path)
    path.write_bytes(whole.replace(b'"format":2', b'"format":9'))
    with pytest.raises(ReleaseTooNew, match="got 9"):
        BlockList.load(path)


def test_a_shop_brings_files_beside_its_own(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("\ufeff# ours\n\n  zork \nevil saw\n", encoding="utf-8")
    (tmp_path / "shop.toml").write_text(
        '[suggest]\nblocked = ["drat"]\n[safety.block_lists]\nen = "en.txt"\n', encoding="utf-8"
    )
    path = tmp_path / "shop.toml"
    assert read_blocked(load_shop(path), path) == {"und": ["drat"], "en": ["zork", "evil saw"]}
    (tmp_path / "en.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"safety\.block_lists\.en"):
        read_blocked(load_shop(path), path)
    (tmp_path / "en.txt").unlink()
    with pytest.raises(ConfigError, match=r"en\.txt"):
        read_blocked(load_shop(path), path)
    with pytest.raises(ConfigError, match="BCP 47"):
        parse_shop('[safety.block_lists]\n"e n" = "x"\n', None, "shop.toml")
