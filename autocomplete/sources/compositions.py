"""Generated completions as the log says them: heads with one or two modifiers that have products together.

The catalogue alone knows that there are grey down jackets; only the log knows that people say "down jacket size l" and
"1200 lm" behind the lamp, and which of a shop's thousands of combinations anybody wants.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autocomplete.completion import Results
from autocomplete.found import MOST_ROWS
from autocomplete.log.part_counts import MOST_MODIFIERS, PartCounts, PartLog
from autocomplete.log.parts import Modifier, Parts, SaidQuery, Words, head_texts, learn_modifiers
from autocomplete.sources.labels import spoken_labels, trust_of
from autocomplete.words import plainly_written, split_words
from data.product import AttributeValue, Product, Quantity
from data.shop import ShopConfig
from data.text import analyser_for, fold
from data.text.units import SIGNS
from graph.concept import Scheme
from graph.snapshot import Snapshot

# The modifiers that most people say, each a row of flags over the products.
MOST_MODIFIERS_KNOWN = 1_000
# Expected searches of the whole (decayed) log below which a composition is not worth its place, and how many have one.
LEAST_EXPECTED = 0.02
MOST_COMPOSED = 50_000
_HEADS = (Scheme.PRODUCT_TYPE, Scheme.CATEGORY)
_NAMES = (Scheme.BRAND, Scheme.VALUE)


@dataclass(frozen=True, slots=True)
class Composition:
    """A query that nobody need have sent.

    Attributes:
        text: As people would write it.
        expected: Searches.
        results: The products that are all it says.
        category: That most products of its head stand in, a path joined by " > "; empty when unknown.
    """

    text: str
    expected: float
    results: Results
    category: str = ""


class Composer:
    """What one locale's log says of the heads and modifiers of a catalogue.

    Args:
        snapshot: Gives the heads with their products.
        products: By row.
        locale: Whose.
        locales: Of the shop.
        queries: Those of the locale.
        least_people: Who must have said a modifier.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        products: Sequence[Product],
        locale: str,
        locales: Sequence[str],
        queries: Sequence[SaidQuery],
        least_people: int,
    ) -> None:
        self._texts, rows = _heads(snapshot, locale, locales, queries)
        heads = list(self._texts)
        self._rows = [rows[head] for head in heads]
        numbers: dict[str, int] = {}
        self._groups = np.array([numbers.setdefault(each.group_id, len(numbers)) for each in products], np.int64)
        self._in_stock = np.array([each.stock != 0 for each in products], np.bool_)
        self._categories = [" > ".join(each.category) for each in products]
        said = _Said(snapshot, products, locale, locales)
        modifiers, flags = [], []
        for modifier in learn_modifiers(queries, rows.keys(), least_people, said.is_name)[:MOST_MODIFIERS_KNOWN]:
            has = said.rows(modifier)
            if any(has[rows[head]].any() for head in heads):
                modifiers.append(modifier)
                flags.append(has)
        self._flags = np.array(flags, np.bool_).reshape(len(flags), len(products))
        fitting: list[list[int]] = [[] for _ in modifiers]
        for number, held in enumerate(self._rows):
            for modifier_number in np.flatnonzero(self._flags[:, held].any(axis=1)).tolist():
                fitting[modifier_number].append(number)
        self.parts = Parts(heads, modifiers, fitting)
        self.log = PartLog(self.parts, queries)
        self._first = _first_said(self.parts, queries)

    def compositions(self, half_life_days: float) -> list[Composition]:
        """The likeliest after the log's last day, those of a head alone included, best first; ties by text."""
        counts = self.log.as_of(self.log.end, half_life_days)
        found = [each for head in range(len(self.parts.heads)) for each in self._of(head, counts)]
        found.sort(key=lambda each: (-each.expected, each.text))
        return found[:MOST_COMPOSED]

    def _of(self, head: int, counts: PartCounts) -> Iterator[Composition]:
        total = float(counts.heads[head])
        if total < LEAST_EXPECTED:
            return
        rows = self._rows[head]
        category = self._category(rows)
        yield Composition(self._text(head, ()), total * counts.bare, self._count(rows), category)
        shares = np.minimum(1.0, counts.modifiers / np.maximum(counts.among, 1e-9))
        said = set(self.parts.heads[head])
        # "chair" goes with a desk, and says nothing of an office chair.
        new = np.array([not said.issuperset(each.words) for each in self.parts.modifiers], np.bool_)
        fit = np.flatnonzero(new & (total * shares >= LEAST_EXPECTED) & self._flags[:, rows].any(axis=1))
        for place, one in enumerate(fit.tolist()):
            held = rows[self._flags[one, rows]]
            expected = total * float(shares[one])
            yield Composition(self._text(head, (one,)), expected, self._count(held), category)
            for other in fit[place + 1 :].tolist():
                both = expected * float(shares[other])
                if both < LEAST_EXPECTED or self._overlap(one, other):
                    continue
                left = held[self._flags[other, held]]
                if len(left):
                    yield Composition(self._text(head, (one, other)), both, self._count(left), category)

    def _overlap(self, one: int, other: int) -> bool:
        """Whether both say the same word ("blue", "dark blue")."""
        return bool(set(self.parts.modifiers[one].words) & set(self.parts.modifiers[other].words))

    def _category(self, rows: NDArray[np.int32]) -> str:
        counted = Counter(filter(None, (self._categories[row] for row in rows.tolist())))
        return min(counted, key=lambda name: (-counted[name], name), default="")

    def _count(self, rows: NDArray[np.int32]) -> Results:
        groups, in_stock = self._groups[rows], self._in_stock[rows]
        # One more than is kept of them says that there are more; copied, so that nothing holds on to the rest.
        kept = np.concatenate((rows[in_stock], rows[~in_stock]))[: MOST_ROWS + 1].astype(np.int32)
        return Results(len(np.unique(groups)), len(np.unique(groups[in_stock])), kept)

    def _text(self, head: int, modifiers: tuple[int, ...]) -> str:
        held = [self.parts.modifiers[each] for each in sorted(modifiers, key=self._first.__getitem__)]
        before, behind = ([each.text for each in held if each.behind is where] for where in (False, True))
        return " ".join([*before, self._texts[self.parts.heads[head]], *behind])


def _heads(
    snapshot: Snapshot, locale: str, locales: Sequence[str], queries: Sequence[SaidQuery]
) -> tuple[dict[Words, str], dict[Words, NDArray[np.int32]]]:
    """The names of kinds of thing in a locale, as written and with their products; of the same words most products."""
    texts: dict[Words, str] = {}
    rows: dict[Words, NDArray[np.int32]] = {}
    for scheme in _HEADS:
        for concept in snapshot.by_scheme(scheme).tolist():
            held = snapshot.products(concept)
            if not len(held) or trust_of(snapshot, concept) < 1:
                continue
            for spoken, label in spoken_labels(snapshot, concept, locales):
                words = tuple(split_words(label.text))
                if spoken == locale and words and (words not in rows or len(rows[words]) < len(held)):
                    texts[words] = plainly_written(label.text, locale)
                    rows[words] = held
    # What was mined from the log is folded; people write it better.
    return texts | head_texts(queries, {words for words in rows if texts[words] == " ".join(words)}), rows


def composers_of(
    snapshot: Snapshot, products: Sequence[Product], config: ShopConfig, mined: Path | None
) -> dict[str, Composer]:
    """One for each locale of a shop that has mined searches.

    Raises:
        InputError: What was mined cannot be read.
    """
    if mined is None:
        return {}
    from autocomplete.log.mined import MinedTables

    locales, least = config.locales, config.suggest.minimum_people
    said = {locale: MinedTables(mined, locale).said() for locale in locales}
    return {
        locale: Composer(snapshot, products, locale, locales, queries, least)
        for locale, queries in said.items()
        if queries
    }


class _Said:
    """Which products are what a modifier says: those of the concept it names, or whose texts hold its words."""

    def __init__(self, snapshot: Snapshot, products: Sequence[Product], locale: str, locales: Sequence[str]) -> None:
        self._snapshot = snapshot
        self._size = len(products)
        holding: defaultdict[str, list[int]] = defaultdict(list)
        self._written: list[str] = []
        self._spoken: list[str] = []
        self._stated: list[list[frozenset[str]]] = []
        self._is_stop = analyser_for(locale).is_stop
        for row, each in enumerate(products):
            text = each.text(locale, locales)
            stated = tuple(f"{name} {_said_value(value)}" for name, value in each.attributes.items())
            fields = (text.title, text.description, each.brand, *stated)
            words = [split_words(field) for field in fields]
            for word in set(chain.from_iterable(words)):
                holding[word].append(row)
            self._written.append(fold(" | ".join(fields)))
            self._stated.append([frozenset(each) for each in words[len(fields) - len(stated) :]])
            # No piece of two fields is one.
            self._spoken.append(f" {' | '.join(map(' '.join, words))} ")
        self._holding: Mapping[str, list[int]] = holding

    def is_name(self, words: Words) -> bool:
        """Whether the graph calls a brand or a value so; "size" alone says nothing of a product."""
        return any(self._snapshot.scheme(each) in _NAMES for each in self._snapshot.find(" ".join(words)))

    def rows(self, modifier: Modifier) -> NDArray[np.bool_]:
        """Flags by row of the products that say a modifier in one piece, or of one attribute, or are it.

        Words here and there are another thing: "45 l" is not 45 watts and a size, "warm light" no light-blue scarf that
        is warm, and the characters of レディース are in every long text. So is a sign: 24" are no 24 cm.
        """
        words = modifier.words
        flags = np.ones(self._size, np.bool_)
        for word in words:
            flags &= self._flags(self._holding.get(word, ()))
        telling = [word for word in words if not self._is_stop(word)]
        if len(telling) > 1:
            phrase = f" {' '.join(telling)} "
            held = np.flatnonzero(flags).tolist()
            flags &= self._flags([row for row in held if phrase in self._spoken[row] or self._states(row, telling)])
        sign = next((sign for sign in SIGNS if modifier.text.endswith(sign)), None)
        if sign is not None:
            ways = [fold(modifier.text), *(f"{words[-1]} {each}" for each in (SIGNS[sign], "inch"))]
            held = np.flatnonzero(flags).tolist()
            flags &= self._flags([row for row in held if any(way in self._written[row] for way in ways)])
        for concept in self._snapshot.find(" ".join(words)):
            flags |= self._flags(self._snapshot.products(concept))
        return flags

    def _states(self, row: int, words: Sequence[str]) -> bool:
        """Whether one of a product's attributes says all of some words, the name or the value first."""
        return any(stated.issuperset(words) for stated in self._stated[row])

    def _flags(self, rows: Sequence[int] | NDArray[np.int32]) -> NDArray[np.bool_]:
        flags = np.zeros(self._size, np.bool_)
        flags[np.asarray(rows, np.int64)] = True
        return flags


def _said_value(value: AttributeValue) -> str:
    """As a seller would write it."""
    return f"{value.amount:g} {value.unit}" if isinstance(value, Quantity) else str(value)


def _first_said(parts: Parts, queries: Iterable[SaidQuery]) -> list[tuple[float, int]]:
    """By modifier, how seldom it comes first of two on its side, as a key to sort by; ties by how common it is."""
    first: Counter[int] = Counter()
    second: Counter[int] = Counter()
    for query in queries:
        split = parts.split(split_words(query.text))
        if split is None or not 2 <= len(split[1]) <= MOST_MODIFIERS:
            continue
        for one, other in zip(split[1], split[1][1:], strict=False):
            if parts.modifiers[one].behind == parts.modifiers[other].behind:
                first[one] += 1
                second[other] += 1
    return [
        (-(first[number] + 1) / (first[number] + second[number] + 2), number) for number in range(len(parts.modifiers))
    ]
