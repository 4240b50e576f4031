"""User Behavior Insights: queries and events as NDJSON or OpenSearch bulk lines, into one canonical event file."""

from pathlib import Path

from data.event import read_events
from data.importers.outcome import Outcome
from data.quarantine import Quarantine
from data.shop import ShopConfig


def import_ubi(source: Path, out: Path, config: ShopConfig, quarantine: Quarantine) -> Outcome:
    """Write the events, queries among them as searches, ordered by time (as read where times are equal)."""
    outcome = Outcome(out)
    events = read_events(source, quarantine, config.catalog.quarantine_share)
    outcome.events(sorted(events, key=lambda event: event.at_ms))
    return outcome
