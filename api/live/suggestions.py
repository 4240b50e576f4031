"""Everything that is live over a shop's suggestions, put together for one release."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from api.assembly import ShopRelease, shown
from api.live.in_stock import InStock, Text
from api.live.sold_out import SoldOut
from api.live.trend_reader import TrendReader
from autocomplete.live.live_completer import LiveCompleter, LiveState
from autocomplete.live.live_state import LiveLocale, Trend, make_live_locale, own_texts
from autocomplete.words import split_words
from data.curation import NOTHING, Curation, CurationStore, read_curation
from data.errors import IntentrieError
from data.event_log import EventLog
from data.release import ShopFolder

_log = logging.getLogger("intentrie.live")

# What stock changes is worked through in such slices, between which other shops, and curators, are followed.
_SLICE_S = 0.1
_COUNTING_S = 0.05
# Before a release is served: what sold out before it was built, mostly.
_FIRST_SLICE_S = 1.0
# Counts by category are as old as this at most where products change all the time: whoever counts again forgets what
# was counted before.
_SCOPES_MS = 2_000
_NEVER_MS = 1 << 62
# A text that is typed whole stands among the first.
_LOOKED_AT = 10


@dataclass(frozen=True, slots=True)
class OverRelease:
    """What is followed for one release alone."""

    release_id: str
    carried: Curation
    sold_out: SoldOut
    in_stock: InStock


class LiveSuggestions:
    """Follows curators, stock and trends of one shop; for one thread at a time, but for `prepare`.

    Each is followed whatever becomes of the others: a log of events that cannot be read must not keep a ban out.

    Args:
        folder: Of the shop.
        event_log: Gives its log of events once there is one.
    """

    def __init__(self, folder: ShopFolder, event_log: Callable[[], EventLog | None]) -> None:
        self._folder, self._path = folder, folder.curation
        self._curation = Curation()
        self._trends = TrendReader(event_log)
        self._over: OverRelease | None = None
        self._locales: dict[str, LiveLocale] = {}
        self._said: tuple[Curation, Sequence[Trend], Sequence[str]] | None = None
        self._texts: tuple[Text, ...] = ()
        # Something was read that no answer knows of yet; stays so until one does.
        self._pending = False
        self._next_end_ms = _NEVER_MS
        # What the present answers know of products: up to where in the log, and when that was.
        self._known = (-1, 0)
        self._failing: set[str] = set()
        self._closed = False

    @cached_property
    def store(self) -> CurationStore:
        """Opened, and made, when a curator first says something."""
        return CurationStore(self._path, self._over.carried if self._over else NOTHING)

    def prepare(self, release: ShopRelease) -> OverRelease:
        """What a release that is loaded beside the present one will need; takes a second at most, from any thread."""
        known = self._over.in_stock.counts if self._over else {}
        over = OverRelease(
            release.release_id,
            read_curation(self._folder.carried_curation(release.release_id)),
            SoldOut(release.completions, release.engine),
            InStock(release.count_in_stock, dict(known)),
        )
        over.sold_out.follow(_FIRST_SLICE_S)
        return over

    def begin(self, release: ShopRelease, over: OverRelease, now_ms: int) -> ShopRelease:
        """The release, about to be served, with what is live over it."""
        self._over, self._locales, self._pending = over, {}, True
        # After a restart nothing is known of any text.
        return self.follow(release, now_ms, _COUNTING_S if over.in_stock.counts else _FIRST_SLICE_S)

    def follow(self, release: ShopRelease, now_ms: int, counting_s: float = _COUNTING_S) -> ShopRelease:
        """The release with what is live now: another object when something changed, the same when nothing did."""
        over = self._over
        if self._closed:
            return release
        if over is None or over.release_id != release.release_id:
            # A swap that failed at its last step.
            over = self._over = self.prepare(release)
            self._locales, self._pending = {}, True
        self._try("curation", lambda: self._read_curation(over.carried))
        share, surface = partial(share_of, release), partial(surface_of, release)
        self._try("trends", lambda: self._trends.follow(release, share, surface, now_ms))
        self._try("stock", lambda: over.sold_out.follow(_SLICE_S))
        position, wanted = release.engine.position, self._wanted(release)
        self._try("counts", lambda: over.in_stock.follow(wanted, position, now_ms, counting_s))
        if now_ms >= self._next_end_ms:
            self._pending = True
        if position != self._known[0] and now_ms - self._known[1] >= _SCOPES_MS:
            self._pending = True
        if not self._pending:
            return release
        followed = self._put_over(release, over, now_ms)
        self._known = (position, now_ms)
        self._pending = False
        return followed

    @property
    def is_settled(self) -> bool:
        """Whether nothing that is known of waits to be looked at."""
        over = self._over
        if over is None or self._failing:
            # What cannot be read is not read sooner by asking more often.
            return True
        return over.sold_out.is_idle and over.in_stock.is_idle and not self._trends.is_behind

    @property
    def counts(self) -> Mapping[str, int]:
        """How many bans, pins and new texts hold, texts trend and completions are gone."""
        gone = 0 if self._over is None else sum(map(len, self._over.sold_out.texts.values()))
        said = self._curation
        return {
            "ban": len(said.bans),
            "pin": len(said.pins),
            "label": len(said.labels),
            "trend": len(self._trends.trends),
            "sold_out": gone,
        }

    def read_events_again(self) -> None:
        """Somebody was forgotten; from any thread."""
        self._trends.read_again()

    def close(self) -> None:
        """Let go of the file."""
        self._closed = True
        if "store" in self.__dict__:
            self.store.close()

    def _try(self, what: str, step: Callable[[], bool]) -> None:
        """One source's trouble is said once, and tried again with the next look."""
        try:
            self._pending |= step()
            self._failing.discard(what)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on
            if what not in self._failing:
                self._failing.add(what)
                trace = None if isinstance(error, IntentrieError) else error
                fields = {"what": what, "path": str(self._path.parent), "reason": str(error)}
                _log.error("live suggestions cannot follow", exc_info=trace, extra={"fields": fields})

    def _read_curation(self, carried: Curation) -> bool:
        if "store" not in self.__dict__ and not self._path.exists():
            changed, self._curation = self._curation != carried, carried
            return changed
        if self.store.revision == self._curation.revision:
            return False
        self._curation = self.store.read()
        return True

    def _wanted(self, release: ShopRelease) -> tuple[Text, ...]:
        """What curators and trends would put in; the same object as long as they say the same."""
        said = (self._curation, self._trends.trends, tuple(release.completions.by_locale))
        if self._said != said:
            self._said = said
            self._texts = tuple((locale, text) for locale in said[2] for text in own_texts(locale, *said[:2]))
        return self._texts

    def _put_over(self, release: ShopRelease, over: OverRelease, now_ms: int) -> ShopRelease:
        ends = [pin.until_ms for pin in self._curation.pins if pin.until_ms is not None and pin.until_ms > now_ms]
        self._next_end_ms = min(ends, default=_NEVER_MS)
        holding = tuple(pin for pin in self._curation.pins if pin.until_ms is None or pin.until_ms > now_ms)
        curation = replace(self._curation, pins=holding)
        self._locales = {
            locale: make_live_locale(
                locale, curation, self._trends.trends, gone, over.in_stock.of, self._locales.get(locale)
            )
            for locale, gone in over.sold_out.texts.items()
        }
        live = LiveCompleter(release.completions, LiveState(self._locales, over.sold_out.products))
        completer = shown(live, release.completions, release.engine, release.safety, release.completer.was_checked)
        return replace(release, completer=completer, live=live)


def share_of(release: ShopRelease, text: str, locale: str) -> float:
    """Of all that people look for in a locale, by the weights of the release's completions; 0 for what it has not."""
    completer, words = release.completions.of(locale), split_words(text)
    matches = completer.match(text, _LOOKED_AT)
    weight = max((match.weight for match in matches if split_words(match.text) == words), default=0.0)
    total = float(completer.completions.weights.sum(dtype=float))
    return weight / total if total else 0.0


def surface_of(release: ShopRelease, text: str, locale: str) -> str | None:
    """How the release spells a completion of the same words; `None` where it has none."""
    completer = release.completions.of(locale)
    found = completer.whole(" ".join(split_words(text)))
    return None if found is None else completer.completions.text(found)
