"""From candidates of the log to words that the snapshot understands."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.mining.candidate import Candidate, Kind, read_candidates
from data.product import Product, ProductText
from data.shop import ShopConfig
from graph.build import CANDIDATES, build_graph
from graph.concept import Layer, Scheme
from graph.label import Label, LabelKind
from graph.relation import Predicate, Relation
from graph.snapshot import Snapshot
from graph.sqlite_store import SqliteGraphStore
from graph.statements import ConceptKey
from graph.store import Edit

CONFIG = ShopConfig(name="little", locales=("en",))
TYPES = ("sofa", "armchair", "lamp", "carpet")
PRODUCTS = [
    Product(
        f"p{number}{kind}",
        f"g{number}{kind}",
        {"en": ProductText(f"{brand} X{number} {kind}")},
        brand,
        ("House", "Seats" if kind in ("sofa", "armchair") else "Rest"),
    )
    for kind in TYPES
    for number, brand in enumerate(("Acme", "Bolt", "Crux"))
]


def candidate(kind: Kind, source: str, target: str, score: float = 0.9, locale: str = "en") -> Candidate:
    return Candidate(kind, source, target, locale, score, f"{source} and {target}: 12 of 13 clicks", {"clicks": 12})


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SqliteGraphStore(folder / "graph.sqlite")
        self.said: list[str] = []

    def build(self, *candidates: Candidate) -> Snapshot:
        return build_graph(self.folder / "graph", PRODUCTS, CONFIG, self.store, candidates, self.said.append)

    def kept(self) -> list[tuple[str, str]]:
        return [(one.source, one.target) for one in read_candidates(self.folder / "graph" / CANDIDATES)]

    def mint(self, kind: str) -> str:
        return self.store.mint(CONFIG.name, ConceptKey(Scheme.PRODUCT_TYPE, kind))


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def types(snapshot: Snapshot, *words: str) -> list[str]:
    found = snapshot.longest_match(words, 0)
    return [snapshot.key(o) for o in found[1] if snapshot.scheme(o) is Scheme.PRODUCT_TYPE] if found else []


def test_a_synonym_is_understood_and_a_misspelling_too(shop: Shop) -> None:
    snapshot = shop.build(candidate("synonym", "couch", "sofa", 0.8), candidate("misspelling", "soffa", "sofas"))
    assert types(snapshot, "couches") == types(snapshot, "soffa") == ["sofa"]
    kinds = {label.norm: label.kind for label in snapshot.labels(snapshot.find("couch")[0])}
    assert kinds == {"sofa": LabelKind.PREFERRED, "couch": LabelKind.ALTERNATIVE, "soffa": LabelKind.HIDDEN}
    (label,) = (label for label in shop.store.read(CONFIG.name).labels if label.norm == "couch")
    assert (label.layer, label.confidence, label.evidence) == (Layer.MINED, 0.8, "couch and sofa: 12 of 13 clicks")
    assert shop.kept() == []


def test_what_is_not_sure_is_kept_for_curators(shop: Shop) -> None:
    doubtful = [
        candidate("synonym", "couch", "sofa", 0.4),
        candidate("synonym", "canape", "sofa", locale="fr"),
        candidate("synonym", "seat", "nothing known"),
        candidate("synonym", "lamp", "sofa"),
        candidate("synonym", "thing", "sofa", 0.9),
        candidate("synonym", "thing", "carpet", 0.88),
        candidate("hypernym", "bedding", "carpet"),
        candidate("attribute", "oak", "material=oak", 0.7),
    ]
    before = shop.build()
    snapshot = shop.build(*doubtful)
    assert sorted(shop.kept()) == sorted((one.source, one.target) for one in doubtful)
    assert len(snapshot) == len(before)
    assert all(snapshot.labels(o) == before.labels(o) for o in range(len(snapshot)))


def test_a_clearly_better_target_wins(shop: Shop) -> None:
    snapshot = shop.build(candidate("synonym", "couch", "sofa", 0.9), candidate("synonym", "couch", "lamp", 0.7))
    assert types(snapshot, "couch") == ["sofa"]
    assert shop.kept() == [("couch", "lamp")]


def test_a_broader_word_gathers_its_types(shop: Shop) -> None:
    snapshot = shop.build(candidate("hypernym", "decor", "lamp"), candidate("hypernym", "decor", "sofa", 0.7))
    (decor,) = snapshot.find("decor")
    assert snapshot.scheme(decor) is Scheme.PRODUCT_TYPE
    assert {snapshot.key(edge.ordinal) for edge in snapshot.edges(decor, Predicate.BROADER, inverse=True)} == {
        "lamp",
        "sofa",
    }
    assert snapshot.product_count(decor) == 6
    assert snapshot.confidence(decor) == pytest.approx(0.9)


def test_a_broader_word_for_a_whole_category_names_it(shop: Shop) -> None:
    snapshot = shop.build(candidate("hypernym", "seating", "sofa"), candidate("hypernym", "seating", "armchairs"))
    assert [snapshot.key(o) for o in snapshot.find("seating")] == ["House > Seats"]


def test_a_sure_attribute_is_the_catalogues_and_a_doubtful_one_the_curators(shop: Shop) -> None:
    shop.build(candidate("attribute", "navy", "colour=navy"), candidate("attribute", "# w", "power=#", 0.6))
    assert shop.kept() == [("# w", "power=#")]


def test_related_is_an_edge_with_its_evidence(shop: Shop) -> None:
    snapshot = shop.build(candidate("related", "lamp", "carpet", 0.6), candidate("related", "carpet", "lamp", 0.5))
    (edge,) = snapshot.edges(snapshot.find("carpet")[0], Predicate.RELATED)
    assert (snapshot.key(edge.ordinal), edge.weight) == ("lamp", pytest.approx(0.6))
    assert "12 of 13" in edge.evidence


def test_circles_of_broader_words_are_not_built(shop: Shop) -> None:
    """Two broader words over each other's types, and one that a curator puts the other way round."""
    said = [candidate("hypernym", "decor", kind, score) for kind, score in (("lamp", 0.9), ("sofa", 0.8))]
    shop.build(*said)
    decor, lamp = shop.mint("decor"), shop.mint("lamp")
    shop.store.edit(CONFIG.name, Edit(relations=(Relation(decor, Predicate.BROADER, lamp),)))
    snapshot = shop.build(*said)
    below = snapshot.edges(snapshot.find("decor")[0], Predicate.BROADER, inverse=True)
    assert [snapshot.key(edge.ordinal) for edge in below] == ["sofa"]
    assert len(shop.said) == 1
    assert "'lamp' BROADER 'decor' (mined, from log)" in shop.said[0]


def test_what_a_curator_withdrew_is_never_revived(shop: Shop) -> None:
    said = [candidate("synonym", "couch", "sofa"), candidate("related", "carpet", "lamp")]
    shop.build(*said)
    sofa, carpet, lamp = shop.mint("sofa"), shop.mint("carpet"), shop.mint("lamp")
    withdrawn = Edit(
        withdrawn_labels=((sofa, "couch", "en"),), withdrawn_relations=((carpet, Predicate.RELATED, lamp),)
    )
    shop.store.edit(CONFIG.name, withdrawn)
    surer = [replace(one, score=1.0) for one in said]
    snapshot = shop.build(*surer)
    assert snapshot.find("couch") == ()
    assert snapshot.edges(snapshot.find("carpet")[0], Predicate.RELATED) == ()


def test_a_curators_label_goes_before_a_mined_one(shop: Shop) -> None:
    shop.build()
    sofa = shop.mint("sofa")
    shop.store.edit(CONFIG.name, Edit(labels=(Label(sofa, "Couch", "couch", "en", LabelKind.HIDDEN),)))
    snapshot = shop.build(candidate("synonym", "couch", "sofa"))
    (label,) = (label for label in snapshot.labels(snapshot.find("couch")[0]) if label.norm == "couch")
    assert (label.text, label.kind) == ("Couch", LabelKind.HIDDEN)


def test_what_is_no_longer_mined_goes(shop: Shop) -> None:
    shop.build(candidate("synonym", "couch", "sofa"))
    assert shop.build().find("couch") == ()
