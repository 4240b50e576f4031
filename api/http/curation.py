"""What curators say of suggestions while the shop is open: acknowledged is durable, and soon seen on every worker."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.responses import Response

from api.assembly import now_ms
from api.http.serving import Serving, ServingNow, WritingShop
from api.http.wire import Body, JsonResponse, Locale
from api.shop import Shop
from data.curation import (
    EVERY_LOCALE,
    LATEST_MS,
    LONGEST_TEXT,
    MOST_PLACES,
    Ban,
    CurationStore,
    Entry,
    Label,
    Pin,
    check_locale,
)

router = APIRouter(tags=["curation"])

Text = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
Prefix = Annotated[str, Field(max_length=LONGEST_TEXT)]
AskedText = Annotated[str, Query(min_length=1, max_length=LONGEST_TEXT, description="Of the entry; case is all one.")]
AskedLocale = Annotated[Locale, Query(description="Of the entry; `und` stands for every locale.")]
_PATH = "/v1/shops/{shop}/curation"


class BanBody(Body):
    """A text that is not suggested."""

    text: Text
    locale: Locale = EVERY_LOCALE
    within: Annotated[bool, Field(description="Longer texts that hold these words are banned too.")] = False


class PinBody(Body):
    """A text that stands first while a prefix is being typed."""

    prefix: Prefix
    text: Text
    locale: Locale = EVERY_LOCALE
    place: Annotated[int, Field(ge=1, le=MOST_PLACES, description="Among pins of the prefix.")] = 1
    until_ms: Annotated[
        int | None, Field(gt=0, le=LATEST_MS, description="UTC epoch milliseconds from which on it holds no longer.")
    ] = None


class LabelBody(Body):
    """A text that is suggested from now on."""

    text: Text
    locale: Locale = EVERY_LOCALE
    concept_id: Annotated[str | None, Field(max_length=LONGEST_TEXT)] = None


class CurationAnswer(Body):
    """Everything that holds."""

    revision: int
    bans: list[BanBody]
    pins: list[PinBody]
    labels: list[LabelBody]


class PutAnswer(Body):
    """What came of an entry: how many groups of products in stock its text finds. One that finds none is not shown."""

    revision: int
    finds: int


class BanAnswer(PutAnswer):
    """The same, and whether longer texts are banned too: a ban that holds is not made narrower by another."""

    within: bool


class DropAnswer(Body):
    """Whether there was such an entry."""

    revision: int
    dropped: bool


@router.get(_PATH, summary="What curators said", response_model=None, responses={200: {"model": CurationAnswer}})
async def get_curation(shop: WritingShop, serving: ServingNow) -> Response:
    """Every ban, pin and new text, in the order of locale and text."""
    held = await _written(serving, shop, lambda store: store.read())
    fields = {"bans": held.bans, "pins": held.pins, "labels": held.labels}
    return JsonResponse({"revision": held.revision, **fields})


@router.put(f"{_PATH}/bans", summary="Ban a text", response_model=None, responses={200: {"model": BanAnswer}})
async def put_ban(shop: WritingShop, serving: ServingNow, body: BanBody) -> Response:
    """Suggested no longer, by any worker, within two seconds; said twice it changes nothing.

    Without `within` it leaves a ban of longer texts with the same words as it is, which the answer says.
    """
    return await _put(serving, shop, Ban(body.text, body.locale, body.within))


@router.delete(f"{_PATH}/bans", summary="Lift a ban", response_model=None, responses={200: {"model": DropAnswer}})
async def delete_ban(
    shop: WritingShop, serving: ServingNow, text: AskedText, locale: AskedLocale = EVERY_LOCALE
) -> Response:
    """What the release has comes back."""
    return await _drop(serving, shop, Ban(text, locale))


@router.put(f"{_PATH}/pins", summary="Pin a text", response_model=None, responses={200: {"model": PutAnswer}})
async def put_pin(shop: WritingShop, serving: ServingNow, body: PinBody) -> Response:
    """It stands first from this prefix on, as long as what is typed begins it; an empty prefix is the empty box."""
    return await _put(serving, shop, Pin(body.prefix, body.text, body.locale, body.place, body.until_ms))


@router.delete(f"{_PATH}/pins", summary="Take a pin out", response_model=None, responses={200: {"model": DropAnswer}})
async def delete_pin(
    shop: WritingShop,
    serving: ServingNow,
    text: AskedText,
    prefix: Annotated[str, Query(max_length=LONGEST_TEXT, description="Of the pin.")] = "",
    locale: AskedLocale = EVERY_LOCALE,
) -> Response:
    """Of this prefix; pins of others stay."""
    return await _drop(serving, shop, Pin(prefix, text, locale))


@router.put(f"{_PATH}/labels", summary="Suggest a new text", response_model=None, responses={200: {"model": PutAnswer}})
async def put_label(shop: WritingShop, serving: ServingNow, body: LabelBody) -> Response:
    """As if the release had it, as long as products in stock are found for it."""
    return await _put(serving, shop, Label(body.text, body.locale, body.concept_id))


@router.delete(
    f"{_PATH}/labels", summary="Take a new text back", response_model=None, responses={200: {"model": DropAnswer}}
)
async def delete_label(
    shop: WritingShop, serving: ServingNow, text: AskedText, locale: AskedLocale = EVERY_LOCALE
) -> Response:
    """What the release itself has stays."""
    return await _drop(serving, shop, Label(text, locale))


async def _put(serving: Serving, shop: Shop, entry: Entry) -> Response:
    release = shop.current
    check_locale(entry, release.config.locales)
    revision = await _written(serving, shop, lambda store: store.put(entry, now_ms()))
    locale = release.locale if entry.locale == EVERY_LOCALE else entry.locale
    # May be a search: not on the loop that answers keystrokes.
    search = partial(release.count_in_stock, entry.text, locale)
    finds = await asyncio.get_running_loop().run_in_executor(serving.search_threads, search)
    answer = {"revision": revision, "finds": finds}
    if isinstance(entry, Ban):
        held = await _written(serving, shop, lambda store: store.find(entry))
        # Somebody else may have lifted it meanwhile.
        answer["within"] = isinstance(held, Ban) and held.within
    return JsonResponse(answer)


async def _drop(serving: Serving, shop: Shop, entry: Entry) -> Response:
    revision, dropped = await _written(serving, shop, lambda store: store.drop(entry))
    return JsonResponse({"revision": revision, "dropped": dropped})


async def _written(serving: Serving, shop: Shop, act: Callable[[CurationStore], Any]) -> Any:
    return await asyncio.get_running_loop().run_in_executor(serving.log_threads, lambda: act(shop.curation))
