"""Write the completions of a release."""

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import orjson

from autocomplete.completion import Completion
from autocomplete.facts import Facts
from autocomplete.found import FoundProducts
from autocomplete.load import (
    ALIASES,
    BLOCK_LIST,
    COLUMNS,
    CONTINUING,
    FACTS,
    FORMAT,
    FOUND,
    MANIFEST,
    SLIPS,
    SUGGESTER,
    TITLE_FACTS,
    load_autocomplete,
)
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.log.local_time import LocalClock
from autocomplete.log.parts import Parts
from autocomplete.matching.build_index import build_index
from autocomplete.matching.diversity import Grouping, compounds, grouping
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.slips.chances import SlipChances
from autocomplete.ranking.columns import catalogue_of, columns_as_of, save_catalogue, save_columns
from autocomplete.ranking.features import Catalogue, RankColumns
from autocomplete.ranking.ranker import SuggestionRanker
from autocomplete.safety.block_list import BlockList
from autocomplete.safety.check import RULES, SafetyCheck
from autocomplete.sources.aliases import Aliases, alias_words, other_forms
from autocomplete.sources.spelled_names import compound_heads, merged, said_ampersands
from autocomplete.suggestion import SuggestionKind
from autocomplete.unseen.continuing import build_continuing_for
from autocomplete.words import split_words
from data.errors import InputError
from data.mining.candidate import Candidate
from data.product import Product, locale_chain
from data.shop import ShopConfig
from data.storage import storage_errors
from data.text import analyser_for
from graph.snapshot import Snapshot


def build_autocomplete(
    folder: Path,
    completions: Iterable[Completion],
    config: ShopConfig,
    suggester: Path | None = None,
    mined: Path | None = None,
    parts: Mapping[str, Parts] | None = None,
    products: Sequence[Product] = (),
    snapshot: Snapshot | None = None,
    block_list: BlockList | None = None,
    candidates: Sequence[Candidate] = (),
) -> LocaleCompleter:
    """Index the completions once for every locale of the shop, and open them.

    A locale's index holds what is offered there: completions of the locale itself, of its language, and of no language
    ("und"). What is not translated was given the fallback's texts when it was collected (`vocabulary.py`).

    Args:
        folder: The release's, empty.
        completions: As `collect_completions` gives them.
        config: Gives the locales.
        suggester: Folder of a trained model that orders them; it goes into the release.
        mined: Folder of what was mined from the log; the columns that a model needs go into the release, as of the
            day after the log's last.
        parts: By locale, what its queries are made of, where that is known.
        products: Of the release; say what goes on with a prefix that no completion starts with.
        snapshot: Of the release; says what completions are called besides.
        block_list: What the shop never suggests; it goes into the release. Private data and stuffed texts are left
            out without one.
        candidates: That were mined; misspellings among them say which slips this shop's people make.

    Raises:
        StorageError: The folder cannot be written.
        InputError: What was mined cannot be read, or there is a model and nothing mined.
        ReleaseDamaged, ReleaseTooNew: The model cannot be used.
    """
    everything = list(completions)
    check = SafetyCheck(config.locales, () if block_list is None else (block_list,))
    if suggester is not None:
        if mined is None:
            raise InputError(f"{suggester}: expected what was mined from the log beside a suggestion model, got none")
        SuggestionRanker.load(suggester)
    with storage_errors("writing the completions", folder):
        for number, locale in enumerate(config.locales):
            offered = [each for each in offered_in(everything, locale) if check.refusal(each.text, locale) is None]
            titles = [each for each in offered if each.kind is SuggestionKind.PRODUCT]
            others = [each for each in offered if each.kind is not SuggestionKind.PRODUCT]
            other_names = {} if snapshot is None else alias_words(snapshot, locale, others)
            texts = [each.text for each in others]
            # A name for several things says too little of any.
            surely = {alias: names[0] for alias, names in other_names.items() if len(names) == 1}
            group_of: Grouping = grouping(analyser_for(locale), compounds(map(split_words, texts), surely) | surely)
            index = build_index(others, group_of)
            index.save(folder / locale / "completions")
            titles_index = build_index(titles, group_of)
            titles_index.save(folder / locale / "titles")
            FoundProducts.of(index, others).save(folder / locale / FOUND)
            Facts.of(index, others).save(folder / locale / FACTS)
            Facts.of(titles_index, titles).save(folder / locale / TITLE_FACTS)
            likeliest_first = sorted(others, key=lambda each: (-each.weight, each.text))
            likeliest = [split_words(each.text) for each in likeliest_first]
            forms = other_forms(likeliest, analyser_for(locale))
            # What the graph says goes before what follows from writing alone.
            names = merged(other_names, said_ampersands(likeliest_first, locale), compound_heads(likeliest, locale))
            Aliases.build(names, forms, locale).save(folder / locale / ALIASES)
            SlipChances.learn(locale, candidates).save(folder / locale / SLIPS)
            if products:
                build_continuing_for(index, products, config, locale).save(folder / locale / CONTINUING)
            catalogue = catalogue_of(index, others)
            made_of = (parts or {}).get(locale)
            if mined is None:
                save_catalogue(catalogue, folder / locale / COLUMNS)
            else:
                clock = LocalClock(config.time_zone)
                columns = mined_columns(index, catalogue, mined, locale, number, made_of, clock)
                save_columns(columns, folder / locale / COLUMNS)
        if suggester is not None:
            shutil.copytree(suggester, folder / SUGGESTER)
        if block_list is not None:
            block_list.save(folder / BLOCK_LIST)
        manifest = {"format": FORMAT, "locales": config.locales, "ranked": suggester is not None, "safety": RULES}
        (folder / MANIFEST).write_bytes(orjson.dumps(manifest))
    return load_autocomplete(folder, config)


def mined_columns(
    index: CompletionIndex,
    catalogue: Catalogue,
    mined: Path,
    locale: str,
    number: int,
    parts: Parts | None,
    clock: LocalClock,
) -> RankColumns:
    """The columns of a locale's completions (the shop's locale of this number) as of the day after the log's last."""
    from autocomplete.log.mined import MinedLog

    log = MinedLog(mined, index, locale, clock=clock)
    history, prefixes = log.history(parts), log.prefix_log()
    return columns_as_of(index, catalogue, history, prefixes, max(history.end, prefixes.end), number)


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
