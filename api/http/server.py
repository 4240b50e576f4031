"""The server: one parent that holds the sockets and watches, and workers that answer.

The parent imports everything and then forks, so that workers share those pages (about 100 MB) and a worker that died is
back in the time of a fork. It starts no thread and runs no loop itself. Each worker has its own listening socket
(`SO_REUSEPORT`: the kernel spreads the connections), which the parent holds open too, so that connections wait for the
next worker instead of being refused when one dies.
"""

import contextlib
import gc
import logging
import os
import resource
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Sequence

import uvicorn
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.config import STARTUP_FAILURE

from api.assembly import now_ms
from api.http.app import create_app
from api.http.logs import configure_logs
from api.http.metrics import share_metrics
from api.http.socket_protocol import bounded_protocol
from api.settings import Settings
from data.errors import ConfigError, IntentrieError

_log = logging.getLogger("intentrie.server")

# A thread that computes is interrupted after so long for the loop to answer a keystroke; Python's own 5 ms would be
# half of a keystroke's whole budget, and below .5 ms searches become measurably slower.
_SWITCH_INTERVAL_S = 0.0005
# Peers that take no byte for so long are dropped by the kernel, whatever state their connection is in.
_USER_TIMEOUT_MS = 30_000
_BACKLOG = 2_048
_PING_S = 20.0
# A worker that dies sooner than this after its start is given a pause before the next try.
_SHORT_LIFE_MS = 5_000
_RESTART_PAUSE_S = 1.0
# After the drain time the parent waits so much longer before it kills.
_KILL_AFTER_S = 5.0

_SIGNALS = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGALRM)


def run_server(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then let running requests finish.

    Raises:
        ConfigError: The address cannot be bound.
        IntentrieError: No worker could start.
    """
    configure_logs(settings.log_level)
    allow_many_files()
    sockets = bind_sockets(settings.host, settings.port, settings.workers)
    with tempfile.TemporaryDirectory(prefix="intentrie-metrics-") as own_folder:
        share_metrics(own_folder)
        _Supervisor(settings, sockets).run()


def allow_many_files() -> None:
    """Raise the soft limit of open files to the hard one.

    A release is about 90 mapped files a locale, each holding a descriptor, and every socket is one more: a shop of
    three locales during a swap would pass the usual 1,024.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        # Some systems refuse an unlimited number; the limit then stays as it was.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def bind_sockets(host: str, port: int, count: int) -> list[socket.socket]:
    """One listening socket a worker, all on one port; port 0 takes a free one.

    Raises:
        ConfigError: Another program listens there, or the host is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # Alone first: sockets that share a port would also share it with a second server started by mistake.
        with socket.create_server((host, port), family=family) as probe:
            port = probe.getsockname()[1]
        sockets = [
            socket.create_server((host, port), family=family, backlog=_BACKLOG, reuse_port=count > 1)
            for _ in range(count)
        ]
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {host}, port {port}: {error.strerror or error}; choose another with --host or --port"
        ) from error
    for listener in sockets:
        listener.setblocking(False)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _USER_TIMEOUT_MS)
    return sockets


class _Supervisor:
    """The parent's side: a table of children, and a wait for signals."""

    def __init__(self, settings: Settings, sockets: Sequence[socket.socket]) -> None:
        self._settings = settings
        self._sockets = list(sockets)
        self._workers: dict[int, tuple[int, int]] = {}  # process id -> (socket's index, started at)
        self._lifeline, self._lifeline_end = os.pipe()
        self._stopping = False
        self._failure: str | None = None

    def run(self) -> None:
        """Until every worker has ended."""
        previous = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        # What is alive now stays for good: moved out of the collector's sight, its pages stay shared.
        gc.collect()
        gc.freeze()
        try:
            for index in range(len(self._sockets)):
                self._start(index)
            host, port = self._sockets[0].getsockname()[:2]
            _log.info("serving", extra={"fields": {"host": host, "port": port, "workers": len(self._sockets)}})
            while self._workers:
                self._handle(signal.sigwait(_SIGNALS))
        finally:
            signal.alarm(0)
            signal.pthread_sigmask(signal.SIG_SETMASK, previous)
            os.close(self._lifeline)
            os.close(self._lifeline_end)
        if self._failure:
            raise IntentrieError(self._failure)

    def _handle(self, number: int) -> None:
        if number == signal.SIGCHLD:
            self._reap()
        elif number == signal.SIGALRM:
            if self._stopping:
                self._signal_all(signal.SIGKILL)
            else:
                self._restart_missing()
        else:
            self._stop()

    def _stop(self) -> None:
        """Close the parent's ends of the sockets, so that nobody waits in a queue that no worker reads."""
        if self._stopping:
            return
        self._stopping = True
        for listener in self._sockets:
            listener.close()
        self._signal_all(signal.SIGTERM)
        signal.setitimer(signal.ITIMER_REAL, self._settings.drain_s + _KILL_AFTER_S)

    def _reap(self) -> None:
        while self._workers:
            try:
                process, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not process:
                return
            if process not in self._workers:
                continue
            index, started_ms = self._workers.pop(process)
            mark_process_dead(process)  # type: ignore[no-untyped-call]  # the library has no types here
            if self._stopping:
                continue
            code = os.waitstatus_to_exitcode(status)
            _log.error("worker ended", extra={"fields": {"worker": process, "code": code}})
            if code == STARTUP_FAILURE:
                self._failure = "a worker could not start; its log line says why"
                self._stop()
            elif now_ms() - started_ms < _SHORT_LIFE_MS:
                signal.setitimer(signal.ITIMER_REAL, _RESTART_PAUSE_S)
                self._keep_waiting(index)
            else:
                self._start(index)

    def _keep_waiting(self, index: int) -> None:
        """Note a worker that is to come back; a negative process id is nobody's."""
        self._workers[-1 - index] = (index, 0)

    def _restart_missing(self) -> None:
        for process in [process for process in self._workers if process < 0]:
            index, _ = self._workers.pop(process)
            self._start(index)

    def _signal_all(self, number: int) -> None:
        for process in list(self._workers):
            if process < 0:
                del self._workers[process]
                continue
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue

    def _start(self, index: int) -> None:
        process = os.fork()
        if process:
            self._workers[process] = (index, now_ms())
            return
        code = STARTUP_FAILURE
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            os.close(self._lifeline_end)
            for other, listener in enumerate(self._sockets):
                if other != index:
                    listener.close()
            run_worker(self._settings, self._sockets[index], self._lifeline)
            code = 0
        except SystemExit as leaving:
            code = leaving.code if isinstance(leaving.code, int) else STARTUP_FAILURE
        except BaseException:  # noqa: BLE001 - the fork ends here; nothing may run on into the parent's code
            _log.exception("worker failed")
        finally:
            # Not the parent's clean-up: its temporary folder, its open files.
            sys.stderr.flush()
            os._exit(code)


def run_worker(settings: Settings, listener: socket.socket, lifeline: int) -> None:
    """One worker, until SIGTERM or until its parent is gone.

    Args:
        settings: Of the server.
        listener: Its own listening socket.
        lifeline: Read end of a pipe that ends with the parent.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    threading.Thread(target=_follow_parent, args=(lifeline,), name="lifeline", daemon=True).start()
    config = uvicorn.Config(
        create_app(settings),
        loop="uvloop",
        http="httptools",
        ws=bounded_protocol(settings.slow_reader_s),
        ws_max_size=settings.max_frame_bytes,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PING_S,
        ws_per_message_deflate=False,  # costs more time than an answer, or more memory than a socket: DESIGN.md
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=settings.drain_s,
    )
    uvicorn.Server(config).run(sockets=[listener])


def _follow_parent(lifeline: int) -> None:
    """A parent that was killed cannot say so, but its end of the pipe closes."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
