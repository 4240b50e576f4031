"""Suggestion latency in process, one core: by case, to ten texts with scores in hand, and to finished suggestions."""

import gc
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from api.evaluate.prefixes import PrefixCase
from api.evaluate.suggest import TOP_K, Subject, by_case, context_of, open_subject, quality, rank_of, size_of
from autocomplete.context import Context
from autocomplete.prefix import Prefix

# A prefix's time is its median over five passes, after one to warm up: what a busy neighbour adds falls out.
PASSES = 5


def bench_suggest(
    *,
    corpus: Path | None = None,
    prefixes: Path | None = None,
    titles: Path | None = None,
    releases: str | None = None,
    shop: str | None = None,
    locale: str = "en",
    seed: int = 0,
) -> dict[str, Any]:
    """Latency and quality by case; see `api.evaluate.suggest.open_subject` for what is measured.

    Returns:
        `completions`, `build_s` (0 for a release), `bytes_per_completion` (of the mapped arrays, shared by workers),
        and `cases`: for each `mrr@10`, `success@10`, `p50_us` and `p99_us` to ten texts with scores, `cold_p50_us` and
        `cold_p99_us` to the same with nothing remembered of earlier keystrokes, and `object_p50_us`, `object_p99_us`
        to finished suggestions with highlights. A release's model orders them, as its
        session features say of the searches that a case names.
    """
    subject = open_subject(
        corpus=corpus, prefixes=prefixes, titles=titles, releases=releases, shop=shop, locale=locale, seed=seed
    )
    rows = []
    gc.collect()
    gc.freeze()  # The file of prefixes is no part of a server's heap.
    try:
        for name, cases in by_case(subject.cases).items():
            rows.append({"case": name, **_measure(subject, cases)})
    finally:
        gc.unfreeze()
    held = [index for each in subject.completer.by_locale.values() for index in (each.completions, each.titles)]
    mapped = sum(index.nbytes for index in held)
    mapped += sum(
        each.continuing.nbytes for each in subject.completer.by_locale.values() if each.continuing is not None
    )
    return {
        "completions": size_of(subject),
        "queries": len(subject.cases),
        "build_s": round(subject.build_s, 2),
        "bytes_per_completion": round(mapped / max(1, size_of(subject)), 1),
        "cases": rows,
    }


# What is typed, and what is known beside it.
_Keystroke = tuple[PrefixCase, Context]


def _measure(subject: Subject, cases: list[PrefixCase]) -> dict[str, Any]:
    ranks: list[int] = []
    keystrokes = [(case, context_of(subject.of(case), case)) for case in cases]

    def texts_and_scores(keystroke: _Keystroke) -> list[tuple[str, float]]:
        case, context = keystroke
        return [(match.text, match.weight) for match in subject.of(case).match(case.prefix, TOP_K, context)]

    def suggestions(keystroke: _Keystroke) -> object:
        case, context = keystroke
        locale = case.locale or subject.completer.locales[0]
        return subject.completer.complete(Prefix(case.prefix, TOP_K, locale), context)

    for keystroke in keystrokes:
        ranks.append(rank_of(keystroke[0], [text for text, _ in texts_and_scores(keystroke)]))
    passes = np.median([_pass(keystrokes, texts_and_scores) for _ in range(PASSES)], axis=0)
    cold = np.median([_pass(keystrokes, texts_and_scores, subject.forget) for _ in range(PASSES)], axis=0)
    objects = _pass(keystrokes, suggestions)
    return {
        **quality(cases, ranks),
        "p50_us": _percentile(passes, 50),
        "p99_us": _percentile(passes, 99),
        "cold_p50_us": _percentile(cold, 50),
        "cold_p99_us": _percentile(cold, 99),
        "object_p50_us": _percentile(objects, 50),
        "object_p99_us": _percentile(objects, 99),
    }


def _pass(
    keystrokes: list[_Keystroke], answer: Callable[[_Keystroke], object], forget: Callable[[], None] = lambda: None
) -> list[float]:
    """Microseconds of each, once; `forget` is called before each and not counted."""
    spent = []
    for keystroke in keystrokes:
        forget()
        begin = time.perf_counter()
        answer(keystroke)
        spent.append((time.perf_counter() - begin) * 1e6)
    return spent


def _percentile(values: object, percent: int) -> float:
    return round(float(np.percentile(np.asarray(values), percent)), 1)
