"""A shop's configuration: one TOML file, every knob with a default, errors that say the line."""

import re
import tomllib
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from data.currency import is_currency
from data.errors import ConfigError

_LOCALE = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"


class _Section(BaseModel):
    """Frozen, and strict about names: a misspelt knob is an error, not a default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CatalogConfig(_Section):
    """How the catalogue's rows are read."""

    fields: dict[str, str] = Field(default_factory=dict, description="canonical field = column of the file")
    ignore: tuple[str, ...] = Field(default=(), description="columns to leave out; any other becomes an attribute")
    defaults: dict[str, str] = Field(default_factory=dict, description="canonical field = value where a row says none")
    not_from_titles: tuple[str, ...] = Field(
        default=(), description="attributes that a build must not fill from titles; `*` is all of them"
    )
    quarantine_share: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="largest share of bad rows; more than that is a wrong file, not a bad row",
    )
    longest_description: int = Field(
        default=20_000, ge=200, description="characters kept; the longest of 19,406 Icecat products has under 4,000"
    )
    highest_price: float = Field(
        default=10_000_000, gt=0, description="in the currency's main unit; above it is a typing error"
    )


class SearchConfig(_Section):
    """What is searched and how much is shown."""

    searchable: tuple[str, ...] = Field(
        default=(), description="attributes searched as text besides title and description"
    )
    page_size: int = Field(default=24, ge=1, le=200, description="results when a request does not say")
    bm25_weight: float = Field(default=0.6, ge=0, le=1, description="share of the words in a product's score")
    concept_weight: float = Field(
        default=0.2, ge=0, le=1, description="share of product type, brand and values; 0 switches them off"
    )
    dense_weight: float = Field(
        default=0.2, ge=0, le=1, description="share of the vectors, where the shop has them; 0 switches them off"
    )
    spelling: bool = Field(default=True, description="whether sure corrections are applied; otherwise only offered")
    rerank: bool = Field(default=True, description="whether a learned order is used, where the release has one")
    expansions: bool = Field(default=True, description="whether words that mean the same are searched too")


class SuggestConfig(_Section):
    """What may be suggested."""

    minimum_people: int = Field(
        default=5, ge=1, description="different people behind a logged query before others see it"
    )
    half_life_days: float = Field(default=30, gt=0, description="after which a logged search counts half")
    limit: int = Field(default=8, ge=1, le=50, description="suggestions when a request does not say")
    blocked: tuple[str, ...] = Field(
        default=(), description="words or phrases that are never suggested; a list is better in a file, see [safety]"
    )


class SafetyConfig(_Section):
    """What is never suggested, besides private data and what few people asked."""

    block_lists: dict[str, str] = Field(
        default_factory=dict,
        description="locale (und: every one) = file of words and phrases, one a line; beside the shop's file",
    )

    @field_validator("block_lists")
    @classmethod
    def _check_locales(cls, block_lists: dict[str, str]) -> dict[str, str]:
        for locale in block_lists:
            if not re.fullmatch(_LOCALE, locale):
                raise ValueError(f"expected BCP 47 locales or 'und', got {locale!r}")
        return block_lists


class GateConfig(_Section):
    """By how much a release may be worse than its parent and still be published."""

    zero_result_rise: float = Field(
        default=0.05, ge=0, le=1, description="rise of the share of queries that find nothing"
    )
    product_fall: float = Field(default=0.2, ge=0, le=1, description="fall of the number of products, as a share")
    quality_fall: float = Field(
        default=0.05, ge=0, le=1, description="fall of a measured quality, as a share of the parent's"
    )


class BudgetConfig(_Section):
    """Time a stage of one search may take, in milliseconds; a late stage is skipped and named in `degraded`."""

    understanding_ms: float = Field(default=10, gt=0)
    bm25_ms: float = Field(default=20, gt=0)
    concept_ms: float = Field(default=10, gt=0)
    dense_ms: float = Field(default=15, gt=0)
    facets_ms: float = Field(default=20, gt=0)
    rerank_ms: float = Field(default=10, gt=0)


class ReleaseConfig(_Section):
    """What is kept of old releases."""

    keep: int = Field(default=5, ge=1, description="releases that prune leaves, the current one included")
    grace_minutes: float = Field(default=30, ge=0, description="how long cursors of the release before still work")


class AccessConfig(_Section):
    """Who may read, and whose pages may log events."""

    public_key: str | None = Field(
        default=None, min_length=8, description="asked of every reader when set; pages log events with it"
    )
    open_reading: bool = Field(default=False, description="readers need no key; it is for events alone")
    allowed_origins: tuple[str, ...] = Field(default=(), description="of browsers; empty: the server's own pages only")

    @property
    def reading_key(self) -> str | None:
        """What readers are asked for, if anything."""
        return None if self.open_reading else self.public_key


class ShopConfig(_Section):
    """All there is to say about a shop besides its products; `ShopConfig(name="x")` works."""

    name: str = Field(description="letters, digits, - and _; names its folder and its URLs")
    title: str = Field(default="", description="for people; the name when empty")
    locales: tuple[str, ...] = Field(
        default=("en",), min_length=1, description="BCP 47, the first is the default and fallback"
    )
    currency: str | None = Field(
        default=None, description="ISO 4217; of prices that say none and of 'under 50' in a query"
    )
    time_zone: str = Field(default="UTC", description="IANA name; suggestions know its months and times of day")
    facets: tuple[str, ...] | None = Field(
        default=None, description="fields to offer, in order; None: chosen from the data"
    )
    encoder: Literal["auto", "off", "cooccurrence"] = Field(
        default="auto", description="auto: fitted on the shop's texts and switched off where it does not help"
    )
    catalog: CatalogConfig = CatalogConfig()
    search: SearchConfig = SearchConfig()
    suggest: SuggestConfig = SuggestConfig()
    safety: SafetyConfig = SafetyConfig()
    gates: GateConfig = GateConfig()
    budgets: BudgetConfig = BudgetConfig()
    releases: ReleaseConfig = ReleaseConfig()
    access: AccessConfig = AccessConfig()

    @property
    def locale(self) -> str:
        """The default locale."""
        return self.locales[0]

    def locale_of(self, said: str | None) -> str:
        """The locale that a request means: one of the shop's in whatever case, or with `_`; its own when it says none.

        Another language's stays as it was said: what answers for it is found along its chain.
        """
        if not said:
            return self.locale
        if said in self.locales:
            return said
        plain = said.replace("_", "-")
        same = (each for each in self.locales if each.casefold() == plain.casefold())
        language, _, rest = plain.partition("-")
        return next(same, "-".join(filter(None, (language.casefold(), rest))))

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name):
            raise ValueError("expected 1 to 64 letters, digits, - or _, the first a letter or digit")
        return name

    @field_validator("locales")
    @classmethod
    def _check_locales(cls, locales: tuple[str, ...]) -> tuple[str, ...]:
        for locale in locales:
            if not re.fullmatch(_LOCALE, locale):
                raise ValueError(f"expected BCP 47 locales such as 'en' or 'de-CH', got {locale!r}")
        return locales

    @field_validator("currency")
    @classmethod
    def _check_currency(cls, currency: str | None) -> str | None:
        if currency is not None and not is_currency(currency):
            raise ValueError(f"expected an ISO 4217 code such as EUR, got {currency!r}")
        return currency

    @field_validator("time_zone")
    @classmethod
    def _check_time_zone(cls, time_zone: str) -> str:
        if time_zone not in available_timezones():
            raise ValueError(f"expected an IANA name such as Europe/Berlin, got {time_zone!r}")
        return time_zone


def load_shop(path: Path | None = None, name: str | None = None) -> ShopConfig:
    """A shop's file as its configuration.

    Args:
        path: A TOML file; `None` gives the defaults.
        name: Of the shop; wins over the file's, and over the file's own name, which is the last resort.

    Raises:
        ConfigError: With the file, the line and the knob, what was expected and what came.
    """
    if path is None:
        return parse_shop("", name or "shop", "the defaults")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    return parse_shop(text, name, str(path), default_name=path.stem)


def parse_shop(text: str, name: str | None, source: str, default_name: str = "shop") -> ShopConfig:
    """The configuration that a TOML text says; see `load_shop`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: {error}") from error
    table["name"] = name or table.get("name", default_name)
    try:
        return ShopConfig.model_validate(table)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(text, source, problem) for problem in error.errors())) from error


def _explain(text: str, source: str, problem: Any) -> str:
    """One line for one wrong knob."""
    path = [str(step) for step in problem["loc"]]
    what = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        known = _knobs(path[:-1])
        return f"{source}:{_line(text, path)}: no setting is called {'.'.join(path)!r}; there are {', '.join(known)}"
    return f"{source}:{_line(text, path)}: {'.'.join(path)}: {what}" + (
        "" if "got" in what else f", got {problem['input']!r}"
    )


def _knobs(section: list[str]) -> list[str]:
    model: type[BaseModel] = ShopConfig
    for step in section:
        model = model.model_fields[step].annotation  # type: ignore[assignment]  # sections are models
    return sorted(model.model_fields)


def _line(text: str, path: list[str]) -> int:
    """The line, from 1, of the deepest part of the path that the file names itself."""
    found, section, depth = 1, [], 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        if header:
            section = [step.strip().strip("\"'") for step in header.group(1).split(".")]
            reached = section
        else:
            key = re.match(r"\s*([^=#]+?)\s*=", line)
            if key is None:
                continue
            reached = section + [step.strip().strip("\"'") for step in key.group(1).split(".")]
        if reached == path[: len(reached)] and len(reached) > depth:
            found, depth = number, len(reached)
    return found
