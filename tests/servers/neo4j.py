"""A real Neo4j (community) without Docker: its jars by Maven, started by `Neo4jServer.java` on a port of the loopback.

Needs Java 17 and Maven. The jars (128 MB) are fetched once, into `$XDG_CACHE_HOME/intentrie-tests`; Bolt answers about
nine seconds after the start. Authentication is off in this form.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from tests.conftest import missing
from tests.servers.intentrie import free_port

VERSION = "5.26.0"
HEAP = "512m"
READY_WITHIN_S = 90.0
FETCHED_WITHIN_S = 280.0
_LAUNCHER = Path(__file__).with_name("Neo4jServer.java")
_POM = f"""<project><modelVersion>4.0.0</modelVersion>
<groupId>intentrie</groupId><artifactId>tests</artifactId><version>1</version>
<dependencies><dependency>
<groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>{VERSION}</version>
</dependency></dependencies></project>
"""


class Neo4jServer:
    """One server over one folder; it can be killed and started again over what it left.

    Args:
        folder: Of the store; made if missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As `open_store` takes it."""
        return f"bolt://127.0.0.1:{self._port}/neo4j"

    def start(self) -> None:
        """Start, and wait until Bolt answers; a server that ends or is late fails the test with its own words."""
        jars = neo4j_jars()
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = self.folder / "neo4j.conf"
        settings.write_text(
            "server.bolt.enabled=true\n"
            f"server.bolt.listen_address=127.0.0.1:{self._port}\n"
            "server.memory.pagecache.size=128m\n"
            "db.tx_log.preallocate=false\n"
            "dbms.usage_report.enabled=false\n"
        )
        log = self.folder / "output.log"
        command = ["java", f"-Xmx{HEAP}", "-cp", f"{jars}/*", str(_LAUNCHER), str(self.folder), str(settings)]
        with log.open("ab") as output:
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=output)
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.1)
        self.kill()
        raise AssertionError(f"Neo4j was not up in {READY_WITHIN_S} s:\n{log.read_text(errors='replace')[-4000:]}")

    def stop(self) -> None:
        """Orderly: the launcher shuts the server down when its input ends."""
        if self._process is not None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """As a power cut does (SIGKILL, by process id)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            assert self._process.stdin is not None
            self._process.stdin.close()

    def _answers(self) -> bool:
        """Whether the Bolt handshake is answered; the port alone is open earlier."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), 1) as connection:
                # The magic number, then four proposals of versions; see the Bolt protocol's handshake.
                connection.sendall(bytes.fromhex("6060b017 00000405 00000004 00000000 00000000"))
                return len(connection.recv(4)) == 4
        except OSError:
            return False


def neo4j_jars() -> Path:
    """The folder with the server's jars, fetched when it is not there yet; skips where Java or Maven is missing."""
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            missing(f"{tool} is not installed; a real Neo4j is started with Java 17 and Maven")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "intentrie-tests"
    jars = cache / f"neo4j-{VERSION}"
    if not jars.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as made:
            (Path(made) / "pom.xml").write_text(_POM)
            command = ["mvn", "--quiet", "--batch-mode", "dependency:copy-dependencies", "-DoutputDirectory=jars"]
            done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=FETCHED_WITHIN_S)
            if done.returncode:
                missing(f"Neo4j's jars could not be fetched by Maven: {done.stdout[-1000:]}")
            # Another test run may have been quicker.
            if not jars.is_dir():
                (Path(made) / "jars").rename(jars)
    return jars
