"""Training a static encoder: what the texts and the log say belongs together comes together."""

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import InputError
from data.mining.state import ATTRACTIVENESS
from data.product import Product, ProductText
from understanding.encoders.encoder import Encoder
from understanding.encoders.loading import load_encoder
from understanding.training.pairs import logged_pairs
from understanding.training.static import train_static

# The title's word, one that only descriptions use, one that only shoppers use.
PLANTED = (
    ("sofa", "settee", "couch"),
    ("kettle", "boiler", "teamaker"),
    ("rug", "carpet", "floorcover"),
    ("lamp", "luminaire", "lightstand"),
    ("jumper", "pullover", "sweater"),
    ("trainer", "sneaker", "runningshoe"),
)
MADE = 60
FILLER = [
    "alder",
    "birch",
    "cedar",
    "dune",
    "ember",
    "fjord",
    "grove",
    "heath",
    "inlet",
    "juniper",
    "knoll",
    "larch",
    "meadow",
    "north",
    "olive",
    "pine",
]


def make_shop() -> list[Product]:
    generator = random.Random(4)
    made = []
    for kind, (title, described, _) in enumerate(PLANTED):
        for number in range(MADE):
            words = generator.sample(FILLER, 6)
            text = ProductText(f"{words[0]} {title} {words[1]}", f"This {described} is of {' '.join(words[2:])}.")
            made.append(Product(f"{kind}-{number:02}", f"{kind}-{number:02}", {"en": text}))
    return made


def write_log(folder: Path, products: list[Product]) -> Path:
    """Each shoppers' word with twelve wanted products of its kind, and twelve of the next that were shown in vain."""
    rows: list[dict[str, Any]] = []
    for kind, (_, _, word) in enumerate(PLANTED):
        other = (kind + 1) % len(PLANTED)
        for number in range(12):
            rows.append({"norm": word, "product_id": products[kind * MADE + number].product_id, "clicks": 9})
            rows.append({"norm": word, "product_id": products[other * MADE + number].product_id, "clicks": 0})
    said = {"locale": "en", "examined": 20.0}
    full = [{**row, **said, "attractiveness": 0.5 if row["clicks"] else 0.01} for row in rows]
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(full), folder / ATTRACTIVENESS)
    return folder


@pytest.fixture(scope="module")
def shop() -> list[Product]:
    return make_shop()


@pytest.fixture(scope="module")
def mined(shop: list[Product], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_log(tmp_path_factory.mktemp("log") / "mined", shop)


@pytest.fixture(scope="module")
def folder(shop: list[Product], mined: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out: Path = tmp_path_factory.mktemp("trained") / "encoder"
    about = train_static(shop, ("en",), out, mined)
    assert about["last_loss"] < about["first_loss"]
    return out


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return load_encoder(folder)


def precision(encoder: Encoder, products: list[Product], column: int, dimensions: int) -> float:
    """Share of the right kind among the ten nearest products, over the planted words of one column."""
    vectors = encoder.encode_products(products)[:, :dimensions]
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    right = []
    for kind, words in enumerate(PLANTED):
        nearest = np.argsort(-(vectors @ encoder.encode_query(words[column])[:dimensions]))[:10]
        right += [products[row].product_id.startswith(f"{kind}-") for row in nearest]
    return float(np.mean(right))


@pytest.mark.parametrize("dimensions", [256, 64])
def test_words_of_titles_descriptions_and_shoppers_find_their_products(
    encoder: Encoder, shop: list[Product], dimensions: int
) -> None:
    titles = [Product(p.product_id, p.group_id, {"en": ProductText(p.texts["en"].title)}) for p in shop]
    assert precision(encoder, titles, 0, dimensions) >= 0.95
    assert precision(encoder, titles, 1, dimensions) >= 0.95
    assert precision(encoder, titles, 2, dimensions) >= 0.95


def test_the_same_seed_trains_the_same_encoder(
    folder: Path, encoder: Encoder, shop: list[Product], mined: Path, tmp_path: Path
) -> None:
    train_static(shop, ("en",), tmp_path / "again", mined)
    assert load_encoder(tmp_path / "again").encoder_id == encoder.encoder_id
    for name in ("tokens.npy", "tokenizer.json", "encoder.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
    train_static(shop, ("en",), tmp_path / "other", mined, seed=1)
    assert load_encoder(tmp_path / "other").encoder_id != encoder.encoder_id


def test_the_log_teaches_with_what_was_wanted_and_what_was_not(shop: list[Product], mined: Path) -> None:
    pairs = [pair for pair in logged_pairs(mined, shop) if pair.anchor == "couch"]
    assert len(pairs) == 12
    titles = [product.texts["en"].title for product in shop]
    assert all("sofa" in titles[pair.product] and "kettle" in titles[pair.unwanted] for pair in pairs)


def test_a_shop_that_says_too_little_is_refused(shop: list[Product], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="pairs"):
        train_static(shop[:20], ("en",), tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


def test_serving_needs_no_torch(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from understanding.encoders.loading import load_encoder\n"
        "assert load_encoder(Path(sys.argv[1])).encode_query('couch').any()\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'onnx', 'onnxruntime', 'pyarrow'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
