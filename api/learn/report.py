"""The report of one night: what was mined, which models were tried, which queries won and lost, what was published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from api.learn.verdict import Verdict

# Of the plots, in CSS pixels.
WIDTH, HEIGHT = 640, 140


@dataclass(frozen=True, slots=True)
class LearnReport:
    """Everything the page shows.

    Attributes:
        shop: Its name.
        release: Id of what is current afterwards.
        published: Whether this run published it; otherwise the parent went on.
        parent: Id of the release before.
        outcome: A sentence.
        days: (day as ISO date, searches, share of them with a click), oldest first.
        held_out_from: ISO date of the first day that no training saw.
        mined: Rows by table.
        verdicts: Of the models on trial.
        candidates: (kind, source, target, score, evidence) of the surest ones.
        quality: Figure by name of the published release, with the parent's beside it (`None` where it has none).
        seconds: Wall time by stage.
    """

    shop: str
    release: str
    published: bool
    parent: str | None
    outcome: str
    days: Sequence[tuple[str, int, float]]
    held_out_from: str
    mined: Mapping[str, int]
    verdicts: Sequence[Verdict]
    candidates: Sequence[tuple[str, str, str, float, str]] = ()
    quality: Mapping[str, tuple[float, float | None]] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)


def write_report(path: Path, report: LearnReport) -> None:
    """Write the page; one file that needs nothing besides itself."""
    environment = Environment(
        loader=PackageLoader("api.learn", "."),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page = environment.get_template("report.html.j2").render(
        report=report,
        searches=bars([count for _, count, _ in report.days]),
        clicked=bars([share for _, _, share in report.days]),
        gains={verdict.model: bars(gains_of(verdict), signed=True) for verdict in report.verdicts},
        width=WIDTH,
        height=HEIGHT,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def gains_of(verdict: Verdict) -> list[float]:
    """Gain by query of the listed winners and losers, worst first."""
    if verdict.comparison is None:
        return []
    worst = [after - before for _, before, after in verdict.comparison.worst]
    best = [after - before for _, before, after in verdict.comparison.best]
    return worst + best[::-1]


def bars(values: Sequence[float], signed: bool = False) -> list[tuple[float, float, float, float]]:
    """Rectangles (x, y, width, height) of a bar chart in `WIDTH` by `HEIGHT`.

    Args:
        values: One a bar, from the left.
        signed: The zero line is in the middle, else at the bottom.
    """
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0:
        return []
    step = WIDTH / len(values)
    room = HEIGHT / 2 if signed else HEIGHT
    rectangles = []
    for number, value in enumerate(values):
        tall = room * abs(value) / largest
        top = room if value < 0 else room - tall
        rectangles.append((round(number * step, 2), round(top, 2), round(step * 0.8, 2), round(tall, 2)))
    return rectangles
