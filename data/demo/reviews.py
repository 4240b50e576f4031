"""Reviews: sentences about aspects, praise and blame as the product deserves them."""

from collections.abc import Iterator
from math import exp
from random import Random

from data.demo.catalogue import DAY_MS, DAYS, Catalogue, ProductFacts, start_of_day
from data.demo.lexicon import Lexicon
from data.review import Review

MEAN_REVIEWS = 4.0  # of an average product; many have none, a few some thirty
BEFORE_DAYS = 300  # how long before the first day people have reviewed what was on sale
LOCALE_SHARES = (0.75, 0.18, 0.07)  # of the lexicon's locales in their order; further ones as the last
ASPECTS_OF_REVIEW = (1, 3)
WITHOUT_RATING = 0.05


def make_reviews(lexicon: Lexicon, catalogue: Catalogue, seed: int) -> Iterator[Review]:
    """All reviews, product by product; new products have only those written since their launch."""
    for product in catalogue.products:
        facts = catalogue.facts[product.product_id]
        rng = Random(f"reviews {seed} {product.product_id}")
        for number in range(1, _count(facts, rng) + 1):
            if (review := _review(lexicon, facts, number, rng)) is not None:
                yield review


def _count(facts: ProductFacts, rng: Random) -> int:
    """Geometric around what an attractive product gets; a product of the last days hardly any."""
    mean = MEAN_REVIEWS * 2 * facts.attractiveness
    if facts.is_new:
        mean *= 1 - exp(-(DAYS - facts.launch_day) / 30)
    return int(rng.expovariate(1 / mean)) if mean > 0 else 0


def _review(lexicon: Lexicon, facts: ProductFacts, number: int, rng: Random) -> Review | None:
    shares = [LOCALE_SHARES[min(place, len(LOCALE_SHARES) - 1)] for place in range(len(lexicon.locales))]
    locale = rng.choices(lexicon.locales, shares)[0]
    known = list(facts.opinions)
    spoken = rng.sample(known, min(rng.randint(*ASPECTS_OF_REVIEW), len(known)))
    sentences, praise = [], 0
    for key in spoken:
        likes = rng.random() < facts.opinions[key]
        aspect = lexicon.aspects[key]
        phrases = (aspect.positive if likes else aspect.negative).get(locale, ())
        if phrases:
            sentences.append(rng.choice(phrases))
            praise += likes
    if not sentences:
        return None
    share = 0.5 * facts.quality + 0.5 * praise / len(sentences)
    rating = min(5, max(1, round(1 + 4 * share + rng.gauss(0, 0.5))))
    first = start_of_day(facts.launch_day) if facts.is_new else start_of_day(1) - BEFORE_DAYS * DAY_MS
    return Review(
        review_id=f"{facts.product_id}-r{number}",
        product_id=facts.product_id,
        text=lexicon.templates.sentence_break[locale].join(sentences),
        locale=locale,
        rating=None if rng.random() < WITHOUT_RATING else float(rating),
        created_at=rng.randrange(first, start_of_day(DAYS + 1)),
    )
