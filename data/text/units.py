"""Units of measure: their many spellings, and one base unit per dimension to compare in."""

from collections.abc import Iterable
from dataclasses import dataclass

from data.text.tokens import Token, TokenKind


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit; `factor` times an amount in it is the amount in the dimension's base unit (factor 1)."""

    symbol: str
    dimension: str
    factor: float


# dimension -> (symbol, factor, spellings besides the symbol, folded). The unit with factor 1 is the base. Data sizes
# are decimal, as on the box: a "1 TB" disk and a "1000 GB" disk are the same size to a shopper.
_TABLE: dict[str, tuple[tuple[str, float, str], ...]] = {
    "length": (
        ("mm", 0.1, "millimeter millimeters millimetre millimetres"),
        ("cm", 1, "centimeter centimeters centimetre centimetres zentimeter"),
        ("m", 100, "meter meters metre metres metro metros"),
        ("km", 100_000, "kilometer kilometers kilometre kilometres"),
        ("in", 2.54, "inch inches zoll pouce pouces pulgada pulgadas インチ"),
        ("ft", 30.48, "foot feet"),
        ("yd", 91.44, "yard yards"),
    ),
    "mass": (
        ("mg", 0.001, "milligram milligrams milligramm milligramme milligrammes miligramos"),
        ("g", 1, "gram grams gramme grammes gramm gramos gr"),
        ("kg", 1000, "kilogram kilograms kilogramm kilogramme kilogrammes kilo kilos kilogramos"),
        ("oz", 28.349523125, "ounce ounces"),
        ("lb", 453.59237, "lbs pound pounds"),
    ),
    "volume": (
        ("ml", 1, "milliliter milliliters millilitre millilitres mililitros"),
        ("cl", 10, "centiliter centilitre centilitres"),
        ("dl", 100, "deciliter decilitre"),
        ("l", 1000, "liter liters litre litres ltr litro litros"),
        ("gal", 3785.411784, "gallon gallons"),
        ("qt", 946.352946, "quart quarts"),
        ("floz", 29.5735295625, ""),
        ("cuft", 28_316.846592, ""),
    ),
    "area": (("sqin", 6.4516, ""), ("sqft", 929.0304, ""), ("sqm", 10_000, "m2"), ("cm2", 1, "")),
    "data": (
        ("kb", 1e-6, "kilobyte kilobytes"),
        ("mb", 0.001, "megabyte megabytes"),
        ("gb", 1, "gigabyte gigabytes gib"),
        ("tb", 1000, "terabyte terabytes tib"),
    ),
    "data rate": (
        ("kbit/s", 0.001, "kbps kbits"),
        ("mbit/s", 1, "mbps mbits"),
        ("gbit/s", 1000, "gbps gbits"),
    ),
    "frequency": (("hz", 1, "hertz"), ("khz", 1000, ""), ("mhz", 1e6, ""), ("ghz", 1e9, "")),
    "power": (("mw", 0.001, ""), ("w", 1, "watt watts"), ("kw", 1000, "kilowatt kilowatts"), ("hp", 745.7, "")),
    "energy": (("wh", 1, "watthour"), ("kwh", 1000, "")),
    "voltage": (("v", 1, "volt volts"), ("kv", 1000, "")),
    "current": (("ma", 0.001, ""), ("a", 1, "amp amps ampere amperes")),
    "charge": (("mah", 1, ""), ("ah", 1000, "")),
    "light": (("lm", 1, "lumen lumens"),),
    "time": (
        ("ms", 0.001, "millisecond milliseconds"),
        ("s", 1, "sec secs second seconds sekunden"),
        ("min", 60, "mins minute minutes minuten"),
        ("h", 3600, "hr hrs hour hours stunde stunden heures horas"),
    ),
    "resolution": (("mp", 1, "megapixel megapixels mpix"),),
    "print density": (("dpi", 1, ""),),
    "rotation": (("rpm", 1, ""),),
    "sound": (("db", 1, "decibel decibels"),),
    "share": (("%", 1, "percent prozent"),),
    "count": (("pc", 1, "pcs pieces stuck pieza piezas"), ("pack", 1, "packs pk")),
}

UNITS: dict[str, Unit] = {
    spelling: Unit(symbol, dimension, factor)
    for dimension, units in _TABLE.items()
    for symbol, factor, spellings in units
    for spelling in (symbol, *spellings.split())
}

# American units of two words, in the many ways that stores punctuate them; read without dots and blanks.
COMPOUND_UNITS = r"fl\.? ?oz|cu\.? ?ft|sq\.? ?(?:ft|in|m)"

# What stands for a unit without letters, directly behind a number.
SIGNS = {'"': "in", "''": "in", "'": "ft", "%": "%"}


def canonical(amount: float, unit: str) -> tuple[float, str]:
    """The amount in its dimension's base unit, and that unit; an unknown unit is its own base.

    `canonical(1, "tb") == (1000.0, "gb")`; lengths are in cm, masses in g, volumes in ml.
    """
    known = UNITS.get(unit.casefold())
    if known is None:
        return float(amount), unit
    return amount * known.factor, _BASES[known.dimension]


_BASES = {dimension: next(symbol for symbol, factor, _ in units if factor == 1) for dimension, units in _TABLE.items()}


def parse_number(surface: str, decimal_comma: bool = False) -> float | None:
    """A number as written in a folded text: `1,000.5`, `1.000,5` (decimal comma), `1/2`, `1-1/2`; else `None`."""
    whole, _, fraction = surface.rpartition("-") if "/" in surface else ("", "", surface)
    if "/" in fraction:
        above, _, below = fraction.partition("/")
        if not (above.isdigit() and below.isdigit() and int(below) and (whole.isdigit() or not whole)):
            return None
        return float(whole or 0) + int(above) / int(below)
    try:
        return float(_plain_decimal(surface, decimal_comma))
    except ValueError:
        return None


def _plain_decimal(surface: str, decimal_comma: bool) -> str:
    """Without grouping and with a decimal point."""
    if "," in surface and "." in surface:  # whichever comes last separates the decimals
        decimal_comma = surface.rindex(",") > surface.rindex(".")
    decimal, grouping = (",", ".") if decimal_comma else (".", ",")
    parts = surface.split(grouping)
    if len(parts) > 1:
        grouped = len(parts[0]) <= 3 and all(len(part.partition(decimal)[0]) == 3 for part in parts[1:])
        # "15,6" in an English feed and "15.6" in a German one are decimals of the other habit.
        surface = "".join(parts) if grouped else surface.replace(grouping, decimal, 1)
    return surface.replace(",", ".")


def number_key(surface: str, decimal_comma: bool = False) -> str:
    """One spelling per number: `1,000` and `1000`, `15.60` and `15.6`; a number without separators stays as it is."""
    if surface.isdigit():
        return surface
    value = parse_number(surface, decimal_comma)
    return surface if value is None else f"{value:.10g}"


@dataclass(frozen=True, slots=True)
class Measure:
    """An amount with its unit's symbol, read at the half-open span of the original text."""

    amount: float
    unit: str
    start: int
    end: int


def parse_quantities(tokens: Iterable[Token]) -> list[Measure]:
    """Every number that a unit follows, in order; `1 1/2 in` is one number."""
    found: list[Measure] = []
    numbers: list[Token] = []
    for token in tokens:
        if token.kind is TokenKind.NUMBER:
            numbers.append(token)
            continue
        if token.kind is TokenKind.UNIT and numbers:
            amount, start = parse_number(numbers[-1].stem), numbers[-1].start
            if amount is None:  # "10,100,1000 Mbit/s" is a list, no number
                numbers = []
                continue
            if "/" in numbers[-1].text and len(numbers) > 1 and numbers[-2].text.isdigit():
                amount, start = amount + int(numbers[-2].text), numbers[-2].start
            found.append(Measure(amount, token.stem, start, token.end))
        numbers = []
    return found
