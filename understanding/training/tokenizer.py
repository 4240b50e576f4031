"""Tokens of a shop's own words."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

# Icecat: 24,000 rank alike in the fusion and cost twice the file and the steps.
VOCABULARY = 12_000
# The most frequent characters get tokens of their own; enough for several alphabets and everyday Chinese.
MOST_CHARACTERS = 3_000
UNKNOWN = "[UNK]"
_INSIDE = "##"


def train_tokenizer(texts: Sequence[str]) -> Any:
    """A WordPiece tokenizer of the `tokenizers` library, folding as BERT folds; the same for the same texts."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    folded = [normalizer.normalize_str(text) for text in texts]
    counts: Counter[str] = Counter()
    for text in folded:
        counts.update(text)
    ranked = sorted(counts, key=lambda character: (-counts[character], character))
    characters = [character for character in ranked if not character.isspace()][:MOST_CHARACTERS]
    others = {ord(character): " " for character in set(ranked).difference(characters)}
    # The trainer numbers characters inside words in the order of a hash map, and breaks ties by these numbers; named
    # beforehand, they have the same ones every time.
    named = [UNKNOWN, *characters, *(_INSIDE + character for character in characters)]
    learned = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    learned.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, min_frequency=2, special_tokens=named, show_progress=False
    )
    learned.train_from_iterator((text.translate(others) for text in folded), trainer)
    # A new tokenizer of the same vocabulary, in which no character is special.
    tokenizer = Tokenizer(models.WordPiece(vocab=learned.get_vocab(), unk_token=UNKNOWN))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer
