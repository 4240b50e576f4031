"""Every row that goes in comes out as a product or stands in the quarantine file, whatever it holds."""

import gzip
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.catalog import main_currency, read_products, write_products
from data.demo.lexicon import load_lexicon
from data.demo.products import make_catalogue
from data.errors import InputError, TooManyBadRows
from data.product import Product, ProductText, Quantity
from data.quarantine import Quarantine
from data.shop import CatalogConfig, ShopConfig

CONFIG = ShopConfig(name="test", currency="EUR")


def read(path: Path, config: ShopConfig = CONFIG) -> tuple[list[Product], list[dict[str, Any]]]:
    """The products and the quarantine's entries."""
    report = path.with_name("quarantine.jsonl")
    with Quarantine(report) as quarantine:
        products = read_products(path, config, quarantine)
    entries = [json.loads(line) for line in report.read_text().splitlines()] if report.exists() else []
    return products, entries


def jsonl(path: Path, *records: Any) -> Path:
    path.write_bytes(b"".join((one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n" for one in records))
    return path


GOOD = [{"id": f"good-{number}", "title": f"Chair {number}", "price": 10} for number in range(200)]


def test_a_hand_written_csv_of_five_columns(tmp_path: Path) -> None:
    path = tmp_path / "my.csv"
    path.write_text(
        "\ufeffid,title,price,brand,category\n"
        '1,"Sleeve 15.6""",24.50,Kanto,Electronics > Bags\n'
        "\n"
        '2,Sweater,"1,249.00",Nordlys,Clothing\n'
    )
    products, entries = read(path)
    assert products == [
        Product("1", "1", {"en": ProductText('Sleeve 15.6"')}, "Kanto", ("Electronics", "Bags"), {}, 2450, "EUR"),
        Product("2", "2", {"en": ProductText("Sweater")}, "Nordlys", ("Clothing",), {}, 124900, "EUR"),
    ]
    assert entries == []


def test_prices_without_any_currency_are_dollars_and_said_once(tmp_path: Path) -> None:
    products, entries = read(jsonl(tmp_path / "a.jsonl", *GOOD), ShopConfig(name="test"))
    assert {product.currency for product in products} == {"USD"}
    assert [(entry["action"], entry["field"]) for entry in entries] == [("mended", "currency")]
    assert main_currency(products, ShopConfig(name="test")) == "USD"
    assert main_currency(products, CONFIG) == "EUR"


@pytest.mark.parametrize(
    ("price", "currency", "minor"),
    [
        ("12.99", "EUR", 1299),
        ("1200", "JPY", 1200),
        ("1.2345", "KWD", 1235),
        ("12,99 €", None, 1299),
        (12.99, "USD", 1299),
        ("USD 1,299.00", None, 129900),
        ("1.299,00", "EUR", 129900),
        (0, "EUR", 0),
        ("", "EUR", None),
    ],
)  # fmt: skip
def test_minor_units(tmp_path: Path, price: Any, currency: str | None, minor: int | None) -> None:
    [product], _ = read(jsonl(tmp_path / "a.jsonl", {"id": 1, "title": "x", "price": price, "currency": currency}))
    assert product.price_minor == minor
    assert (product.currency is None) == (minor is None)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"title": "no id"}, "product_id"),
        ({"id": "x" * 201, "title": "x"}, "product_id"),
        ({"id": "a\u0000b", "title": "x"}, "product_id"),
        ({"id": True, "title": "x"}, "product_id"),
        ({"id": "no title"}, "title"),
        ({"id": "blank", "title": " <br> &nbsp; "}, "title"),
        ({"id": "list", "title": ["x"]}, "title.en"),
        ({"id": "negative", "title": "x", "price": -1}, "price"),
        ({"id": "text", "title": "x", "price": "NaN"}, "price"),
        ({"id": "infinite", "title": "x", "price": "1e400"}, "price"),
        ({"id": "absurd", "title": "x", "price": 99_999_999_999}, "price"),
        ({"id": "truth", "title": "x", "price": True}, "price"),
        ({"id": "fraction", "title": "x", "price_minor": 10.5}, "price_minor"),
        ({"id": "two", "title": "x", "price": "5 USD", "currency": "EUR"}, "price"),
        ({"id": "unknown", "title": "x", "price": 5, "currency": "EURO"}, "currency"),
        ({"id": "texts", "texts": "x"}, "texts"),
        (b"not json", ""),
        (b'{"id": "cut off", "title": "x', ""),
        (b'{"id": "nan", "title": "x", "price": NaN}', ""),
        (b'["a", "list"]', ""),
        (b'{"id": "lone", "title": "\\ud800"}', ""),
        (b"[" * 3000, ""),
    ],
)
def test_rows_that_cannot_be_used_are_set_aside(tmp_path: Path, bad: Any, field: str) -> None:
    products, entries = read(jsonl(tmp_path / "a.jsonl", *GOOD[:3], bad, *GOOD[3:6]))
    assert [product.product_id for product in products] == [f"good-{number}" for number in range(6)]
    assert [(entry["line"], entry["field"], entry["action"]) for entry in entries] == [(4, field, "set aside")]
    assert entries[0]["reason"]
    assert entries[0]["row"]


@pytest.mark.parametrize(
    ("record", "field", "holds"),
    [
        ({"description": "word " * 20_000}, "description.en", lambda p: len(p.texts["en"].description) <= 20_000),
        ({"title": "t" * 600}, "title.en", lambda p: len(p.texts["en"].title) == 500),
        ({"stock": "plenty"}, "stock", lambda p: p.stock is None),
        ({"url": "javascript:alert(1)"}, "url", lambda p: p.url is None),
        ({"image": "data:text/html;base64,x"}, "image", lambda p: p.image is None),
        ({"updated_at": "yesterday"}, "updated_at", lambda p: p.updated_at is None),
        ({"version": -3}, "version", lambda p: p.version == 0),
        ({"category": 7}, "category", lambda p: p.category == ()),
        ({"attributes": {"deep": {"a": 1}}}, "attributes.deep", lambda p: p.attributes == {}),
        ({"attributes": {"price": "x"}}, "attributes.price", lambda p: p.attributes == {}),
        ({"attributes": []}, None, lambda p: p.attributes == {}),
    ],
)
def test_what_is_mended_is_said(tmp_path: Path, record: Any, field: str | None, holds: Any) -> None:
    [product], entries = read(jsonl(tmp_path / "a.jsonl", {"id": "1", "title": "x", **record}))
    assert holds(product)
    assert [(entry["field"], entry["action"]) for entry in entries] == ([(field, "mended")] if field else [])


def test_texts_are_plain(tmp_path: Path) -> None:
    title = "Black&nbsp;&amp;&nbsp;<b>W</b>hite \u0000<script>alert('x')</script>H<sub>2</sub>O, 5 < 6 &amp;lt;3"
    [product], _ = read(jsonl(tmp_path / "a.jsonl", {"id": "1", "title": title, "description": "<p>a</p><p>b"}))
    assert product.texts["en"] == ProductText("Black & White H2O, 5 < 6 <3", "a b")


def test_broken_utf8_is_replaced_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("id,title\n1,Café\n".encode() + b"2,Caf\xe9 latte\n")
    products, entries = read(path)
    assert [product.texts["en"].title for product in products] == ["Café", "Caf latte"]
    assert [(entry["line"], entry["action"]) for entry in entries] == [(3, "mended")]


def test_of_one_id_the_newest_is_kept_at_the_first_place(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "title": "old", "version": 1},
        {"id": "b", "title": "b"},
        {"id": "a", "title": "new", "version": 3},
        {"id": "a", "title": "between", "version": 2, "updated_at": "2099-01-01"},
        {"id": "c", "title": "later", "updated_at": "2026-02-01"},
        {"id": "c", "title": "earlier", "updated_at": "2026-01-01T00:00:00+01:00"},
        {"id": "d", "title": "first"},
        {"id": "d", "title": "last"},
    ]
    products, entries = read(jsonl(tmp_path / "a.jsonl", *rows))
    assert [product.texts["en"].title for product in products] == ["new", "b", "later", "last"]
    assert [(entry["line"], entry["action"]) for entry in entries] == [
        (1, "duplicate"), (4, "duplicate"), (6, "duplicate"), (7, "duplicate"),
    ]  # fmt: skip


def test_too_many_bad_rows_fail_and_say_why(tmp_path: Path) -> None:
    bad = [{"id": str(number)} for number in range(11)]
    with pytest.raises(TooManyBadRows, match=r"11 of 211 .*title: expected a title.*11x.*quarantine.jsonl"):
        read(jsonl(tmp_path / "a.jsonl", *GOOD, *bad))
    assert len(read(jsonl(tmp_path / "a.jsonl", *GOOD, *bad[:10]))[0]) == 200
    with pytest.raises(TooManyBadRows, match="1 of 1 "):
        read(jsonl(tmp_path / "a.jsonl", bad[0]))


def test_the_wrong_id_column_is_noticed(tmp_path: Path) -> None:
    config = ShopConfig(name="test", catalog=CatalogConfig(fields={"product_id": "kind"}))
    with pytest.raises(TooManyBadRows, match="repeat an id"):
        read(jsonl(tmp_path / "a.jsonl", *({**row, "kind": "chair"} for row in GOOD)), config)


def test_the_field_map_wins(tmp_path: Path) -> None:
    config = ShopConfig(
        name="test",
        currency="EUR",
        catalog=CatalogConfig(
            fields={
                "product_id": "Nr",
                "title": "Name",
                "title.fr": "Nom",
                "attributes.colour": "Farbe",
                "stock": "Lager",
            },
            ignore=("EK",),
            defaults={"brand": "House"},
        ),
    )
    path = tmp_path / "a.csv"
    path.write_text("Nr;Name;title;Nom;Farbe;EK;Lager;Preis Alt\n007;Stuhl;other;Chaise;rot|blau;3,50;4;9,50\n")
    [product], entries = read(path, config)
    assert product == Product(
        "007",
        "007",
        {"en": ProductText("Stuhl"), "fr": ProductText("Chaise")},
        "House",
        attributes={"colour": ("rot", "blau"), "preis_alt": 9.5},
        stock=4,
    )
    assert entries == []


def test_a_column_is_what_all_its_values_are(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text(
        "sku\ttitle\ttitle_de\tnew\tpages\tSize\tcode\tmixed\n"
        'a\tA\tÄ\tyes\t1,200\t15.6"\t007\t5\n'
        "b\tB\t\tno\t80\t40 cm\t12\tfive\n"
        "c\tC\t\t\t\t\t\t\n"
    )
    products, _ = read(path)
    assert [dict(product.attributes) for product in products] == [
        {"new": True, "pages": 1200.0, "size": Quantity(15.6, "in"), "code": "007", "mixed": "5"},
        {"new": False, "pages": 80.0, "size": Quantity(40.0, "cm"), "code": "12", "mixed": "five"},
        {},
    ]
    assert products[0].texts == {"en": ProductText("A"), "de": ProductText("Ä")}


def test_csv_without_the_needed_columns_says_which_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Nr,Text\n1,x\n")
    with pytest.raises(InputError, match=r"product_id .*Nr, Text.*\[catalog\.fields\]"):
        read(path)


def test_quotes_in_csv_never_swallow_other_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "id,title,description\n"
        '1,15" screen,bare quote\n'
        '2,"two\nlines","a ""quoted"" word"\n'
        '3,"never closed,x\n'
        '4,"broken" after,x\n'
        "5,too,many,cells\n"
        '6,"last, but\nnever closed,x\n'
        "7,fine,x\n"
    )
    products, entries = read(path)
    assert [(product.product_id, product.texts["en"].title) for product in products] == [
        ("1", '15" screen'), ("2", "two lines"), ("7", "fine"),
    ]  # fmt: skip
    assert [entry["line"] for entry in entries] == [5, 6, 7, 8, 9]


def test_quotes_as_databases_escape_them(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,title\n1,"Screen 15.6\\" black"\n2,"Skewers, 10\\"" long"\n3,C:\\temp\n')
    products, entries = read(path)
    assert [one.texts["en"].title for one in products] == ['Screen 15.6" black', 'Skewers, 10" long', "C:\\temp"]
    assert entries == []


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv.gz", "a.parquet", "a.parquet.gz"])
def test_every_form_reads_to_equal_products(tmp_path: Path, name: str) -> None:
    rows = [
        {"product_id": str(number), "title": f"Tisch {number}", "brand": "B", "price": "9.99", "Wood Kind": "oak"}
        for number in range(20)
    ]
    plain = tmp_path / name.removesuffix(".gz")
    if "csv" in name:
        lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
        plain.write_text("\n".join(lines))
    elif "parquet" in name:
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), plain)
    else:
        jsonl(plain, *rows)
    path = tmp_path / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(plain.read_bytes()))
    products, entries = read(path)
    assert [product.product_id for product in products] == [str(number) for number in range(20)]
    assert products[3] == Product("3", "3", {"en": ProductText("Tisch 3")}, "B", (), {"wood_kind": "oak"}, 999, "EUR")
    assert entries == []


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    import datetime

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "id": [1, 2],
            "title": ["a", "b"],
            "attributes": pa.array([[("colour", "red")], None], pa.map_(pa.string(), pa.string())),
            "tags": [["x", "y"], []],
            "updated_at": [datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC), None],
            "price": [float("nan"), 5.0],
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    products, entries = read(tmp_path / "a.parquet")
    assert [entry["field"] for entry in entries] == ["price"]
    assert products[0].product_id == "2"
    assert (products[0].price_minor, products[0].attributes) == (500, {})


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x1f\x8bgarbage", gzip.compress(b'{"id":1}' * 9, mtime=0)[:-9]])
@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz", "a.parquet", "a.jsonl", "a.csv"])
def test_files_that_are_none_are_refused_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.(jsonl|csv|parquet)"):
        read(path)


def test_missing_and_unknown_files(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.csv"):
        read(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"\.jsonl, \.csv"):
        read(tmp_path / "catalog.xlsx")


def test_the_demo_catalogue_goes_round(tmp_path: Path) -> None:
    products = make_catalogue(load_lexicon(), 7).products
    path = tmp_path / "deep" / "catalog.jsonl.gz"
    assert write_products(path, products) == len(products)
    again = path.read_bytes()
    assert read(path) == (products, [])
    write_products(path, products)
    assert path.read_bytes() == again
    with pytest.raises(InputError):
        write_products(tmp_path / "a.csv", products)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
FIELDS = st.sampled_from(
    ["id", "title", "price", "price_minor", "currency", "brand", "category", "stock", "image", "url", "texts",
     "version", "updated_at", "attributes", "group_id", "colour", "title_de", ""]
)  # fmt: skip
RECORDS = st.dictionaries(FIELDS, VALUES, max_size=8) | st.fixed_dictionaries(
    {"id": st.integers(0, 5), "title": st.text(min_size=1)}, optional={"price": VALUES, "version": VALUES}
)
LINES = st.one_of(RECORDS.map(lambda record: orjson.dumps(record, default=str)), st.binary(max_size=30))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100, deadline=None)
@given(lines=st.lists(LINES, max_size=12))
def test_no_row_is_lost(tmp_path: Path, lines: list[bytes]) -> None:
    lines = [
        line
        for part in lines
        for line in part.split(b"\n")
        if line.decode(errors="replace").strip("\ufeff \r\t\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u3000")
    ]
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join([*lines, *(orjson.dumps(row) for row in GOOD[:40])]))
    config = ShopConfig(name="test", currency="EUR", catalog=CatalogConfig(quarantine_share=1))
    quarantine = Quarantine()
    products = read_products(path, config, quarantine)
    assert len(products) + quarantine.rejected + quarantine.counts["duplicate"] == len(lines) + 40
    assert len({product.product_id for product in products}) == len(products)
    for product in products:
        assert all(text.title for text in product.texts.values())
        assert (product.price_minor is None) == (product.currency is None)
    again = tmp_path / "again.jsonl"
    write_products(again, products)
    assert read_products(again, config, Quarantine()) == products


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(cells=st.lists(st.lists(st.text('ab,"\r \n', max_size=6), min_size=3, max_size=3), min_size=1, max_size=6))
def test_well_formed_csv_goes_round(tmp_path: Path, cells: list[list[str]]) -> None:
    import csv

    path = tmp_path / "a.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["id", "title", "note"])
        writer.writerows([[str(number), f"t{row[0]}", row[1] + "z"] for number, row in enumerate(cells)])
    products, entries = read(path)
    assert entries == []
    assert [product.texts["en"].title for product in products] == [" ".join(f"t{row[0]}".split()) for row in cells]
