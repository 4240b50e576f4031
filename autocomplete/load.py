"""Map the completions of a release."""

import logging
from pathlib import Path

import orjson

from autocomplete.completer import TrieCompleter
from autocomplete.facts import Facts
from autocomplete.found import FoundProducts
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.log.local_time import LocalClock
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.slips.chances import SlipChances
from autocomplete.ranking.columns import load_columns
from autocomplete.ranking.ranker import Ranking, SuggestionRanker
from autocomplete.safety.check import RULES
from autocomplete.sources.aliases import Aliases
from autocomplete.unseen.continuing import Continuing
from autocomplete.words import split_words
from data.errors import ModelMismatch, ReleaseDamaged, ReleaseTooNew
from data.shop import ShopConfig

FORMAT = 3
MANIFEST = "autocomplete.json"
# Beside the indexes: the columns that completions are ordered by, in every locale's folder, and the model.
COLUMNS = "ranking"
CONTINUING = "continuing"
ALIASES = "aliases.marisa"
SLIPS = "slips.json"
# Of completions, and of titles; where anything is known that is only explained.
FACTS = "facts"
TITLE_FACTS = "title_facts"
FOUND = "found"
SUGGESTER = "suggester"
BLOCK_LIST = "block_list"

_log = logging.getLogger("intentrie.autocomplete")


def was_checked(folder: Path) -> bool:
    """Whether all that a release holds was asked for by the rules of this program, and its own block list."""
    return bool(orjson.loads((folder / MANIFEST).read_bytes()).get("safety") == RULES)


def load_autocomplete(folder: Path, config: ShopConfig) -> LocaleCompleter:
    """Open what `build_autocomplete` wrote; nothing is read before it is asked for but the words.

    Raises:
        ReleaseTooNew: A newer program wrote it.
        ReleaseDamaged: A file is missing or cut short.
    """
    try:
        manifest = orjson.loads((folder / MANIFEST).read_bytes())
        if manifest["format"] > FORMAT:
            raise ReleaseTooNew(
                f"{folder}: expected completions of format {FORMAT} or older, got {manifest['format']}; "
                "update intentrie"
            )
        # A release from before there were models has none; a program from before leaves the model aside.
        ranker = _ranker(folder / SUGGESTER) if manifest.get("ranked") else None
        clock = LocalClock(config.time_zone)
        by_locale = {
            locale: TrieCompleter(
                CompletionIndex.load(folder / locale / "completions"),
                CompletionIndex.load(folder / locale / "titles"),
                None if ranker is None else Ranking(ranker, load_columns(folder / locale / COLUMNS, number, clock)),
                _continuing(folder / locale / CONTINUING, config),
                Aliases.load(folder / locale / ALIASES, locale) if (folder / locale / ALIASES).exists() else None,
                SlipChances.load(folder / locale / SLIPS, locale),
                Facts.load(folder / locale / FACTS),
                Facts.load(folder / locale / TITLE_FACTS),
                _found(folder / locale / FOUND),
            )
            for number, locale in enumerate(manifest["locales"])
        }
    except (OSError, EOFError, RuntimeError, ValueError, KeyError) as error:
        raise ReleaseDamaged(
            f"{folder}: expected whole completion files, got {error}; build the release again"
        ) from error
    return LocaleCompleter(by_locale, (*config.locales, *manifest["locales"]))


def _ranker(folder: Path) -> SuggestionRanker | None:
    """`None` where the model is of another program's features: suggestions go by weight until the next build."""
    try:
        return SuggestionRanker.load(folder)
    except ModelMismatch as error:
        _log.warning("suggestions go by weight: %s", error)
        return None


def _found(folder: Path) -> FoundProducts | None:
    """`None` for a release from before it said which products its completions find."""
    found = FoundProducts.load(folder)
    if found is None:
        _log.warning("completions stay when their products sell out: %s is missing; build the release again", folder)
    return found


def _continuing(folder: Path, config: ShopConfig) -> Continuing | None:
    """`None` for a release from before there was any."""
    blocked = [split_words(phrase) for phrase in config.suggest.blocked]
    return Continuing.load(folder, blocked) if folder.exists() else None
