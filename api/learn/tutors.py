"""How each model is trained and tried; a tutor returns its verdict, and leaves the model where challengers lie."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from api.build.material import BuildRequest
from api.build.pipeline import Stages, run_build
from api.evaluate.suggest import evaluate_suggest
from api.learn.trials import Choice, Judged
from api.learn.verdict import Verdict, judge
from api.learn.workshop import Workshop
from api.train.suggester import train_suggester
from data.errors import InputError
from data.release import ShopFolder


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
    _releases: Path | None = field(default=None)

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


Tutor = Callable[[Night], Verdict]


def tutor_suggester(night: Night) -> Verdict:
    """Order of suggestions: held-out keystrokes beside the order that is served now."""
    if night.prefixes is None:
        raise InputError("the log has no keystrokes on the held-out days")
    releases, out = str(night.releases), night.workshop.challenger("suggester")
    train_suggester(releases, night.workshop.mined, out, until_ms=night.since_ms)
    served = night.workshop.models / "suggester" if night.workshop.has("suggester") else None
    _, champion = evaluate_suggest(releases=releases, prefixes=night.prefixes, model=served, mined=night.workshop.mined)
    _, challenger = evaluate_suggest(releases=releases, prefixes=night.prefixes, model=out, mined=night.workshop.mined)
    return judge("suggester", "mrr@10", champion, challenger)


TUTORS: Mapping[str, Tutor] = {"suggester": tutor_suggester}
