"""Related categories: what people who buy of one buy of the other."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.mining.candidate import Candidate
from data.mining.shares import wilson_lower
from data.text import analyser_for

# People who bought of both that make a pair of categories more than chance.
FEWEST_PEOPLE = 10
# So many times as often as if the two had nothing to do with each other.
LEAST_LIFT = 2.0


def related(bought: Sequence[Mapping[str, Any]], locale: str) -> list[Candidate]:
    """Candidates between leaf categories; where two bear one name, only the surer pair of it.

    Args:
        bought: Of `co_bought_categories`: `one, other` (paths), `people`, `of_one`, `of_other`, `total`.
        locale: Of the categories' names.
    """
    analyser = analyser_for(locale)
    found: dict[tuple[str, str], Candidate] = {}
    for row in sorted(bought, key=lambda row: (row["one"], row["other"])):
        one, other, people, total = row["one"], row["other"], row["people"], row["total"]
        if one >= other or people < FEWEST_PEOPLE:
            continue
        lift = people * total / (row["of_one"] * row["of_other"])
        # What the lift is at least: the smaller of the two directions.
        sure = min(
            wilson_lower(people, row["of_one"]) * total / row["of_other"],
            wilson_lower(people, row["of_other"]) * total / row["of_one"],
        )
        names = tuple(sorted(analyser.normalise(path.rpartition(" > ")[2]) for path in (one, other)))
        if lift < LEAST_LIFT or sure <= 1 or not all(names) or names[0] == names[1]:
            continue
        sentence = f"{people} people bought of {one!r} and {other!r}, {lift:.1f} times as many as by chance"
        counts = {"people": people, "of_source": row["of_one"], "of_target": row["of_other"]}
        made = Candidate("related", names[0], names[1], locale, round(1 - 1 / sure, 4), sentence, counts)
        held = found.get((names[0], names[1]))
        if held is None or made.score > held.score:
            found[names[0], names[1]] = made
    return list(found.values())
