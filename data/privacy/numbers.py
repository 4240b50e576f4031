"""Numbers of payment cards, bank accounts and telephones, told from part numbers and dimensions.

Texts come folded (`data.text.fold`): lower case, plain digits.
"""

import re
from collections.abc import Iterator

# Digits in groups: a blank or one sign between them. Digits glued to letters are a part number.
_DIGIT_RUN = re.compile(r"(?<![a-z0-9])\+?\(?\d(?:[ ()/.\-]{0,2}\d){6,}(?![a-z0-9])")
_CLOSE = re.compile(r"[0-9](?:[ ()/.+\-]{0,2}[0-9])*")
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2} ?[a-z0-9]{4}(?= ?[a-z0-9]{4})")
_CARD_DIGITS = range(13, 20)  # ISO/IEC 7812
_PHONE_DIGITS = range(8, 16)  # E.164 allows 15; shorter ones are short numbers, not a person's
_GROUPED = re.compile(r"\(?\d{2,5}\)?[ ./-]\d{2,5}(?:[ ./-]\d{2,5})+")
_GROUPED_DIGITS = 9  # "50-100-150" is watts
_PLAIN_DIGITS = 9  # "09002303" is a toner cartridge
_LONE_DIGIT = re.compile(r"(?<!\d)\d(?!\d)")  # "0306140 1-1/4" is a spare part in inches
_BARCODE_DIGITS = 13
_LONGEST_IBAN = 2 * 34  # with blanks between
# By country, of the SWIFT registry of IBAN formats.
_IBAN_LENGTHS = {
    country: int(length)
    for length, countries in (
        line.split(maxsplit=1)
        for line in """15 no
        16 be
        18 dk fi fo gl nl
        19 mk si
        20 at ba ee kz lt lu xk
        21 ch hr li lv
        22 bg bh cr de gb ge ie me rs va
        23 ae gi il iq om tl
        24 ad cz es md pk ro sa se sk tn vg
        25 ly pt st
        26 is tr
        27 bi dj fr gr it mc mr sm
        28 al az by cy do gt hu lb ni pl sv
        29 br eg ps qa ua
        30 jo kw mu
        31 mt sc
        32 lc
        33 ru""".splitlines()
    )
    for country in countries.split()
}


def longest_number(text: str) -> int:
    """Characters of the longest run of digits, signs and blanks between them; no number has more digits."""
    return max(map(len, _CLOSE.findall(text)), default=0)


def holds_card(text: str) -> bool:
    """Whether a run of 13 to 19 digits passes Luhn's check and is no barcode."""
    return any(
        len(digits) in _CARD_DIGITS and "/" not in run and passes_luhn(digits) and not _is_barcode(digits)
        for run, digits in _runs(text)
    )


def holds_iban(text: str) -> bool:
    """Whether an IBAN with right check digits stands in it."""
    return any(
        is_iban(
            "".join(text[match.start() : match.start() + _LONGEST_IBAN].split())[
                : _IBAN_LENGTHS.get(match.group()[:2], 0)
            ]
        )
        for match in _IBAN.finditer(text)
    )


def holds_telephone(text: str) -> bool:
    """Whether a telephone number stands in it.

    It has an international prefix, a national trunk zero, or three or more groups of digits; a list of models
    ("46000/42000/40000") is none.
    """
    return any(len(digits) in _PHONE_DIGITS and _is_dialled(run, digits) for run, digits in _runs(text))


def _is_dialled(run: str, digits: str) -> bool:
    if run.count("/") > 1:
        return False
    if run.startswith("+"):
        return True
    if run.startswith(("0", "(0")):
        return len(digits) >= _PLAIN_DIGITS if run == digits else _LONE_DIGIT.search(run) is None
    return len(digits) >= _GROUPED_DIGITS and _GROUPED.fullmatch(run) is not None


def _is_barcode(digits: str) -> bool:
    """Whether it is an EAN-13 by its check digit (ISO/IEC 15420)."""
    return len(digits) == _BARCODE_DIGITS and sum(map(int, digits[::2])) % 10 == -3 * sum(map(int, digits[1::2])) % 10


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """Every run of digits in groups, as it stands and its digits alone."""
    return ((run.group(), re.sub(r"\D", "", run.group())) for run in _DIGIT_RUN.finditer(text))


def passes_luhn(digits: str) -> bool:
    """Luhn's check of a card number (ISO/IEC 7812-1, annex B); all zeros is none."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total > 0 and total % 10 == 0


def is_iban(text: str) -> bool:
    """Whether a text is an IBAN by its check digits (ISO 13616, mod 97-10)."""
    plain = text.replace(" ", "").lower()
    if len(plain) != _IBAN_LENGTHS.get(plain[:2]) or not (plain.isascii() and plain.isalnum()):
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
