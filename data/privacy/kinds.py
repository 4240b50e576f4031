"""Which kind of private data a text holds."""

import re
from enum import StrEnum

from data.privacy.identities import holds_identity
from data.privacy.numbers import holds_card, holds_iban, holds_telephone, longest_number
from data.privacy.people import holds_address, holds_person_with_number, holds_secret
from data.text import fold

# "(at)" and "[dot]" are how people write what they hide from programs.
_SPOKEN = {"at": re.compile(r"\s?[(\[]\s?at\s?[)\]]\s?"), "dot": re.compile(r"\s?[(\[]\s?(?:dot|punkt)\s?[)\]]\s?")}
# Close together any domain will do; around a blank only one with a dot: "2 @ 50" is no address. "60fps@1080p" is none
# either: a domain starts with a letter.
_MAIL = re.compile(r"[\w.+-]+@[a-z][\w-]+(?:\.[\w-]+)*|[\w.+-]+\s?@\s?[a-z][\w-]*(?:\.[\w-]+)*\.[a-z]{2,}")
# Of a secret or a number behind a name; a house number has fewer.
_FEWEST_DIGITS = 5
_DIGIT = re.compile(r"[0-9]")
# Nothing of `_NUMBERED` is without one of these: five digits close together, one with four digits and dashes behind it
# ("customer 1-2-3"), or what has letters between its digits, an IBAN and Italy's codice fiscale. Each begins with a
# digit, so that a text is looked through for digits alone.
_NUMBER = re.compile(
    r"[0-9](?:(?:[ ()/.+\-]{0,2}[0-9]){4}|[0-9-]{4}"
    r"|(?<=[a-z][a-z][0-9])(?<![a-z0-9][a-z][a-z][0-9])[0-9] ?[a-z0-9]{4} ?[a-z0-9]{4}"
    r"|(?<=[a-z]{6}[0-9])[0-9][a-z][0-9]{2}[a-z][0-9]{3}[a-z])"
)


class PrivateKind(StrEnum):
    """What is never kept nor shown."""

    MAIL = "mail"
    TELEPHONE = "telephone"
    CARD = "card"
    IBAN = "iban"
    IDENTITY = "identity"
    ADDRESS = "address"
    PERSON = "person"
    SECRET = "secret"


def private_kind(text: str) -> PrivateKind | None:
    """The first kind that a text holds, `None` for none.

    Full-width digits, invisible characters and case make no difference. A barcode (8 or 13 plain digits) is none of
    these unless it passes for a card by Luhn's check, and dimensions ("120 x 60") are no telephone. A name alone is
    none either: it may be a brand, and one that few people typed is shown to nobody.
    """
    folded = text.lower() if text.isascii() else fold(text)
    if "@" in folded or "(at" in folded or "[at" in folded or "( at" in folded or "[ at" in folded:
        said = _SPOKEN["dot"].sub(".", _SPOKEN["at"].sub("@", folded))
        if _MAIL.search(said):
            return PrivateKind.MAIL
    if _DIGIT.search(folded) is None:
        return None
    if _NUMBER.search(folded) and sum(map(str.isdigit, folded)) >= _FEWEST_DIGITS:
        longest = longest_number(folded)
        for kind, (fewest, holds) in _NUMBERED.items():
            if longest >= fewest and holds(folded):
                return kind
    return PrivateKind.ADDRESS if holds_address(folded) else None


# With the fewest digits that are together in each, as far as they must be.
_NUMBERED = {
    PrivateKind.IDENTITY: (0, holds_identity),
    PrivateKind.CARD: (13, holds_card),
    PrivateKind.IBAN: (0, holds_iban),
    PrivateKind.TELEPHONE: (8, holds_telephone),
    PrivateKind.SECRET: (0, holds_secret),
    PrivateKind.PERSON: (5, holds_person_with_number),
}


def is_private(text: str) -> bool:
    """Whether a text holds any of them."""
    return private_kind(text) is not None
