"""Hypernyms: a query whose clicks spread over what several other queries mean, none of which is all of it."""

from collections import defaultdict

from data.mining.candidate import Candidate
from data.mining.knowledge import Knowledge
from data.mining.similarity import Overlap

# The narrower query's clicks lie in the broader one's: 1 would be all of them, at the same density.
INSIDE = 0.4
# The broader query is more than the narrower one: its clicks lie in it by no more than this.
NOT_ALL = 0.6
# What a broad word covers are different things: two of its narrower queries share no more than this.
APART = 0.3
FEWEST_NARROWER = 2
# A narrower query alone covers at least this share of the broader one's clicks, or it is chance.
LEAST_SHARE = 0.03
# A candidate for the narrower one that lies inside another, shorter query is that one with a wish added.
REFINES = 0.5


def hypernyms(known: Knowledge, overlaps: list[Overlap]) -> list[Candidate]:
    """Candidates: `source` is the broader query, `target` one that it covers.

    Args:
        known: One locale.
        overlaps: All pairs of its queries; see `ClickProfiles.pairs`.
    """
    inside: defaultdict[str, list[tuple[str, float, float, int]]] = defaultdict(list)
    between: dict[tuple[str, str], Overlap] = {}
    for one in overlaps:
        between[one.first, one.second] = one
        for broad, narrow, narrow_in, broad_in in (
            (one.second, one.first, one.first_in_second, one.second_in_first),
            (one.first, one.second, one.second_in_first, one.first_in_second),
        ):
            if narrow_in >= INSIDE and LEAST_SHARE <= broad_in <= NOT_ALL and not _share_a_word(broad, narrow, known):
                inside[broad].append((narrow, narrow_in, broad_in, one.shared))
    found = []
    for broad, narrower in sorted(inside.items()):
        heads = [entry for entry in narrower if not _refines_another(entry[0], known)]
        apart = _apart(heads, between)
        if len(apart) < FEWEST_NARROWER:
            continue
        names = [entry[0] for entry in apart]
        for narrow, narrow_in, broad_in, shared in heads:
            counts = {
                "clicks": known.profiles.totals[broad],
                "narrower_clicks": known.profiles.totals[narrow],
                "shared_products": shared,
                "narrower_queries": len(apart),
            }
            sentence = (
                f"after {broad!r} people click what they click after {narrow!r} ({min(1.0, narrow_in):.0%} of it), and "
                f"it is {min(1.0, broad_in):.0%} of all they click; it covers {', '.join(map(repr, names[:5]))}"
            )
            score = min(1.0, narrow_in) * (1 - min(1.0, broad_in) / 2)
            found.append(Candidate("hypernym", broad, narrow, known.locale, round(score, 4), sentence, counts))
    return found


def _share_a_word(first: str, second: str, known: Knowledge) -> bool:
    return bool(set(known.stem(first)) & set(known.stem(second)))


def _refines_another(query: str, known: Knowledge) -> bool:
    """Whether a query is another query with words added."""
    words = query.split()
    parts = (" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1))
    for part in parts:
        if part != query and part in known.profiles.by_query:
            overlap = known.profiles.overlap(query, part)
            if overlap is not None and overlap.first_in_second >= REFINES:
                return True
    return False


def _apart(
    heads: list[tuple[str, float, float, int]], between: dict[tuple[str, str], Overlap]
) -> list[tuple[str, float, float, int]]:
    """Of the narrower queries the most frequent that are different things."""
    chosen: list[tuple[str, float, float, int]] = []
    for entry in sorted(heads, key=lambda one: (-one[2], one[0])):
        overlaps = (between.get((min(entry[0], one[0]), max(entry[0], one[0]))) for one in chosen)
        if all(overlap is None or overlap.alike <= APART for overlap in overlaps):
            chosen.append(entry)
    return chosen
