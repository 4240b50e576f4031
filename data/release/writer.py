"""Writing a release: hidden until it is whole, current by one swap."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType

from data.errors import ReleaseError
from data.manifest import MANIFEST_NAME, Manifest, encode_manifest
from data.release.layout import STAGING, ShopFolder, new_release_id
from data.release.pointer import current_id, point_to
from data.release.verify import describe_files, read_manifest
from data.storage import storage_errors, sync_file, sync_folder


class ReleaseWriter:
    """One build of one shop: holds the shop's build lock from entering to leaving.

    ::

        with ReleaseWriter(root, "shop") as writer:
            write_things(writer.staging / "graph")
            writer.publish(draft)

    Entering clears away what killed builds have left. Leaving without `publish` (an error, a refusal of the gate)
    removes the staging folder; a kill leaves it hidden under a name that no reader takes for a release.
    """

    def __init__(self, root: Path, shop: str) -> None:
        self._folder = ShopFolder(root, shop)
        self._stack = ExitStack()
        self.created_at = time.time_ns() // 1_000_000
        self.release_id = new_release_id(self.created_at)
        self.staging = self._folder.path / f"{STAGING}{self.release_id}"
        self.parent: str | None = None

    def __enter__(self) -> "ReleaseWriter":
        with self._stack:
            self._stack.enter_context(self._folder.build_lock())
            with storage_errors("preparing the release", self._folder.path):
                self._folder.clear_leftovers()
                with self._folder.pointer_lock():
                    self._folder.clear_pointers()
                self.staging.mkdir()
            self.parent = current_id(self._folder.root, self._folder.shop)
            self._stack = self._stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            # Best effort: a disk that fails here must not hide the error that brought us here.
            shutil.rmtree(self.staging, ignore_errors=True)

    def parent_manifest(self) -> Manifest | None:
        """Of the release that was current when the build began; `None` without one, or when it is unreadable."""
        if self.parent is None:
            return None
        try:
            return read_manifest(self._folder.release(self.parent))
        except ReleaseError:
            return None

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """The staging folder, for a block that writes into it; disk errors come out as `StorageError`."""
        with storage_errors("writing the release", self.staging):
            yield self.staging

    def publish(self, draft: Manifest) -> Manifest:
        """Seal what was written and make it current.

        Files and folders are synced first, then the folder gets its name, then the pointer is swapped: at every moment
        in between the old release is current, and whatever has a release's name is whole.

        Args:
            draft: Everything but `files`.

        Returns:
            The manifest as written.

        Raises:
            ReleaseError: Another release became current while this one was being built (a rollback); nothing is
                published.
            StorageError: The disk is full or not writable; the old release stays current.
        """
        if draft.id != self.release_id:
            raise ValueError(f"this writer's release is {self.release_id}, the draft is of {draft.id}")
        final = self._folder.release(self.release_id)
        with storage_errors("publishing the release", self.staging):
            manifest = draft.with_files(describe_files(self.staging))
            (self.staging / MANIFEST_NAME).write_bytes(encode_manifest(manifest))
            for path in sorted(self.staging.rglob("*")):
                sync_file(path)
            sync_folder(self.staging)
            with self._folder.pointer_lock():
                now = current_id(self._folder.root, self._folder.shop)
                if now != self.parent:
                    raise ReleaseError(
                        f"{now} became current while this release was being built on {self.parent}: somebody rolled "
                        "back; nothing was published. Build again if that is still wanted"
                    )
                self.staging.rename(final)
                try:
                    sync_folder(self._folder.path)
                    point_to(self._folder, self.release_id)
                except BaseException:
                    # A release that its build called failed is hidden again, unless the swap is done and only its sync
                    # failed: then it is whole and current, and taking it away would leave the pointer dangling.
                    if current_id(self._folder.root, self._folder.shop) != self.release_id:
                        final.rename(self.staging)
                    raise
        return manifest
