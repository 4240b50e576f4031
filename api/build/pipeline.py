"""Catalogue and logs in, a published release out; each package writes its own folder, in the order of the planes."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from api.build.gate import check_gate
from api.build.inputs import Inputs
from api.build.material import BuildRequest, Material, read_material
from api.build.measure import Built, compare_with_parent, measure_release
from api.build.result_counts import ResultCounter
from autocomplete.build import build_autocomplete
from autocomplete.safety.block_list import BlockList
from autocomplete.sources.compositions import composers_of
from autocomplete.sources.vocabulary import collect_completions
from data.curation import NOTHING, Curation, CurationStore, read_curation, write_curation
from data.live_fold import Fold
from data.manifest import Manifest
from data.release import ReleaseWriter, ShopFolder, write_release_config
from data.release.layout import CARRIED
from data.text import analyser_for
from graph.build import build_graph
from graph.store import open_store
from retrieval.build import build_retrieval
from understanding.build import build_understanding


@dataclass(slots=True)
class Stages:
    """Wall time by stage; `report` hears of each as it begins."""

    report: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Time the block as one stage."""
        self.report(name)
        begin = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begin, 3)


def build_release(
    catalog: Path,
    *,
    shop: str,
    releases: Path,
    events: Path | None = None,
    reviews: Path | None = None,
    queries: Path | None = None,
    config: Path | None = None,
    graph_store: str | None = None,
    judgments: Path | None = None,
    catalog_at_ms: int | None = None,
    force: bool = False,
    mined: Path | None = None,
    models: Path | None = None,
    report: Callable[[str], None] = lambda _: None,
) -> Manifest:
    """Build a release and make it current; see `BuildRequest` for the arguments, `run_build` for what may go wrong."""
    request = BuildRequest(
        catalog,
        shop,
        releases,
        events=events,
        reviews=reviews,
        queries=queries,
        config=config,
        graph_store=graph_store,
        judgments=judgments,
        catalog_at_ms=catalog_at_ms,
        force=force,
        mined=mined,
        models=models,
    )
    return run_build(request, report)


def run_build(request: BuildRequest, report: Callable[[str], None] = lambda _: None) -> Manifest:
    """Build a release of a shop and make it current.

    Args:
        request: What from what.
        report: Hears the name of each stage as it begins.

    Returns:
        The manifest of the published release.

    Raises:
        InputError, ConfigError: What was given cannot be used.
        GateRefused: It is worse than its parent; the parent stays current.
        ReleaseError: Another build of the shop is running, or somebody rolled back meanwhile.
        StorageError: The disk is full or not writable; the old release stays current.
    """
    stages = Stages(report)
    folder = ShopFolder(request.releases, request.shop)
    with ReleaseWriter(request.releases, request.shop) as writer, writer.writing() as staging:
        inputs = Inputs(folder.path / "quarantine")
        with stages("read"):
            material = read_material(request, folder, inputs)
        built = _build_packages(request, material, folder, writer.parent, staging, writer.created_at, stages)
        with stages("measure"):
            quality = measure_release(material, built, staging)
            parent = writer.parent_manifest()
            regressions = []
            if parent is not None:
                parent_folder = folder.release(parent.id)
                regressions = compare_with_parent(material, built, quality, inputs.entries, parent, parent_folder)
                check_gate(regressions, parent.id, request.force)
        encoder = built.understander.encoder
        draft = Manifest(
            id=writer.release_id,
            shop=request.shop,
            parent=writer.parent,
            created_at=writer.created_at,
            graph_revision=built.snapshot.revision,
            log_positions={"overlay": material.overlay_position, "events": material.events_position},
            analysers={locale: analyser_for(locale).analyser_id for locale in material.config.locales},
            encoder=encoder.encoder_id if encoder is not None else None,
            inputs=dict(inputs.entries),
            files={},
            products=len(material.fold.products),
            quality=quality,
            overlay=_told(material.fold),
            stage_seconds=dict(stages.seconds),
            forced=request.force,
            overruled=tuple(regressions),
        )
        report("publish")
        return writer.publish(draft)


def _build_packages(
    request: BuildRequest,
    material: Material,
    folder: ShopFolder,
    parent_id: str | None,
    staging: Path,
    now_ms: int,
    stages: Stages,
) -> Built:
    config, products = material.config, material.fold.products
    write_release_config(staging, config)
    with stages("graph"):
        store = open_store(request.graph_store or str(folder.graph_store))
        try:
            snapshot = build_graph(
                _made(staging / "graph"), products, config, store, material.candidates, stages.report
            )
        finally:
            store.close()
    with stages("understanding"):
        query_counts: dict[str, int] = {}
        for query in material.queries:
            query_counts[query.text] = query_counts.get(query.text, 0) + query.count
        parent = folder.release(parent_id) / "understanding" if parent_id is not None else None
        understander = build_understanding(
            _made(staging / "understanding"),
            products,
            snapshot,
            config,
            query_counts,
            request.model("encoder"),
            parent,
        )
    with stages("retrieval"):
        engine = build_retrieval(
            _made(staging / "retrieval"),
            products,
            snapshot,
            understander,
            config,
            reranker=request.model("reranker"),
            fusion=request.model("fusion.json"),
            mined=request.mined,
        )
    with stages("autocomplete"):
        found = ResultCounter(engine, understander)
        composers = composers_of(snapshot, products, config, request.mined)
        composed = {
            locale: composer.compositions(config.suggest.half_life_days) for locale, composer in composers.items()
        }
        completions = collect_completions(snapshot, material.queries, found.count, config, now_ms, products, composed)
        build_autocomplete(
            _made(staging / "autocomplete"),
            completions,
            config,
            request.model("suggester"),
            request.mined,
            {locale: composer.parts for locale, composer in composers.items()},
            products,
            snapshot,
            BlockList.build(material.blocked),
            material.candidates,
        )
        # Completions stay what they are: a ban that is lifted must not wait for a build.
        held = _curation(folder, parent_id)
        if held != NOTHING:
            write_curation(staging / "autocomplete" / CARRIED, held)
    return Built(snapshot, understander, engine, len(completions))


def _curation(folder: ShopFolder, parent: str | None) -> Curation:
    """What curators say, or what the parent carries where nobody said anything here."""
    if not folder.curation.exists():
        return NOTHING if parent is None else read_curation(folder.carried_curation(parent))
    store = CurationStore(folder.curation)
    try:
        return store.read().said
    finally:
        store.close()


def _told(fold: Fold) -> dict[str, int]:
    return {
        "upserted": fold.upserted,
        "patched": fold.patched,
        "deleted": fold.deleted,
        "superseded": fold.superseded,
        "orphaned": len(fold.orphaned),
    }


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
