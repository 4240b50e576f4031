"""What is known beside the text; the same release, prefix and context give the same answer."""

from dataclasses import dataclass

from autocomplete.ranking.session import NOBODY, Session


@dataclass(frozen=True, slots=True)
class Context:
    """Who is typing, when (UTC epoch milliseconds), after what; nothing here is required.

    `history` is what the session did before, as far as whoever asks knows it: the engine looks nothing up by `session`.
    """

    now_ms: int = 0
    session: str | None = None
    user: str | None = None
    explain: bool = False
    history: Session = NOBODY
