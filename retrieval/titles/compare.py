"""How well titles answer a query, by the words alone: what a shopper sees at a glance, in numbers.

Nothing here knows which words they are: what is learned from one shop's titles holds for another's.
"""

import numpy as np
from numpy.typing import NDArray

from retrieval.index.postings import K1, B
from retrieval.titles.asked import Asked
from retrieval.titles.table import TitleTable

Columns = dict[str, NDArray[np.floating]]

TITLE_FEATURES = (
    "query_words",
    "title_words",
    "phrase_words",  # of the phrase that names the thing
    "bm25",  # over what an endless repetition of all words would give
    "covered",  # share of the query's words, an expansion counts by its weight
    "covered_idf",  # the same, rare words counting more
    "rarest_covered",
    "soft_covered",  # with words that are spelt alike
    "least_soft",
    "letters",  # share of the query's runs of three letters
    "in_order",  # share of neighbouring words of the query that come in its order
    "adjacent",  # that stand side by side
    "density",  # matched words per place between the first and the last
    "first_place",  # of a match, as a share of the title
    "mean_place",
    "title_asked",  # share of the title that was asked for, rare words counting more
    "phrase_asked",  # of the phrase that names the thing
    "head_matched",  # the query's
    "head_soft",  # with words spelt alike
    "last_soft",  # the query's last word
    "head_is_head",  # and it is the title's
    "head_behind",  # it only stands behind the phrase that names the thing: "case for laptop"
    "head_alike",  # how alike the two heads are spelt
    "title_head_asked",
    "type_covered",  # words that name things elsewhere
    "type_is_head",
    "starts_asked",
    "brand_first",  # a word that begins other titles too begins this one
    "brand_missing",
    "numbers_matched",
    "numbers_missing",
    "measures_agree",
    "measures_differ",
)

# Amounts are the same within rounding: 15.6 in and 39.6 cm.
_SAME_AMOUNT = 0.02
# Hashed n-grams of unrelated words are this alike by chance.
_ALIKE_BY_CHANCE = 0.4
_NOWHERE = 1_000


def compare_titles(asked: Asked, titles: TitleTable) -> Columns:
    """Columns of `TITLE_FEATURES`, shape (titles,) each, each row depending on nothing but the query and its title.

    Args:
        asked: The query.
        titles: What answers it.
    """
    count, groups = len(titles), asked.words
    found: Columns = {name: np.zeros(count) for name in TITLE_FEATURES}
    found["query_words"] += groups
    found["title_words"] += titles.lengths
    found["phrase_words"] += titles.dividers
    if not groups or not count or not len(titles.ids):
        return found
    if len(asked.letters):
        near = np.minimum(np.searchsorted(asked.letters, titles.letters), len(asked.letters) - 1)
        held = np.bincount(titles.letter_rows, asked.letters[near] == titles.letters, count)
        found["letters"] = held / len(asked.letters)
    hit = titles.ids == asked.ids[:, None]
    word, token = np.nonzero(hit)
    cell = word * count + titles.rows[token]
    counts = np.bincount(cell, minlength=len(asked.ids) * count).reshape(-1, count)
    first = np.full(len(asked.ids) * count, _NOWHERE)
    first[cell[::-1]] = titles.places[token[::-1]]
    at_head = titles.places[token] == titles.heads[titles.rows[token]]
    heads = np.bincount(cell, at_head, len(asked.ids) * count).reshape(-1, count) > 0
    matches = _match_groups(asked, titles, counts, first.reshape(-1, count), heads)
    alike = _alikeness(asked, titles)
    _cover(found, asked, matches, _most(alike, titles))
    _order(found, matches, titles)
    _name(found, asked, matches, titles, hit, alike)
    _measure(found, asked, matches, titles)
    return found


class _Matches:
    """By word of the query and title, shape (G, n): weight of the match, BM25, first place, whether as the head."""

    def __init__(self, groups: int, count: int) -> None:
        self.weight = np.zeros((groups, count))
        self.score = np.zeros((groups, count))
        self.place = np.full((groups, count), _NOWHERE)
        self.is_head = np.zeros((groups, count), bool)


def _match_groups(
    asked: Asked, titles: TitleTable, counts: NDArray[np.int64], first: NDArray[np.int64], heads: NDArray[np.bool_]
) -> _Matches:
    lengths = np.diff(titles.offsets)
    saturation = K1 * (1 - B + B * lengths / asked.mean_terms)
    scores = asked.idf[:, None] * counts / (counts + saturation)
    matches = _Matches(asked.words, len(titles))
    for places, weight, groups in asked.terms:
        held = (counts[list(places)] > 0).all(axis=0)
        if not held.any():
            continue
        score = np.where(held, scores[list(places)].sum(axis=0) * (weight / len(groups)), 0.0)
        as_head = held & heads[list(places)].any(axis=0)
        for group in groups:
            matches.weight[group] = np.maximum(matches.weight[group], held * weight)
            matches.score[group] = np.maximum(matches.score[group], score)
            place = np.where(held, first[places[0]], _NOWHERE)
            matches.place[group] = np.minimum(matches.place[group], place)
            matches.is_head[group] |= as_head
    return matches


def _alikeness(asked: Asked, titles: TitleTable) -> NDArray[np.float64]:
    """How alike each word of the query and each word of the titles are spelt, (G, m), in [0, 1]."""
    both = np.bitwise_count(asked.signatures[:, None, :] & titles.signatures[None, :, :]).sum(axis=2, dtype=np.float64)
    own = np.bitwise_count(asked.signatures).sum(axis=1, dtype=np.float64)
    others = np.bitwise_count(titles.signatures).sum(axis=1, dtype=np.float64)
    dice = 2 * both / np.maximum(own[:, None] + others[None, :], 1)
    likeness: NDArray[np.float64] = np.maximum(0.0, (dice - _ALIKE_BY_CHANCE) / (1 - _ALIKE_BY_CHANCE))
    return likeness


def _most(values: NDArray[np.float64], titles: TitleTable) -> NDArray[np.float64]:
    """The greatest of each title's values, (G, n); 0 for titles without words."""
    starts = np.minimum(titles.offsets[:-1], len(titles.ids) - 1)
    most = np.maximum.reduceat(values, starts, axis=1)
    most[:, np.diff(titles.offsets) == 0] = 0
    return most


def _cover(found: Columns, asked: Asked, matches: _Matches, alike: NDArray[np.float64]) -> None:
    share = asked.weights / max(float(asked.weights.sum()), 1e-9)
    matched = (matches.weight > 0).mean(axis=0)
    found["bm25"] = matches.score.sum(axis=0) * matched / max(float(asked.weights.sum()), 1e-9)
    found["covered"] = matches.weight.mean(axis=0)
    found["covered_idf"] = share @ matches.weight
    found["rarest_covered"] = matches.weight[int(asked.weights.argmax())]
    soft = np.maximum(matches.weight, alike)
    found["soft_covered"] = share @ soft
    found["least_soft"] = soft.min(axis=0)
    found["head_soft"], found["last_soft"] = soft[asked.head], soft[-1]
    headness = asked.headness / max(float(asked.headness.sum()), 1e-9)
    found["type_covered"] = headness @ matches.weight
    found["type_is_head"] = headness @ matches.is_head
    found["brand_first"] = (asked.firstness[:, None] * (matches.place == 0)).max(axis=0)
    found["brand_missing"] = (asked.firstness[:, None] * (matches.weight == 0)).max(axis=0)


def _order(found: Columns, matches: _Matches, titles: TitleTable) -> None:
    held = matches.weight > 0
    number = held.sum(axis=0)
    if len(held) > 1:
        both = held[1:] & held[:-1]
        step = matches.place[1:] - matches.place[:-1]
        found["in_order"] = (both & (step >= 0)).mean(axis=0)
        found["adjacent"] = (both & (step >= 0) & (step <= 1)).mean(axis=0)
    some = number > 0
    first = np.where(held, matches.place, _NOWHERE).min(axis=0)
    last = np.where(held, matches.place, -1).max(axis=0)
    lengths = np.maximum(titles.lengths, 1)
    found["density"] = np.where(some, number / np.maximum(last - first + 1, 1), 0.0)
    found["first_place"] = np.where(some, first / lengths, 1.0)
    total = np.where(held, matches.place, 0).sum(axis=0)
    found["mean_place"] = np.where(some, total / np.maximum(number, 1) / lengths, 1.0)


def _name(
    found: Columns,
    asked: Asked,
    matches: _Matches,
    titles: TitleTable,
    hit: NDArray[np.bool_],
    alike: NDArray[np.float64],
) -> None:
    count, rows = len(titles), titles.rows
    matched = hit.any(axis=0)
    in_phrase = titles.places < titles.dividers[rows]
    is_head = titles.places == titles.heads[rows]
    for name, part in (("title_asked", np.ones(len(rows), bool)), ("phrase_asked", in_phrase)):
        whole = np.bincount(rows, titles.idf * part, count)
        found[name] = np.bincount(rows, titles.idf * (part & matched), count) / np.maximum(whole, 1e-9)
    found["title_head_asked"] = np.minimum(np.bincount(rows, matched & is_head, count), 1.0)
    found["starts_asked"] = np.minimum(np.bincount(rows, matched & (titles.places == 0), count), 1.0)
    if asked.head >= 0:
        head = asked.head
        found["head_matched"] = matches.weight[head]
        found["head_is_head"] = matches.is_head[head].astype(np.float64)
        behind = (matches.place[head] >= titles.dividers) & (matches.weight[head] > 0)
        found["head_behind"] = behind.astype(np.float64)
        found["head_alike"] = _most(alike[head : head + 1] * is_head, titles)[0]


def _measure(found: Columns, asked: Asked, matches: _Matches, titles: TitleTable) -> None:
    held = matches.weight > 0
    found["numbers_matched"] = (held & asked.numeric[:, None]).sum(axis=0)
    found["numbers_missing"] = (~held & asked.numeric[:, None]).sum(axis=0)
    for unit, amount in asked.measures:
        same_unit = titles.measure_units == unit
        same = same_unit & (np.abs(titles.amounts - amount) <= _SAME_AMOUNT * abs(amount))
        agree = np.bincount(titles.measure_rows, same, len(titles)) > 0
        found["measures_agree"] = found["measures_agree"] + agree
        differ = (np.bincount(titles.measure_rows, same_unit, len(titles)) > 0) & ~agree
        found["measures_differ"] = found["measures_differ"] + differ
