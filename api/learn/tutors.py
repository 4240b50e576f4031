"""How each model is trained and tried; a tutor returns its verdict, and leaves the model where challengers lie."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from api.assembly import ShopRelease, open_shop
from api.build.material import BuildRequest, find_config
from api.build.pipeline import Stages, run_build
from api.evaluate.suggest import evaluate_suggest
from api.evaluate.trial import search_with
from api.learn.trials import Choice, Judged, measure_encoder, measure_search
from api.learn.verdict import Verdict, judge
from api.learn.workshop import Workshop
from api.train.fusion import train_fusion
from api.train.reranker import train_reranker
from api.train.suggester import train_suggester
from data.catalog import read_products
from data.errors import InputError
from data.quarantine import Quarantine
from data.release import ShopFolder
from understanding.encoders.cooccurrence import CooccurrenceEncoder
from understanding.encoders.loading import load_encoder
from understanding.training.static import train_static

# People could only choose what the search of that day showed them. Counting everything else as wrong holds a new order
# to the old one's page: on the laboratory that calls a reranker worse by .022 which the planted truth finds better by
# .043; among what was shown it gains .012 [-.001, .024].
RANKED_BY = "judged_ndcg@10"


@dataclass(slots=True)
class Night:
    """What the tutors share.

    Attributes:
        build: How the shop is built.
        workshop: Where models lie.
        judged: Held-out choices as judgments, by (query, locale).
        choices: Held-out choices.
        prefixes: File of held-out keystrokes, `None` without any.
        since_ms: Beginning of the held-out days; nothing from then on may be learned from.
        stages: For timing.
    """

    build: BuildRequest
    workshop: Workshop
    judged: Judged
    choices: list[Choice]
    prefixes: Path | None
    since_ms: int
    stages: Stages
    _releases: Path | None = None
    _release: ShopRelease | None = None

    @property
    def releases(self) -> Path:
        """Folder of the trial release: built from the days before, with the models accepted so far, once a night."""
        if self._releases is None:
            folder = self.workshop.trial / "releases"
            own = ShopFolder(self.build.releases, self.build.shop).graph_store
            target = ShopFolder(folder, self.build.shop).graph_store
            target.parent.mkdir(parents=True, exist_ok=True)
            if own.exists():
                shutil.copy2(own, target)
            request = replace(self.build, releases=folder, mined=self.workshop.mined, graph_store=None, force=True)
            run_build(request, self.stages.report)
            self._releases = folder
        return self._releases

    @property
    def release(self) -> ShopRelease:
        """The trial release, open."""
        if self._release is None:
            self._release = open_shop(str(self.releases), self.build.shop)
        return self._release


Tutor = Callable[[Night], Verdict]


def tutor_encoder(night: Night) -> Verdict:
    """Vectors: where the products that people chose stand by them alone, beside the encoder that is served now."""
    config, _ = find_config(night.build)
    if config.encoder == "off":
        raise InputError("encoders are switched off in the shop's configuration")
    products = read_products(night.build.catalog, config, Quarantine())
    out = night.workshop.challenger("encoder")
    train_static(products, config.locales, out, night.workshop.mined)
    served = night.workshop.models / "encoder"
    champion = load_encoder(served) if served.exists() else CooccurrenceEncoder.fit(products, config.locales)
    challenger = measure_encoder(load_encoder(out), products, night.choices)
    if champion is None:  # too few words repeat for the one that needs no training: anything is better
        return judge("encoder", "mrr@10", {query: {"mrr@10": 0.0} for query in challenger}, challenger)
    return judge("encoder", "mrr@10", measure_encoder(champion, products, night.choices), challenger)


def tutor_fusion(night: Night) -> Verdict:
    """Weights of the sources: held-out searches beside the weights that are served now, both without trees."""
    out = night.workshop.challenger("fusion")
    train_fusion(str(night.releases), night.workshop.mined, out, until_ms=night.since_ms)
    held, served = night.release, night.workshop.models / "fusion.json"
    champion = search_with(held, fusion=served if served.exists() else None)
    challenger = search_with(held, fusion=out / "fusion.json")
    return judge("fusion", RANKED_BY, measure_search(champion, night.judged), measure_search(challenger, night.judged))


def tutor_reranker(night: Night) -> Verdict:
    """Order of products: held-out searches beside the order that is served now."""
    out, mined = night.workshop.challenger("reranker"), night.workshop.mined
    train_reranker(str(night.releases), mined, out, until_ms=night.since_ms)
    held, models = night.release, night.workshop.models
    fusion = models / "fusion.json" if night.workshop.has("fusion") else None
    served = models / "reranker" if night.workshop.has("reranker") else None
    champion = search_with(held, served, fusion, mined)
    challenger = search_with(held, out, fusion, mined)
    return judge(
        "reranker", "ndcg@10", measure_search(champion, night.judged), measure_search(challenger, night.judged)
    )


def tutor_suggester(night: Night) -> Verdict:
    """Order of suggestions: held-out keystrokes beside the order that is served now."""
    return try_suggester(*_asked_of_suggester(night))


def _asked_of_suggester(night: Night) -> tuple[str, Path, Path, Path, Path | None, int]:
    if night.prefixes is None:
        raise InputError("the log has no keystrokes on the held-out days")
    shop = night.workshop
    served = shop.models / "suggester" if shop.has("suggester") else None
    return str(night.releases), shop.mined, night.prefixes, shop.challenger("suggester"), served, night.since_ms


def try_suggester(releases: str, mined: Path, prefixes: Path, out: Path, served: Path | None, since_ms: int) -> Verdict:
    """Train one on what was mined of the days before, and measure it beside the one that is served."""
    train_suggester(releases, mined, out, until_ms=since_ms)
    _, champion = evaluate_suggest(releases=releases, prefixes=prefixes, model=served, mined=mined)
    _, challenger = evaluate_suggest(releases=releases, prefixes=prefixes, model=out, mined=mined)
    return judge("suggester", "mrr@10", champion, challenger)


TUTORS: Mapping[str, Tutor] = {
    "encoder": tutor_encoder,
    "fusion": tutor_fusion,
    "reranker": tutor_reranker,
    "suggester": tutor_suggester,
}


@contextmanager
def suggester_beside(night: Night, asked: Sequence[str]) -> Iterator[Mapping[str, Tutor]]:
    """The tutors of models behind the encoder; the suggester is tried from now on, in a process beside the others.

    It needs the trial release, which is built with the encoder, and nothing of the models that order products; alone it
    takes as long as both of them.
    """
    if "suggester" not in asked or not {"fusion", "reranker"} & set(asked) or night.prefixes is None:
        yield TUTORS
        return
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        verdict = pool.submit(try_suggester, *_asked_of_suggester(night))
        yield {**TUTORS, "suggester": lambda _: verdict.result()}
