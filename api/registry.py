"""The shops of a worker: loaded when asked for, kept up to date, unloaded when idle and memory is short."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from api.assembly import now_ms
from api.shop import Shop
from data.errors import ConfigError, IntentrieError, ReleaseNotFound
from data.release import current_id, shop_names

_log = logging.getLogger("intentrie.registry")

# Acknowledged on another worker, visible here: half of the 500 ms promised would be too much for a busy machine.
_FOLLOW_S = 0.05
_REFRESH_S = 0.1
# A curator's word is to be seen within two seconds.
_LIVE_S = 0.1
# While a burst of stock is worked through; keystrokes take their turns all the same.
_BUSY_S = 0.01
# Asking again for a shop that cannot be loaded costs a full verification; not with every request.
_FAILED_MS = 5_000


@dataclass(frozen=True, slots=True)
class _Failure:
    error: IntentrieError
    until_ms: int


class ShopRegistry:
    """Shops by name; safe to call from any thread.

    Args:
        releases: Folder or URL of the releases.
        memory_bytes: Files of loaded releases beyond which idle shops are unloaded.
        idle_ms: A shop asked for within this time is never unloaded.
        count: Told of every "swap" and "refusal", for the metrics.
        note_live: Told how much of what is live over a shop's suggestions, for the metrics.
    """

    def __init__(
        self,
        releases: str,
        memory_bytes: int,
        idle_ms: int,
        count: Callable[[str], None] = lambda _: None,
        note_live: Callable[[str, Mapping[str, int]], None] = lambda *_: None,
    ) -> None:
        self.releases = releases
        self._memory_bytes = memory_bytes
        self._idle_ms = idle_ms
        self._count = count
        self._note_live = note_live
        self._shops: dict[str, Shop] = {}
        self._used_ms: dict[str, int] = {}
        self._failures: dict[str, _Failure] = {}
        self._loading = threading.Lock()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self.started = False

    def start(self) -> None:
        """Load every published shop that fits into memory, then follow their releases and live changes."""
        for name in self._published():
            if self._stopped.is_set() or self._bytes() > self._memory_bytes:
                break
            try:
                self.load(name)
            except Exception as error:  # noqa: BLE001 - the other shops are served all the same
                _log.error(
                    "shop not loaded",
                    exc_info=None if isinstance(error, IntentrieError) else error,
                    extra={"fields": {"shop": name, "reason": str(error)}},
                )
        self._run("follow", self._follow_all, _FOLLOW_S)
        self._run("refresh", self._refresh_all, _REFRESH_S)
        self._run("live", self._follow_suggestions, _LIVE_S)
        self.started = True

    def interrupt(self) -> None:
        """Let `start` end after the shop that it is loading."""
        self._stopped.set()

    def stop(self) -> None:
        """End the threads and let go of the logs; not while `start` runs."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        for shop in self._shops.values():
            shop.close()

    def loaded(self, name: str) -> Shop | None:
        """The shop if it is in memory; costs two dictionary accesses."""
        shop = self._shops.get(name)
        if shop is not None:
            self._used_ms[name] = now_ms()
        return shop

    def load(self, name: str) -> Shop:
        """The shop, loaded first if it has to be.

        Raises:
            ReleaseNotFound: There is no such shop.
            ReleaseError: Its current release cannot be served.
        """
        shop = self.loaded(name)
        if shop is not None:
            return shop
        try:
            published = current_id(self.releases, name)
        except ConfigError as error:
            raise ReleaseNotFound(str(error)) from error
        if published is None:
            raise ReleaseNotFound(f"there is no shop {name!r} here; GET /health/ready lists the shops")
        with self._loading:
            shop = self.loaded(name)
            if shop is not None:
                return shop
            failure = self._failures.get(name)
            if failure is not None and now_ms() < failure.until_ms:
                raise failure.error
            try:
                shop = Shop(self.releases, name, self._count)
            except IntentrieError as error:
                self._failures[name] = _Failure(error, now_ms() + _FAILED_MS)
                raise
            self._failures.pop(name, None)
            self._used_ms[name] = now_ms()
            # A new dictionary, so that the threads may walk the old one.
            self._shops = {**self._shops, name: shop}
            _log.info("shop loaded", extra={"fields": {"shop": name, "release": shop.current.release_id}})
            return shop

    def unload_idle(self) -> list[str]:
        """Unload shops, least recently used first, until the rest fits; gives their names."""
        gone = []
        with self._loading:
            for name in sorted(self._shops, key=lambda name: (self._used_ms[name], name)):
                if self._bytes() <= self._memory_bytes or now_ms() - self._used_ms[name] < self._idle_ms:
                    break
                shop = self._shops[name]
                self._shops = {other: kept for other, kept in self._shops.items() if other != name}
                shop.close()
                gone.append(name)
                _log.info("shop unloaded", extra={"fields": {"shop": name}})
        return gone

    def releases_by_shop(self) -> dict[str, str]:
        """Release id by name of every published shop, loaded or not; those that cannot be served are left out."""
        releases = {}
        for name in self._published():
            shop = self._shops.get(name)
            try:
                release_id = shop.current.release_id if shop else current_id(self.releases, name)
            except IntentrieError:
                continue
            if release_id is not None and (shop or name not in self._failures):
                releases[name] = release_id
        return releases

    def failures(self) -> Mapping[str, str]:
        """Why, by name, of every shop that could not be loaded when it was last tried."""
        return {name: str(failure.error) for name, failure in self._failures.items()}

    def _published(self) -> Iterable[str]:
        try:
            return shop_names(self.releases)
        except IntentrieError as error:
            _log.error("shops cannot be listed", extra={"fields": {"reason": str(error)}})
            return sorted(self._shops)

    def _bytes(self) -> int:
        return sum(shop.bytes for shop in self._shops.values())

    def _follow_all(self) -> None:
        for name, shop in self._shops.items():
            self._guarded(name, shop.follow)

    def _refresh_all(self) -> None:
        for name, shop in self._shops.items():
            self._guarded(name, shop.refresh)
        if self._bytes() > self._memory_bytes:
            self.unload_idle()

    def _follow_suggestions(self) -> bool:
        """Gives whether a shop has more to look at than it was given time for."""
        shops = self._shops
        for name, shop in shops.items():
            self._guarded(name, shop.watch_forgettings)
            self._guarded(name, shop.follow_suggestions)
            self._note_live(name, shop.live_counts)
        return not all(shop.is_settled for shop in shops.values())

    def _guarded(self, name: str, step: Callable[[], object]) -> None:
        """One shop's trouble must not end the following of the others."""
        try:
            step()
        except Exception as error:  # noqa: BLE001 - logged, and tried again in a moment
            if name in self._shops:
                _log.error(
                    "shop cannot follow its logs",
                    exc_info=None if isinstance(error, IntentrieError) else error,
                    extra={"fields": {"shop": name, "reason": str(error)}},
                )
                self._stopped.wait(1.0)

    def _run(self, name: str, step: Callable[[], bool | None], every_s: float) -> None:
        """Run a step again and again; sooner after one that says it is not done."""

        def loop() -> None:
            wait_s = every_s
            while not self._stopped.wait(wait_s):
                wait_s = _BUSY_S if step() else every_s

        thread = threading.Thread(target=loop, name=f"intentrie-{name}", daemon=True)
        thread.start()
        self._threads.append(thread)
