"""Texts that a merchant wrote for the search engine: one word over and over, claims instead of names.

Claims are what marketplaces do not take in a title (Google Merchant Center's rules for `title`, for one): about the
price, the delivery and the rank, not about the thing. One claim may be somebody's wish ("best seller books"); two are
not, nor is one behind a bar.
"""

import re
from collections import Counter

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
_BAR = re.compile(r"[|•★]")


def is_stuffed(text: str) -> bool:
    """Whether a text says one word three times, makes two claims, or makes one beside a bar or star."""
    if any(times >= _REPEATED for word, times in Counter(split_words(text)).items() if len(word) >= _SHORTEST):
        return True
    claims = len(_CLAIMS.findall(_read(text)))
    return claims > 1 or (claims == 1 and _BAR.search(text) is not None)


def makes_claim(title: str) -> bool:
    """Whether a merchant's title makes any: what else stands in it is as likely made up."""
    return _CLAIMS.search(_read(title)) is not None


def _read(text: str) -> str:
    return text.lower() if text.isascii() else fold(text)
