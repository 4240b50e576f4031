import tomllib
from pathlib import Path

import pytest

from data.errors import ConfigError
from data.shop import ShopConfig, load_shop, parse_shop

ROOT = Path(__file__).parents[2]


def test_everything_has_a_default() -> None:
    config = ShopConfig(name="x")
    assert (config.locale, config.currency, config.facets, config.suggest.minimum_people) == ("en", None, None, 5)
    assert load_shop(None, "x") == config


def test_names(tmp_path: Path) -> None:
    path = tmp_path / "books.toml"
    path.write_text("\ufefftitle = 'B'", encoding="utf-8")
    assert load_shop(path).name == "books"
    assert load_shop(path, "other").name == "other"
    path.write_text("name = 'mine'")
    assert load_shop(path).name == "mine"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "a"\nlocales = ["x y"]\n', "s.toml:2: locales: expected BCP 47 locales"),
        ("[search]\n# comment\npage_sze = 3\n", "s.toml:3: no setting is called 'search.page_sze'; there are "),
        ("[sugest]\nlimit = 3\n", "s.toml:1: no setting is called 'sugest'"),
        ('\ncurrency = "EURO"\n', "s.toml:2: currency: expected an ISO 4217 code such as EUR, got 'EURO'"),
        ("[gates]\nproduct_fall = 3\n", "s.toml:2: gates.product_fall: "),
        ("gates.product_fall = 3\n", "s.toml:1: gates.product_fall: "),
        ("[catalog.fields]\na = 'b'\ntitle = 5\n", "s.toml:3: catalog.fields.title: "),
        ("time_zone = 'Mars/North'\n", "s.toml:1: time_zone: expected an IANA name such as Europe/Berlin"),
        ("encoder = 'best'\n", "s.toml:1: encoder: "),
        ("name = '../up'\n", "s.toml:1: name: expected 1 to 64 letters"),
        ("name = 'a'\nname = 'b'\n", "line 2"),
        ("[gates\n", "line 1"),
    ],
)
def test_errors_say_the_line_and_the_knob(text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_shop(text, None, "s.toml")
    assert says in str(caught.value)


def test_every_error_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_shop("currency = 'X'\n[suggest]\nlimit = 0\n", None, "s.toml")
    assert [line.split(" ")[0] for line in str(caught.value).splitlines()] == ["s.toml:1:", "s.toml:3:"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        load_shop(tmp_path / "none.toml")
    path = tmp_path / "bad.toml"
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(ConfigError, match=r"bad\.toml.*UTF-8"):
        load_shop(path)


def test_the_example_is_valid_and_its_defaults_are_the_defaults() -> None:
    path = ROOT / "shops" / "example.toml"
    example, default = load_shop(path), ShopConfig(name="x")
    for line in path.read_text().splitlines():
        assert line.startswith("[[") is False
    for section in ("search", "suggest", "gates", "releases", "access"):
        assert getattr(example, section) == getattr(default, section), section
    assert example.catalog.model_copy(update={"fields": {}, "ignore": (), "defaults": {}}) == default.catalog
    assert set(tomllib.loads(path.read_text())["catalog"]["fields"]) >= {"product_id", "title", "attributes.colour"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (None, "en"),
        ("", "en"),
        ("ja", "ja"),
        ("JA", "ja"),
        ("pt_br", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("DE", "de"),
        ("de_AT", "de-AT"),
        ("JA-jp", "ja-jp"),
        ("xx", "xx"),
    ],
)
def test_a_request_may_write_a_locale_in_any_case(said: str | None, meant: str) -> None:
    assert ShopConfig(name="x", locales=("en", "ja", "pt-BR")).locale_of(said) == meant
