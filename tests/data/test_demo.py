"""The laboratory's catalogue: a seed is a shop, a lexicon is another one, and what is planted is there."""

import re
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from data.demo.catalogue import DAYS, Catalogue
from data.demo.files import config_of, write_demo
from data.demo.lexicon import BUILT_IN, Lexicon, load_lexicon
from data.demo.pictures import SHAPES, draw
from data.demo.products import make_catalogue
from data.demo.reviews import make_reviews
from data.errors import ConfigError
from data.product import Product
from data.shop import load_shop
from data.text import fold


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="module")
def catalogue(lexicon: Lexicon) -> Catalogue:
    return make_catalogue(lexicon, 7)


def test_the_same_seed_is_the_same_shop(lexicon: Lexicon, catalogue: Catalogue) -> None:
    assert make_catalogue(lexicon, 7) == catalogue
    other = make_catalogue(lexicon, 8)
    assert [product.texts for product in other.products[:50]] != [product.texts for product in catalogue.products[:50]]


@pytest.mark.parametrize("seed", [7, 20_261])
def test_six_thousand_products_in_sixty_categories_of_four_departments(lexicon: Lexicon, seed: int) -> None:
    made = make_catalogue(lexicon, seed)
    products = made.products
    assert len(products) >= 6_000
    assert len({product.product_id for product in products}) == len(products) == len(made.facts)
    assert len({product.category for product in products}) == 60
    assert len({product.category[0] for product in products}) == 4
    assert all(tuple(product.texts) == lexicon.locales for product in products)


def test_variants_of_a_style_differ_in_what_their_type_says(lexicon: Lexicon, catalogue: Catalogue) -> None:
    groups = defaultdict(list)
    for product in catalogue.products:
        groups[product.group_id].append(catalogue.facts[product.product_id])
    for group, variants in groups.items():
        assert 2 <= len(variants) <= 4, group
        varies_in = lexicon.types[variants[0].type].varies_in
        told = {(each.colour, each.values.get(varies_in)) for each in variants}
        assert len(told) == len(variants)
        assert len({(each.type, each.brand, each.material, each.features) for each in variants}) == 1


def test_fields_say_what_is_true_or_nothing(lexicon: Lexicon, catalogue: Catalogue) -> None:
    missing = 0
    for product in catalogue.products:
        facts = catalogue.facts[product.product_id]
        assert product.attributes.get("colour") in (None, lexicon.colours[facts.colour].names["en"])
        missing += "colour" not in product.attributes
        for key in lexicon.features:
            if key.replace("-", "_") in product.attributes:
                assert key in facts.features
        assert (product.stock == 0) == (facts.sold_out_day is not None)
    assert 0.06 < missing / len(catalogue.products) < 0.2


def test_one_collection_is_priced_in_yen(catalogue: Catalogue) -> None:
    collections = defaultdict(set)
    for product in catalogue.products:
        collections[product.currency].add(product.category[:2])
        assert product.price_minor is not None
        assert product.price_minor > 0
    assert set(collections) == {"EUR", "JPY"}
    assert collections["JPY"] == {("Home", "Kyoto collection")}


def test_new_products_and_sold_out_ones(catalogue: Catalogue) -> None:
    facts = catalogue.facts.values()
    assert 0.04 < sum(each.is_new for each in facts) / len(facts) < 0.12
    assert sum(each.is_new and each.launch_day > 50 for each in facts) >= 20  # none of them in the days for training
    assert all(1 <= each.launch_day < (each.sold_out_day or DAYS + 1) <= DAYS + 1 for each in facts)


def test_titles_are_stuffed_with_other_types_by_a_few_merchants(lexicon: Lexicon, catalogue: Catalogue) -> None:
    spam = [each for each in catalogue.facts.values() if each.spam]
    assert 0.02 < len(spam) / len(catalogue.facts) < 0.15
    titles = {product.product_id: product.texts for product in catalogue.products}
    assert all(titles[each.product_id]["de"].title.endswith(each.stuffed_with["de"]) for each in spam)
    most = Counter(each.brand for each in spam).most_common(3)
    assert sum(count for _, count in most) > 0.6 * len(spam)


def test_no_text_of_the_catalogue_uses_a_planted_synonym(lexicon: Lexicon, catalogue: Catalogue) -> None:
    """Otherwise finding it would prove nothing; a synonym is looked for in the texts of its own language."""
    for locale in lexicon.locales:
        texts = {text for product in catalogue.products for text in (fold(product.texts[locale].title),)}
        texts |= {fold(product.texts[locale].description) for product in catalogue.products}
        written = "\n".join(texts)
        found = [
            synonym
            for table in (lexicon.types, lexicon.colours, lexicon.materials)
            for row in table.values()
            for synonym in row.synonyms.get(locale, ())
            if re.search(rf"\b{re.escape(fold(synonym))}\b" if locale != "ja" else re.escape(fold(synonym)), written)
        ]
        assert found == [], locale


def test_plain_words_mislead(lexicon: Lexicon, catalogue: Catalogue) -> None:
    """Accessories name the main product, some titles leave their type out, descriptions name other types."""

    def name(product: Product) -> str:
        return lexicon.types[catalogue.facts[product.product_id].type].names["en"]

    cases = [product for product in catalogue.products if catalogue.facts[product.product_id].type == "phone-case"]
    assert sum("smartphone" in product.texts["en"].title for product in cases) > 0.7 * len(cases)
    mains = [product for product in catalogue.products if catalogue.facts[product.product_id].accessory_of is None]
    silent = [product for product in mains if name(product) not in product.texts["en"].title]
    assert 0.08 < len(silent) / len(mains) < 0.25
    tents = [product for product in mains if catalogue.facts[product.product_id].type == "tent"]
    assert any("sleeping bag" in product.texts["en"].description for product in tents)
    empty = sum(not product.texts["en"].description for product in catalogue.products)
    assert 0.05 < empty / len(catalogue.products) < 0.3


def test_good_products_are_praised(lexicon: Lexicon, catalogue: Catalogue) -> None:
    ratings = defaultdict(list)
    for review in make_reviews(lexicon, catalogue, 7):
        facts = catalogue.facts[review.product_id]
        assert review.created_at is not None
        if review.rating is not None:
            ratings[facts.quality > 0.6].append(review.rating)
    mean = {good: sum(found) / len(found) for good, found in ratings.items()}
    assert mean[True] > mean[False] + 0.4
    assert len(ratings[True]) > 5_000


def test_pictures_are_drawings_told_apart_by_shape_colour_and_category(lexicon: Lexicon) -> None:
    pictures = set()
    for entry in lexicon.types.values():
        for colour in lexicon.colours.values():
            url = draw(entry.shape, colour.paint, entry.category)
            prefix, _, body = url.partition(",")
            assert prefix == "data:image/svg+xml"
            assert colour.paint in unquote(body)
            ElementTree.fromstring(unquote(body))  # our own drawing, well-formed
            pictures.add(url)
    drawn = {(entry.shape, entry.category) for entry in lexicon.types.values()}
    assert len(pictures) == len(drawn) * len(lexicon.colours)
    assert max(map(len, pictures)) < 1_000


def test_files_of_a_seed_are_the_same_bytes(lexicon: Lexicon, tmp_path: Path) -> None:
    one, other = (write_demo(tmp_path / name, 3, shoppers=20) for name in ("one", "other"))
    assert one.catalog.read_bytes() == other.catalog.read_bytes()
    assert one.reviews.read_bytes() == other.reviews.read_bytes()
    days = [sorted(path.name for path in files.events.iterdir()) for files in (one, other)]
    assert days[0] == days[1] == [f"day-{day:02}.jsonl.gz" for day in range(1, DAYS + 1)]
    assert all((one.events / day).read_bytes() == (other.events / day).read_bytes() for day in days[0])
    assert {path.name: path.read_bytes() for path in one.truth.iterdir()} == {
        path.name: path.read_bytes() for path in other.truth.iterdir()
    }
    config = load_shop(one.config, "demo")
    assert config.locales == lexicon.locales
    assert config_of(lexicon) == one.config.read_text(encoding="utf-8")


SMALL = """
name = "Two shelves"
locales = ["fr"]
series = ["Un", "Deux", "Trois"]
stuffing = {fr = ["promo"]}
boilerplate = {}
families = {}
materials = {}
attributes = {}
features = {}
aspects = {}
seasons = {}
[templates]
title = {fr = "{brand} {series} {name} {parts}"}
title_by = {fr = "{name} {series} {parts} de {brand}"}
stuffed = {fr = "{title} {words}"}
part_break = {fr = " "}
sentence_break = {fr = " "}
and = {fr = " et "}
accessory = {fr = "{name} pour {main}"}
introduction = {fr = "{name} {series}."}
material = {fr = "En {material}."}
detail = {fr = "{name} : {value}."}
goes_with = {fr = "Avec {others}."}
unlike = {fr = "Mieux que {others}."}
[departments]
maison = {names = {fr = "Maison"}}
[categories]
table = {department = "maison", names = {fr = "Table"}}
[brands]
Dupont = {departments = ["maison"]}
[colours]
rouge = {names = {fr = "rouge"}, paint = "#ff0000"}
bleu = {names = {fr = "bleu"}, paint = "#0000ff"}
[types.assiette]
category = "table"
names = {fr = "assiette"}
prices = [500, 1500]
shape = "bowl"
"""


def test_another_lexicon_is_another_shop(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    lexicon = load_lexicon(path)
    made = make_catalogue(lexicon, 1)
    assert {product.category for product in made.products} == {("Maison", "Table")}
    assert {locale for product in made.products for locale in product.texts} == {"fr"}
    # More styles than series: ids stay unique.
    assert len({product.product_id for product in made.products}) == len(made.products)
    files = write_demo(tmp_path / "shop", 1, path, shoppers=20)
    assert load_shop(files.config, "demo").facets == ("category", "brand", "price", "colour")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('shape = "bowl"', "", "types.assiette.shape"),
        ('shape = "bowl"', 'shape = "plate"', "types.assiette.shape: expected one of"),
        ('category = "table"', 'category = "cave"', "expected a key of \\[categories\\], got 'cave'"),
        ("prices = [500, 1500]", "prices = [1500, 500]", "lowest and the highest price"),
        ("prices = [500, 1500]", "prices = [500]", "types.assiette.prices"),
        ('names = {fr = "assiette"}', 'names = {en = "plate"}', "types.assiette.names: .* fr is missing"),
        ("prices = [500, 1500]", 'prices = [500, 1500]\ncolour = "red"', "types.assiette.colour"),
        (
            "prices = [500, 1500]",
            'prices = [500, 1500]\nvaries_in = "size"',
            "expected colour or one of its attributes",
        ),
        ('paint = "#ff0000"', 'paint = "red"', "colours.rouge.paint: expected #rrggbb"),
        ('unlike = {fr = "Mieux que {others}."}', 'unlike = {fr = "Mieux que {autres}."}', "templates.unlike.fr"),
        ('Dupont = {departments = ["maison"]}', "", "types.assiette: no brand"),
        (
            'Dupont = {departments = ["maison"]}',
            'Dupont = {departments = ["maison"], tier = 0}',
            "brands.Dupont.tier: .*0",
        ),
        ('series = ["Un", "Deux", "Trois"]', "series = []", "series"),
        ("[types.assiette]", "[types.assiette", "expected a lexicon in TOML"),
    ],
)
def test_a_wrong_lexicon_is_refused_with_its_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in SMALL
    path = tmp_path / "wrong.toml"
    path.write_text(SMALL.replace(before, after), encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        load_lexicon(path)


def test_every_shape_of_the_built_in_lexicon_is_used() -> None:
    types = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))["types"]
    assert {entry["shape"] for entry in types.values()} == set(SHAPES)
