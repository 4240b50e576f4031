"""The Home Depot relevance pairs: their distinct titles as a catalogue, the pairs as judgments."""

import csv
from collections import Counter
from pathlib import Path

from data.catalog import products_of_rows
from data.errors import InputError
from data.importers.outcome import Outcome
from data.judgment import Judgment
from data.quarantine import Quarantine
from data.rows import Row, read_rows
from data.shop import ShopConfig
from data.storage import storage_errors

PAIRS_FILE = "train.csv.gz"
RERANK_FILE = "pairs.csv"
_COLUMNS = ("product_uid", "product_title", "search_term", "relevance")


def import_homedepot(source: Path, out: Path, config: ShopConfig, quarantine: Quarantine) -> Outcome:
    """Write the catalogue, `judgments.csv` by product, and `pairs.csv` (query,title,relevance) for reranking.

    A title that several products bear is one product, under the first one's id: their pairs are judgments of it, of two
    ratings the higher; `pairs.csv` keeps every pair.

    Args:
        source: The folder, or its file of pairs.
        out: Folder of what is written.
        config: Locale.
        quarantine: Takes what cannot be used.

    Raises:
        InputError: When there are no such pairs.
    """
    path = source / PAIRS_FILE if source.is_dir() else source
    if not path.is_file():
        raise InputError(f"{path}: not found; give the folder with {PAIRS_FILE}, or the file")
    first: dict[str, Row] = {}
    uses: Counter[str] = Counter()  # some ids bear two titles
    pairs: list[Judgment] = []
    before = quarantine.rejected
    for line, record in read_rows(path, quarantine):
        if any(name not in record for name in _COLUMNS):
            raise InputError(f"{path}: expected the columns {', '.join(_COLUMNS)}, got {', '.join(record)}")
        uid, title, query, relevance = (record[name].strip() for name in _COLUMNS)
        try:
            rating = float(relevance)
        except ValueError:
            quarantine.reject(path.name, line, "relevance", f"expected a number, got {relevance!r}", record)
            continue
        if not title or not query:
            quarantine.reject(path.name, line, "product_title", "expected a title and a query", record)
            continue
        if title not in first:
            taken = uses[uid]
            uses[uid] += 1
            first[title] = Row(line, {"product_id": f"{uid}-{taken + 1}" if taken else uid, "title": title})
        product = first[title]
        pairs.append(Judgment(query, product.record["product_id"], rating))
    quarantine.check(str(path), len(pairs) + quarantine.rejected - before, config.catalog.quarantine_share, before)
    outcome = Outcome(out)
    products = products_of_rows(list(first.values()), path.name, config, quarantine)
    outcome.catalog(products)
    titles = {product.product_id: product.text(config.locale).title for product in products}
    kept = [judgment for judgment in pairs if judgment.product_id in titles]
    highest: dict[tuple[str, str], Judgment] = {}
    for one in kept:
        held = highest.setdefault((one.query, one.product_id), one)
        if one.rating > held.rating:
            highest[one.query, one.product_id] = one
    outcome.judgments(highest.values())
    outcome.written[out / RERANK_FILE] = _write_pairs(out / RERANK_FILE, kept, titles)
    return outcome


def _write_pairs(path: Path, judgments: list[Judgment], titles: dict[str, str]) -> int:
    with storage_errors("writing the pairs", path), path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("query", "title", "relevance"))
        writer.writerows((one.query, titles[one.product_id], f"{one.rating:g}") for one in judgments)
    return len(judgments)
