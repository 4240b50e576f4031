"""Whether a shop's own texts teach an encoder anything: asked of the shop itself, without ratings.

Half of the products teach. In the other half, a word is struck from the titles that have it, and the encoder must still
tell these products from others when asked for the word. That is what a dense source is for: finding the headset that no
supplier called one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from data.product import Product, ProductText
from data.text import analyser_for
from understanding.encoders.cooccurrence import CooccurrenceEncoder

LEAST_AUC = 0.75
"""Chance that a product whose title lost the word is nearer to it than one that never had it. Icecat .94, Home Depot
titles alone .93 (1,000 of them .83), the demo shop .91; titles whose words were dealt at random .52 to .55."""

LEAST_PRODUCTS = 100
"""Below, neither teaching nor asking means anything."""

WORDS = 100
BEARERS = 20
OTHERS = 300
RAREST = 5
"""Held-out titles that a word must stand in."""

COMMONEST = 0.3
"""Share of the titles above which a word says too little to be asked for."""


def masked_word_auc(products: Sequence[Product], locales: Sequence[str], seed: int = 0) -> float | None:
    """Area under the ROC curve of telling products that lost a word from others, averaged over words.

    Returns:
        In [0, 1], .5 being chance; `None` when the shop is too small to ask.
    """
    if len(products) < LEAST_PRODUCTS:
        return None
    encoder = CooccurrenceEncoder.fit(products[::2], locales)
    if encoder is None:
        return None
    held_out = products[1::2]
    locale = locales[0]
    analyser = analyser_for(locale)
    titles = [analyser.tokens(product.text(locale, locales).title) for product in held_out]
    bearers: dict[str, list[int]] = defaultdict(list)
    for i, title in enumerate(titles):
        for stem in {token.stem for token in title if token.stem.isalpha() and not analyser.is_stop(token.text)}:
            bearers[stem].append(i)
    eligible = [w for w in sorted(bearers) if RAREST <= len(bearers[w]) <= max(RAREST, COMMONEST * len(held_out))]
    generator = np.random.default_rng(seed)
    areas = []
    for word in (eligible[i] for i in generator.permutation(len(eligible))[:WORDS].tolist()):
        asked = encoder.encode_query(word, locale)
        chosen = generator.permutation(bearers[word])[:BEARERS].tolist()
        rest = np.setdiff1d(generator.integers(len(held_out), size=OTHERS), bearers[word]).tolist()
        if not asked.any() or not rest:
            continue
        masked = []
        for i in chosen:
            rest_of_title = " ".join(token.text for token in titles[i] if token.stem != word)
            masked.append(replace(held_out[i], texts={locale: ProductText(rest_of_title)}))
        near = encoder.encode_products(masked) @ asked
        far = encoder.encode_products([held_out[i] for i in rest]) @ asked
        areas.append(float((near[:, None] > far).mean() + 0.5 * (near[:, None] == far).mean()))
    return float(np.mean(areas)) if areas else None
