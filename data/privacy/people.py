"""Where somebody lives, who with which number, and secrets named as such.

A street alone and a name alone look like queries ("street light", "Marshall 1962"); with a house number in its place,
a birthday or a long number behind it they do not. Texts come folded (`data.text.fold`).
"""

import re

from data.text import fold

_HOUSE = r"(?:nr\.?\s?)?\d{1,4}(?: ?[a-h])?(?!\w|[.,]\d|\s?(?:m|cm|mm|km|kg|ml|watt|volt|zoll|inch|in|ft|pcs|stk|x)\b)"
_POSTAL_CODE = r"(?<!\d)(?:[a-z]{1,2}-?)?\d{4,5}\s+[^\W\d]{3,}"
# Between numbers of a Japanese address: blocks and houses.
_CHOME = r"(?:-|の|丁目|番地?の?)"
# Where an English street may be: the largest cities of the countries that speak it, of one name that is hardly any
# thing's.
_CITY_NAMES = """
london birmingham manchester liverpool leeds sheffield bristol glasgow edinburgh cardiff belfast dublin leicester
nottingham newcastle southampton portsmouth brighton plymouth coventry boston chicago houston philadelphia seattle
denver detroit dallas austin atlanta miami baltimore milwaukee portland sacramento cleveland pittsburgh cincinnati
minneapolis tampa orlando brooklyn manhattan queens washington new-york los-angeles san-francisco san-diego san-jose
san-antonio las-vegas toronto vancouver montreal ottawa calgary edmonton winnipeg sydney melbourne brisbane perth
adelaide auckland wellington christchurch
"""
_CITIES = "|".join(_CITY_NAMES.split()).replace("-", r"\s")
# Languages' ways to write an address. A text is asked for a name within it first, then for a number where the language
# has it: in most texts with a digit there is neither, and the patterns themselves take ten times as long.
_ADDRESSES: tuple[tuple[tuple[str, ...], re.Pattern[str], tuple[re.Pattern[str], ...]], ...] = tuple(
    (tuple(names.split()), re.compile(near), tuple(map(re.compile, patterns)))
    for names, near, patterns in (
        # German and Dutch: "Musterstraße 12"; what else streets are called only before a town: a "Schlüsselring 20" is
        # none.
        (
            "str gasse allee weg platz ring damm ufer laan gracht",
            r"(?:str(?:\.|asse|aat)?|gasse|allee|weg|platz|ring|damm|ufer|laan|gracht)\s?(?:nr\.?\s?)?\d",
            (
                rf"[^\W\d]{{3,}}-?(?:strasse|str\.|str(?=\s)|gasse|allee)\s?{_HOUSE}",
                rf"[^\W\d]{{3,}}straat\s{_HOUSE}",
                rf"[^\W\d]{{3,}}\s(?:strasse|str\.|gasse|allee)\s{_HOUSE}",
                r"(?:[^\W\d]{3,}|(?<!\w)(?:am|im|zum|an der)\s)(?:str|weg|platz|ring|damm|ufer)"
                rf"\s{_HOUSE},?\s{_POSTAL_CODE}",
                rf"[^\W\d]{{3,}}(?:laan|gracht)\s{_HOUSE}$",
            ),
        ),
        # English: the street ends the text; an apartment, a state with its ZIP, a British post code or a city follow.
        (
            "st rd ave road boulevard blvd lane ln",
            r"\d[a-d]?,?\s[^\W\d]{2,}\s",
            (
                r"(?<![\w./-])\d{1,5}[a-d]?\s(?:[^\W\d]{2,}\s){1,3}"
                r"(?:street|st\.?|road|rd\.?|avenue|ave\.?|boulevard|blvd\.?|lane|ln\.?)"
                r"(?:,?\s(?:apt|apartment|suite|unit|flat)\b.*|,?\s[^\d]*[a-z]{2}\s\d{5}(?:-\d{4})?"
                r"|.*\s[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2})$",
                r"^\d{1,5}[a-d]?\s(?:[^\W\d]{2,}\s){1,3}(?:street|road|avenue|boulevard|lane)$",
                r"(?<![\w./-])\d{1,5}[a-d]?,?\s(?!(?:th|st|nd|rd)\s)(?:[^\W\d]{2,}\s){1,3}"
                rf"(?:street|st\.?|road|rd\.?|avenue|ave\.?|boulevard|blvd\.?|lane|ln\.?),?\s(?:[ns]?[ew]?\s)?(?:{_CITIES})\b",
            ),
        ),
        # French, Spanish, Italian.
        (
            "rue chemin impasse avenue boulevard",
            r"\d(?:\s?(?:bis|ter))?,?\s[rciab]",
            (
                r"(?<![\w./-])\d{1,4}(?:\s?(?:bis|ter))?,?\s(?:rue|chemin|impasse|avenue|boulevard)\s"
                r"(?:de |du |des |d'|la |le |l')+[^\W\d]{3,}",
                r"(?<![\w./-])\d{1,4}(?:\s?(?:bis|ter)\s|,\s)(?:rue|chemin|impasse|avenue|boulevard)\s[^\W\d]{3,}",
            ),
        ),
        (
            "calle avenida piazza viale",
            r"(?:calle|avenida|piazza|viale)\s",
            (rf"(?<!\w)(?:calle|avenida|piazza|viale)\s(?:[^\W\d]+,?\s){{1,4}}{_HOUSE}",),
        ),
        # Japanese: the mark of a post code, three numbers behind a city or a ward, two where a prefecture is named.
        (
            "〒 区 市 町 村 郡",
            r"〒|[区市町村郡]",
            (
                r"〒\s?\d{3}-?\d{4}(?!\d)",
                rf"[^\W\d][区市町村郡][^\s\d]{{0,12}}\s?\d{{1,4}}{_CHOME}\d{{1,4}}{_CHOME}\d{{1,4}}(?!\d)",
                rf"[都道府県].{{0,12}}[区市町村郡][^\s\d]{{0,12}}\s?\d{{1,4}}{_CHOME}\d{{1,4}}(?!\d)",
            ),
        ),
        # Chinese: a road with a number; Korean: a road of a district with one.
        (
            "路 街 道 巷 弄",
            r"[路街道巷弄]",
            (r"[\u4e00-\u9fff]{2,}[路街道巷弄](?:[一二三四五六七八九十]段)?\s?\d{1,5}\s?[号號]",),
        ),
        ("로 길", r"[로길]", (r"[가-힣]{2,}[시군구]\s[가-힣]+(?:로|길)\s?\d{1,4}",)),
    )
)
# As whole words where they are short: "12 main stone sw1a 2aa" is no street.
_STREETS = re.compile(
    r"stra(?:sse|at)|str|gasse|allee|weg|platz|ring|damm|ufer|street|road|avenue|boulevard|lane|laan|gracht|rue|chemin|"
    r"impasse|calle|avenida|piazza|viale|\b(?:st|rd|ave|blvd|ln)\b|[〒区市町村郡路街道巷弄로길]"
)
_DATE = r"(?:\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)\d{2}|(?:19|20)\d{2}[./-]\d{2}[./-]\d{2})"
# A year or a size after a name is a product of that brand; a day or five digits are somebody's.
_NUMBER_OF_A_PERSON = re.compile(rf"(?<![\w.])(?:{_DATE}|\d{{5,}})(?![\w.])")
_LAST_NAME_FIRST = re.compile(r"[^\W\d_], ?[^\W\d_]+[^,\w]+[\d(*]")
_WORDS = re.compile(r"[^\W\d_]+")
_SECRET = re.compile(
    r"(?<!\w)(?:pass?wor[dt]|kennwort|mot de passe|contrasena|pass ?phrase|ssn|social security|passport|reisepass|"
    r"personalausweis|steuer-?id|account|kontonummer|kundennummer|bestellnummer|customer|order|nino|national insurance|"
    r"steuernummer|sozialversicherungsnummer|svnr|tax id|codice fiscale|nif|dni|pesel|cpf|geboren am|geb\.|"
    r"date of birth|dob|born on)\s?(?:number|no\.?|nr\.?|num|on|is|ist|am)?\s?[:#=]?\s?"
    rf"(?:{_DATE}|[a-z]{{0,3}}\d[\d-]{{4,}}[a-z]?)(?!\w)"
)
# What shops' languages call a password, and what may stand behind it: letters with a digit among them, no measure; with
# a sign in between whatever ends the text.
_PASSWORD_NAMES = """
password, passwort, passwd, pwd, passcode, passphrase, kennwort, mdp, contraseña, clave, senha, wachtwoord, lösenord,
salasana, hasło, heslo, mot de passe, code secret, parola d'ordine, pass word, pass phrase, пароль, סיסמה, كلمة السر,
كلمة المرور
"""
_PASSWORDS = tuple(map(fold, _PASSWORD_NAMES.split(",")))
# In scripts without blanks around words, or whose words have endings glued to them.
_GLUED_PASSWORDS = tuple(map(fold, ["パスワード", "暗証番号", "密码", "密碼", "비밀번호", "รหัสผ่าน"]))
# What is in each of them, looked for first; nearly every text is ASCII and holds none.
_ASCII_HINTS = ("pass", *(name for name in _PASSWORDS if name.isascii() and "pass" not in name))
_OTHER_HINTS = tuple(name for name in (*_PASSWORDS, *_GLUED_PASSWORDS) if not name.isascii())
_PASSWORD = re.compile(
    rf"(?:(?<!\w)(?:{'|'.join(_PASSWORDS)})(?!\w)|{'|'.join(_GLUED_PASSWORDS)})"
    r"(?:\s?[:=]\s?[^\s]{3,}$"
    r"|\s?(?:[:=-]|is\s|ist\s|lautet\s|est\s|es\s|は)?\s?"
    r"(?!\d+[a-z]{1,4}\b)(?=[^\s]*\d)(?=[^\s]*[^\W\d_])[^\s]{5,}(?!\S))"
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
        if holds_any(text, names)
    ) and (_STREETS.search(text) is not None)


def holds_any(text: str, names: tuple[str, ...]) -> bool:
    """Whether one of some pieces stands in a text."""
    for name in names:  # noqa: SIM110 - `any` takes twice as long
        if name in text:
            return True
    return False


def holds_person_with_number(text: str) -> bool:
    """Whether a first name, a word behind it and a birthday or a number of five digits or more stand in it."""
    if _NUMBER_OF_A_PERSON.search(text) is None:
        return False
    words = _WORDS.findall(text)
    if any(word in _FIRST_NAMES for word in words[:-1]):
        return True
    return len(words) > 1 and words[-1] in _FIRST_NAMES and _LAST_NAME_FIRST.search(text) is not None


def holds_secret(text: str) -> bool:
    """Whether a word says that the number behind it is a secret or somebody's own: "password 12345"."""
    return _SECRET.search(text) is not None


def holds_password(text: str) -> bool:
    """Whether a word for a password has one behind it: "passwort geheim12"."""
    may_hold = holds_any(text, _ASCII_HINTS) or (not text.isascii() and holds_any(text, _OTHER_HINTS))
    return may_hold and _PASSWORD.search(text) is not None
