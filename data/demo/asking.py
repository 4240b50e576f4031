"""How a need becomes a query: whose word for the thing, which wishes are said, and how it is spelt."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from data.demo.lexicon import Lexicon
from data.demo.needs import Need
from data.demo.typing_errors import habitual
from data.demo.wording import say

# Of the queries for a type that has one: a word that the catalogue does not use.
SYNONYM = 0.38
VALUE_SYNONYM = 0.33
# Of the types' words: those that many people misspell alike, and how often they then do.
HABITUALLY_WRONG = 0.4
HABIT = 0.25
LEAST_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """A query as somebody means to type it.

    Attributes:
        text: What is typed, before any slip of a finger.
        correct: The same without the habitual misspelling.
        thing: The word for the thing itself in it, without wishes.
        uses: (word of the shopper, word of the catalogue), of the synonyms in it.
    """

    text: str
    correct: str
    thing: str
    uses: tuple[tuple[str, str], ...] = ()


class Speech:
    """How the shoppers of one locale talk, the same for all of them.

    Args:
        lexicon: The words.
        locale: Which of them.
        seed: Of the words that are habitually misspelt.
    """

    def __init__(self, lexicon: Lexicon, locale: str, seed: int) -> None:
        self._lexicon = lexicon
        self._locale = locale
        rng = Random(f"habits {seed} {locale}")
        self.habits: dict[str, str] = {}
        words = {entry.names[locale].lower() for entry in lexicon.types.values()}
        words |= {word.lower() for entry in lexicon.types.values() for word in entry.synonyms.get(locale, ())}
        for word in sorted({part for phrase in words for part in phrase.split()}):
            if len(word) >= LEAST_LETTERS and word.isascii() and rng.random() < HABITUALLY_WRONG:
                wrong = habitual(word, rng)
                if wrong != word:
                    self.habits[word] = wrong

    def ask(self, need: Need, rng: Random, own_words: bool = True) -> Asked:
        """A query for a need.

        Args:
            need: The wish.
            rng: Of the shopper.
            own_words: Whether the shopper may use words that the catalogue does not; not on a second try.
        """
        said, known = self._thing(need, rng, own_words)
        uses = [(said, known)] if said != known else []
        before: list[tuple[str, str]] = []
        behind: list[tuple[str, str]] = []
        for field, value in need.wishes:
            word, own = self._wish(field, value, rng, own_words)
            (before if field in ("brand", "colour", "material") else behind).append((word, own))
            if word != own:
                uses.append((word, own))
        typed = [*(word for word, _ in before), said, *(word for word, _ in behind)]
        correct = " ".join(typed).lower()
        text = " ".join(
            self.habits[word] if word in self.habits and rng.random() < HABIT else word for word in correct.split(" ")
        )
        return Asked(text, correct, said, tuple(uses))

    def _thing(self, need: Need, rng: Random, own_words: bool) -> tuple[str, str]:
        """The shopper's word for it and the catalogue's."""
        lexicon, locale = self._lexicon, self._locale
        if need.family is not None:
            words = lexicon.families[need.family].words.get(locale, ())
            if words:
                word = rng.choice(words).lower()
                return word, word
        entry = lexicon.types[need.types[0]]
        name = entry.names[locale].lower()
        synonyms = entry.synonyms.get(locale, ())
        if own_words and synonyms and rng.random() < SYNONYM:
            return rng.choice(synonyms).lower(), name
        return name, name

    def _wish(self, field: str, value: str | float, rng: Random, own_words: bool) -> tuple[str, str]:
        """The shopper's words for a wish and the catalogue's."""
        lexicon, locale = self._lexicon, self._locale
        if field == "brand":
            return str(value).lower(), str(value).lower()
        if field == "feature":
            word = lexicon.features[str(value)].words[locale].lower()
            return word, word
        synonyms: Mapping[str, tuple[str, ...]] = {}
        if field in ("colour", "material"):
            held = lexicon.colours[str(value)] if field == "colour" else lexicon.materials[str(value)]
            name, synonyms = held.names[locale].lower(), held.synonyms
        else:
            attribute = lexicon.attributes[field]
            name = say(attribute, value, locale).lower()
            if isinstance(value, str):
                synonyms = next(each.synonyms for each in attribute.values if each.key == value)
        own = synonyms.get(locale, ())
        if own_words and own and rng.random() < VALUE_SYNONYM:
            return rng.choice(own).lower(), name
        return name, name
