"""Labels in other languages, read off parallel titles: the phrase that stands exactly where a concept does."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

from data.product import Product
from data.text import Analyser

Key = TypeVar("Key")

# F1 of "the title has the phrase" against "the product has the concept". Measured on the demo shop: at .9 no label is
# wrong; below .8 colours begin to take the names of types that come in few colours.
LEAST_F1 = 0.9
LEAST_ROWS = 4
LONGEST_PHRASE = 3


def project_labels(
    rows_by_key: Mapping[Key, Sequence[int]], products: Sequence[Product], locale: str, analyser: Analyser
) -> dict[Key, str]:
    """For each concept the phrase of `locale`'s titles that names it, where one does.

    Args:
        rows_by_key: Rows of each concept.
        products: In the order of their rows; those without an own text in `locale` are passed over.
        locale: Whose titles are read.
        analyser: Of that locale.

    Returns:
        Surface phrases as most titles write them; no phrase is given to two concepts: the better fit has it.
    """
    holders: dict[str, set[int]] = defaultdict(set)
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    phrases: dict[int, set[str]] = {}
    for row, product in enumerate(products):
        if locale not in product.texts:
            continue
        title = product.texts[locale].title
        tokens = analyser.word_tokens(title)
        phrases[row] = set()
        for start in range(len(tokens)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(tokens)) + 1):
                if any(character in ",;:()" for character in title[tokens[start].start : tokens[end - 1].end]):
                    break
                phrase = " ".join(token.text for token in tokens[start:end])
                holders[phrase].add(row)
                surfaces[phrase][title[tokens[start].start : tokens[end - 1].end]] += 1
                phrases[row].add(phrase)
    fits: list[tuple[float, int, str, Key]] = []
    for key, rows in rows_by_key.items():
        there = [row for row in rows if row in phrases]
        if len(there) < LEAST_ROWS:
            continue
        for phrase, hits in Counter(phrase for row in there for phrase in phrases[row]).items():
            f1 = 2 * hits / (len(there) + len(holders[phrase]))
            if f1 >= LEAST_F1:
                fits.append((f1, len(phrase), phrase, key))
    named: dict[Key, str] = {}
    taken: set[str] = set()
    for _, _, phrase, key in sorted(fits, key=lambda fit: (-fit[0], -fit[1], fit[2], str(fit[3]))):
        if key not in named and phrase not in taken:
            named[key] = min(surfaces[phrase].items(), key=lambda item: (-item[1], item[0]))[0]
            taken.add(phrase)
    return named
