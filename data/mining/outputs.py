"""Every output of mining, made from the days' tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
from ibis.expr.types import Table

from data.mining.assignment import write_assignments
from data.mining.attributes import Attributes
from data.mining.candidate import Candidate, ordered, write_candidates
from data.mining.clicks import (
    attractiveness,
    click_counts,
    examination_curve,
    fit_rows,
    looks,
    outcome_counts,
)
from data.mining.co_occurrence import co_bought, co_bought_categories, co_viewed
from data.mining.completions import clusters, completions, kept_surfaces, query_counts, respelt, surface_counts
from data.mining.counting import total
from data.mining.ingest import CLICK
from data.mining.knowledge import leaf_categories
from data.mining.proposals import Counted, propose
from data.mining.reports import low_clicks, zero_results
from data.mining.sessions import attributed, each_search_once, in_sequence, reformulations, with_outcomes
from data.mining.state import (
    ATTRACTIVENESS,
    ATTRIBUTES,
    CANDIDATES,
    CLUSTERS,
    CO_BOUGHT,
    CO_VIEWED,
    COMPLETIONS,
    DAY_MS,
    DAYS,
    EXAMINATION,
    LOW_CLICKS,
    PREFIX_LOG,
    PREFIXES,
    PRODUCTS,
    SEARCHES,
    ZERO_RESULTS,
)
from data.mining.warehouse import Warehouse
from data.mining.words import MOST_PAIRS, substituted, substitution_counts, word_counts, words_of
from data.product import Product
from data.product_row import parse_time_ms

# A misspelling surer than this is no completion: its right spelling is.
SURE_MISSPELLING = 0.5


@dataclass(frozen=True, slots=True)
class Outputs:
    """Rows of each output by name, and the candidates."""

    rows: Mapping[str, int]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class _Writer:
    warehouse: Warehouse
    out: Path
    rows: dict[str, int]

    def __call__(self, table: Table, name: str, order: Sequence[str]) -> Table:
        self.warehouse.write(table.order_by(list(order)), self.out / name)
        written = self.warehouse.read(self.out / name)
        self.rows[name] = int(written.count().to_pyarrow().as_py())
        return written


def write_outputs(
    warehouse: Warehouse,
    out: Path,
    days: Sequence[str],
    robots: frozenset[str],
    products: Sequence[Product],
    titles: Attributes,
    until_ms: int | None,
    fewest_people: int,
    report: Callable[[str], None],
) -> Outputs:
    """Write every table and the candidates; each replaced in one step."""
    write = _Writer(warehouse, out, {})
    left_out = ibis.memtable(pa.table({"person_hash": pa.array(sorted(robots), pa.string())}))

    def of_days(name: str) -> Table:
        table = warehouse.read([out / DAYS / day / f"{name}.parquet" for day in days])
        table = table if until_ms is None else table.filter(table.at_ms < until_ms)
        return table.anti_join(left_out, "person_hash")

    report("searches and what came of them")
    actions = of_days("actions")
    searches = warehouse.keep(each_search_once(of_days("searches")), "searches")
    acted = warehouse.keep(attributed(actions, searches), "acted")
    sequence = warehouse.keep(in_sequence(with_outcomes(searches, acted)), "sequence")
    write(
        sequence.select(
            "query_id",
            "at_ms",
            "session_id",
            "person_hash",
            "query",
            "norm",
            "locale",
            "hits",
            "clicked",
            "carted",
            "bought",
        ),
        SEARCHES,
        ["at_ms", "session_id", "query_id"],
    )
    counts = warehouse.keep(query_counts(sequence, acted), "counts")

    report("click model")
    _write_click_model(warehouse, write, days, out, actions, acted, counts, fewest_people)

    report("prefixes")
    _write_prefixes(warehouse, write, days, out)

    report("bought and viewed together")
    write(co_bought(actions), CO_BOUGHT, ["product_id", "other_id"])
    write(co_viewed(actions), CO_VIEWED, ["product_id", "other_id"])

    searched = counts["count"].sum().to_pyarrow().as_py() or 1
    average = float((counts.clicked.sum().to_pyarrow().as_py() or 0) / searched)
    write(zero_results(counts, fewest_people), ZERO_RESULTS, ["locale", "norm"])
    write(low_clicks(counts, fewest_people, average), LOW_CLICKS, ["locale", "norm"])

    report("candidates")
    leaves = leaf_categories(products)
    categories = warehouse.hold(
        "categories",
        pa.table(
            {"product_id": pa.array(leaves.keys(), pa.string()), "category": pa.array(leaves.values(), pa.string())}
        ),
    )
    bought = co_bought_categories(actions, categories)
    counted = count_for_candidates(sequence, counts, acted, bought, fewest_people)
    write.rows[ATTRIBUTES] = write_assignments(out / ATTRIBUTES, titles.assignments)
    candidates = ordered([*propose(counted, products), *titles.candidates])
    write_candidates(out / CANDIDATES, candidates)
    write.rows[CANDIDATES] = len(candidates)

    report("query clusters")
    # The surest come first.
    right = {
        (one.source, one.locale): one.target
        for one in reversed(candidates)
        if one.kind == "misspelling" and one.score >= SURE_MISSPELLING
    }
    norms = counts.select("norm", "locale").to_pyarrow()
    wrong = respelt(zip(norms["norm"].to_pylist(), norms["locale"].to_pylist(), strict=True), right)
    columns = {
        "norm": [norm for norm, _ in wrong],
        "locale": [locale for _, locale in wrong],
        "right": [norm for norm, _ in wrong.values()],
    }
    spellings = ibis.memtable(pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}))
    surfaces = write(clusters(counts, spellings), CLUSTERS, ["locale", "surface", "norm"])

    report("completions")
    whole = surface_counts(sequence, surfaces, counts)
    rows = whole.filter(whole.people >= fewest_people).to_pyarrow().to_pylist()
    kept = kept_surfaces(rows, frozenset(wrong))
    kept_table = ibis.memtable(
        pa.table(
            {
                "norm": pa.array([norm for norm, _ in kept], pa.string()),
                "locale": pa.array([locale for _, locale in kept], pa.string()),
            }
        )
    )
    write(completions(sequence, counts, surfaces, kept_table), COMPLETIONS, ["locale", "query"])
    return Outputs(write.rows, tuple(candidates))


def count_for_candidates(sequence: Table, counts: Table, acted: Table, bought: Table, fewest_people: int) -> Counted:
    """What candidates are made from; nothing that fewer people said."""
    pairs = reformulations(sequence)
    distinct = pairs.group_by(["norm", "next_norm", "locale"]).agg(people=pairs.person_hash.nunique())
    distinct = distinct.order_by([distinct.people.desc(), "norm", "next_norm"]).limit(MOST_PAIRS).to_pyarrow()
    differences = substituted(
        list(zip(*(distinct[name].to_pylist() for name in ("norm", "next_norm", "locale")), strict=True))
    )
    substitutions = substitution_counts(pairs, ibis.memtable(differences))
    norms = sequence.select("norm", "locale").distinct().to_pyarrow()
    words = words_of(list(zip(norms["norm"].to_pylist(), norms["locale"].to_pylist(), strict=True)))
    used = word_counts(sequence, words)
    shared = counts.filter(counts.people >= fewest_people)
    clicks = outcome_counts(acted, ["norm", "locale", "product_id"]).semi_join(shared, ["norm", "locale"])
    return Counted(
        *(
            table.to_pyarrow().to_pylist()
            for table in (
                shared.order_by(["locale", "norm"]),
                used.filter(used.people >= fewest_people).order_by(["locale", "word"]),
                substitutions.order_by(["locale", "source", "target"]),
                clicks.filter(clicks.clicks > 0).order_by(["locale", "norm", "product_id"]),
                bought,
            )
        )
    )


def _write_click_model(
    warehouse: Warehouse,
    write: _Writer,
    days: Sequence[str],
    out: Path,
    actions: Table,
    acted: Table,
    counts: Table,
    fewest_people: int,
) -> None:
    keys = ["norm", "locale", "product_id", "position"]
    daily = None
    for day in days:
        number = parse_time_ms(day) // DAY_MS
        table = warehouse.read(out / DAYS / day / "shown.parquet").mutate(day=ibis.literal(number, "int32"))
        daily = table if daily is None else daily.union(table)
    assert daily is not None  # a run has at least one day
    shared = counts.filter(counts.people >= fewest_people).select("norm", "locale")
    # What few people asked for counts for the products, but names no query in any table.
    shown = daily.semi_join(shared, ["norm", "locale"]).group_by(keys).agg(shown=total(daily.shown))
    shown = warehouse.keep(shown, "shown")
    rows = fit_rows(shown, click_counts(acted)).select("norm", "locale", "product_id", "position", "shown", "clicks")
    deepest = int(shown.position.max().to_pyarrow().as_py() or 0)
    curve = examination_curve(rows.to_pyarrow().to_pydict(), deepest)
    examination = write(
        ibis.memtable(
            pa.table(
                {
                    "position": pa.array(np.arange(1, len(curve) + 1), pa.int64()),
                    "examination": pa.array(curve, pa.float64()),
                }
            )
        ),
        EXAMINATION,
        ["position"],
    )
    seen = looks(shown, examination)
    totals = seen.agg(examined=seen.examined.sum()).to_pyarrow().to_pylist()[0]["examined"] or 0.0
    clicked = int(acted.filter(acted.action == CLICK).count().to_pyarrow().as_py())
    average = min(1.0, clicked / totals) if totals else 0.0
    outcomes = outcome_counts(acted, ["norm", "locale", "product_id"])
    write(attractiveness(seen, outcomes, average), ATTRACTIVENESS, ["locale", "norm", "product_id"])
    by_day = daily.group_by(["product_id", "day", "position"]).agg(shown=total(daily.shown))
    looked = looks(by_day, examination)
    looked = looked.group_by(["product_id", "day"]).agg(shown=total(looked.shown), examined=looked.examined.sum())
    dated = actions.mutate(day=(actions.at_ms // DAY_MS).cast("int32"))
    done = outcome_counts(dated, ["product_id", "day"])
    joined = looked.outer_join(done, ["product_id", "day"])
    write(
        joined.select(
            product_id=ibis.coalesce(looked.product_id, done.product_id),
            day=ibis.coalesce(looked.day, done.day),
            shown=ibis.coalesce(looked.shown, 0),
            examined=ibis.coalesce(looked.examined, 0.0),
            clicks=ibis.coalesce(done.clicks, 0),
            carts=ibis.coalesce(done.carts, 0),
            purchases=ibis.coalesce(done.purchases, 0),
        ),
        PRODUCTS,
        ["product_id", "day"],
    )


def _write_prefixes(warehouse: Warehouse, write: _Writer, days: Sequence[str], out: Path) -> None:
    counted = warehouse.read([out / DAYS / day / "prefix_counts.parquet" for day in days])
    summed = counted.group_by(["prefix", "locale", "text"]).agg(
        shown=total(counted.shown), picked=total(counted.picked), skipped=total(counted.skipped)
    )
    # Of what was typed, only the start of a completion is kept in a table that names no person.
    own = summed.filter(summed.text.lower().startswith(summed.prefix.lower()))
    write(own, PREFIXES, ["locale", "prefix", "text"])
    # Of each day in order of time already; sorting millions of rows with lists again would only cost memory.
    log = [out / DAYS / day / "prefix_log.parquet" for day in days]
    warehouse.write(warehouse.read(log), out / PREFIX_LOG)
    write.rows[PREFIX_LOG] = int(warehouse.read(out / PREFIX_LOG).count().to_pyarrow().as_py())
