"""Completions to arrays."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from autocomplete.completion import Completion
from autocomplete.matching.diversity import Grouping
from autocomplete.matching.index import HOT, KINDS, LEFT_OUT, NARROWED, SOURCES, TOP, CompletionIndex, Ids, best
from autocomplete.matching.pairs import pair_arrays
from autocomplete.matching.slips.slip_table import slip_entries
from autocomplete.matching.trie import TopTable, WordTrie
from autocomplete.matching.typed import MAX_CHARACTERS
from autocomplete.words import split_words

_LAST = "\U0010ffff"


def build_index(completions: Iterable[Completion], group_of: Grouping) -> CompletionIndex:
    """Arrange completions for lookup.

    Args:
        completions: In any order; texts without a letter or digit, or longer than a prefix may be, are left out.
        group_of: Folded words to the key that near-duplicates share.
    """
    kept, words_of = [], []
    for completion in sorted(completions, key=lambda each: (-each.weight, len(each.text), each.text)):
        words = split_words(completion.text)
        if words and len(completion.text) <= MAX_CHARACTERS:
            kept.append(completion)
            words_of.append(words)
    vocabulary = WordTrie.build(list({word for words in words_of for word in words}))
    arrays = _word_arrays(words_of, vocabulary) | _attributes(kept)
    arrays["slip_keys"], arrays["slip_beginnings"] = slip_entries(vocabulary.words)
    arrays["categories"] = np.array(number_categories(kept), np.uint32)
    arrays["groups"] = _number_groups([group_of(words) for words in words_of])
    norms = list(map(" ".join, words_of))
    starts = TopTable.build(_hot_starts([norms[place] for place in arrays["lexical"].tolist()], arrays["lexical"]), TOP)
    inner = TopTable.build(_hot_inner(vocabulary, arrays["postings"], arrays["posting_offsets"]), TOP)
    arrays |= {name: arrays[name].astype(np.min_scalar_type(int(arrays[name].max(initial=0)))) for name in NARROWED}
    arrays |= {name: arrays[name][:0] for name in LEFT_OUT if not arrays[name].any()}
    return CompletionIndex(arrays, vocabulary, starts, inner)


def number_categories(completions: Iterable[Completion]) -> list[int]:
    """Of each completion, by weight: 1 is the first one's category, the next new one is 2; 0 for none."""
    names: dict[str, int] = {}
    return [names.setdefault(each.category, len(names) + 1) if each.category else 0 for each in completions]


def _number_groups(keys: Sequence[str]) -> NDArray[np.uint32]:
    """Of each completion, from 1; 0 for what is alone in its group."""
    twins = [key for key, count in Counter(keys).items() if count > 1]
    numbers = {key: number for number, key in enumerate(twins, start=1)}
    return np.fromiter((numbers.get(key, 0) for key in keys), np.uint32, len(keys))


def _word_arrays(words_of: Sequence[Sequence[str]], vocabulary: WordTrie) -> dict[str, NDArray[Any]]:
    """Everything about which words stand where."""
    ids = {word: place for place, word in enumerate(vocabulary.words)}
    lengths = np.fromiter(map(len, words_of), np.int64, len(words_of))
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    words = np.fromiter((ids[word] for each in words_of for word in each), np.uint32, int(offsets[-1]))
    # Word ids follow code points and a space sorts before every letter: sorting the joined words sorts the sequences.
    norms = list(map(" ".join, words_of))
    lexical = np.fromiter(sorted(range(len(norms)), key=norms.__getitem__), np.uint32, len(norms))
    first_words = words[offsets[:-1]][lexical]
    second = np.zeros(len(norms), np.uint32)
    more = lengths[lexical] > 1
    second[more] = words[offsets[:-1][lexical[more]] + 1] + 1
    # One posting for each (word, completion), however often the word stands in it.
    pairs = words.astype(np.uint64) << np.uint64(32) | np.repeat(np.arange(len(norms), dtype=np.uint64), lengths)
    # Sorted and compared with the one before: numpy's own `unique` hashes, which takes three times as long.
    pairs.sort()
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    boundaries = np.arange(len(vocabulary) + 1)
    return {
        "words": words,
        "word_offsets": offsets.astype(np.uint32),
        "lexical": lexical,
        "first": first_words.searchsorted(boundaries).astype(np.uint32),
        "second": second,
        "postings": (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32),
        "posting_offsets": (pairs >> np.uint64(32)).searchsorted(boundaries.astype(np.uint64)).astype(np.uint32),
        **pair_arrays(words, offsets, vocabulary),
    }


def _attributes(completions: Sequence[Completion]) -> dict[str, NDArray[Any]]:
    """Everything that is shown or explained, by id."""
    count = len(completions)
    text, text_offsets = _blob(each.text.encode() for each in completions)
    targets, target_offsets = _blob(
        orjson.dumps([each.concept_id, each.product_id]) if each.concept_id or each.product_id else b""
        for each in completions
    )
    return {
        "text": text,
        "text_offsets": text_offsets,
        "targets": targets,
        "target_offsets": target_offsets,
        "weights": np.fromiter((each.weight for each in completions), np.float32, count),
        "kinds": np.fromiter((KINDS.index(each.kind) for each in completions), np.uint8, count),
        "sources": np.fromiter((SOURCES.index(each.source) for each in completions), np.uint8, count),
        "results": np.fromiter((each.result_count for each in completions), np.uint32, count),
        "people": np.fromiter((each.people for each in completions), np.uint32, count),
    }


def _blob(pieces: Iterable[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.uint32]]:
    parts = list(pieces)
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts], dtype=np.int64)])
    return np.frombuffer(b"".join(parts), np.uint8), offsets.astype(np.uint32)


def _hot_starts(norms: Sequence[str], lexical: Ids) -> Mapping[str, Ids]:
    """Every string that more than HOT norms (sorted, as `lexical`) start with; spaces count as characters."""
    return {prefix: best(lexical[low:high], TOP) for prefix, low, high in _crowded(norms)}


def _hot_inner(vocabulary: WordTrie, postings: Ids, offsets: Ids) -> Mapping[str, Ids]:
    """Every beginning of words that together have more than HOT postings."""
    found = {}
    for prefix, low, high in _crowded(vocabulary.words, offsets.astype(np.int64)):
        ids = postings[offsets[low] : offsets[high]]
        # A completion counts once for each of its words in the range: unique after a cut, wider if that left too few.
        width = TOP * 4
        while True:
            distinct = np.unique(best(ids, width))
            if len(distinct) >= TOP or width >= len(ids):
                break
            width *= 4
        if len(distinct) >= TOP:
            found[prefix] = distinct[:TOP]
    return found


def _crowded(texts: Sequence[str], sizes: NDArray[np.int64] | None = None) -> Iterable[tuple[str, int, int]]:
    """Every prefix of sorted texts whose range [low, high) holds more than HOT of them.

    With `sizes` (running totals), a text counts as many times as its postings.
    """
    waiting = [("", 0, len(texts))]
    while waiting:
        prefix, low, high = waiting.pop()
        if (high - low if sizes is None else int(sizes[high] - sizes[low])) <= HOT:
            continue
        yield prefix, low, high
        depth = len(prefix)
        while low < high and len(texts[low]) == depth:
            low += 1
        while low < high:
            longer = texts[low][: depth + 1]
            end = bisect_left(texts, longer + _LAST, low, high)
            waiting.append((longer, low, end))
            low = end
