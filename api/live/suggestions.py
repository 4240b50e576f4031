"""Everything that is live over a shop's suggestions, put together for one release."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from api.assembly import ShopRelease
from api.live.sold_out import SoldOut
from api.live.trend_reader import TrendReader
from autocomplete.live.live_completer import LiveCompleter, LiveState
from autocomplete.live.live_state import make_live_locale
from autocomplete.safety.serving import SafeCompleter
from autocomplete.words import split_words
from data.curation import Curation, CurationStore
from data.event_log import EventLog
from data.release import ShopFolder

# What stock changes is worked through in such slices, between which other shops are followed.
_SLICE_S = 0.1
# Before a release is served: what sold out before it was built, mostly.
_FIRST_SLICE_S = 1.0
# A text that is typed whole stands among the first.
_LOOKED_AT = 10


class LiveSuggestions:
    """Follows curators, stock and trends of one shop; for one thread at a time.

    Args:
        folder: Of the shop.
        event_log: Gives its log of events once there is one.
    """

    def __init__(self, folder: ShopFolder, event_log: Callable[[], EventLog | None]) -> None:
        self._path = folder.curation
        self._event_log = event_log
        self._curation = Curation()
        self._trends: TrendReader | None = None
        self._sold_out: SoldOut | None = None
        self._release_id = ""

    @cached_property
    def store(self) -> CurationStore:
        """Opened, and made, when a curator first says something."""
        return CurationStore(self._path)

    def follow(self, release: ShopRelease, now_ms: int) -> ShopRelease:
        """The release with what is live now: another object when something changed, the same when nothing did."""
        if release.release_id != self._release_id:
            return self.begin(release, now_ms)
        sold_out, trends = self._parts(release)
        changed = self._read_curation()
        changed |= trends.follow(lambda text, locale: share_of(release, text, locale), now_ms)
        changed |= sold_out.follow(_SLICE_S)
        return self._over(release) if changed else release

    def begin(self, release: ShopRelease, now_ms: int) -> ShopRelease:
        """A release that is about to be served, with what is live over it."""
        self._release_id = release.release_id
        self._sold_out = None
        sold_out, trends = self._parts(release)
        self._read_curation()
        trends.follow(lambda text, locale: share_of(release, text, locale), now_ms)
        sold_out.follow(_FIRST_SLICE_S)
        return self._over(release)

    def read_events_again(self) -> None:
        """Somebody was forgotten."""
        if self._trends is not None:
            self._trends.read_again()

    def close(self) -> None:
        """Let go of the file."""
        if "store" in self.__dict__:
            self.store.close()

    def _parts(self, release: ShopRelease) -> tuple[SoldOut, TrendReader]:
        if self._sold_out is None:
            self._sold_out = SoldOut(release.completions, release.engine)
        if self._trends is None:
            self._trends = TrendReader(self._event_log, release.config.suggest.minimum_people, release.locale)
        return self._sold_out, self._trends

    def _read_curation(self) -> bool:
        if "store" not in self.__dict__ and not self._path.exists():
            return False
        if self.store.revision == self._curation.revision:
            return False
        self._curation = self.store.read()
        return True

    def _over(self, release: ShopRelease) -> ShopRelease:
        sold_out, trends = self._parts(release)
        count = release.count_in_stock
        state = LiveState(
            {
                locale: make_live_locale(locale, self._curation, trends.trends, gone, count)
                for locale, gone in sold_out.texts.items()
            },
            sold_out.products,
        )
        live = LiveCompleter(release.completions, state)
        return replace(release, completer=SafeCompleter(live, release.safety, release.completer.was_checked), live=live)


def share_of(release: ShopRelease, text: str, locale: str) -> float:
    """Of all that people look for in a locale, by the weights of the release's completions; 0 for what it has not."""
    completer, words = release.completions.of(locale), split_words(text)
    matches = completer.match(text, _LOOKED_AT)
    weight = max((match.weight for match in matches if split_words(match.text) == words), default=0.0)
    total = float(completer.completions.weights.sum(dtype=float))
    return weight / total if total else 0.0
