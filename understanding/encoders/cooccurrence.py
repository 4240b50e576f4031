"""An encoder that a shop teaches itself: word vectors from what occurs together in its own products.

Nothing is downloaded and nothing rated is needed. Two words are alike when they stand in the same kind of product, and
the names of a product's attributes say what kind that is: whatever has a `print_speed` is a printer, whatever its title
calls it. Words of all the shop's languages share one space, because one product is titled in several of them.

Beside it a TF-IDF + SVD of hashed words and character n-grams was measured, in several shapes; DESIGN.md has the table.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import marisa_trie
import numpy as np
import orjson
from numpy.typing import NDArray

from data.product import Product
from data.text import analyser_for
from understanding.encoders.svd import truncated_svd

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

DIMENSION = 256
"""Icecat, fused at .2: .776 with 256, .770 with 128 (judged only .851 and .847)."""

LEAST_PRODUCTS = 3
"""A word must occur in this many products to get a vector; 5 costs .004 on Icecat, 2 adds names seen once or twice."""

MOST_WORDS = 40_000
"""The most frequent ones get vectors: bounds the fit (about 25 s at this size) and the file (40 MB)."""

MOST_WORDS_OF_A_PRODUCT = 96
"""The first ones of its texts: the pairs of one product grow with the square."""

MOST_PRODUCTS = 50_000
"""To count pairs in, evenly spaced over the catalogue; pairs of common words are stable long before."""

CONTEXT_SMOOTHING = 0.75
"""Exponent on the context's frequency, so that rare words do not look alike by chance (Levy et al. 2015)."""

SINGULAR_POWER = 0.5
"""Exponent on the singular values; 0, .5 and 1 are within .006 of each other on Icecat, .5 is best alone."""

SIF_SMOOTHING = 1e-3
"""The `a` of a / (a + p(word)), as in Arora et al.; .01 and 1 are within .002 on Icecat."""

SIGNATURE_WEIGHT = 1.0
"""Of the attribute names' unit vector beside the title's; 0 gives .752, .5 .770, 1 .776, 2 .775 (Icecat, fused)."""

SIGNATURE_PREFIX = "\x1f"
"""Marks attribute names and categories in the vocabulary; no analyser lets it through."""


class CooccurrenceEncoder:
    """Averages word vectors of positive pointwise mutual information, weighted by smooth inverse frequency.

    References:
        Levy, Goldberg, Dagan: Improving Distributional Similarity with Lessons Learned from Word Embeddings, TACL 2015.
        Arora, Liang, Ma: A Simple but Tough-to-Beat Baseline for Sentence Embeddings, ICLR 2017.
    """

    def __init__(
        self,
        vocabulary: marisa_trie.Trie,
        words: NDArray[np.float32],
        centre: NDArray[np.float32],
        common: NDArray[np.float32],
        encoder_id: str,
        locales: Sequence[str],
    ) -> None:
        """Take a fitted model; `fit` and `load` make one.

        Args:
            vocabulary: Word to row of `words`.
            words: Shape (n, d), unit vectors times their SIF weight.
            centre: Shape (d,), mean of the products' vectors.
            common: Shape (d,), unit vector of the direction that all products share.
            encoder_id: Name, parameters, fingerprint.
            locales: The shop's; the first is the default of `encode_query`.
        """
        self._vocabulary = vocabulary
        self._words = words
        self._centre = centre
        self._common = common
        self._encoder_id = encoder_id
        self._locales = tuple(locales)

    @property
    def encoder_id(self) -> str:
        """Name, parameters and fingerprint of the fit."""
        return self._encoder_id

    @property
    def dimension(self) -> int:
        """Length of every vector."""
        return int(self._words.shape[1])

    def encode_products(self, products: Sequence[Product]) -> NDArray[np.float32]:
        """Titles of all locales, and the attributes' and categories' names; unit vectors, shape (len(products), d)."""
        titles = self._average([title_terms(product) for product in products])
        return self._centred(titles + SIGNATURE_WEIGHT * self._average([signature(product) for product in products]))

    def encode_documents(self, texts: Sequence[str], locale: str | None = None) -> NDArray[np.float32]:
        """Unit vectors of bare texts, shape (len(texts), d)."""
        analyser = analyser_for(locale or self._locales[0])
        return self._centred(self._average([analyser.query_terms(text) for text in texts]))

    def encode_query(self, text: str, locale: str | None = None) -> NDArray[np.float32]:
        """Unit vector of a query, shape (d,); zeros when no word is known."""
        vector: NDArray[np.float32] = self.encode_documents([text], locale)[0]
        return vector

    def _average(self, bags: Sequence[Iterable[str]]) -> NDArray[np.float32]:
        sums = np.zeros((len(bags), self.dimension), np.float32)
        get = self._vocabulary.get
        for i, bag in enumerate(bags):
            rows = [row for row in map(get, bag) if row is not None]
            if rows:
                sums[i] = self._words[rows].sum(axis=0)
        return _unit(sums)

    def _centred(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        known = np.abs(vectors).sum(axis=1) > 0
        centred = _unit(vectors) - self._centre
        centred -= np.outer(centred @ self._common, self._common)
        centred[~known] = 0
        return _unit(centred)

    def save(self, folder: Path) -> None:
        """Write the model's four files."""
        folder.mkdir(parents=True, exist_ok=True)
        self._vocabulary.save(str(folder / "vocabulary.marisa"))
        np.save(folder / "words.npy", self._words)
        np.save(folder / "centre.npy", np.stack([self._centre, self._common]))
        (folder / "encoder.json").write_bytes(orjson.dumps({"encoder_id": self._encoder_id, "locales": self._locales}))

    @classmethod
    def load(cls, folder: Path) -> "CooccurrenceEncoder":
        """Map a saved model."""
        about = orjson.loads((folder / "encoder.json").read_bytes())
        centre, common = np.load(folder / "centre.npy")
        vocabulary = marisa_trie.Trie().mmap(str(folder / "vocabulary.marisa"))
        words = np.load(folder / "words.npy", mmap_mode="r")
        return cls(vocabulary, words, centre, common, about["encoder_id"], about["locales"])

    @classmethod
    def fit(
        cls, products: Sequence[Product], locales: Sequence[str], dimension: int = DIMENSION
    ) -> "CooccurrenceEncoder | None":
        """Learn word vectors from the shop's products; `None` when too few words repeat to learn anything.

        Args:
            products: The catalogue.
            locales: The shop's.
            dimension: Of the vectors; less when the vocabulary is smaller.
        """
        sample = products[:: max(1, -(-len(products) // MOST_PRODUCTS))]
        bags = [list(_distinct(training_terms(product), MOST_WORDS_OF_A_PRODUCT)) for product in sample]
        counts = Counter(word for bag in bags for word in bag)
        frequent = [word for word, n in counts.most_common() if n >= LEAST_PRODUCTS]
        kept = sorted(sorted(frequent, key=lambda word: (-counts[word], word))[:MOST_WORDS])
        if len(kept) <= dimension:
            dimension = len(kept) // 2
        if dimension < 2:
            return None
        vocabulary = marisa_trie.Trie(kept)
        frequency = np.zeros(len(kept), np.float64)
        for word in kept:
            frequency[vocabulary[word]] = counts[word]
        information = positive_mutual_information(_incidence(bags, vocabulary))
        values, vectors = truncated_svd(information.T.tocsr(), dimension)
        sif = SIF_SMOOTHING / (SIF_SMOOTHING + frequency / frequency.sum())
        words = (_unit(vectors * values**SINGULAR_POWER) * sif[:, None]).astype(np.float32)
        zero = np.zeros(words.shape[1], np.float32)
        plain = cls(vocabulary, words, zero, zero, "", locales)
        return cls(vocabulary, words, *plain.centring(sample), _identity(kept, words), locales)

    def centring(self, products: Sequence[Product]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Mean of the products' vectors, and the direction they share most after it is taken off."""
        vectors = self.encode_products(products)
        centre = vectors.mean(axis=0)
        shared = leading_direction(vectors - centre)
        return centre.astype(np.float32), shared


def title_terms(product: Product) -> list[str]:
    """Analysed words of the title in every locale."""
    return [term for locale, text in product.texts.items() for term in analyser_for(locale).terms(text.title)]


def signature(product: Product) -> list[str]:
    """What kind of product it is, apart from its words: names of its attributes and its categories."""
    paths = (" > ".join(product.category[: depth + 1]) for depth in range(len(product.category)))
    return [SIGNATURE_PREFIX + name for name in (*product.attributes, *paths)]


def training_terms(product: Product) -> Iterator[str]:
    """Signature first (it is never cut off), then titles, then descriptions."""
    yield from signature(product)
    yield from title_terms(product)
    for locale, text in product.texts.items():
        # A description of many kilobytes is cut before it is analysed: only its first words count anyway.
        yield from analyser_for(locale).terms(text.description[: MOST_WORDS_OF_A_PRODUCT * 16])


def positive_mutual_information(incidence: "csr_matrix") -> "csr_matrix":
    """PPMI of words by the products they share.

    Args:
        incidence: Shape (products, words), ones where a product has a word.

    Returns:
        Shape (words, words). A product spreads one unit of weight over its words, so that a long description does not
        outvote a hundred short titles.
    """
    from scipy.sparse import csr_matrix, diags

    sizes = np.asarray(incidence.sum(axis=1)).ravel()
    pairs: Any = (incidence.T @ (diags(1 / np.maximum(sizes, 1)) @ incidence)).tocoo()
    total = pairs.data.sum()
    words = np.bincount(pairs.row, weights=pairs.data, minlength=incidence.shape[1])
    contexts = np.bincount(pairs.col, weights=pairs.data, minlength=incidence.shape[1]) ** CONTEXT_SMOOTHING
    contexts /= contexts.sum()
    information = np.log(pairs.data / (words[pairs.row] * contexts[pairs.col]))
    keep = (information > 0) & (total > 0)
    shape = (incidence.shape[1], incidence.shape[1])
    return csr_matrix((information[keep].astype(np.float32), (pairs.row[keep], pairs.col[keep])), shape=shape)


def leading_direction(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The unit vector along which the vectors are largest, with a fixed sign."""
    first = np.linalg.eigh(vectors.T @ vectors)[1][:, -1]
    signed: NDArray[np.float32] = (first * np.sign(first[np.abs(first).argmax()])).astype(np.float32)
    return signed


def _incidence(bags: Sequence[Sequence[str]], vocabulary: marisa_trie.Trie) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    columns = [[row for row in map(vocabulary.get, bag) if row is not None] for bag in bags]
    ends = np.cumsum([0, *map(len, columns)])
    indices = np.fromiter((row for bag in columns for row in bag), np.int32, count=int(ends[-1]))
    return csr_matrix((np.ones(len(indices), np.float32), indices, ends), shape=(len(bags), len(vocabulary)))


def _distinct(terms: Iterable[str], most: int) -> Iterator[str]:
    seen: set[str] = set()
    for term in terms:
        if len(seen) == most:
            return
        if term not in seen:
            seen.add(term)
            yield term


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units: NDArray[np.float32] = np.zeros_like(vectors, dtype=np.float32)
    np.divide(vectors, lengths, out=units, where=lengths > 1e-9)
    return units


def _identity(words: Sequence[str], vectors: NDArray[np.float32]) -> str:
    digest = hashlib.sha256("\n".join(words).encode())
    digest.update(np.round(vectors, 4).tobytes())
    return f"cooccurrence/1-{vectors.shape[1]}d-{digest.hexdigest()[:12]}"
