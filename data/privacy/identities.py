"""Numbers that a state gives to a person: those whose form or check digits tell them from a part number.

Left out: the Dutch BSN (nine plain digits, and one in eleven passes its check) and whatever has no form of its own.
Texts come folded (`data.text.fold`).
"""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date

from data.privacy.numbers import longest_number, passes_luhn


def holds_identity(text: str) -> bool:
    """Whether a national number of a person stands in a text."""
    longest = longest_number(text)
    return any(check(match) for fewest, form, check in _FORMS if longest >= fewest for match in form.finditer(text))


def _always(_: re.Match[str]) -> bool:
    return True


def _is_tax_id(match: re.Match[str]) -> bool:
    """Germany: ISO 7064 mod 11, 10; of the first ten digits exactly one comes twice or three times."""
    digits = _digits(match)
    often = [count for count in Counter(digits[:10]).values() if count > 1]
    if len(often) != 1 or often[0] > 3:
        return False
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(digits[10])


def _is_dni(match: re.Match[str]) -> bool:
    """Spain: the letter is the number modulo 23; of foreigners X, Y, Z stand for 0, 1, 2."""
    number = re.sub(r"[ .-]", "", match.group(1)).translate(str.maketrans("xyz", "012"))
    return "trwagmyfpdxbnjzsqvhlcke"[int(number) % 23] == match.group(2)


def _is_nir(match: re.Match[str]) -> bool:
    """France: 97 minus the number modulo 97; Corsica's departments 2A and 2B count as 19 and 18."""
    digits = re.sub(r"[ .-]", "", match.group())
    number = digits[:13].replace("2a", "19").replace("2b", "18")
    return number.isdigit() and 97 - int(number) % 97 == int(digits[13:])


def _is_pesel(match: re.Match[str]) -> bool:
    """Poland: a birthday with the century in the month, and a weighted check digit."""
    digits = [int(digit) for digit in match.group()]
    century = {0: 1900, 1: 2000, 2: 2100, 3: 2200, 4: 1800}[digits[2] // 2]
    year, month = century + 10 * digits[0] + digits[1], 10 * (digits[2] % 2) + digits[3]
    total = sum(weight * digit for weight, digit in zip((1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), digits, strict=True))
    return total % 10 == 0 and _is_day(year, month, 10 * digits[4] + digits[5])


def _is_personnummer(match: re.Match[str]) -> bool:
    """Sweden: a birthday and Luhn's check over the last ten digits."""
    digits = _digits(match)[-10:]
    return passes_luhn(digits) and _is_day(2000, int(digits[2:4]), int(digits[4:6]))


def _is_cpf(match: re.Match[str]) -> bool:
    """Brazil: two check digits modulo 11; eleven equal digits are none."""
    digits = [*map(int, _digits(match))]
    checks = [
        sum(weight * digit for weight, digit in zip(range(size + 1, 1, -1), digits, strict=False)) * 10 % 11 % 10
        for size in (9, 10)
    ]
    return len(set(digits)) > 1 and checks == digits[9:]


def _digits(match: re.Match[str]) -> str:
    return "".join(filter(str.isdigit, match.group()))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])")


# With the fewest digits that are together in each: most are not looked for in most texts with a number.
_FORMS: tuple[tuple[int, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    # USA, Social Security: without signs it is any nine digits; areas 000, 666 and 9xx, group 00, serial 0000 are none.
    (9, _form(r"(?!000|666|9)\d{3}([- .]| - )(?!00)\d{2}\1(?!0000)\d{4}"), _always),
    # United Kingdom, National Insurance, as it is printed: without blanks it is a part number too.
    (6, _form(r"(?!bg|gb|nk|kn|tn|nt|zz)[a-ceghj-prt-z][a-ceghj-nprt-z]([ -])\d{2}\1\d{2}\1\d{2}\1?[a-d]"), _always),
    (11, _form(r"[1-9]\d(?:[ ./-]?\d{3}){3}"), _is_tax_id),
    (7, _form(r"([xyz][ -]?\d{7}|\d{8}|\d{2}[. ]\d{3}[. ]\d{3})[ -]?([a-hj-np-tv-z])"), _is_dni),
    (
        8,
        _form(r"[12][ .-]?\d{2}[ .-]?(?:0[1-9]|1[0-2])[ .-]?(?:\d{2}|2[ab])[ .-]?\d{3}[ .-]?\d{3}[ .-]?\d{2}"),
        _is_nir,
    ),
    # Italy, codice fiscale: a form that nothing else has.
    (3, _form(r"[a-z]{3}[ -]?[a-z]{3}[ -]?\d{2}[abcdehlmprst]\d{2}[ -]?[a-z]\d{3}[a-z]"), _always),
    (11, _form(r"\d{11}"), _is_pesel),
    (10, _form(r"(?:(?:19|20)?(\d{6}) ?[-+] ?(\d{4})|(?:19|20)(\d{6})(\d{4}))"), _is_personnummer),
    (11, _form(r"\d{3}([. ]?)\d{3}\1\d{3}[- ]?\d{2}"), _is_cpf),
)
