"""Whether a release is what was published: all of its files, and nothing in them altered."""

import hashlib
from pathlib import Path

from data.errors import ReleaseDamaged, ReleaseNotFound
from data.manifest import MANIFEST_NAME, FileEntry, Manifest, decode_manifest
from data.storage import storage_errors


def read_manifest(path: Path) -> Manifest:
    """The manifest of the release in a folder, which must bear the release's id as its name.

    Raises:
        ReleaseNotFound: There is no such folder.
        ReleaseDamaged, ReleaseTooNew, ReleaseError: See `decode_manifest`.
    """
    with storage_errors("reading the release", path):
        if not path.is_dir():
            raise ReleaseNotFound(f"no release at {path}; `intentrie releases list` lists them")
        try:
            encoded = (path / MANIFEST_NAME).read_bytes()
        except FileNotFoundError as error:
            raise ReleaseDamaged(f"release {path.name} has no {MANIFEST_NAME}; restore it or build again") from error
    manifest = decode_manifest(encoded, f"release {path.name}")
    if manifest.id != path.name:
        raise ReleaseDamaged(
            f"release {path.name}: its manifest says that it is {manifest.id}; restore it or build again"
        )
    return manifest


def verify_release(path: Path, quick: bool = False) -> Manifest:
    """Compare a release's files with its manifest.

    Args:
        path: The release's folder.
        quick: Only that every file is there with its size: one `stat` a file, about a millisecond for a release, so
            that every server can afford it at its start; finds what was cut off or is missing, not what was altered
            in place. The full check reads and hashes everything and also finds files that the manifest does not list.

    Returns:
        The manifest.

    Raises:
        ReleaseDamaged: Naming the files, and what was expected and found.
        ReleaseNotFound, ReleaseTooNew, ReleaseError: See `read_manifest`.
    """
    manifest = read_manifest(path)
    with storage_errors("reading the release", path):
        found = {name: _size(path / name) for name in manifest.files} if quick else list_files(path)
        faults = [
            f"{name} is missing" if found.get(name) is None else f"{name} has {found[name]} bytes, not {entry.bytes}"
            for name, entry in manifest.files.items()
            if found.get(name) != entry.bytes
        ]
        if not quick and not faults:
            faults += [f"{name} is not in the manifest" for name in sorted(found.keys() - manifest.files.keys())]
            faults += [
                f"{name} was altered (another SHA-256)"
                for name, entry in manifest.files.items()
                if hash_file(path / name) != entry.sha256
            ]
    if faults:
        more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
        raise ReleaseDamaged(
            f"release {path.name} is damaged: {'; '.join(faults[:3])}{more}. "
            "Restore it from a copy, roll back, or build again"
        )
    return manifest


def list_files(path: Path) -> dict[str, int | None]:
    """Size by relative path (forward slashes) of every file below a release but its manifest."""
    files = (file for file in sorted(path.rglob("*")) if file.is_file() or file.is_symlink())
    sizes = {file.relative_to(path).as_posix(): _size(file) for file in files}
    sizes.pop(MANIFEST_NAME, None)
    return sizes


def describe_files(path: Path) -> dict[str, FileEntry]:
    """Entry of every file below a release that is being written."""
    return {name: FileEntry(hash_file(path / name), size or 0) for name, size in list_files(path).items()}


def hash_file(path: Path) -> str:
    """Hexadecimal SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int | None:
    # A link could change what it means after it was verified, so it counts as missing.
    return path.stat().st_size if path.is_file() and not path.is_symlink() else None
