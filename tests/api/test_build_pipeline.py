import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from api.assembly import follow, load_shop_release
from api.build.pipeline import build_release
from api.build.quality import read_sample
from data.change import Change
from data.errors import ConfigError, GateRefused, InputError, TooManyBadRows
from data.event import Event
from data.event_log import EventLog
from data.overlay_log import OverlayLog
from data.release import ShopFolder, current_id, list_releases, open_release, prune, rollback, verify_release
from data.text import analyser_for
from tests.api.catalogues import QUERIES, camping_products, write_catalogue

SHOP = "camping"


@pytest.fixture
def catalogue(tmp_path):
    return write_catalogue(tmp_path / "catalog.jsonl", camping_products())


@pytest.fixture
def queries(tmp_path):
    path = tmp_path / "queries.csv"
    path.write_text(QUERIES)
    return path


@pytest.fixture
def releases(tmp_path):
    return tmp_path / "releases"


def change(releases: Path, *changes: Change) -> int:
    """Append live changes as a server of the current release does; gives the last position."""
    release = open_release(releases, SHOP)
    log = OverlayLog(release.folder.overlay_log)
    versions = {product.product_id: product.version for product in camping_products()}
    written = log.append(changes, versions, release.manifest.log_positions["overlay"])
    log.close()
    return written[-1].position


def product(releases: Path, product_id: str):
    """As a server shows it, live changes and all."""
    release = open_release(releases, SHOP)
    loaded = load_shop_release(release)
    log = OverlayLog(release.folder.overlay_log)
    follow(loaded, log)
    log.close()
    return loaded.engine.product(product_id)


def test_a_catalogue_alone_is_enough(catalogue, releases):
    stages = []
    manifest = build_release(catalogue, shop=SHOP, releases=releases, report=stages.append)
    assert stages == ["read", "graph", "understanding", "retrieval", "autocomplete", "measure", "publish"]
    assert current_id(releases, SHOP) == manifest.id
    folder = ShopFolder(releases, SHOP).release(manifest.id)
    assert verify_release(folder) == manifest
    assert {name.split("/")[0] for name in manifest.files} == {
        "config.json",
        "graph",
        "understanding",
        "retrieval",
        "autocomplete",
    }
    assert manifest.products == 64
    assert manifest.parent is None
    assert manifest.graph_revision >= 1
    assert manifest.log_positions == {"overlay": 0, "events": 0}
    assert manifest.analysers == {"en": analyser_for("en").analyser_id}
    assert manifest.inputs["catalog"].rows == 64
    assert set(manifest.stage_seconds) == {"read", "graph", "understanding", "retrieval", "autocomplete", "measure"}
    assert "zero_result_rate" not in manifest.quality  # nothing was logged, so nothing is known
    loaded = load_shop_release(open_release(releases, SHOP))
    assert loaded.config.currency == "EUR"  # read off the prices
    assert loaded.engine.count("tent", "en") > 0
    assert loaded.engine.product("p001").brand == "Alpenrose"


def test_two_builds_of_one_catalogue_are_equal_and_keep_every_id(catalogue, queries, releases):
    first, second = (build_release(catalogue, queries=queries, shop=SHOP, releases=releases) for _ in range(2))
    assert second.parent == first.id
    assert second.graph_revision == first.graph_revision
    differing = {name for name in first.files if second.files.get(name) != first.files[name]}
    assert differing == set()


def test_logged_searches_are_measured_and_kept_for_the_next_gate(catalogue, queries, releases):
    manifest = build_release(catalogue, queries=queries, shop=SHOP, releases=releases)
    assert manifest.inputs["queries"].rows == 5
    sample = read_sample(ShopFolder(releases, SHOP).release(manifest.id))
    # One person's search may be that person's secret.
    assert [search.text for search in sample] == ["tent", "sleeping bag", "head torch", "red tent"]
    assert manifest.quality["zero_result_rate"] == 0.0


def test_the_shops_own_events_are_folded_in_once(catalogue, releases, tmp_path):
    build_release(catalogue, shop=SHOP, releases=releases)
    log = EventLog(ShopFolder(releases, SHOP).event_log)
    log.append([Event("search", 1_000 + n, client_id=f"c{n}", query_id=f"q{n}", user_query="tent") for n in range(8)])
    export = tmp_path / "events.jsonl"
    log.export(export)
    log.append([Event("search", 9_000, client_id="c9", query_id="q9", user_query="tent")])
    log.close()
    manifest = build_release(catalogue, events=export, shop=SHOP, releases=releases)
    assert manifest.log_positions["events"] == 9
    assert manifest.inputs["events"].rows == 8
    [search] = read_sample(ShopFolder(releases, SHOP).release(manifest.id))
    assert (search.text, search.count) == ("tent", 9)


# --- the gate


def test_half_a_catalogue_is_refused_unless_forced(catalogue, releases, tmp_path):
    first = build_release(catalogue, shop=SHOP, releases=releases)
    half = write_catalogue(tmp_path / "half.jsonl", camping_products()[::2])
    with pytest.raises(GateRefused, match=rf"parent {first.id}: 32 products, the parent has 64.*--force"):
        build_release(half, shop=SHOP, releases=releases)
    assert current_id(releases, SHOP) == first.id
    assert [entry.release_id for entry in list_releases(releases, SHOP)] == [first.id]
    forced = build_release(half, shop=SHOP, releases=releases, force=True)
    assert current_id(releases, SHOP) == forced.id
    assert forced.forced
    assert "32 products" in forced.overruled[0]
    assert not build_release(half, shop=SHOP, releases=releases).forced


def test_searches_that_find_nothing_any_more_are_refused_without_a_new_log(catalogue, queries, releases, tmp_path):
    build_release(catalogue, queries=queries, shop=SHOP, releases=releases)
    others = [
        replace(each, texts={"en": replace(each.texts["en"], title=f"Xylophone {number} quartz", description="")})
        for number, each in enumerate(camping_products())
    ]
    others = [replace(each, category=("Music",), attributes={}, brand="Zither") for each in others]
    other = write_catalogue(tmp_path / "other.jsonl", others)
    config = tmp_path / "shop.toml"
    config.write_text('encoder = "off"\n')
    with pytest.raises(GateRefused, match=r"of the parent's searches find nothing, 0.0% did before"):
        build_release(other, shop=SHOP, releases=releases, config=config)


def test_judgments_are_measured_and_gated(catalogue, releases, tmp_path):
    judgments = tmp_path / "judgments.csv"
    judgments.write_text("query,docid,rating\nalpenrose red tent,p000,3\nalpenrose red tent,p001,0\n")
    first = build_release(catalogue, judgments=judgments, shop=SHOP, releases=releases)
    assert first.quality["judged_queries"] == 1
    assert first.quality["ndcg@10"] > 0
    without = write_catalogue(tmp_path / "without.jsonl", camping_products()[1:])
    with pytest.raises(GateRefused, match=r"ndcg@10 is 0\.000"):
        build_release(without, judgments=judgments, shop=SHOP, releases=releases)
    # Other judgments: nothing to compare with.
    judgments.write_text("query,docid,rating\nalpenrose red tent,p000,3\nkestrel,p008,1\n")
    build_release(without, judgments=judgments, shop=SHOP, releases=releases)


# --- live changes


def test_live_changes_are_folded_in_and_stay(catalogue, releases):
    build_release(catalogue, shop=SHOP, releases=releases)
    fresh = replace(camping_products()[0], product_id="new", group_id="new")
    position = change(
        releases,
        Change(0, 1_000, "p001", "patch", patch={"price_minor": 1}),
        Change(0, 1_000, "p002", "delete"),
        Change(0, 1_000, "new", "upsert", product=fresh),
    )
    second = build_release(catalogue, shop=SHOP, releases=releases)
    assert second.log_positions["overlay"] == position
    assert second.overlay == {"upserted": 1, "patched": 1, "deleted": 1, "superseded": 0, "orphaned": 0}
    engine = load_shop_release(open_release(releases, SHOP)).engine
    assert engine.product("p001").price_minor == 1
    assert engine.product("p002") is None
    assert engine.product("new").product_id == "new"
    # Neither compaction nor one more build of the old file brings the product back.
    build_release(catalogue, shop=SHOP, releases=releases)
    prune(releases, SHOP, keep=1)
    third = build_release(catalogue, shop=SHOP, releases=releases)
    assert third.overlay["deleted"] == 1
    assert load_shop_release(open_release(releases, SHOP)).engine.product("p002") is None
    # An export that is known to be newer does.
    build_release(catalogue, shop=SHOP, releases=releases, catalog_at_ms=2_000)
    assert product(releases, "p002").product_id == "p002"
    assert product(releases, "p001").price_minor == 1100
    change(releases, Change(0, 3_000, "p002", "patch", patch={"stock": 77}))
    assert product(releases, "p002").stock == 77


def test_changes_during_the_build_are_replayed_over_its_release(catalogue, releases):
    build_release(catalogue, shop=SHOP, releases=releases)
    before = change(releases, Change(0, 1_000, "p001", "patch", patch={"stock": 41}))

    def shop_goes_on(stage: str) -> None:
        if stage == "graph":
            change(releases, Change(0, 2_000, "p001", "patch", patch={"stock": 42}), Change(0, 2_000, "p003", "delete"))

    manifest = build_release(catalogue, shop=SHOP, releases=releases, report=shop_goes_on)
    assert manifest.log_positions["overlay"] == before
    assert load_shop_release(open_release(releases, SHOP)).engine.product("p001").stock == 41
    assert product(releases, "p001").stock == 42
    assert product(releases, "p003") is None


def test_a_rollback_revives_no_deletion(catalogue, releases):
    first = build_release(catalogue, shop=SHOP, releases=releases)
    change(releases, Change(0, 1_000, "p004", "delete"))
    build_release(catalogue, shop=SHOP, releases=releases)
    assert rollback(releases, SHOP) == first.id
    assert product(releases, "p004") is None


# --- what cannot be used


def test_bad_rows_are_counted_and_reported(releases, tmp_path):
    path = write_catalogue(tmp_path / "catalog.jsonl", camping_products())
    path.write_text(path.read_text() + '{"product_id": "broken"}\nnot json\n')
    manifest = build_release(path, shop=SHOP, releases=releases)
    assert (manifest.inputs["catalog"].rows, manifest.inputs["catalog"].quarantined) == (64, 2)
    report = (releases / SHOP / "quarantine" / "catalog.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["line"] for line in report) == [65, 66]


def test_a_bad_file_costs_nothing(catalogue, releases, tmp_path):
    first = build_release(catalogue, shop=SHOP, releases=releases)
    bad = tmp_path / "bad.jsonl"
    bad.write_text("not json\n" * 10)
    with pytest.raises(TooManyBadRows, match="quarantine"):
        build_release(bad, shop=SHOP, releases=releases)
    with pytest.raises(InputError, match="no file at"):
        build_release(tmp_path / "none.jsonl", shop=SHOP, releases=releases)
    with pytest.raises(InputError):
        build_release(catalogue, judgments=bad, shop=SHOP, releases=releases)
    assert current_id(releases, SHOP) == first.id
    assert not [path for path in (releases / SHOP).iterdir() if path.name.startswith(".staging")]


@pytest.mark.parametrize("shop", ["../evil", "a/b", ".", ""])
def test_no_shop_name_is_a_path(catalogue, releases, shop):
    with pytest.raises(ConfigError):
        build_release(catalogue, shop=shop, releases=releases)
    assert not releases.exists()


# --- the command


def intentrie(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from api.cli.main import main; main()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)


def test_build_and_releases_from_the_command_line(catalogue, queries, releases, tmp_path):
    common = ("--shop", SHOP, "--releases", releases)
    built = intentrie("build", "--catalog", catalogue, "--queries", queries, *common, "--json")
    assert built.returncode == 0, built.stderr
    first = json.loads(built.stdout)
    assert first["products"] == 64
    assert "autocomplete" in built.stderr
    half = write_catalogue(tmp_path / "half.jsonl", camping_products()[::2])
    refused = intentrie("build", "--catalog", half, *common)
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    forced = intentrie("build", "--catalog", half, *common, "--force")
    assert forced.returncode == 0
    assert "forced although 32 products" in forced.stdout
    newest, oldest = json.loads(intentrie("releases", "list", "--releases", releases, "--json").stdout)
    assert (newest["current"], newest["forced"], oldest["id"]) == (True, True, first["id"])
    shown = json.loads(intentrie("releases", "show", *common, "--json").stdout)
    assert shown["parent"] == first["id"]
    assert intentrie("releases", "verify", "--all", "--releases", releases).returncode == 0
    back = json.loads(intentrie("releases", "rollback", *common, "--json").stdout)
    assert back == {"shop": SHOP, "current": first["id"]}
    (releases / SHOP / newest["id"] / "config.json").write_text("{}")
    damaged = intentrie("releases", "verify", "--all", *common)
    assert damaged.returncode == 1
    assert "config.json" in damaged.stderr
    pruned = json.loads(intentrie("releases", "prune", *common, "--keep", 1, "--json").stdout)
    assert pruned["removed"] == [newest["id"]]
