"""kill -9 of a process that appends: what it acknowledged is there, what it did not is there whole or not at all."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from data.overlay_log import OverlayLog

KILLS = 30
BATCH = 7

# Appends batches of patches for ever and says the last position of each only after `append` has returned.
_APPENDER = f"""
import sys
from pathlib import Path
from data.change import Change
from data.overlay_log import OverlayLog
log = OverlayLog(Path(sys.argv[1]))
versions = {{f"p{{number}}": 0 for number in range({BATCH})}}
stock = log.position
while True:
    stock += 1
    changes = [Change(0, stock, product_id, "patch", patch={{"stock": stock}}) for product_id in versions]
    sys.stdout.write(f"{{log.append(changes, versions)[-1].position}}\\n")
    sys.stdout.flush()
"""


def kill_while_appending(path: Path, after: int) -> int:
    """Kill the appender as soon as it has acknowledged `after` batches; gives the last position it acknowledged."""
    command = [sys.executable, "-c", _APPENDER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline() for _ in range(after)]
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.readlines()
    assert process.returncode == -signal.SIGKILL
    # The kill may cut the last line; only a whole one was said.
    return int([line for line in acknowledged if line.endswith("\n")][-1])


def test_no_acknowledged_change_is_lost_in_thirty_kills(tmp_path):
    rng = random.Random(3)
    path = tmp_path / "overlay.sqlite"
    for _ in range(KILLS):
        acknowledged = kill_while_appending(path, after=rng.randint(1, 60))
        log = OverlayLog(path)
        changes = log.read(0, limit=1_000_000)
        heads, position = log.live_products()
        log.close()
        assert position >= acknowledged
        assert [change.position for change in changes] == list(range(1, position + 1))
        # Batches are whole: every product was patched in each.
        assert position % BATCH == 0
        assert {head.patches[("stock",)][1] for head in heads} == {changes[-1].patch["stock"]}
        assert len(heads) == BATCH
