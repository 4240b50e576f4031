"""Which release is current: one small file, replaced by a rename.

A file and not a symbolic link: buckets have no links, copying tools follow or drop them, and a file is read the same
way everywhere through fsspec. A rename is atomic for both.
"""

from pathlib import Path
from typing import Any

from data.errors import ConfigError, ReleaseDamaged, ReleaseError, ReleaseNotFound, StorageError
from data.overlay_log import OverlayLog
from data.release.layout import ShopFolder, check_shop_name, is_release_id, is_shop_name
from data.release.verify import read_manifest, verify_release
from data.storage import storage_errors, write_durably


def is_remote(root: Path | str) -> bool:
    """Whether a root is a URL other than `file://`."""
    return isinstance(root, str) and "://" in root and not root.startswith("file://")


def local_root(root: Path | str) -> Path:
    """The folder that a path or a `file://` URL means."""
    return Path(root.removeprefix("file://")) if isinstance(root, str) else root


def open_address(address: str) -> tuple[Any, str]:
    """The fsspec file system of a URL, and the path in it; imported late, for local folders never need it (75 ms)."""
    from fsspec.core import url_to_fs

    files, path = url_to_fs(address)
    return files, str(path)


def shop_names(root: Path | str) -> list[str]:
    """Shops that have a current release below a releases folder or URL, sorted.

    Raises:
        ReleaseNotFound: There is no such folder.
        StorageError: It cannot be read.
    """
    if is_remote(root):
        try:
            files, base = open_address(str(root))
            names = [str(path).rsplit("/", 2)[-2] for path in files.glob(f"{base.rstrip('/')}/*/current")]
        # What a bucket's client raises is its own affair; callers know one error.
        except Exception as error:
            raise StorageError(f"{root}: the shops cannot be listed: {error}") from error
    else:
        folder = local_root(root)
        with storage_errors("listing the shops", folder):
            if not folder.is_dir():
                raise ReleaseNotFound(f"no releases folder at {folder}; `intentrie build --releases {folder}` makes it")
            names = [path.parent.name for path in folder.glob("*/current")]
    return sorted(name for name in names if is_shop_name(name))


def only_shop(root: Path | str) -> str:
    """The shop that is meant when none is named.

    Raises:
        ReleaseNotFound: There is none.
        ConfigError: There are several; they are named.
    """
    names = shop_names(root)
    if not names:
        raise ReleaseNotFound(f"no shop in {root}; `intentrie build` publishes one")
    if len(names) > 1:
        raise ConfigError(f"{root} has the shops {', '.join(names)}; say which with --shop")
    return names[0]


def current_id(root: Path | str, shop: str) -> str | None:
    """The id of the current release, `None` when nothing was published; cheap enough to poll (one small read).

    Args:
        root: Folder, or any URL that fsspec knows.
        shop: Its name.

    Raises:
        ReleaseDamaged: The pointer holds something else than an id.
        StorageError: It cannot be read.
    """
    check_shop_name(shop)
    if is_remote(root):
        try:
            files, base = open_address(str(root))
            content = bytes(files.cat_file(f"{base.rstrip('/')}/{shop}/current"))
        except FileNotFoundError:
            return None
        # What a bucket's client raises is its own affair; the poller needs one error to keep the old release on.
        except Exception as error:
            raise StorageError(f"{root}: the current release of {shop!r} cannot be read: {error}") from error
    else:
        pointer = ShopFolder(local_root(root), shop).pointer
        with storage_errors("reading the pointer", pointer):
            try:
                content = pointer.read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                return None
    release_id = content.decode(errors="replace").strip()
    if not is_release_id(release_id):
        raise ReleaseDamaged(
            f"{root}: the pointer `current` of {shop!r} holds {release_id[:60]!r}, not a release id; "
            f"`intentrie releases rollback --to ID` writes it anew"
        )
    return release_id


def point_to(folder: ShopFolder, release_id: str) -> None:
    """Swap the pointer; call with the pointer lock held, for a verified release."""
    with storage_errors("swapping the pointer", folder.pointer):
        write_durably(folder.pointer, f"{release_id}\n".encode())


def rollback(root: Path | str, shop: str, to: str | None = None) -> str:
    """Make an older (or any other whole) release current again.

    The live logs are not touched: a server replays them from the older manifest's position, so that no deletion, stock
    or price that was acknowledged since is undone; nor is the graph store, so no ban is.

    Args:
        root: Local releases folder.
        shop: Its name.
        to: Release id; the parent of the current one when not given.

    Returns:
        The id that is current now.

    Raises:
        ReleaseNotFound: There is no such release, or none to go back to.
        ReleaseDamaged: The target fails the full verification; the pointer stays.
        ReleaseError: The overlay log no longer reaches back to the target.
    """
    folder = ShopFolder(local_root(root), shop)
    if not folder.path.is_dir():
        raise ReleaseNotFound(f"no shop {shop!r} in {root}; `intentrie build --shop {shop}` makes its first release")
    with folder.pointer_lock():
        target = to or _before(folder)
        manifest = verify_release(folder.release(target))
        position = manifest.log_positions.get("overlay", 0)
        if folder.overlay_log.exists():
            log = OverlayLog(folder.overlay_log)
            floor = log.floor
            log.close()
            if position < floor:
                raise ReleaseError(
                    f"release {target} has folded live changes in up to {position}, but the log begins after {floor}: "
                    "going back would lose changes; roll back to a newer release or build again"
                )
        point_to(folder, target)
    return target


def _before(folder: ShopFolder) -> str:
    """The release to go back to: the current one's parent, or the newest older one when its manifest is unreadable."""
    now = current_id(folder.root, folder.shop)
    if now is None:
        raise ReleaseNotFound(f"shop {folder.shop!r} has no current release; name the one to serve with --to")
    try:
        parent = read_manifest(folder.release(now)).parent
    except ReleaseError:
        parent = None
    older = [release_id for release_id in folder.release_ids() if release_id < now]
    if parent is not None and parent in folder.release_ids():
        return parent
    if not older:
        raise ReleaseNotFound(f"there is no release of {folder.shop!r} before {now} to go back to")
    return older[-1]
