"""Misspelt words: rare, not in the catalogue, close to a word that is known, and corrected by the people themselves."""

from collections import defaultdict

from rapidfuzz.distance import OSA

from data.mining.candidate import Candidate
from data.mining.knowledge import Knowledge, Substitution

# Edits allowed for a word of so many characters or more; of Hunspell-sized words about 1 in 8 letters goes wrong.
TWO_EDITS_FROM = 7
ONE_EDIT_FROM = 4
# The right spelling is so many times more frequent.
TIMES_MORE_FREQUENT = 3
# Products whose texts hold a "wrong" word: so few may be typing errors of the merchants.
CATALOGUE_ERRORS = 2
# People who corrected themselves that make a pair half sure, by themselves.
HALF_SURE_PEOPLE = 1.0
# Sure by closeness alone: less than half. What nobody ever corrected is mostly a word that the shop lacks ("plaid",
# "quilt"): 12 of the 16 such pairs of three laboratories.
SCORE_BY_FORM = 0.45
# So many who corrected it make its company needless.
ENOUGH_CORRECTIONS = 2
# Of the searches with a misspelt word, those that are asked with the right one as well.
SAME_COMPANY = 0.5


def misspellings(known: Knowledge) -> list[Candidate]:
    """Candidates: `source` is misspelt, `target` right; words, or phrases that differ by a blank."""
    found = []
    targets = _by_length(known)
    contexts: defaultdict[str, list[str]] = defaultdict(list)
    for query in known.queries:
        for word in set(query.split()):
            contexts[word].append(query)
    for word in sorted(known.words):
        if not _may_be_wrong(word, known):
            continue
        best = max(_targets(word, targets, contexts, known), key=lambda one: (one.score, one.target), default=None)
        if best is not None:
            found.append(best)
    return found


def edits_allowed(word: str) -> int:
    """How many edits (insert, delete, replace, swap neighbours) may lie between a word and its misspelling."""
    if len(word) >= TWO_EDITS_FROM:
        return 2
    return 1 if len(word) >= ONE_EDIT_FROM else 0


def _may_be_wrong(word: str, known: Knowledge) -> bool:
    return word.isalpha() and edits_allowed(word) > 0 and known.catalogue.get(word, 0) <= CATALOGUE_ERRORS


def _by_length(known: Knowledge) -> dict[int, list[str]]:
    """Words that may be right, by length: of the catalogue and of the log, which knows words the catalogue lacks."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for word in {*known.catalogue, *known.words}:
        if word.isalpha():
            found[len(word)].append(word)
    return {length: sorted(words) for length, words in found.items()}


def _targets(
    word: str, targets: dict[int, list[str]], contexts: dict[str, list[str]], known: Knowledge
) -> list[Candidate]:
    own = known.words[word]
    edits = edits_allowed(word)
    found = []
    for length in range(len(word) - edits, len(word) + edits + 1):
        for target in targets.get(length, ()):
            distance = OSA.distance(word, target, score_cutoff=edits)
            if target == word or distance > edits or known.stem(word) == known.stem(target):
                continue
            change = known.substitutions.get((word, target), Substitution(0, 0, 0, 0))
            right = known.words.get(target)
            frequency = right.count if right is not None else 0
            products = known.catalogue.get(target, 0)
            if frequency < TIMES_MORE_FREQUENT * own.count and products < TIMES_MORE_FREQUENT * CATALOGUE_ERRORS:
                continue
            if change.people < ENOUGH_CORRECTIONS and not _in_same_company(word, target, contexts, known):
                continue
            found.append(_candidate(word, target, distance, change, frequency, products, known))
    return found


def _in_same_company(word: str, target: str, contexts: dict[str, list[str]], known: Knowledge) -> bool:
    """Whether most queries with the word are asked with the target too: `chain` is no `chair` in `cycle chain`."""
    asked = contexts.get(word, ())
    if not asked:
        return True
    both = sum(
        known.queries[query].count
        for query in asked
        if " ".join(target if each == word else each for each in query.split()) in known.queries
    )
    return both >= SAME_COMPANY * sum(known.queries[query].count for query in asked)


def _candidate(
    word: str, target: str, distance: int, change: Substitution, frequency: int, products: int, known: Knowledge
) -> Candidate:
    own = known.words[word]
    by_form = SCORE_BY_FORM if distance == 1 else SCORE_BY_FORM / 2
    if word[0] != target[0]:
        by_form /= 2  # the first letter is the one that is rarely wrong
    by_people = change.people / (change.people + HALF_SURE_PEOPLE)
    score = 1 - (1 - by_form) * (1 - by_people)
    evidence = (
        f"{own.people} people typed {word!r}, {distance} edit{'s' if distance > 1 else ''} from {target!r}, which was "
        f"searched {frequency} times and stands in {products} products; {change.people} people corrected it themselves"
    )
    counts = {
        "people": own.people, "searches": own.count, "target_searches": frequency, "products": products,
        "corrected_by": change.people, "edits": distance,
    }  # fmt: skip
    return Candidate("misspelling", word, target, known.locale, round(score, 4), evidence, counts)
