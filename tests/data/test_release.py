import errno
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path

import fsspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import (
    ConfigError,
    ReleaseDamaged,
    ReleaseError,
    ReleaseNotFound,
    ReleaseTooNew,
    StorageError,
)
from data.manifest import FORMAT, MANIFEST_NAME, encode_manifest
from data.overlay_log import Change, OverlayLog
from data.release import (
    ReleaseWriter,
    ShopFolder,
    check_shop_name,
    current_id,
    list_releases,
    open_release,
    prune,
    rollback,
    shop_names,
    verify_release,
)
from tests.data.releases import SHOP, draft, publish


def names(root) -> set[str]:
    """Everything in the shop's folder but locks."""
    return {path.name for path in (root / SHOP).iterdir()} - {".building", ".swapping"}


def test_a_published_release_is_current_and_opens(tmp_path):
    manifest = publish(tmp_path)
    assert current_id(tmp_path, SHOP) == manifest.id
    release = open_release(tmp_path, SHOP, full=True)
    assert release.manifest == manifest
    assert (release.path / "graph" / "labels.bin").read_bytes() == b"tents"
    assert set(manifest.files) == {"graph/labels.bin", "retrieval/bm25/data.npy"}
    assert manifest.files["graph/labels.bin"].bytes == 5
    assert names(tmp_path) == {manifest.id, "current"}
    assert shop_names(tmp_path) == [SHOP]
    assert open_release(f"file://{tmp_path}", SHOP).path == release.path


def test_each_release_names_its_parent_and_ids_sort_by_creation(tmp_path):
    first, second, third = (publish(tmp_path) for _ in range(3))
    assert [second.parent, third.parent] == [first.id, second.id]
    assert first.id < second.id < third.id
    assert [entry.release_id for entry in list_releases(tmp_path, SHOP)] == [third.id, second.id, first.id]
    assert [entry.current for entry in list_releases(tmp_path, SHOP)] == [True, False, False]


def test_nothing_published(tmp_path):
    assert current_id(tmp_path, SHOP) is None
    assert list_releases(tmp_path, SHOP) == []
    with pytest.raises(ReleaseNotFound, match="intentrie build --shop tents"):
        open_release(tmp_path, SHOP)
    with pytest.raises(ReleaseNotFound, match="no shop"):
        rollback(tmp_path, SHOP)
    with pytest.raises(ReleaseNotFound, match="intentrie build"):
        shop_names(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "a\\b", "-rf", ".hidden", "a\n", "a b", "ä", "x" * 65])
def test_shop_names_stay_inside_the_folder(tmp_path, name):
    with pytest.raises(ConfigError, match="shop name"):
        check_shop_name(name)
    with pytest.raises(ConfigError):
        current_id(tmp_path, name)


@given(st.text(max_size=30))
def test_no_accepted_name_is_a_path(name):
    try:
        check_shop_name(name)
    except ConfigError:
        return
    assert os.sep not in name
    assert not name.startswith(".")
    assert name.isascii()


@pytest.mark.parametrize("name", ["../../etc", "current", "live", ".staging-20260102T030405006Z-abcdef", ""])
def test_release_ids_stay_inside_the_shop(tmp_path, name):
    publish(tmp_path)
    with pytest.raises(ReleaseNotFound):
        ShopFolder(tmp_path, SHOP).release(name)


# --- damage


def truncate(path):
    path.write_bytes(path.read_bytes()[:-1])


def flip(path):
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)


def test_damage_is_named_and_the_pointer_stays(tmp_path):
    first, second = publish(tmp_path), publish(tmp_path)
    folder = tmp_path / SHOP / second.id
    truncate(folder / "graph" / "labels.bin")
    with pytest.raises(ReleaseDamaged, match=rf"{second.id} is damaged: graph/labels.bin has 4 bytes, not 5"):
        open_release(tmp_path, SHOP)
    [newest, oldest] = list_releases(tmp_path, SHOP)
    assert newest.manifest is None
    assert "graph/labels.bin" in (newest.fault or "")
    assert oldest.manifest == first
    assert current_id(tmp_path, SHOP) == second.id
    (folder / "graph" / "labels.bin").unlink()
    with pytest.raises(ReleaseDamaged, match=r"graph/labels\.bin is missing"):
        verify_release(folder, quick=True)


def test_an_altered_byte_is_found_by_the_full_check_only(tmp_path):
    folder = tmp_path / SHOP / publish(tmp_path).id
    flip(folder / "retrieval" / "bm25" / "data.npy")
    verify_release(folder, quick=True)
    with pytest.raises(ReleaseDamaged, match=r"retrieval/bm25/data\.npy was altered"):
        verify_release(folder)


def test_files_beside_the_listed_ones_and_links_are_found(tmp_path):
    folder = tmp_path / SHOP / publish(tmp_path).id
    (folder / "graph" / "more.bin").write_bytes(b"")
    with pytest.raises(ReleaseDamaged, match=r"graph/more\.bin is not in the manifest"):
        verify_release(folder)
    (folder / "graph" / "more.bin").unlink()
    (folder / "graph" / "labels.bin").rename(tmp_path / "elsewhere")
    (folder / "graph" / "labels.bin").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReleaseDamaged, match=r"labels\.bin"):
        verify_release(folder, quick=True)


def test_a_newer_format_is_refused_by_name(tmp_path):
    manifest = publish(tmp_path)
    path = tmp_path / SHOP / manifest.id / MANIFEST_NAME
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": FORMAT + 1}))
    with pytest.raises(ReleaseTooNew, match=manifest.id):
        open_release(tmp_path, SHOP)


def test_a_release_under_another_name_or_of_another_shop_is_refused(tmp_path):
    manifest = publish(tmp_path)
    other = tmp_path / SHOP / (manifest.id[:-6] + "ffffff")
    shutil.copytree(tmp_path / SHOP / manifest.id, other)
    with pytest.raises(ReleaseDamaged, match="its manifest says that it is"):
        verify_release(other)
    shutil.copytree(tmp_path / SHOP, tmp_path / "lamps")
    with pytest.raises(ReleaseDamaged, match="of shop 'tents', not 'lamps'"):
        open_release(tmp_path, "lamps")


def test_a_scribbled_pointer_is_refused_and_can_be_written_anew(tmp_path):
    manifest = publish(tmp_path)
    (tmp_path / SHOP / "current").write_text("../../etc")
    with pytest.raises(ReleaseDamaged, match="not a release id"):
        open_release(tmp_path, SHOP)
    assert rollback(tmp_path, SHOP, manifest.id) == manifest.id
    assert open_release(tmp_path, SHOP).manifest == manifest


# --- rollback and prune


def test_rollback_goes_to_the_parent_and_not_to_a_damaged_release(tmp_path):
    first, second, third = (publish(tmp_path) for _ in range(3))
    assert rollback(tmp_path, SHOP) == second.id
    assert rollback(tmp_path, SHOP) == first.id
    with pytest.raises(ReleaseNotFound, match="no release of 'tents' before"):
        rollback(tmp_path, SHOP)
    flip(tmp_path / SHOP / third.id / "graph" / "labels.bin")
    with pytest.raises(ReleaseDamaged):
        rollback(tmp_path, SHOP, third.id)
    assert current_id(tmp_path, SHOP) == first.id
    assert publish(tmp_path).parent == first.id


def test_rollback_from_a_damaged_release(tmp_path):
    first, second = publish(tmp_path), publish(tmp_path)
    (tmp_path / SHOP / second.id / MANIFEST_NAME).write_bytes(b"{")
    assert rollback(tmp_path, SHOP) == first.id


def live_delete(root) -> OverlayLog:
    log = OverlayLog(ShopFolder(root, SHOP).overlay_log)
    log.append([Change(0, 1, "tent-1", "delete")], {"tent-1": 0})
    return log


def test_a_deletion_outlives_a_rollback(tmp_path):
    first = publish(tmp_path)
    log = live_delete(tmp_path)
    publish(tmp_path, overlay=log.position)
    rollback(tmp_path, SHOP)
    release = open_release(tmp_path, SHOP)
    assert release.manifest.id == first.id
    replayed = log.read(release.manifest.log_positions["overlay"])
    assert [(change.kind, change.product_id) for change in replayed] == [("delete", "tent-1")]
    log.close()


def test_prune_keeps_the_newest_the_current_and_its_parent(tmp_path):
    manifests = [publish(tmp_path) for _ in range(6)]
    rollback(tmp_path, SHOP, manifests[2].id)
    assert prune(tmp_path, SHOP, keep=1) == [manifests[index].id for index in (0, 3, 4)]
    assert names(tmp_path) == {manifests[1].id, manifests[2].id, manifests[5].id, "current"}
    assert prune(tmp_path, SHOP, keep=1) == []
    with pytest.raises(ReleaseError, match="at least one"):
        prune(tmp_path, SHOP, keep=0)


def test_a_damaged_release_does_not_count_among_the_kept(tmp_path):
    manifests = [publish(tmp_path) for _ in range(4)]
    truncate(tmp_path / SHOP / manifests[2].id / "graph" / "labels.bin")
    rollback(tmp_path, SHOP, manifests[1].id)
    assert prune(tmp_path, SHOP, keep=2) == [manifests[2].id]


def test_prune_shortens_the_log_to_what_the_kept_releases_need(tmp_path):
    publish(tmp_path)
    log = live_delete(tmp_path)
    publish(tmp_path, overlay=1)
    log.append([Change(0, 2, "tent-2", "delete")], {"tent-2": 0})
    third = publish(tmp_path, overlay=2)
    prune(tmp_path, SHOP, keep=1)  # the parent stays, and has folded in only the first
    assert [change.product_id for change in log.read(1)] == ["tent-2"]
    assert log.floor == 1
    publish(tmp_path, overlay=2)
    prune(tmp_path, SHOP, keep=1)
    assert log.floor == 2
    assert rollback(tmp_path, SHOP) == third.id
    log.close()


def test_a_rollback_behind_the_log_is_refused(tmp_path):
    first = publish(tmp_path)
    log = live_delete(tmp_path)
    second = publish(tmp_path, overlay=1)
    log.compact(1)
    log.close()
    with pytest.raises(ReleaseError, match="going back would lose changes"):
        rollback(tmp_path, SHOP, first.id)
    assert current_id(tmp_path, SHOP) == second.id


# --- what can go wrong while publishing


def test_a_failed_build_leaves_nothing(tmp_path):
    first = publish(tmp_path)

    def fail() -> None:
        with ReleaseWriter(tmp_path, SHOP) as writer:
            (writer.staging / "graph").mkdir()
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        fail()
    assert names(tmp_path) == {first.id, "current"}


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path):
    first = publish(tmp_path)
    for left in (".staging-20260102T030405006Z-abcdef", ".trash-20260102T030405006Z-abcdef"):
        (tmp_path / SHOP / left / "graph").mkdir(parents=True)
        (tmp_path / SHOP / left / MANIFEST_NAME).write_bytes(encode_manifest(first))
    assert [entry.release_id for entry in list_releases(tmp_path, SHOP)] == [first.id]
    second = publish(tmp_path)
    assert names(tmp_path) == {first.id, second.id, "current"}


def test_a_second_build_at_once_is_refused_and_names_the_first(tmp_path):
    code = (
        "import sys, time; from pathlib import Path; from data.release import ReleaseWriter\n"
        f"with ReleaseWriter(Path({str(tmp_path)!r}), {SHOP!r}): print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(ReleaseError, match=rf"another build of shop 'tents' is running \(process {other.pid}\)"):
            publish(tmp_path)
        assert any(name.startswith(".staging-") for name in names(tmp_path))
        other.kill()
    publish(tmp_path)  # the lock went with the process


def test_a_rollback_during_a_build_is_not_undone_by_it(tmp_path):
    first, second = publish(tmp_path), publish(tmp_path)
    with ReleaseWriter(tmp_path, SHOP) as writer:
        rollback(tmp_path, SHOP)
        with pytest.raises(ReleaseError, match="somebody rolled back"):
            writer.publish(draft(writer))
    assert current_id(tmp_path, SHOP) == first.id
    assert names(tmp_path) == {first.id, second.id, "current"}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
def test_every_single_failing_step_leaves_the_old_or_the_new_release(tmp_path, monkeypatch, number):
    """Fails the n-th fsync, rename or replace, for every n that there is."""
    current = publish(tmp_path).id
    for fail_at in count(1):
        calls = count(1)

        def failing(real, fail_at=fail_at, calls=calls):
            def call(*args, **kwargs):
                if next(calls) == fail_at:
                    raise OSError(number, os.strerror(number))
                return real(*args, **kwargs)

            return call

        with monkeypatch.context() as patched:
            for name in ("fsync", "rename", "replace"):
                patched.setattr(os, name, failing(getattr(os, name)))
            try:
                publish(tmp_path, content=b"newer")
                break
            except StorageError as error:
                said = str(error)
        assert str(tmp_path) in said
        entries = list_releases(tmp_path, SHOP, full=True)
        assert all(entry.manifest for entry in entries)
        # Only the sync after the swap may fail with the new release in place; it is whole then.
        now = current_id(tmp_path, SHOP)
        assert now == current or (now == entries[0].release_id and entries[0].manifest.parent == current)
        assert not any(name.startswith(".") for name in names(tmp_path))
        current = now
    assert fail_at > 8


def test_a_full_disk_says_what_to_do(tmp_path, monkeypatch):
    publish(tmp_path)

    def full(*_args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="the disk is full; free some space"):
        publish(tmp_path)


def test_native_writers_errors_are_understood(tmp_path):
    with (
        pytest.raises(StorageError, match="the disk is full"),
        ReleaseWriter(tmp_path, SHOP) as writer,
        writer.writing(),
    ):
        raise RuntimeError("Error in write: 4096 != 8192 (No space left on device)")
    with pytest.raises(RuntimeError, match="shape"), ReleaseWriter(tmp_path, SHOP) as writer, writer.writing():
        raise RuntimeError("wrong shape")


def test_a_releases_folder_that_is_a_file(tmp_path):
    (tmp_path / "releases").write_text("")
    with pytest.raises(StorageError, match="give another folder"):
        publish(tmp_path / "releases")


def test_polling_sees_only_whole_ids_while_releases_come(tmp_path):
    publish(tmp_path)
    code = (
        "import sys; from pathlib import Path; from tests.data.releases import publish\n"
        f"for _ in range(25): publish(Path({str(tmp_path)!r}))"
    )
    seen = set()
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2]) as other:
        while other.poll() is None:
            release_id = current_id(tmp_path, SHOP)
            if release_id not in seen:
                seen.add(release_id)
                open_release(tmp_path, SHOP, release_id)
            time.sleep(0.001)
    assert other.returncode == 0
    assert len(seen) > 3


# --- buckets


@pytest.fixture
def bucket(tmp_path):
    files = fsspec.filesystem("memory")
    root = f"memory://{tmp_path.name}"

    def upload():
        for path in (tmp_path / "local").rglob("*"):
            if path.is_file():
                files.pipe_file(f"{root}/{path.relative_to(tmp_path / 'local').as_posix()}", path.read_bytes())

    yield root, upload, files
    files.rm(root, recursive=True)


def test_a_release_in_a_bucket_is_copied_once_and_verified(tmp_path, bucket):
    root, upload, files = bucket
    manifest = publish(tmp_path / "local")
    upload()
    assert current_id(root, SHOP) == manifest.id
    assert shop_names(root) == [SHOP]
    release = open_release(root, SHOP, cache=tmp_path / "cache")
    assert release.manifest == manifest
    assert (tmp_path / "cache") in release.path.parents
    verify_release(release.path)
    for name in manifest.files:
        files.rm(f"{root}/{SHOP}/{manifest.id}/{name}")
    assert open_release(root, SHOP, cache=tmp_path / "cache").path == release.path


def test_the_cache_keeps_the_newest_three(tmp_path, bucket):
    root, upload, _ = bucket
    manifests = [publish(tmp_path / "local") for _ in range(5)]
    upload()
    for manifest in manifests:
        release = open_release(root, SHOP, manifest.id, cache=tmp_path / "cache")
    assert release.folder.release_ids() == [manifest.id for manifest in manifests[2:]]
    assert open_release(root, SHOP, manifests[0].id, cache=tmp_path / "cache").manifest == manifests[0]


def test_a_damaged_copy_is_refused_and_not_kept(tmp_path, bucket):
    root, upload, files = bucket
    manifest = publish(tmp_path / "local")
    upload()
    files.pipe_file(f"{root}/{SHOP}/{manifest.id}/graph/labels.bin", b"tenTs")
    with pytest.raises(ReleaseDamaged, match=r"graph/labels\.bin was altered"):
        open_release(root, SHOP, cache=tmp_path / "cache")
    upload()
    assert open_release(root, SHOP, cache=tmp_path / "cache").manifest == manifest


def test_a_bucket_without_the_release_or_the_shop(tmp_path, bucket):
    root, upload, files = bucket
    manifest = publish(tmp_path / "local")
    upload()
    assert current_id(root, "lamps") is None
    with pytest.raises(ReleaseNotFound):
        open_release(root, SHOP, manifest.id[:-6] + "000000", cache=tmp_path / "cache")
    files.rm(f"{root}/{SHOP}/{manifest.id}/graph/labels.bin")
    with pytest.raises(ReleaseNotFound, match="not complete"):
        open_release(root, SHOP, cache=tmp_path / "cache")


def test_a_manifest_cannot_write_outside_the_cache(tmp_path, bucket):
    root, upload, files = bucket
    manifest = publish(tmp_path / "local")
    upload()
    evil = replace(manifest, files={"../../../evil": manifest.files["graph/labels.bin"]})
    files.pipe_file(f"{root}/{SHOP}/{manifest.id}/{MANIFEST_NAME}", encode_manifest(evil))
    with pytest.raises(ReleaseDamaged, match="outside the release"):
        open_release(root, SHOP, cache=tmp_path / "cache")


def test_an_unknown_kind_of_address_is_a_storage_error(tmp_path):
    with pytest.raises(StorageError, match="nosuch"):
        open_release("nosuch://bucket", SHOP, cache=tmp_path)
