"""What is known beside the text; the same release, prefix and context give the same answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """Who is typing, when (UTC epoch milliseconds); nothing here is required."""

    now_ms: int = 0
    session: str | None = None
    user: str | None = None
    explain: bool = False
