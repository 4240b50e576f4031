"""The wire's names: pydantic at the door for what comes in, plain dictionaries for what goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from autocomplete.suggestion import Suggestion
from understanding.understanding import Understanding

MAX_LOCALE = 35  # BCP 47, RFC 5646 section 4.4.1
MAX_NAME = 200
MAX_SIZE = 200
MAX_LIMIT = 50

Name = Annotated[str, StringConstraints(max_length=MAX_NAME)]
Locale = Annotated[str, StringConstraints(max_length=MAX_LOCALE, pattern=r"^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$")]
Scalar = Annotated[str, StringConstraints(max_length=1000)] | bool | float


class Body(BaseModel):
    """A misspelt name is an error, not something to ignore."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FilterBody(Body):
    """Conditions on one field; all of them must hold."""

    in_: Annotated[list[Scalar] | None, Field(alias="in", max_length=1000)] = None
    not_: Annotated[list[Scalar] | None, Field(alias="not", max_length=1000)] = None
    gte: float | None = None
    gt: float | None = None
    lte: float | None = None
    lt: float | None = None
    exists: bool | None = None


class SearchBody(Body):
    """A search; without a query it browses what passes the filters."""

    query: str = ""
    image: Annotated[None, Field(description="Searching by picture is not built yet.")] = None
    filters: Annotated[dict[Name, FilterBody], Field(max_length=50)] = {}
    facets: Annotated[list[Name] | None, Field(max_length=50)] = None
    sort: Name | None = None
    size: Annotated[int | None, Field(ge=0, le=MAX_SIZE)] = None
    cursor: Annotated[str | None, Field(max_length=2000)] = None
    locale: Locale | None = None
    session: Name | None = None
    user: Name | None = None
    experiment: Name | None = None
    explain: bool = False

    def plain_filters(self) -> dict[str, dict[str, Any]]:
        """By field and operator, as retrieval reads them."""
        return {
            field: condition.model_dump(by_alias=True, exclude_none=True) for field, condition in self.filters.items()
        }


class ProblemBody(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str


class SuggestionBody(BaseModel):
    """One suggestion."""

    text: str
    kind: Literal["query", "category", "brand", "attribute", "product"]
    source: Literal["log", "graph", "generated", "recent", "trending", "curated"]
    highlights: list[tuple[int, int]]
    score: float
    scope: str | None = None
    concept_id: str | None = None
    product_id: str | None = None
    image: str | None = None
    correction: dict[str, Any] | None = None
    reasons: dict[str, Any] | None = None


class SuggestAnswer(BaseModel):
    """The answer to one keystroke; over a socket it bears the keystroke's `seq`."""

    suggest_id: str
    suggestions: list[SuggestionBody]
    took_us: int
    release: str


class HitBody(BaseModel):
    """One product found."""

    product_id: str
    group_id: str
    title: str
    url: str | None
    image: str | None
    price_minor: int | None
    currency: str | None
    in_stock: bool
    score: float
    highlights: Any
    reasons: Any


class SearchAnswer(BaseModel):
    """The answer to one search; `explain` is there when it was asked for."""

    query_id: str
    results: list[HitBody]
    total: int
    facets: Any
    understanding: dict[str, Any]
    corrections: list[dict[str, Any]]
    cursor: str | None
    took_ms: float
    release: str
    degraded: list[str]
    explain: Any = None


class SimilarAnswer(BaseModel):
    """Products like another one."""

    results: list[HitBody]
    took_ms: float
    release: str


class UnderstandAnswer(BaseModel):
    """What was read from a query."""

    query: str
    locale: str
    text: str
    mentions: list[dict[str, Any]]
    constraints: list[dict[str, Any]]
    intents: list[dict[str, Any]]
    categories: list[dict[str, Any]]
    aspects: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    expansions: list[dict[str, Any]]
    took_us: int
    release: str


class WriteAnswer(BaseModel):
    """Acknowledged and durable: how many, the log's position of the last one, what was mended in them."""

    accepted: int
    position: int
    mended: list[dict[str, str]] | None = None


class ForgetAnswer(BaseModel):
    """Durable: how many events of the person there were in the shop's log."""

    deleted_events: int


class JsonResponse(Response):
    """JSON by orjson: dataclasses, enums and numpy arrays as they are."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Bytes of the body."""
        return encode(content)


def encode(content: Any) -> bytes:
    """JSON; NaN becomes null."""
    return orjson.dumps(content, default=plain, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS)


def plain(value: Any) -> Any:
    """What orjson does not know by itself."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no form on the wire")


def suggestion_json(suggestion: Suggestion, explain: bool) -> dict[str, Any]:
    """What is not there is left out; reasons are given when asked for."""
    wire: dict[str, Any] = {
        "text": suggestion.text,
        "kind": suggestion.kind.value,
        "source": suggestion.source.value,
        "highlights": suggestion.highlights,
        "score": suggestion.score,
    }
    if suggestion.scope is not None:
        wire["scope"] = suggestion.scope
    if suggestion.concept_id is not None:
        wire["concept_id"] = suggestion.concept_id
    if suggestion.product_id is not None:
        wire["product_id"] = suggestion.product_id
    if suggestion.image is not None:
        wire["image"] = suggestion.image
    if suggestion.correction is not None:
        wire["correction"] = suggestion.correction
    if explain:
        wire["reasons"] = suggestion.reasons
    return wire


def understanding_json(understanding: Understanding) -> dict[str, Any]:
    """Without ordinals, which mean nothing outside the release."""
    parts = ("mentions", "constraints", "intents", "categories", "aspects", "corrections", "expansions")
    return {
        "query": understanding.query.text,
        "locale": understanding.query.locale,
        "text": understanding.text,
        **{name: [_without_ordinal(part) for part in getattr(understanding, name)] for name in parts},
    }


def _without_ordinal(part: Any) -> dict[str, Any]:
    if not is_dataclass(part):
        raise TypeError(f"{type(part).__name__} has no form on the wire")
    return {field.name: getattr(part, field.name) for field in fields(part) if field.name != "concept"}
