"""What a lexicon's types cannot say: every text in every language, every reference to something that is there."""

import re
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

from data.demo.pictures import SHAPES

if TYPE_CHECKING:
    from data.demo.lexicon import Lexicon, Texts

MONTHS = 12
# What each part of the templates may put in.
_PLACES = {
    "title": "brand series name parts",
    "title_by": "brand series name parts",
    "stuffed": "title words",
    "accessory": "name main",
    "introduction": "series name brand",
    "material": "material",
    "detail": "name value",
    "goes_with": "others",
    "unlike": "others",
}


def inconsistencies(lexicon: "Lexicon") -> Iterator[str]:
    """Each problem with its place in the file, what was expected and what came."""
    yield from _missing_texts(lexicon)
    yield from _dangling(lexicon)
    yield from _bad_templates(lexicon)
    for name in ("locales", "series", "colours", "types"):
        if not getattr(lexicon, name):
            yield f"{name}: expected at least one"
    for key, season in lexicon.seasons.items():
        if len(season.months) != MONTHS or min(season.months) < 0:
            yield f"seasons.{key}.months: expected 12 numbers of at least 0, January first, got {season.months}"
    yield from _wrong_numbers(lexicon)
    for key, attribute in lexicon.attributes.items():
        if bool(attribute.values) == bool(attribute.amounts):
            yield f"attributes.{key}: expected either values or amounts, got {'both' if attribute.values else 'none'}"
    for key, colour in lexicon.colours.items():
        if not re.fullmatch("#[0-9a-f]{6}", colour.paint):
            yield f"colours.{key}.paint: expected #rrggbb, got {colour.paint!r}"
    for key, entry in lexicon.types.items():
        if entry.shape not in SHAPES:
            yield f"types.{key}.shape: expected one of {', '.join(SHAPES)}, got {entry.shape!r}"
        if not 0 < entry.prices[0] <= entry.prices[1]:
            yield f"types.{key}.prices: expected the lowest and the highest price, above 0, got {entry.prices}"
        if entry.category in lexicon.categories and not lexicon.brands_of(entry.category):
            yield f"types.{key}: no brand is at home in the department of its category {entry.category!r}"
        if entry.varies_in != "colour" and entry.varies_in not in entry.attributes:
            yield f"types.{key}.varies_in: expected colour or one of its attributes, got {entry.varies_in!r}"


def _wrong_numbers(lexicon: "Lexicon") -> Iterator[str]:
    above_zero: list[tuple[str, float]] = []
    for key, brand in lexicon.brands.items():
        above_zero += [(f"brands.{key}.tier", brand.tier), (f"brands.{key}.popularity", brand.popularity)]
    above_zero += [(f"types.{key}.popularity", entry.popularity) for key, entry in lexicon.types.items()]
    above_zero += [(f"colours.{key}.weight", colour.weight) for key, colour in lexicon.colours.items()]
    for key, attribute in lexicon.attributes.items():
        above_zero += [(f"attributes.{key}.values.{value.key}.weight", value.weight) for value in attribute.values]
        above_zero += [(f"attributes.{key}.amounts", amount) for amount in attribute.amounts]
        if not -0.5 <= attribute.price_step <= 2:
            yield f"attributes.{key}.price_step: expected a share from -0.5 to 2, got {attribute.price_step}"
    for place, number in above_zero:
        if not number > 0:
            yield f"{place}: expected a number above 0, got {number}"
    for key, feature in lexicon.features.items():
        if not 0 <= feature.share <= 1:
            yield f"features.{key}.share: expected a share from 0 to 1, got {feature.share}"


def _missing_texts(lexicon: "Lexicon") -> Iterator[str]:
    texts: list[tuple[str, Texts]] = []
    for table in ("departments", "categories", "types", "colours", "materials", "attributes", "aspects"):
        texts += [(f"{table}.{key}.names", row.names) for key, row in getattr(lexicon, table).items()]
    texts += [(f"categories.{key}.group", row.group) for key, row in lexicon.categories.items() if row.group]
    for key, attribute in lexicon.attributes.items():
        texts += [(f"attributes.{key}.says", attribute.says)]
        texts += [(f"attributes.{key}.values.{value.key}.names", value.names) for value in attribute.values]
    for key, feature in lexicon.features.items():
        texts += [(f"features.{key}.words", feature.words), (f"features.{key}.sentence", feature.sentence)]
    for part in fields(lexicon.templates):
        texts.append((f"templates.{part.name.rstrip('_')}", getattr(lexicon.templates, part.name)))
    for place, found in texts:
        for locale in lexicon.locales:
            # A break between sentences may be empty.
            if not (found.get(locale, "").strip() or (place.startswith("templates") and locale in found)):
                yield f"{place}: expected a text for each of {', '.join(lexicon.locales)}; {locale} is missing"


def _bad_templates(lexicon: "Lexicon") -> Iterator[str]:
    for name, words in _PLACES.items():
        for locale, text in getattr(lexicon.templates, name).items():
            try:
                text.format(**dict.fromkeys(words.split(), ""))
            except (KeyError, IndexError, ValueError):
                known = ", ".join(f"{{{word}}}" for word in words.split())
                yield f"templates.{name}.{locale}: expected a text with {known}, got {text!r}"
    for key, attribute in lexicon.attributes.items():
        for locale, text in attribute.says.items():
            if "{}" not in text:
                yield f"attributes.{key}.says.{locale}: expected a text with {{}} for the value, got {text!r}"


def _dangling(lexicon: "Lexicon") -> Iterator[str]:
    references: list[tuple[str, str, tuple[str, ...]]] = []
    for key, category in lexicon.categories.items():
        references.append((f"categories.{key}.department", "departments", (category.department,)))
    for key, brand in lexicon.brands.items():
        references.append((f"brands.{key}.departments", "departments", brand.departments))
        references.append((f"brands.{key}.categories", "categories", brand.categories))
    for key, family in lexicon.families.items():
        references.append((f"families.{key}.types", "types", family.types))
    for key, entry in lexicon.types.items():
        main = () if entry.accessory_of is None else (entry.accessory_of,)
        season = () if entry.season is None else (entry.season,)
        references += [
            (f"types.{key}.category", "categories", (entry.category,)),
            (f"types.{key}.materials", "materials", entry.materials),
            (f"types.{key}.attributes", "attributes", entry.attributes),
            (f"types.{key}.features", "features", entry.features),
            (f"types.{key}.aspects", "aspects", entry.aspects),
            (f"types.{key}.accessory_of", "types", main),
            (f"types.{key}.compatible", "types", entry.compatible),
            (f"types.{key}.season", "seasons", season),
        ]
    for place, table, keys in references:
        for name in keys:
            if name not in getattr(lexicon, table):
                yield f"{place}: expected a key of [{table}], got {name!r}"
