"""Finding a text among sorted ones that are mapped, without a dictionary of them in every worker."""

from graph.storage import Strings


def place_of(strings: Strings, text: str) -> int:
    """Where a text is or would stand; the strings must be sorted by code point."""
    low, high = 0, len(strings)
    while low < high:
        middle = (low + high) // 2
        if strings[middle] < text:
            low = middle + 1
        else:
            high = middle
    return low


def find_string(strings: Strings, text: str) -> int | None:
    """The number of a text among sorted ones, `None` when it is not there."""
    place = place_of(strings, text)
    return place if place < len(strings) and strings[place] == text else None
