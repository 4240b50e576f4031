"""Looking labels up by the beginnings of their words: what people do, and what no request ever does."""

from collections.abc import Iterable, Sequence

from data.text import analyser_for
from graph.store import Found


def lookup_words(text: str) -> list[str]:
    """The words to look for, folded as normal forms are."""
    return analyser_for("und").words(text)


def best_first(found: Iterable[Found], words: Sequence[str], limit: int) -> list[Found]:
    """The order of `GraphStore.lookup`."""
    norm = " ".join(words)

    def key(hit: Found) -> tuple[bool, int, str, str, str]:
        label = hit.label
        return label.norm != norm, len(label.norm), label.norm, label.concept_id, label.language

    return sorted(found, key=key)[:limit]
