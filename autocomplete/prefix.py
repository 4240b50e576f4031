"""What a shopper has typed so far."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prefix:
    """One keystroke's text as typed (case and spaces kept), how many suggestions to give, and in which locale.

    With `groups` the answer keeps places for categories and products, see `places.py`.
    """

    text: str
    limit: int = 8
    locale: str = "en"
    groups: bool = False
