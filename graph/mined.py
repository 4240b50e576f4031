"""What the log seems to say (`data.mining`), as statements of the mined layer; what is not sure stays for curators.

A mined word may say more of a concept that the catalogue has, and may gather product types under a broader word. It
never takes a word away from a concept that has it: a source that is a label already goes to the curators.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.mining import assignment
from data.mining.candidate import Candidate, Kind
from data.text import analyser_for
from graph.compile import CATEGORY_SEPARATOR
from graph.concept import Layer, Scheme
from graph.label import LabelKind
from graph.relation import Predicate
from graph.statements import ConceptKey, DraftConcept, DraftLabel, DraftName, DraftRelation, Statements

# Below it a candidate is a question, not an answer; the miners' scales differ by kind. A missing key: never written.
LEAST_SCORE: Mapping[Kind, float] = {"synonym": 0.6, "misspelling": 0.5, "hypernym": 0.5, "related": 0.5}
# Two targets of one source as sure as that: nobody can say which is meant.
AMBIGUOUS_WITHIN = 0.05
# A broader word with a single narrower type is its synonym or a chance.
LEAST_NARROWER = 2
# F1 of a category's products against those of the types that a broader word covers: from here on it names the category.
SAME_PRODUCTS = 0.8
_SOURCE = "log"
_NAMED = (Scheme.PRODUCT_TYPE, Scheme.CATEGORY, Scheme.VALUE)


@dataclass(frozen=True, slots=True)
class MinedStatements:
    """What is written, and the candidates that are not."""

    statements: Statements
    kept: tuple[Candidate, ...]


class _Names:
    """Which concepts of a catalogue bear a word, as written or by its stems."""

    def __init__(self, concepts: Iterable[DraftConcept], locales: Sequence[str]) -> None:
        self._analysers = {locale: analyser_for(locale) for locale in locales}
        self._by_norm: dict[str, list[ConceptKey]] = defaultdict(list)
        self._by_stems: dict[tuple[str, str], list[ConceptKey]] = defaultdict(list)
        for concept in concepts:
            for label in concept.labels:
                self._by_norm[label.norm].append(concept.key)
                for locale in locales:
                    self._by_stems[locale, self._stems(label.norm, locale)].append(concept.key)

    def find(self, norm: str, locale: str, schemes: Collection[Scheme]) -> tuple[ConceptKey, ...]:
        """Bearers of one of the schemes, in the order in which the catalogue was compiled."""
        stemmed = self._by_stems.get((locale, self._stems(norm, locale)), ()) if locale in self._analysers else ()
        found = [key for key in self._by_norm.get(norm, ()) if key.scheme in schemes] or [
            key for key in stemmed if key.scheme in schemes
        ]
        return tuple(dict.fromkeys(found))

    def knows(self, norm: str, locale: str) -> bool:
        """Whether any concept is called so."""
        return bool(self.find(norm, locale, tuple(Scheme)))

    def _stems(self, norm: str, locale: str) -> str:
        return " ".join(map(self._analysers[locale].stem, norm.split(" ")))


def compile_candidates(
    candidates: Iterable[Candidate],
    compiled: Statements,
    rows: Mapping[ConceptKey, Sequence[int]],
    locales: Sequence[str],
) -> MinedStatements:
    """Turn candidates into statements; pure, and the same for the same input.

    Args:
        candidates: In any order.
        compiled: Of the catalogue; only its concepts get names.
        rows: Of each concept; a category has those of narrower ones or not, both do.
        locales: Of the shop; candidates in other languages are kept.

    Returns:
        Synonyms as alternative labels and misspellings as hidden ones of the target's concepts; broader words as
        labels of the category that has the same products, or as product types with BROADER from the narrower ones;
        RELATED between product types or categories. Every candidate that led to none of these is kept; attributes that
        are sure are not, for they fill the products' fields and come as the catalogue's.
    """
    names = _Names(compiled.concepts, locales)
    sure: dict[str, list[Candidate]] = defaultdict(list)
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=_surest_first):
        if candidate.kind == "attribute" and candidate.score >= assignment.LEAST_SCORE:
            continue
        is_sure = candidate.score >= LEAST_SCORE.get(candidate.kind, 2.0) and candidate.locale in locales
        (sure[candidate.kind] if is_sure else kept).append(candidate)
    drafts: list[DraftName] = []
    for kind, label, schemes in (
        ("misspelling", LabelKind.HIDDEN, (*_NAMED, Scheme.BRAND)),
        ("synonym", LabelKind.ALTERNATIVE, _NAMED),
    ):
        drafts += _other_names(sure[kind], names, label, schemes, kept)
    broader = _broader(sure["hypernym"], names, rows, kept)
    related = _related(sure["related"], names, kept)
    return MinedStatements(
        Statements(broader.concepts, (*broader.relations, *related), (*drafts, *broader.names)),
        tuple(sorted(kept, key=_surest_first)),
    )


def _other_names(
    candidates: Iterable[Candidate], names: _Names, kind: LabelKind, schemes: Collection[Scheme], kept: list[Candidate]
) -> list[DraftName]:
    """One target a source: the surest that the catalogue knows, unless another is as sure."""
    by_source: dict[tuple[str, str], list[tuple[Candidate, tuple[ConceptKey, ...]]]] = defaultdict(list)
    for candidate in candidates:
        by_source[candidate.source, candidate.locale].append(
            (candidate, names.find(candidate.target, candidate.locale, schemes))
        )
    drafts = []
    for (source, locale), group in by_source.items():
        placed = [(candidate, keys) for candidate, keys in group if keys]
        rivals = [keys for candidate, keys in placed[1:] if candidate.score >= placed[0][0].score - AMBIGUOUS_WITHIN]
        is_clear = placed and all(set(keys) & set(placed[0][1]) for keys in rivals)
        if not is_clear or names.knows(source, locale):
            kept += [candidate for candidate, _ in group]
            continue
        best, keys = placed[0]
        kept += [candidate for candidate, _ in group if candidate is not best]
        drafts += [_name(key, best, kind) for key in keys]
    return drafts


def _broader(
    candidates: Iterable[Candidate], names: _Names, rows: Mapping[ConceptKey, Sequence[int]], kept: list[Candidate]
) -> Statements:
    by_source: dict[tuple[str, str], dict[ConceptKey, Candidate]] = defaultdict(dict)
    for candidate in candidates:
        types = names.find(candidate.target, candidate.locale, (Scheme.PRODUCT_TYPE,))
        held = by_source[candidate.source, candidate.locale]
        if not types or names.knows(candidate.source, candidate.locale) or types[0] in held:
            kept.append(candidate)
        else:
            held[types[0]] = candidate
    concepts: dict[ConceptKey, DraftConcept] = {}
    relations: list[DraftRelation] = []
    labels: list[DraftName] = []
    for (source, locale), narrower in by_source.items():
        if len(narrower) < LEAST_NARROWER:
            kept += narrower.values()
            continue
        surest = next(iter(narrower.values()))
        category = _same_products({row for key in narrower for row in rows.get(key, ())}, rows)
        key = ConceptKey(Scheme.PRODUCT_TYPE, source)
        if category is not None:
            labels.append(_name(category, surest, LabelKind.ALTERNATIVE))
        elif key in concepts:
            # Two languages have the word; one concept is enough.
            kept += narrower.values()
        else:
            label = DraftLabel(source, source, _language(locale))
            concepts[key] = DraftConcept(key, (label,), surest.score, Layer.MINED, _SOURCE)
            relations += [
                DraftRelation(below, Predicate.BROADER, key, candidate.score, Layer.MINED, _SOURCE, candidate.evidence)
                for below, candidate in narrower.items()
            ]
    return Statements(tuple(concepts.values()), tuple(relations), tuple(labels))


def _same_products(wanted: set[int], rows: Mapping[ConceptKey, Sequence[int]]) -> ConceptKey | None:
    """The category whose products are these, if one's are nearly; ties by key."""
    below: dict[str, set[int]] = defaultdict(set)
    for key, held in rows.items():
        if key.scheme is Scheme.CATEGORY:
            steps = key.key.split(CATEGORY_SEPARATOR)
            for depth in range(1, len(steps) + 1):
                below[CATEGORY_SEPARATOR.join(steps[:depth])].update(held)
    fits = [(2 * len(wanted & held) / (len(wanted) + len(held)), path) for path, held in below.items() if held]
    fit, path = min(fits, key=lambda each: (-each[0], each[1]), default=(0.0, ""))
    return ConceptKey(Scheme.CATEGORY, path) if fit >= SAME_PRODUCTS else None


def _related(candidates: Iterable[Candidate], names: _Names, kept: list[Candidate]) -> list[DraftRelation]:
    edges: dict[tuple[ConceptKey, ConceptKey], DraftRelation] = {}
    for candidate in candidates:
        ends = [
            names.find(word, candidate.locale, (scheme,))
            for scheme in (Scheme.PRODUCT_TYPE, Scheme.CATEGORY)
            for word in (candidate.source, candidate.target)
        ]
        pair = next((each for each in (ends[:2], ends[2:]) if all(each) and each[0][0] != each[1][0]), None)
        if pair is None:
            kept.append(candidate)
            continue
        one, other = sorted((pair[0][0], pair[1][0]), key=lambda key: key.key)
        edge = DraftRelation(one, Predicate.RELATED, other, candidate.score, Layer.MINED, _SOURCE, candidate.evidence)
        edges.setdefault((one, other), edge)
    return list(edges.values())


def _name(key: ConceptKey, candidate: Candidate, kind: LabelKind) -> DraftName:
    label = DraftLabel(candidate.source, candidate.source, _language(candidate.locale), kind)
    return DraftName(key, label, candidate.score, Layer.MINED, candidate.evidence)


def _language(locale: str) -> str:
    return locale.partition("-")[0]


def _surest_first(candidate: Candidate) -> tuple[float, str, str, str, str]:
    return -candidate.score, candidate.kind, candidate.source, candidate.target, candidate.locale
