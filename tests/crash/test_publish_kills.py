"""kill -9 at every single fsync, rename, replace and unlink of a publication, of a rollback and of a pruning."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from data.release import current_id, list_releases, prune, rollback
from tests.data.releases import SHOP, publish


def run_and_die(work: str, root: str, at: int) -> None:
    """Do the work; die at its `at`-th step that touches the disk for good."""
    steps = count(1)

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            if next(steps) == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    for name in ("fsync", "rename", "replace", "rmdir", "unlink"):
        setattr(os, name, dying(getattr(os, name)))
    WORK[work](Path(root))


WORK: dict[str, Callable[[Path], object]] = {
    "publish": publish,
    "rollback": lambda root: rollback(root, SHOP),
    "prune": lambda root: prune(root, SHOP, keep=1),
}


@pytest.mark.parametrize("work", WORK)
def test_killed_at_every_step(tmp_path, work):
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.test_publish_kills"])
    for at in count(1):
        root = tmp_path / str(at)
        releases = [publish(root, content=b"release %d" % number).id for number in range(4)]
        process = context.Process(target=run_and_die, args=(work, str(root), at))
        process.start()
        process.join()
        entries = list_releases(root, SHOP, full=True)
        # Whatever is listed is whole; the pointer points at one of them, and moved to where it was sent, or not at all.
        assert all(entry.manifest is not None for entry in entries)
        now = current_id(root, SHOP)
        assert [entry.release_id for entry in entries if entry.current] == [now]
        allowed = {"publish": {releases[-1], entries[0].release_id}, "rollback": set(releases[-2:])}
        assert now in allowed.get(work, {releases[-1]})
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        newest = publish(root)
        assert newest.parent == now
        hidden = {path.name for path in (root / SHOP).iterdir() if path.name.startswith(".")}
        assert hidden == {".building", ".swapping"}
    assert at > {"publish": 8, "rollback": 2, "prune": 4}[work]
