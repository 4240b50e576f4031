"""How far titles and fields agree: for each pattern of titles and each branch of the categories, in how many groups."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from data.mining.title_claims import Claim, Fields, Phrase, Vocabulary, claims_of
from data.product import Product
from data.text import Analyser

Scope = tuple[str, ...]

# Fewer groups that say and state the same are a coincidence.
FEWEST_AGREEING = 3
# A pattern of numbers must have been right of so many different amounts: a field that is 1 everywhere agrees with
# every title that says "1 pc".
FEWEST_AMOUNTS = 3
# So many times smaller or larger than all that agreed is a model's number.
WIDEST = 2
# Words that so many groups have beside a pattern, of which fewer than the share agree, make something else of it.
FEWEST_IN_CONTEXT = 5
LEAST_IN_CONTEXT = 0.25
# A category of fewer groups does not tell what things of its kind have.
FEWEST_OF_KIND = 5
# Several kinds of things share a category: of so many of its groups an attribute must be known.
LEAST_OF_KIND = 0.03
# A field is a sign of an attribute when so many of the groups that have it have the attribute.
SIGN_SHARE = 0.5
# A field of which fewer have it is a sign of another kind of thing.
COUNTER_SIGN_SHARE = 0.05
# One sign may be a chance; what has fewer, or fewer than signs against it, is taken for another kind of thing.
FEWEST_SIGNS = 2
# An attribute that so many of all groups have is one of anything, as colour is.
COMMON_SHARE = 0.25


@dataclass(slots=True)
class Spread:
    """The amounts of a pattern that agreed with an attribute: the smallest, the largest, the first different ones."""

    low: float = inf
    high: float = -inf
    different: set[float] = field(default_factory=set)

    def add(self, amount: float) -> None:
        """Take one more in."""
        self.low, self.high = min(self.low, amount), max(self.high, amount)
        if len(self.different) < FEWEST_AMOUNTS:
            self.different.add(amount)

    def could_be(self, amount: float) -> bool:
        """Whether an amount is of the size that was seen: no notebook called 5310m has a cable of five kilometres."""
        is_enough = len(self.different) >= FEWEST_AMOUNTS
        return is_enough and self.low / WIDEST <= amount <= self.high * WIDEST


@dataclass(slots=True)
class Tally:
    """One pattern in one branch of the categories, in groups of variants.

    Attributes:
        said: Their titles have it.
        explained: Any of their fields is what it says.
        stating: By attribute, those that state it.
        agreeing: By attribute, those that state what the title says.
        explained_stating: By attribute, those that state it, and any field is what the title says.
    """

    said: int = 0
    explained: int = 0
    stating: Counter[str] = field(default_factory=Counter)
    agreeing: Counter[str] = field(default_factory=Counter)
    explained_stating: Counter[str] = field(default_factory=Counter)

    def trials(self, attribute: str) -> int:
        """Groups that could have contradicted: they state the attribute, or what the title says is another one."""
        return self.stating[attribute] + self.explained - self.explained_stating[attribute]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one locale's titles and the fields say of each other.

    Attributes:
        tallies: By branch of the categories and pattern.
        contexts: In how many groups a pattern stands beside a word.
        agreeing: By such a context and attribute, in how many the attribute is what the pattern says.
        amounts: By pattern and attribute, the amounts that agreed.
    """

    tallies: Mapping[tuple[Scope, Phrase], Tally]
    contexts: Mapping[Phrase, int]
    agreeing: Mapping[tuple[Phrase, str], int]
    amounts: Mapping[tuple[Phrase, str], Spread]

    def contradicts(self, claim: Claim, attribute: str) -> bool:
        """Whether the words beside a claim make something else of it: no "notebook dock" is a notebook."""
        if claim.amount is not None and not self.amounts[claim.pattern, attribute].could_be(claim.amount):
            return True
        return any(
            self.contexts[each] >= FEWEST_IN_CONTEXT
            and self.agreeing.get((each, attribute), 0) < LEAST_IN_CONTEXT * self.contexts[each]
            for each in claim.contexts
        )


def scopes_of(product: Product) -> list[Scope]:
    """A product's categories from the leaf to the whole catalogue, `()`."""
    return [product.category[:depth] for depth in range(len(product.category), -1, -1)]


def count(products: Sequence[Product], locale: str, analyser: Analyser, vocabulary: Vocabulary) -> Evidence:
    """Hold every title against the fields of its product, group by group.

    Titles are read twice, so that only what agrees often enough is counted: the patterns of a million titles would
    not fit, those that repeat do.
    """
    groups: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if locale in product.texts:
            groups[product.group_id].append(product)
    often: Counter[tuple[Phrase, str]] = Counter()
    amounts: dict[tuple[Phrase, str], Spread] = defaultdict(Spread)
    contexts: Counter[Phrase] = Counter()
    in_context: Counter[tuple[Phrase, str]] = Counter()
    for members in groups.values():
        seen: set[tuple[Phrase, str]] = set()
        beside: set[tuple[Phrase, str]] = set()
        here: set[Phrase] = set()
        for fields, claim in _claims(members, locale, analyser, vocabulary):
            here.update(claim.contexts)
            for name in fields.agreeing(claim):
                seen.add((claim.pattern, name))
                beside.update((each, name) for each in claim.contexts)
                if claim.amount is not None:
                    amounts[claim.pattern, name].add(claim.amount)
        often.update(seen)
        contexts.update(here)
        in_context.update(beside)
    kept: dict[Phrase, set[str]] = defaultdict(set)
    for (pattern, name), times in often.items():
        if times >= FEWEST_AGREEING:
            kept[pattern].add(name)
    tallies: dict[tuple[Scope, Phrase], Tally] = defaultdict(Tally)
    for members in groups.values():
        _count_group(scopes_of(members[0]), _claims(members, locale, analyser, vocabulary), kept, tallies)
    return Evidence(dict(tallies), contexts, in_context, amounts)


def _claims(
    members: Iterable[Product], locale: str, analyser: Analyser, vocabulary: Vocabulary
) -> Iterator[tuple[Fields, Claim]]:
    for product in members:
        fields = Fields(product, vocabulary, analyser)
        for claim in claims_of(product.texts[locale].title, analyser, vocabulary):
            yield fields, claim


def _count_group(
    scopes: Sequence[Scope],
    claims: Iterable[tuple[Fields, Claim]],
    kept: Mapping[Phrase, set[str]],
    tallies: dict[tuple[Scope, Phrase], Tally],
) -> None:
    states: dict[Phrase, set[str]] = defaultdict(set)
    wrong: dict[Phrase, set[str]] = defaultdict(set)
    explained: dict[Phrase, bool] = {}
    for fields, claim in claims:
        if claim.pattern not in kept:
            continue
        agree = fields.agreeing(claim)
        state = fields.stating(claim) & kept[claim.pattern]
        states[claim.pattern] |= state
        wrong[claim.pattern] |= state - agree
        explained[claim.pattern] = explained.get(claim.pattern, False) or bool(agree)
    for pattern, is_explained in explained.items():
        for scope in scopes:
            tally = tallies[scope, pattern]
            tally.said += 1
            tally.explained += is_explained
            tally.stating.update(states[pattern])
            tally.agreeing.update(states[pattern] - wrong[pattern])
            if is_explained:
                tally.explained_stating.update(states[pattern])


class Kinship:
    """Whether a product is of the kind that has an attribute, told by the fields that go with it.

    Those of its category must have it too. In a catalogue without categories the fields that go with it must be there:
    nothing else says that a phone's case has no display.
    """

    def __init__(self, products: Sequence[Product]) -> None:
        groups: dict[str, set[str]] = defaultdict(set)
        for product in products:
            groups[product.group_id] |= product.attributes.keys()
        self._groups = list(groups.values())
        branches: dict[str, list[Scope]] = {product.group_id: scopes_of(product) for product in products}
        self._sizes: Counter[Scope] = Counter()
        self._stating: Counter[tuple[Scope, str]] = Counter()
        for group, names in groups.items():
            self._sizes.update(branches[group])
            self._stating.update((scope, name) for scope in branches[group] if scope for name in names)
        self._everywhere = Counter(name for names in self._groups for name in names)
        self._signs: dict[str, tuple[frozenset[str], frozenset[str]]] = {}

    def signs(self, attribute: str) -> tuple[frozenset[str], frozenset[str]]:
        """Other fields of which most groups have the attribute too, and fields of which hardly any has."""
        if attribute not in self._signs:
            together = Counter(name for names in self._groups if attribute in names for name in names)
            del together[attribute]
            for_it = (
                name
                for name, times in together.items()
                if times >= max(FEWEST_AGREEING, SIGN_SHARE * self._everywhere[name])
            )
            against = (
                name
                for name, groups in self._everywhere.items()
                if groups >= FEWEST_OF_KIND and together[name] < COUNTER_SIGN_SHARE * groups and name != attribute
            )
            self._signs[attribute] = frozenset(for_it), frozenset(against)
        return self._signs[attribute]

    def is_kin(self, product: Product, attribute: str) -> bool:
        """Whether what is of its kind has the attribute.

        Its kind is its nearest category with enough groups; without one the attribute must be one of all kinds, or the
        product have enough of its signs.
        """
        near = next((scope for scope in scopes_of(product) if self._sizes[scope] >= FEWEST_OF_KIND), ())
        if near:
            return self._stating[near, attribute] >= LEAST_OF_KIND * self._sizes[near]
        if self._everywhere[attribute] >= COMMON_SHARE * len(self._groups):
            return True
        for_it, against = (len(names & product.attributes.keys()) for names in self.signs(attribute))
        return for_it >= max(FEWEST_SIGNS, against)
