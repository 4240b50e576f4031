"""Hypernyms: a query after which people click several types of products, each of which is a query of its own.

A product is of the type that its title names: the longest query that stands in it, leaving aside those that speak of
brands and values (`red sofa`). Titles are compared rather than single products, because a broad query has few clicks
for the hundreds of products that it covers.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from data.mining.candidate import Candidate
from data.mining.knowledge import Knowledge

Stems = tuple[str, ...]

# Fewer clicks spread by chance.
FEWEST_CLICKS = 6
# So many products bear a type's name.
FEWEST_PRODUCTS = 3
# Of a type's own clicks, those on products that bear its name: else it is no name of theirs.
OWN_SHARE = 0.5
# A type that takes more than this of a query's clicks is what the query means, by its own name or another.
ALL_BUT = 0.65
LEAST_SHARE = 0.04
FEWEST_TIMES = 2
FEWEST_NARROWER = 2
LONGEST_TYPE = 4


def hypernyms(known: Knowledge) -> list[Candidate]:
    """Candidates: `source` is the broader query, `target` a type that it covers; none without a catalogue."""
    types = _types(known)
    bears = {product: _type_of(title, types) for product, title in known.titles.items()}
    found = []
    tried: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (source, target), change in known.substitutions.items():
        name = _type_of(known.stem(target), types)
        if source in known.queries and name:
            tried[source][name] += change.people
    for broad in sorted(known.queries):
        clicks = known.profiles.by_query.get(broad, {})
        if _refines_another(broad, known):
            continue
        counts: Counter[str] = Counter()
        for product, count in clicks.items():
            counts[bears.get(product, "")] += count
        # Where nothing bears the word there is nothing to click: what people try next says what they meant.
        counts += tried.get(broad, Counter())
        found += _narrower(broad, counts, known)
    return found


def _narrower(broad: str, counts: Counter[str], known: Knowledge) -> list[Candidate]:
    total = counts.total()
    own = known.stem(broad)
    narrower = {
        name: count
        for name, count in counts.items()
        if name and known.stem(name) != own and count >= FEWEST_TIMES and count >= LEAST_SHARE * total
    }
    if total < FEWEST_CLICKS or len(narrower) < FEWEST_NARROWER or max(counts.values()) > ALL_BUT * total:
        return []
    covered = sum(narrower.values()) / total
    if covered < OWN_SHARE:
        return []
    names = sorted(narrower, key=lambda name: (-narrower[name], name))
    found = []
    for name in names:
        sentence = (
            f"after {broad!r} {narrower[name]} of {total} choices are {name!r}; the others are "
            f"{', '.join(repr(other) for other in names if other != name)}"
        )
        counted = {"choices": narrower[name], "all_choices": total, "narrower_queries": len(names)}
        times = narrower[name]
        score = covered * times / (times + 1)
        found.append(Candidate("hypernym", broad, name, known.locale, round(score, 4), sentence, counted))
    return found


def _types(known: Knowledge) -> Mapping[Stems, str]:
    """Queries that name a type, by their stems; of spellings of one the most frequent."""
    bearing: Counter[Stems] = Counter()
    parts = {product: _parts(title) for product, title in known.titles.items()}
    for each in parts.values():
        bearing.update(each)
    types: dict[Stems, str] = {}
    for query in sorted(known.queries, key=lambda query: (-known.queries[query].count, query)):
        stems = known.stem(query)
        if bearing[stems] < FEWEST_PRODUCTS or set(stems) & known.values or stems in types:
            continue
        clicks = known.profiles.by_query.get(query, {})
        own = sum(count for product, count in clicks.items() if stems in parts.get(product, ()))
        if clicks and own >= OWN_SHARE * sum(clicks.values()):
            types[stems] = query
    return types


def _parts(title: Stems) -> set[Stems]:
    return {title[i:j] for i in range(len(title)) for j in range(i + 1, min(len(title), i + LONGEST_TYPE) + 1)}


def _type_of(title: Stems, types: Mapping[Stems, str]) -> str:
    """The longest type named in a title, of equals the first named; empty when there is none."""
    for length in range(LONGEST_TYPE, 0, -1):
        for start in range(len(title) - length + 1):
            name = types.get(title[start : start + length])
            if name is not None:
                return name
    return ""


def _refines_another(query: str, known: Knowledge) -> bool:
    """Whether a query speaks of brands or values, or is another query with words added."""
    words = query.split()
    if set(known.stem(query)) & known.values:
        return True
    parts = (" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1))
    return any(part != query and part in known.queries for part in parts)
