"""Opening a release, from a folder or from a bucket."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from data.errors import ReleaseDamaged, ReleaseError, ReleaseNotFound, StorageError
from data.manifest import MANIFEST_NAME, Manifest, decode_manifest
from data.release.layout import STAGING, ShopFolder
from data.release.pointer import current_id, is_remote, local_root, open_address
from data.release.verify import verify_release
from data.storage import remove_tree, storage_errors

# Releases of a shop that the cache keeps: the one to serve and two to swap or roll back to without copying again.
CACHED = 3


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was verified and lies on a local disk; `folder` is the shop's, where its live logs are."""

    path: Path
    manifest: Manifest
    folder: ShopFolder


def open_release(
    root: Path | str, shop: str, release_id: str | None = None, full: bool = False, cache: Path | None = None
) -> Release:
    """Find a release, verify it, and give its local folder to map.

    Args:
        root: The releases folder, or any URL that fsspec knows (`s3://bucket/releases`); from there the release is
            copied once into the local cache and verified in full.
        shop: Its name.
        release_id: The current one when not given.
        full: Hash every file instead of the quick check; see `verify_release`.
        cache: Of releases from buckets; see `cache_folder`.

    Raises:
        ReleaseNotFound: Nothing was published, or there is no such release.
        ReleaseDamaged, ReleaseTooNew: It is named, and nothing else is opened in its place.
    """
    wanted = release_id or current_id(root, shop)
    if wanted is None:
        raise ReleaseNotFound(
            f"shop {shop!r} has no release in {root}; `intentrie build --shop {shop} --releases {root} --catalog FILE` "
            "makes one"
        )
    if is_remote(root):
        folder = cached_shop(str(root), shop, cache)
        path = fetch(str(root), folder, wanted)
    else:
        folder = ShopFolder(local_root(root), shop)
        path = folder.release(wanted)
    manifest = verify_release(path, quick=not full)
    if manifest.shop != shop:
        raise ReleaseDamaged(f"release {wanted} is of shop {manifest.shop!r}, not {shop!r}; build it for this shop")
    return Release(path, manifest, folder)


def cached_shop(root: str, shop: str, cache: Path | None = None) -> ShopFolder:
    """The local folder of a shop whose releases come from a bucket; one per bucket address.

    The cache is `INTENTRIE_CACHE`, else `$XDG_CACHE_HOME/intentrie`, else `~/.cache/intentrie`.
    """
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = cache or Path(os.environ.get("INTENTRIE_CACHE") or Path(home) / "intentrie")
    address = hashlib.sha256(root.rstrip("/").encode()).hexdigest()[:16]
    return ShopFolder(folder / "releases" / address, shop)


def fetch(root: str, folder: ShopFolder, release_id: str) -> Path:
    """Copy a release from a bucket into the cache, unless it is there already.

    Several servers of a machine may start at once: one copies, the others wait for it.

    Raises:
        ReleaseNotFound: There is no such release.
        ReleaseDamaged: What arrived is not what the manifest says; nothing of it is kept.
        StorageError: The bucket or the local disk cannot be read or written.
    """
    path = folder.release(release_id)
    with folder.pointer_lock():
        if path.is_dir():
            return path
        source = f"{root.rstrip('/')}/{folder.shop}/{release_id}"
        staging = folder.path / f"{STAGING}{release_id}" / release_id
        try:
            with storage_errors("copying the release", staging):
                folder.clear_leftovers()
                staging.mkdir(parents=True)
                _copy(source, staging)
            verify_release(staging)
            with storage_errors("copying the release", path):
                staging.rename(path)
                for old in [other for other in folder.release_ids() if other != release_id][: -CACHED + 1]:
                    remove_tree(folder.release(old))
        finally:
            shutil.rmtree(staging.parent, ignore_errors=True)
    return path


def _copy(source: str, target: Path) -> None:
    """The manifest first: it says what else there is."""
    try:
        files, base = open_address(source)
        encoded = files.cat_file(f"{base}/{MANIFEST_NAME}")
        manifest = decode_manifest(encoded, f"release {target.name} in {source}")
        (target / MANIFEST_NAME).write_bytes(encoded)
        for name in manifest.files:
            local = target / _inside(name)
            local.parent.mkdir(parents=True, exist_ok=True)
            files.get_file(f"{base}/{name}", str(local))
    except FileNotFoundError as error:
        raise ReleaseNotFound(f"{source} is not there or not complete ({error}); publish it again") from error
    except (ReleaseError, OSError):
        raise
    # What a bucket's client raises is its own affair; callers know one error.
    except Exception as error:
        raise StorageError(f"{source} cannot be read: {error}") from error


def _inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ReleaseDamaged(f"the manifest lists {name!r}, which is outside the release; do not use it")
    return path
