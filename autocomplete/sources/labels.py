"""Completions from the graph: what its concepts are called in every locale of the shop."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autocomplete.sources.phrases import Title, stands_alone
from autocomplete.sources.popularity import ALTERNATIVE_SHARE, catalogue_prior
from autocomplete.suggestion import SuggestionKind
from autocomplete.words import is_unspaced, split_words
from data.product import locale_chain
from graph.concept import Scheme
from graph.label import LabelKind
from graph.relation import Predicate
from graph.snapshot import Snapshot, SnapshotLabel

# Product types are queries: they lead to a search, not to a place in the shop.
KIND_OF = {
    Scheme.CATEGORY: SuggestionKind.CATEGORY,
    Scheme.BRAND: SuggestionKind.BRAND,
    Scheme.PRODUCT_TYPE: SuggestionKind.QUERY,
    Scheme.VALUE: SuggestionKind.ATTRIBUTE,
}
# A value is searched for by name ("stainless steel", "bluetooth") only if it reads like one: letters, not a sentence,
# and more products than a handful, or every footnote of a data sheet completes.
_LONGEST_VALUE = 3
_LONGEST_UNSPACED_VALUE = 12
_FEWEST_PRODUCTS_OF_VALUE = 5
_SHORTEST_VALUE = 3
# And only if the products that have it say it in their titles: "black" and "wireless" are said, "China" (where it was
# made) and "discontinued" are not. Every value of Icecat sorted by this share: names stop between .4 and .2.
SAID_SHARE = 0.3
# How sure a product type must be before anything is built on it. Of Icecat's 464 mined types those below are half
# adjectives and series ("hybrid", "fast"); alone they do little harm, in combinations they make nonsense.
LEAST_TRUST = 0.6
# How many titles tell how a name is written.
_ENOUGH_TITLES = 200
# A product type of whose products so many are of one narrower type is a piece of its name: "supply" of "power supply".
_FRAGMENT_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class OfferedLabel:
    """A label to be completed.

    Attributes:
        locale: Of whom it is offered to; "und" for everybody.
        language: In which it is written; "und" when unknown.
    """

    text: str
    locale: str
    language: str
    kind: SuggestionKind
    concept: int
    prior: float


def offered_labels(
    snapshot: Snapshot, locales: Sequence[str], titles: Mapping[str, Sequence[Title]]
) -> Iterator[OfferedLabel]:
    """The labels of every concept that has products, in the locales of a shop; hidden ones are only matched elsewhere.

    Args:
        snapshot: Of the release.
        locales: Of the shop, the default first.
        titles: By locale, by row.

    A locale offers a concept's labels in its own language; else those of no language; else those of the first of the
    shop's other locales that has any, so that an untranslated catalogue still completes. A product type without a
    name in a language that its products have titles in (one that only another language's shoppers have) is not offered.
    """
    for scheme, kind in KIND_OF.items():
        for concept in snapshot.by_scheme(scheme).tolist():
            products = snapshot.product_count(concept)
            if products == 0 or (scheme is Scheme.PRODUCT_TYPE and _is_fragment(snapshot, concept)):
                continue
            rows = snapshot.products(concept).tolist()
            trust = trust_of(snapshot, concept)
            spoken = list(spoken_labels(snapshot, concept, locales))
            # "black" is everybody's only where nobody says "schwarz".
            untranslated = all(label.language == "und" for _, label in spoken)
            for locale, label in spoken:
                if untranslated and locale != locales[0]:
                    break  # Offered to everybody already.
                if scheme is Scheme.PRODUCT_TYPE and _is_foreign(label, locale, titles, rows):
                    continue
                if not _is_name(label.text, scheme, [titles[locale][row] for row in rows]):
                    continue
                share = 1.0 if label.kind is LabelKind.PREFERRED else ALTERNATIVE_SHARE
                offered = "und" if untranslated else locale
                prior = share * trust * catalogue_prior(kind, products)
                yield OfferedLabel(label.text, offered, label.language, kind, concept, prior)


def spoken_labels(snapshot: Snapshot, concept: int, locales: Sequence[str]) -> Iterator[tuple[str, SnapshotLabel]]:
    """The labels by which each locale knows a concept, hidden ones left out, locale after locale."""
    by_language: dict[str, list[SnapshotLabel]] = {}
    for label in snapshot.labels(concept):
        if label.kind is not LabelKind.HIDDEN:
            by_language.setdefault(label.language, []).append(label)
    for locale in locales:
        language = next((each for each in _chain(locale, locales) if each in by_language), None)
        for label in by_language.get(language or "", ()):
            yield locale, label


def _chain(locale: str, locales: Sequence[str]) -> Iterator[str]:
    yield from locale_chain(locale)
    yield "und"
    yield from locale_chain(locales[0], locales[1:])


def _is_foreign(label: SnapshotLabel, locale: str, titles: Mapping[str, Sequence[Title]], rows: Sequence[int]) -> bool:
    """Whether a label is of another language than what the products at `rows` are called in the locale."""
    if label.language in ("und", *locale_chain(locale)):
        return False
    own, others = titles[locale], [titles[each] for each in titles if label.language in locale_chain(each)]
    return any(own[row].text != other[row].text for other in others for row in rows[:_ENOUGH_TITLES])


def _is_name(text: str, scheme: Scheme, titles: Sequence[Title]) -> bool:
    """Whether people call something by the label; `titles` are those of its products."""
    if scheme is Scheme.VALUE:
        return reads_as_name(text, len(titles)) and _is_said(text, titles)
    return scheme is not Scheme.PRODUCT_TYPE or stands_alone(titles[:_ENOUGH_TITLES], tuple(split_words(text)))


def reads_as_name(text: str, products: int | None) -> bool:
    """Whether a value reads like something people say: "stainless steel", not "yes", "1.5" or a sentence.

    `products` are how many have it; `None` where one is enough.
    """
    words = split_words(text)
    # In scripts without spaces a word is a character here (`words.py`), and a name of one is a name.
    unspaced = is_unspaced(text)
    return (
        (products is None or products >= _FEWEST_PRODUCTS_OF_VALUE)
        and 0 < len(words) <= (_LONGEST_UNSPACED_VALUE if unspaced else _LONGEST_VALUE)
        and (unspaced or len("".join(words)) >= _SHORTEST_VALUE)
        and all(letter.isalpha() or letter in " -'’" for letter in text)
    )


def _is_said(text: str, titles: Sequence[Title]) -> bool:
    """Whether enough of a value's products say it in their titles."""
    words = set(split_words(text))
    return sum(words <= {word.text for word in title.words} for title in titles) >= SAID_SHARE * len(titles)


def trust_of(snapshot: Snapshot, concept: int) -> float:
    """The share of its prior that a mined product type keeps, in (0, 1]; 1 for what the catalogue states."""
    if snapshot.scheme(concept) is not Scheme.PRODUCT_TYPE:
        return 1.0
    return float(min(1.0, snapshot.confidence(concept) / LEAST_TRUST))


def _is_fragment(snapshot: Snapshot, concept: int) -> bool:
    """Whether a product type is hardly ever itself, but always one certain narrower type."""
    narrower = snapshot.edges(concept, Predicate.BROADER, inverse=True)
    most = max((snapshot.product_count(edge.ordinal) for edge in narrower), default=0)
    return bool(most >= _FRAGMENT_SHARE * snapshot.product_count(concept))
