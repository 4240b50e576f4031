"""Texts that a merchant wrote for the search engine: one word over and over, claims instead of names.

Claims are what marketplaces do not take in a title (Google Merchant Center's rules for `title`, for one): about the
price, the delivery and the rank, not about the thing. One claim may be somebody's wish ("best seller books"); two are
not, nor is one behind a bar.
"""

import re
from collections.abc import Sequence

from autocomplete.words import split_words
from data.text import fold

# So often one word: "New York, New York" says it twice.
_REPEATED = 3
_SHORTEST = 3  # letters; "4 x 4 x 4" repeats nothing
_CLAIMS = re.compile(
    r"(?<!\w)(?:best ?-?sellers?|best price|lowest price|hot deals?|top deals?|super deals?|"
    r"free shipping|free delivery|buy now|top gift|gift idea|premium quality|high quality|"
    r"100% (?:original|genuine|best)|limited offer|"
    r"zum bestpreis|bestpreis|tiefpreis|gratis versand|versandkostenfrei|jetzt kaufen|geschenkidee|premiumqualitat|"
    r"top-deal|meilleur prix|livraison gratuite|meilleure vente|envio gratis|mejor precio|spedizione gratuita)(?!\w)"
    r"|売れ筋|最安値|お買い得|送料無料|ギフトに最適|正規品|高品質|セール(?!ス)|年新作"
)
# No claim in Latin letters is without one of these: asked for first, in half the time.
_HINT = re.compile(
    "best|lowest|deal|free |buy now|gift idea|top gift|quality|100% |limited|preis|gratis|versand|jetzt|geschenkidee|"
    "premiumqualitat|meilleur|gratuit|mejor"
)
_BAR = re.compile(r"[|•★]")


def is_stuffed(text: str, words: Sequence[str] | None = None) -> bool:
    """Whether a text says one word three times, makes two claims, or makes one beside a bar or star.

    Args:
        text: As it would be shown.
        words: What `split_words` makes of it, where that is known.
    """
    if words is None:
        words = split_words(text)
    if len(words) - len(set(words)) >= _REPEATED - 1 and any(
        words.count(word) >= _REPEATED for word in set(words) if len(word) >= _SHORTEST
    ):
        return True
    claims = len(_claims(text))
    return claims > 1 or (claims == 1 and _BAR.search(text) is not None)


def makes_claim(title: str) -> bool:
    """Whether a merchant's title makes any: what else stands in it is as likely made up."""
    return bool(_claims(title))


def name_in_title(title: str) -> str | None:
    """What of a merchant's title may be learned from: up to a bar; `None` where it praises itself.

    Behind a bar stand other products' names as often as this one's properties, and those are told elsewhere.
    """
    return None if makes_claim(title) else next(filter(None, map(str.strip, _BAR.split(title))), None)


def _claims(text: str) -> list[str]:
    folded = text.lower() if text.isascii() else fold(text)
    return [] if folded.isascii() and _HINT.search(folded) is None else _CLAIMS.findall(folded)
