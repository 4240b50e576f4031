"""Head words: which words that end segments of titles name things, with a probability read off their behaviour.

Colours, standards and series end segments as types do. What tells them apart is how they behave over all titles: a
type is often the only candidate of its title, is qualified ("*laser* printer"), closes titles or stands before a
function word ("printer *for*"), is written by many makers, and has a plural.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from data.text import Analyser
from graph.title_segments import Title

# A word that ends so few of the segments it is in qualifies what follows it ("mini", "photo").
LEAST_END_SHARE = 0.3
# A word that so often begins the titles whose segment it ends is the maker's name in a catalogue without brands.
FIRST_SHARE = 0.5
# Logistic regression on 671 head words labelled by hand, 285 of Icecat and 386 of Home Depot. Fitted on either
# alone it ranks the other's: area under ROC .95 (learnt on Icecat) and .82 (learnt on Home Depot), each on the other.
# The closest single signals: `alone` .88 and .77, `qualified` .83 and .72.
BIAS = -4.0
ALONE = 2.4
QUALIFIED = 2.2
CLOSING = 1.9
MAKERS = 8.2
PLURAL = 0.34
# Rarer than e^-7 the other number is a slip of somebody's pen.
LEAST_PLURAL = -7.0
# What naming fields or category leaves state and titles repeat is wrong about as often.
STATED = 0.95


@dataclass(frozen=True, slots=True)
class HeadWord:
    """A word that ends segments, and what it does there.

    Attributes:
        groups: Product groups whose titles have a segment it ends.
        makers: Log of how many makers they have, as a share of that of all makers: 1 when every maker writes it.
        alone: Share of these titles in which no other candidate ends a segment.
        qualified: Share of its segments that are longer than itself.
        closing: Share of them that close the title or stand before a function word.
        plural: Log of how often titles use its other number (label, labels), against itself.
        stated: Whether the catalogue states it, in naming fields or categories.
    """

    groups: int
    makers: float
    alone: float
    qualified: float
    closing: float
    plural: float
    stated: bool

    @property
    def odds(self) -> float:
        """Of `probability`."""
        return self.probability / (1.0 - self.probability)

    @property
    def probability(self) -> float:
        """That it names a product type, in (0, 1)."""
        evidence = (
            BIAS
            + ALONE * self.alone
            + QUALIFIED * self.qualified
            + CLOSING * self.closing
            + MAKERS * self.makers
            + PLURAL * max(self.plural, LEAST_PLURAL)
        )
        mined = 1.0 / (1.0 + math.exp(-evidence))
        return max(mined, STATED) if self.stated else mined


def find_heads(
    titles: Sequence[Title], analyser: Analyser, stated: Collection[str], least_groups: int, least_makers: int
) -> dict[str, HeadWord]:
    """Every word that ends segments often enough.

    Args:
        titles: Of the catalogue.
        analyser: Of the titles' locale; its stems say which words are numbers of each other.
        stated: Stems of head words that the catalogue states; for them the limits do not hold.
        least_groups: That a word needs.
        least_makers: That a word needs: one maker's word is a series.
    """
    ends: dict[str, set[str]] = defaultdict(set)
    total: dict[str, set[str]] = defaultdict(set)
    makers: dict[str, set[str]] = defaultdict(set)
    first: Counter[str] = Counter()
    for title in titles:
        if len(title.segments) > 1 and title.segments[0][0] == title.maker:
            first[title.segments[0][-1]] += 1
        for segment in title.segments:
            ends[segment[-1]].add(title.group)
            makers[segment[-1]].add(title.maker)
            for word in segment:
                total[word].add(title.group)
    said = {word for word in ends if analyser.stem(word) in stated}
    candidates = {
        word
        for word, groups in ends.items()
        if word in said
        or (
            len(groups) >= least_groups
            and len(makers[word]) >= least_makers
            and first[word] < FIRST_SHARE * len(groups)
            and len(groups) >= LEAST_END_SHARE * len(total[word])
        )
    }
    behaviour = _behaviour(titles, candidates)
    everybody = math.log1p(max(1, len({title.maker for title in titles})))
    numbers: Counter[str] = Counter()
    for word, groups in total.items():
        numbers[analyser.stem(word)] += len(groups)
    return {
        word: HeadWord(
            len(ends[word]),
            math.log1p(len(makers[word])) / everybody,
            *behaviour[word],
            math.log((numbers[analyser.stem(word)] - len(total[word]) + 0.5) / (len(total[word]) + 0.5)),
            word in said,
        )
        for word in candidates
    }


def _behaviour(titles: Sequence[Title], candidates: Collection[str]) -> Mapping[str, tuple[float, float, float]]:
    """Shares of `HeadWord.alone`, `qualified` and `closing`."""
    times: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    qualified: Counter[str] = Counter()
    closing: Counter[str] = Counter()
    for title in titles:
        present = {segment[-1] for segment in title.segments if segment[-1] in candidates}
        for place, segment in enumerate(title.segments, start=1):
            word = segment[-1]
            if word in candidates:
                times[word] += 1
                alone[word] += len(present) == 1
                qualified[word] += len(segment) > 1
                closing[word] += title.closed and place == len(title.segments)
    return {word: (alone[word] / n, qualified[word] / n, closing[word] / n) for word, n in times.items()}
