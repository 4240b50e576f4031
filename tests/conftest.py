"""Fixtures that every test folder shares."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of what else runs on the machine than of what it tests.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# Set by .ci/run: what may be missing on a laptop must be there in CI.
NOTHING_MISSING = os.environ.get("INTENTRIE_TESTS_REQUIRE_ALL") == "1"


def missing(what: str) -> None:
    """Skip aloud, or fail where nothing may be missing."""
    if NOTHING_MISSING:
        pytest.fail(f"{what} (INTENTRIE_TESTS_REQUIRE_ALL=1 turns this skip into a failure)")
    pytest.skip(what)


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The measurement data beside the checkout; `INTENTRIE_DATASETS` names another place."""
    folder = Path(os.environ.get("INTENTRIE_DATASETS") or Path(__file__).parents[2] / "shared" / "datasets")
    if not folder.is_dir():
        missing(f"no measurement data at {folder}; name its folder in INTENTRIE_DATASETS")
    return folder


@pytest.fixture(scope="session")
def demo_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo shop, made and built by the command that a newcomer runs.

    Of tests that run side by side the first to ask makes it, and each process has a copy of its own.
    """
    folder = tmp_path_factory.mktemp("demo")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return made_demo(folder)
    shared = tmp_path_factory.getbasetemp().parent / "demo"
    shared.mkdir(exist_ok=True)
    with (shared / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "made").exists():
            made_demo(shared)
            (shared / "made").touch()
    shutil.copytree(shared / "releases", folder / "releases")
    return folder / "releases"


def made_demo(folder: Path) -> Path:
    """Folder of its releases."""
    command = [sys.executable, "-m", "api.cli.main", "demo", "--no-serve", "--folder", str(folder)]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    return folder / "releases"
