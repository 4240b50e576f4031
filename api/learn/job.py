"""One night: mine, train, try, gate, publish.

events -> mined tables of all days            what the release is built from
       -> mined tables before the held-out    what models learn from
trial release (tables before, models so far) -> each new model beside what is served now, on the held-out days
models that are better -> the shop's release, which must pass its own gate
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import orjson
import pyarrow.parquet as pq

from api.build.material import BuildRequest, find_config
from api.build.pipeline import Stages, run_build
from api.evaluate.prefixes import PrefixCase
from api.learn.held_out import DAY_MS, MOST_QUERIES, judgments_of, prefix_cases, read_examination, read_searches
from api.learn.report import LearnReport, write_report
from api.learn.trials import choices_of
from api.learn.tutors import TUTORS, Night, Tutor, suggester_beside
from api.learn.verdict import Verdict, refused
from api.learn.workshop import MODELS, Workshop, export_events, forgotten_people
from data.catalog import read_products
from data.errors import ConfigError, GateRefused, InputError, ReleaseError
from data.manifest import Manifest
from data.mining.attributes import Attributes
from data.mining.run import MiningRequest, MiningResult, mine
from data.mining.state import SEARCHES, read_state
from data.product_row import parse_time_ms
from data.quarantine import Quarantine
from data.release import ShopFolder, current_id, open_release

# A week holds every weekday once.
HELD_OUT_DAYS = 7
# Fewer days of log than this are too short to hold some back.
LEAST_DAYS = 4
# The surest candidates that the report lists.
LISTED_CANDIDATES = 60


@dataclass(frozen=True, slots=True)
class LearnRequest:
    """What to learn from.

    Attributes:
        catalog: Canonical products.
        shop: Its name.
        releases: Folder of the releases.
        events: Files and folders of UBI events, beside the shop's own event log.
        reviews: As for a build.
        config: As for a build.
        graph_store: As for a build.
        judgments: As for a build: rated results for the release's gate.
        until_ms: Only events before it are read.
        forget: Ids of users, clients or sessions to leave out from now on.
        held_out_days: The last days of the log, on which models are tried.
        models: Which to train.
        force: Publish the release even if its gate finds it worse; models pass their own gate all the same.
    """

    catalog: Path
    shop: str
    releases: Path
    events: tuple[Path, ...] = ()
    reviews: Path | None = None
    config: Path | None = None
    graph_store: str | None = None
    judgments: Path | None = None
    until_ms: int | None = None
    forget: tuple[str, ...] = ()
    held_out_days: int = HELD_OUT_DAYS
    models: tuple[str, ...] = MODELS
    force: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """What a night came to.

    Attributes:
        manifest: Of the release that is current afterwards; `None` when the shop has none.
        published: Whether this run published it.
        outcome: A sentence.
        verdicts: Of the models on trial, in the order of `MODELS`.
        report: The page.
        seconds: Wall time by stage.
    """

    manifest: Manifest | None
    published: bool
    outcome: str
    verdicts: tuple[Verdict, ...]
    report: Path
    seconds: Mapping[str, float]


def learn(request: LearnRequest, report: Callable[[str], None] = lambda _: None) -> Learned:
    """Run one night; see the module.

    Returns:
        What came of it; a release that its gate refused is an outcome, not an error.

    Raises:
        InputError, ConfigError: What was given cannot be used.
        StorageError: The disk is full or not writable; the old release stays current.
    """
    unknown = set(request.models) - set(MODELS)
    if unknown:
        raise ConfigError(f"expected models among {', '.join(MODELS)}, got {', '.join(sorted(unknown))}")
    stages = Stages(report)
    folder = ShopFolder(request.releases, request.shop)
    workshop = Workshop(folder.path / "learned")
    workshop.clear_trial()
    build = BuildRequest(
        request.catalog,
        request.shop,
        request.releases,
        reviews=request.reviews,
        config=request.config,
        graph_store=request.graph_store,
        judgments=request.judgments,
        force=request.force,
        models=workshop.models,
    )
    with stages("mine"):
        mined = _mine(request, build, folder, workshop, None, report)
        workshop.keep_tables()
    days = [day for day in read_state(workshop.mined).days if _is_before(day, request.until_ms)]
    verdicts: tuple[Verdict, ...] = ()
    held_out_from = ""
    held_out = min(request.held_out_days, len(days) - LEAST_DAYS + 1)
    if request.models and held_out > 0:
        held_out_from = days[-held_out]
        verdicts = _try_models(request, build, folder, workshop, stages, held_out_from, mined.titles)
    manifest, published, outcome = _publish(request, build, workshop, stages, verdicts)
    page = _page(request, workshop, mined, manifest, published, outcome, verdicts, held_out_from, stages)
    write_report(workshop.report, page)
    return Learned(manifest, published, outcome, verdicts, workshop.report, stages.seconds)


def _mine(
    request: LearnRequest,
    build: BuildRequest,
    folder: ShopFolder,
    workshop: Workshop,
    until_ms: int | None,
    report: Callable[[str], None],
    titles: Attributes | None = None,
) -> MiningResult:
    export_events(folder.event_log, workshop.events)
    own = (workshop.events,) if any(workshop.events.glob("*.jsonl")) else ()
    events = (*request.events, *own)
    if not events:
        raise InputError(f"nothing to learn from: give --events, or serve {request.shop} until its own log has some")
    config, _ = find_config(build)
    products = tuple(read_products(request.catalog, config, Quarantine()))
    if request.until_ms is not None:
        until_ms = request.until_ms if until_ms is None else min(until_ms, request.until_ms)
    people = config.suggest.minimum_people
    gone = forgotten_people(folder.event_log)
    return mine(
        MiningRequest(events, workshop.mined, products, until_ms, request.forget, people, config.locale, gone, titles),
        report,
    )


def _try_models(
    request: LearnRequest,
    build: BuildRequest,
    folder: ShopFolder,
    workshop: Workshop,
    stages: Stages,
    held_out_from: str,
    titles: Attributes,
) -> tuple[Verdict, ...]:
    since_ms = parse_time_ms(held_out_from)
    searches = list(read_searches(workshop.everything, since_ms))
    judged = judgments_of(searches, read_examination(workshop.everything))
    choices = choices_of(searches, MOST_QUERIES)
    prefixes = _write_prefixes(workshop.trial / "prefixes.jsonl", prefix_cases(workshop.everything, since_ms))
    with stages("mine the days before"):
        _mine(request, build, folder, workshop, since_ms, stages.report, titles)
    night = Night(build, workshop, judged, choices, prefixes, since_ms, stages)
    asked = [model for model in MODELS if model in request.models]
    verdicts = []
    if "encoder" in asked:
        verdicts.append(_tried("encoder", TUTORS, night))
    with suggester_beside(night, asked) as tutors:
        verdicts += [_tried(model, tutors, night) for model in asked if model != "encoder"]
    return tuple(verdicts)


def _tried(model: str, tutors: Mapping[str, Tutor], night: Night) -> Verdict:
    """One model's verdict; one that is accepted is what the next ones are tried with."""
    with night.stages(f"train and try the {model}"):
        try:
            verdict = tutors[model](night)
        except InputError as error:
            verdict = refused(model, "", f"not trained: {error}")
    if verdict.accepted:
        night.workshop.accept(model)
    return verdict


def _publish(
    request: LearnRequest, build: BuildRequest, workshop: Workshop, stages: Stages, verdicts: Sequence[Verdict]
) -> tuple[Manifest | None, bool, str]:
    accepted = [verdict.model for verdict in verdicts if verdict.accepted]
    named = f"with a new {', '.join(accepted)}" if accepted else "with the models it had"
    final = replace(build, mined=workshop.everything)
    with stages("build and publish"):
        try:
            manifest = run_build(final, stages.report)
        except GateRefused as error:
            return _current(request), False, f"Nothing was published: {error}"
    return manifest, True, f"A release was published {named}."


def _current(request: LearnRequest) -> Manifest | None:
    current = current_id(request.releases, request.shop)
    return None if current is None else open_release(str(request.releases), request.shop).manifest


def _is_before(day: str, until_ms: int | None) -> bool:
    return until_ms is None or parse_time_ms(day) < until_ms


def _write_prefixes(path: Path, cases: Sequence[PrefixCase]) -> Path | None:
    """The file that `evaluate suggest` reads; `None` without any."""
    if not cases:
        return None
    path.write_bytes(b"".join(orjson.dumps(asdict(case), option=orjson.OPT_APPEND_NEWLINE) for case in cases))
    return path


def _page(
    request: LearnRequest,
    workshop: Workshop,
    mined: MiningResult,
    manifest: Manifest | None,
    published: bool,
    outcome: str,
    verdicts: Sequence[Verdict],
    held_out_from: str,
    stages: Stages,
) -> LearnReport:
    parent = None if manifest is None or not published else manifest.parent
    before = _quality(request, parent)
    surest = sorted(mined.candidates, key=lambda one: (-one.score, one.kind, one.source, one.target))
    return LearnReport(
        shop=request.shop,
        release="none" if manifest is None else manifest.id,
        published=published,
        parent=parent,
        outcome=outcome,
        days=_searches_by_day(workshop.everything / SEARCHES),
        held_out_from=held_out_from,
        mined=mined.rows,
        verdicts=verdicts,
        candidates=tuple(
            (one.kind, one.source, one.target, one.score, one.evidence) for one in surest[:LISTED_CANDIDATES]
        ),
        quality={name: (value, before.get(name)) for name, value in (manifest.quality if manifest else {}).items()},
        seconds=dict(stages.seconds),
    )


def _quality(request: LearnRequest, release_id: str | None) -> Mapping[str, float]:
    if release_id is None:
        return {}
    try:
        return open_release(str(request.releases), request.shop, release_id).manifest.quality
    except ReleaseError:
        return {}  # pruned, or damaged: there is nothing to compare with


def _searches_by_day(path: Path) -> tuple[tuple[str, int, float], ...]:
    """(day, searches, share of them with a click), oldest first."""
    table = pq.read_table(path, columns=["at_ms", "clicked"])
    counts: dict[int, list[int]] = {}
    for at_ms, clicked in zip(table["at_ms"].to_pylist(), table["clicked"].to_pylist(), strict=True):
        count = counts.setdefault(at_ms // DAY_MS, [0, 0])
        count[0] += 1
        count[1] += bool(clicked)
    return tuple(
        (datetime.fromtimestamp(day * DAY_MS / 1000, UTC).date().isoformat(), searches, chosen / searches)
        for day, (searches, chosen) in sorted(counts.items())
    )
