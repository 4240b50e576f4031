"""What a title seems to say of attributes: words that are values elsewhere, numbers with what stands beside them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from data.product import AttributeValue, Product, Quantity
from data.text import UNITS, Analyser, Token, TokenKind, canonical, fold
from data.text.units import parse_number

Phrase = tuple[str, ...]

# Longer values are sentences; no title repeats them.
LONGEST_VALUE = 40
# Words, or pairs of characters of a script without spaces.
LONGEST_PHRASE = 8
# Inches are rounded when they become centimetres: 15.6 in is 39.6 cm on one page and 39.62 on the next.
TOLERANCE = 0.01
# Stands for the amount in a pattern, and for the end of what belongs together.
AMOUNT, END = "#", "|"
# Between a number and the word that it counts: anything else ends what belongs together.
_JOINS = frozenset({"", " ", "-", "\u00a0"})
# The maker's name as if it were a field: "Epson" on an Epson printer says nothing of what fits into it.
BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch of a title that may state an attribute.

    Attributes:
        pattern: The stems of a value, or of what stands beside a number with `AMOUNT` in its place.
        amount: The number, `None` for a value in words.
        unit: Symbol of the number's unit, empty without one.
        start: Of the half-open span of the title.
        end: Of the same.
        words: The pattern as people write it, `# people`.
        contexts: The pattern with the word directly before it, and with the one behind.
    """

    pattern: Phrase
    amount: float | None
    unit: str
    start: int
    end: int
    words: str
    contexts: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The values that fields have in words, as one language's analyser reads them.

    Attributes:
        values: By phrase of stems, by attribute, the value as most products spell it.
        longest: Stems of the longest phrase, by its first stem.
        units: By attribute, the unit that most products state it in; empty for plain numbers.
        digits: Attributes whose numbers are texts ("44"), with their spelling by amount.
        phrases: The stems of every text that is a value.
    """

    values: Mapping[Phrase, Mapping[str, str]]
    longest: Mapping[str, int]
    units: Mapping[str, str]
    digits: Mapping[str, Mapping[float, str]]
    phrases: Mapping[str, Phrase]


def collect_vocabulary(products: Iterable[Product], analyser: Analyser) -> Vocabulary:
    """Every value of every field that a title could repeat."""
    spelt: dict[Phrase, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    units: dict[str, Counter[str]] = defaultdict(Counter)
    digits: dict[str, dict[float, str]] = defaultdict(dict)
    phrases: dict[str, Phrase] = {}
    for product in products:
        for name, value in product.attributes.items():
            if isinstance(value, Quantity):
                units[name][value.unit] += 1
            elif isinstance(value, float) and not isinstance(value, bool):
                units[name][""] += 1
            for text in texts_of(value):
                amount = digits_of(text)
                if amount is not None:
                    digits[name][amount] = text
                    continue
                phrase = phrases.get(text)
                if phrase is None:
                    phrase = phrases[text] = phrase_of(text, analyser)
                if phrase:
                    spelt[phrase][name][text] += 1
    values = {
        phrase: {name: min(texts, key=lambda text: (-texts[text], text)) for name, texts in names.items()}
        for phrase, names in spelt.items()
    }
    longest: dict[str, int] = {}
    for phrase in values:
        longest[phrase[0]] = max(len(phrase), longest.get(phrase[0], 0))
    common = {name: min(found, key=lambda unit: (-found[unit], unit)) for name, found in units.items()}
    return Vocabulary(values, longest, common, digits, phrases)


def texts_of(value: AttributeValue) -> tuple[str, ...]:
    """The texts of a value; none of a number or a yes."""
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()


def digits_of(text: str) -> float | None:
    """The amount of a text that is nothing but a number."""
    return parse_number(text.strip()) if text.strip()[:1].isdigit() else None


def phrase_of(text: str, analyser: Analyser) -> Phrase:
    """A value's stems as a title would have them; empty for what no title repeats."""
    if len(text) > LONGEST_VALUE:
        return ()
    tokens = analyser.tokens(text)
    # A number with its unit is read as a number, whatever the field calls it.
    if len(tokens) > LONGEST_PHRASE or not any(token.kind in (TokenKind.WORD, TokenKind.BIGRAM) for token in tokens):
        return ()
    return tuple(token.stem for token in tokens)


def claims_of(title: str, analyser: Analyser, vocabulary: Vocabulary) -> list[Claim]:
    """All that a title may state, patterns with two different amounts left out: nobody could tell which is meant."""
    tokens = analyser.tokens(title)
    found = [*_said_values(title, tokens, vocabulary), *_said_amounts(title, tokens, analyser)]
    amounts: dict[Phrase, set[float | None]] = defaultdict(set)
    for claim in found:
        amounts[claim.pattern].add(claim.amount)
    once: dict[Phrase, Claim] = {}
    for claim in found:
        if len(amounts[claim.pattern]) == 1:
            once.setdefault(claim.pattern, claim)
    return list(once.values())


def _said_values(title: str, tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[Claim]:
    """The longest values that stand in a title; what is inside of one is no value of its own ("forest green")."""
    at = 0
    stems = tuple(token.stem for token in tokens)
    while at < len(stems):
        # The "m" of "3 m" is no size.
        longest = vocabulary.longest.get(stems[at], 0) if tokens[at].kind is not TokenKind.UNIT else 0
        size = min(longest, len(stems) - at)
        while size and stems[at : at + size] not in vocabulary.values:
            size -= 1
        if not size:
            at += 1
            continue
        phrase, last = stems[at : at + size], at + size - 1
        before, after = _neighbour(title, tokens, at, at - 1), _neighbour(title, tokens, last, last + 1)
        contexts = _contexts(phrase, before and before.stem, after and after.stem)
        start, end = tokens[at].start, tokens[last].end
        # "Blue/White" is neither blue nor white.
        if "/" not in (title[start - 1 : start], title[end : end + 1]):
            yield Claim(phrase, None, "", start, end, fold(title[start:end]), contexts)
        at = last + 1


def _said_amounts(title: str, tokens: Sequence[Token], analyser: Analyser) -> Iterator[Claim]:
    for at, token in enumerate(tokens):
        amount = parse_number(token.stem) if token.kind is TokenKind.NUMBER else None
        if amount is None:
            continue
        last = at + 1 if at + 1 < len(tokens) and tokens[at + 1].kind is TokenKind.UNIT else at
        unit = tokens[last].stem if last > at else ""
        middle = (AMOUNT + unit,)  # one stem, so that "1 - M" is no metre
        words = f"{AMOUNT} {unit}".strip()
        before = _neighbour(title, tokens, at, at - 1)
        after = _neighbour(title, tokens, last, last + 1)
        patterns: list[tuple[Phrase, str]] = [(middle, words)] if unit else []
        if after is not None and not (unit and analyser.is_stop(after.text)):
            patterns.append(((*middle, after.stem), f"{words} {after.text}"))
        elif unit:
            # Behind "25 W and 40 W" nothing says which of the two is meant.
            patterns.append(((*middle, END), words))
        if before is not None:
            patterns.append(((before.stem, *middle), f"{before.text} {words}"))
        contexts = _contexts(middle, before and before.stem, after and after.stem)
        for pattern, spoken in patterns:
            yield Claim(pattern, amount, unit, token.start, tokens[last].end, spoken, contexts)


def _contexts(pattern: Phrase, before: str | None, after: str | None) -> tuple[Phrase, ...]:
    return (*(((before, *pattern),) if before else ()), *(((*pattern, after),) if after else ()))


def _neighbour(title: str, tokens: Sequence[Token], at: int, other: int) -> Token | None:
    """The word directly beside a token; none when a comma, a number or the end is there."""
    if not 0 <= other < len(tokens) or tokens[other].kind in (TokenKind.NUMBER, TokenKind.UNIT):
        return None
    between = title[tokens[at].end : tokens[other].start] if other > at else title[tokens[other].end : tokens[at].start]
    return tokens[other] if between in _JOINS else None


class Fields:
    """What a product's fields state, looked up by what a title says; made once for all claims of its title."""

    def __init__(self, product: Product, vocabulary: Vocabulary, analyser: Analyser) -> None:
        self._phrases: dict[Phrase, set[str]] = defaultdict(set)
        self._amounts: list[tuple[str, float, str]] = []
        self._names = product.attributes.keys()
        self._values = vocabulary.values
        for name, value in product.attributes.items():
            for text in texts_of(value):
                self._phrases[vocabulary.phrases.get(text, ())].add(name)
            self._amounts += [(name, amount, unit) for amount, unit in _amounts(value)]
        self._brand = phrase_of(product.brand, analyser)
        self._same: dict[tuple[float, str], frozenset[str]] = {}

    def stating(self, claim: Claim) -> frozenset[str]:
        """Attributes that have any value of the kind that the claim is."""
        if claim.amount is None:
            return frozenset(self._values[claim.pattern].keys() & self._names)
        return frozenset(name for name, _, _ in self._amounts)

    def agreeing(self, claim: Claim) -> frozenset[str]:
        """Attributes whose value is what the claim says; `BRAND` where it is the maker's name."""
        if claim.amount is None:
            found = frozenset(self._phrases.get(claim.pattern, ()))
            return found | {BRAND} if claim.pattern == self._brand else found
        key = claim.amount, claim.unit
        if key not in self._same:
            self._same[key] = frozenset(
                name for name, amount, unit in self._amounts if _is_same_amount(amount, unit, claim.amount, claim.unit)
            )
        return self._same[key]


def _is_same_amount(amount: float, unit: str, said: float, said_unit: str) -> bool:
    """A field without a unit is taken to have the title's."""
    if not (unit and said_unit):
        return is_close(amount, said)
    (held, base), (wanted, wanted_base) = canonical(amount, unit), canonical(said, said_unit)
    return base == wanted_base and is_close(held, wanted)


def value_said(claim: Claim, attribute: str, vocabulary: Vocabulary) -> AttributeValue | None:
    """The claim as a value of an attribute, spelt and measured as most products have it; `None` if it can't be one."""
    if claim.amount is None:
        return vocabulary.values[claim.pattern].get(attribute)
    if attribute in vocabulary.digits:
        return vocabulary.digits[attribute].get(claim.amount)
    unit = vocabulary.units.get(attribute)
    if unit is None:
        return None
    if not unit or not claim.unit:
        return Quantity(claim.amount, unit) if unit else claim.amount
    own, its = UNITS.get(unit.casefold()), UNITS[claim.unit]
    if own is None or own.dimension != its.dimension:
        return None
    same = own.symbol == its.symbol
    return Quantity(claim.amount if same else float(f"{claim.amount * its.factor / own.factor:.4g}"), unit)


def is_close(one: float, other: float) -> bool:
    """Whether two amounts are the same but for rounding."""
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def _amounts(value: AttributeValue) -> Sequence[tuple[float, str]]:
    if isinstance(value, Quantity):
        return [(value.amount, value.unit)]
    if isinstance(value, bool):
        return []
    if isinstance(value, float):
        return [(value, "")]
    return [(amount, "") for text in texts_of(value) if (amount := digits_of(text)) is not None]


def is_same(one: AttributeValue, other: AttributeValue) -> bool:
    """Whether two values say the same: texts but for case and accents, amounts but for their unit."""
    if isinstance(one, str) and isinstance(other, str):
        return fold(one) == fold(other)
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        (held, base), (its, other_base) = canonical(one.amount, one.unit), canonical(other.amount, other.unit)
        return base == other_base and is_close(held, its)
    return one == other
