"""Numbers of payment cards, bank accounts and telephones, told from part numbers and dimensions.

Texts come folded (`data.text.fold`): lower case, plain digits.
"""

import re
from collections.abc import Iterator

# Digits in groups: blanks or signs between them. Digits glued to letters are a part number, unless the letters say what
# they are. " - " stands between groups of what begins as it is dialled, and of a card's four digits; elsewhere between
# two numbers ("0.5 - 10").
_DIGIT_RUN = re.compile(
    r"(?:(?<![a-z0-9])|(?<=tel)|(?<=fax)|(?<=phone)|(?<=visa)|(?<=card)|(?<=handy)|(?<=mobile)|(?<=mobil))"
    r"(?:(?:\(?\+ ?|\(?(?=0\d))\d(?:[ ()/.\-]{0,3}\d){6,}"
    r"|\d{4}(?: [-/.] \d{2,7}){2,4}"
    r"|\(?\d(?:[ ()/.\-]{0,2}\d){6,})(?![a-z0-9])"
)
_CLOSE = re.compile(r"[0-9](?:[ ()/.+\-]{0,3}[0-9])*")
_IBAN = re.compile(r"(?<![a-z0-9])(?:iban)?([a-z]{2}(?:[ ./-]?[0-9]){2}(?:[ ./-]{0,2}[a-z0-9]){11,30})")
# Of an account, in whatever groups: those of the countries whose accounts are digits, behind a bank's letters at most.
# Fewer are told only in the groups of four that are printed.
_FEWEST_IBAN_DIGITS = 10
_PRINTED_IBAN = re.compile(r"(?:iban)?[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,4})?")
_CARD_DIGITS = range(13, 20)  # ISO/IEC 7812
_PHONE_DIGITS = range(8, 16)  # E.164 allows 15; shorter ones are short numbers, not a person's
_GROUPED = re.compile(r"\(?\d{2,5}\)?[ ./-]\d{2,5}(?:[ ./-]\d{2,5})+")
_GROUPED_DIGITS = 9  # "50-100-150" is watts
_PLAIN_DIGITS = 9  # "09002303" is a toner cartridge
_LONE_DIGIT = re.compile(r"(?<!\d)\d(?!\d)")  # "0306140 1-1/4" is a spare part in inches
_BARCODE_DIGITS = 13
_FEWEST_CLOSE = 5
# North America: neither an area nor an exchange begins with 0 or 1, or is a service ("911"). Russia's mobile ones, with
# the 8 that is dialled at home.
_NATIONAL = (
    re.compile(r"(?:1[ .-]?)?\(?[2-9](?!11)\d{2}\)?[ .-]{0,2}[2-9](?!11)\d{2}[ .-]?\d{4}"),
    re.compile(r"8[ -]?\(?9\d{2}\)?[ -]?\d{3}[ -]\d{2}[ -]\d{2}"),
)
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
    """Whether an IBAN with right check digits stands in it, in whatever groups."""
    return any(_begins_with_iban(match[1]) for match in _IBAN.finditer(text))


def _begins_with_iban(written: str) -> bool:
    size = _IBAN_LENGTHS.get(written[:2], 0)
    plain = re.sub(r"[ ./-]", "", written)[:size]
    if not is_iban(plain):
        return False
    if sum(map(str.isdigit, plain[4:])) >= _FEWEST_IBAN_DIGITS and longest_number(written) >= _FEWEST_CLOSE:
        return True
    printed = _PRINTED_IBAN.match(written)
    return printed is not None and len(printed[0].replace(" ", "")) >= size


def holds_telephone(text: str) -> bool:
    """Whether a telephone number stands in it.

    It has an international prefix, a national trunk zero, the groups of North America or three or more groups of
    digits; a list of models ("46000/42000/40000") is none. Ten digits in a row are one where North America could have
    given them: of 160,000 real titles none has such a number, of 62,000 queries five, some of them articles'.
    """
    return any(len(digits) in _PHONE_DIGITS and _is_dialled(run, digits) for run, digits in _runs(text))


def _is_dialled(run: str, digits: str) -> bool:
    if run.count("/") > 1:
        return False
    if run.startswith(("+", "(+")) or any(form.fullmatch(run) for form in _NATIONAL):
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
