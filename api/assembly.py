"""The one place that wires objects and reads the clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from autocomplete.completer import Completer
from autocomplete.live.live_completer import LiveCompleter
from autocomplete.load import BLOCK_LIST, load_autocomplete, was_checked
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.safety.block_list import BlockList
from autocomplete.safety.check import SafetyCheck
from autocomplete.safety.serving import SafeCompleter
from autocomplete.scoping import ScopedCompleter
from autocomplete.words import locate_words
from data.errors import AnalyserMismatch, IntentrieError, ReleaseDamaged
from data.manifest import Manifest
from data.overlay_log import OverlayLog
from data.release import Release, ShopFolder, load_release_config, open_release
from data.shop import ShopConfig
from data.text import analyser_for
from graph.load import load_graph
from graph.snapshot import Snapshot
from retrieval.answer.request import SearchRequest
from retrieval.engine import SearchEngine
from retrieval.load import load_retrieval
from understanding.load import load_understanding
from understanding.pipeline import Understander
from understanding.query import Query

# Changes read and applied at a time; a batch of 1,000 is about 20 ms of SQLite.
_REPLAY_BATCH = 1_000


def now_ms() -> int:
    """UTC epoch milliseconds."""
    return time.time_ns() // 1_000_000


def now_us() -> int:
    """Microseconds since an arbitrary moment, for durations; never goes back."""
    return time.perf_counter_ns() // 1_000


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class ShopRelease:
    """The four packages of one release, wired; one request takes one of these and answers from nothing else.

    Attributes:
        completions: What the release itself completes.
        completer: The same with what is live over it, as far as it may be shown: what a keystroke is answered by.
        safety: What may be suggested by the lists in force; `completer` asks it, and so does whatever else is shown.
        live: What curators, stock and trends change; `None` where nothing is followed.
    """

    manifest: Manifest
    config: ShopConfig
    snapshot: Snapshot
    understander: Understander
    engine: SearchEngine
    completions: LocaleCompleter
    completer: SafeCompleter
    safety: SafetyCheck
    live: LiveCompleter | None = None

    @property
    def release_id(self) -> str:
        """Stands in every answer."""
        return self.manifest.id

    @property
    def overlay_position(self) -> int:
        """Up to here the overlay log is folded into the release."""
        return self.manifest.log_positions.get("overlay", 0)

    def may_suggest(self, text: str, locale: str) -> bool:
        """Whether a text may be shown as a suggestion, wherever it comes from."""
        if self.live is not None and self.live.is_banned(text, locale):
            return False
        return self.safety.refusal(text, locale) is None

    def count_in_stock(self, text: str, locale: str) -> int:
        """Groups of products that a suggested text leads to: in stock with all its words, or else what is meant by it.

        A text that has to be corrected leads to nothing: what is meant may be suggested instead.
        """
        found = self.engine.count_in_stock(text, locale)
        if found or not text.strip():
            return found
        understanding = self.understander.understand(Query(text, locale))
        meant = [range(mention.start, mention.end) for mention in understanding.mentions]
        if understanding.corrections or not all(
            any(word.start in span for span in meant) for word in locate_words(text)
        ):
            return 0
        request = SearchRequest(query=text, size=0, locale=locale, facets=(), filters={"in_stock": {"in": [True]}})
        return self.engine.search(request, understanding).total

    @property
    def locale(self) -> str:
        """Of requests that say none."""
        return self.config.locale


def load_shop_release(release: Release, adjust: Callable[[ShopConfig], ShopConfig] | None = None) -> ShopRelease:
    """Map the packages of a verified release.

    Args:
        release: As `open_release` gives it.
        adjust: Changes the configuration that it was built with, for ablations.

    Raises:
        AnalyserMismatch: It was built with analysers that this program does not have.
        ReleaseError: A package refuses its folder, or cannot read it.
    """
    for locale, built_with in release.manifest.analysers.items():
        here = analyser_for(locale).analyser_id
        if here != built_with:
            raise AnalyserMismatch(
                f"release {release.manifest.id} was built with analyser {built_with!r} for {locale!r}, this program "
                f"has {here!r}; build it again"
            )
    try:
        return _load(release, adjust)
    except IntentrieError:
        raise
    except Exception as error:
        # Whole by its hashes, and still not readable: written by another revision of a package, or out of memory.
        raise ReleaseDamaged(
            f"release {release.manifest.id} cannot be loaded ({type(error).__name__}: {error}); build it again with "
            "this program"
        ) from error


def _load(release: Release, adjust: Callable[[ShopConfig], ShopConfig] | None) -> ShopRelease:
    config = load_release_config(release)
    if adjust is not None:
        config = adjust(config)
    snapshot = load_graph(release.path / "graph")
    understander = load_understanding(release.path / "understanding", snapshot, config)
    folded_in = release.manifest.log_positions.get("overlay", 0)
    retrieval = release.path / "retrieval"
    engine = load_retrieval(retrieval, snapshot, understander, config, release.manifest.id, folded_in)
    completions = load_autocomplete(release.path / "autocomplete", config)
    safety = SafetyCheck(config.locales, lists_in_force(release.folder, release.path))
    completer = shown(completions, completions, engine, safety, _was_checked(release.folder, release.path))
    return ShopRelease(release.manifest, config, snapshot, understander, engine, completions, completer, safety)


def lists_in_force(folder: ShopFolder, release_path: Path) -> list[BlockList]:
    """The block list that a release was built with, and the one that was given since, which holds for every release.

    Raises:
        ReleaseError: One cannot be read: nothing is suggested rather than something blocked.
    """
    paths = (release_path / "autocomplete" / BLOCK_LIST, folder.block_list)
    return [BlockList.load(path) for path in paths if path.exists()]


def _was_checked(folder: ShopFolder, release_path: Path) -> bool:
    """Whether what is in the release needs no other look: no list was given since, and the rules are its own."""
    return not folder.block_list.exists() and was_checked(release_path / "autocomplete")


def with_lists(loaded: ShopRelease, folder: ShopFolder) -> ShopRelease:
    """The same release under the lists of now: another object, so that nothing remembered for the old one is given."""
    lists = lists_in_force(folder, folder.release(loaded.release_id))
    safety = SafetyCheck(loaded.config.locales, lists)
    checked = _was_checked(folder, folder.release(loaded.release_id))
    completer = shown(loaded.live or loaded.completions, loaded.completions, loaded.engine, safety, checked)
    return replace(loaded, safety=safety, completer=completer)


def shown(
    completer: Completer, completions: LocaleCompleter, engine: SearchEngine, safety: SafetyCheck, was_checked: bool
) -> SafeCompleter:
    """What a keystroke is answered by: suggestions with their scopes, as far as they may be shown."""
    return SafeCompleter(ScopedCompleter(completer, completions, engine.categories_in_stock), safety, was_checked)


def follow(release: ShopRelease, log: OverlayLog) -> int:
    """Apply what the log holds beyond what the release has folded in or taken before; gives how many changes."""
    applied = 0
    while changes := log.read(release.engine.position, _REPLAY_BATCH):
        release.engine.apply(changes)
        applied += len(changes)
    return applied


def open_shop(releases: str, shop: str, adjust: Callable[[ShopConfig], ShopConfig] | None = None) -> ShopRelease:
    """The current release with its live changes, for the terminal; `adjust` as for `load_shop_release`."""
    release = open_release(releases, shop)
    loaded = load_shop_release(release, adjust)
    if release.folder.overlay_log.exists():
        log = OverlayLog(release.folder.overlay_log)
        follow(loaded, log)
        log.close()
    return loaded
