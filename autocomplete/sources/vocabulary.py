"""Everything that may be suggested: what people searched for, what the catalogue calls things, and how both combine."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from autocomplete.completion import Completion, Results
from autocomplete.sources.categories import CategoryFinder
from autocomplete.sources.combinations import combined_labels
from autocomplete.sources.compositions import Composition
from autocomplete.sources.labels import OfferedLabel, offered_labels, trust_of
from autocomplete.sources.phrases import Title, located_titles, series_phrases, thing_phrases
from autocomplete.sources.popularity import GENERATED_SHARE, catalogue_prior
from autocomplete.sources.properties import describing_properties
from autocomplete.sources.titles import title_completions
from autocomplete.suggestion import SuggestionKind, SuggestionSource
from autocomplete.words import plainly_written, split_words
from data.product import Product
from data.query_log import LoggedQuery
from data.shop import ShopConfig
from data.text import analyser_for
from graph.concept import Scheme
from graph.snapshot import Snapshot

# What a search for a text finds in a locale.
CountResults = Callable[[str, str], Results]

# Each is searched for once while building, about a millisecond; what comes later in a log is rarer than that is worth.
MOST_LOGGED = 100_000


def collect_completions(
    snapshot: Snapshot,
    query_log: Iterable[LoggedQuery],
    count_results: CountResults,
    config: ShopConfig,
    now_ms: int,
    products: Sequence[Product],
    composed: Mapping[str, Sequence[Composition]] | None = None,
) -> list[Completion]:
    """The vocabulary of a release.

    Args:
        snapshot: Gives labels and combinations, with their priors.
        query_log: Gives what at least `config.suggest.minimum_people` people searched for, decayed by
            `config.suggest.half_life_days`.
        count_results: Asked of every completion but product titles, which find their product; what finds nothing is
            left out.
        config: Locales, thresholds.
        now_ms: The time to which the log is decayed, unless it ended before.
        products: By row; their titles are completed, and tell which values people call things by.
        composed: By locale, what the log's parts make together.

    Returns:
        No two of one kind, locale and folded words; what is refused in the end (`safety/`) among them. A logged query
        that is a label too keeps the label's kind and concept and adds its searches to the label's prior.
    """
    pool = _Pool(config, CategoryFinder(snapshot, products))
    titles = {locale: located_titles(products, locale, config.locales) for locale in config.locales}
    labels = list(offered_labels(snapshot, config.locales, titles))
    phrases, pieces = _titles_say(labels, titles, snapshot)
    labels = [label for label in labels if label.concept not in pieces]
    for label in labels:
        pool.add(_labelled(label, snapshot, SuggestionSource.GRAPH))
    properties = list(describing_properties(snapshot, config.locales, titles, products))
    for label in combined_labels(snapshot, labels, properties, products):
        combined = _labelled(label, snapshot, SuggestionSource.GENERATED)
        pool.add(replace(combined, weight=combined.weight * GENERATED_SHARE, concept_id=None))
    for completion in phrases:
        pool.add(completion)
    for locale, compositions in (composed or {}).items():
        for composition in compositions:
            pool.add_composed(composition, locale)
    allowed = [each for each in query_log if each.people >= config.suggest.minimum_people]
    # A log that ended long ago still says what is wanted more than what: it is as old as its newest search.
    as_of_ms = min(
        now_ms, max((each.last_seen_ms for each in allowed if each.last_seen_ms is not None), default=now_ms)
    )
    decayed = {id(each): each.decayed(as_of_ms, config.suggest.half_life_days) for each in allowed}
    allowed.sort(key=lambda each: (-decayed[id(each)], each.text, each.locale))
    for query in allowed[:MOST_LOGGED]:
        pool.add_logged(query, decayed[id(query)])
    return [*pool.with_results(count_results), *title_completions(products, config)]


def _labelled(label: OfferedLabel, snapshot: Snapshot, source: SuggestionSource) -> Completion:
    return Completion(
        label.text, label.prior, label.kind, source, label.locale, concept_id=snapshot.concept_id(label.concept)
    )


def _titles_say(
    labels: Sequence[OfferedLabel], titles: Mapping[str, Sequence[Title]], snapshot: Snapshot
) -> tuple[list[Completion], set[int]]:
    """Phrases and series that titles spell out, and the product types that are only pieces of phrases."""
    completions, pieces = [], set[int]()
    brands = {word for label in labels if label.kind is SuggestionKind.BRAND for word in split_words(label.text)}
    for locale, held in titles.items():
        here = [label for label in labels if label.locale in ("und", locale)]
        types = {
            tuple(split_words(label.text)): label
            for label in here
            if snapshot.scheme(label.concept) is Scheme.PRODUCT_TYPE and trust_of(snapshot, label.concept) == 1
        }
        said, fragments = thing_phrases(held, types.keys(), brands, analyser_for(locale))
        pieces |= {types[words].concept for words in fragments}
        described = {
            word for label in here if label.kind is not SuggestionKind.BRAND for word in split_words(label.text)
        }
        texts = [(plainly_written(phrase.text, locale), phrase.groups) for phrase in said]
        texts += [(phrase.text, phrase.groups) for phrase in series_phrases(held, described)]
        completions += [
            Completion(
                text,
                GENERATED_SHARE * catalogue_prior(SuggestionKind.QUERY, groups),
                source=SuggestionSource.GENERATED,
                locale=locale,
            )
            for text, groups in texts
        ]
    return completions, pieces


class _Pool:
    """Completions by locale and folded words; the likelier one keeps the place."""

    def __init__(self, config: ShopConfig, categories: CategoryFinder) -> None:
        self._config = config
        self._categories = categories
        self._held: dict[tuple[str, tuple[str, ...]], Completion] = {}
        # Compositions know how many products they find; nobody need search for tens of thousands.
        self._counted: set[tuple[str, tuple[str, ...]]] = set()

    def add(self, completion: Completion) -> None:
        """Keep what the catalogue vouches for, unless one of the same words is at least as likely."""
        key = (completion.locale, tuple(split_words(completion.text)))
        held = self._held.get(key)
        if key[1] and (held is None or held.weight < completion.weight):
            self._held[key] = replace(completion, prior=completion.weight)

    def add_composed(self, composition: Composition, locale: str) -> None:
        """Keep a composition, or say how often what the catalogue vouches for is expected by who was heard."""
        words = tuple(split_words(composition.text))
        held = self._held.get((locale, words)) or self._held.get(("und", words))
        if held is not None:
            self._held[held.locale, words] = replace(held, weight=composition.expected)
        else:
            source = SuggestionSource.GENERATED
            self._held[locale, words] = Completion(
                composition.text,
                composition.expected,
                source=source,
                locale=locale,
                result_count=composition.results.groups,
                in_stock=composition.results.in_stock,
                rows=composition.results.rows,
                category=composition.category,
            )
            self._counted.add((locale, words))

    def add_logged(self, query: LoggedQuery, searches: float) -> None:
        """Keep a logged query, or add its searches to the label or combination of the same words."""
        words = tuple(split_words(query.text))
        if not words:
            return
        key = (query.locale, words)
        held = self._held.get(key) or self._held.get(("und", words))
        logged = Completion(
            query.text,
            searches,
            locale=query.locale,
            people=query.people,
            last_seen_ms=query.last_seen_ms or 0,
            click_rate=None if query.clicks is None else query.clicks / query.count,
            conversion=None if query.purchases is None else query.purchases / query.count,
        )
        if held is not None:
            logged = replace(
                logged,
                # The catalogue spells its own names better than thumbs do ("Bratpfanne").
                text=held.text if held.source is SuggestionSource.GRAPH else query.text,
                weight=searches + held.weight,
                kind=held.kind,
                concept_id=held.concept_id,
                prior=held.prior,
                result_count=held.result_count,
                in_stock=held.in_stock,
                rows=held.rows,
            )
            self._held.pop((held.locale, words) if held.locale == query.locale else key, None)
        self._held[key] = logged

    def with_results(self, count_results: CountResults) -> list[Completion]:
        """What finds something, with how much."""
        found = []
        for key, completion in self._held.items():
            locale = self._config.locale if completion.locale == "und" else completion.locale
            if key not in self._counted:
                results = count_results(completion.text, locale)
                completion = replace(
                    completion, result_count=results.groups, in_stock=results.in_stock, rows=results.rows
                )
            if completion.result_count > 0:
                category = completion.category or self._categories.of(completion.text)
                found.append(replace(completion, category=category))
        return found
