"""Where things of a shop lie below the releases folder.

::

    RELEASES/{shop}/current              the id of the release to serve
    RELEASES/{shop}/{id}/                a release; never changed after it got this name
    RELEASES/{shop}/.staging-{id}/       being written; never a release
    RELEASES/{shop}/.trash-{id}/         being deleted; no longer a release
    RELEASES/{shop}/.building .swapping  lock files of the build and of the pointer
    RELEASES/{shop}/live/                overlay.sqlite, events.sqlite: the durable logs; block_list,
                                         curation.sqlite: what is suggested now
    RELEASES/{shop}/graph.sqlite         the default graph store
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data.errors import ConfigError, ReleaseError, ReleaseNotFound
from data.storage import remove_tree, storage_errors

# Beside the completions of a release: what curators said when it was built.
CARRIED = "curation.json"

_SHOP = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_RELEASE_ID = re.compile(r"\d{8}T\d{9}Z-[0-9a-f]{6}")
STAGING, TRASH = ".staging-", ".trash-"


def is_shop_name(name: str) -> bool:
    """Whether a name can safely be a folder name and a part of a URL."""
    return _SHOP.fullmatch(name) is not None


def check_shop_name(name: str) -> str:
    """The name itself.

    Raises:
        ConfigError: If it is no shop name, so that none reaches outside the releases folder.
    """
    if not is_shop_name(name):
        raise ConfigError(
            f"shop name {name!r}: expected up to 64 letters, digits, - or _, beginning with a letter or digit"
        )
    return name


def new_release_id(now_ms: int) -> str:
    """Time in UTC to the millisecond plus random digits: sorts by creation, never minted twice."""
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    return f"{moment:%Y%m%dT%H%M%S}{now_ms % 1000:03d}Z-{secrets.token_hex(3)}"


def is_release_id(name: str) -> bool:
    """Whether a folder name is that of a release; staging and trash are not."""
    return _RELEASE_ID.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class ShopFolder:
    """The local folder of one shop; see the module's drawing."""

    root: Path
    shop: str

    def __post_init__(self) -> None:
        check_shop_name(self.shop)

    @property
    def path(self) -> Path:
        """`RELEASES/{shop}`."""
        return self.root / self.shop

    @property
    def pointer(self) -> Path:
        """The file that names the current release."""
        return self.path / "current"

    @property
    def live(self) -> Path:
        """Folder of the durable logs."""
        return self.path / "live"

    @property
    def overlay_log(self) -> Path:
        """Changes to products since the release."""
        return self.live / "overlay.sqlite"

    @property
    def event_log(self) -> Path:
        """What shoppers did."""
        return self.live / "events.sqlite"

    @property
    def block_list(self) -> Path:
        """What is never suggested, from whatever release: `intentrie block` puts it there."""
        return self.live / "block_list"

    @property
    def curation(self) -> Path:
        """Bans, pins and new texts, for whatever release."""
        return self.live / "curation.sqlite"

    def carried_curation(self, release_id: str) -> Path:
        """The same, as it held when a release was built."""
        return self.release(release_id) / "autocomplete" / CARRIED

    @property
    def graph_store(self) -> Path:
        """The graph store that builds use when they are given none."""
        return self.path / "graph.sqlite"

    def release(self, release_id: str) -> Path:
        """Folder of a release, there or not.

        Raises:
            ReleaseNotFound: If this can be no release's id.
        """
        if not is_release_id(release_id):
            raise ReleaseNotFound(
                f"{release_id!r} is no release id; `intentrie releases list --shop {self.shop}` lists them"
            )
        return self.path / release_id

    def release_ids(self) -> list[str]:
        """Every folder that bears a release's name, oldest first, whole or not."""
        if not self.path.is_dir():
            return []
        return sorted(path.name for path in self.path.iterdir() if is_release_id(path.name) and path.is_dir())

    def clear_leftovers(self) -> None:
        """Remove what killed processes left; call with the lock of whoever makes such folders held.

        Raises:
            OSError: As the disk says.
        """
        for path in sorted(self.path.iterdir()):
            if path.name.startswith((STAGING, TRASH)):
                remove_tree(path)

    def clear_pointers(self) -> None:
        """Remove pointers that were never renamed into place; call with the pointer lock held."""
        for path in self.path.glob(f".{self.pointer.name}-*"):
            path.unlink(missing_ok=True)

    @contextmanager
    def build_lock(self) -> Iterator[None]:
        """Held for a whole build: two builds of a shop would write one graph store.

        Raises:
            ReleaseError: If another process builds; it is named.
        """
        with self._lock(".building", wait=False):
            yield

    @contextmanager
    def pointer_lock(self) -> Iterator[None]:
        """Held while the pointer is read and swapped, or releases are deleted; waits for its turn."""
        with self._lock(".swapping", wait=True):
            yield

    @contextmanager
    def _lock(self, name: str, wait: bool) -> Iterator[None]:
        """An advisory lock that the system lets go of when its process ends, however it ends."""
        path = self.path / name
        with storage_errors("taking the lock", path):
            self.path.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
                raise ReleaseError(
                    f"another build of shop {self.shop!r} is running (process {holder}); "
                    "wait for it to end, then try again"
                ) from error
            with storage_errors("taking the lock", path):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(descriptor)
