"""A shop as its servers suggest, for one answer on the terminal."""

from pathlib import Path

from api.assembly import ShopRelease, now_ms, open_shop
from api.live.suggestions import LiveSuggestions
from data.event_log import EventLog
from data.release import ShopFolder, open_release

# A terminal waits for what is known, but not for a feed that never ends.
_MOST_LOOKS = 100


def open_live_shop(releases: str, shop: str) -> ShopRelease:
    """The current release with its live products, and with what curators, stock and trends say over it.

    Raises:
        ReleaseError: See `load_shop_release`.
    """
    loaded = open_shop(releases, shop)
    folder: ShopFolder = open_release(releases, shop).folder
    log = EventLog(folder.event_log) if Path(folder.event_log).exists() else None
    live = LiveSuggestions(folder, lambda: log)
    try:
        now = now_ms()
        held = live.begin(loaded, live.prepare(loaded), now)
        for _ in range(_MOST_LOOKS):
            if live.is_settled:
                break
            held = live.follow(held, now)
        return held
    finally:
        live.close()
        if log is not None:
            log.close()
