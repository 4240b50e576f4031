"""Live products: upserts, patches, deletes; acknowledged is durable and, on this worker, visible."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import Response

from api.assembly import now_ms
from api.http.problems import Problem, printable
from api.http.serving import ReadingShop, Serving, ServingNow, WritingShop
from api.http.strict_json import StrictJsonRoute
from api.http.wire import JsonResponse, Locale, WriteAnswer
from api.shop import Shop
from data.errors import BadRow, InputError, ProductNotFound
from data.overlay_log import INHERIT, Change
from data.product import Product
from data.product_row import ProductReader

router = APIRouter(tags=["products"], route_class=StrictJsonRoute)
_RESPONSES: dict[int | str, dict[str, Any]] = {200: {"model": WriteAnswer}}
ProductId = Annotated[str, Path(description="The product's id.", max_length=500)]
Version = Annotated[
    int | None, Query(ge=0, lt=2**53, description="Of the product after the change; refused when smaller than held.")
]

# One transaction; larger feeds come in several, or as a build.
_MAX_BATCH = 10_000
_SHOWN = 20
_UPSERT_EXAMPLE = [
    {
        "product_id": "jacket-1-blue-m",
        "group_id": "jacket-1",
        "title": "Wool jacket, blue",
        "brand": "Acme",
        "category": ["Clothing", "Jackets"],
        "attributes": {"colour": "blue", "size": "M"},
        "price": "119.00",
        "currency": "EUR",
        "stock": 4,
    }
]


@router.post("/v1/shops/{shop}/products", summary="Add or replace products", response_model=None, responses=_RESPONSES)
async def post_products(
    shop: WritingShop,
    serving: ServingNow,
    body: Annotated[list[Any] | dict[str, Any], Body(examples=[_UPSERT_EXAMPLE])],
) -> Response:
    """One product, a list, or `{"products": [...]}`, in the form of the catalogue's JSON: all are taken, or none."""
    records = body if isinstance(body, list) else body.get("products", [body])
    if not isinstance(records, list) or not 1 <= len(records) <= _MAX_BATCH:
        raise InputError(f"expected 1 to {_MAX_BATCH} products; send more of them in several requests")
    at_ms = now_ms()
    products, mended = _read_all(records, shop)
    changes = [
        Change(0, at_ms, product.product_id, "upsert", product, None, product.version or INHERIT)
        for product in products
    ]
    return await _append(serving, shop, changes, mended)


@router.patch(
    "/v1/shops/{shop}/products/{product_id}",
    summary="Change some fields of a product",
    response_model=None,
    responses=_RESPONSES,
)
async def patch_product(
    shop: WritingShop,
    serving: ServingNow,
    product_id: ProductId,
    body: Annotated[dict[str, Any], Body(examples=[{"stock": 0}, {"price_minor": 9900, "currency": "EUR"}])],
    version: Version = None,
) -> Response:
    """Price, stock, texts, attributes; `null` clears. A version may also stand in the body."""
    fields = dict(body)
    given = fields.pop("version", version)
    if given is not None and (type(given) is not int or not 0 <= given < 2**53):
        raise InputError(f"version: expected a whole number from 0, got {given!r}")
    change = Change(0, now_ms(), product_id, "patch", None, fields, INHERIT if given is None else given)
    return await _append(serving, shop, [change])


@router.delete(
    "/v1/shops/{shop}/products/{product_id}", summary="Take a product out", response_model=None, responses=_RESPONSES
)
async def delete_product(
    shop: WritingShop, serving: ServingNow, product_id: ProductId, version: Version = None
) -> Response:
    """It is found no more, and no rollback brings it back."""
    change = Change(0, now_ms(), product_id, "delete", None, None, INHERIT if version is None else version)
    return await _append(serving, shop, [change])


@router.get("/v1/shops/{shop}/products/{product_id}", summary="A product as it is held", response_model=None)
async def get_product(
    shop: ReadingShop,
    product_id: ProductId,
    locale: Annotated[Locale | None, Query(description="Gives `title` and `description` in it as well.")] = None,
) -> Response:
    """With every live change this worker knows of."""
    release = shop.current
    product = release.engine.product(product_id)
    if product is None:
        raise ProductNotFound(f"there is no product {product_id!r} in shop {shop.name!r}")
    text = product.text(release.config.locale_of(locale), release.config.locales)
    return JsonResponse(
        {
            **{name: getattr(product, name) for name in Product.__slots__},
            "title": text.title,
            "description": text.description,
            "in_stock": product.in_stock,
            "release": release.release_id,
        }
    )


def _read_all(records: Sequence[Any], shop: Shop) -> tuple[list[Product], list[dict[str, str]]]:
    """Every product and what had to be mended, by the catalogue's own rules; or a problem naming every bad one."""
    config = shop.current.config
    reader = ProductReader(config.catalog, config.locale, config.currency)
    products: list[Product] = []
    mended: list[dict[str, str]] = []
    errors: list[dict[str, str]] = []
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            errors.append({"at": f"body.{number}", "detail": "expected an object"})
            continue

        def report(field: str, reason: str, number: int = number) -> None:
            mended.append({"at": f"body.{number}.{field}", "detail": printable(reason)})

        try:
            products.append(reader.read(record, report))
        except BadRow as error:
            errors.append({"at": f"body.{number}.{error.field}", "detail": printable(error.reason)})
    if errors:
        raise Problem(
            422,
            "invalid-request",
            "The request is not valid",
            f"{len(errors)} of {len(records)} products cannot be taken, so none was: "
            f"{errors[0]['at']}: {errors[0]['detail']}",
            errors=errors[:_SHOWN],
        )
    return products, mended


async def _append(
    serving: Serving, shop: Shop, changes: Sequence[Change], mended: Sequence[dict[str, str]] = ()
) -> Response:
    written = await asyncio.get_running_loop().run_in_executor(serving.log_threads, shop.append, changes)
    for change in written:
        serving.metrics.changes.labels(change.kind).inc()
    answer: dict[str, Any] = {"accepted": len(written), "position": written[-1].position}
    if mended:
        answer["mended"] = mended[:_SHOWN]
    return JsonResponse(answer)
