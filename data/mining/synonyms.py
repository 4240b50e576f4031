"""Synonyms: different words after which the same products are clicked, or that people put in each other's place.

Siblings (`red` and `blue`, `tea` and `coffee`) are put in each other's place as well; what is clicked tells them apart.
A pair is judged over all the queries in which it stands in the same company (`red sofa` and `red couch`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from data.mining.candidate import Candidate
from data.mining.knowledge import Knowledge, Substitution
from data.mining.misspellings import CATALOGUE_ERRORS, edits_allowed
from data.mining.similarity import FEWEST_CLICKS, Overlap
from data.mining.words import difference

# Clicks as alike as this or more make a synonym by themselves; see docs/mining.md for what was measured.
ALIKE = 0.6
# Less than this over enough clicks, and they are siblings, whatever people put in whose place.
DIFFERENT = 0.25
# People who put one in the place of the other that make it half sure.
HALF_SURE_PEOPLE = 4.0
# So sure by people, and clicks have nothing to say: after a word that no product has they are on whatever came up.
SURE = 0.7
# Of all that people put in the place of a word, its synonym is the most frequent by far.
LEAST_SHARE = 0.25
FEWEST_PEOPLE = 3
FEWEST_SHARED = 2
# Below it a pair is not worth a curator's look.
LEAST_SCORE = 0.3


@dataclass(slots=True)
class _Evidence:
    overlaps: list[tuple[float, Overlap]] = field(default_factory=list)

    @property
    def weight(self) -> float:
        return sum(weight for weight, _ in self.overlaps)

    @property
    def alike(self) -> float:
        return (
            sum(weight * min(1.0, one.alike) for weight, one in self.overlaps) / self.weight if self.overlaps else 0.0
        )

    @property
    def narrower(self) -> float:
        """The smaller of the two inclusions: low when one is only a part of the other."""
        if not self.overlaps:
            return 0.0
        return (
            sum(weight * min(1.0, one.first_in_second, one.second_in_first) for weight, one in self.overlaps)
            / self.weight
        )


def synonyms(known: Knowledge, overlaps: list[Overlap], misspelt: frozenset[str]) -> list[Candidate]:
    """Candidates; source is the rarer word, target the one that finds more.

    Args:
        known: One locale.
        overlaps: All pairs of its queries; see `ClickProfiles.pairs`.
        misspelt: Words known to be wrong spellings, and queries known to be broader.
    """
    pairs = {pair for overlap in overlaps for pair in _phrases(overlap, known, misspelt)}
    leaving: defaultdict[str, int] = defaultdict(int)
    for (source, target), change in known.substitutions.items():
        if change.people < 2:
            continue  # one person's change of mind
        leaving[source] += change.people
        if _may_be_synonyms(source, target, known, misspelt):
            pairs.add((min(source, target), max(source, target)))
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    for query in sorted(known.profiles.by_query):
        for word in dict.fromkeys(query.split()):
            by_word[word].append(query)
    found = []
    for first, second in sorted(pairs):
        candidate = _judge(first, second, _compared(first, second, by_word, known), known, leaving)
        if candidate is not None and candidate.score >= LEAST_SCORE:
            found.append(candidate)
    return _best(found, known)


def _best(found: list[Candidate], known: Knowledge) -> list[Candidate]:
    """Of all that a word is like, what it is most like: after any of its values people click the same type.

    A phrase with a value or with a word that has a synonym of its own in it is that synonym in company, unless the
    catalogue calls a category so ("down jacket", where jackets are filled with down).
    """
    found.sort(key=lambda one: (-one.counts["people"], -one.score, -one.counts["clicks"], one.target))
    meant: dict[str, str] = {}
    for one in found:
        if " " not in one.source:
            meant.setdefault(one.source, one.target)
    alone = {word for one in found for word in (one.source, one.target) if " " not in word}

    def in_company(one: Candidate) -> bool:
        return _speaks_for(one.source, one.target, meant, known) or _is_described(one.target, alone, known)

    best: dict[str, Candidate] = {}
    for one in found:
        if not in_company(one):
            best.setdefault(one.source, one)
    return list(best.values())


def _speaks_for(source: str, target: str, meant: Mapping[str, str], known: Knowledge) -> bool:
    """Whether one word of a phrase has the phrase's synonym for its own ("red couch" and "sofa"), or describes it."""
    words = source.split()
    if len(words) == 1 or known.phrases.get(known.stem(source), 0) > CATALOGUE_ERRORS:
        return False
    if any(known.stem(word)[0] in known.values for word in words):
        return True
    return any(word in meant and meant[word].split()[-1] in target.split() for word in words)


def _is_described(target: str, alone: Set[str], known: Knowledge) -> bool:
    """Whether a phrase is a value or a word with a synonym among others, and not what titles call a thing."""
    words = target.split()
    if len(words) == 1 or known.phrases.get(known.stem(target), 0) > CATALOGUE_ERRORS:
        return False
    return any(word in alone or known.stem(word)[0] in known.values for word in words)


def _phrases(overlap: Overlap, known: Knowledge, misspelt: frozenset[str]) -> Iterator[tuple[str, str]]:
    parts = difference(tuple(overlap.first.split()), tuple(overlap.second.split()))
    if parts is None:
        return
    first, second = " ".join(parts[0]), " ".join(parts[1])
    if _may_be_synonyms(first, second, known, misspelt):
        yield min(first, second), max(first, second)


def _compared(first: str, second: str, by_word: Mapping[str, list[str]], known: Knowledge) -> _Evidence:
    """Every pair of queries that differ only in the two, those without a common click among them."""
    evidence = _Evidence()
    for query in by_word.get(first.split()[0], ()):
        padded = f" {query} "
        if f" {first} " not in padded:
            continue
        other = padded.replace(f" {first} ", f" {second} ", 1).strip()
        fewer = min(known.profiles.totals[query], known.profiles.totals.get(other, 0))
        if fewer >= FEWEST_CLICKS:
            overlap = known.profiles.overlap(query, other) or Overlap(query, other, 0, 0.0, 0.0, 0.0)
            evidence.overlaps.append((float(fewer), overlap))
    return evidence


def _may_be_synonyms(first: str, second: str, known: Knowledge, misspelt: frozenset[str]) -> bool:
    """Different words, spelt right, no numbers, neither a part of the other."""
    words_first, words_second = first.split(), second.split()
    if any(map(str.isdigit, first + second)) or misspelt & {*words_first, *words_second, first, second}:
        return False
    if first.replace(" ", "") == second.replace(" ", ""):
        return True
    stems_first, stems_second = set(known.stem(first)), set(known.stem(second))
    if stems_first & stems_second:
        return False
    edits = min(edits_allowed(first), edits_allowed(second))
    unknown = not (known.catalogue.get(first, 0) and known.catalogue.get(second, 0))
    return not (unknown and edits and OSA.distance(first, second, score_cutoff=edits) <= edits)


def _judge(first: str, second: str, evidence: _Evidence, known: Knowledge, leaving: dict[str, int]) -> Candidate | None:
    none = Substitution(0, 0, 0, 0)
    there = known.substitutions.get((first, second), none)
    back = known.substitutions.get((second, first), none)
    people = there.people + back.people
    share = max(there.people / max(leaving[first], people, 1), back.people / max(leaving[second], people, 1))
    by_people = 0.0
    if people >= FEWEST_PEOPLE and share >= LEAST_SHARE:
        by_people = share * people / (people + HALF_SURE_PEOPLE)
    enough = bool(evidence.overlaps)
    if enough and evidence.alike < DIFFERENT and by_people < SURE:
        return None
    by_clicks = 0.0
    if enough and sum(one.shared for _, one in evidence.overlaps) >= FEWEST_SHARED:
        by_clicks = min(1.0, evidence.alike) * min(1.0, evidence.narrower / ALIKE)
    score = 1 - (1 - by_clicks) * (1 - by_people)
    if known.catalogue and _in_catalogue(first, known) and _in_catalogue(second, known):
        return None  # the catalogue knows both, and tells them apart
    rarer, other = sorted((first, second), key=lambda one: (_in_catalogue(one, known), _frequency(one, known), one))
    contexts = len(evidence.overlaps)
    shared = sum(one.shared for _, one in evidence.overlaps)
    said = []
    if contexts:
        said.append(
            f"in {contexts} pair{'s' if contexts > 1 else ''} of queries that differ only in them, clicks are alike "
            f"by {evidence.alike:.2f} ({shared} products clicked after both)"
        )
    if people:
        said.append(f"{people} people put one in the place of the other within a visit ({share:.0%} of all they tried)")
    counts = {"contexts": contexts, "shared_products": shared, "people": people, "clicks": int(evidence.weight)}
    sentence = f"{rarer!r} and {other!r}: " + "; ".join(said)
    return Candidate("synonym", rarer, other, known.locale, round(score, 4), sentence, counts) if said else None


def _in_catalogue(phrase: str, known: Knowledge) -> bool:
    """Whether the products' texts say a phrase: a word in any of them, several next to each other in a title."""
    if " " not in phrase:
        return known.catalogue.get(phrase, 0) > CATALOGUE_ERRORS
    stems = known.stem(phrase)
    return stems in known.names or known.phrases.get(stems, 0) > CATALOGUE_ERRORS


def _frequency(phrase: str, known: Knowledge) -> int:
    return min((known.words[word].count if word in known.words else 0 for word in phrase.split()), default=0)
