"""Token buckets and socket counts, with a clock that the test turns."""

import pytest

from api.http import limits
from api.http.limits import AddressLimits


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    now = [0]
    monkeypatch.setattr(limits, "now_us", lambda: now[0])
    return now


def test_the_burst_is_admitted_then_the_rate(clock: list[int]) -> None:
    bucket = AddressLimits(rate_per_s=10, burst=3, sockets=1)
    assert [bucket.admit("a") for _ in range(5)] == [True, True, True, False, False]
    clock[0] += 100_000  # one token flows in
    assert [bucket.admit("a") for _ in range(2)] == [True, False]
    clock[0] += 60_000_000  # never more than the burst
    assert [bucket.admit("a") for _ in range(4)] == [True, True, True, False]


def test_addresses_have_buckets_of_their_own(clock: list[int]) -> None:
    bucket = AddressLimits(rate_per_s=1, burst=1, sockets=1)
    assert bucket.admit("a")
    assert not bucket.admit("a")
    assert bucket.admit("b")


def test_no_rate_admits_everything(clock: list[int]) -> None:
    bucket = AddressLimits(rate_per_s=0, burst=1, sockets=1)
    assert all(bucket.admit("a") for _ in range(1000))


def test_a_socket_gives_its_place_back() -> None:
    bucket = AddressLimits(rate_per_s=0, burst=1, sockets=2)
    with bucket.socket("a") as first, bucket.socket("a") as second, bucket.socket("a") as third:
        assert (first, second, third) == (True, True, False)
        with bucket.socket("b") as other:
            assert other
    with bucket.socket("a") as again:
        assert again


def test_keystrokes_beyond_the_rate_wait_until_they_have_flowed_in(clock: list[int]) -> None:
    bucket = AddressLimits(0, 1, 1, keystrokes_per_s=10, keystroke_burst=2)
    assert [round(bucket.keystroke_wait_s("a"), 6) for _ in range(4)] == [0, 0, 0.1, 0.2]
    assert bucket.keystroke_wait_s("b") == 0
    clock[0] += 200_000
    assert round(bucket.keystroke_wait_s("a"), 6) == 0.1
    clock[0] += 60_000_000
    assert [round(bucket.keystroke_wait_s("a"), 6) for _ in range(3)] == [0, 0, 0.1]
    assert AddressLimits(0, 1, 1).keystroke_wait_s("a") == 0
