"""How far titles and fields agree: for each pattern of titles and each branch of the categories, in how many groups."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from data.mining.title_claims import Claim, Phrase, Vocabulary, agreeing, claims_of, stated
from data.product import Product
from data.text import Analyser

Scope = tuple[str, ...]

# Fewer groups that say and state the same are a coincidence.
FEWEST_AGREEING = 3
# A pattern of numbers must have been right of so many different amounts: a field that is 1 everywhere agrees with
# every title that says "1 pc".
FEWEST_AMOUNTS = 3


@dataclass(slots=True)
class Tally:
    """One pattern in one branch of the categories, in groups of variants.

    Attributes:
        said: Their titles have it.
        explained: Any of their fields is what it says.
        stating: By attribute, those that state it.
        agreeing: By attribute, those that state what the title says.
        explained_stating: By attribute, those that state it, and any field is what the title says.
        amounts: By attribute, the first different amounts that agreed.
    """

    said: int = 0
    explained: int = 0
    stating: Counter[str] = field(default_factory=Counter)
    agreeing: Counter[str] = field(default_factory=Counter)
    explained_stating: Counter[str] = field(default_factory=Counter)
    amounts: dict[str, set[float]] = field(default_factory=dict)

    def trials(self, attribute: str) -> int:
        """Groups that could have contradicted: they state the attribute, or what the title says is another one."""
        return self.stating[attribute] + self.explained - self.explained_stating[attribute]


Tallies = Mapping[tuple[Scope, Phrase], Tally]


def scopes_of(product: Product) -> list[Scope]:
    """A product's categories from the leaf to the whole catalogue, `()`."""
    return [product.category[:depth] for depth in range(len(product.category), -1, -1)]


def count(products: Sequence[Product], locale: str, analyser: Analyser, vocabulary: Vocabulary) -> Tallies:
    """Hold every title against the fields of its product, group by group.

    Titles are read twice, so that only what agrees often enough is counted: the patterns of a million titles would
    not fit, those that repeat do.
    """
    groups: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if locale in product.texts:
            groups[product.group_id].append(product)
    often: Counter[tuple[Phrase, str]] = Counter()
    amounts: dict[tuple[Phrase, str], set[float]] = defaultdict(set)
    for members in groups.values():
        seen: set[tuple[Phrase, str]] = set()
        for product, claim in _claims(members, locale, analyser, vocabulary):
            for name in agreeing(product, claim, vocabulary, analyser):
                seen.add((claim.pattern, name))
                held = amounts[claim.pattern, name]
                if claim.amount is not None and len(held) < FEWEST_AMOUNTS:
                    held.add(claim.amount)
        often.update(seen)
    kept: dict[Phrase, set[str]] = defaultdict(set)
    for (pattern, name), times in often.items():
        if times >= FEWEST_AGREEING:
            kept[pattern].add(name)
    tallies: dict[tuple[Scope, Phrase], Tally] = defaultdict(Tally)
    for members in groups.values():
        _count_group(members, _claims(members, locale, analyser, vocabulary), kept, tallies, analyser, vocabulary)
    for (_, pattern), tally in tallies.items():
        tally.amounts = {name: amounts[pattern, name] for name in tally.agreeing}
    return tallies


def _claims(
    members: Iterable[Product], locale: str, analyser: Analyser, vocabulary: Vocabulary
) -> Iterator[tuple[Product, Claim]]:
    for product in members:
        for claim in claims_of(product.texts[locale].title, analyser, vocabulary):
            yield product, claim


def _count_group(
    members: Sequence[Product],
    claims: Iterable[tuple[Product, Claim]],
    kept: Mapping[Phrase, set[str]],
    tallies: dict[tuple[Scope, Phrase], Tally],
    analyser: Analyser,
    vocabulary: Vocabulary,
) -> None:
    states: dict[Phrase, set[str]] = defaultdict(set)
    wrong: dict[Phrase, set[str]] = defaultdict(set)
    explained: dict[Phrase, bool] = {}
    for product, claim in claims:
        if claim.pattern not in kept:
            continue
        agree = agreeing(product, claim, vocabulary, analyser)
        state = stated(product, claim, vocabulary) & kept[claim.pattern]
        states[claim.pattern] |= state
        wrong[claim.pattern] |= state - agree
        explained[claim.pattern] = explained.get(claim.pattern, False) or bool(agree)
    for pattern, is_explained in explained.items():
        for scope in scopes_of(members[0]):
            tally = tallies[scope, pattern]
            tally.said += 1
            tally.explained += is_explained
            tally.stating.update(states[pattern])
            tally.agreeing.update(states[pattern] - wrong[pattern])
            if is_explained:
                tally.explained_stating.update(states[pattern])
