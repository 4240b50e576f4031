from pathlib import Path

import orjson
import pytest

from data.errors import InputError, TooManyBadRows
from data.judgment import Judgment, read_judgments, write_judgments
from data.quarantine import Quarantine
from data.review import Review, read_reviews, write_reviews

EXPECTED = [Judgment("blue lamp", "a", 3.0), Judgment("blue lamp", "b 2", 0.0), Judgment("x", "a", 1.5)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("r.csv", "query,docid,rating\nblue lamp,a,3\nblue lamp,b 2,0\nx,a,1\nx,a,1.5\n"),
        ("r.tsv", "docid\trating\tquery\na\t3\tblue lamp\nb 2\t0\tblue lamp\na\t1.5\tx\n"),
        ("r.jsonl", '{"query":"blue lamp","product_id":"a","relevance":3}\n{"query":"blue lamp","product_id":"b 2",'
                    '"relevance":0}\n{"query":"x","product_id":"a","relevance":1.5}\n'),
    ],
)  # fmt: skip
def test_tables(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert read_judgments(path) == EXPECTED
    again = tmp_path / "again.csv"
    assert write_judgments(again, EXPECTED) == 3
    assert read_judgments(again) == EXPECTED


def test_qrels_with_texts_or_numbers_of_queries(tmp_path: Path) -> None:
    path = tmp_path / "test.qrels"
    path.write_text("blue lamp 0 a 3\n7\tQ0\tb\t1\n")
    assert read_judgments(path) == [Judgment("blue lamp", "a", 3), Judgment("7", "b", 1)]
    (tmp_path / "queries.tsv").write_text("7\tred chair\n")
    assert read_judgments(path)[1] == Judgment("red chair", "b", 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("query,docid,rating\nlamp,a,good\n", r"r\.csv:2.*'good'"),
        ("query,docid,rating\nlamp,,1\n", r"r\.csv:2"),
        ("query,docid,rating\nlamp,a,nan\n", r"r\.csv:2"),
        ("query,docid\nlamp,a\n", "column 'rating'"),
        ("query,docid,rating\n", "no judgments"),
        ('query,docid,rating\nlamp,"a,1\n', "cannot be read"),
    ],
)
def test_one_bad_line_fails(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=says):
        read_judgments(path)


def test_reviews_go_round(tmp_path: Path) -> None:
    reviews = [Review("1", "a", "Warm & dry", "en", 4.5, 1000), Review("2", "a", "Gut", "de")]
    path = tmp_path / "reviews.jsonl.gz"
    assert write_reviews(path, reviews) == 2
    assert read_reviews(path, Quarantine()) == reviews


def test_reviews_that_cannot_be_used(tmp_path: Path) -> None:
    good = {"review_id": 1, "product_id": 7, "text": "<b>Fine</b>", "rating": "5"}
    bad = [
        {"text": "x"},
        {**good, "rating": 6},
        {**good, "text": " "},
        {**good, "created_at": "?"},
        {**good, "rating": "x"},
    ]
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, [good, *bad, {**good, "text": "Better"}])))
    quarantine = Quarantine()
    assert read_reviews(path, quarantine) == [Review("1", "7", "Better", "en", 5.0)]
    assert (quarantine.rejected, quarantine.counts["duplicate"]) == (5, 1)
    path.write_bytes(b'{"text": "x"}\n')
    with pytest.raises(TooManyBadRows):
        read_reviews(path, Quarantine())
