"""Counters and histograms of a worker; a scrape adds up those of all workers of the machine."""

import os
from collections.abc import Mapping
from functools import cache

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client import values as prometheus_values
from prometheus_client.multiprocess import MultiProcessCollector

# From a trie lookup (20 µs) to a stuck disk (1 s).
_SECONDS = (0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)


_SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def share_metrics(folder: str) -> None:
    """Keep the values of every `Metrics` made from now on in memory-mapped files, one set a process.

    The client library decides this when it is imported, by the environment; a server decides it when it starts.
    """
    os.environ.setdefault(_SHARED_FOLDER, folder)
    prometheus_values.ValueClass = prometheus_values.MultiProcessValue()  # type: ignore[no-untyped-call]  # the library has no types here


class Metrics:
    """One object a worker; see `share_metrics`."""

    def __init__(self) -> None:
        # Its own registry, so that two apps in one process (tests) do not meet.
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "intentrie_requests_total", "HTTP requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self._request_seconds = Histogram(
            "intentrie_request_seconds",
            "Time to answer an HTTP request.",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._stage_seconds = Histogram(
            "intentrie_stage_seconds",
            "Time in one stage of an answer.",
            ("stage",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.keystrokes = Counter(
            "intentrie_keystrokes_total", "Keystrokes received over sockets.", registry=self.registry
        )
        self.superseded = Counter(
            "intentrie_superseded_total", "Keystrokes dropped because a newer one had come.", registry=self.registry
        )
        self.sockets = Gauge(
            "intentrie_suggest_sockets",
            "Suggest sockets open now.",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.swaps = Counter(
            "intentrie_release_swaps_total", "Releases taken into service after the first.", registry=self.registry
        )
        self.refused = Counter(
            "intentrie_releases_refused_total", "Published releases that could not be loaded.", registry=self.registry
        )
        self.changes = Counter(
            "intentrie_changes_total", "Live product changes acknowledged.", ("kind",), registry=self.registry
        )
        self._live = Gauge(
            "intentrie_live_suggestions",
            "Bans, pins and new texts in force, trends, and completions that nothing in stock is found for.",
            ("shop", "what"),
            # Every worker follows the same logs.
            multiprocess_mode="livemax",
            registry=self.registry,
        )
        self.events = Counter("intentrie_events_total", "Events acknowledged.", registry=self.registry)
        # Looking a child up by its labels costs more than counting.
        self._stage = cache(lambda name: self._stage_seconds.labels(name))

    def stage(self, name: str, took_us: int) -> None:
        """Count one run of a stage."""
        self._stage(name).observe(took_us / 1e6)

    def live(self, shop: str, counts: Mapping[str, int]) -> None:
        """Note what is live over a shop's suggestions now."""
        for what, count in counts.items():
            self._live.labels(shop, what).set(count)

    def stages(self, timings_us: Mapping[str, int | float]) -> None:
        """Count the stages that an answer went through."""
        for name, took_us in timings_us.items():
            self.stage(name, int(took_us))

    def request(self, method: str, route: str, status: int, took_us: int) -> None:
        """Count one answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._request_seconds.labels(route).observe(took_us / 1e6)

    def exposition(self) -> tuple[bytes, str]:
        """What a scrape gets, over all workers that share the folder, and its content type."""
        registry: CollectorRegistry = self.registry
        if _SHARED_FOLDER in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types here
        return generate_latest(registry), CONTENT_TYPE_LATEST
