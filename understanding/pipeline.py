"""Understanding: from the text as typed to all that was meant by it.

normalise → spelling → linking → constraints → intent → expansion. Each stage is a pure function of the release;
together they take one to two milliseconds.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from numpy.typing import NDArray

from data.shop import ShopConfig
from data.text import Analyser, TokenKind, analyser_for
from graph.snapshot import Snapshot
from understanding.constraints import (
    Setting,
    price_constraints,
    quantity_constraints,
    said_otherwise,
    value_constraints,
)
from understanding.encoders.encoder import Encoder
from understanding.expansion import expand
from understanding.intent import HEAD, NEIGHBOURS, find_intents, head_weights
from understanding.kinds import KindTable
from understanding.lexicon import Lexicon
from understanding.linking import Link, link_words, mention
from understanding.neighbours import NearestTitles
from understanding.quantities import QuantityTable
from understanding.query import Query
from understanding.spelling import Speller
from understanding.understanding import Constraint, Understanding
from understanding.voters import Voters
from understanding.word import MOST_CHARACTERS, Word, read_words, rewrite

DECIMAL_COMMA = frozenset({"de", "es", "fr", "it", "nl", "pt", "pl", "sv", "da", "fi", "nb", "no", "cs", "tr", "ru"})


class Understander:
    """Reads queries against one release.

    Attributes:
        encoder: Of texts and products, `None` when vectors are off for this shop.
        vectors: Unit vectors of the products, shape (rows, d), mapped; `None` without an encoder.
        neighbours: Index over `vectors`.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        lexicon: Lexicon,
        quantities: QuantityTable,
        kinds: KindTable,
        config: ShopConfig,
        encoder: Encoder | None = None,
        vectors: NDArray[np.float32] | None = None,
        neighbours: NearestTitles | None = None,
        voters: Voters | None = None,
    ) -> None:
        """Take the parts; `build_understanding` and `load_understanding` make them.

        Without voters of their own, `encoder` and `neighbours` vote on intents too.
        """
        self._snapshot = snapshot
        self._lexicon = lexicon
        self._quantities = quantities
        self._kinds = kinds
        self._config = config
        self._speller = Speller(lexicon, config.search.spelling)
        self.encoder = encoder
        self.vectors = vectors
        self.neighbours = neighbours
        if voters is None and encoder is not None and neighbours is not None:
            voters = Voters(encoder, neighbours)
        self._voters = voters
        self._currency = config.currency or _commonest(quantities)

    def understand(self, query: Query) -> Understanding:
        """All that can be read from a query; never raises, whatever was typed."""
        analyser = analyser_for(query.locale)
        language = query.locale.replace("_", "-").partition("-")[0].lower()
        setting = Setting(self._snapshot, self._quantities, self._currency, language)
        text = query.text
        seen = text[:MOST_CHARACTERS]
        typed = read_words(text, analyser)
        prices, money = price_constraints(seen, setting, language in DECIMAL_COMMA)
        leave = said_otherwise(typed) | _inside(typed, prices)
        words, corrections = self._speller.correct(text, typed, analyser, query.locale, leave)
        words = _outside(words, prices)
        links = link_words(words, self._snapshot, self._lexicon, analyser)
        values, unwanted = value_constraints(text, words, links, setting, analyser)
        wanted = tuple(link for i, link in enumerate(links) if i not in unwanted)
        measured = quantity_constraints(text, analyser.tokens(seen), setting, self._about(words, wanted, language))
        measured = [each for each in measured if not _overlaps(each, prices)]
        constraints = sorted((*prices, *measured, *values), key=lambda each: (each.start, each.end, each.operator))
        corrected = rewrite(text, words)
        said = money | {(each.start, each.end) for each in constraints if each.strict}
        remaining = _without(text, words, said)
        intents, categories = find_intents(
            words,
            wanted,
            self._nearest(remaining, query.locale),
            self._known(words, analyser),
            self._kinds,
            self._snapshot,
            language,
        )
        return Understanding(
            query=query,
            text=corrected,
            mentions=tuple(mention(text, words, link, self._snapshot, language) for link in wanted),
            constraints=tuple(constraints),
            intents=intents,
            categories=categories,
            corrections=corrections,
            expansions=expand(words, wanted, self._snapshot, analyser, language),
            retrieval_text=remaining,
        )

    def correct_query(self, text: str, locale: str = "en") -> str:
        """The query with its confident corrections; what `evaluate spelling` measures."""
        analyser = analyser_for(locale)
        words = read_words(text, analyser)
        read, _ = self._speller.correct(text, words, analyser, locale, said_otherwise(words))
        return rewrite(text, read)

    def _nearest(self, text: str, locale: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        if self._voters is None:
            return np.empty(0, np.int32), np.empty(0, np.float32)
        return self._voters.nearest(text[:MOST_CHARACTERS], locale, NEIGHBOURS)

    def _known(self, words: Sequence[Word], analyser: Analyser) -> float:
        """Share of the words, stop words aside, that some title has."""
        asked = [word for word in words if word.kind is TokenKind.WORD and not analyser.is_stop(word.text)]
        found = [self._lexicon.words.get(word.text) for word in asked]
        return sum(i is not None and self._lexicon.counts[i] > 0 for i in found) / len(asked) if asked else 0.0

    def _about(self, words: Sequence[Word], links: Sequence[Link], language: str) -> NDArray[np.bool_] | None:
        """Marks the products of the types and categories that the head of the phrase names; `None` without a head."""
        heads = head_weights(words, links, self._snapshot, language)
        named = [concept for (concept, _), weight in heads.items() if weight == HEAD]
        if not named:
            return None
        marks = np.zeros(len(self._kinds.categories), np.bool_)
        for concept in named:
            marks[self._snapshot.products(concept)] = True
        return marks


def _commonest(quantities: QuantityTable) -> str | None:
    """The currency that most prices are in."""
    return min(quantities.prices, key=lambda code: (-len(quantities.prices[code].rows), code), default=None)


def _inside(words: Sequence[Word], constraints: Sequence[Constraint]) -> frozenset[int]:
    return frozenset(
        i
        for i, word in enumerate(words)
        if any(each.start < word.end and word.start < each.end for each in constraints)
    )


def _outside(words: Sequence[Word], constraints: Sequence[Constraint]) -> tuple[Word, ...]:
    taken = _inside(words, constraints)
    return tuple(word for i, word in enumerate(words) if i not in taken)


def _overlaps(constraint: Constraint, others: Sequence[Constraint]) -> bool:
    return any(constraint.start < other.end and other.start < constraint.end for other in others)


def _without(text: str, words: Sequence[Word], spans: AbstractSet[tuple[int, int]]) -> str:
    """The corrected text without some spans, blanks tidied."""
    pieces = []
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            pieces.append(_slice(text, words, at, start))
        at = max(at, end)
    pieces.append(_slice(text, words, at, len(text)))
    return " ".join(" ".join(pieces).split())


def _slice(text: str, words: Sequence[Word], start: int, end: int) -> str:
    """The corrected form of a stretch of the original text."""
    inside = [word for word in words if start <= word.start and word.end <= end]
    shifted = [_shifted(word, -start) for word in inside]
    return rewrite(text[start:end], shifted)


def _shifted(word: Word, by: int) -> Word:
    return Word(word.text, word.stem, word.start + by, word.end + by, word.kind, word.corrected)
