"""How well prefixes are completed: rank of the completion somebody was after, against exact prefixes by weight."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from api.evaluate.bootstrap import bootstrap_mean, paired_bootstrap
from api.evaluate.prefixes import PrefixCase, read_prefixes, read_weighted_texts, typed_prefixes
from autocomplete.build import mined_columns
from autocomplete.completer import TrieCompleter
from autocomplete.completion import Completion
from autocomplete.context import Context
from autocomplete.load import COLUMNS
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.log.history import DAY_MS
from autocomplete.log.local_time import LocalClock
from autocomplete.matching.build_index import build_index
from autocomplete.matching.match import Match
from autocomplete.matching.pattern import compile_pattern
from autocomplete.matching.prefix_match import prefix_matches
from autocomplete.matching.typed import parse_prefix
from autocomplete.ranking.columns import load_catalogue, load_parts
from autocomplete.ranking.ranker import Ranking, SuggestionRanker
from autocomplete.ranking.session import NOBODY
from autocomplete.unseen.continuing import build_continuing
from data.errors import InputError
from data.release import only_shop, open_release

TOP_K = 10
# Between somebody's last search and the next keystroke, where a file of prefixes says only which came before which.
_PAUSE_MS = 30_000
# Of the share of its clean counterpart that a case with a slip keeps.
_CLEAN_OF = {"typo75": "p75"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: a completer, the prefixes put to it, and what making it took (0 for one from a release)."""

    completer: LocaleCompleter
    cases: Sequence[PrefixCase]
    build_s: float = 0.0

    def of(self, case: PrefixCase) -> TrieCompleter:
        """The completer of a case's locale."""
        return self.completer.of(case.locale or self.completer.locales[0])

    def forget(self) -> None:
        """Whatever earlier keystrokes left in memory."""
        for each in self.completer.by_locale.values():
            each.forget()


def open_subject(
    *,
    corpus: Path | None = None,
    prefixes: Path | None = None,
    titles: Path | None = None,
    releases: str | None = None,
    shop: str | None = None,
    locale: str = "en",
    seed: int = 0,
    model: Path | None = None,
    mined: Path | None = None,
) -> Subject:
    """A completer built from a file of weighted texts, or a release's; its prefixes are typed where no file is given.

    `titles`, one a line, are text of the shop's beside the completions: they say which words follow which. A `model`
    takes the place of the release's own, on the columns that the release was built with, or on those of `mined`.

    Raises:
        InputError: If neither a corpus nor releases are given, or a file cannot be used.
        ReleaseError: The release or the model cannot be used.
    """
    if corpus is not None:
        texts = read_weighted_texts(corpus)
        said = [] if titles is None else list(dict.fromkeys(filter(None, titles.read_text("utf-8").splitlines())))
        cases = read_prefixes(prefixes) if prefixes is not None else typed_prefixes(texts, None, seed)
        begin = time.perf_counter()
        # A corpus is taken as it is: what a shop's build clusters are lines of their own here, and each may be wanted.
        group_of = " ".join
        index = build_index((Completion(text, weight) for text, weight in texts), group_of)
        continuing = build_continuing(index, said, locale)
        held_alone = TrieCompleter(index, build_index((), group_of), continuing=continuing)
        completer = LocaleCompleter({locale: held_alone}, (locale,))
        return Subject(completer, cases, time.perf_counter() - begin)
    if releases is None:
        raise InputError("expected --corpus TSV with --prefixes JSONL, or --releases DIR; got neither")
    # A corpus is measured without loading what a release needs.
    from api.assembly import load_shop_release

    release = open_release(releases, shop or only_shop(releases))
    whole = load_shop_release(release)
    held = whole.completions
    if model is not None:
        clock = LocalClock(whole.config.time_zone)
        held = with_model(held, release.path / "autocomplete", SuggestionRanker.load(model), mined, clock)
    return Subject(held, read_prefixes(prefixes) if prefixes is not None else _own_prefixes(held, seed))


def with_model(
    held: LocaleCompleter, folder: Path, ranker: SuggestionRanker, mined: Path | None, clock: LocalClock
) -> LocaleCompleter:
    """The completer of a release's `folder` with another model, on the release's own columns or those of `mined`.

    The `clock` is the shop's.
    """
    by_locale = {}
    for number, (locale, each) in enumerate(held.by_locale.items()):
        columns_folder = folder / locale / COLUMNS
        if mined is not None:
            catalogue = load_catalogue(columns_folder)
            parts = load_parts(columns_folder)
            columns = mined_columns(each.completions, catalogue, mined, locale, number, parts, clock)
        elif each.ranking is not None:
            columns = each.ranking.columns
        else:
            raise InputError(
                "expected a release that was built with --mined, or --mined DIR beside --model; got neither"
            )
        by_locale[locale] = TrieCompleter(
            each.completions, each.titles, Ranking(ranker, columns), each.continuing, each.aliases, each.chances
        )
    return LocaleCompleter(by_locale, held.locales)


def _own_prefixes(completer: LocaleCompleter, seed: int) -> list[PrefixCase]:
    """A release's own completions, typed as often as they are popular."""
    cases = []
    for locale, held in completer.by_locale.items():
        index = held.completions
        texts = [(index.text(each), float(index.weights[each])) for each in range(len(index))]
        cases += typed_prefixes(texts, locale, seed)
    return cases


def evaluate_suggest(
    *,
    corpus: Path | None = None,
    prefixes: Path | None = None,
    titles: Path | None = None,
    releases: str | None = None,
    shop: str | None = None,
    locale: str = "en",
    seed: int = 0,
    model: Path | None = None,
    mined: Path | None = None,
) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """Quality by case; see `open_subject` for what is measured.

    Returns:
        The result, and `mrr@10` by prefix ("case: prefix -> target") for `evaluate compare`. The result holds
        `completions`, and `cases`: for each case `mrr@10` and `success@10` (weighted means over prefixes), the
        interval of the former, the same of exact prefixes by weight (`by_weight_mrr@10`) and the paired difference
        (`gain`, `gain_interval`); for a case with slips also `share_of_clean`, over the same targets; where a model
        orders, `most_popular_mrr@10` is that of the same candidates by weight alone, and `ratio` the model's over it.
    """
    subject = open_subject(
        corpus=corpus,
        prefixes=prefixes,
        titles=titles,
        releases=releases,
        shop=shop,
        locale=locale,
        seed=seed,
        model=model,
        mined=mined,
    )
    reciprocal: dict[str, list[tuple[PrefixCase, float]]] = {}
    rows = []
    for name, cases in by_case(subject.cases).items():
        ranks = [rank_of(case, [match.text for match in matches_of(subject.of(case), case)]) for case in cases]
        by_weight = [rank_of(case, starting_by_weight(subject.of(case), case.prefix)) for case in cases]
        row = quality(cases, ranks)
        values = reciprocals(cases, ranks)
        interval = bootstrap_mean(values)
        gain = paired_bootstrap(values, reciprocals(cases, by_weight))
        reciprocal[name] = [(case, value) for case, value in zip(cases, values, strict=True)]
        row |= {
            "mrr@10_interval": [interval.low, interval.high],
            "by_weight_mrr@10": quality(cases, by_weight)["mrr@10"],
            "gain": round(gain.mean, 4),
            "gain_interval": [round(gain.low, 4), round(gain.high, 4)],
        }
        if any(each.ranking is not None for each in subject.completer.by_locale.values()):
            popular = [rank_of(case, most_popular(subject.of(case), case)) for case in cases]
            beside = quality(cases, popular)["mrr@10"]
            row |= {"most_popular_mrr@10": beside, "ratio": round(row["mrr@10"] / beside, 4) if beside else None}
        share = _share_of_clean(reciprocal, name)
        rows.append({"case": name, **row, **({} if share is None else {"share_of_clean": share})})
    per_prefix = {
        f"{name}: {case.prefix} -> {case.target}": {"mrr@10": value}
        for name, held in reciprocal.items()
        for case, value in held
    }
    return {"completions": size_of(subject), "queries": len(subject.cases), "cases": rows}, per_prefix


def by_case(cases: Sequence[PrefixCase]) -> dict[str, list[PrefixCase]]:
    """Cases by name, in the order of their first."""
    grouped: dict[str, list[PrefixCase]] = {}
    for case in cases:
        grouped.setdefault(case.case, []).append(case)
    return grouped


def rank_of(case: PrefixCase, texts: Sequence[str]) -> int:
    """Rank from 1 of what the typist was after; 0 when it is not among the texts."""
    target = case.target.casefold()
    return next((rank for rank, text in enumerate(texts, start=1) if text.casefold() == target), 0)


def reciprocals(cases: Sequence[PrefixCase], ranks: Sequence[int]) -> list[float]:
    """1 / rank (0 for none), scaled by the weights so that their plain mean is the weighted mean."""
    weights = np.array([case.weight for case in cases])
    scale = weights / weights.mean() if weights.sum() else np.ones(len(cases))
    return [float(factor / rank) if rank else 0.0 for rank, factor in zip(ranks, scale, strict=True)]


def quality(cases: Sequence[PrefixCase], ranks: Sequence[int]) -> dict[str, Any]:
    """`queries`, `mrr@10`, `success@10`."""
    found = reciprocals(cases, [min(rank, 1) for rank in ranks])
    return {
        "queries": len(cases),
        "mrr@10": round(float(np.mean(reciprocals(cases, ranks))), 4),
        "success@10": round(float(np.mean(found)), 4),
    }


def context_of(completer: TrieCompleter, case: PrefixCase) -> Context:
    """Noon (UTC) of the day that a model's columns are as of, half a minute after the last of the case's queries."""
    if completer.ranking is None:
        return Context()
    now_ms = completer.ranking.columns.day * DAY_MS + DAY_MS // 2
    history = NOBODY
    for query in case.queries:
        history = history.searched(query, now_ms - _PAUSE_MS)
    return Context(now_ms, history=history)


def matches_of(completer: TrieCompleter, case: PrefixCase) -> list[Match]:
    """What is shown, see `context_of`."""
    return completer.match(case.prefix, TOP_K, context_of(completer, case))


def most_popular(completer: TrieCompleter, case: PrefixCase) -> list[str]:
    """The candidates that a model orders, by weight alone; product titles behind them as they are shown."""
    held = [match for match in matches_of(completer, case) if match.home is completer.titles]
    candidates = sorted(completer.candidates(case.prefix, TOP_K), key=lambda match: match.completion)
    return [match.text for match in [*candidates, *held]][:TOP_K]


def starting_by_weight(completer: TrieCompleter, prefix: str) -> list[str]:
    """The baseline: completions that start with the prefix, by weight alone."""
    index = completer.completions
    typed = parse_prefix(prefix)
    pattern = None if typed is None else compile_pattern(typed, index.vocabulary)
    return [] if pattern is None else [index.text(each) for each in prefix_matches(index, pattern, TOP_K)]


def size_of(subject: Subject) -> int:
    """How many completions there are, of all locales, product titles included."""
    held = subject.completer.by_locale.values()
    return sum(len(each.completions) + len(each.titles) for each in held)


def _share_of_clean(reciprocal: Mapping[str, Sequence[tuple[PrefixCase, float]]], name: str) -> float | None:
    """MRR@10 of a case with slips over that of the same targets without."""
    clean = {case.target: value for case, value in reciprocal.get(_CLEAN_OF.get(name, ""), ())}
    pairs = [(value, clean[case.target]) for case, value in reciprocal[name] if case.target in clean]
    total = sum(value for _, value in pairs)
    return round(sum(value for value, _ in pairs) / total, 4) if total else None
