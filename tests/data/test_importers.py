"""Feeds of other programs become the products they describe."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.import_ import app
from data.catalog import read_products
from data.errors import InputError
from data.event import read_events
from data.importers.google_merchant import import_google_merchant
from data.importers.homedepot import import_homedepot
from data.importers.icecat import import_icecat
from data.importers.outcome import CATALOG_FILE, EVENTS_FILE, JUDGMENTS_FILE, QUARANTINE_FILE
from data.importers.shopify_csv import import_shopify_csv
from data.judgment import read_judgments
from data.product import Product, ProductText, Quantity
from data.quarantine import Quarantine
from data.shop import ShopConfig

ROOT = Path(__file__).parents[2]
CONFIG = ShopConfig(name="test", currency="EUR")
NOW_MS = 1_770_000_000_000  # 2026-02-02


def catalog(folder: Path) -> list[Product]:
    return read_products(folder / CATALOG_FILE, CONFIG, Quarantine())


RSS = """<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0" version="2.0"><channel><title>Shop</title><link>https://s.example</link>
<item>
  <g:id>A1</g:id><g:item_group_id>A</g:item_group_id><title>Rain jacket &amp; hood</title>
  <description><![CDATA[<p>Keeps <b>dry</b></p>]]></description>
  <link>https://s.example/a 1</link><g:image_link>https://s.example/a1.jpg</g:image_link>
  <g:price>89.90 EUR</g:price><g:sale_price>59.90 EUR</g:sale_price>
  <g:sale_price_effective_date>SALE</g:sale_price_effective_date>
  <g:availability>out_of_stock</g:availability><g:product_type>Clothing &gt; Jackets</g:product_type>
  <g:google_product_category>1604</g:google_product_category>
  <g:brand>Acme</g:brand><g:color>Red/Blue</g:color><g:size>M</g:size><g:product_weight>400 g</g:product_weight>
  <g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping>
  <g:cost_of_goods_sold>20 EUR</g:cost_of_goods_sold>
  <g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Water column</g:attribute_name>
    <g:attribute_value>10000 mm</g:attribute_value></g:product_detail>
</item>
<item><g:id>A2</g:id><g:price>1 EUR</g:price></item>
</channel></rss>"""


@pytest.mark.parametrize(
    ("dates", "minor"),
    [
        ("2026-01-01T00:00:00Z/2026-03-01T00:00:00Z", 5990),
        ("2026-03-01T00:00:00Z/2026-04-01T00:00:00Z", 8990),
        ("whenever", 8990),
        ("", 5990),
    ],
)
def test_google_merchant_rss(tmp_path: Path, dates: str, minor: int) -> None:
    source = tmp_path / "feed.xml"
    source.write_text(RSS.replace("SALE", dates))
    quarantine = Quarantine()
    import_google_merchant(source, tmp_path, CONFIG, quarantine, NOW_MS)
    assert quarantine.rejected == 1
    assert catalog(tmp_path) == [
        Product(
            "A1",
            "A",
            {"en": ProductText("Rain jacket & hood", "Keeps dry")},
            "Acme",
            ("Clothing", "Jackets"),
            {
                "color": ("Red", "Blue"),
                "size": "M",
                "product_weight": Quantity(400.0, "g"),
                "water_column": Quantity(10_000.0, "mm"),
            },
            minor,
            "EUR",
            0,
            "https://s.example/a1.jpg",
            "https://s.example/a%201",
        )
    ]


def test_google_merchant_atom_and_table(tmp_path: Path) -> None:
    source = tmp_path / "feed.xml"
    source.write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title><entry>'
        '<g:id>1</g:id><title>Lamp</title><link href="https://s.example/1"/><g:price>9.50 USD</g:price>'
        "<g:availability>in stock</g:availability></entry></feed>"
    )
    import_google_merchant(source, tmp_path / "a", CONFIG, Quarantine(), NOW_MS)
    table = tmp_path / "feed.txt"
    table.write_text("id\ttitle\tlink\tprice\tavailability\n1\tLamp\thttps://s.example/1\t9.50 USD\tin stock\n")
    import_google_merchant(table, tmp_path / "b", CONFIG, Quarantine(), NOW_MS)
    expected = Product(
        "1", "1", {"en": ProductText("Lamp")}, price_minor=950, currency="USD", url="https://s.example/1"
    )
    assert catalog(tmp_path / "a") == catalog(tmp_path / "b") == [expected]


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE r [<!ENTITY a "xxxxxx"><!ENTITY b "&a;&a;">]><rss><item><id>1</id><title>&b;</title></item></rss>',
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><id>1</id><title>&x;</title></item></rss>',
        "<rss><item><id>1</id>",
        "<rss></rss>",
        "not xml",
        "<a>" * 50_000,
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, xml: str) -> None:
    source = tmp_path / "feed.xml"
    source.write_text(xml)
    with pytest.raises(InputError, match=r"feed\.xml"):
        import_google_merchant(source, tmp_path, CONFIG, Quarantine(), NOW_MS)
    assert not (tmp_path / CATALOG_FILE).exists()


SHOPIFY = """\
Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,\
Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,\
Variant Price,Image Src,Variant Image,Status,Fabric (product.metafields.shopify.fabric)
wool-tee,Wool tee,<p>Soft</p>,Acme,Apparel & Accessories > Clothing,Shirts,"wool, summer",true,Size,M,Color,Red,W-1,\
200,shopify,0,deny,29.90,https://s.example/1.jpg,,active,wool; silk
wool-tee,,,,,,,,,L,,Red,W-2,0,shopify,0,continue,31,,https://s.example/2.jpg,,
wool-tee,,,,,,,,,,,,,,,,,,https://s.example/3.jpg,,,
mug,Mug,,Beta,,Mugs,,true,Title,Default Title,,,SAME,,,,,9.50,,,active,
bowl,Bowl,,Beta,,Bowls,,true,Title,Default Title,,,SAME,,,,,9.50,,,active,
old,Old,,Beta,,Mugs,,true,Title,Default Title,,,,,,,,9.50,,,draft,
hidden,Hidden,,Beta,,Mugs,,false,Title,Default Title,,,,,,,,9.50,,,,
"""


def test_shopify(tmp_path: Path) -> None:
    source = tmp_path / "export.csv"
    source.write_text(SHOPIFY)
    quarantine = Quarantine()
    import_shopify_csv(source, tmp_path, CONFIG, quarantine)
    tee_m, tee_l, mug, bowl = catalog(tmp_path)
    assert tee_m == Product(
        "W-1",
        "wool-tee",
        {"en": ProductText("Wool tee", "Soft")},
        "Acme",
        ("Apparel & Accessories", "Clothing"),
        {
            "fabric": ("wool", "silk"),
            "type": "Shirts",
            "tags": ("wool", "summer"),
            "weight": Quantity(200.0, "g"),
            "size": "M",
            "color": "Red",
        },
        2990,
        "EUR",
        0,
        "https://s.example/1.jpg",
        "/products/wool-tee",
    )
    assert (tee_l.product_id, tee_l.group_id, tee_l.attributes["size"], tee_l.price_minor) == (
        "W-2",
        "wool-tee",
        "L",
        3100,
    )
    assert (tee_l.stock, tee_l.image) == (None, "https://s.example/2.jpg")  # sells on without stock
    assert [(one.product_id, one.category) for one in (mug, bowl)] == [("mug", ("Mugs",)), ("bowl", ("Bowls",))]
    assert (quarantine.counts["left out"], quarantine.rejected) == (3, 0)
    (tmp_path / "other.csv").write_text("id,title\n1,x\n")
    with pytest.raises(InputError, match="Handle"):
        import_shopify_csv(tmp_path / "other.csv", tmp_path, CONFIG, Quarantine())


def test_the_command_writes_what_the_build_reads(tmp_path: Path) -> None:
    feed, shop = tmp_path / "my.csv", tmp_path / "my.toml"
    feed.write_text("Nr;Name;Preis\n1;Stuhl;9,50\n2;;3\n")
    shop.write_text('currency = "CHF"\nlocales = ["de"]\n[catalog.fields]\nproduct_id = "Nr"\nprice = "Preis"\n')
    out = tmp_path / "out"
    result = CliRunner().invoke(app, ["csv", str(feed), "--map", str(shop), "--out", str(out)], catch_exceptions=False)
    assert result.exit_code == 0
    assert "1 set aside" in result.stdout
    assert "title: expected a title" in result.stdout
    assert catalog(out) == [Product("1", "1", {"de": ProductText("Stuhl")}, price_minor=950, currency="CHF")]
    assert (out / QUARANTINE_FILE).read_text().count("\n") == 1


def test_the_guides_own_catalogue_works(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "catalogue.md").read_text()
    feed = tmp_path / "my.csv"
    [block] = re.findall(r"```csv\n(.*?)```", guide, re.DOTALL)
    feed.write_text(block)
    products = read_products(feed, CONFIG, quarantine := Quarantine())
    assert quarantine.counts.total() == 0
    assert [product.price_minor for product in products] == [8990, 124900, 2450]
    assert products[2].texts["en"].title == 'Laptop sleeve 15.6"'
    for block in re.findall(r"```toml\n(.*?)```", guide, re.DOTALL):
        from data.shop import parse_shop

        assert parse_shop(block, "x", "guide").catalog.fields["product_id"] == "Artikelnummer"


@pytest.mark.datasets
def test_icecat(tmp_path: Path, datasets: Path) -> None:
    quarantine = Quarantine()
    import_icecat(datasets / "icecat", tmp_path, ShopConfig(name="test"), quarantine)
    products = catalog(tmp_path)
    assert (len(products), quarantine.rejected, quarantine.counts["duplicate"]) == (19_406, 0, 0)
    assert all(product.brand and product.currency == "EUR" and product.image for product in products)
    typed = {type(value) for product in products for value in product.attributes.values()}
    assert typed == {str, bool, float, tuple, Quantity}
    assert len(read_judgments(tmp_path / JUDGMENTS_FILE)) == 2_726


@pytest.mark.datasets
def test_homedepot(tmp_path: Path, datasets: Path) -> None:
    quarantine = Quarantine()
    import_homedepot(datasets / "homedepot", tmp_path, CONFIG, quarantine)
    products = catalog(tmp_path)
    assert len({product.texts["en"].title for product in products}) == len(products) == 44_481
    assert (tmp_path / "pairs.csv").read_text().count("\n") == 58_911 + 1
    ids = {product.product_id for product in products}
    assert {judgment.product_id for judgment in read_judgments(tmp_path / JUDGMENTS_FILE)} <= ids


@pytest.mark.datasets
def test_ubi(tmp_path: Path, datasets: Path) -> None:
    source = datasets / "ubi-sample" / "ubi_queries_events.ndjson"
    result = CliRunner().invoke(app, ["ubi", str(source), "--out", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 0
    events = list(read_events(tmp_path / EVENTS_FILE, Quarantine()))
    assert len(events) == 473 + 3_448 - 6  # six queries have no text
    assert [event.at_ms for event in events] == sorted(event.at_ms for event in events)
