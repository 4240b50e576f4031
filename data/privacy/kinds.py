"""Which kind of private data a text holds."""

import re
from enum import StrEnum
from unicodedata import digit

from data.privacy.identities import holds_identity
from data.privacy.numbers import holds_card, holds_iban, holds_telephone, longest_number
from data.privacy.people import holds_address, holds_any, holds_password, holds_person_with_number, holds_secret
from data.text import fold
from data.text.invisible import without_invisible

# "(at)" and "[dot]" are how people write what they hide from programs, and "at" with a "dot" behind it.
_SPOKEN = {
    "at": re.compile(r"\s?[(\[{<]\s?at\s?[)\]}>]\s?|\sat\s(?=[\w-]+\s(?:dot|punkt)\s)"),
    "dot": re.compile(r"\s?[(\[{<]\s?(?:dot|punkt)\s?[)\]}>]\s?|(?<=\w)\s(?:dot|punkt)\s(?=[a-z]{2,})"),
}
_AT_SIGNS = (" at ", "(", "[", "{", "<")
_MAY_BE_AT = re.compile(r"[(\[{<]\s?at\s?[)\]}>]|\sat\s.{0,60}\s(?:dot|punkt)\s")
# Close together any domain that starts with a letter will do ("60fps@1080p" is none); around a blank, or with a digit
# first ("163.com"), only one with a dot: "2 @ 50" is no address. Letters are those of any script (RFC 6531).
_LETTER = r"[^\W\d_]"
_MAIL = re.compile(
    rf"[\w.+-]\"?@{_LETTER}[\w-]+(?:\.[\w-]+)*"
    rf"|[\w.+-]@[\w-]+(?:\.[\w-]+)*\.{_LETTER}{{2,}}"
    rf"|[\w.+-]\s?@\s?{_LETTER}[\w-]*(?:\.[\w-]+)*\s?\.\s?{_LETTER}{{2,}}"
)
# Of a secret or a number behind a name; a house number has fewer.
_FEWEST_DIGITS = 5
_DIGIT = re.compile(r"[0-9]")
# Whatever people put between groups of digits besides the signs on a keyboard: a long vowel mark, dots, a tilde.
_JOINT = re.compile(r"(?<=[0-9])\s?[_ー・·•‧∙~〜|]\s?(?=[0-9])")
# Nothing of `_NUMBERED` is without one of these: five digits close together, one with four digits and dashes behind it
# ("customer 1-2-3"), or what has letters between its digits, an IBAN and Italy's codice fiscale. Each begins with a
# digit, so that a text is looked through for digits alone.
_NUMBER = re.compile(
    r"[0-9](?:(?:[ ()/.+\-]{0,3}[0-9]){4}|[0-9-]{4}"
    r"|(?<=[a-z][a-z][0-9])(?<![a-z0-9][a-z][a-z][0-9])[0-9] ?[a-z0-9]{4} ?[a-z0-9]{4}"
    r"|(?<=[a-z][0-9])[0-9][a-z][0-9]{2}[ -]?[a-z][0-9]{3}[a-z]"
    r"|(?<=[a-z][ -][0-9])[0-9][a-z][0-9]{2}[ -]?[a-z][0-9]{3}[a-z])"
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
    kind = _kind(_without_joints(fold(text)))
    seen = without_invisible(text)
    return _kind(_without_joints(fold(seen))) if kind is None and seen != text else kind


def _kind(folded: str) -> PrivateKind | None:
    if "@" in folded or (holds_any(folded, _AT_SIGNS) and _MAY_BE_AT.search(folded) is not None):
        said = _SPOKEN["dot"].sub(".", _SPOKEN["at"].sub("@", folded))
        if _MAIL.search(said):
            return PrivateKind.MAIL
    has_digit = _DIGIT.search(folded) is not None
    if (has_digit or ":" in folded or "=" in folded) and holds_password(folded):
        return PrivateKind.SECRET
    if not has_digit:
        return None
    if _NUMBER.search(folded) and sum(map(str.isdigit, folded)) >= _FEWEST_DIGITS:
        longest = longest_number(folded)
        for kind, (fewest, holds) in _NUMBERED.items():
            if longest >= fewest and holds(folded):
                return kind
    return PrivateKind.ADDRESS if holds_address(folded) else None


def _without_joints(folded: str) -> str:
    """A text with ASCII digits for circled ones, and one sign for what else stands between two digits in a row."""
    if not folded.isascii():
        folded = "".join(
            str(digit(each)) if not each.isascii() and digit(each, None) is not None else each for each in folded
        )
    elif "_" not in folded and "~" not in folded and "|" not in folded:
        return folded
    return _JOINT.sub("-", folded)


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
