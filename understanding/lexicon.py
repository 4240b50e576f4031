"""The shop's own words: how often each stands in titles and searches, beside which, and what is one typo away."""

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np
import orjson
from numpy.typing import NDArray

from data.product import Product, locale_chain
from data.text import analyser_for

SHORTEST_CORRECTED = 4
"""Letters; shorter unknown words are mostly abbreviations and model names (`gfci` is four)."""

SHORTEST_TWO_EDITS = 8
"""Letters from which two edits are allowed; below, two edits reach unrelated words (`table`, `cable`, `cables`)."""

LONGEST_WORD = 40
"""Letters; what is longer is not a word anyone can correct."""

DELETE_PREFIX = 8
"""Letters of a word that the index of deletions covers (SymSpell's prefix trick: 37 entries a word instead of 100)."""

MOST_CANDIDATES = 100_000
"""The most frequent words can be corrections: bounds the index of deletions to about 30 MB."""

MOST_PAIRS = 3_000_000
"""Neighbouring words kept, the most frequent ones."""

PAIR_WINDOW = 2
"""Words up to this far apart in a title count as neighbours: titles put a model name between brand and type."""

LOG_SHARE = 0.5
"""Share of the searches, beside titles, in a word's prior, when the shop has a log."""

LOG_ONLY_TRUST = 0.05
"""A word that people search but the catalogue never writes may be a common typo: its count is taken at a twentieth."""

UNSEEN = -math.inf


class Lexicon:
    """Words by id (their place in a trie), with their frequencies; everything is a mapped array."""

    def __init__(
        self,
        words: marisa_trie.Trie,
        stems: marisa_trie.Trie,
        languages: Sequence[str],
        counts: NDArray[np.int32],
        priors: NDArray[np.float32],
        pairs: NDArray[np.uint64],
        pair_counts: NDArray[np.int32],
        delete_hashes: NDArray[np.uint32],
        delete_words: NDArray[np.int32],
    ) -> None:
        """Take the tables; `build_lexicon` and `load_lexicon` make them.

        Args:
            words: Every word that the shop knows.
            stems: Theirs, in every language of the shop.
            languages: Of the rows of `priors`.
            counts: Shape (n,), titles that have the word.
            priors: Shape (languages, n), natural log of the word's probability, -inf where the language lacks it.
            pairs: Sorted; two ids, the smaller one in the upper half.
            pair_counts: Titles in which the two stand side by side.
            delete_hashes: Sorted hashes of what is left of words when up to two letters are deleted.
            delete_words: The word each came from.
        """
        self.words = words
        self.stems = stems
        self.counts = counts
        self._priors = priors
        self._pairs = pairs
        self._pair_counts = pair_counts
        self._delete_hashes = delete_hashes
        self._delete_words = delete_words
        self._languages = {language: i for i, language in enumerate(languages)}
        self._arrays: tuple[NDArray[Any], ...] = (counts, priors, pairs, pair_counts, delete_hashes, delete_words)

    def word(self, word_id: int) -> str:
        """The word of an id."""
        return str(self.words.restore_key(word_id))

    def prior(self, word_id: int, language: int) -> float:
        """Log probability; -inf when the word is not one of the language's."""
        return float(self._priors[language, word_id])

    def language(self, locale: str) -> int:
        """Row of the locale's language, of the shop's first when it has no such language."""
        return next((self._languages[name] for name in locale_chain(locale) if name in self._languages), 0)

    def together(self, first: int, second: int) -> int:
        """Titles in which two words stand side by side, in either order."""
        key = np.uint64(min(first, second) << 32 | max(first, second))
        at = int(np.searchsorted(self._pairs, key))
        return int(self._pair_counts[at]) if at < len(self._pairs) and self._pairs[at] == key else 0

    def near(self, word: str) -> list[int]:
        """Ids of words that may be within two edits; hash collisions and false friends included.

        Two words within k edits have a string in common that is left when up to k letters of either are deleted.
        """
        edits = 2 if len(word) >= SHORTEST_TWO_EDITS else 1
        hashes = np.fromiter({zlib.crc32(rest.encode()) for rest in deletions(word, edits)}, np.uint32)
        starts = np.searchsorted(self._delete_hashes, hashes, "left")
        ends = np.searchsorted(self._delete_hashes, hashes, "right")
        found = [self._delete_words[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if b > a]
        return np.unique(np.concatenate(found)).tolist() if found else []

    def save(self, folder: Path) -> None:
        """Write the tables."""
        folder.mkdir(parents=True, exist_ok=True)
        self.words.save(str(folder / "words.marisa"))
        self.stems.save(str(folder / "stems.marisa"))
        for name, array in zip(_ARRAYS, self._arrays, strict=True):
            np.save(folder / f"{name}.npy", array)
        (folder / "languages.json").write_bytes(orjson.dumps(list(self._languages)))


_ARRAYS = ("counts", "priors", "pairs", "pair_counts", "delete_hashes", "delete_words")


def load_lexicon(folder: Path) -> Lexicon:
    """Map the tables that `Lexicon.save` wrote."""
    arrays: list[Any] = [np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS]
    words, stems = (marisa_trie.Trie().mmap(str(folder / f"{name}.marisa")) for name in ("words", "stems"))
    languages = orjson.loads((folder / "languages.json").read_bytes())
    return Lexicon(words, stems, languages, *arrays)


def deletions(word: str, edits: int) -> set[str]:
    """What is left of the word's first letters when up to `edits` of them are deleted."""
    head = word[:DELETE_PREFIX]
    return {
        "".join(head[i] for i in range(len(head)) if i not in gone)
        for count in range(min(edits, len(head)) + 1)
        for gone in combinations(range(len(head)), count)
    }


def build_lexicon(
    products: Sequence[Product],
    labels: Iterable[tuple[str, str]],
    query_counts: Mapping[str, int],
    locales: Sequence[str],
) -> Lexicon:
    """Count the shop's words.

    Args:
        products: Titles give counts and neighbours; words of descriptions are only known, never offered, because
            suppliers' prose has typos of its own.
        labels: Normal forms of the graph's labels with their language ("und": any).
        query_counts: Searches with how often each was sent, in the shop's first locale.
        locales: The shop's.
    """
    languages = list(dict.fromkeys(locale.split("-")[0] for locale in locales))
    titled: list[Counter[str]] = [Counter() for _ in languages]
    overall: Counter[str] = Counter()
    described: Counter[str] = Counter()
    titles: list[list[str]] = []
    place = {language: i for i, language in enumerate(languages)}
    for product in products:
        distinct: set[str] = set()
        for locale, text in product.texts.items():
            analyser = analyser_for(locale)
            words = analyser.words(text.title)
            titled[place.get(locale.split("-")[0], 0)].update(set(words))
            distinct.update(words)
            titles.append(words)
            described.update(set(analyser.words(text.description)))
        overall.update(distinct)
    for norm, language in labels:
        for word in norm.split():
            overall.setdefault(word, 1)
            for i in range(len(languages)) if language == "und" else [place.get(language.split("-")[0], 0)]:
                titled[i].setdefault(word, 1)
    searched: Counter[str] = Counter()
    analyser = analyser_for(locales[0])
    for query, count in query_counts.items():
        for word in analyser.words(query):
            searched[word] += count
    known = {word for word in (*overall, *described, *searched) if 0 < len(word) <= LONGEST_WORD}
    trie = marisa_trie.Trie(sorted(known))
    counts = np.zeros(len(trie), np.int32)
    for word, count in overall.items():
        if word in known:
            counts[trie[word]] = count
    priors = np.full((len(languages), len(trie)), UNSEEN, np.float32)
    total_searched = sum(searched.values())
    for i, counter in enumerate(titled):
        share = LOG_SHARE if i == 0 and total_searched else 0.0
        total = sum(counter.values()) or 1
        for word in (counter.keys() | searched.keys() if share else counter.keys()) & known:
            if word not in counter and word in described:
                continue  # known, but supplier's prose is no dictionary
            in_log = searched[word] / total_searched if share else 0.0
            trust = 1.0 if word in counter else LOG_ONLY_TRUST
            probability = (1 - share) * counter[word] / total + share * trust * in_log
            if probability > 0:
                priors[i, trie[word]] = math.log(probability)
    candidates = np.flatnonzero(counts > 0)
    candidates = candidates[np.argsort(-counts[candidates], kind="stable")][:MOST_CANDIDATES]
    stems = marisa_trie.Trie(sorted({analyser_for(language).stem(word) for language in languages for word in known}))
    deleted = _deletions(candidates.tolist(), trie)
    return Lexicon(trie, stems, languages, counts, priors, *_pairs(titles, trie), *deleted)


def _pairs(titles: Iterable[Sequence[str]], trie: marisa_trie.Trie) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    def keys() -> Iterator[int]:
        for words in titles:
            ids = [trie.get(word) for word in words]
            found = set()
            for distance in range(1, PAIR_WINDOW + 1):
                for a, b in zip(ids, ids[distance:], strict=False):
                    if a is not None and b is not None:
                        found.add(min(a, b) << 32 | max(a, b))
            yield from found

    pairs, counts = np.unique(np.fromiter(keys(), np.uint64), return_counts=True)
    if len(pairs) > MOST_PAIRS:
        kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_PAIRS])
        pairs, counts = pairs[kept], counts[kept]
    return pairs, counts.astype(np.int32)


def _deletions(candidates: Sequence[int], trie: marisa_trie.Trie) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    hashes: list[int] = []
    owners: list[int] = []
    for word_id in candidates:
        word = trie.restore_key(word_id)
        # A word of n letters can be meant by n + 1 typed ones, and so on: short ones need one edit only.
        if word.isalpha() and len(word) >= SHORTEST_CORRECTED - 1:
            edits = 2 if len(word) >= SHORTEST_TWO_EDITS - 2 else 1
            rests = {zlib.crc32(rest.encode()) for rest in deletions(word, edits)}
            hashes.extend(rests)
            owners.extend([word_id] * len(rests))
    unsorted = np.asarray(hashes, np.uint32)
    order = np.argsort(unsorted, kind="stable")
    return unsorted[order], np.asarray(owners, np.int32)[order]
