"""What merchants write about a style: titles that leave the type out, descriptions of every quality, stuffing."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from data.demo.lexicon import Attribute, Lexicon, ProductType
from data.demo.styles import Style
from data.product import ProductText

# Of styles. What titles leave out or call otherwise is what plain word matching cannot find.
TITLE_WITHOUT_TYPE = 0.09
CATALOGUE_NAME = 0.2  # of the types that have one
TITLE_BY_OTHER_ORDER = 0.25
FOR_MAIN = 0.8  # of accessories: "phone case for smartphone" rather than "phone case"
IN_TITLE = 0.45  # an attribute that variants do not differ in
MATERIAL_IN_TITLE = 0.3
FEATURE_IN_TITLE = 0.25
NAMES_OTHERS = 0.35  # of descriptions: types that the product is not
INTRODUCTION = 0.5
DETAILS = 0.5
DESCRIPTIONS = {"full": 0.5, "short": 0.2, "boilerplate": 0.17, "empty": 0.13}
STUFFING_WORDS = (2, 4)


@dataclass(frozen=True, slots=True)
class Wording:
    """Decisions about a style's texts, the same in every locale and for every variant.

    Attributes:
        name: What the title calls it: `type`, `catalogue` (a name shoppers never say) or `none`.
        other_order: Brand last.
        for_main: An accessory's title names what it is made for.
        in_title: Keys of attributes the title says; `colour` and `material` may be among them.
        feature: Key of the feature the title says, or none.
        description: Its quality: a key of `DESCRIPTIONS`.
        introduced: The description begins with the type.
        detailed: The description spells out the attributes.
        others: Keys of other types that the description names.
        compared: The one of them it compares with, or none.
        boilerplate: Which of the empty sentences, by number.
        stuffing: Keys of types and numbers of phrases that the title is padded with.
    """

    name: str
    other_order: bool
    for_main: bool
    in_title: frozenset[str]
    feature: str | None
    description: str
    introduced: bool
    detailed: bool
    others: tuple[str, ...]
    compared: str | None
    boilerplate: int
    stuffing: tuple[str | int, ...]


def word(lexicon: Lexicon, style: Style, rng: Random) -> Wording:
    """Decide how a style is written about."""
    entry = style.entry
    name = "type"
    if rng.random() < TITLE_WITHOUT_TYPE:
        name = "none"
    elif entry.catalogue_names and rng.random() < CATALOGUE_NAME:
        name = "catalogue"
    in_title = {key for key in style.values if rng.random() < IN_TITLE} | {"colour", entry.varies_in}
    if style.material is not None and rng.random() < MATERIAL_IN_TITLE:
        in_title.add("material")
    others = tuple(rng.sample(entry.compatible, rng.randint(1, len(entry.compatible)))) if entry.compatible else ()
    names_others = rng.random() < NAMES_OTHERS
    return Wording(
        name=name,
        other_order=rng.random() < TITLE_BY_OTHER_ORDER,
        for_main=rng.random() < FOR_MAIN,
        in_title=frozenset(in_title),
        feature=rng.choice(style.features) if style.features and rng.random() < FEATURE_IN_TITLE else None,
        description=rng.choices(list(DESCRIPTIONS), list(DESCRIPTIONS.values()))[0],
        introduced=rng.random() < INTRODUCTION,
        detailed=rng.random() < DETAILS,
        others=others if names_others else (),
        compared=rng.choice(others) if others and names_others and rng.random() < 0.5 else None,
        boilerplate=rng.randrange(1_000),
        stuffing=_stuffing(lexicon, style, rng) if style.stuffed else (),
    )


def write(
    lexicon: Lexicon,
    style: Style,
    wording: Wording,
    colour: str,
    values: Mapping[str, str | float],
    locale: str,
) -> ProductText:
    """Title and description of one variant in one locale."""
    return ProductText(
        _title(lexicon, style, wording, colour, values, locale), _description(lexicon, style, wording, values, locale)
    )


def stuffed_words(lexicon: Lexicon, wording: Wording, locale: str) -> str:
    """What a stuffed title ends with; empty for an honest one."""
    phrases = lexicon.stuffing.get(locale, ())
    words = [
        lexicon.types[what].names[locale] if isinstance(what, str) else phrases[what % len(phrases)]
        for what in wording.stuffing
        if isinstance(what, str) or phrases
    ]
    return " ".join(words)


def say(attribute: Attribute, value: str | float, locale: str) -> str:
    """A value as titles and shoppers put it: `24 cm`, `size M`, `for women`."""
    if isinstance(value, str):
        named = next(each for each in attribute.values if each.key == value)
        return attribute.says[locale].format(named.names[locale])
    return attribute.says[locale].format(f"{value:g}")


def name_of(lexicon: Lexicon, entry: ProductType, locale: str, for_main: bool = True) -> str:
    """A type's name; an accessory's with what it is made for."""
    if entry.accessory_of is None or not for_main:
        return entry.names[locale]
    main = lexicon.types[entry.accessory_of].names[locale]
    return lexicon.templates.accessory[locale].format(name=entry.names[locale], main=main)


def _title(
    lexicon: Lexicon, style: Style, wording: Wording, colour: str, values: Mapping[str, str | float], locale: str
) -> str:
    templates, entry = lexicon.templates, style.entry
    name = name_of(lexicon, entry, locale, wording.for_main)
    if wording.name == "none":
        name = ""
    elif wording.name == "catalogue":
        name = next(iter(entry.catalogue_names.get(locale, ())), name)
    parts = [lexicon.colours[colour].names[locale]]
    if style.material is not None and "material" in wording.in_title:
        parts.append(lexicon.materials[style.material].names[locale])
    parts += [say(lexicon.attributes[key], values[key], locale) for key in entry.attributes if key in wording.in_title]
    if wording.feature is not None:
        parts.append(lexicon.features[wording.feature].words[locale])
    template = templates.title_by if wording.other_order else templates.title
    joined = template[locale].format(
        brand=style.brand.key, series=style.series, name=name, parts=templates.part_break[locale].join(parts)
    )
    # Without a name two spaces meet, or a space and a comma.
    title = " ".join(joined.split()).replace(" ,", ",")
    stuffed = stuffed_words(lexicon, wording, locale)
    return templates.stuffed[locale].format(title=title, words=stuffed) if stuffed else title


def _description(
    lexicon: Lexicon, style: Style, wording: Wording, values: Mapping[str, str | float], locale: str
) -> str:
    if wording.description == "empty":
        return ""
    templates, entry = lexicon.templates, style.entry
    sentences: list[str] = []
    empty = lexicon.boilerplate.get(locale, ())
    if wording.description == "full":
        if wording.introduced:
            introduction = templates.introduction[locale]
            name = name_of(lexicon, entry, locale)
            sentences.append(introduction.format(series=style.series, name=name, brand=style.brand.key))
        if style.material is not None:
            material = lexicon.materials[style.material].names[locale]
            sentences.append(templates.material[locale].format(material=material))
        if wording.detailed:
            sentences += [_detail(lexicon, lexicon.attributes[key], values[key], locale) for key in entry.attributes]
    if wording.description in ("full", "short"):
        sentences += [lexicon.features[key].sentence[locale] for key in style.features]
        sentences += _others(lexicon, wording, locale)
    if empty and (wording.description == "boilerplate" or wording.boilerplate % 3 == 0):
        sentences += [empty[(wording.boilerplate + turn) % len(empty)] for turn in range(2)]
    return templates.sentence_break[locale].join(sentences)


def _detail(lexicon: Lexicon, attribute: Attribute, value: str | float, locale: str) -> str:
    said = say(attribute, value, locale)
    if isinstance(value, str):  # "size: M", not "size: size M"
        said = next(each for each in attribute.values if each.key == value).names[locale]
    return lexicon.templates.detail[locale].format(name=attribute.names[locale], value=said)


def _others(lexicon: Lexicon, wording: Wording, locale: str) -> list[str]:
    templates = lexicon.templates
    sentences = []
    if wording.others:
        names = [lexicon.types[key].names[locale] for key in wording.others]
        sentences.append(templates.goes_with[locale].format(others=templates.and_[locale].join(names)))
    if wording.compared is not None:
        name = lexicon.types[wording.compared].names[locale]
        sentences.append(templates.unlike[locale].format(others=name))
    return sentences


def _stuffing(lexicon: Lexicon, style: Style, rng: Random) -> tuple[str | int, ...]:
    """Types of the same department that are wanted more often than most, and phrases."""
    department = lexicon.department_of(style.entry).key
    wanted = [
        each
        for each in lexicon.types.values()
        if lexicon.department_of(each).key == department and each.key != style.entry.key
    ]
    count = rng.randint(*STUFFING_WORDS)
    types = (
        [each.key for each in rng.choices(wanted, [each.popularity**2 for each in wanted], k=count)] if wanted else []
    )
    return (*dict.fromkeys(types), rng.randrange(1_000))
