"""Completions that nobody has sent yet: a prefix gone on with by what the shop's words say, where products have it.

Asked only where few completions match (`completer.py`). What was typed stays as it was typed; the words put behind it
are written as completions write them.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autocomplete.matching.index import KINDS, SOURCES, CompletionIndex
from autocomplete.matching.match import Match, MatchKind
from autocomplete.matching.trie import WordTrie
from autocomplete.matching.typed import Ending, Typed
from autocomplete.safety.stuffing import name_in_title
from autocomplete.suggestion import SuggestionKind, SuggestionSource
from autocomplete.unseen.build_word_model import MOST_TEXTS, Text, build_word_model
from autocomplete.unseen.product_words import ProductWords, words_of_product
from autocomplete.unseen.word_model import WordModel
from autocomplete.words import locate_words, plainly_written, split_words
from data.product import Product
from data.shop import ShopConfig
from data.text import analyser_for

_CATEGORY = KINDS.index(SuggestionKind.CATEGORY)
_QUERY, _GENERATED = KINDS.index(SuggestionKind.QUERY), SOURCES.index(SuggestionSource.GENERATED)


class Continued:
    """The continuations of one prefix, read like the completions of an index; ids are places, the likeliest 0."""

    def __init__(self, texts: Sequence[str], probabilities: Sequence[float], results: Sequence[int]) -> None:
        self._texts = texts
        size = len(texts)
        self._probabilities = probabilities
        self.arrays: Mapping[str, NDArray[Any]] = {
            "kinds": np.full(size, _QUERY, np.uint8),
            "sources": np.full(size, _GENERATED, np.uint8),
            "results": np.array(results, np.uint32),
            "people": np.zeros(size, np.uint32),
        }

    def __len__(self) -> int:
        return len(self._texts)

    def text(self, completion: int) -> str:
        """As shown."""
        return self._texts[completion]

    def weight(self, completion: int) -> float:
        """Its probability."""
        return self._probabilities[completion]

    def target(self, _completion: int) -> bytes:
        """None: it leads to a search."""
        return b""


class Continuing:
    """What goes on with the prefixes of one locale.

    Args:
        model: Which words follow which.
        forms: How words are written that are not written as they are folded: UTF-8, and where each word's begins.
        products: Tells what finds something; without them (a corpus of completions alone) everything counts as found.
        blocked: Phrases of folded words that are never suggested.
    """

    def __init__(
        self,
        model: WordModel,
        forms: Mapping[str, NDArray[Any]],
        products: ProductWords | None,
        blocked: Sequence[Sequence[str]] = (),
    ) -> None:
        self._model = model
        self._forms = forms
        # A number of an array takes a hundred nanoseconds, one of a view thirty.
        self._form_bytes, self._form_offsets = forms["forms"].data, forms["form_offsets"].data
        self._products = products
        self._blocked = [list(phrase) for phrase in blocked if phrase]

    @property
    def vocabulary(self) -> WordTrie:
        """Its words, folded: those of the completions, and of titles."""
        return self._model.vocabulary

    @property
    def nbytes(self) -> int:
        """Of what is mapped but the trie."""
        products = () if self._products is None else self._products.arrays.values()
        return self._model.nbytes + int(sum(array.nbytes for array in (*self._forms.values(), *products)))

    @classmethod
    def load(cls, folder: Path, blocked: Sequence[Sequence[str]] = ()) -> "Continuing":
        """Map what `save` wrote."""
        forms = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in ("forms", "form_offsets")}
        products = ProductWords.load(folder / "products") if (folder / "products").exists() else None
        return cls(WordModel.load(folder), forms, products, blocked)

    def save(self, folder: Path) -> None:
        """Write everything but the blocked phrases into `folder`, which is made."""
        self._model.save(folder)
        for name, array in self._forms.items():
            np.save(folder / f"{name}.npy", array)
        if self._products is not None:
            self._products.save(folder / "products")

    def leave_out(self, rows: Sequence[int]) -> None:
        """Go on with what products find, but for those of some rows of the release; all others count again."""
        if self._products is not None:
            self._products.leave_out(rows)

    def unknown(self, typed: Typed) -> list[int]:
        """Places of the words of a prefix that are none here; of the last one, where it is open, that begin none."""
        vocabulary = self._model.vocabulary
        found = [place for place, word in enumerate(typed.words) if vocabulary.id(word) < 0]
        if not vocabulary.begins(typed.partial):
            found.append(len(typed.words))
        return found

    def share(self, word: str, partial: bool) -> float:
        """Of all words in what people say here, how many are `word`, or begin with it when it is `partial`; 0 to 1."""
        low, high = self._model.vocabulary.range(word)
        if not partial:
            low = self._model.vocabulary.id(word)
            high = low + 1
        return float(self._model.arrays["unigram"][low:high].sum()) if low >= 0 else 0.0

    def written(self, word: str) -> str:
        """A folded word as completions write it."""
        place = self._model.vocabulary.id(word)
        return word if place < 0 else self._form(place)

    def fill(self, found: list[Match], typed: Typed, text: str, limit: int) -> list[Match]:
        """The matches of a prefix with its continuations behind them, at most `limit` together."""
        held = self.go_on(typed, text, limit - len(found), [text, *(match.text for match in found)])
        return found + [Match(held, place, MatchKind.PREFIX) for place in range(len(held))]

    def go_on(self, typed: Typed, text: str, limit: int, shown: Iterable[str] = ()) -> Continued:
        """At most `limit` texts that start as `text` (read as `typed`) does, likeliest first.

        Args:
            typed: Of `text`; one that is CLOSED is not gone on with: what comes behind "usb-" is no word.
            text: As typed.
            limit: Of texts.
            shown: What was typed, and what is suggested anyway; none that means the same is among those given.
        """
        found: list[tuple[str, float, int]] = []
        if typed.ending is Ending.CLOSED:
            return Continued((), (), ())
        vocabulary, products = self._model.vocabulary, self._products
        among = allowed = None
        if products is not None:
            among = products.having(vocabulary.id(word) for word in typed.words)
            if not among.any():
                return Continued((), (), ())
            allowed = products.words_among(among, 0, len(vocabulary))
        begun = text.lstrip()
        if typed.partial:
            begun = begun[: locate_words(begun)[-1].start]
        taken = {self._meant(split_words(each)) for each in shown}
        for each in self._model.continuations(typed.words, typed.partial, allowed):
            words = tuple(vocabulary.words[word] for word in each.words)
            key = (*typed.words, *words)
            meant = self._meant(key)
            if meant in taken or _repeats(key) or self._is_blocked(key):
                continue
            results = 0 if products is None or among is None else products.count(among, each.words)
            if products is None or results:
                taken.add(meant)
                found.append((self._written(begun, each.words), each.probability, results))
                if len(found) >= limit:
                    break
        return Continued(*zip(*found, strict=True)) if found else Continued((), (), ())

    def _written(self, begun: str, words: Sequence[int]) -> str:
        """What was typed before the word that is being typed, and the words in its place."""
        return begun + " ".join(map(self._form, words))

    def _meant(self, words: Sequence[str]) -> tuple[str | int, ...]:
        """What texts of the same words share, in any order; stems where they are known."""
        if self._products is None:
            return tuple(sorted(words))
        ids = map(self._model.vocabulary.id, words)
        stems = self._products.arrays["stems"]
        return tuple(
            sorted((word if place < 0 else int(stems[place]) for word, place in zip(words, ids, strict=True)), key=str)
        )

    def _form(self, word: int) -> str:
        start, end = self._form_offsets[word], self._form_offsets[word + 1]
        return str(self._form_bytes[start:end], "utf-8") if start < end else self._model.vocabulary.words[word]

    def _is_blocked(self, words: Sequence[str]) -> bool:
        return any(
            list(words[start : start + len(phrase)]) == phrase
            for phrase in self._blocked
            for start in range(len(words) - len(phrase) + 1)
        )


def build_continuing(index: CompletionIndex, titles: Sequence[str], locale: str) -> Continuing:
    """From completions and the titles of products (or any text of a shop's), without a test of what they find."""
    vocabulary, texts = _texts(index, titles)
    everything = np.ones(len(vocabulary), np.bool_)
    model = build_word_model(vocabulary, texts, everything, analyser_for(locale).is_stop)
    return Continuing(model, _forms(index, titles, vocabulary, locale), None)


def build_continuing_for(
    index: CompletionIndex, products: Sequence[Product], config: ShopConfig, locale: str
) -> Continuing:
    """From a locale's completions and the catalogue, which says what finds something."""
    written = dict.fromkeys(product.text(locale, config.locales).title for product in products)
    titles = list(dict.fromkeys(filter(None, map(name_in_title, written))))
    vocabulary, texts = _texts(index, titles)
    said = [(product.group_id, words_of_product(product, config, locale)) for product in products]
    having = ProductWords.build(vocabulary, said, analyser_for(locale))
    model = build_word_model(vocabulary, texts, having.findable(), analyser_for(locale).is_stop)
    return Continuing(model, _forms(index, titles, vocabulary, locale), having)


def _texts(index: CompletionIndex, titles: Sequence[str]) -> tuple[WordTrie, list[Text]]:
    """The vocabulary of the likeliest completions and the titles, and their words in its ids."""
    said = [split_words(title) for title in titles[:MOST_TEXTS]]
    known = index.vocabulary.words
    vocabulary = WordTrie.build(list({*known, *(word for words in said for word in words)}))
    here = np.fromiter((vocabulary.id(word) for word in known), np.int64, len(known))
    end = int(index.word_offsets[min(len(index), MOST_TEXTS)])
    ids, offsets = here[index.words[:end].astype(np.int64)].tolist(), index.word_offsets.tolist()
    texts = [Text(ids[start:stop], True) for start, stop in pairwise(offsets[: MOST_TEXTS + 1])]
    texts += [Text([vocabulary.id(word) for word in words], False) for words in said]
    return vocabulary, texts


def _forms(index: CompletionIndex, titles: Sequence[str], vocabulary: WordTrie, locale: str) -> dict[str, NDArray[Any]]:
    """As the likeliest completion writes a word; as a title does, without decoration, where no completion has it."""
    written: dict[str, str] = {}
    for place, word in enumerate(index.vocabulary.words):
        start, end = index.posting_offsets[place : place + 2].tolist()
        if start < end:
            likeliest = int(index.postings[start])
            text = index.text(likeliest)
            form = next(text[each.start : each.end] for each in locate_words(text) if each.text == word)
            is_place = index.arrays["kinds"][likeliest] == _CATEGORY
            written[word] = plainly_written(form, locale) if is_place else form
    for title in titles[:MOST_TEXTS]:
        for each in locate_words(title):
            if each.text not in written:
                written[each.text] = plainly_written(title[each.start : each.end], locale)
    forms = [written.get(word, word) for word in vocabulary.words]
    pieces = [b"" if form == word else form.encode() for form, word in zip(forms, vocabulary.words, strict=True)]
    offsets = np.concatenate([[0], np.cumsum([len(piece) for piece in pieces], dtype=np.int64)])
    return {"forms": np.frombuffer(b"".join(pieces), np.uint8), "form_offsets": offsets.astype(np.uint32)}


def _repeats(words: Sequence[str]) -> bool:
    """Whether a word comes twice, as nobody types it."""
    return len(set(words)) < len(words)
