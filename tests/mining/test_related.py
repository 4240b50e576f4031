"""Categories that the same people buy of, by hand."""

from pathlib import Path

import pytest

from data.mining.related import related
from data.mining.run import MiningRequest, mine
from data.product import Product, ProductText
from tests.mining.log import Log


def row(one: str, other: str, people: int, of_one: int, of_other: int, total: int) -> dict[str, object]:
    return {"one": one, "other": other, "people": people, "of_one": of_one, "of_other": of_other, "total": total}


def test_the_score_is_how_large_the_lift_is_at_least() -> None:
    one, other = "Out > Sleeping bags", "Out > Tents"
    (found,) = related([row(other, one, 20, 20, 20, 100), row(one, other, 20, 20, 20, 100)], "en")
    # 20 of 20: at least 20 / 22.706 = .8808 of them, against 20 of 100 by chance: 4.404 times
    assert found.score == pytest.approx(1 - 1 / 4.404, abs=1e-3)
    assert (found.source, found.target) == ("sleeping bags", "tents")
    assert "20 people" in found.evidence
    assert "5.0 times" in found.evidence


def test_what_chance_explains_is_left_out() -> None:
    assert related([row("A", "B", 9, 10, 10, 100)], "en") == [], "nine people"
    assert related([row("A", "B", 15, 40, 20, 100)], "en") == [], "1.9 times as by chance"
    assert related([row("X > Table", "Y > Table", 20, 20, 20, 100)], "en") == [], "one name"


def test_pairs_of_categories_whose_products_are_never_the_same(tmp_path: Path) -> None:
    def thing(name: str, category: str) -> Product:
        return Product(name, name, {"en": ProductText(name)}, "", ("Shop", category))

    log, products = Log(), []
    for person in range(40):
        kinds = ("Tents", "Stoves") if person < 20 else ("Lamps", "Rugs")
        for kind in kinds:
            products.append(thing(f"{kind}-{person}", kind))
            log.act("purchase", person * 100, f"s{person}", f"{kind}-{person}")
    found = mine(MiningRequest((log.write(tmp_path / "events"),), tmp_path / "out", tuple(products)))
    pairs = [(one.source, one.target) for one in found.candidates if one.kind == "related"]
    assert pairs == [("lamps", "rugs"), ("stoves", "tents")]
