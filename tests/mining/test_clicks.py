from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pytest

from data.mining.clicks import attractiveness, examination_curve, fit_examination, looks
from data.mining.completions import clusters, fragments, kept_surfaces, respelt
from data.mining.run import MiningRequest, mine
from tests.mining.log import Log, rows


def test_a_planted_examination_curve_is_found_again() -> None:
    rng = np.random.default_rng(5)
    truth = np.array([1.0, 0.7, 0.45, 0.3, 0.2])
    pairs, positions = 300, len(truth)
    attraction = rng.beta(1.5, 6, pairs)
    pair = np.repeat(np.arange(pairs), positions)
    position = np.tile(np.arange(1, positions + 1), pairs)
    # What attracts more is shown higher up, as rankers do: the share of clicks by position alone would mislead.
    shown = rng.poisson(400 * attraction[pair] ** (3 / position)) + 1
    clicks = rng.binomial(shown, truth[position - 1] * attraction[pair])
    found = fit_examination(pair, position, shown, clicks)
    naive = np.bincount(position - 1, clicks) / np.bincount(position - 1, shown)
    assert found == pytest.approx(truth, abs=0.06)
    assert np.abs(naive / naive[0] - truth).max() > 0.08


def test_positions_nobody_clicked_follow_their_predecessor() -> None:
    names = {"norm": ["a", "a"], "locale": ["en"] * 2, "product_id": ["p"] * 2}
    curve = examination_curve({**names, "position": [1, 2], "shown": [100, 100], "clicks": [80, 0]}, deepest=4)
    assert curve == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4])


def test_attractiveness_by_hand() -> None:
    key = {"norm": ["tea"], "locale": ["en"], "product_id": ["p"]}
    twice = {name: values * 2 for name, values in key.items()}
    seen = ibis.memtable(pa.table({**twice, "position": [1, 2], "shown": [10, 10]}))
    curve = ibis.memtable(pa.table({"position": [1, 2], "examination": [1.0, 0.5]}))
    outcomes = ibis.memtable(pa.table({**key, "clicks": [6], "carts": [2], "purchases": [1]}))
    row = attractiveness(looks(seen, curve), outcomes, 0.2).to_pyarrow().to_pylist()[0]
    assert row["shown"] == 20
    assert row["examined"] == pytest.approx(15)  # 10 * 1 + 10 * .5
    # successes 6 + 2 + 2, trials 15 + 4, prior 5 looks at .2
    assert row["attractiveness"] == pytest.approx((10 + 1) / (19 + 5))


def test_counters_by_day_add_up(tmp_path: Path) -> None:
    log = Log()
    for person in range(6):
        query = log.search(person * 60, f"s{person}", "tea", ["p1", "p2"])
        log.act("click", person * 60 + 5, f"s{person}", "p2", query, 2)
    log.act("view", 1000, "s0", "p9")
    log.act("purchase", 86_400, "s0", "p2", query)
    mine(MiningRequest((log.write(tmp_path / "events"),), tmp_path / "out"))
    found = {(row["product_id"], row["day"]): row for row in rows(tmp_path / "out", "products")}
    first = 20454  # days since 1970 of 2026-01-01
    assert found["p1", first]["shown"] == found["p2", first]["shown"] == 6
    assert (found["p2", first]["clicks"], found["p1", first]["clicks"]) == (6, 0)
    assert found["p2", first + 1] | {"examined": 0} == {
        "product_id": "p2", "day": first + 1, "shown": 0, "examined": 0, "clicks": 0, "carts": 0, "purchases": 1,
    }  # fmt: skip


def test_fragments_are_rare_starts_of_frequent_queries_that_nobody_clicks() -> None:
    counts = {"sof": (6, 0), "sofa": (200, 120), "tea": (50, 30), "teapot": (900, 500), "sofa bed": (20, 12)}
    assert fragments(counts) == {"sof"}
    table = [{"norm": norm, "locale": "en", "count": both[0], "clicked": both[1]} for norm, both in counts.items()]
    kept = kept_surfaces(table, frozenset({("tea", "en")}))
    assert kept == [("sofa", "en"), ("sofa bed", "en"), ("teapot", "en")]


def test_a_wrong_spelling_belongs_to_the_right_one_where_anybody_asked_so() -> None:
    right = {("cofee", "en"): "coffee", ("head phones", "en"): "headphones", ("tisch", "en"): "table"}
    asked = {
        "coffee table": 40,
        "cofee table": 60,
        "cofee tables": 2,
        "coffee tables": 3,
        "cofee press": 5,
        "red head phones": 9,
        "red headphones": 4,
        "head": 7,
    }
    norms = [(norm, locale) for locale in ("en", "de") for norm in asked]
    wrong = respelt(norms, right)
    assert {norm: read for (norm, _), (read, _) in wrong.items()} == {
        "cofee table": "coffee table",
        "cofee tables": "coffee tables",
        "cofee press": "coffee press",
        "red head phones": "red headphones",
    }
    assert {locale for _, locale in wrong} == {"en"}
    columns = {
        "norm": [norm for norm, _ in norms],
        "locale": [locale for _, locale in norms],
        "cluster": [norm.removesuffix("s") for norm, _ in norms],
        "query": [norm.title() for norm, _ in norms],
        "count": [asked[norm] for norm, _ in norms],
    }
    spellings = {"norm": [], "locale": [], "right": []}
    for (norm, locale), (read, _) in wrong.items():
        for name, value in (("norm", norm), ("locale", locale), ("right", read)):
            spellings[name].append(value)
    table = clusters(ibis.memtable(pa.table(columns)), ibis.memtable(pa.table(spellings)))
    surfaces = {(row["norm"], row["locale"]): row["surface"] for row in table.to_pyarrow().to_pylist()}
    assert len(surfaces) == len(norms)
    english = {norm: surface for (norm, locale), surface in surfaces.items() if locale == "en"}
    assert english == {
        "coffee table": "coffee table",
        "cofee table": "coffee table",
        "cofee tables": "coffee table",
        "coffee tables": "coffee table",
        # Nobody asked for it in the right spelling.
        "cofee press": "cofee press",
        "red head phones": "red headphones",
        "red headphones": "red headphones",
        "head": "head",
    }
    assert surfaces["coffee table", "de"] == "coffee table"
    assert surfaces["cofee tables", "de"] == "cofee table"
