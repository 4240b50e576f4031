"""From a catalogue to a snapshot that can be asked, on a shop small enough to check by eye."""

from pathlib import Path

import numpy as np
import pytest

from data.demo.lexicon import load_lexicon
from data.demo.products import make_catalogue
from data.errors import ReleaseDamaged, ReleaseTooNew
from data.product import Product, ProductText, Quantity
from data.shop import ShopConfig
from graph.build import build_graph
from graph.concept import Scheme
from graph.label import Label, LabelKind
from graph.load import load_graph
from graph.relation import Predicate
from graph.snapshot import Snapshot
from graph.sqlite_store import SqliteGraphStore
from graph.statements import ConceptKey
from graph.store import Edit

CONFIG = ShopConfig(name="little", locales=("en", "de"))


def product(number: int, title: str, brand: str, **attributes: object) -> Product:
    return Product(f"p{number}", f"g{number}", {"en": ProductText(title)}, brand, ("House", "Lamps"), attributes)


PRODUCTS = [
    product(0, "Acme A1 desk lamp, black", "Acme", colour="Black", power=Quantity(5, "w")),
    product(1, "ACME A2 desk lamp, white", "ACME", colour="white", power=Quantity(7, "w")),
    product(2, "Bolt B1 desk lamp, black", "Bolt", colour="black", dimmable=True),
    product(3, "Bolt B2 floor lamp, white", "Bolt", colour="White", dimmable=False),
    product(4, "Bolt B3 floor lamp, black", "Bolt", colour="black"),
    product(5, "Acme A3 floor lamp, white", "Acme", colour="white"),
]


@pytest.fixture
def store(tmp_path: Path) -> SqliteGraphStore:
    return SqliteGraphStore(tmp_path / "graph.sqlite")


@pytest.fixture
def snapshot(tmp_path: Path, store: SqliteGraphStore) -> Snapshot:
    return build_graph(tmp_path / "graph", PRODUCTS, CONFIG, store)


def only(snapshot: Snapshot, scheme: Scheme, key: str) -> int:
    found = [int(o) for o in snapshot.by_scheme(scheme) if snapshot.key(int(o)) == key]
    assert len(found) == 1, [snapshot.key(int(o)) for o in snapshot.by_scheme(scheme)]
    return found[0]


def test_types_come_from_titles_without_any_dictionary(snapshot: Snapshot) -> None:
    keys = {snapshot.key(int(o)) for o in snapshot.by_scheme(Scheme.PRODUCT_TYPE)}
    assert keys == {"desk lamp", "floor lamp"}
    assert snapshot.products(only(snapshot, Scheme.PRODUCT_TYPE, "desk lamp")).tolist() == [0, 1, 2]


def test_brands_of_two_spellings_are_one(snapshot: Snapshot) -> None:
    acme = only(snapshot, Scheme.BRAND, "acme")
    assert snapshot.label(acme) == "Acme"
    assert snapshot.products(acme).tolist() == [0, 1, 5]
    assert snapshot.product_count(acme) == 3


def test_values_hang_on_their_attribute(snapshot: Snapshot) -> None:
    black = only(snapshot, Scheme.VALUE, "colour=black")
    (edge,) = snapshot.edges(black, Predicate.VALUE_OF)
    assert snapshot.key(edge.ordinal) == "colour"
    assert snapshot.label(black) == "black"
    assert [snapshot.key(e.ordinal) for e in snapshot.edges(edge.ordinal, Predicate.VALUE_OF, inverse=True)] == [
        "colour=black",
        "colour=white",
    ]


def test_a_false_attribute_is_not_had(snapshot: Snapshot, tmp_path: Path, store: SqliteGraphStore) -> None:
    twice = [*PRODUCTS, product(6, "Bolt B4 floor lamp", "Bolt", dimmable=True)]
    again = build_graph(tmp_path / "again", twice, CONFIG, store)
    assert again.products(only(again, Scheme.ATTRIBUTE, "dimmable")).tolist() == [2, 6]
    assert "dimmable" not in {
        snapshot.key(int(o)) for o in snapshot.by_scheme(Scheme.ATTRIBUTE) if snapshot.product_count(int(o)) > 1
    }


def test_a_category_holds_the_products_of_narrower_ones(snapshot: Snapshot) -> None:
    lamps = only(snapshot, Scheme.CATEGORY, "House > Lamps")
    (edge,) = snapshot.edges(lamps, Predicate.BROADER)
    assert snapshot.key(edge.ordinal) == "House"
    assert snapshot.products(edge.ordinal).tolist() == [0, 1, 2, 3, 4, 5]


def test_units_know_their_spellings(snapshot: Snapshot) -> None:
    watt = only(snapshot, Scheme.UNIT, "w")
    assert watt in snapshot.find("watts")


def test_rows_and_concepts_are_two_views_of_one_table(snapshot: Snapshot) -> None:
    for row in range(len(PRODUCTS)):
        held = [o for o in range(len(snapshot)) if row in snapshot.products(o)]
        assert snapshot.concepts_of(row).tolist() == held


def test_the_longest_alias_wins_and_plurals_are_found(snapshot: Snapshot) -> None:
    desk_lamp = only(snapshot, Scheme.PRODUCT_TYPE, "desk lamp")
    assert snapshot.longest_match(["black", "desk", "lamps"], 1) == (2, (desk_lamp,))
    assert snapshot.longest_match(["black", "desk", "lamps"], 0) == (1, (only(snapshot, Scheme.VALUE, "colour=black"),))
    assert snapshot.longest_match(["sofa"], 0) is None
    assert snapshot.longest_match([], 0) is None


def test_ids_survive_rebuilds_and_reordered_catalogues(
    snapshot: Snapshot, store: SqliteGraphStore, tmp_path: Path
) -> None:
    ids = {(snapshot.scheme(o), snapshot.key(o)): snapshot.concept_id(o) for o in range(len(snapshot))}
    again = build_graph(tmp_path / "again", PRODUCTS[::-1], CONFIG, store)
    assert {(again.scheme(o), again.key(o)): again.concept_id(o) for o in range(len(again))} == ids
    assert again.revision == snapshot.revision
    assert all(snapshot.ordinal(snapshot.concept_id(o)) == o for o in range(len(snapshot)))
    assert snapshot.ordinal("nobody") is None


def test_a_curators_label_is_in_the_next_snapshot(store: SqliteGraphStore, snapshot: Snapshot, tmp_path: Path) -> None:
    lamp = store.mint(CONFIG.name, ConceptKey(Scheme.PRODUCT_TYPE, "desk lamp"))
    store.edit(CONFIG.name, Edit(labels=(Label(lamp, "reading light", "reading light", "en", LabelKind.ALTERNATIVE),)))
    again = build_graph(tmp_path / "again", PRODUCTS, CONFIG, store)
    assert again.longest_match(["reading", "lights"], 0) == (2, (again.ordinal(lamp),))


def test_a_loaded_snapshot_is_the_built_one(snapshot: Snapshot, tmp_path: Path) -> None:
    loaded = load_graph(tmp_path / "graph")
    assert len(loaded) == len(snapshot)
    for o in range(len(loaded)):
        assert loaded.labels(o) == snapshot.labels(o)
        assert np.array_equal(loaded.products(o), snapshot.products(o))


def test_damage_and_newer_formats_are_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    header = tmp_path / "graph" / "snapshot.json"
    whole = header.read_text()
    header.write_text(whole.replace('"format": 1', '"format": 2'))
    with pytest.raises(ReleaseTooNew):
        load_graph(tmp_path / "graph")
    header.write_text(whole)
    (tmp_path / "graph" / "aliases.marisa").unlink()
    with pytest.raises(ReleaseDamaged):
        load_graph(tmp_path / "graph")


def test_an_empty_catalogue_gives_an_empty_snapshot(tmp_path: Path, store: SqliteGraphStore) -> None:
    snapshot = build_graph(tmp_path / "graph", [], CONFIG, store)
    assert len(snapshot) == 0
    assert snapshot.find("lamp") == ()


def test_the_demo_shop_speaks_three_languages(tmp_path: Path, store: SqliteGraphStore) -> None:
    """Types and colours get their German and Japanese names from parallel titles; the lexicon is the truth."""
    lexicon = load_lexicon()
    products = make_catalogue(lexicon, 7).products
    snapshot = build_graph(tmp_path / "demo", products, ShopConfig(name="demo", locales=("en", "de", "ja")), store)
    truth = {entry.names["en"]: entry.names for entry in lexicon.types.values()}
    right = wrong = 0
    for o in map(int, snapshot.by_scheme(Scheme.PRODUCT_TYPE)):
        names = truth.get(snapshot.label(o, "en"))
        if names is None:
            continue
        for locale in ("de", "ja"):
            if any(label.language == locale for label in snapshot.labels(o)):
                said = snapshot.label(o, locale)
                # An accessory may be called with what it is made for: "Deckel für Bratpfanne".
                right += names[locale] in said
                wrong += names[locale] not in said
    assert right >= 150
    assert wrong <= 8
