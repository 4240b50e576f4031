"""The definition in `autocomplete/completer.py` once more, slowly: every completion against every reading."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

DIGITS = "0123456789"
Matches = Callable[[list[str], list[str], str], bool]


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


# Of `slips/chances.py`; no two letters of the tests lie beside each other on a keyboard.
SWAPPED, DOUBLED, LEFT_OUT, ADDED, CHANGED, SPACE = 3.0, 2.0, 1.0, 0.5, 0.1, 1.0
Readings = dict[tuple[str, ...], float]


def one_slip(key: str, alphabet: str) -> Iterator[tuple[str, float, bool]]:
    """All strings one slip away from a key, with their chance and whether it is a slip of the space key."""
    for at in range(len(key) + 1):
        before, here, after = key[:at], key[at : at + 1], key[at + 1 :]
        if here and here not in DIGITS:
            doubled = here in (before[-1:], after[:1])
            yield before + after, SPACE if here == " " else DOUBLED if doubled else ADDED, here == " "
        for letter in alphabet + " ":
            is_space = " " in (letter, here)
            if letter not in DIGITS:
                doubled = letter in (before[-1:], here)
                chance = SPACE if letter == " " else DOUBLED if doubled else LEFT_OUT
                yield before + letter + key[at:], chance, letter == " "
            if here and here not in DIGITS and not (here == " " and letter in DIGITS):
                yield before + letter + after, SPACE if is_space else CHANGED, is_space
        if after and not (here in DIGITS and after[0] in DIGITS):
            is_space = " " in (here, after[0])
            yield before + after[0] + here + after[1:], SPACE if is_space else SWAPPED, is_space


def word_slips(word: str, is_partial: bool, alphabet: str) -> dict[str, float]:
    """What a word, or the beginning of one, may have meant; of beginnings the shortest."""
    made: dict[str, float] = {}
    for text, chance, is_space in one_slip(word, alphabet):
        if text and text != word and not is_space:
            made[text] = max(chance, made.get(text, 0.0))
    if is_partial and len(word) == 1 and word not in DIGITS:
        return {"": ADDED}
    if is_partial:
        made = {each: chance for each, chance in made.items() if not each.startswith(word)}
    return made


def shortest(found: dict[str, float], begun: set[str]) -> dict[str, float]:
    """Of beginnings that words have, those that begin with no other one."""
    held = {each: chance for each, chance in found.items() if each in begun}
    return {
        each: chance
        for each, chance in held.items()
        if not any(other != each and each.startswith(other) for other in held)
    }


def readings(typed: list[str], ending: str, alphabet: str, completions: list[list[str]]) -> Readings:
    """All that the typed words may have meant, one slip away; two, one in each of two words, where nothing is known."""
    key = " ".join(typed)
    if sum(map(len, typed)) < 4:
        return {}
    words = set(chain.from_iterable(completions))
    begun = {word[:size] for word in words for size in range(len(word) + 1)}
    slips = []
    for place, word in enumerate(typed):
        is_partial = ending == "open" and place == len(typed) - 1
        found = word_slips(word, is_partial, alphabet)
        slips.append(shortest(found, begun) if is_partial else {each: found[each] for each in found if each in words})
    made: Readings = {}

    def keep(read: tuple[str, ...], chance: float) -> None:
        made[read] = max(chance, made.get(read, 0.0))

    for text, chance, is_space in one_slip(key, alphabet):
        if is_space and text != key and re.fullmatch("[a-z0-9]+( [a-z0-9]+)*", text):
            keep(tuple(text.split(" ")), chance)
    for place, found in enumerate(slips):
        for each, chance in found.items():
            keep((*typed[:place], each, *typed[place + 1 :]), chance)
    known = [
        word in (begun if ending == "open" and place == len(typed) - 1 else words) for place, word in enumerate(typed)
    ]
    unknown = [place for place, each in enumerate(known) if not each]
    any_one = any(
        starts(words, list(read), ending) or holds(words, list(read), ending) for words in completions for read in made
    )
    if not any_one and len(unknown) == 2 and all(len(typed[place]) >= 4 for place in unknown):
        first, second = unknown
        likeliest = sorted(slips[first].items(), key=lambda each: (-each[1], each[0]))[:8]
        for one, chance in likeliest:
            for other, another in slips[second].items():
                read = [*typed]
                read[first], read[second] = one, other
                keep(tuple(read), chance * another)
    return made


def nearly_typed(completions: list[str], kinds: list[str | None], key: str, limit: int) -> list[int]:
    """Places of the prefix matches; a completion's weight is by how many it stands before the end."""
    found = [place for place, each in enumerate(kinds) if each == "PREFIX"]
    if len(key) < 4:
        return found

    def ordered(places: list[int], times: float, power: int) -> list[int]:
        return sorted(places, key=lambda place: nearness(completions, place, key, times, power), reverse=True)

    best = sorted(found[:32], key=lambda place: counted(completions, place, key), reverse=True)
    last = 3 if len(key) >= 9 else 1
    if len(found) <= limit or limit <= last:
        return best
    first = best[: limit - last]
    near = ordered(found, 1.6, 12) if len(key) >= 9 else ordered(found, 4.0, 2)
    return (first + [place for place in near if place not in first])[:limit]


def nearness(completions: list[str], place: int, key: str, times: float, power: int) -> float:
    """A weight, the less the longer the completion is beside some times the key."""
    length = len(completions[place])
    return (len(completions) - place) / length**0.3 / (1 + (length / times / len(key)) ** power)


def counted(completions: list[str], place: int, key: str) -> float:
    """What a weight counts among completions that start with a key, or with what it may have meant."""
    if len(key) < 4:
        return len(completions) - place
    return nearness(completions, place, key, *((2.4, 6) if len(key) >= 9 else (math.inf, 1)))


Names = Mapping[tuple[str, ...], list[tuple[str, ...]]]
NONE: Names = {}


def other_names(typed: list[str], ending: str, aliases: Names, forms: Names) -> list[tuple[list[str], str]]:
    """What the typed words may be called besides, with how that ends: each alias in them for what it stands for.

    The last word may be the beginning of an alias's where that is open, no alias itself, and has four characters with
    the words before it. Another form of a word is read only when that was typed in whole, and then it is over.
    """
    found = []
    for first in range(len(typed)):
        for last in range(first + 1, len(typed) + 1):
            run, is_begun = tuple(typed[first:last]), ending == "open" and last == len(typed)
            names = [(name, ending) for name in aliases.get(run, [])]
            if is_begun and not names and len(" ".join(run)) >= 4:
                begun = [held for alias, held in aliases.items() if " ".join(alias).startswith(" ".join(run))]
                names = [(name, ending) for name in chain.from_iterable(begun)]
            names += [(name, "closed" if is_begun else ending) for name in forms.get(run, [])]
            found += [([*typed[:first], *name, *typed[last:]], over) for name, over in names]
    return found


def by_another_name(
    completions: list[list[str]], read_as: list[tuple[list[str], str]], besides: set[int]
) -> list[tuple[int, str]]:
    """Places of what matches any of the readings: all that start so, then all that hold the words, both by weight."""
    starting = [place for place, words in enumerate(completions) if any(starts(words, *reading) for reading in read_as)]
    holding = [place for place, words in enumerate(completions) if any(holds(words, *reading) for reading in read_as)]
    ordered = dict.fromkeys(starting, "PREFIX")
    for place in holding:
        ordered.setdefault(place, "WORDS")
    return [(place, found) for place, found in ordered.items() if place not in besides]


def complete(
    completions: list[str], text: str, limit: int, aliases: Names = NONE, forms: Names = NONE
) -> list[tuple[str, str]]:
    """Texts, best weight first, to (text, kind), by the order of the definition; without diversity or titles."""
    typed, ending = read(text)
    if not typed:
        return [] if text.strip() else [(completion, "POPULAR") for completion in completions[:limit]]
    split = [words_of(completion) for completion in completions]
    kinds = [kind(words, typed, ending) for words in split]
    key = " ".join(typed) + " " * (ending == "next")
    exact = nearly_typed(completions, kinds, key, limit)
    if len(exact) < limit:
        for wanted in ("REORDERED", "INFIX", "WORDS"):
            exact += [place for place, found in enumerate(kinds) if found == wanted]
    best = exact[:limit]
    whole = next((place for place, words in enumerate(split) if words == typed and ending != "next"), None)
    if whole is not None and whole not in best and limit > 1:
        best[-1] = whole
    shown = [(place, str(kinds[place])) for place in best]
    shown += by_another_name(split, other_names(typed, ending, aliases, forms), set(best))
    if shown:
        return [(completions[place], found) for place, found in shown[:limit]]
    alphabet = "".join(sorted(set(chain.from_iterable(completions)) - {" ", "-"}))
    read_as = readings(typed, ending, alphabet, split)

    def likeliest(matches: Matches, besides: Mapping[int, float]) -> dict[int, float]:
        """Places of what matches a reading, with what the weight counts times chance, the best first."""
        found: dict[int, float] = {}
        for place, words in enumerate(split):
            chances = [chance for read, chance in read_as.items() if matches(words, list(read), ending)]
            if chances and place not in besides:
                found[place] = counted(completions, place, key if matches is starts else "") * max(chances)
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    starting = likeliest(starts, {})
    holding = {} if len(starting) >= limit else likeliest(holds, starting)
    both = [(completions[place], "PREFIX") for place in starting] + [(completions[place], "WORDS") for place in holding]
    return both[:limit]
