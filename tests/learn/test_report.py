"""The page of one night."""

from pathlib import Path

from api.learn.report import HEIGHT, WIDTH, LearnReport, bars, write_report
from api.learn.verdict import judge, refused


def test_bars_fill_the_plot() -> None:
    half = WIDTH / 2
    assert bars([1.0, 2.0]) == [(0, HEIGHT / 2, half * 0.8, HEIGHT / 2), (half, 0, half * 0.8, HEIGHT)]


def test_signed_bars_hang_from_the_middle() -> None:
    (_, first_top, _, first), (_, second_top, _, second) = bars([-1.0, 0.5], signed=True)
    assert (first_top, first) == (HEIGHT / 2, HEIGHT / 2)
    assert (second_top, second) == (HEIGHT / 4, HEIGHT / 4)


def test_nothing_to_draw() -> None:
    assert bars([]) == bars([0.0, 0.0]) == []


def test_a_page_says_what_happened_and_escapes_what_people_typed(tmp_path: Path) -> None:
    champion = {f"<b>q{number}</b>": {"ndcg@10": 0.5} for number in range(40)}
    challenger = {query: {"ndcg@10": 0.7} for query in champion}
    verdicts = (judge("reranker", "ndcg@10", champion, challenger), refused("encoder", "mrr@10", "no pairs"))
    report = LearnReport(
        shop="demo",
        release="r2",
        published=True,
        parent="r1",
        outcome="A better release was published.",
        days=(("2026-01-01", 10, 0.5), ("2026-01-02", 20, 0.6)),
        held_out_from="2026-01-02",
        mined={"searches": 30},
        verdicts=verdicts,
        candidates=(("synonym", "couch", "sofa", 0.93, "41 people"),),
        quality={"ndcg@10": (0.7, None)},
        seconds={"mine": 1.5},
    )
    write_report(tmp_path / "night" / "report.html", report)
    page = (tmp_path / "night" / "report.html").read_text(encoding="utf-8")
    assert "A better release was published." in page
    assert "&lt;b&gt;q" in page
    assert "<b>q" not in page
    assert "no pairs" in page
    assert "couch" in page
    assert page.count("<rect") == 2 + 2 + 20  # searches, clicks, the twenty queries that won most
    assert "http" not in page  # needs nothing besides itself
