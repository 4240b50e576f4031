"""Whatever the OpenAPI allows or forbids: no 5xx, and answers as it says."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.shop import TOKEN, Server, made_up_products, publish


@pytest.fixture
def fuzzed(tmp_path: Path) -> Iterator[Server]:
    publish(tmp_path / "releases", "plain", made_up_products(), tmp_path)
    running = Server(tmp_path / "releases").start()
    yield running
    assert running.stop() == 0


@pytest.mark.slow
def test_schemathesis_finds_nothing(fuzzed: Server, tmp_path: Path) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        f"""
        base-url = "{fuzzed.url}"
        headers = {{ Authorization = "Bearer {TOKEN}" }}
        [parameters]
        "path.shop" = "plain"
        [generation]
        max-examples = 25
        """
    )
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    schemathesis = str(Path(sys.executable).parent / "schemathesis")
    bounds = ("--max-time", "40", "--no-color", "--seed", "1")
    ran = subprocess.run(
        [schemathesis, "--config-file", str(config), "run", f"{fuzzed.url}/openapi.json", "--checks", checks, *bounds],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "NO_COLOR": "1"}, timeout=200, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert not [line for line in fuzzed.log_lines() if line["level"] == "error"]
