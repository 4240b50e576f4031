"""Other names that follow from how a language writes: the last part of a compound, and the word for an "&".

"Regenjacke" is a jacket, and who types "jacke" means it; where a language writes the kind as the end of one word, no
word starts with it. "Wren & Hale" is said "wren and hale".
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from autocomplete.completion import Completion
from autocomplete.sources.aliases import MOST_MEANINGS, MOST_WORDS, AliasWords, Words
from autocomplete.suggestion import SuggestionKind
from autocomplete.words import split_words

_COMPOUNDING = frozenset({"de", "nl", "da", "sv", "nb", "nn", "no", "fi"})
_AND = {"en": "and", "de": "und", "fr": "et", "es": "y", "it": "e", "nl": "en", "pt": "e", "da": "og", "sv": "och"}
# Letters of the parts of a compound: "Wollmantel"; a shorter end is the end of anything.
_LEAST_OF_FIRST, _LEAST_OF_HEAD = 3, 4


def compound_heads(texts: Iterable[Sequence[str]], locale: str) -> dict[Words, list[Words]]:
    """The ends of words whose beginnings begin other words, too, with those words; of the likeliest texts first.

    Args:
        texts: Folded words of completions, the likeliest first.
        locale: Of a language that writes compounds as one word; else there are none.
    """
    if locale.partition("-")[0] not in _COMPOUNDING:
        return {}
    words = list(dict.fromkeys(word for text in texts for word in text if word.isalpha()))
    ordered = sorted(words)
    known = set(words)
    found: dict[Words, list[Words]] = {}
    for word in words:
        for cut in range(_LEAST_OF_FIRST, len(word) - _LEAST_OF_HEAD + 1):
            head = word[cut:]
            # What is a word by itself is found as it stands.
            beginning = word[:cut]
            if head not in known and (beginning in known or _begins_another(beginning, word, ordered)):
                meanings = found.setdefault((head,), [])
                if len(meanings) < MOST_MEANINGS:
                    meanings.append((word,))
    return found


def merged(*named: AliasWords) -> dict[Words, list[Words]]:
    """All names of each alias, those that are given first before the others, at most `MOST_MEANINGS`."""
    found: dict[Words, list[Words]] = {}
    for alias, names in (item for each in named for item in each.items()):
        held = found.setdefault(alias, [])
        held += [name for name in names if name not in held][: MOST_MEANINGS - len(held)]
    return found


def _begins_another(beginning: str, word: str, ordered: Sequence[str]) -> bool:
    """Whether one of the words beside a word begins so, and is neither its beginning nor goes on from it."""
    at = bisect_left(ordered, word)
    return any(
        other.startswith(beginning) and not other.startswith(word) and not word.startswith(other)
        for other in ordered[max(0, at - 2) : at + 3]
    )


def said_ampersands(completions: Iterable[Completion], locale: str) -> dict[Words, list[Words]]:
    """Labels that are written with an "&" as they are said in a locale, with their words."""
    said = _AND.get(locale.partition("-")[0])
    found: dict[Words, list[Words]] = {}
    for each in completions if said is not None else ():
        if each.kind is not SuggestionKind.QUERY and "&" in each.text:
            alias, name = tuple(split_words(each.text.replace("&", f" {said} "))), tuple(split_words(each.text))
            if len(alias) <= MOST_WORDS and alias != name:
                found.setdefault(alias, []).append(name)
    return {alias: names[:MOST_MEANINGS] for alias, names in found.items()}
