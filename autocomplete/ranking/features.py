"""The features that suggestions are ranked by: one definition, for training and for serving.

Three kinds of columns make a row. *Standing* ones belong to the completion and a day (`standing`): training computes
them for the day of each keystroke, a build for the day after the log's last and stores them. *Match* ones belong to the
completion and the prefix (`rank_features`), *session* ones to the completion and what the session did (`add_session`).
Nothing in a row says who is typing.

What is known of the catalogue (priors, results, categories) is that of the release, also for keystrokes of the past:
the log does not say what a search found that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autocomplete.log.history import HALF_LIVES, Knowledge
from autocomplete.log.local_time import LocalClock, LocalTime
from autocomplete.log.prefix_log import LONGEST_PREFIX, PrefixCounters
from autocomplete.log.visits import Errands
from autocomplete.matching.index import CompletionIndex
from autocomplete.matching.infix import words_matrix
from autocomplete.matching.match import MatchKind, Slip
from autocomplete.matching.slips.readings import typed_words
from autocomplete.matching.typed import Typed
from autocomplete.ranking.session import Session
from autocomplete.words import split_words

Rows = NDArray[np.float32]

STANDING = (
    *(f"popularity_{half_life}" for half_life in HALF_LIVES),
    "rise",  # of the last week against the last month
    "weight",  # as the release weighs: searches, and those expected or else the catalogue's imagined ones
    "days_since",
    "people",
    "click_rate",
    "cart_rate",
    "purchase_rate",
    "prior",  # the catalogue's alone
    "expected",  # searches that its head and modifiers let expect
    "results",
    "in_stock",  # of the results
    "kind",
    "source",
    "words",
    "characters",
)
MATCH = (
    "season",  # this month's share of the completion's searches against its share of all searches
    "daypart",  # likewise of this part of the day
    "match",
    "slip",  # characters read otherwise, 0 for none: the longer the word, the surer the correction
    "typed_words",
    "typed_characters",
    "share_typed",
    "below_popularity_7",  # the candidates' best, less this one's
    "below_popularity_28",
    "below_weight",
    "below_expected",
    "wanted",  # after this prefix, smoothed
    "examined",
    "skip_rate",
    "cart_rate_here",  # of those who wanted it after this prefix, drawn to what all who search for it do
    "locale",
)
SESSION = (
    "session_length",
    "repeats",  # it was searched for in this session, in this or another order of its words
    "shared_words",  # largest share of its words that one of the session's queries has
    "refines",  # it holds every word of the newest query
    "clicked_category",  # how newest the click in its category is: 1 newest, 1/2 the one before, 0 none
    "seconds_since",
    "follows",  # how much oftener it is looked for after the newest query's kind of thing than otherwise
    "same_department",  # share of the session's queries that are for things of its department
)
FEATURES = (*STANDING, *MATCH, *SESSION)
_AT = {name: place for place, name in enumerate(FEATURES)}
_BOUNDS = slice(0, len(STANDING))

# Imagined searches that clicked, carted, bought at the shop's mean rate.
_RATE_SMOOTHING = 10.0
# Expected searches below which one composition is as good as another.
LEAST_EXPECTED = 0.01
# Imagined searches of an average month or part of the day, and imagined ones behind every share of popularity.
_USUAL_SMOOTHING = 10.0
_SHARE_SMOOTHING = 0.5
# Imagined keystrokes that wanted each candidate as its weight says, and that skipped it at the rate below.
_WANTED_SMOOTHING = 10.0
_SKIP_SMOOTHING = 5.0
_CART_SMOOTHING = 10.0
_SKIP_RATE = 0.8
# Of an empty session: longer ago than a session may be.
_LONG_AGO_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the release's catalogue says of n completions.

    Attributes:
        priors: (n,) imagined searches; see `popularity.py`.
        in_stock: (n,) groups of what their searches find that are in stock.
        categories: (n,) number of the category most of its products stand in, 0 for none.
        names: Category to number, from 1.
    """

    priors: NDArray[np.float32]
    in_stock: NDArray[np.uint32]
    categories: NDArray[np.uint32]
    names: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RankColumns:
    """Everything about one locale's completions that their order depends on, as of a day.

    Attributes:
        standing: (n, STANDING).
        seasons: (n, 12), see `usual_times`.
        dayparts: (n, DAYPARTS) likewise.
        day: As of which they are; UTC, since 1970.
        locale: The locale's number in the shop.
        clock: Tells months and parts of the day.
        errands: What a visit's queries say; `None` where no parts are known.
    """

    standing: Rows
    seasons: Rows
    dayparts: Rows
    catalogue: Catalogue
    prefixes: PrefixCounters
    day: int
    locale: int
    clock: LocalClock
    errands: Errands | None = None


def standing(index: CompletionIndex, catalogue: Catalogue, known: Knowledge) -> Rows:
    """The columns that belong to the completions themselves, (n, STANDING)."""
    arrays = index.arrays
    totals = known.decayed.sum(axis=0)
    shares = np.log((known.decayed + _SHARE_SMOOTHING) / (totals + 1.0))
    lengths = np.diff(arrays["word_offsets"].astype(np.int64))
    priors = catalogue.priors.astype(np.float64)
    columns = [
        *shares.T,
        shares[:, 0] - shares[:, 1],
        np.log1p(known.decayed[:, 1] + np.where(known.expected > 0, known.expected, priors)),
        np.log1p(known.days_since),
        np.log1p(known.people),
        *(_rate(part, known.searches) for part in (known.clicked, known.carted, known.bought)),
        np.log1p(priors),
        np.log(known.expected + LEAST_EXPECTED),
        np.log1p(arrays["results"].astype(np.float64)),
        np.log1p(catalogue.in_stock.astype(np.float64)),
        arrays["kinds"],
        arrays["sources"],
        lengths,
        np.diff(arrays["text_offsets"].astype(np.int64)),
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _rate(part: NDArray[np.float64], searches: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of each completion's searches, drawn to the mean rate."""
    total = searches.sum()
    mean = float(part.sum() / total) if total else 0.0
    smoothed: NDArray[np.float64] = (part + _RATE_SMOOTHING * mean) / (searches + _RATE_SMOOTHING)
    return smoothed


def usual_times(counts: NDArray[np.float64]) -> Rows:
    """From searches by completion and time, (n, times): log of the time's share among its searches over that among all.

    0 where nothing is known: a month that the log has not seen yet is an average one.
    """
    total = counts.sum()
    share = counts.sum(axis=0) / total if total else np.zeros(counts.shape[1])
    expected = counts.sum(axis=1)[:, None] * share
    ratio = np.log((counts + _USUAL_SMOOTHING) / (expected + _USUAL_SMOOTHING))
    return np.asarray(np.where(share > 0, ratio, 0.0), np.float32)


def rank_features(
    columns: RankColumns,
    ids: Sequence[int],
    kinds: Sequence[MatchKind],
    slips: Sequence[Slip | None],
    typed: Typed | None,
    when: LocalTime,
) -> Rows:
    """One row of `FEATURES` for each candidate of somebody without a session; see `add_session` for the others.

    Args:
        columns: Of the completions, as of the day.
        ids: The candidates.
        kinds: How each matches.
        slips: What was read otherwise for each.
        typed: What was typed; `None` for nothing.
        when: Of the keystroke.

    Returns:
        (candidates, FEATURES), finite.
    """
    held = np.asarray(ids, np.int64)
    rows = np.zeros((len(held), len(FEATURES)), np.float32)
    if not len(held):
        return rows
    rows[:, _BOUNDS] = columns.standing[held]
    rows[:, _AT["season"]] = columns.seasons[held, when.month]
    rows[:, _AT["daypart"]] = columns.dayparts[held, when.daypart]
    rows[:, _AT["match"]] = kinds
    if any(slips):
        rows[:, _AT["slip"]] = [_slip_characters(slip) for slip in slips]
    key = "" if typed is None else typed.key
    rows[:, _AT["typed_words"]] = 0 if typed is None else len(typed.words)
    rows[:, _AT["typed_characters"]] = len(key)
    rows[:, _AT["share_typed"]] = len(key) / np.maximum(rows[:, _AT["characters"]], 1.0)
    for name in ("popularity_7", "popularity_28", "weight", "expected"):
        column = rows[:, _AT[name]]
        rows[:, _AT[f"below_{name}"]] = column.max() - column
    _log_features(rows, columns.prefixes, key, held)
    rows[:, _AT["locale"]] = columns.locale
    rows[:, _AT["seconds_since"]] = _LONG_AGO_S
    return rows


def _slip_characters(slip: Slip | None) -> int:
    return 0 if slip is None else sum(map(len, typed_words(slip.typed)[slip.first : slip.last]))


def _log_features(rows: Rows, prefixes: PrefixCounters, key: str, held: NDArray[np.int64]) -> None:
    """What the prefix's own log says, drawn to what the weights say where it says little."""
    searches = np.expm1(rows[:, _AT["weight"]]) + 1e-3
    # In double precision: whatever order the candidates come in, the sum is the same.
    expected = searches / np.float32(searches.sum(dtype=np.float64))
    found = prefixes.counts(key, held) if len(key) <= LONGEST_PREFIX else None
    if found is None:
        rows[:, _AT["wanted"]] = np.log(expected)
        rows[:, _AT["skip_rate"]] = _SKIP_RATE
        rows[:, _AT["cart_rate_here"]] = rows[:, _AT["cart_rate"]]
        return
    share = (found.wanted + _WANTED_SMOOTHING * expected) / (found.typed + _WANTED_SMOOTHING)
    rows[:, _AT["wanted"]] = np.log(share)
    rows[:, _AT["examined"]] = np.log1p(found.examined)
    rows[:, _AT["cart_rate_here"]] = (found.carted + _CART_SMOOTHING * rows[:, _AT["cart_rate"]]) / (
        found.wanted + _CART_SMOOTHING
    )
    rows[:, _AT["skip_rate"]] = (found.skipped + _SKIP_SMOOTHING * _SKIP_RATE) / (found.examined + _SKIP_SMOOTHING)


def add_session(
    rows: Rows, index: CompletionIndex, columns: RankColumns, ids: Sequence[int], session: Session, now_ms: int
) -> Rows:
    """The same rows for somebody whose session says something; the given ones stay as they are."""
    rows = rows.copy()
    held = np.asarray(ids, np.int64)
    rows[:, _AT["session_length"]] = len(session.queries) + len(session.categories)
    rows[:, _AT["seconds_since"]] = min(max(now_ms - session.last_ms, 0) / 1000.0, _LONG_AGO_S)
    queries = [words for query in session.queries if (words := split_words(query))]
    if queries:
        places, lengths = words_matrix(index, held.astype(np.uint32))
        # (queries, words), -2 for what no completion holds: it matches neither a word nor the -1 behind the last one.
        asked = np.full((len(queries), max(map(len, queries))), -2)
        for row, query in enumerate(queries):
            known = [index.vocabulary.id(word) for word in query]
            asked[row, : len(known)] = [-2 if each < 0 else each for each in known]
        same = places[:, :, None, None] == asked  # (candidates, places, queries, words)
        shared = same.any(axis=3).sum(axis=1)  # (candidates, queries)
        rows[:, _AT["shared_words"]] = shared.max(axis=1) / lengths
        repeats = (shared == lengths[:, None]) & (lengths[:, None] == [len(query) for query in queries])
        rows[:, _AT["repeats"]] = repeats.any(axis=1)
        newest = len(queries[-1])
        held_words = same[:, :, -1, :newest].any(axis=1).all(axis=1)
        rows[:, _AT["refines"]] = held_words & (lengths > newest)
        if columns.errands is not None:
            said = columns.errands.heads_of(queries)
            rows[:, _AT["follows"]] = columns.errands.follows(said, held)
            rows[:, _AT["same_department"]] = columns.errands.same_department(said, held)
    if session.categories:
        categories = columns.catalogue.categories[held]
        for age, name in enumerate(reversed(session.categories), start=1):
            number = columns.catalogue.names.get(name)
            if number is not None:
                column = rows[:, _AT["clicked_category"]]
                rows[:, _AT["clicked_category"]] = np.where((categories == number) & (column == 0), 1.0 / age, column)
    return rows
