"""Which releases there are, and which may go."""

from dataclasses import dataclass
from pathlib import Path

from data.errors import ReleaseError
from data.manifest import Manifest
from data.overlay_log import OverlayLog
from data.release.layout import TRASH, ShopFolder
from data.release.pointer import current_id, local_root
from data.release.verify import read_manifest, verify_release
from data.storage import remove_tree, storage_errors


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """One release as listed; `manifest` is `None` and `fault` says why when it is not whole."""

    release_id: str
    current: bool
    manifest: Manifest | None
    fault: str | None


def list_releases(root: Path | str, shop: str, full: bool = False) -> list[ReleaseEntry]:
    """Every release of a shop, newest first, each verified (quickly, or in full)."""
    folder = ShopFolder(local_root(root), shop)
    now = current_id(root, shop)
    entries = []
    with storage_errors("listing the releases", folder.path):
        for release_id in reversed(folder.release_ids()):
            try:
                manifest, fault = verify_release(folder.release(release_id), quick=not full), None
            except ReleaseError as error:
                manifest, fault = None, str(error)
            entries.append(ReleaseEntry(release_id, release_id == now, manifest, fault))
    return entries


def prune(root: Path | str, shop: str, keep: int = 3) -> list[str]:
    """Delete all but the newest `keep` whole releases, and shorten the overlay log to what those still need.

    The current release and its parent, to which a rollback would go, stay whatever `keep` says. A release gets a hidden
    name before its files go, so a kill in between leaves nothing that looks whole. Servers that still map a deleted
    release keep their pages.

    Args:
        root: Local releases folder.
        shop: Its name.
        keep: 1 or more.

    Returns:
        Ids of the deleted releases, oldest first.
    """
    if keep < 1:
        raise ReleaseError(f"at least one release is kept, asked for {keep}; give --keep 1 or more")
    folder = ShopFolder(local_root(root), shop)
    with folder.pointer_lock(), storage_errors("pruning the releases", folder.path):
        now = current_id(root, shop)
        entries = list_releases(root, shop)
        kept = {entry.release_id for entry in [entry for entry in entries if entry.manifest][:keep]}
        if now is not None:
            kept |= {now} | _parent(folder, now)
        # Without a pointer nobody can say what is served, so nothing is taken away.
        doomed = sorted(entry.release_id for entry in entries if entry.release_id not in kept) if now else []
        for release_id in doomed:
            trash = folder.path / f"{TRASH}{release_id}"
            folder.release(release_id).rename(trash)
            remove_tree(trash)
        _compact(folder, [entry.manifest for entry in entries if entry.release_id in kept])
    return doomed


def _parent(folder: ShopFolder, release_id: str) -> set[str]:
    try:
        parent = read_manifest(folder.release(release_id)).parent
    except ReleaseError:
        # Unreadable: any of the others may be needed to get out of this.
        return set(folder.release_ids())
    return {parent} if parent else set()


def _compact(folder: ShopFolder, kept: list[Manifest | None]) -> None:
    """Drop live changes that every kept release has folded in; none while one of them is unreadable."""
    positions = [manifest.log_positions.get("overlay", 0) for manifest in kept if manifest is not None]
    if folder.overlay_log.exists() and positions and len(positions) == len(kept):
        log = OverlayLog(folder.overlay_log)
        log.compact(min(positions))
        log.close()
