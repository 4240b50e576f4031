"""One night, and the next, on a small laboratory: what is better is published, what is sabotaged is not."""

from pathlib import Path
from typing import Any

import pytest

from api.learn.job import LearnRequest, learn
from api.learn.workshop import Workshop
from data.demo.catalogue import start_of_day
from data.demo.files import write_demo
from data.errors import ConfigError, InputError
from data.release import ShopFolder, current_id

SHOPPERS = 250
FIRST_NIGHT, NEXT_NIGHT = start_of_day(30), start_of_day(31)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("learning")
    write_demo(folder, 5, shoppers=SHOPPERS)
    return folder


def request(shop: Path, **changes: Any) -> LearnRequest:
    given: dict[str, Any] = {
        "catalog": shop / "catalog.jsonl.gz",
        "shop": "demo",
        "releases": shop / "releases",
        "events": (shop / "events",),
        "config": shop / "demo.toml",
        "until_ms": FIRST_NIGHT,
    }
    return LearnRequest(**{**given, **changes})


def test_two_nights(shop: Path) -> None:
    first = learn(request(shop))
    assert first.published
    assert first.manifest is not None
    assert current_id(shop / "releases", "demo") == first.manifest.id
    assert [verdict.model for verdict in first.verdicts] == ["encoder", "fusion", "reranker", "suggester"]
    workshop = Workshop(ShopFolder(shop / "releases", "demo").path / "learned")
    for verdict in first.verdicts:
        assert workshop.has(verdict.model) == verdict.accepted, verdict.reason
    page = first.report.read_text(encoding="utf-8")
    assert first.manifest.id in page
    assert "Models on trial" in page

    heard: list[str] = []
    second = learn(request(shop, until_ms=NEXT_NIGHT, models=("fusion",)), heard.append)
    assert [verdict.model for verdict in second.verdicts] == ["fusion"]
    assert second.published
    assert second.manifest is not None
    assert second.manifest.parent == first.manifest.id
    # Everything was read in the first night; the day between was only kept out of its tables.
    assert "reading 0 of 60 files" in heard


def test_a_sabotaged_model_is_refused(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The trainer's model is turned upside down before it is tried."""
    from api.learn import tutors

    train = tutors.train_suggester

    def sabotage(releases: str, mined: Path, out: Path, **more: Any) -> dict[str, Any]:
        import lightgbm

        from api.train.suggester import write_model
        from autocomplete.ranking.ranker import TREES

        result = train(releases, mined, out, **more)
        booster = lightgbm.Booster(model_file=str(out / TREES))
        for number, tree in enumerate(booster.dump_model()["tree_info"]):
            for leaf in range(tree["num_leaves"]):
                booster.set_leaf_output(number, leaf, -booster.get_leaf_output(number, leaf))
        write_model(out, booster.model_to_string(), {})
        return result

    monkeypatch.setattr(tutors, "train_suggester", sabotage)
    releases = shop / "sabotaged"
    found = learn(request(shop, releases=releases, models=("suggester",)))
    (verdict,) = found.verdicts
    assert not verdict.accepted
    assert verdict.reason.startswith("not better")
    assert found.published  # what the log taught besides is worth publishing
    assert found.manifest is not None
    assert "with the models it had" in found.outcome
    assert not Workshop(ShopFolder(releases, "demo").path / "learned").has("suggester")


def test_nothing_to_learn_from(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to learn from"):
        learn(request(shop, events=(), releases=tmp_path))


def test_an_unknown_model_is_named(shop: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="oracle"):
        learn(request(shop, models=("oracle",), releases=tmp_path))
