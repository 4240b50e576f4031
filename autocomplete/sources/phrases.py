"""Generated completions that titles spell out: "laser printer", "Cat6 patch cable"; "Lenovo ThinkPad"."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from autocomplete.words import Word, locate_words
from data.product import Product
from data.text import UNITS, Analyser

# Fewer groups of variants than this say it by chance.
FEWEST_GROUPS = 5
# What one brand alone says is its jargon ("WetEx keyboard"), in a shop of so many brands.
FEWEST_BRANDS = 2
MANY_BRANDS = 10
# A phrase that is so often the end of one certain longer phrase is a piece of it: "capacity cartridge".
FRAGMENT_SHARE = 0.8
# A word that titles write small so often is a common one, no name.
COMMON_SHARE = 0.1
_LONGEST_THING = 3
_MOST_BEFORE = 2
_SHORTEST_LINE = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """Something that the titles of so many `groups` say, most often written as `text`; `words` are folded."""

    text: str
    words: tuple[str, ...]
    groups: int


@dataclass(frozen=True, slots=True)
class Title:
    """A title with its folded words in place."""

    text: str
    brand: str
    group: str
    words: tuple[Word, ...]

    def joined(self, start: int, end: int) -> str | None:
        """The title's own spelling of words [start, end), `None` where more than a blank or hyphen parts them."""
        gaps = (self.text[self.words[at].end : self.words[at + 1].start] for at in range(start, end - 1))
        return (
            None
            if any(gap not in (" ", "-") for gap in gaps)
            else self.text[self.words[start].start : self.words[end - 1].end]
        )

    def is_hyphened(self, start: int, end: int) -> bool:
        """Whether words [start, end) are a piece of a word: "wi" of "Wi-Fi", "ps" of "PS/2"."""
        first, last = self.words[start].start, self.words[end - 1].end
        after = self.text[last : last + 2]
        return self.text[max(0, first - 1) : first] in ("-", "/") or (after[:1] in ("-", "/") and after[1:].isalnum())

    def is_numbered(self, end: int) -> bool:
        """Whether the word before `end` has a number behind that counts nothing: "LGA 775", but not "monitor 61 cm"."""
        if end == len(self.words) or not self.words[end].text.isdigit():
            return False
        if self.text[self.words[end - 1].end : self.words[end].start] != " ":
            return False
        after = self.text[self.words[end].end : self.words[end].end + 2]
        return not (after[:1] in (".", ",", '"') or (after[:1] == " " and after[1:].isalpha()))


def located_titles(products: Sequence[Product], locale: str, locales: Sequence[str]) -> list[Title]:
    """The titles of a locale, by row."""
    titles = []
    for product in products:
        text = product.text(locale, locales).title
        titles.append(Title(text, product.brand, product.group_id, tuple(locate_words(text))))
    return titles


def thing_phrases(
    titles: Sequence[Title], things: Set[tuple[str, ...]], unwanted: Set[str], analyser: Analyser
) -> tuple[list[Phrase], set[tuple[str, ...]]]:
    """What titles say right before a kind of thing, together with it.

    Args:
        titles: By row.
        things: Folded words of product types.
        unwanted: Words that are combined elsewhere: brands.
        analyser: Knows stop words.

    Returns:
        The phrases, and those of `things` that are only pieces of one longer phrase.
    """
    groups: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    surfaces: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    brands: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for title in titles:
        words = [word.text for word in title.words]
        for start, end in _things_in(words, things):
            groups[tuple(words[start:end])].add(title.group)
            for before in range(start - 1, max(-1, start - 1 - _MOST_BEFORE), -1):
                word = words[before]
                surface = title.joined(before, end)
                if surface is None or word in unwanted or analyser.is_stop(word) or word in words[before + 1 : end]:
                    break
                if len(word) < 2 or word[0].isdigit() or word in UNITS:
                    break
                key = tuple(words[before:end])
                groups[key].add(title.group)
                brands[key].add(title.brand)
                surfaces[key][surface] += 1
    fewest = FEWEST_BRANDS if len({title.brand for title in titles}) >= MANY_BRANDS else 1
    longer: Counter[tuple[str, ...]] = Counter()
    for key in surfaces:
        longer[key[1:]] = max(longer[key[1:]], len(groups[key]))
    pieces = {key for key, held in groups.items() if longer[key] >= FRAGMENT_SHARE * len(held)}
    phrases = [
        Phrase(surfaces[key].most_common(1)[0][0], key, len(held))
        for key, held in groups.items()
        if key not in things and key not in pieces and len(held) >= FEWEST_GROUPS and len(brands[key]) >= fewest
    ]
    return phrases, pieces & things


def _things_in(words: Sequence[str], things: Set[tuple[str, ...]]) -> Iterator[tuple[int, int]]:
    """Where the words name a thing, the longest name at each place; a name inside a longer one does not count."""
    at = 0
    while at < len(words):
        longest = min(_LONGEST_THING, len(words) - at)
        size = next((n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in things), 0)
        if size:
            yield at, at + size
        at += size or 1


def series_phrases(titles: Sequence[Title], described: Set[str]) -> list[Phrase]:
    """Brands with the name of a series right behind them: capitalised, no word that describes or names things.

    Args:
        titles: By row.
        described: Words of values and product types.
    """
    groups: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    surfaces: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    small: Counter[str] = Counter()
    written_in_all: Counter[str] = Counter()
    for title in titles:
        for word in title.words:
            written_in_all[word.text] += 1
            small[word.text] += title.text[word.start].islower()
    common = described | {word for word, count in small.items() if count >= COMMON_SHARE * written_in_all[word]}
    brands: Mapping[str, tuple[str, ...]] = {
        brand: tuple(word.text for word in locate_words(brand)) for brand in {title.brand for title in titles} if brand
    }
    for title in titles:
        brand = brands.get(title.brand, ())
        size = len(brand)
        if not size or tuple(word.text for word in title.words[:size]) != brand:
            continue
        for end in (size + 1, size + 2):
            if end > len(title.words):
                break
            last = title.words[end - 1]
            surface = title.joined(0, end)
            written = title.text[last.start : last.end]
            if surface is None or last.text in common or not last.text.isalpha() or not written[:1].isupper():
                break
            if title.is_hyphened(end - 1, end) or len(last.text) < _SHORTEST_LINE:
                continue
            key = tuple(word.text for word in title.words[:end])
            groups[key].add(title.group)
            surfaces[key][surface] += 1
    return [
        Phrase(surfaces[key].most_common(1)[0][0], key, len(held))
        for key, held in groups.items()
        if len(held) >= FEWEST_GROUPS
    ]


def stands_alone(titles: Sequence[Title], name: tuple[str, ...]) -> bool:
    """Whether a name mostly stands by itself: not "wi" (of "Wi-Fi"), "lga" (always "LGA 775") or "ps" ("PS/2")."""
    alone = bound = 0
    size = len(name)
    for title in titles:
        words = title.words
        for at in range(len(words) - size + 1):
            if words[at].text != name[0] or tuple(word.text for word in words[at : at + size]) != name:
                continue
            if title.is_hyphened(at, at + size) or title.is_numbered(at + size):
                bound += 1
            else:
                alone += 1
    return alone >= bound
