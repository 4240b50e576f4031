"""A catalogue as statements: categories, brands, attributes, values, units, product types and their products."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from data.product import Product
from data.shop import ShopConfig
from data.text import UNITS, Analyser, analyser_for
from graph.attribute_values import Field, collect_fields
from graph.brands import collect_brands
from graph.concept import Layer, Scheme
from graph.label import LabelKind
from graph.product_types import MinedType, mine_product_types
from graph.relation import Predicate
from graph.statements import ConceptKey, DraftConcept, DraftLabel, DraftRelation, Statements
from graph.translations import project_labels

CATEGORY_SEPARATOR = " > "


@dataclass(frozen=True, slots=True)
class Compilation:
    """What a catalogue says: statements for the store, and the rows of each concept for the snapshot."""

    statements: Statements
    rows: Mapping[ConceptKey, tuple[int, ...]]


def compile_catalogue(products: Sequence[Product], config: ShopConfig) -> Compilation:
    """All statements of a catalogue; pure, and the same for the same input."""
    analyser = analyser_for(config.locale)
    parts = [
        _categories(products, analyser),
        _brands(products, analyser),
        _attributes(collect_fields(products), analyser),
        _product_types(mine_product_types(products, config.locale, analyser), config.locale),
    ]
    concepts = [concept for part in parts for concept in part.statements.concepts]
    rows = {key: held for part in parts for key, held in part.rows.items()}
    for locale in config.locales[1:]:
        concepts = _with_translations(concepts, rows, products, locale)
    relations = [relation for part in parts for relation in part.statements.relations]
    return Compilation(Statements(tuple(concepts), tuple(relations)), rows)


def _categories(products: Sequence[Product], analyser: Analyser) -> Compilation:
    rows: dict[ConceptKey, list[int]] = defaultdict(list)
    paths: dict[ConceptKey, tuple[str, ...]] = {}
    for row, product in enumerate(products):
        for depth in range(1, len(product.category) + 1):
            path = product.category[:depth]
            key = ConceptKey(Scheme.CATEGORY, CATEGORY_SEPARATOR.join(path))
            paths[key] = path
            if depth == len(product.category):
                rows[key].append(row)
    concepts = [DraftConcept(key, _preferred(path[-1], analyser)) for key, path in sorted(paths.items(), key=_by_key)]
    relations = [
        DraftRelation(key, Predicate.BROADER, ConceptKey(Scheme.CATEGORY, CATEGORY_SEPARATOR.join(path[:-1])))
        for key, path in sorted(paths.items(), key=_by_key)
        if len(path) > 1
    ]
    return Compilation(Statements(concepts, relations), {key: tuple(held) for key, held in rows.items()})


def _brands(products: Sequence[Product], analyser: Analyser) -> Compilation:
    concepts, rows = [], {}
    for brand in collect_brands(products, analyser):
        key = ConceptKey(Scheme.BRAND, brand.key)
        labels = list(_preferred(brand.spellings[0], analyser))
        for text in (*brand.spellings[1:], brand.key):
            norm = analyser.normalise(text)
            if norm not in {label.norm for label in labels}:
                labels.append(DraftLabel(text, norm, kind=LabelKind.ALTERNATIVE))
        concepts.append(DraftConcept(key, tuple(labels)))
        rows[key] = brand.rows
    return Compilation(Statements(concepts), rows)


def _attributes(fields: Sequence[Field], analyser: Analyser) -> Compilation:
    concepts: list[DraftConcept] = []
    relations: list[DraftRelation] = []
    rows: dict[ConceptKey, tuple[int, ...]] = {}
    units: set[str] = set()
    for field in fields:
        labels = _preferred(" ".join(field.name.replace("_", " ").split()), analyser)
        if not labels:
            continue
        attribute = ConceptKey(Scheme.ATTRIBUTE, field.name)
        concepts.append(DraftConcept(attribute, labels))
        rows[attribute] = field.rows
        for value, held in sorted(field.values.items()):
            labels = _preferred(field.surfaces[value], analyser)
            if labels:
                key = ConceptKey(Scheme.VALUE, f"{field.name}={value}")
                concepts.append(DraftConcept(key, labels))
                relations.append(DraftRelation(key, Predicate.VALUE_OF, attribute))
                rows[key] = held
        units.update(unit for unit in field.units if unit.casefold() in UNITS)
        relations += [
            DraftRelation(attribute, Predicate.HAS_ATTRIBUTE, ConceptKey(Scheme.UNIT, UNITS[unit.casefold()].symbol))
            for unit in field.units[:1]
            if unit.casefold() in UNITS
        ]
    for symbol in sorted({UNITS[unit.casefold()].symbol for unit in units}):
        concepts.append(DraftConcept(ConceptKey(Scheme.UNIT, symbol), _unit_labels(symbol)))
    return Compilation(Statements(concepts, relations), rows)


def _unit_labels(symbol: str) -> tuple[DraftLabel, ...]:
    spellings = [spelling for spelling, unit in UNITS.items() if unit.symbol == symbol and spelling != symbol]
    return (
        DraftLabel(symbol, symbol),
        *(DraftLabel(spelling, spelling, kind=LabelKind.ALTERNATIVE) for spelling in spellings),
    )


def _product_types(mined: Sequence[MinedType], locale: str) -> Compilation:
    language = locale.partition("-")[0]
    keys = {found.words: ConceptKey(Scheme.PRODUCT_TYPE, found.norm) for found in mined}
    concepts = [
        DraftConcept(
            keys[found.words],
            (DraftLabel(found.name, found.norm, language),),
            found.confidence,
            Layer.MINED,
            "titles",
        )
        for found in mined
    ]
    relations = []
    for found in mined:
        shorter = (found.words[start:] for start in range(1, len(found.words)))
        broader = next((words for words in shorter if words in keys), None)
        if broader is not None:
            evidence = f"{found.groups} products of {found.makers} makers are called so"
            relations.append(
                DraftRelation(keys[found.words], Predicate.BROADER, keys[broader], 1.0, Layer.MINED, "titles", evidence)
            )
    return Compilation(Statements(concepts, relations), {keys[found.words]: found.rows for found in mined})


def _with_translations(
    concepts: Sequence[DraftConcept],
    rows: Mapping[ConceptKey, tuple[int, ...]],
    products: Sequence[Product],
    locale: str,
) -> list[DraftConcept]:
    """Concepts with a preferred label in one more language, where the parallel titles give one."""
    analyser = analyser_for(locale)
    language = locale.partition("-")[0]
    translated = (Scheme.PRODUCT_TYPE, Scheme.VALUE)
    found = project_labels(
        {concept.key: rows.get(concept.key, ()) for concept in concepts if concept.key.scheme in translated},
        products,
        locale,
        analyser,
    )
    return [
        replace(concept, labels=(*concept.labels, *_preferred(found[concept.key], analyser, language)))
        if concept.key in found and language not in {label.language for label in concept.labels}
        else concept
        for concept in concepts
    ]


def _preferred(text: str, analyser: Analyser, language: str = "und") -> tuple[DraftLabel, ...]:
    norm = analyser.normalise(text)
    return (DraftLabel(text, norm, language),) if norm else ()


def _by_key(item: tuple[ConceptKey, object]) -> str:
    return item[0].key


def closure_rows(
    rows: Mapping[str, Iterable[int]], broader: Mapping[str, Sequence[str]], order: Sequence[str]
) -> dict[str, set[int]]:
    """Rows of each concept with those of all narrower ones.

    Args:
        rows: Own rows by concept id.
        broader: Broader ids of each id.
        order: Every id, narrower ones before broader ones.
    """
    held = {concept_id: set(rows.get(concept_id, ())) for concept_id in order}
    for concept_id in order:
        for above in broader.get(concept_id, ()):
            held[above] |= held[concept_id]
    return held
