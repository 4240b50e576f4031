"""Write the completions of a release."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson

from autocomplete.build_index import build_index
from autocomplete.completer import LocaleCompleter
from autocomplete.completion import Completion
from autocomplete.diversity import Grouping, grouping
from autocomplete.load import FORMAT, MANIFEST, load_autocomplete
from autocomplete.suggestion import SuggestionKind
from autocomplete.words import split_words
from data.product import locale_chain
from data.shop import ShopConfig
from data.storage import storage_errors
from data.text import analyser_for


def build_autocomplete(folder: Path, completions: Iterable[Completion], config: ShopConfig) -> LocaleCompleter:
    """Index the completions once for every locale of the shop, and open them.

    A locale's index holds what is offered there: completions of the locale itself, of its language, and of no language
    ("und"). What is not translated was given the fallback's texts when it was collected (`vocabulary.py`).

    Raises:
        StorageError: The folder cannot be written.
    """
    everything = list(completions)
    with storage_errors("writing the completions", folder):
        for locale in config.locales:
            offered = offered_in(everything, locale)
            group_of: Grouping = grouping(analyser_for(locale))
            titles = [each for each in offered if each.kind is SuggestionKind.PRODUCT]
            others = [each for each in offered if each.kind is not SuggestionKind.PRODUCT]
            build_index(others, group_of).save(folder / locale / "completions")
            build_index(titles, group_of).save(folder / locale / "titles")
        (folder / MANIFEST).write_bytes(orjson.dumps({"format": FORMAT, "locales": config.locales}))
    return load_autocomplete(folder, config)


def offered_in(completions: Sequence[Completion], locale: str) -> list[Completion]:
    """The completions that a shopper of a locale may see; of those with the same words and product the likeliest."""
    chain = {"und", *locale_chain(locale)}
    offered: dict[tuple[str | None, tuple[str, ...]], Completion] = {}
    for each in completions:
        if each.locale in chain:
            key = (each.product_id, tuple(split_words(each.text)))
            if key not in offered or offered[key].weight < each.weight:
                offered[key] = each
    return list(offered.values())
