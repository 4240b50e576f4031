"""Attributes from titles: what the title says and no field does, believed as far as other products bear it out.

"Navy" in a title says `colour` as surely as products called navy that have a colour have that one. Amounts likewise:
"# w" says `power` in a branch of the categories where fields and titles agree on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from data.mining.assignment import Assignment
from data.mining.candidate import Candidate
from data.mining.evidence import FEWEST_AGREEING, Evidence, Kinship, Scope, Tally, count, scopes_of
from data.mining.shares import wilson_lower
from data.mining.title_claims import (
    AMOUNT,
    Claim,
    Fields,
    Vocabulary,
    claims_of,
    collect_vocabulary,
    is_same,
    value_said,
)
from data.product import AttributeValue, Product, Quantity
from data.text import Analyser, analyser_for, fold

# A branch of the categories where fewer groups say it cannot speak for itself; the one above does.
FEWEST_SAYING = 5
# Of the groups that say it so many state it too, or the field is none that such products have: a wall mount "for 55 in"
# has no screen.
LEAST_STATED = 0.25
# What the nearest branch contradicts more often is not believed for the sake of the rest of the catalogue.
LEAST_NEAR = 0.8
# Two values of one attribute as sure as that: nobody can say which is meant.
AMBIGUOUS_WITHIN = 0.1
# Candidates and assignments below it are not worth a line.
LEAST_SAID = 0.3


@dataclass(frozen=True, slots=True)
class Attributes:
    """What titles say: the products' empty fields, and the rules they follow as candidates."""

    assignments: tuple[Assignment, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Belief:
    """An attribute that a claim speaks of: how surely, and on what numbers."""

    attribute: str
    score: float
    agreeing: int
    trials: int
    scope: Scope


@dataclass(frozen=True, slots=True)
class _Said:
    """An assignment in the making, with what it follows."""

    assignment: Assignment
    claim: Claim
    belief: _Belief


def attributes_from_titles(products: Sequence[Product]) -> Attributes:
    """Hold titles against fields, locale by locale; pure, and the same for the same products in any order."""
    said: list[_Said] = []
    ordered = sorted(products, key=lambda product: product.product_id)
    kinship = Kinship(ordered)
    for locale in sorted({locale for product in ordered for locale in product.texts}):
        analyser = analyser_for(locale)
        vocabulary = collect_vocabulary(ordered, analyser)
        evidence = count(ordered, locale, analyser, vocabulary)
        for product in ordered:
            if locale in product.texts:
                said += _open_fields(product, locale, analyser, vocabulary, evidence, kinship)
    chosen = _one_each(said)
    return Attributes(tuple(one.assignment for one in chosen), tuple(_rules(chosen)))


def _open_fields(
    product: Product, locale: str, analyser: Analyser, vocabulary: Vocabulary, evidence: Evidence, kinship: Kinship
) -> Iterable[_Said]:
    title = product.texts[locale].title
    fields = Fields(product, vocabulary, analyser)
    best: dict[tuple[int, int], _Said] = {}
    taken: list[tuple[int, int]] = []
    for claim in claims_of(title, analyser, vocabulary):
        # "3M" on what 3M makes is no length.
        if fields.agreeing(claim) or fold(title[claim.start : claim.end]) == fold(product.brand):
            taken.append((claim.start, claim.end))
            continue
        belief = _believe(product, claim, evidence, kinship)
        if belief is None or belief.attribute in product.attributes or belief.score < LEAST_SAID:
            continue
        value = value_said(claim, belief.attribute, vocabulary)
        if value is None:
            continue
        text = title[claim.start : claim.end]
        made = Assignment(
            product.product_id,
            belief.attribute,
            value,
            locale,
            text,
            claim.start,
            claim.end,
            round(belief.score, 4),
            _sentence(text, belief, value),
        )
        other = best.get((claim.start, claim.end))
        if other is None or belief.score > other.belief.score:
            best[claim.start, claim.end] = _Said(made, claim, belief)
    # What one field states already is not said of another: "black" of the ink is not the printer's.
    return [one for (start, end), one in best.items() if not any(first < end and start < last for first, last in taken)]


def _believe(product: Product, claim: Claim, evidence: Evidence, kinship: Kinship) -> _Belief | None:
    """The attribute that most groups near the product mean by it, as sure as any wider branch that agrees is."""
    found: _Belief | None = None
    for scope in scopes_of(product):
        tally = evidence.tallies.get((scope, claim.pattern))
        if tally is None or (tally.said < FEWEST_SAYING and scope and found is None):
            continue
        if found is None:
            name = _meant(tally)
            if name is None or evidence.contradicts(claim, name):
                return None
            if not kinship.is_kin(product, name):
                return None
            found = _belief(tally, name, scope)
        elif tally.agreeing[found.attribute] >= FEWEST_AGREEING:
            wider = _belief(tally, found.attribute, scope)
            found = wider if wider.score > found.score else found
    return found


def _meant(tally: Tally) -> str | None:
    """The attribute that agrees in most groups, if it does so often enough to be what the words mean there."""
    name = min(tally.agreeing, key=lambda each: (-tally.agreeing[each], each), default=None)
    if name is None or tally.agreeing[name] < LEAST_STATED * tally.said:
        return None
    return name if tally.agreeing[name] >= LEAST_NEAR * tally.trials(name) else None


def _belief(tally: Tally, name: str, scope: Scope) -> _Belief:
    agree, trials = tally.agreeing[name], tally.trials(name)
    return _Belief(name, wilson_lower(agree, trials), agree, trials, scope)


def _one_each(said: Iterable[_Said]) -> list[_Said]:
    """The surest value of each empty field; none where another value is as sure."""
    by_field: dict[tuple[str, str], list[_Said]] = defaultdict(list)
    for one in said:
        by_field[one.assignment.product_id, one.assignment.attribute].append(one)
    chosen = []
    for _, rivals in sorted(by_field.items()):
        rivals.sort(key=lambda one: (-one.assignment.score, one.assignment.locale, one.assignment.start))
        first = rivals[0]
        if all(
            is_same(one.assignment.value, first.assignment.value)
            or one.belief.score < first.belief.score - AMBIGUOUS_WITHIN
            for one in rivals
        ):
            chosen.append(first)
    return chosen


def _rules(chosen: Iterable[_Said]) -> Iterable[Candidate]:
    """What the assignments follow: one candidate for each pattern, attribute and locale."""
    by_rule: dict[tuple[str, str, str], list[_Said]] = defaultdict(list)
    for one in chosen:
        value = AMOUNT if one.claim.amount is not None else one.assignment.value
        by_rule[one.claim.words, f"{one.assignment.attribute}={value}", one.assignment.locale].append(one)
    for (words, target, locale), held in sorted(by_rule.items()):
        surest = max(held, key=lambda one: one.belief.score)
        example = held[0].assignment
        sentence = (
            f"{surest.assignment.evidence}; {len(held)} products have no {example.attribute} and say it, "
            f"as {example.product_id} does"
        )
        counts = {"agreeing": surest.belief.agreeing, "stating": surest.belief.trials, "open": len(held)}
        yield Candidate("attribute", words, target, locale, surest.assignment.score, sentence, counts)


def _sentence(text: str, belief: _Belief, value: AttributeValue) -> str:
    where = f" in {' > '.join(belief.scope)}" if belief.scope else ""
    spelt = f"{value.amount:g} {value.unit}" if isinstance(value, Quantity) else str(value)
    return (
        f"the title says {text!r}: {belief.attribute} = {spelt}, as it is with {belief.agreeing} of the "
        f"{belief.trials} products{where} that say such and state it"
    )
