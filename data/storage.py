"""Writing so that it is still there after a power cut, and errors of the disk said in words."""

import errno
import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.errors import StorageError

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space (`intentrie releases prune` removes old releases) and try again",
    errno.EDQUOT: "the disk quota is used up; free some space or raise it, and run it again",
    errno.EROFS: "the file system is mounted read-only; give a folder that can be written",
    errno.EACCES: "permission denied; let the user who runs this write there, or give another folder",
    errno.EPERM: "not permitted; let the user who runs this write there, or give another folder",
    errno.ENOTDIR: "a part of the path is a file, not a folder; give another folder",
    errno.EIO: "the disk gave an input/output error; check it before going on",
}
_SQLITE_ADVICE = {
    sqlite3.SQLITE_FULL: _ADVICE[errno.ENOSPC],
    sqlite3.SQLITE_READONLY: "it cannot be written; mount it read-write, or let the user who runs this write there",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; the folder must exist and be writable for the user who runs this",
    sqlite3.SQLITE_PERM: _ADVICE[errno.EACCES],
    sqlite3.SQLITE_IOERR: _ADVICE[errno.EIO],
    sqlite3.SQLITE_BUSY: "another process has held its lock for too long; find out which, then try again",
    sqlite3.SQLITE_CORRUPT: "it is damaged; restore it from a backup",
    sqlite3.SQLITE_NOTADB: "it is not the SQLite file it should be; restore it from a backup",
}
# Native writers (Faiss, marisa) raise RuntimeError with the C library's text in it.
_NATIVE = {os.strerror(number): advice for number, advice in _ADVICE.items()}


@contextmanager
def storage_errors(doing: str, path: Path) -> Iterator[None]:
    """Turn what a disk can do wrong inside the block into a `StorageError` that says what to do.

    Args:
        doing: What is under way, for the message ("writing the release").
        path: Where; an error that names its own file says that one.

    Raises:
        StorageError: For the errors with an advice above; any other passes through.
    """
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0)
        if advice is None:
            raise
        raise StorageError(f"{doing} at {error.filename or path}: {advice}") from error
    except sqlite3.Error as error:
        # Extended codes carry the primary one in their low byte.
        advice = _SQLITE_ADVICE.get((getattr(error, "sqlite_errorcode", None) or 0) & 0xFF)
        if advice is None:
            raise
        raise StorageError(f"{doing} at {path}: {error}: {advice}") from error
    except RuntimeError as error:
        advice = next((advice for text, advice in _NATIVE.items() if text in str(error)), None)
        if advice is None:
            raise
        raise StorageError(f"{doing} at {path}: {advice}") from error


def sync_file(path: Path) -> None:
    """Wait until the file's bytes are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Wait until the folder's names (creations, renames) are on the disk."""
    sync_file(path)


def remove_tree(path: Path) -> None:
    """Delete a folder, which another process may be deleting as well.

    Raises:
        OSError: As the disk says, but not that something is gone already.
    """

    def unless_gone(_function: object, _path: str, info: tuple[type[BaseException], BaseException, object]) -> None:
        if not isinstance(info[1], FileNotFoundError):
            raise info[1]

    shutil.rmtree(path, onerror=unless_gone)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a small file as one step: a reader, or a power cut, meets the old bytes or the new, never a part.

    Raises:
        OSError: As the disk says; the old file is untouched and the temporary one removed.
    """
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
