"""A release's figures while it is still hidden, and its parent's beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from api.build.gate import find_regressions
from api.build.material import Material
from api.build.quality import mean_ndcg, pick_sample, read_sample, run_sample, write_sample, zero_result_rate
from data.manifest import InputEntry, Manifest
from data.shop import ShopConfig
from graph.snapshot import Snapshot
from retrieval.answer.request import SearchRequest
from retrieval.engine import SearchEngine
from understanding.pipeline import Understander
from understanding.query import Query


@dataclass(frozen=True, slots=True)
class Built:
    """The four packages, written and open."""

    snapshot: Snapshot
    understander: Understander
    engine: SearchEngine
    completions: int


def measure_release(material: Material, built: Built, staging: Path) -> dict[str, float]:
    """The figures of `Manifest.quality`; the searches behind them are kept in the release.

    Args:
        material: What it was built from.
        built: The packages, open.
        staging: The release's folder.
    """
    quality: dict[str, float] = {"completions": built.completions, "concepts": len(built.snapshot)}
    sample = run_sample(pick_sample(material.queries, material.config.suggest.minimum_people), built.engine.count)
    if sample:
        quality["zero_result_rate"] = zero_result_rate(sample)
        write_sample(staging, sample)
    if material.judgments:
        quality["ndcg@10"], judged = mean_ndcg(material.judgments, lambda query: _top(built, material.config, query))
        quality["judged_queries"] = judged
    return quality


def compare_with_parent(
    material: Material,
    built: Built,
    quality: Mapping[str, float],
    inputs: Mapping[str, InputEntry],
    parent: Manifest,
    parent_folder: Path,
) -> list[str]:
    """What is worse than in the parent by more than the shop allows.

    Only like is compared with like: the searches that the parent keeps are sent again (this build may have read another
    log), and nDCG counts when both were measured on one file of judgments.

    Raises:
        ReleaseDamaged: The parent's searches cannot be read.
    """
    now, before = dict(quality), dict(parent.quality)
    kept = read_sample(parent_folder)
    now.pop("zero_result_rate", None)
    if kept:
        asked = ((search.text, search.locale, search.count) for search in kept)
        now["zero_result_rate"] = zero_result_rate(run_sample(asked, built.engine.count))
    ours, theirs = inputs.get("judgments"), parent.inputs.get("judgments")
    if ours is None or theirs is None or ours.sha256 != theirs.sha256:
        before.pop("ndcg@10", None)
    products = len(material.fold.products)
    return find_regressions(products, now, parent.products, before, material.config.gates)


def _top(built: Built, config: ShopConfig, text: str) -> list[str]:
    understanding = built.understander.understand(Query(text, config.locale))
    search = SearchRequest(query=text, size=10, locale=config.locale)
    return [hit.product_id for hit in built.engine.search(search, understanding).hits]
