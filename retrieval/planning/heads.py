"""Which of several product types in a query is wanted: the head of the phrase."""

from data.text import analyser_for
from graph.concept import Scheme
from understanding.intent import HEAD_FIRST, PREPOSITIONS
from understanding.mention import Mention
from understanding.understanding import Understanding


def head_type(understanding: Understanding) -> Mention | None:
    """The product type that the other words of the query describe.

    Args:
        understanding: Mentions in order of their spans.

    Returns:
        `None` without a product type. Where a preposition divides ("case for laptop", "housse pour ordinateur"),
        what follows it describes what stands before; otherwise the language decides.
    """
    types = [mention for mention in understanding.mentions if mention.scheme == Scheme.PRODUCT_TYPE]
    if not types:
        return None
    locale = understanding.query.locale
    analyser = analyser_for(locale)
    divides = next(
        (
            token.start
            for token in analyser.tokens(understanding.query.text)
            if token.start >= types[0].end and token.text in PREPOSITIONS
        ),
        None,
    )
    if divides is not None:
        types = [mention for mention in types if mention.end <= divides]
    return types[0] if locale.partition("-")[0].lower() in HEAD_FIRST else types[-1]
