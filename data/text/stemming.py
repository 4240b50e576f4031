"""Light stemming: number and gender only, so that a stem never crosses product types ("printer" is not "printing").

Aggressive stemmers join "organic" and "organ"; a shop's vocabulary is small enough that plurals are what matters. The
rules are the light stemmers of Savoy, shortened to what nouns and adjectives of product titles need.

References:
    Harman: How Effective Is Suffixing?, JASIS 1991 (the S-stemmer). Savoy: Light Stemming Approaches for the French,
    Portuguese, German and Hungarian Languages, SAC 2006.
"""

from collections.abc import Callable

Stemmer = Callable[[str], str]

_ENGLISH_IRREGULAR = {
    "women": "woman", "men": "man", "children": "child", "feet": "foot", "teeth": "tooth", "mice": "mouse",
    "geese": "goose", "people": "person", "shelves": "shelf", "knives": "knife", "leaves": "leaf", "scarves": "scarf",
    "halves": "half", "loaves": "loaf", "calves": "calf", "wolves": "wolf", "lives": "life", "wives": "wife",
    "lens": "lens", "lenses": "lens", "gas": "gas", "gases": "gas", "buses": "bus", "canvas": "canvas",
    "canvases": "canvas", "christmas": "christmas", "atlas": "atlas", "always": "always", "news": "news",
    "potatoes": "potato", "tomatoes": "tomato", "mangoes": "mango", "heroes": "hero", "caches": "cache",
    "skis": "ski", "bikinis": "bikini", "taxis": "taxi", "tvs": "tv", "pcs": "pc", "cds": "cd", "axes": "axe",
    "quizzes": "quiz", "matrices": "matrix", "batteries": "battery", "series": "series", "species": "species",
    "womens": "woman", "mens": "man", "childrens": "child",
}  # fmt: skip
_ENGLISH_KEEP_S = ("ss", "us", "is")
_ENGLISH_SIBILANT = ("sses", "xes", "ches", "shes")


def stem_english(word: str) -> str:
    """Plural to singular; `-ie` and `-y` are one ending (hoodie, hoody, hoodies)."""
    if word in _ENGLISH_IRREGULAR:
        return _ENGLISH_IRREGULAR[word]
    if len(word) > 3 and word[-1] == "s" and not word.endswith(_ENGLISH_KEEP_S):
        if word.endswith("ies") and len(word) > 4:
            return word[:-3] + "y"
        word = word[:-2] if word.endswith(_ENGLISH_SIBILANT) and len(word) > 4 else word[:-1]
    if len(word) > 4 and word.endswith("ie"):
        return word[:-2] + "y"
    return word


_GERMAN_BEFORE_S = frozenset("bdfghklmnpt")
_GERMAN_FOREIGN_PLURAL = ("as", "os", "ys")  # Kameras, Autos, Handys


def stem_german(word: str) -> str:
    """Endings of number, case and gender; `ae`, `oe`, `ue` typed for umlauts are read as those (folded: a, o, u)."""
    word = word.replace("ae", "a").replace("oe", "o")
    at = word.find("ue")
    while at >= 0:  # not in "neue", "quer", "blaue": there it is no umlaut
        if at == 0 or word[at - 1] not in "aeiouq":
            word = word[: at + 1] + word[at + 2 :]
        at = word.find("ue", at + 1)
    if len(word) > 5 and word.endswith("ern"):
        return word[:-3]
    if len(word) > 4 and word.endswith(("em", "en", "er", "es")):
        return word[:-2]
    if len(word) > 3 and word.endswith("e"):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and word[-2] in _GERMAN_BEFORE_S:
        return word[:-1]
    if len(word) > 4 and word.endswith(_GERMAN_FOREIGN_PLURAL):
        return word[:-1]
    return word


def stem_french(word: str) -> str:
    """Plural (`-s`, `-x`, `-aux`) and feminine (`-e`, `-che`, `-ve`) endings."""
    if len(word) > 4 and word.endswith("aux"):
        return word[:-1] if word.endswith("eaux") else word[:-2] + "l"
    word = _without_french_plural(word)
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
        if word.endswith("iv"):  # sportive, sportif
            word = word[:-1] + "f"
        elif word.endswith(("nch", "ech")):  # blanche, seche
            word = word[:-1]
        word = _without_french_plural(word)
        if len(word) > 4 and word[-1] == word[-2]:  # bonnet, bonne
            word = word[:-1]
    return word


def _without_french_plural(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word[-2] not in "s" else word


def stem_spanish(word: str) -> str:
    """Plural and gender endings (`-os`, `-as`, `-es`, `-o`, `-a`, `-e`)."""
    if len(word) < 4:
        return word
    if len(word) > 4 and word.endswith("s"):
        if word.endswith("ces"):
            return word[:-3] + "z"
        if word.endswith(("os", "as", "es")):
            return word[:-2]
    if word.endswith(("o", "a", "e")):
        return word[:-1]
    return word


STEMMERS: dict[str, Stemmer] = {"en": stem_english, "de": stem_german, "es": stem_spanish, "fr": stem_french}
