"""Titles cut into segments: runs of words between numbers, models, brands, values, punctuation and function words."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from data.product import Product
from data.text import Analyser, Token, TokenKind
from graph.stated_types import NAMING_FIELDS

# A word that in so many of its titles is the product's own attribute value describes; it does not name.
VALUE_SHARE = 0.4
# A word that so often follows a number is counted: "pages", "port", "ppm".
COUNTED_SHARE = 0.4
# Characters; longer values are sentences.
LONGEST_VALUE = 40
# Words of a value that is looked for in titles.
LONGEST_REPEATED = 3
_BREAKS = frozenset(",()[]{}|;:/&+•")
# Also the one that does not break.
_HYPHENS = frozenset("-\u2010\u2011")


@dataclass(frozen=True, slots=True)
class Title:
    """A title cut up.

    Attributes:
        segments: Of words, in order, up to the first function word behind one.
        maker: The brand's first word, or the title's.
        group: Of the product.
        closed: Whether the last segment is followed by a function word or the title's end, not by a number or value.
    """

    segments: tuple[tuple[str, ...], ...]
    maker: str
    group: str
    closed: bool


def cut_titles(
    products: Sequence[Product], locale: str, analyser: Analyser, named: frozenset[str]
) -> tuple[Title, ...]:
    """Every product's title, in their order.

    Args:
        products: In the order of their rows.
        locale: Whose titles are read.
        analyser: Of that locale.
        named: Words that name products whatever else they are.
    """
    describing = describing_words(products, locale, analyser) - named
    return tuple(_cut(product, locale, analyser, describing) for product in products)


def describing_words(products: Iterable[Product], locale: str, analyser: Analyser) -> frozenset[str]:
    """Words that in titles mostly repeat an attribute's value or name, count something, or are single letters."""
    seen: Counter[str] = Counter()
    described: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    values: dict[str, tuple[str, ...]] = {}
    for product in products:
        tokens = analyser.word_tokens(product.text(locale).title)
        words = {token.text for token in tokens}
        seen.update(words)
        own = _own_values([token.text for token in tokens], product, analyser, values)
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
    `known` remembers the words of values: a catalogue repeats them for each product.
    """
    values = set()
    for name, value in product.attributes.items():
        if isinstance(value, str | tuple) and name not in NAMING_FIELDS:
            for text in (value,) if isinstance(value, str) else value:
                if len(text) < LONGEST_VALUE:
                    words = known.get(text)
                    if words is None:
                        words = known[text] = tuple(analyser.words(text))
                    values.add(words)
    covered = [False] * len(title)
    for length in range(1, LONGEST_REPEATED + 1):
        for at in range(len(title) - length + 1):
            if tuple(title[at : at + length]) in values:
                covered[at : at + length] = [True] * length
    return set(title) - {word for word, inside in zip(title, covered, strict=True) if not inside}


def _cut(product: Product, locale: str, analyser: Analyser, describing: frozenset[str]) -> Title:
    title = product.text(locale).title
    maker = analyser.words(product.brand)
    segments: list[tuple[str, ...]] = []
    current: list[str] = []
    end = 0
    closed = False

    def close() -> None:
        if current:
            segments.append(tuple(current))
            current.clear()

    for parts in _compounds(title, analyser):
        gap = title[end : parts[0].start]
        end = parts[-1].end
        if gap == "/" and current and not _is_plain_word(parts[0]):
            # A standard or model: "PS/2".
            current.pop()
        if not _BREAKS.isdisjoint(gap) or " - " in gap:
            close()
        if len(parts) == 1 and parts[0].kind is TokenKind.WORD and analyser.is_stop(parts[0].text):
            closed = bool(current)
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
    else:
        closed = bool(current)
    close()
    first = maker[0] if maker else next(iter(analyser.words(title)), "")
    return Title(tuple(segments), first, product.group_id, closed)


def _compounds(title: str, analyser: Analyser) -> Iterator[list[Token]]:
    """The words of a title; what hyphens join comes together: "ready-to-use", "t-shirt", the model "SM-R175"."""
    parts: list[Token] = []
    for token in analyser.word_tokens(title):
        if parts and title[parts[-1].end : token.start] not in _HYPHENS:
            yield parts
            parts = []
        parts.append(token)
    if parts:
        yield parts


def _is_plain_word(token: Token) -> bool:
    return token.kind is TokenKind.WORD and not any(character.isdigit() for character in token.text)
