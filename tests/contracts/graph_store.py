"""What every graph store must do; a backend's test class inherits this and gives a `store` fixture."""

import pytest

from data.errors import IntegrityViolation
from graph.concept import Concept, Layer, Scheme, Status
from graph.label import Label, LabelKind
from graph.relation import Predicate, Relation
from graph.statements import ConceptKey, DraftConcept, DraftLabel, DraftName, DraftRelation, Statements
from graph.store import Edit, GraphState, GraphStore

SHOP = "shop"
LAMP = ConceptKey(Scheme.PRODUCT_TYPE, "lamp")
DESK_LAMP = ConceptKey(Scheme.PRODUCT_TYPE, "desk lamp")
ACME = ConceptKey(Scheme.BRAND, "acme")


def concept(key: ConceptKey, *labels: DraftLabel) -> DraftConcept:
    return DraftConcept(key, labels or (DraftLabel(key.key, key.key),))


def statements(*keys: ConceptKey, relations: tuple[DraftRelation, ...] = ()) -> Statements:
    return Statements(tuple(concept(key) for key in keys), relations)


BROADER = DraftRelation(DESK_LAMP, Predicate.BROADER, LAMP)


class GraphStoreContract:
    def test_an_unknown_shop_is_empty(self, store: GraphStore) -> None:
        state = store.read("nobody")
        assert (state.revision, state.concepts, state.labels, state.relations) == (0, (), (), ())
        assert store.shops() == []

    def test_a_rebuild_is_read_back(self, store: GraphStore) -> None:
        assert store.rebuild(SHOP, statements(LAMP, DESK_LAMP, relations=(BROADER,))).revision == 1
        state = store.read(SHOP)
        ids = {c.key: c.concept_id for c in state.concepts}
        assert set(ids) == {"lamp", "desk lamp"}
        assert [(r.subject, r.predicate, r.object) for r in state.relations] == [
            (ids["desk lamp"], Predicate.BROADER, ids["lamp"])
        ]
        assert {label.text for label in state.labels} == {"lamp", "desk lamp"}
        assert store.shops() == [SHOP]

    def test_the_same_rebuild_changes_nothing(self, store: GraphStore) -> None:
        said = statements(LAMP, DESK_LAMP, ACME, relations=(BROADER,))
        store.rebuild(SHOP, said)
        before = store.read(SHOP)
        assert store.rebuild(SHOP, said).revision == before.revision
        assert store.read(SHOP) == before

    def test_ids_are_kept_when_labels_change_and_never_reused(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(LAMP, ACME))
        old = {c.key: c.concept_id for c in store.read(SHOP).concepts}
        renamed = Statements((concept(LAMP, DraftLabel("Luminaire", "luminaire")), concept(DESK_LAMP)))
        store.rebuild(SHOP, renamed)
        state = store.read(SHOP)
        new = {c.key: c for c in state.concepts}
        assert new["lamp"].concept_id == old["lamp"]
        assert new["acme"].status is Status.RETIRED
        assert new["desk lamp"].concept_id not in old.values()
        store.rebuild(SHOP, statements(ACME))
        back = {c.key: c for c in store.read(SHOP).concepts}
        assert back["acme"].concept_id == old["acme"]
        assert back["acme"].status is Status.ACTIVE

    def test_shops_do_not_see_each_other(self, store: GraphStore) -> None:
        store.rebuild("one", statements(LAMP))
        store.rebuild("two", statements(ACME))
        assert [c.key for c in store.read("one").concepts] == ["lamp"]
        assert [c.key for c in store.read("two").concepts] == ["acme"]
        store.rebuild("one", Statements())
        assert [c.status for c in store.read("two").concepts] == [Status.ACTIVE]

    def test_curated_statements_survive_and_win(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(LAMP))
        lamp = store.mint(SHOP, LAMP)
        label = Label(lamp, "Leuchte", "leuchte", "und", LabelKind.PREFERRED)
        store.edit(SHOP, Edit(labels=(label,)))
        store.rebuild(SHOP, statements(LAMP))
        labels = {label.norm: label for label in store.read(SHOP).labels}
        assert labels["leuchte"].kind is LabelKind.PREFERRED
        assert labels["leuchte"].layer is Layer.CURATED
        assert labels["lamp"].kind is LabelKind.ALTERNATIVE

    def test_a_withdrawn_statement_is_never_revived(self, store: GraphStore) -> None:
        said = statements(LAMP, DESK_LAMP, relations=(BROADER,))
        store.rebuild(SHOP, said)
        lamp, desk_lamp = store.mint(SHOP, LAMP), store.mint(SHOP, DESK_LAMP)
        store.edit(
            SHOP,
            Edit(
                withdrawn_labels=((lamp, "lamp", "und"),),
                withdrawn_relations=((desk_lamp, Predicate.BROADER, lamp),),
            ),
        )
        store.rebuild(SHOP, said)
        state = store.read(SHOP)
        assert [label.norm for label in state.labels] == ["desk lamp"]
        assert state.relations == ()
        store.edit(SHOP, Edit(labels=(Label(lamp, "lamp", "lamp"),)))
        assert "lamp" in {label.norm for label in store.read(SHOP).labels}

    def test_a_curated_concept_is_not_retired_by_a_rebuild(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(LAMP))
        gift = store.mint(SHOP, ConceptKey(Scheme.INTENT, "gift"))
        store.edit(SHOP, Edit(concepts=(Concept(gift, Scheme.INTENT, "gift"),), labels=(Label(gift, "Gift", "gift"),)))
        store.rebuild(SHOP, statements(LAMP))
        held = {c.key: c for c in store.read(SHOP).concepts}
        assert held["gift"].status is Status.ACTIVE
        assert held["gift"].layer is Layer.CURATED

    def test_a_broken_rule_leaves_everything_as_it_was(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(LAMP, DESK_LAMP, relations=(BROADER,)))
        before = store.read(SHOP)
        circle = DraftRelation(LAMP, Predicate.BROADER, DESK_LAMP)
        with pytest.raises(IntegrityViolation, match="circle"):
            store.rebuild(SHOP, statements(LAMP, DESK_LAMP, ACME, relations=(BROADER, circle)))
        lamp = store.mint(SHOP, LAMP)
        with pytest.raises(IntegrityViolation, match="unknown concept"):
            store.edit(SHOP, Edit(relations=(Relation(lamp, Predicate.RELATED, "c999999"),)))
        assert store.read(SHOP) == before

    def test_each_write_that_changes_something_is_one_revision(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(LAMP))
        lamp = store.mint(SHOP, LAMP)
        edit = Edit(labels=(Label(lamp, "light", "light", kind=LabelKind.ALTERNATIVE),))
        assert [store.edit(SHOP, edit), store.edit(SHOP, edit), store.revision(SHOP)] == [2, 2, 2]

    def test_restore_carries_everything(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(LAMP, DESK_LAMP, relations=(BROADER,)))
        lamp = store.mint(SHOP, LAMP)
        store.edit(SHOP, Edit(withdrawn_labels=((lamp, "lamp", "und"),)))
        state = store.read(SHOP)
        store.restore("copy", state)
        assert store.read("copy") == state
        store.rebuild("copy", statements(LAMP, DESK_LAMP, ACME, relations=(BROADER,)))
        ids = {c.key: c.concept_id for c in store.read("copy").concepts}
        assert ids["lamp"] == lamp
        assert len(set(ids.values())) == 3
        assert "lamp" not in {label.norm for label in store.read("copy").labels}

    def test_a_minted_id_is_kept_for_its_key_and_carried(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(LAMP))
        gift = store.mint(SHOP, ConceptKey(Scheme.INTENT, "gift"))
        assert store.mint(SHOP, ConceptKey(Scheme.INTENT, "gift")) == gift
        state = store.read(SHOP)
        assert state.reserved == ((Scheme.INTENT, "gift", gift),)
        assert gift not in {c.concept_id for c in state.concepts}
        store.restore("copy", state)
        assert store.read("copy") == state
        assert store.mint("copy", ACME) not in {gift, store.mint(SHOP, LAMP)}
        store.edit("copy", Edit(concepts=(Concept(gift, Scheme.INTENT, "gift"),)))
        assert gift not in {spare[2] for spare in store.read("copy").reserved}

    def test_ids_are_counted_in_the_order_of_the_statements(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(DESK_LAMP, LAMP))
        store.rebuild(SHOP, statements(ACME, LAMP))
        assert {c.key: c.concept_id for c in store.read(SHOP).concepts} == {
            "desk lamp": "c000001",
            "lamp": "c000002",
            "acme": "c000003",
        }

    def test_a_restored_state_replaces_what_was_there(self, store: GraphStore) -> None:
        store.rebuild(SHOP, statements(LAMP, DESK_LAMP, ACME, relations=(BROADER,)))
        # The two ids swap their keys, one concept, its label and the edge go.
        swapped = GraphState(
            7,
            (Concept("c000001", Scheme.PRODUCT_TYPE, "desk lamp"), Concept("c000002", Scheme.PRODUCT_TYPE, "lamp")),
            (Label("c000001", "Desk lamp", "desk lamp"), Label("c000002", "L\u00e1mp", "lamp", confidence=0.25)),
            (Relation("c000001", Predicate.RELATED, "c000002", 0.5, Layer.MINED, "log", "said so", 0, 2**50),),
        )
        assert store.restore(SHOP, swapped) == 7
        assert store.read(SHOP) == swapped
        assert store.restore(SHOP, GraphState(3, (), (), ())) == 3
        assert store.read(SHOP) == GraphState(3, (), (), ())

    def test_names_are_mined_labels_unless_a_curator_withdrew_them(self, store: GraphStore) -> None:
        lamp = DraftName(LAMP, DraftLabel("light", "light", "en", LabelKind.ALTERNATIVE), 0.75, evidence="9 of 12")
        known = DraftName(LAMP, DraftLabel("lamp", "lamp", "und", LabelKind.HIDDEN), 0.5)
        said = Statements((concept(LAMP),), (), (lamp, known, lamp))
        store.rebuild(SHOP, said)
        (first, second) = store.read(SHOP).labels
        assert first == Label(
            first.concept_id, "light", "light", "en", LabelKind.ALTERNATIVE, Layer.MINED, 0.75, "9 of 12"
        )
        assert (second.norm, second.kind, second.layer) == ("lamp", LabelKind.PREFERRED, Layer.IMPORTED)
        store.edit(SHOP, Edit(withdrawn_labels=((first.concept_id, "light", "en"),)))
        store.rebuild(SHOP, said)
        assert [label.norm for label in store.read(SHOP).labels] == ["lamp"]

    def test_a_curated_edge_wins_over_the_builds(self, store: GraphStore) -> None:
        """A build that says the opposite of a curator goes through without that statement, and says so."""
        store.rebuild(SHOP, statements(LAMP, DESK_LAMP, relations=(BROADER,)))
        lamp, desk_lamp = store.mint(SHOP, LAMP), store.mint(SHOP, DESK_LAMP)
        store.edit(SHOP, Edit(relations=(Relation(lamp, Predicate.BROADER, desk_lamp),)))
        assert [r.layer for r in store.read(SHOP).relations] == [Layer.CURATED]
        done = store.rebuild(SHOP, statements(LAMP, DESK_LAMP, ACME, relations=(BROADER,)))
        assert [(r.subject, r.object, r.layer) for r in store.read(SHOP).relations] == [
            (lamp, desk_lamp, Layer.CURATED)
        ]
        assert len(done.passed_over) == 1
        assert "'desk lamp' BROADER 'lamp' (imported" in done.passed_over[0]

    @pytest.mark.parametrize(
        ("text", "keys"),
        [
            ("lamp", ["lamp", "desk lamp"]),
            ("LAM", ["lamp", "desk lamp"]),
            ("lamp desk", ["desk lamp"]),
            ("amp", []),
            ("desk acme", []),
            ("", []),
            ('"*+-?~ OR [x', []),
        ],
    )
    def test_people_look_labels_up(self, store: GraphStore, text: str, keys: list[str]) -> None:
        store.rebuild(SHOP, statements(DESK_LAMP, LAMP, ACME))
        store.rebuild("other", statements(LAMP))
        found = store.lookup(SHOP, text, 10)
        assert [hit.concept.key for hit in found] == keys
        assert all(hit.label.concept_id == hit.concept.concept_id for hit in found)
        assert store.lookup(SHOP, text, 1) == found[:1]
        assert store.lookup("nobody", text, 10) == []
