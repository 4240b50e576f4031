"""What was really meant, heard while it happens: the source of the truth files, and of nothing else."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from data.demo.asking import Asked
from data.demo.needs import Need
from data.demo.shoppers import Shopper

# The last sixth of the days is for the report; training ends before it.
REPORT_SHARE = 6

People = defaultdict[tuple[str, str, str], set[str]]


def report_from(days: int) -> int:
    """The first day that no training may see."""
    return days - max(1, days // REPORT_SHARE) + 1


def _people() -> People:
    return defaultdict(set)


@dataclass(slots=True)
class Said:
    """Who meant what, by words of one locale.

    Words are those of the days for training: what nobody said by then cannot be learned. Needs and keystrokes are those
    of the days for the report.

    Attributes:
        days: Of the whole simulation.
        day: Today, from 1.
        synonyms: (locale, shopper's word, catalogue's word): who used the first.
        families: (locale, word, family): who used it.
        narrowed: (locale, word of a family, type): who said the type's name next.
        misspelt: (locale, wrong word, right word): who typed the wrong one.
        needs: (locale, query as sent) to the needs behind it.
        senders: (locale, query as sent): who.
        earlier: (locale, query as sent), of the days for training.
        typed: (locale, last prefix typed, wished query, queries sent before in the visit), of every typed query.
        secrets: Typed by mistake.
    """

    days: int
    day: int = 1
    synonyms: People = field(default_factory=_people)
    families: People = field(default_factory=_people)
    narrowed: People = field(default_factory=_people)
    misspelt: People = field(default_factory=_people)
    needs: defaultdict[tuple[str, str], Counter[Need]] = field(default_factory=lambda: defaultdict(Counter))
    senders: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    earlier: Counter[tuple[str, str]] = field(default_factory=Counter)
    typed: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)

    @property
    def reporting(self) -> bool:
        """Whether today is of the days for the report."""
        return self.day >= report_from(self.days)

    def hear_words(self, shopper: Shopper, need: Need, asked: Asked) -> None:
        """Somebody is about to ask for something in these words."""
        if self.reporting:
            return
        locale, client = shopper.locale, shopper.client_id
        for word, own in asked.uses:
            self.synonyms[locale, word, own].add(client)
        if need.family is not None:
            self.families[locale, asked.thing, need.family].add(client)

    def hear_narrowing(self, shopper: Shopper, word: str, key: str) -> None:
        """A family's word found nothing, so that one of its types is asked for."""
        if not self.reporting:
            self.narrowed[shopper.locale, word, key].add(shopper.client_id)

    def hear_keys(self, shopper: Shopper, prefix: str, wanted: str, before: Sequence[str]) -> None:
        """So far was typed before the query was sent or picked; `before` was sent earlier in the visit."""
        if self.reporting:
            self.typed.append((shopper.locale, prefix, wanted, tuple(before)))

    def hear_search(self, shopper: Shopper, text: str, correct: str, need: Need | None) -> None:
        """A query is sent; `correct` is how it should be spelt, no need stands behind one sent half-typed."""
        locale, client = shopper.locale, shopper.client_id
        if self.reporting:
            self.senders[locale, text].add(client)
            if need is not None:
                self.needs[locale, text][need] += 1
            return
        self.earlier[locale, text] += 1
        wrong, right = text.split(" "), correct.split(" ")
        if text != correct and len(wrong) == len(right):
            for typed, meant in zip(wrong, right, strict=True):
                if typed != meant:
                    self.misspelt[locale, typed, meant].add(client)
