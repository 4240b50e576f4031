"""What a reranker sees, worked by hand."""

import numpy as np
import pytest

from data.text import analyser_for
from retrieval.index.terms import typed_terms
from retrieval.planning.plan import Term
from retrieval.ranking.features import FEATURES, MONOTONE, RELATIVE_FEATURES, rank_features
from retrieval.titles.asked import ask_titles, other_writings
from retrieval.titles.columns import read_titles
from retrieval.titles.compare import TITLE_FEATURES, compare_titles
from retrieval.titles.reading import read_title, signature
from retrieval.titles.table import tabulate, take_titles

EN = analyser_for("en")
TITLES = [
    "Acme red desk lamp",
    "Lamp shade for desk lamp",
    "Acme monitor 27 in",
    'Zenith monitor 24"',
    "Shower head with hose",
    "",
]
COLUMNS = read_titles(TITLES, EN)


def compare(query: str, titles: list[str] = TITLES) -> dict[str, np.ndarray]:
    asked = ask_titles(query, typed_terms(query, EN), COLUMNS, EN)
    if titles is TITLES:
        return compare_titles(asked, take_titles(COLUMNS, np.arange(len(TITLES), dtype=np.int32)))
    return compare_titles(asked, tabulate(COLUMNS, [read_title(title, EN) for title in titles]))


def test_a_title_is_read_by_its_head() -> None:
    assert read_title("Lamp shade for desk lamp", EN).head == 1
    assert read_title("Samsung case (black), 2 pack", EN).head == 1
    assert read_title("HP 304 ink 2 l", EN).head == 2  # numbers name nothing
    assert read_title("Lampe de bureau", analyser_for("fr")).head == 0
    assert read_title("", EN).head == -1
    assert read_title('15.6" bag', EN).measures == (("cm", 39.624),)


def test_words_covered_in_order_and_side_by_side() -> None:
    found = compare("desk lamp")
    assert found["covered"].tolist() == [1, 1, 0, 0, 0, 0]
    assert found["in_order"].tolist() == [1, 0, 0, 0, 0, 0]  # the first "lamp" of the second title stands before "desk"
    assert found["adjacent"].tolist() == [1, 0, 0, 0, 0, 0]
    assert found["density"][0] == 1.0
    assert found["density"][1] == pytest.approx(2 / 4)  # places 0 to 3
    assert found["first_place"].tolist() == pytest.approx([2 / 4, 0, 1, 1, 1, 1])


def test_the_thing_itself_is_told_from_what_is_for_it() -> None:
    found = compare("lamp")
    assert found["head_is_head"].tolist() == [1, 0, 0, 0, 0, 0]
    assert found["title_head_asked"].tolist() == [1, 0, 0, 0, 0, 0]
    assert compare("desk")["head_behind"].tolist() == [0, 1, 0, 0, 0, 0]
    # "case for lamp" asks for a case.
    asked = ask_titles("shade for lamp", typed_terms("shade for lamp", EN), COLUMNS, EN)
    assert asked.head == 0


def test_numbers_and_measures() -> None:
    found = compare("monitor 27 inch")
    assert found["measures_agree"][2:4].tolist() == [1, 0]
    assert found["measures_differ"][2:4].tolist() == [0, 1]
    assert found["numbers_matched"][2:4].tolist() == [1, 0]
    assert found["numbers_missing"][2:4].tolist() == [0, 1]
    # 68.6 cm are 27 inches.
    assert compare("monitor 68.6 cm")["measures_agree"][2:4].tolist() == [1, 0]


def test_brands_begin_titles() -> None:
    # "acme" begins two of its two titles: 2 / (2 + 2).
    found = compare("acme lamp")
    assert found["brand_first"][0] == pytest.approx(0.5)
    assert found["brand_missing"][[0, 3]].tolist() == pytest.approx([0, 0.5])


def test_bm25_is_the_one_of_the_search() -> None:
    from retrieval.index.postings import build_postings
    from retrieval.sources.bm25 import evaluate_terms

    terms = typed_terms("red lamp", EN)
    scores = evaluate_terms(build_postings([EN.terms(title) for title in TITLES]), terms).scores
    found = compare("red lamp")["bm25"]
    best = scores.max()
    # Titles count each of their terms once a stretch, so lengths may differ by repeated ones; here they do not.
    assert (found / found.max()).tolist() == pytest.approx((scores / best).tolist(), abs=1e-5)


def test_other_writings_are_found() -> None:
    found = {(term.words, term.groups) for term in other_writings(typed_terms("showerhead", EN), COLUMNS)}
    assert (("shower", "head"), (0,)) in found
    (meant,) = [term for term in other_writings(typed_terms("moniter", EN), COLUMNS) if len(term.words) == 1]
    assert meant.words == ("monitor",)
    assert 0.5 < meant.weight < 1
    assert not other_writings(typed_terms("monitor", EN), COLUMNS)
    assert compare("moniter")["covered"][2] == pytest.approx(meant.weight)
    assert compare("moniter")["soft_covered"][4] < 0.3


def test_an_expansion_counts_by_its_weight() -> None:
    terms = (*typed_terms("luminaire", EN), Term(("lamp",), 0.4, (0,)))
    asked = ask_titles("luminaire", terms, COLUMNS, EN)
    found = compare_titles(asked, take_titles(COLUMNS, np.array([0, 2], np.int32)))
    assert found["covered"].tolist() == pytest.approx([0.4, 0])


def test_live_titles_are_read_as_those_of_the_release() -> None:
    for query in ("red desk lamp", "monitor 27 in", "unheard of"):
        known, live = compare(query), compare(query, list(TITLES))
        for name in TITLE_FEATURES:
            assert known[name].tolist() == pytest.approx(live[name].tolist(), abs=1e-6), name


def test_a_word_that_only_live_titles_have_is_matched() -> None:
    found = compare("quokka", ["Quokka lamp", "Lamp"])
    assert found["covered"].tolist() == [1, 0]


def test_rows_have_every_feature_and_say_what_is_missing() -> None:
    rows = rank_features({"bm25": np.array([0.5, 0.25]), "fused": np.zeros(2)}, 2)
    assert rows.shape == (2, len(FEATURES))
    at = {name: place for place, name in enumerate(FEATURES)}
    assert rows[:, at["bm25_over_best"]].tolist() == [1, 0.5]
    assert rows[:, at["fused_over_best"]].tolist() == [0, 0]
    assert np.isnan(rows[:, at["clicks_7"]]).all()
    assert len(set(FEATURES)) == len(FEATURES) == len(MONOTONE)
    assert all(MONOTONE[at[name]] == 1 for name in RELATIVE_FEATURES)


def test_words_spelt_alike_have_signatures_alike() -> None:
    def alike(one: str, other: str) -> float:
        first, second = (sum(number << 64 * i for i, number in enumerate(signature(word))) for word in (one, other))
        return 2 * (first & second).bit_count() / (first.bit_count() + second.bit_count())

    assert alike("monitor", "monitor") == 1.0
    assert alike("monitor", "moniter") > 0.6 > alike("monitor", "lamp")
