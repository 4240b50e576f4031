"""Product types: the head nouns of titles, found by how words behave over the whole catalogue.

No dictionary and no category is needed. A title such as "Acme X200 laser printer, black, 20 ppm" is cut into segments
at numbers, model names, brands, punctuation and function words ("laser printer", "black"). A product type is what

- ends segments, for many brands ("printer"), while a series name ends them for one ("LaserJet");
- is no value of the product's own attributes ("black") and does not count something ("20 ppm");
- stands before the function word, not behind it ("case *for* laptop" is a case).

The words before a head join it while they recur ("laser printer"), and the shorter type is the broader one.
"""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from data.product import Product
from data.text import Analyser, Token, TokenKind

# A type needs this share of the catalogue's groups, and never fewer than three: below, series names look like types.
LEAST_SHARE = 0.0002
LEAST_GROUPS = 3
# Of a catalogue that has brands: a word that one or two brands use is their series name.
LEAST_BRANDS = 3
# With fewer brands than ten for each of those three, even real types belong to one brand.
BRANDS_PER_MAKER = 10
# A word that so often begins the titles whose segment it ends is the maker's name in a catalogue without brands.
FIRST_SHARE = 0.5
# A word that in so many of its titles is the product's own attribute value describes; it does not name.
VALUE_SHARE = 0.4
# A word that so often follows a number is counted: "pages", "port", "ppm".
COUNTED_SHARE = 0.4
# A word that ends so few of the segments it is in qualifies what follows it ("mini", "photo").
LEAST_END_SHARE = 0.3
# A word that so often comes behind a better head in its title describes that head ("gray").
BEHIND_SHARE = 0.5
# How good the earlier head must be, against the later word: frequent colours score like heads.
GOOD_ENOUGH = 0.3
# When one word so often stands before a phrase, the phrase is a fragment: "(high) capacity cartridge".
FRAGMENT_SHARE = 0.8
# Of two equally good segments the earlier names the product more often; judged on 200 titles of two catalogues.
LATER_SEGMENT = 0.75
LONGEST_TYPE = 3
# Characters; longer values are sentences.
LONGEST_VALUE = 40
# Fields whose values name what a product is: they are no reason to take a word for a description.
NAMING_FIELDS = frozenset({"product_type", "item_type", "type_of_product"})
_BREAKS = frozenset(",()[]{}|;:/&+•")
# Also the one that does not break.
_HYPHENS = frozenset("-\u2010\u2011")


@dataclass(frozen=True, slots=True)
class _Title:
    """A title cut up: segments of words before the first function word, and all words with what precedes them."""

    segments: tuple[tuple[str, ...], ...]
    maker: str
    group: str


@dataclass(frozen=True, slots=True)
class MinedType:
    """A product type: its words, the rows it names, and the evidence for people."""

    words: tuple[str, ...]
    rows: tuple[int, ...]
    groups: int
    makers: int
    confidence: float

    @property
    def norm(self) -> str:
        """Its normal form, in which hyphens are blanks."""
        return self.name.replace("-", " ")

    @property
    def name(self) -> str:
        """As titles write it."""
        return " ".join(self.words)


def mine_product_types(products: Sequence[Product], locale: str, analyser: Analyser) -> list[MinedType]:
    """The product types of a catalogue, most products first; each row has at most one.

    Args:
        products: In the order of their rows.
        locale: Whose titles are read.
        analyser: Of that locale.
    """
    tokens = [analyser.word_tokens(product.text(locale).title) for product in products]
    describing = describing_words(products, tokens, analyser)
    titles = [
        _cut(product, product.text(locale).title, words, analyser, describing)
        for product, words in zip(products, tokens, strict=True)
    ]
    least = max(LEAST_GROUPS, math.ceil(LEAST_SHARE * len({title.group for title in titles})))
    brands = len({product.brand for product in products if product.brand})
    least_makers = max(1, min(LEAST_BRANDS, brands // BRANDS_PER_MAKER))
    followers = _followers(titles, _head_scores(titles, least, least_makers))
    titles = [_without(title, followers) for title in titles]
    heads = _head_scores(titles, least, least_makers)
    phrases = _phrases(titles, heads, least)
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, title in enumerate(titles):
        named = _name(title, heads, phrases)
        if named is not None:
            rows[named].append(row)
    return _worth_keeping(rows, titles, heads, least)


def describing_words(
    products: Iterable[Product], titles: Iterable[Sequence[Token]], analyser: Analyser
) -> frozenset[str]:
    """Words that in titles mostly repeat an attribute's value or name, count something, or are single letters.

    Args:
        products: Whose attributes they are.
        titles: The words of each product's title.
        analyser: Of their language.
    """
    seen: Counter[str] = Counter()
    described: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    known: dict[str, tuple[str, ...]] = {}
    for product, tokens in zip(products, titles, strict=True):
        words = {token.text for token in tokens}
        seen.update(words)
        own = _own_values([token.text for token in tokens], product, analyser, known)
        own |= words.intersection(product.attributes)
        described.update(own)
        counted.update(
            {
                token.text
                for before, token in itertools.pairwise(tokens)
                if before.kind is TokenKind.NUMBER or token.kind is TokenKind.UNIT
            }
        )
    return frozenset(
        word
        for word, times in seen.items()
        if described[word] >= VALUE_SHARE * times
        or counted[word] >= COUNTED_SHARE * times
        or (len(word) < 2 and word.isascii())
    )


def _own_values(
    title: Sequence[str], product: Product, analyser: Analyser, known: dict[str, tuple[str, ...]]
) -> set[str]:
    """Words that stand in a title only where it repeats a value of the product's attributes.

    In "notebook case 40 cm sleeve case" the value "sleeve case" does not make "case" one: it also stands alone.
    `known` remembers the words of values: most products repeat those of others.
    """
    values = set()
    for name, value in product.attributes.items():
        if isinstance(value, str | tuple) and name not in NAMING_FIELDS:
            for text in (value,) if isinstance(value, str) else value:
                if len(text) < LONGEST_VALUE:
                    if text not in known:
                        known[text] = tuple(analyser.words(text))
                    values.add(known[text])
    covered = [False] * len(title)
    for length in (1, 2, 3):
        for at in range(len(title) - length + 1):
            if tuple(title[at : at + length]) in values:
                covered[at : at + length] = [True] * length
    return set(title) - {word for word, inside in zip(title, covered, strict=True) if not inside}


def _cut(
    product: Product, title: str, words: Sequence[Token], analyser: Analyser, describing: frozenset[str]
) -> _Title:
    maker = analyser.words(product.brand)
    segments: list[tuple[str, ...]] = []
    current: list[str] = []
    end = 0

    def close() -> None:
        if current:
            segments.append(tuple(current))
            current.clear()

    for parts in _compounds(title, words):
        gap = title[end : parts[0].start]
        end = parts[-1].end
        if gap == "/" and current and not _is_plain_word(parts[0]):
            # A standard or model: "PS/2".
            current.pop()
        if not _BREAKS.isdisjoint(gap) or " - " in gap:
            close()
        if len(parts) == 1 and parts[0].kind is TokenKind.WORD and analyser.is_stop(parts[0].text):
            close()
            if segments:
                break
        elif (
            not all(_is_plain_word(part) for part in parts)
            or all(part.text in describing for part in parts)
            or all(part.text in maker for part in parts)
        ):
            close()
        else:
            current.append("-".join(part.text for part in parts))
    close()
    first = maker[0] if maker else next(iter(analyser.words(title)), "")
    return _Title(tuple(segments), first, product.group_id)


def _compounds(title: str, words: Iterable[Token]) -> Iterator[list[Token]]:
    """The words of a title; what hyphens join comes together: "ready-to-use", "t-shirt", the model "SM-R175"."""
    parts: list[Token] = []
    for token in words:
        if parts and title[parts[-1].end : token.start] not in _HYPHENS:
            yield parts
            parts = []
        parts.append(token)
    if parts:
        yield parts


def _is_plain_word(token: Token) -> bool:
    return token.kind is TokenKind.WORD and not any(character.isdigit() for character in token.text)


def _head_scores(titles: Sequence[_Title], least_groups: int, least_makers: int) -> dict[str, float]:
    """How much each word behaves like a head: ends segments, of many products of many makers."""
    ends: dict[str, set[str]] = defaultdict(set)
    total: dict[str, set[str]] = defaultdict(set)
    makers: dict[str, set[str]] = defaultdict(set)
    first: Counter[str] = Counter()
    for title in titles:
        if title.segments and len(title.segments) > 1 and title.segments[0][0] == title.maker:
            first[title.segments[0][-1]] += 1
        for segment in title.segments:
            ends[segment[-1]].add(title.group)
            makers[segment[-1]].add(title.maker)
            for word in segment:
                total[word].add(title.group)
    return {
        word: math.log1p(len(groups)) * share * math.log1p(len(makers[word]))
        for word, groups in ends.items()
        if len(groups) >= least_groups
        and len(makers[word]) >= least_makers
        and first[word] < FIRST_SHARE * len(groups)
        and (share := len(groups) / len(total[word])) >= LEAST_END_SHARE
    }


def _followers(titles: Sequence[_Title], heads: dict[str, float]) -> frozenset[str]:
    """Words that mostly end segments behind a head's: they describe it ("paper, matt")."""
    seen: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    for title in titles:
        best = 0.0
        for segment in title.segments:
            own = heads.get(segment[-1], 0.0)
            seen[segment[-1]] += 1
            behind[segment[-1]] += best > GOOD_ENOUGH * own
            best = max(best, own)
    return frozenset(word for word in heads if behind[word] >= BEHIND_SHARE * seen[word])


def _without(title: _Title, words: frozenset[str]) -> _Title:
    segments = []
    for segment in title.segments:
        while segment and segment[-1] in words:
            segment = segment[:-1]
        if segment:
            segments.append(segment)
    return _Title(tuple(segments), title.maker, title.group)


def _phrases(titles: Sequence[_Title], heads: dict[str, float], least: int) -> frozenset[tuple[str, ...]]:
    """Two and three words that end in a head and recur, and are no fragments of a longer phrase."""
    groups: dict[tuple[str, ...], set[str]] = defaultdict(set)
    makers: dict[tuple[str, ...], set[str]] = defaultdict(set)
    before: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for title in titles:
        for segment in title.segments:
            if segment[-1] not in heads:
                continue
            for length in range(2, min(LONGEST_TYPE, len(segment)) + 1):
                phrase = segment[-length:]
                if len(set(phrase)) < length:
                    continue
                groups[phrase].add(title.group)
                makers[phrase].add(title.maker)
                before[phrase][segment[-length - 1] if len(segment) > length else ""] += 1
    found = set()
    for phrase, members in groups.items():
        neighbour, times = before[phrase].most_common(1)[0]
        is_fragment = neighbour != "" and times >= FRAGMENT_SHARE * before[phrase].total()
        if len(members) >= least and len(makers[phrase]) >= 2 and not is_fragment:
            found.add(phrase)
    return frozenset(found)


def _name(title: _Title, heads: dict[str, float], phrases: frozenset[tuple[str, ...]]) -> tuple[str, ...] | None:
    best: tuple[float, tuple[str, ...]] | None = None
    for place, segment in enumerate(title.segments):
        score = heads.get(segment[-1], 0.0) * LATER_SEGMENT**place
        if score > 0 and (best is None or score > best[0]):
            best = score, segment
    if best is None:
        return None
    segment = best[1]
    for length in range(min(LONGEST_TYPE, len(segment)), 1, -1):
        if segment[-length:] in phrases:
            return segment[-length:]
    return segment[-1:]


def _worth_keeping(
    rows: dict[tuple[str, ...], list[int]], titles: Sequence[_Title], heads: dict[str, float], least: int
) -> list[MinedType]:
    """Types with enough products; the rows of a longer type that has too few go to its head."""
    kept: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for words, named in rows.items():
        enough = len({titles[row].group for row in named}) >= least
        kept[words if enough else words[-1:]] += named
    best = max(heads.values(), default=1.0)
    types = [
        MinedType(
            words,
            tuple(sorted(named)),
            len({titles[row].group for row in named}),
            len({titles[row].maker for row in named}),
            round(min(1.0, 0.5 + 0.5 * heads[words[-1]] / best), 3),
        )
        for words, named in kept.items()
        if len({titles[row].group for row in named}) >= least
    ]
    return sorted(types, key=lambda mined: (-len(mined.rows), mined.words))
