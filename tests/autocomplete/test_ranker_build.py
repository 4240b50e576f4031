"""A model and its columns in a release: written, opened, refused, and absent."""

import json
from pathlib import Path

import pytest

from api.evaluate.prefixes import PrefixCase
from api.evaluate.suggest import Subject, matches_of, most_popular, with_model
from api.train.keystrokes import sample, typings_of
from api.train.suggester import fit, write_model
from api.train.suggester_examples import examples
from autocomplete.build import build_autocomplete
from autocomplete.context import Context
from autocomplete.load import load_autocomplete
from autocomplete.locale_completer import LocaleCompleter
from autocomplete.log.history import DAY_MS
from autocomplete.log.local_time import LocalClock
from autocomplete.log.mined import MinedLog
from autocomplete.prefix import Prefix
from autocomplete.ranking.ranker import SuggestionRanker
from autocomplete.ranking.session import NOBODY
from data.errors import InputError, ModelMismatch, ReleaseDamaged
from data.shop import ShopConfig
from tests.autocomplete import prefix_log

CONFIG = ShopConfig(name="cups")
NOW = Context((prefix_log.FIRST_DAY + prefix_log.DAYS) * DAY_MS)


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prefix_log.write_mined(tmp_path_factory.mktemp("mined"), people_a_day=30)


@pytest.fixture(scope="module")
def model(mined: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    held = prefix_log.completer()
    log = MinedLog(mined, held.completions, "en")
    typings = sample(typings_of(log, held), 3_000, 0)
    catalogue = prefix_log.catalogue(held)
    groups = examples(held, catalogue, log.history(), log.prefix_log(), typings, lambda *_: NOBODY, 8, 0)
    folder = tmp_path_factory.mktemp("models") / "suggester"
    write_model(folder, *fit(groups, 0))
    return folder


def texts(held: LocaleCompleter, prefix: str) -> list[str]:
    return [each.text for each in held.complete(Prefix(prefix), NOW)]


def test_a_release_carries_its_model_and_columns(mined: Path, model: Path, tmp_path: Path) -> None:
    built = build_autocomplete(tmp_path, prefix_log.completions(), CONFIG, model, mined)
    opened = load_autocomplete(tmp_path, CONFIG)
    assert opened.uses_sessions
    assert texts(opened, "c") == texts(built, "c")
    assert texts(opened, "c")[0] == prefix_log.RISING
    ranking = opened.of("en").ranking
    assert ranking is not None
    assert ranking.columns.day == prefix_log.FIRST_DAY + prefix_log.DAYS
    assert ranking.columns.catalogue.names == {"cat": 1, "cot": 2, "cup": 3, "car": 4, "cow": 5}


def test_without_a_model_the_order_is_the_weights(mined: Path, tmp_path: Path) -> None:
    bare = build_autocomplete(tmp_path / "bare", prefix_log.completions(), CONFIG)
    with_columns = build_autocomplete(tmp_path / "columns", prefix_log.completions(), CONFIG, None, mined)
    assert not bare.uses_sessions
    assert not with_columns.uses_sessions
    expected = [match.text for match in prefix_log.completer().match("c", 8)]
    assert texts(bare, "c") == texts(with_columns, "c") == expected


def test_a_release_from_before_models_opens(tmp_path: Path) -> None:
    build_autocomplete(tmp_path, prefix_log.completions(), CONFIG)
    for each in (tmp_path / "en" / "ranking").iterdir():
        each.unlink()
    (tmp_path / "autocomplete.json").write_text('{"format":2,"locales":["en"]}')
    assert texts(load_autocomplete(tmp_path, CONFIG), "cat b")


def test_a_model_needs_what_was_mined(model: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected what was mined"):
        build_autocomplete(tmp_path, prefix_log.completions(), CONFIG, model)


def test_a_release_with_a_damaged_model_is_refused_by_name(mined: Path, model: Path, tmp_path: Path) -> None:
    build_autocomplete(tmp_path, prefix_log.completions(), CONFIG, model, mined)
    trees = tmp_path / "suggester" / "trees.txt"
    trees.write_bytes(trees.read_bytes()[:-100])
    with pytest.raises(ReleaseDamaged, match=r"suggester/trees\.txt"):
        load_autocomplete(tmp_path, CONFIG)


def test_another_model_is_evaluated_on_a_releases_completions(mined: Path, model: Path, tmp_path: Path) -> None:
    plain = build_autocomplete(tmp_path, prefix_log.completions(), CONFIG)
    ranker = SuggestionRanker.load(model)
    with pytest.raises(InputError, match="--mined"):
        with_model(plain, tmp_path, ranker, None, LocalClock())
    held = with_model(plain, tmp_path, ranker, mined, LocalClock())
    case = PrefixCase("c", prefix_log.RISING)
    subject = Subject(held, [case])
    assert matches_of(subject.of(case), case)[0].text == prefix_log.RISING
    assert prefix_log.RISING not in most_popular(subject.of(case), case)


def test_a_model_of_other_features_leaves_the_order_to_the_weights(
    mined: Path, model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build_autocomplete(tmp_path, prefix_log.completions(), CONFIG, model, mined)
    manifest = tmp_path / "suggester" / "suggester.json"
    described = json.loads(manifest.read_text())
    described["features"].append("horoscope")
    manifest.write_text(json.dumps(described))
    opened = load_autocomplete(tmp_path, CONFIG)
    assert not opened.uses_sessions
    assert texts(opened, "c") == [match.text for match in prefix_log.completer().match("c", 8)]
    assert "horoscope" in caplog.text
    with pytest.raises(ModelMismatch, match="horoscope"):
        build_autocomplete(tmp_path / "again", prefix_log.completions(), CONFIG, tmp_path / "suggester", mined)
