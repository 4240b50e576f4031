"""A finished query, as it was sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """The text as typed and the locale it was typed in."""

    text: str
    locale: str = "en"
