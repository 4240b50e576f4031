"""One shop as a worker serves it: the current release, the live changes over it, and how both follow the disk."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from api.assembly import ShopRelease, follow, load_shop_release, now_ms, with_lists
from api.live.suggestions import LiveSuggestions, OverRelease
from data.curation import CurationStore
from data.errors import IntentrieError
from data.event_log import EventLog
from data.overlay_log import Change, OverlayLog
from data.release import Release, current_id, open_release

_log = logging.getLogger("intentrie.shop")

# Replaced releases kept for the cursors they gave out. Each holds its private memory until its grace is over, so a
# shop that publishes faster than the grace period keeps only the last ones.
_KEPT_RELEASES = 2

# A refused release may be repaired in place (restored from a copy); looking again means hashing all of it.
_RETRY_MS = 10_000


@dataclass(frozen=True, slots=True)
class _Retired:
    release: ShopRelease
    until_ms: int


class Shop:
    """The current release of one shop; safe to call from any thread.

    Readers take `current` once and answer from it alone. Everything that changes it (a swap, a live change) goes
    through one lock, so a swap never loses a change that came while the new release was being loaded.

    Args:
        releases: Folder or URL of the releases.
        name: The shop's.
        count: Told of every "swap" and "refusal", for the metrics.

    Raises:
        ReleaseNotFound: Nothing was published for this shop.
        ReleaseError: The current release cannot be served.
    """

    def __init__(self, releases: str, name: str, count: Callable[[str], None]) -> None:
        self.name = name
        self._count = count
        self._releases = releases
        self._changing = threading.RLock()
        self._loading = threading.Lock()
        # Whoever puts another object in the place of `current`; taken before `_changing`, behind `_loading`.
        self._replacing = threading.RLock()
        self._refused: dict[str, int] = {}
        release = self._open()
        self._folder = release.folder
        self._listed = self._stamp()
        self._overlay = OverlayLog(release.folder.overlay_log)
        self._event_log_path = release.folder.event_log
        loaded = self._load(release)
        self._live = LiveSuggestions(release.folder, self._opened_event_log)
        self.current = self._live.begin(loaded, self._live.prepare(loaded), now_ms())
        self._retired: tuple[_Retired, ...] = ()
        # Position of the newest deletion of a person that is known of.
        self.forgettings = 0

    @cached_property
    def event_log(self) -> EventLog:
        """Opened when the first event comes."""
        return EventLog(self._event_log_path)

    @property
    def bytes(self) -> int:
        """Of the files that are mapped or were read."""
        return sum(release.manifest.bytes for release in self._held())

    def release(self, release_id: str) -> ShopRelease | None:
        """The current release or one within its grace period, by id."""
        held = next((release for release in self._held() if release.release_id == release_id), None)
        if held is None and self.refresh():
            # Another worker has swapped already and gave out what is asked for.
            held = self.current if self.current.release_id == release_id else None
        return held

    def refresh(self) -> bool:
        """Swap to the published release if it is another one; gives whether it did.

        A release that cannot be served is logged by its name, once, and the old one goes on.
        """
        with self._loading:
            self._drop_expired()
            try:
                published = current_id(self._releases, self.name)
            except IntentrieError as error:
                self._refuse("pointer", error)
                return False
            if published is None or published == self.current.release_id or self._is_refused(published):
                return False
            try:
                loaded = self._load(self._open(published))
                over = self._live.prepare(loaded)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with the new one, the old one goes on
                self._refuse(published, error)
                return False
            try:
                self._swap(loaded, over)
            except Exception as error:  # noqa: BLE001 - as above
                self._refuse(published, error)
                return False
            self._refused.pop(published, None)
            self._count("swap")
            _log.info("release swapped", extra={"fields": {"shop": self.name, "release": published}})
            return True

    def _load(self, release: Release) -> ShopRelease:
        """A release as it is served: with its live changes, and what everybody types first answered."""
        loaded = load_shop_release(release)
        follow(loaded, self._overlay)
        loaded.completions.warm(loaded.config.suggest.limit, now_ms())
        return loaded

    def _swap(self, loaded: ShopRelease, over: OverRelease) -> None:
        with self._replacing:
            # A list may have come while it was being loaded.
            live = self._live.begin(with_lists(loaded, self._folder), over, now_ms())
            with self._changing:
                follow(live, self._overlay)
                grace_ms = int(self.current.config.releases.grace_minutes * 60_000)
                retired = _Retired(self.current, now_ms() + grace_ms)
                self._retired = (retired, *self._retired[: _KEPT_RELEASES - 1])
                self.current = live

    def _follow_lists(self) -> None:
        """Put a block list that was given since into force, on every release held."""
        stamp = self._stamp()
        if stamp == self._listed or self._is_refused("block list"):
            return
        try:
            with self._changing:
                listed = [with_lists(held, self._folder) for held in self._held()]
                self.current = listed[0]
                self._retired = tuple(
                    _Retired(release, retired.until_ms)
                    for retired, release in zip(self._retired, listed[1:], strict=True)
                )
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the new list, the old one goes on
            self._refuse("block list", error)
            return
        self._listed = stamp
        self._refused.pop("block list", None)
        _log.info("block list in force", extra={"fields": {"shop": self.name}})

    def follow_suggestions(self) -> None:
        """Put what curators, stock and trends changed over the current release; retired ones only turn pages.

        Not a part of `refresh`: a release that takes seconds to load must not hold up a ban.
        """
        with self._replacing:
            self._follow_lists()
            followed = self._live.follow(self.current, now_ms())
            if followed is not self.current:
                with self._changing:
                    self.current = followed

    def _opened_event_log(self) -> EventLog | None:
        """The log of events, if there is one."""
        return self.event_log if "event_log" in self.__dict__ or self._event_log_path.exists() else None

    def _stamp(self) -> tuple[int, int, int] | None:
        """Another one when the list in force is another."""
        try:
            found = self._folder.block_list.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    @property
    def is_settled(self) -> bool:
        """Whether suggestions know of everything that was followed."""
        return self._live.is_settled

    @property
    def live_counts(self) -> Mapping[str, int]:
        """How much is live over the suggestions, by what it is."""
        return self._live.counts

    @property
    def curation(self) -> CurationStore:
        """What curators said of suggestions."""
        return self._live.store

    def follow(self) -> int:
        """Apply live changes of every worker to every release held; gives how many the current one took."""
        with self._changing:
            applied = follow(self.current, self._overlay)
            for retired in self._retired:
                follow(retired.release, self._overlay)
            return applied

    def append(self, changes: Sequence[Change]) -> list[Change]:
        """Make changes durable, then visible on this worker.

        Raises:
            ProductNotFound, StaleVersion, InputError, StorageError: See `OverlayLog.append`; nothing was written.
        """
        with self._changing:
            self.follow()
            held = {change.product_id: self.current.engine.product(change.product_id) for change in changes}
            written = self._overlay.append(
                changes,
                {product_id: product.version for product_id, product in held.items() if product is not None},
                self.current.overlay_position,
            )
            self.follow()
        return written

    def forget(self, person: str) -> int:
        """Delete a person's events; see `EventLog.forget`."""
        deleted = self.event_log.forget(person)
        self.watch_forgettings()
        return deleted

    def watch_forgettings(self) -> None:
        """Take note of people who were forgotten by any worker."""
        if "event_log" in self.__dict__ or self._event_log_path.exists():
            newest = self.event_log.forgotten(self.forgettings)
            if newest:
                self.forgettings = newest[-1][0]
                self._live.read_events_again()

    def close(self) -> None:
        """Let go of the logs; releases go with the last request that holds them."""
        self._overlay.close()
        with self._replacing:
            self._live.close()
        if "event_log" in self.__dict__:
            self.event_log.close()

    def _held(self) -> tuple[ShopRelease, ...]:
        return (self.current, *(retired.release for retired in self._retired))

    def _open(self, release_id: str | None = None) -> Release:
        return open_release(self._releases, self.name, release_id, full=True)

    def _drop_expired(self) -> None:
        if self._retired:
            now = now_ms()
            with self._changing:
                self._retired = tuple(retired for retired in self._retired if retired.until_ms > now)

    def _is_refused(self, release_id: str) -> bool:
        return now_ms() < self._refused.get(release_id, 0)

    def _refuse(self, what: str, error: Exception) -> None:
        known = what in self._refused
        self._refused[what] = now_ms() + _RETRY_MS
        if known:
            return
        self._count("refusal")
        _log.error(
            "release refused, the old one goes on",
            exc_info=None if isinstance(error, IntentrieError) else error,
            extra={"fields": {"shop": self.name, "release": what, "reason": str(error)}},
        )
