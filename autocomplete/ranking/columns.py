"""What a release keeps for ordering its completions: the catalogue's columns always, the log's where there was one."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from autocomplete.completion import Completion
from autocomplete.log.history import History
from autocomplete.log.local_time import LocalClock
from autocomplete.log.parts import Modifier, Parts
from autocomplete.log.prefix_log import PrefixCounters, PrefixLog
from autocomplete.log.visits import Errands, Followers, departments_of
from autocomplete.matching.index import CompletionIndex
from autocomplete.ranking.features import Catalogue, RankColumns, standing, usual_times
from autocomplete.words import split_words

_PRIORS = "priors.npy"
_IN_STOCK = "in_stock.npy"
_CATEGORIES = "categories.npy"
_NAMES = "categories.json"
_STANDING = "standing.npy"
_SEASONS = "seasons.npy"
_DAYPARTS = "dayparts.npy"
_PREFIXES = "prefixes"
_PARTS = "parts.json"
_AS_OF = "as_of.json"


def catalogue_of(index: CompletionIndex, completions: Iterable[Completion]) -> Catalogue:
    """The catalogue's columns of an index that was built from these completions."""
    by_words = {tuple(split_words(each.text)): each for each in completions}
    held = [by_words[_words_of(index, each)] for each in range(len(index))]
    names: dict[str, int] = {}
    numbers = [names.setdefault(each.category, len(names) + 1) if each.category else 0 for each in held]
    return Catalogue(
        np.fromiter((each.prior for each in held), np.float32, len(held)),
        np.fromiter((each.in_stock for each in held), np.uint32, len(held)),
        np.array(numbers, np.uint32),
        names,
    )


def columns_as_of(
    index: CompletionIndex, catalogue: Catalogue, history: History, log: PrefixLog, day: int, locale: int
) -> RankColumns:
    """Everything as it was known before `day`."""
    known = history.as_of(day)
    errands = None
    if history.parts is not None:
        held, heads = history.parts, history.parts.splits[:, 0]
        departments = departments_of(heads, catalogue.categories, catalogue.names, len(held.parts.heads))
        errands = Errands(held.parts, heads, departments, held.visits.as_of(day))
    return RankColumns(
        standing(index, catalogue, known),
        usual_times(known.months),
        usual_times(known.dayparts),
        catalogue,
        log.as_of(day),
        day,
        locale,
        history.clock,
        errands,
    )


def save_catalogue(catalogue: Catalogue, folder: Path) -> None:
    """Write the catalogue's columns into `folder`, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / _PRIORS, catalogue.priors)
    np.save(folder / _IN_STOCK, catalogue.in_stock)
    np.save(folder / _CATEGORIES, catalogue.categories)
    (folder / _NAMES).write_bytes(orjson.dumps(catalogue.names))


def load_catalogue(folder: Path) -> Catalogue:
    """Map what `save_catalogue` wrote."""
    priors, in_stock, categories = (_mapped(folder, name) for name in (_PRIORS, _IN_STOCK, _CATEGORIES))
    return Catalogue(priors, in_stock, categories, orjson.loads((folder / _NAMES).read_bytes()))


def save_parts(parts: Parts, folder: Path) -> None:
    """Write what the locale's queries are made of into `folder`, which is there."""
    modifiers = [(each.words, each.behind, each.text) for each in parts.modifiers]
    raw = {"heads": parts.heads, "modifiers": modifiers, "fitting": parts.fitting}
    (folder / _PARTS).write_bytes(orjson.dumps(raw))


def load_parts(folder: Path) -> Parts | None:
    """What `save_parts` wrote, if it did."""
    path = folder / _PARTS
    if not path.exists():
        return None
    raw = orjson.loads(path.read_bytes())
    modifiers = [Modifier(tuple(words), behind, text) for words, behind, text in raw["modifiers"]]
    return Parts([tuple(words) for words in raw["heads"]], modifiers, raw["fitting"])


def save_columns(columns: RankColumns, folder: Path) -> None:
    """Write all columns into `folder`, which is made."""
    save_catalogue(columns.catalogue, folder)
    np.save(folder / _STANDING, columns.standing)
    np.save(folder / _SEASONS, columns.seasons)
    np.save(folder / _DAYPARTS, columns.dayparts)
    (folder / _AS_OF).write_bytes(orjson.dumps(columns.day))
    columns.prefixes.save(folder / _PREFIXES)
    if columns.errands is not None:
        save_parts(columns.errands.parts, folder)
        for name, array in _errand_arrays(columns.errands).items():
            np.save(folder / f"{name}.npy", array)


def _errand_arrays(errands: Errands) -> dict[str, NDArray[Any]]:
    followers = errands.followers
    return {
        "heads": errands.heads,
        "departments": errands.departments,
        "follower_keys": followers.keys,
        "follower_lifts": followers.lifts,
    }


def load_columns(folder: Path, locale: int, clock: LocalClock) -> RankColumns:
    """Map what `save_columns` wrote, of the shop's locale of this number; its `clock` is the shop's."""
    mapped = partial(_mapped, folder)
    prefixes = PrefixCounters.load(folder / _PREFIXES)
    day = int(orjson.loads((folder / _AS_OF).read_bytes()))
    parts, errands = load_parts(folder), None
    if parts is not None:
        followers = Followers(mapped("follower_keys.npy"), mapped("follower_lifts.npy"), len(parts.heads))
        errands = Errands(parts, mapped("heads.npy"), mapped("departments.npy"), followers)
    return RankColumns(
        mapped(_STANDING),
        mapped(_SEASONS),
        mapped(_DAYPARTS),
        load_catalogue(folder),
        prefixes,
        day,
        locale,
        clock,
        errands,
    )


def _mapped(folder: Path, name: str) -> NDArray[Any]:
    return np.asarray(np.load(folder / name, mmap_mode="r"))


def ids_by_words(index: CompletionIndex) -> dict[tuple[str, ...], int]:
    """Each completion's id by its folded words; of the same words the likeliest."""
    return {_words_of(index, each): each for each in reversed(range(len(index)))}


def _words_of(index: CompletionIndex, completion: int) -> tuple[str, ...]:
    words = index.vocabulary.words
    return tuple(words[word] for word in index.words_of(completion))
