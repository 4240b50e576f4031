"""How long encoders take: a query, a product, and what importing them costs.

    python -m benchmarks.encoders --catalog products.jsonl.gz --encoder models/encoder [--encoder ANOTHER]

The co-occurrence encoder, fitted here, comes last. One thread; a query is the first words of a title.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

QUERIES = 1_000
WARM_UP = 50
PRODUCTS = 2_000
WORDS = 3


def measure(folder: Path, catalog: Path) -> dict[str, Any]:
    """Figures of one encoder, in a process that has not loaded one before."""
    from data.catalog import read_products
    from data.quarantine import Quarantine
    from data.shop import ShopConfig
    from understanding.encoders.loading import load_encoder

    products = read_products(catalog, ShopConfig(name="bench"), Quarantine())
    step = max(1, len(products) // QUERIES)
    titles = [next(iter(product.texts.values())).title for product in products[::step]]
    queries = [" ".join(title.split()[:WORDS]) for title in titles]
    begin = time.perf_counter()
    encoder = load_encoder(folder)
    encoder.encode_query("warm up")
    load_ms = (time.perf_counter() - begin) * 1e3
    times = []
    for query in queries[:WARM_UP] + queries:
        begin = time.perf_counter()
        encoder.encode_query(query)
        times.append((time.perf_counter() - begin) * 1e3)
    some = products[:: max(1, len(products) // PRODUCTS)]
    begin = time.process_time()
    encoder.encode_products(some)
    seconds = time.process_time() - begin
    ordered = sorted(times[WARM_UP:])
    return {
        "encoder": encoder.encoder_id,
        "load_ms": round(load_ms, 1),
        "query_ms_p50": round(statistics.median(ordered), 3),
        "query_ms_p99": round(ordered[int(len(ordered) * 0.99)], 3),
        "documents_per_cpu_second": round(len(some) / seconds),
        "bytes": sum(path.stat().st_size for path in folder.iterdir()),
        "torch": "torch" in sys.modules,
    }


def fit(catalog: Path, folder: Path) -> Path:
    """The encoder that a shop without trained ones has."""
    from data.catalog import read_products
    from data.errors import InputError
    from data.quarantine import Quarantine
    from data.shop import ShopConfig
    from understanding.encoders.cooccurrence import CooccurrenceEncoder

    config = ShopConfig(name="bench")
    fitted = CooccurrenceEncoder.fit(read_products(catalog, config, Quarantine()), config.locales)
    if fitted is None:
        raise InputError(f"{catalog}: too few words repeat to fit an encoder")
    fitted.save(folder)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalog", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, action="append", default=[])
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.encoder[0], arguments.catalog)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        folders = [*arguments.encoder, fit(arguments.catalog, Path(scratch) / "encoder")]
        for folder in folders:
            command = [sys.executable, "-m", "benchmarks.encoders", "--one", "--catalog", str(arguments.catalog)]
            threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"}
            subprocess.run([*command, "--encoder", str(folder)], check=True, env={**os.environ, **threads})


if __name__ == "__main__":
    main()
