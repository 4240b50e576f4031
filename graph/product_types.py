"""Product types: the head nouns of titles, found by how words behave over the whole catalogue.

No dictionary and no category is needed. A title such as "Acme X200 laser printer, black, 20 ppm" is cut into segments
at numbers, model names, brands, punctuation and function words ("laser printer", "black"); see `title_segments`. Words
that end segments are weighed (`head_words`); the likeliest one of a title names its product. The words before a head
join it while they recur ("laser printer"), and the shorter type is the broader one. Singular and plural are one type.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.product import Product
from data.text import Analyser
from graph.head_words import STATED, HeadWord, find_heads
from graph.stated_types import stated_types
from graph.title_segments import Title, cut_titles

# A type needs this share of the catalogue's groups, and never fewer than three: below, series names look like types.
LEAST_SHARE = 0.0002
LEAST_GROUPS = 3
# Of a catalogue that has brands: a word that one or two brands use is their series name.
LEAST_BRANDS = 3
# With fewer brands than ten for each of those three, even real types belong to one brand.
BRANDS_PER_MAKER = 10
# A head less likely than this names nothing: its titles have no type rather than a wrong one.
LEAST_PROBABILITY = 0.35
# When one word so often stands before a phrase, the phrase is a fragment: "(high) capacity cartridge".
FRAGMENT_SHARE = 0.8
# Of two equally good segments the earlier names the product more often; judged on 200 titles of two catalogues.
LATER_SEGMENT = 0.75
LONGEST_TYPE = 3

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinedType:
    """A product type.

    Attributes:
        spellings: As titles write it, most products first: "labels", "label".
        rows: That it names, ascending.
        groups: Of these rows.
        makers: Of these rows.
        confidence: That it names a type of product, in (0, 1).
    """

    spellings: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]
    groups: int
    makers: int
    confidence: float

    @property
    def words(self) -> tuple[str, ...]:
        """Of its most frequent spelling."""
        return self.spellings[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Its spellings as titles write them."""
        return tuple(" ".join(words) for words in self.spellings)

    @property
    def key(self) -> str:
        """The normal form of its shortest spelling: it stays when the plural becomes the more frequent one."""
        norms = (name.replace("-", " ") for name in self.names)
        return min(norms, key=lambda norm: (len(norm), norm))


def mine_product_types(products: Sequence[Product], locale: str, analyser: Analyser) -> list[MinedType]:
    """The product types of a catalogue, most products first; each row has at most one.

    Args:
        products: In the order of their rows.
        locale: Whose titles are read.
        analyser: Of that locale.
    """
    stated = stated_types(products, locale, analyser)
    stated_heads = frozenset(name[-1] for name in stated.names)
    titles = cut_titles(products, locale, analyser, stated_heads)
    least = max(LEAST_GROUPS, math.ceil(LEAST_SHARE * len({title.group for title in titles})))
    brands = len({product.brand for product in products if product.brand})
    least_makers = max(1, min(LEAST_BRANDS, brands // BRANDS_PER_MAKER))
    heads = {
        word: head
        for word, head in find_heads(titles, analyser, stated_heads, least, least_makers).items()
        if head.probability >= LEAST_PROBABILITY
    }
    phrases = _phrases(titles, heads, analyser, stated.names, least)
    rows: dict[Stems, list[int]] = defaultdict(list)
    spellings: dict[Stems, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for row, title in enumerate(titles):
        words = _name(title, heads, phrases, analyser)
        own = stated.by_row[row]
        # What is read may be narrower ("desk lamp", stated: lamp); where the two disagree the shop knows better.
        if own is not None and (words is None or _stems(words, analyser)[-len(own) :] != _stems(own, analyser)):
            words = own
        if words is not None:
            rows[_stems(words, analyser)].append(row)
            spellings[_stems(words, analyser)][words] += 1
    return _worth_keeping(rows, spellings, titles, heads, stated.names, least)


def _stems(words: Sequence[str], analyser: Analyser) -> Stems:
    return tuple(map(analyser.stem, words))


def _phrases(
    titles: Sequence[Title],
    heads: Mapping[str, HeadWord],
    analyser: Analyser,
    stated: frozenset[Stems],
    least: int,
) -> frozenset[Stems]:
    """Two and three words that end in a head and recur, and are no fragments of a longer phrase; all stated ones."""
    groups: dict[Stems, set[str]] = defaultdict(set)
    makers: dict[Stems, set[str]] = defaultdict(set)
    before: dict[Stems, Counter[str]] = defaultdict(Counter)
    for title in titles:
        for segment in title.segments:
            if segment[-1] not in heads:
                continue
            stems = _stems(segment, analyser)
            for length in range(2, min(LONGEST_TYPE, len(stems)) + 1):
                phrase = stems[-length:]
                if len(set(phrase)) < length:
                    continue
                groups[phrase].add(title.group)
                makers[phrase].add(title.maker)
                before[phrase][stems[-length - 1] if len(stems) > length else ""] += 1
    found = set(stated)
    for phrase, members in groups.items():
        neighbour, times = before[phrase].most_common(1)[0]
        is_fragment = neighbour != "" and times >= FRAGMENT_SHARE * before[phrase].total()
        if len(members) >= least and len(makers[phrase]) >= 2 and not is_fragment:
            found.add(phrase)
    return frozenset(found)


def _name(
    title: Title, heads: Mapping[str, HeadWord], phrases: frozenset[Stems], analyser: Analyser
) -> tuple[str, ...] | None:
    best: tuple[float, tuple[str, ...]] | None = None
    for place, segment in enumerate(title.segments):
        head = heads.get(segment[-1])
        if head is not None:
            score = head.odds * LATER_SEGMENT**place
            if best is None or score > best[0]:
                best = score, segment
    if best is None:
        return None
    segment = best[1]
    for length in range(min(LONGEST_TYPE, len(segment)), 1, -1):
        if _stems(segment[-length:], analyser) in phrases:
            return segment[-length:]
    return segment[-1:]


def _worth_keeping(
    rows: Mapping[Stems, list[int]],
    spellings: Mapping[Stems, Counter[tuple[str, ...]]],
    titles: Sequence[Title],
    heads: Mapping[str, HeadWord],
    stated: frozenset[Stems],
    least: int,
) -> list[MinedType]:
    """Types with enough products; the rows of a longer type that has too few go to its head."""
    kept: dict[Stems, list[int]] = defaultdict(list)
    written: dict[Stems, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for stems, named in rows.items():
        if stems in stated or len({titles[row].group for row in named}) >= least:
            kept[stems] += named
            written[stems] += spellings[stems]
        else:
            kept[stems[-1:]] += named
            for words, times in spellings[stems].items():
                written[stems[-1:]][words[-1:]] += times
    types = []
    for stems, named in kept.items():
        groups = len({titles[row].group for row in named})
        if groups >= least or stems in stated:
            ordered = sorted(written[stems].items(), key=lambda item: (-item[1], item[0]))
            known = [heads[words[-1]].probability for words, _ in ordered if words[-1] in heads]
            likeliest = max(known + [STATED] * (stems in stated))
            types.append(
                MinedType(
                    tuple(words for words, _ in ordered),
                    tuple(sorted(named)),
                    groups,
                    len({titles[row].maker for row in named}),
                    round(likeliest, 3),
                )
            )
    return sorted(types, key=lambda mined: (-len(mined.rows), mined.words))
