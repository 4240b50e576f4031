"""The definition in `autocomplete/completer.py` once more, slowly: every completion against every reading."""

import re
from collections import Counter
from itertools import chain

DIGITS = "0123456789"


def words_of(text: str) -> list[str]:
    return re.findall("[a-z0-9]+", text)


def read(text: str) -> tuple[list[str], str]:
    """Words and ending ("open", "next", "closed") of a prefix over lower-case ASCII, blanks and dashes."""
    ending = "next" if text.endswith(" ") else "closed" if text.endswith("-") else "open"
    return words_of(text), ending


def starts(completion: list[str], typed: list[str], ending: str) -> bool:
    joined = " ".join(completion)
    if ending == "closed":
        return completion[: len(typed)] == typed
    return joined.startswith(" ".join(typed) + " " * (ending == "next"))


def holds(completion: list[str], typed: list[str], ending: str) -> bool:
    """Every typed word at a place of its own, found by trying all of them for the partial one."""
    complete, partial = (typed[:-1], typed[-1]) if ending == "open" else (typed, None)
    left = Counter(completion)
    left.subtract(Counter(complete))
    if any(count < 0 for count in left.values()):
        return False
    rest = list(left.elements())
    if ending == "closed":
        return True
    return any(word.startswith(partial or "") for word in rest)


def kind(completion: list[str], typed: list[str], ending: str) -> str | None:
    if starts(completion, typed, ending):
        return "PREFIX"
    if not holds(completion, typed, ending):
        return None
    if len(completion) == len(typed) and ending != "next":
        # One word alone that does not start with the partial cannot hold it, so there are several.
        return "REORDERED"
    if any(starts(completion[place:], typed, ending) for place in range(1, len(completion))):
        return "INFIX"
    return "WORDS"


def readings(typed: list[str], ending: str, alphabet: str) -> list[list[str]]:
    """All strings one slip away from the typed words joined by blanks, as words."""
    key = " ".join(typed)
    if sum(map(len, typed)) < 4:
        return []
    made = set()
    for at in range(len(key) + 1):
        here, after = key[at : at + 1], key[at + 1 :]
        if here and here not in DIGITS:
            made.add(key[:at] + after)
        for letter in alphabet + " ":
            if letter not in DIGITS:
                made.add(key[:at] + letter + key[at:])
            if here and here not in DIGITS and not (here == " " and letter in DIGITS):
                made.add(key[:at] + letter + after)
        if len(key) > at + 1 and not (here in DIGITS and after[0] in DIGITS):
            made.add(key[:at] + after[0] + here + after[1:])
    made.discard(key)
    well_formed = [made_key for made_key in made if re.fullmatch("[a-z0-9]+( [a-z0-9]+)*", made_key)]
    found = [made_key.split(" ") for made_key in well_formed]
    if ending == "open" and len(typed) > 1 and len(typed[-1]) == 1 and typed[-1] not in DIGITS:
        found.append([*typed[:-1], ""])
    return found


def nearly_typed(completions: list[str], kinds: list[str | None], key: str, limit: int) -> list[int]:
    """Places of the prefix matches; a completion's weight is by how many it stands before the end."""
    found = [place for place, each in enumerate(kinds) if each == "PREFIX"]
    if len(key) < 4:
        return found

    def score(place: int, power: float = 0.3) -> float:
        return (len(completions) - place) / len(completions[place]) ** power

    found.sort(key=score, reverse=True)
    reserved = min(4, max(2, len(key) // 4))
    if len(found) <= limit or limit <= reserved:
        return found
    first = found[: limit - reserved]
    near = sorted(set(found) - set(first), key=lambda place: score(place, 2.0), reverse=True)
    return first + near[:reserved]


def complete(completions: list[str], text: str, limit: int) -> list[tuple[str, str]]:
    """Texts, best weight first, to (text, kind), by the order of the definition; without diversity or titles."""
    typed, ending = read(text)
    if not typed:
        return [] if text.strip() else [(completion, "POPULAR") for completion in completions[:limit]]
    split = [words_of(completion) for completion in completions]
    kinds = [kind(words, typed, ending) for words in split]
    exact = nearly_typed(completions, kinds, " ".join(typed) + " " * (ending == "next"), limit)
    if len(exact) < limit:
        for wanted in ("REORDERED", "INFIX", "WORDS"):
            exact += [place for place, found in enumerate(kinds) if found == wanted]
    if exact:
        return [(completions[place], str(kinds[place])) for place in exact[:limit]]
    alphabet = "".join(sorted(set(chain.from_iterable(completions)) - {" ", "-"}))
    read_as = readings(typed, ending, alphabet)
    starting = [place for place, words in enumerate(split) if any(starts(words, each, ending) for each in read_as)]
    holding = [
        place
        for place, words in enumerate(split)
        if not starting and any(holds(words, each, ending) for each in read_as)
    ]
    both = [(completions[place], "PREFIX") for place in starting] + [(completions[place], "WORDS") for place in holding]
    return both[:limit]
