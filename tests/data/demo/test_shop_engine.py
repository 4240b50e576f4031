"""The simulated shop's plain engine finds words, prefers the rarer one, and says nothing of what nobody wrote."""

from data.demo.shop_engine import ShopEngine
from data.product import Product, ProductText


def shop(*titles: str) -> ShopEngine:
    products = [
        Product(product_id=f"p{row}", group_id=f"p{row}", texts={"en": ProductText(title, "Made to last.")})
        for row, title in enumerate(titles)
    ]
    return ShopEngine(products, "en", seed=1)


def test_the_rarer_word_counts_more() -> None:
    engine = shop(*["red mug"] * 9, "blue kettle", "blue teapot")
    assert engine.search("red kettle")[0] == 9


def test_unknown_words_find_nothing() -> None:
    engine = shop("red mug", "blue mug")
    assert engine.search("sofa").tolist() == []
    assert sorted(engine.search("mugs").tolist()) == [0, 1]  # its analyser knows plurals


def test_the_same_query_the_same_answer() -> None:
    titles = [f"mug {number}" for number in range(30)]
    assert shop(*titles).search("mug").tolist() == shop(*titles).search("mug").tolist()
