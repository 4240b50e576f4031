"""Private data that people type into a search box by mistake: addresses of mail, telephones, cards, accounts.

What is found here is never kept, by whom or how often it was typed notwithstanding. Names and street addresses look
like queries; the rule that a query needs several people keeps those out of everything that is shown.
"""

import re

_MAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+\.?[\w.-]*")
# Digits in groups: a blank or one sign between them.
_DIGIT_RUN = re.compile(r"\+?\(?\d(?:[ ()/.\-]{0,2}\d){6,}")
_IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?)\b")
_CARD_DIGITS = range(13, 20)  # ISO/IEC 7812
_PHONE_DIGITS = range(8, 16)  # E.164 allows 15; shorter ones are short numbers, not a person's
_IBAN_LENGTHS = range(15, 35)  # Norway 15 .. 34 by ISO 13616
_GROUPED = re.compile(r"\(?\d{2,5}\)?[ ./-]\d{2,5}(?:[ ./-]\d{2,5})+")
_GROUPED_DIGITS = 9  # "50-100-150" is watts


def is_private(text: str) -> bool:
    """Whether a text holds an e-mail address, a telephone number, a payment card or an IBAN.

    A barcode (8 or 13 plain digits) is none of these unless it passes for a card by Luhn's check, and dimensions
    ("120 x 60") are no telephone.
    """
    if "@" in text and _MAIL.search(text):
        return True
    if sum(map(str.isdigit, text)) < 8:
        return False
    return any(_is_number_of_a_person(run.group()) for run in _DIGIT_RUN.finditer(text)) or any(
        is_iban(match.group(1)) for match in _IBAN.finditer(text.upper())
    )


def _is_number_of_a_person(run: str) -> bool:
    digits = re.sub(r"\D", "", run)
    if len(digits) in _CARD_DIGITS and passes_luhn(digits):
        return True
    if len(digits) not in _PHONE_DIGITS:
        return False
    # International prefix, national trunk zero, or three or more groups of digits.
    if run.startswith(("+", "0", "(0")):
        return True
    return len(digits) >= _GROUPED_DIGITS and _GROUPED.fullmatch(run) is not None


def passes_luhn(digits: str) -> bool:
    """Luhn's check of a card number (ISO/IEC 7812-1, annex B); all zeros is none."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total > 0 and total % 10 == 0


def is_iban(text: str) -> bool:
    """Whether a text is an IBAN by its check digits (ISO 13616, mod 97-10)."""
    plain = text.replace(" ", "")
    if len(plain) not in _IBAN_LENGTHS:
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
