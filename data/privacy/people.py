"""Where somebody lives, who with which number, and secrets named as such.

A street alone and a name alone look like queries ("street light", "Marshall 1962"); with a house number in its place,
a birthday or a long number behind it they do not. Texts come folded (`data.text.fold`).
"""

import re

_HOUSE = r"\d{1,4}(?: ?[a-h])?(?!\w|[.,]\d|\s?(?:m|cm|mm|km|kg|ml|watt|volt|zoll|inch|in|ft|pcs|stk|x)\b)"
_POSTAL_CODE = r"(?<!\d)(?:[a-z]{1,2}-?)?\d{4,5}\s+[^\W\d]{3,}"
# Languages' ways to write an address. A text is asked for a name within it first, then for a number where the language
# has it: in most texts with a digit there is neither, and the patterns themselves take ten times as long.
_ADDRESSES: tuple[tuple[tuple[str, ...], re.Pattern[str], tuple[re.Pattern[str], ...]], ...] = tuple(
    (tuple(names.split()), re.compile(near), tuple(map(re.compile, patterns)))
    for names, near, patterns in (
        # German and Dutch: "Musterstraße 12"; what else streets are called only before a town: a "Schlüsselring 20" is
        # none.
        (
            "str gasse allee weg platz ring damm ufer laan gracht",
            r"(?:str(?:\.|asse|aat)?|gasse|allee|weg|platz|ring|damm|ufer|laan|gracht)\s?\d",
            (
                rf"[^\W\d]{{3,}}(?:strasse|str\.|gasse|allee)\s?{_HOUSE}",
                rf"[^\W\d]{{3,}}\s(?:strasse|str\.|gasse|allee)\s{_HOUSE}",
                rf"[^\W\d]{{3,}}(?:str|weg|platz|ring|damm|ufer)\s{_HOUSE},?\s{_POSTAL_CODE}",
                rf"[^\W\d]{{3,}}(?:straat|laan|gracht)\s{_HOUSE}$",
            ),
        ),
        # English: the street ends the text, or an apartment, a state with its ZIP or a British post code follow.
        (
            "st rd ave road boulevard blvd lane ln",
            r"\d[a-d]?\s[^\W\d]{2,}\s",
            (
                r"(?<![\w./-])\d{1,5}[a-d]?\s(?:[^\W\d]{2,}\s){1,3}"
                r"(?:street|st\.?|road|rd\.?|avenue|ave\.?|boulevard|blvd\.?|lane|ln\.?)"
                r"(?:,?\s(?:apt|apartment|suite|unit|flat)\b.*|,?\s[^\d]*[a-z]{2}\s\d{5}(?:-\d{4})?"
                r"|.*\s[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2})$",
                r"^\d{1,5}[a-d]?\s(?:[^\W\d]{2,}\s){1,3}(?:street|road|avenue|boulevard|lane)$",
            ),
        ),
        # French, Spanish, Italian.
        (
            "rue chemin impasse avenue boulevard",
            r"\d(?:\s?(?:bis|ter))?,?\s[rciab]",
            (
                r"(?<![\w./-])\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|chemin|impasse|avenue|boulevard)\s"
                r"(?:de |du |des |d'|la |le |l')+[^\W\d]{3,}",
            ),
        ),
        (
            "calle avenida piazza viale",
            r"(?:calle|avenida|piazza|viale)\s",
            (rf"(?<!\w)(?:calle|avenida|piazza|viale)\s(?:[^\W\d]+\s){{1,4}}{_HOUSE}",),
        ),
    )
)
# As whole words where they are short: "12 main stone sw1a 2aa" is no street.
_STREETS = re.compile(
    r"stra(?:sse|at)|str|gasse|allee|weg|platz|ring|damm|ufer|street|road|avenue|boulevard|lane|laan|gracht|rue|chemin|"
    r"impasse|calle|avenida|piazza|viale|\b(?:st|rd|ave|blvd|ln)\b"
)
_DATE = r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})"
# A year or a size after a name is a product of that brand; a day or five digits are somebody's.
_NUMBER_OF_A_PERSON = re.compile(rf"(?<![\w.])(?:{_DATE}|\d{{5,}})(?![\w.])")
_WORDS = re.compile(r"[^\W\d_]+")
_SECRET = re.compile(
    r"(?<!\w)(?:pass?wor[dt]|kennwort|mot de passe|contrasena|pass ?phrase|ssn|social security|passport|reisepass|"
    r"personalausweis|steuer-?id|account|kontonummer|kundennummer|bestellnummer|customer|order|geboren am|geb\.|"
    r"date of birth|dob|born on)\s?(?:number|no\.?|nr\.?|num|on|is|ist|am)?\s?[:#=]?\s?"
    rf"(?:{_DATE}|[a-z]{{0,3}}\d[\d-]{{4,}})(?!\w)"
)
# First names of Europe and the Americas that are frequent and no everyday word, and that few products are called by.
_NAMES = """
adam adrian alejandro alessandro alexander alexandra alice amanda amelia andrea andreas andrew angela anna anne
anthony antonio barbara benjamin birgit brian camille carlos carmen caroline catherine charlotte chiara
christian christina christine christoph christopher claudia clara daniel daniela david deborah dennis diego
dieter dominik donald elena elizabeth emily emma eric erik eva fatima felix fernando florian francesca francesco
francisco frank frederic gabriel george georg giulia giuseppe gregory hannah hans heather heike helen helena
helga henry ines ingrid isabel isabella ivan jacob jakob james jan jana jean jennifer jessica joan johannes john
jonas jonathan jose joseph joshua juan julia julian juergen jurgen karen karin karl katharina katherine kathrin
kevin klaus laura lars laurent lena linda lisa louise lucas lucia luis lukas manfred manuel marco margaret maria
marie mario mark markus martin martina mary matteo matthew matthias max melanie melissa michael michel michelle
miguel mohamed monika nadine natalie nathalie nicholas nicolas nicole nina oliver olivia pablo pamela paolo
patricia patrick paul paula pedro peter petra philip philipp pierre rachel ralf rebecca renate richard robert
roberto ronald ruth samantha samuel sandra sara sarah sebastian silvia simon simone sofia sophia sophie stefan
stefanie stephanie stephen steven susan susanne sven thomas tim timothy tobias ursula uwe valentina vanessa vera
victoria vincent walter werner william wolfgang
"""
_FIRST_NAMES = frozenset(_NAMES.split())


def holds_address(text: str) -> bool:
    """Whether a street with a house number stands in it."""
    return any(
        near.search(text) is not None and any(address.search(text) for address in addresses)
        for names, near, addresses in _ADDRESSES
        if _has_any(text, names)
    ) and (_STREETS.search(text) is not None)


def _has_any(text: str, names: tuple[str, ...]) -> bool:
    for name in names:  # noqa: SIM110 - `any` takes twice as long
        if name in text:
            return True
    return False


def holds_person_with_number(text: str) -> bool:
    """Whether a first name, a word behind it and a birthday or a number of five digits or more stand in it."""
    if _NUMBER_OF_A_PERSON.search(text) is None:
        return False
    words = _WORDS.findall(text)
    return any(word in _FIRST_NAMES for word in words[:-1])


def holds_secret(text: str) -> bool:
    """Whether a word says that the number behind it is a secret or somebody's own: "password 12345"."""
    return _SECRET.search(text) is not None
