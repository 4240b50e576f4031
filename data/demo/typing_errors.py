"""How fingers err: one slip in a word, and the misspellings that many people share."""

from random import Random

# Neighbours on a QWERTY keyboard, the row itself and the rows beside it.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_DOUBLED = set("lmnprstc")
LEAST_LETTERS = 4


def _neighbours() -> dict[str, str]:
    near: dict[str, set[str]] = {}
    for row, letters in enumerate(_ROWS):
        for column, letter in enumerate(letters):
            found = set()
            for other in range(max(0, row - 1), min(len(_ROWS), row + 2)):
                found |= {_ROWS[other][at] for at in range(column - 1, column + 2) if 0 <= at < len(_ROWS[other])}
            near[letter] = found - {letter}
    return {letter: "".join(sorted(found)) for letter, found in near.items()}


NEIGHBOURS = _neighbours()


def slip(word: str, rng: Random) -> str:
    """The word with one slip: a neighbour instead, two letters swapped, one left out, one typed twice.

    A word of fewer than four letters, or of another script, comes back as it is.
    """
    if len(word) < LEAST_LETTERS or not all(letter in NEIGHBOURS for letter in word):
        return word
    for _ in range(20):
        at = rng.randrange(1, len(word)) if rng.random() < 0.9 else 0
        kind = rng.random()
        if kind < 0.35:
            typed = word[:at] + rng.choice(NEIGHBOURS[word[at]]) + word[at + 1 :]
        elif kind < 0.6 and at + 1 < len(word):
            typed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif kind < 0.85:
            typed = word[:at] + word[at + 1 :]
        else:
            typed = word[: at + 1] + word[at:]
        if typed != word:
            return typed
    return word


def slip_in(text: str, rng: Random) -> str:
    """A text with one slip in its longest word; itself when no word can take one."""
    words = text.split(" ")
    longest = max(range(len(words)), key=lambda at: (len(words[at]), -at))
    words[longest] = slip(words[longest], rng)
    return " ".join(words)


def habitual(word: str, rng: Random) -> str:
    """How many people spell a word who never saw it written.

    Doubled letters become single, single ones doubled, vowels exchanged; the word itself when nothing of this can be.
    """
    options = []
    for at in range(1, len(word)):
        if word[at] == word[at - 1]:
            options.append(word[:at] + word[at + 1 :])
        elif word[at] in _DOUBLED and 1 < at < len(word) - 1 and word[at - 1] != word[at] != word[at + 1]:
            options.append(word[:at] + word[at] + word[at:])
        for one, other in (("ie", "ei"), ("ei", "ie"), ("a", "e"), ("e", "a"), ("ck", "k"), ("ph", "f")):
            if word[at:].startswith(one):
                options.append(word[:at] + other + word[at + len(one) :])
    options = [option for option in options if option != word]
    return rng.choice(options) if options and len(word) > LEAST_LETTERS else word
