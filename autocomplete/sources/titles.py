"""Product titles, cut down to what somebody would type."""

import re
from collections import Counter
from collections.abc import Iterable

from autocomplete.completion import Completion
from autocomplete.safety.stuffing import makes_claim
from autocomplete.sources.popularity import catalogue_prior
from autocomplete.suggestion import SuggestionKind, SuggestionSource
from autocomplete.words import split_words
from data.product import Product
from data.shop import ShopConfig

# A name is in the first words of a title; specifications follow, mostly behind one of these signs or from a number with
# its unit ("61 cm", "1200 x 1200") on.
_SPECIFICATIONS = re.compile(r"[,;|(\[]|\s[-–—/]\s|\s[0-9]+(?:[.,][0-9]+)*\s(?:x\s|[^\W\d_]{1,4}(?:\s|$|\())")
# A sign before this many words is part of the name ("Apple (2020) ...").
_FEWEST_WORDS = 3
_MOST_WORDS, _MOST_CHARACTERS = 7, 60
# For titles whose first words are those of a sibling, too.
_MORE_WORDS, _MORE_CHARACTERS = 12, 100


def title_completions(products: Iterable[Product], config: ShopConfig) -> list[Completion]:
    """One completion for each group of variants and locale; texts are distinct in a locale.

    A title that praises itself gives none: what else it says is as likely made up. Out of stock is left to the overlay:
    a release outlives a stock level by days.
    """
    named = list({product.group_id: product for product in reversed(list(products))}.values())
    completions = []
    for locale in config.locales:
        said = ((product, product.text(locale, config.locales).title) for product in named)
        titles = [(product, title) for product, title in said if not makes_claim(title)]
        short = [shorten_title(title, _MOST_WORDS, _MOST_CHARACTERS) for _, title in titles]
        uses = Counter(tuple(split_words(text)) for text in short)
        taken: set[tuple[str, ...]] = set()
        for (product, title), text in zip(titles, short, strict=True):
            if uses[tuple(split_words(text))] > 1:
                text = shorten_title(title, _MORE_WORDS, _MORE_CHARACTERS, specifications=True)
            key = tuple(split_words(text))
            if key and key not in taken:
                taken.add(key)
                completions.append(
                    Completion(
                        text,
                        catalogue_prior(SuggestionKind.PRODUCT, 1),
                        SuggestionKind.PRODUCT,
                        SuggestionSource.GRAPH,
                        locale,
                        product_id=product.product_id,
                    )
                )
    return completions


def shorten_title(title: str, most_words: int, most_characters: int, specifications: bool = False) -> str:
    """The first words of a title, up to the specifications unless they are wanted; never cut inside a word."""
    if not specifications:
        for sign in _SPECIFICATIONS.finditer(title):
            if len(title[: sign.start()].split()) >= _FEWEST_WORDS:
                title = title[: sign.start()]
                break
    words = title.split()
    cut = len(words) > most_words or len(title) > most_characters
    words = words[:most_words]
    while len(words) > 1 and len(" ".join(words)) > most_characters:
        words.pop()
    # What a cut leaves dangling: "... 1200 x", "... with 4".
    while cut and len(words) > _FEWEST_WORDS and (len(words[-1]) < 3 or not any(map(str.isalpha, words[-1]))):
        words.pop()
    return " ".join(words)[:most_characters].strip(" ,;:|-–—/([")
