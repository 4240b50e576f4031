"""The pages for people: the storefront of each shop, and its static files."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, select_autoescape

from api.http.element import PATH as ELEMENT
from api.http.element import install_element
from api.http.serving import ServingNow, ShopName

_WEB = Path(__file__).parents[1] / "web"
_STATIC = "/static"
# The page runs its own scripts and no others; product pictures may come from the shop's image host.
_POLICY = (
    "default-src 'self'; img-src 'self' data: https: http:; connect-src 'self' ws: wss:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

_templates = Environment(loader=FileSystemLoader(_WEB / "templates"), autoescape=select_autoescape(("html", "xml")))
router = APIRouter(include_in_schema=False)


def install_pages(app: FastAPI) -> None:
    """Add the pages to an app of `create_app`."""
    app.include_router(router)
    install_element(app)
    app.mount(_STATIC, StaticFiles(directory=_WEB / "static"), name="static")


@router.get("/")
async def home(serving: ServingNow) -> Response:
    """The only shop, or a list of them."""
    shops = sorted(serving.registry.releases_by_shop())
    if len(shops) == 1:
        return RedirectResponse(f"/shops/{shops[0]}")
    return _page("shops.html", shops=shops)


@router.get("/shops/{shop}")
async def storefront(
    request: Request, shop: ShopName, serving: ServingNow, locale: Annotated[str | None, Query(max_length=35)] = None
) -> Response:
    """A shop's search page; its address holds the whole state of a search."""
    config = (await serving.shop(shop)).current.config
    return _page(
        "storefront.html",
        shop=shop,
        title=config.title or shop,
        home=request.url.path,
        element=ELEMENT,
        locales=config.locales,
        locale=locale if locale in config.locales else config.locale,
        # Public by its nature: it tells which shop's page is asking, and rate limits can be tied to it.
        public_key=config.access.public_key or "",
    )


@router.get("/shops/{shop}/opensearch.xml")
async def opensearch(
    request: Request, shop: ShopName, serving: ServingNow, locale: Annotated[str | None, Query(max_length=35)] = None
) -> Response:
    """What a browser's search bar needs to know of the shop, by the OpenSearch 1.1 description format."""
    config = (await serving.shop(shop)).current.config
    body = _templates.get_template("opensearch.xml").render(
        shop=shop,
        title=config.title or shop,
        base=str(request.base_url).rstrip("/"),
        locale=locale if locale in config.locales else config.locale,
        public_key=config.access.public_key or "",
    )
    return Response(body, media_type="application/opensearchdescription+xml", headers={"Cache-Control": "no-cache"})


def _page(template: str, **values: object) -> HTMLResponse:
    body = _templates.get_template(template).render(static=_STATIC, **values)
    return HTMLResponse(body, headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})
