"""The words a laboratory shop is made of, read from one TOML file: another file is another shop.

`lexicon.toml` beside this module is the built-in one; `docs/laboratory.md` describes the form. Texts stand by locale
(`{en = "sofa", de = "Sofa"}`); tables are keyed, and each record knows its own key.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from data.demo.lexicon_check import MONTHS, inconsistencies
from data.errors import ConfigError

Texts = Mapping[str, str]  # by locale; every locale of the lexicon is there
Phrases = Mapping[str, tuple[str, ...]]  # by locale; a locale may be missing, which says there are none

BUILT_IN = Path(__file__).with_name("lexicon.toml")
TABLES = ("departments", "categories", "types", "families", "brands", "colours", "materials", "attributes",
          "features", "aspects", "seasons")  # fmt: skip
_STRICT = with_config(ConfigDict(extra="forbid"))


@_STRICT
@dataclass(frozen=True, slots=True)
class Department:
    """The first level of the category tree."""

    key: str
    names: Texts


@_STRICT
@dataclass(frozen=True, slots=True)
class Category:
    """A leaf of the category tree, in a department; `path` in the catalogue is of the first locale's names."""

    key: str
    names: Texts
    department: str
    group: Texts | None = None  # a level between the department and the leaf


@_STRICT
@dataclass(frozen=True, slots=True)
class Value:
    """One value of an attribute, and how likely a product has it.

    Attributes:
        key: What the catalogue's field says.
        names: How titles and shoppers say it.
        weight: Relative to the attribute's other values.
        synonyms: What shoppers say and the catalogue never writes.
    """

    key: str
    names: Texts
    weight: float = 1.0
    synonyms: Phrases = field(default_factory=dict)


@_STRICT
@dataclass(frozen=True, slots=True)
class Colour:
    """A value that pictures show; `paint` is `#rrggbb`."""

    key: str
    names: Texts
    paint: str
    weight: float = 1.0
    synonyms: Phrases = field(default_factory=dict)


@_STRICT
@dataclass(frozen=True, slots=True)
class Attribute:
    """A typed attribute: either `values` of words, or `amounts` of a `unit` (which may be empty: "for 3 people").

    Attributes:
        key: The catalogue's field.
        names: Of the attribute, for people.
        values: Of a choice, in their order (sizes from small to large); empty for a quantity.
        amounts: Of a quantity, from small to large; empty for a choice.
        unit: Of the amounts.
        says: How a title and a shopper put the value, `{}` standing for its name or amount.
        price_step: Share by which the next larger value costs more.
    """

    key: str
    names: Texts
    values: tuple[Value, ...] = ()
    amounts: tuple[float, ...] = ()
    unit: str | None = None
    says: Texts = field(default_factory=dict)
    price_step: float = 0.0


@_STRICT
@dataclass(frozen=True, slots=True)
class Feature:
    """Something a product can or cannot do: true or absent.

    Attributes:
        key: Of the feature, and of the catalogue's field where `is_field`.
        words: What shoppers search ("waterproof").
        sentence: What descriptions say of it.
        share: Of a type's products that have it.
        is_field: Whether the catalogue has it as a field; otherwise only its texts tell.
    """

    key: str
    words: Texts
    sentence: Texts
    share: float = 0.6
    is_field: bool = False


@_STRICT
@dataclass(frozen=True, slots=True)
class ProductType:
    """A type of product.

    Attributes:
        key: Of the type; product ids begin with it.
        category: Key of its category.
        names: What titles call it, and most shoppers.
        prices: Lowest and highest, in minor units (cents, or whole yen where `yen`).
        shape: Key of `pictures.SHAPES`.
        synonyms: What shoppers say and the catalogue never writes (couch for sofa).
        catalogue_names: What some titles write instead of `names` and shoppers never say.
        materials: Keys of materials it may be made of.
        attributes: Keys of attributes it has.
        varies_in: What the variants of one style differ in: a key of `attributes`, or `colour`.
        features: Keys of features it may have.
        aspects: Keys of aspects that reviews speak of.
        accessory_of: Key of the type it is made for: its titles name that type.
        compatible: Keys of types that its descriptions name without being one.
        season: Key of a season, or none: wanted all year round.
        popularity: How often it is wanted, relative to other types.
        yen: Priced in whole yen.
    """

    key: str
    category: str
    names: Texts
    prices: tuple[int, int]
    shape: str
    synonyms: Phrases = field(default_factory=dict)
    catalogue_names: Phrases = field(default_factory=dict)
    materials: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    varies_in: str = "colour"
    features: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    accessory_of: str | None = None
    compatible: tuple[str, ...] = ()
    season: str | None = None
    popularity: float = 1.0
    yen: bool = False


@_STRICT
@dataclass(frozen=True, slots=True)
class Family:
    """What shoppers call several types at once: its `words` are hypernyms of each of `types`."""

    key: str
    words: Phrases
    types: tuple[str, ...]


@_STRICT
@dataclass(frozen=True, slots=True)
class Brand:
    """A maker, at home in some departments.

    Attributes:
        key: Its name as titles write it.
        departments: Keys.
        categories: Keys; when given it makes only these, and of these only brands that name them make any.
        tier: Factor on a type's prices: below 1 cheap, above 1 dear.
        popularity: How often shoppers want it, relative to other brands.
    """

    key: str
    departments: tuple[str, ...]
    categories: tuple[str, ...] = ()
    tier: float = 1.0
    popularity: float = 1.0


@_STRICT
@dataclass(frozen=True, slots=True)
class Aspect:
    """What opinions are about; each of `positive` and `negative` is a whole sentence of a review."""

    key: str
    names: Texts
    positive: Phrases
    negative: Phrases


@_STRICT
@dataclass(frozen=True, slots=True)
class Season:
    """Twelve weights, January first: how much more or less than usual something is wanted."""

    key: str
    months: tuple[float, ...]


@_STRICT
@dataclass(frozen=True, slots=True)
class Templates:
    """How titles and descriptions are put together, `{brand}`, `{series}`, `{name}`, … standing for the words.

    Attributes:
        title: Of `{brand}`, `{series}`, `{name}` (of the type) and `{parts}` (colour, size, …).
        title_by: The same in the order of other merchants.
        stuffed: A `{title}` and the `{words}` it is padded with.
        part_break: Between parts.
        sentence_break: Between sentences.
        and_: Between the last two of several; `and` in the file.
        accessory: A type's name with `{main}`, the type it is made for.
        introduction: First sentence of a description.
        material: Sentence with `{material}`.
        detail: Sentence with the `{name}` of an attribute and its `{value}`.
        goes_with: Sentence that names `{others}`, types the product is not.
        unlike: Sentence that compares with `{others}`, a type the product is not.
    """

    title: Texts
    title_by: Texts
    stuffed: Texts
    part_break: Texts
    sentence_break: Texts
    and_: Texts
    accessory: Texts
    introduction: Texts
    material: Texts
    detail: Texts
    goes_with: Texts
    unlike: Texts


@_STRICT
@dataclass(frozen=True, slots=True)
class Lexicon:
    """All the words of a shop; tables are in the file's order.

    Attributes:
        name: Of the shop, for people.
        locales: BCP 47; the first names categories and brands in the catalogue's fields.
        series: Names of styles ("Fjord"); each brand gets its own share of them.
        stuffing: Words that merchants pad titles with.
        boilerplate: Sentences that say nothing, for descriptions.
    """

    name: str
    locales: tuple[str, ...]
    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    types: Mapping[str, ProductType]
    families: Mapping[str, Family]
    brands: Mapping[str, Brand]
    colours: Mapping[str, Colour]
    materials: Mapping[str, Value]
    attributes: Mapping[str, Attribute]
    features: Mapping[str, Feature]
    aspects: Mapping[str, Aspect]
    seasons: Mapping[str, Season]
    series: tuple[str, ...]
    stuffing: Phrases
    boilerplate: Phrases
    templates: Templates

    @property
    def locale(self) -> str:
        """The first locale."""
        return self.locales[0]

    def department_of(self, entry: ProductType) -> Department:
        """The department that a type's category is in."""
        return self.departments[self.categories[entry.category].department]

    def category_path(self, category: str, locale: str) -> tuple[str, ...]:
        """Names from the department to the leaf."""
        found = self.categories[category]
        between = () if found.group is None else (found.group[locale],)
        return (self.departments[found.department].names[locale], *between, found.names[locale])

    def brands_of(self, category: str) -> tuple[Brand, ...]:
        """Who makes the types of a category: the brands that name it, else those of its department that name none."""
        special = tuple(brand for brand in self.brands.values() if category in brand.categories)
        department = self.categories[category].department
        return special or tuple(
            brand for brand in self.brands.values() if department in brand.departments and not brand.categories
        )

    def hypernyms(self, type_key: str, locale: str) -> tuple[str, ...]:
        """What shoppers call the families that a type is in."""
        families = (family for family in self.families.values() if type_key in family.types)
        return tuple(word for family in families for word in family.words.get(locale, ()))

    def month_weights(self, entry: ProductType) -> tuple[float, ...]:
        """Twelve weights, January first; all 1 without a season."""
        return (1.0,) * MONTHS if entry.season is None else self.seasons[entry.season].months


def load_lexicon(path: Path | None = None) -> Lexicon:
    """Read a lexicon; the built-in one without a path.

    Raises:
        ConfigError: The file cannot be read, or is not a lexicon: every problem with its place.
    """
    source = path or BUILT_IN
    try:
        record = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{source}: expected a lexicon in TOML (see docs/laboratory.md): {error}") from error
    try:
        lexicon = TypeAdapter(Lexicon).validate_python(_with_keys(record))
    except ValidationError as error:
        found = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise ConfigError(_problems(source, found)) from error
    if found := list(inconsistencies(lexicon)):
        raise ConfigError(_problems(source, found))
    return lexicon


def _with_keys(record: Mapping[str, Any]) -> dict[str, Any]:
    """Every record of a keyed table also says its key."""
    keyed = dict(record)
    for table in TABLES:
        if isinstance(rows := record.get(table), dict):
            keyed[table] = {key: {**row, "key": key} if isinstance(row, dict) else row for key, row in rows.items()}
    if isinstance(templates := keyed.get("templates"), dict):
        keyed["templates"] = {"and_" if name == "and" else name: text for name, text in templates.items()}
    return keyed


def _problems(source: Path, found: list[str]) -> str:
    shown = "\n".join(f"  {problem}" for problem in found[:20])
    more = f"\n  and {len(found) - 20} more" if len(found) > 20 else ""
    return f"{source} is no usable lexicon (see docs/laboratory.md):\n{shown}{more}"
