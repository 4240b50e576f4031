"""What a shopper has typed so far."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prefix:
    """One keystroke's text as typed (case and spaces kept), how many suggestions to give, and in which locale."""

    text: str
    limit: int = 8
    locale: str = "en"
