"""Where events came from: one number for one place, none for what says nothing."""

from pathlib import Path

import pytest

from data.event import Event
from data.event_log import EventLog
from data.event_source import UNKNOWN, source_of

KEY = b"k" * 16


@pytest.mark.parametrize(
    "address", ["", "testclient", "127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fe80::1%eth0", "fd00::7", "1.2.3.4.5"]
)
def test_what_says_nothing_has_no_number(address: str) -> None:
    assert source_of(address, KEY) == UNKNOWN


def test_one_place_has_one_number() -> None:
    assert source_of("8.8.4.4", KEY) == source_of("::ffff:8.8.4.4", KEY) != source_of("8.8.4.5", KEY)
    # A connection's network of IPv6 is one place, however many addresses it has.
    assert source_of("2a00:1450:4001:81b::1", KEY) == source_of("2a00:1450:4001:81b:ffff::9", KEY)
    assert source_of("2a00:1450:4001:81b::1", KEY) != source_of("2a00:1450:4001:81c::1", KEY)
    assert source_of("8.8.4.4", KEY) != source_of("8.8.4.4", b"another")


def test_many_addresses_share_a_number() -> None:
    numbers = {source_of(f"8.{second}.{third}.7", KEY) for second in range(256) for third in range(256)}
    # Of 65,536 thrown into as many, a share of 1/e stays without.
    assert 40_500 < len(numbers) < 42_500
    assert min(numbers) >= 1
    assert max(numbers) <= 65_536


def test_a_log_keeps_the_number_and_no_address(tmp_path: Path) -> None:
    path = tmp_path / "live" / "events.sqlite"
    log = EventLog(path)
    log.append([Event("search", 1, client_id="a"), Event("search", 2, client_id="b")], "8.8.4.4")
    log.append([Event("search", 3, client_id="c")])
    first, second, third = log.read(0)
    assert first.source == second.source != UNKNOWN == third.source
    log.close()
    assert all(b"8.8.4.4" not in file.read_bytes() for file in path.parent.iterdir())
    log = EventLog(path)
    log.append([Event("search", 4, client_id="d")], "8.8.4.4")
    assert log.read(3)[0].source == first.source  # after a restart, and for every worker, the same
    log.forget("a")
    assert [(each.event.client_id, each.source) for each in log.read(0)] == [
        ("b", first.source),
        ("c", UNKNOWN),
        ("d", first.source),
    ]
    log.close()
