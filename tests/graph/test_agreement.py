"""Who is believed: curators before the catalogue, the catalogue before the log."""

from hypothesis import given
from hypothesis import strategies as st

from graph.agreement import agree
from graph.concept import Concept, Layer, Scheme
from graph.integrity import violations
from graph.relation import Predicate, Relation

NODES = "abcde"
PAIRS = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda ends: ends[0] < ends[1])
ANY_PAIRS = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES))


def edge(subject: str, object_: str, layer: Layer, predicate: Predicate = Predicate.BROADER) -> Relation:
    return Relation(subject, predicate, object_, 0.5, layer)


@given(
    st.sets(PAIRS, max_size=6),
    st.sets(PAIRS.map(lambda ends: ends[::-1]), max_size=6),
    st.sets(ANY_PAIRS, max_size=8),
    st.sets(ANY_PAIRS, max_size=5),
    st.sets(PAIRS, max_size=2),
)
def test_what_agrees_is_sound_when_each_strong_source_is(
    curated: set[tuple[str, str]],
    imported: set[tuple[str, str]],
    mined: set[tuple[str, str]],
    mined_related: set[tuple[str, str]],
    curated_related: set[tuple[str, str]],
) -> None:
    ours = [edge(*ends, Layer.CURATED) for ends in sorted(curated)]
    if not violations(
        [Concept(each, Scheme.CATEGORY, each) for each in NODES],
        [],
        [*ours, *(edge(*ends, Layer.CURATED, Predicate.RELATED) for ends in sorted(curated_related))],
    ):
        ours += [edge(*ends, Layer.CURATED, Predicate.RELATED) for ends in sorted(curated_related)]
    drafted = [edge(*ends, Layer.IMPORTED) for ends in sorted(imported)]
    held = {(each.subject, each.predicate, each.object) for each in (*ours, *drafted)}
    for ends in sorted(mined):
        drafted += [edge(*ends, Layer.MINED)] * ((ends[0], Predicate.BROADER, ends[1]) not in held)
    for ends in sorted(mined_related):
        related = edge(*ends, Layer.MINED, Predicate.RELATED)
        drafted += [related] * (ends[0] != ends[1] and (ends[0], Predicate.RELATED, ends[1]) not in held)
    agreed = agree(ours, drafted)
    assert violations([Concept(each, Scheme.CATEGORY, each) for each in NODES], [], agreed.relations) == []
    assert set(ours) <= set(agreed.relations)
    refused = [refusal.relation for refusal in agreed.refusals]
    assert sorted(map(repr, [*agreed.relations, *refused])) == sorted(map(repr, [*ours, *drafted]))
    # Nothing is refused without need: the catalogue alone stays whole.
    if not ours:
        assert all(each.layer is Layer.MINED for each in refused)


def test_a_curated_related_parts_what_the_catalogue_put_above_another() -> None:
    ours = [edge("a", "c", Layer.CURATED, Predicate.RELATED)]
    agreed = agree(ours, [edge("a", "b", Layer.IMPORTED), edge("b", "c", Layer.MINED)])
    assert [refusal.relation for refusal in agreed.refusals] == [edge("b", "c", Layer.MINED)]
    (refusal,) = agreed.refusals
    assert refusal.said({"b": "bowls"}) == (
        "passed over: 'bowls' BROADER 'c' (mined, from catalogue): its ends, or those around it, are related (curated)"
    )
