"""Spelling: how often queries come out as they were meant, and how often a good one is spoilt."""

import csv
import gzip
from collections.abc import Callable, Iterable
from pathlib import Path

from data.errors import InputError
from data.text import analyser_for

_COLUMNS = ("query", "correct")


def read_spellings(path: Path) -> list[tuple[str, str]]:
    """(query, correct) of a CSV (or .csv.gz).

    Raises:
        InputError: If it cannot be read or a column is missing.
    """
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            if absent := [name for name in _COLUMNS if name not in (reader.fieldnames or ())]:
                raise InputError(f"{path}: expected the columns {', '.join(_COLUMNS)}; {', '.join(absent)} is missing")
            return [(row["query"] or "", row["correct"] or "") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path}: cannot be read as a CSV of spellings: {error}") from error


def evaluate_spelling(
    spellings: Iterable[tuple[str, str]], correct: Callable[[str], str], locale: str = "en"
) -> dict[str, float]:
    """Measure a corrector on whole queries, compared in normal form.

    Args:
        spellings: (query, what was meant); equal for a well-spelt query.
        correct: The corrector.
        locale: For the normal form.

    Returns:
        `accuracy` (queries that come out right), `precision` (of the altered ones, those that come out right), `recall`
        and `f1` (of the misspelt ones), `false_alarms` (of the well-spelt ones, those that are altered), and the counts
        `queries` and `misspelt`. A share of nothing is 1, of false alarms 0.
    """
    normalise = analyser_for(locale).normalise
    right = altered = altered_right = misspelt = well_spelt_altered = total = 0
    for query, meant in spellings:
        before, after, wanted = normalise(query), normalise(correct(query)), normalise(meant)
        total += 1
        right += after == wanted
        altered += after != before
        altered_right += after != before and after == wanted
        misspelt += before != wanted
        well_spelt_altered += before == wanted != after
    precision = altered_right / altered if altered else 1.0
    recall = altered_right / misspelt if misspelt else 1.0
    return {
        "accuracy": right / total if total else 1.0,
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "false_alarms": well_spelt_altered / (total - misspelt) if total > misspelt else 0.0,
        "queries": total,
        "misspelt": misspelt,
    }
