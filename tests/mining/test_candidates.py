"""Planted truths are found in a made-up log, and what only looks like one is not."""

import random
from pathlib import Path

import pytest

from data.errors import InputError
from data.mining.candidate import Candidate, ordered, read_candidates, write_candidates
from data.mining.run import MiningRequest, mine
from data.mining.similarity import ClickProfiles
from data.mining.words import difference
from data.product import Product, ProductText
from tests.mining.log import Log

PEOPLE = 400
TYPES = {"sofa": 12, "armchair": 12, "stool": 12, "kettle": 12}
# What shoppers mean by the words that no product bears.
MEANS = {"couch": ("sofa",), "seating": ("sofa", "armchair", "stool")}


def _products() -> list[Product]:
    return [
        Product(f"{kind}-{number}", f"{kind}-{number}", {"en": ProductText(f"Oak {kind} {number}")}, "", ("Home", kind))
        for kind, count in TYPES.items()
        for number in range(count)
    ]  # fmt: skip


def _log(rng: random.Random) -> Log:
    log = Log()

    def shop(at: float, session: str, query: str, kinds: tuple[str, ...]) -> None:
        found = [f"{kind}-{number}" for kind in kinds for number in range(TYPES[kind])]
        rng.shuffle(found)
        query_id = log.search(at, session, query, found)
        for position, product in enumerate(found[:4], start=1):
            if rng.random() < 0.5:
                log.act("click", at + 5 * position, session, product, query_id, position)

    for person in range(PEOPLE):
        at, session = person * 150.0, f"s{person}"
        word = rng.choice([*TYPES, *MEANS])
        if word == "couch" and rng.random() < 0.5:
            log.search(at, session, "couch", [])
            shop(at + 40, session, "sofa", ("sofa",))
        elif word == "kettle" and rng.random() < 0.4:
            log.search(at, session, "kettel", [])
            shop(at + 20, session, "kettle", ("kettle",))
        elif word == "stool" and rng.random() < 0.4:  # another wish, not another word
            log.search(at, session, "stool", [])
            shop(at + 40, session, "armchair", ("armchair",))
        else:
            shop(at, session, word, MEANS.get(word, (word,)))
    return log


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Candidate]:
    folder = tmp_path_factory.mktemp("candidates")
    events = _log(random.Random(3)).write(folder / "events")
    mine(MiningRequest((events,), folder / "out", tuple(_products())))
    return read_candidates(folder / "out" / "candidates.jsonl")


def _pairs(found: list[Candidate], kind: str, least: float = 0.5) -> set[tuple[str, str]]:
    return {(one.source, one.target) for one in found if one.kind == kind and one.score >= least}


def test_the_synonym_is_found_and_siblings_are_not(found: list[Candidate]) -> None:
    assert _pairs(found, "synonym") == {("couch", "sofa")}
    (one,) = (one for one in found if (one.kind, one.source) == ("synonym", "couch") and one.score >= 0.5)
    assert "clicks are alike" in one.evidence
    assert "people put one in the place of the other" in one.evidence
    assert one.counts["people"] > 5


def test_the_misspelling_is_found(found: list[Candidate]) -> None:
    assert _pairs(found, "misspelling") == {("kettel", "kettle")}


def test_the_broad_word_is_found_with_what_it_covers(found: list[Candidate]) -> None:
    covered = _pairs(found, "hypernym")
    assert {("seating", kind) for kind in ("sofa", "armchair", "stool")} <= covered
    assert {broad for broad, _ in covered} == {"seating"}


def test_candidates_are_written_and_read(tmp_path: Path) -> None:
    some = [
        Candidate("synonym", "couch", "sofa", "en", 0.9, "because", {"people": 3}),
        Candidate("misspelling", "soffa", "sofa", "en", 0.4, "because"),
        Candidate("synonym", "pot", "pan", "en", 0.95, "because"),
    ]
    path = tmp_path / "candidates.jsonl"
    assert write_candidates(path, ordered(some)) == 3
    assert [one.source for one in read_candidates(path)] == ["pot", "couch", "soffa"]
    path.write_text('{"kind": "rumour"}\n')
    with pytest.raises(InputError, match=r"candidates\.jsonl:1"):
        read_candidates(path)


def test_overlap_by_hand() -> None:
    profiles = ClickProfiles(
        [("sofa", "a", 5), ("sofa", "b", 5), ("couch", "a", 4), ("couch", "b", 4), ("seat", "a", 5), ("seat", "c", 15)]
    )
    same = profiles.overlap("sofa", "couch")
    assert same is not None
    # together (20 + 20) / 80 = .5; sofa with itself 40 / 90, couch 24 / 56
    assert same.alike == pytest.approx(0.5 / (40 / 90 * 24 / 56) ** 0.5)
    part = profiles.overlap("sofa", "seat")
    assert part is not None
    # together 25 / 200; seat with itself (20 + 210) / 380
    assert part.first_in_second == pytest.approx(0.125 / (230 / 380))
    assert part.second_in_first == pytest.approx(0.125 / (40 / 90))
    assert profiles.overlap("sofa", "lamp") is None


def test_difference_of_queries() -> None:
    assert difference(("red", "sofa"), ("red", "couch")) == (("sofa",), ("couch",))
    assert difference(("red", "sofa", "bed"), ("red", "day", "bed")) == (("sofa",), ("day",))
    assert difference(("red", "sofa"), ("sofa",)) is None
    assert difference(("a", "b", "c", "d"), ("e", "f", "g", "h")) is None
    assert difference(("a", "a"), ("a",)) is None
