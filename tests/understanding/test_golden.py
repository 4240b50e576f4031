"""Reviewed readings of queries on the small shop; run with INTENTRIE_GOLDEN=write to review new ones."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from understanding.pipeline import Understander
from understanding.query import Query

GOLDEN = Path(__file__).parents[1] / "golden" / "understanding.json"
QUERIES = [
    ("red kettle", "en"),
    ("red ketle under 20", "en"),
    ("kettle 20-30 €", "en"),
    ("kettle without leather", "en"),
    ("1.7 l kettle", "en"),
    ("kettle 1700ml", "en"),
    ("at least 1 litre kettle", "en"),
    ("wireless head phones", "en"),
    ("black headphones over 15 euros", "en"),
    ("brightwatr toaster", "en"),
    ("ostrava works desk lamp 45 cm", "en"),
    ("toaster 900w steel", "en"),
    ("bell for bicycle", "en"),
    ("kestrel TN-2110", "en"),
    ("kettlered", "en"),
    ("refrigerator", "en"),
    ("roter Wasserkocher ab 12 €", "de"),
    ("Kopfhorer schwarz", "de"),
    ("weisse Schreibtischlampe unter 1.500 Euro", "de"),
    ("Fahrradklingel ohne Leather", "de"),
    ("lámpara negra hasta 30 euros", "es"),
    ("auricualres verdes", "es"),
    ("casque rouge moins de 20 €", "fr"),
    ("bouilloire sans leather", "fr"),
    ("kettle 5000円以下", "ja"),
]


def reading(understander: Understander, text: str, locale: str) -> dict[str, Any]:
    found = understander.understand(Query(text, locale))
    return {
        "query": text,
        "locale": locale,
        "text": found.text,
        "retrieval_text": found.retrieval_text,
        "mentions": [f"{each.text} = {each.scheme} {each.label}" for each in found.mentions],
        "constraints": [
            f"{each.text} = {each.field} {each.operator} {', '.join(map(str, each.values))}"
            f"{' (strict)' if each.strict else ''}"
            for each in found.constraints
        ],
        "intents": [each.label for each in found.intents[:1]],
        "categories": [each.label for each in found.categories[:1]],
        "expansions": [each.text for each in found.expansions],
    }


def test_every_query_reads_as_reviewed(understander: Understander) -> None:
    now = [reading(understander, text, locale) for text, locale in QUERIES]
    if os.environ.get("INTENTRIE_GOLDEN") == "write":
        GOLDEN.write_text(json.dumps(now, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{GOLDEN} was written; review it")
    assert now == json.loads(GOLDEN.read_text(encoding="utf-8"))
