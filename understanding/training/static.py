"""Training a static encoder on a shop's own pairs, optionally towards a teacher.

Two towers that share one table: sentence-transformers' `StaticEmbedding`, an in-batch softmax over positives and hard
negatives at several lengths of the vector (Matryoshka), so that 64 of 256 dimensions rank nearly as well.

References:
    Henderson et al.: Efficient Natural Language Response Suggestion for Smart Reply, 2017 (in-batch negatives).
    Kusupati et al.: Matryoshka Representation Learning, NeurIPS 2022.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from data.errors import ConfigError, InputError
from data.product import Product
from understanding.encoders.static import KIND
from understanding.training.export import load_teacher
from understanding.training.pairs import TrainingPair, corpus, logged_pairs, text_pairs

DIMENSION = 256
LENGTHS = (256, 128, 64)
VOCABULARY = 12_000
UNKNOWN = "[UNK]"
LEAST_PAIRS = 200
BATCH = 512
EPOCHS = 8
MOST_STEPS = 900  # about half a minute of one core
LEARNING_RATE = 0.01
# Cosines are spread by this before the softmax, as sentence-transformers does.
SCALE = 20.0
# Logged pairs are fewer than texts and say more of what shoppers mean.
LOGGED_WEIGHT = 2
# Share of the teacher's loss beside the pairs'.
TEACHER_WEIGHT = 4.0
# A teacher reads so many texts at most: MiniLM does 90 a second.
MOST_TAUGHT = 6_000


def train_static(
    products: Sequence[Product],
    locales: Sequence[str],
    out: Path,
    mined: Path | None = None,
    teacher: str | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Train and write an encoder; the same input and seed give the same encoder on one machine.

    Args:
        products: The catalogue.
        locales: The shop's.
        out: Folder for the model.
        mined: Folder of `intentrie mine`, for queries with the products that were wanted.
        teacher: A sentence-transformers model whose neighbourhoods are copied.
        seed: Of the start and the order.

    Returns:
        `encoder_id`, `dimension`, how many pairs of which kind, first and last loss.

    Raises:
        InputError: The shop says too little.
        ConfigError: The libraries or the teacher are missing.
    """
    try:
        import torch
        from sentence_transformers.models import StaticEmbedding
    except ImportError as error:
        raise ConfigError("training encoders needs sentence-transformers; install intentrie[train]") from error
    texts = list(text_pairs(products, locales))
    logged = logged_pairs(mined, products, locales) if mined is not None else []
    if len(texts) + len(logged) < LEAST_PAIRS:
        raise InputError(f"expected at least {LEAST_PAIRS} pairs to learn from, got {len(texts) + len(logged)}")
    said = list(corpus(products, locales))
    tokenizer = train_tokenizer([*said, *(pair.anchor for pair in logged)])
    torch.manual_seed(seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in another order would be another model
    try:
        module = StaticEmbedding(tokenizer, embedding_dim=DIMENSION)
        losses = _fit(torch, module, [*texts, *logged * LOGGED_WEIGHT], _lesson(teacher, said, seed), seed)
        table = module.embedding.weight.detach().numpy()
    finally:
        torch.set_num_threads(threads)
    about = _write(out, table, tokenizer, locales)
    return {
        **about,
        "texts": len(texts),
        "logged": len(logged),
        "teacher": teacher,
        "first_loss": round(losses[0], 4),
        "last_loss": round(float(np.mean(losses[-10:])), 4),
    }


def train_tokenizer(texts: Sequence[str]) -> Any:
    """A WordPiece tokenizer of a shop's own words, folded as BERT folds."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=VOCABULARY, min_frequency=2, special_tokens=[UNKNOWN], show_progress=False
    )
    # One thread: the trainer breaks ties by the order in which its threads finish.
    before = os.environ.get("RAYON_NUM_THREADS")
    os.environ["RAYON_NUM_THREADS"] = "1"
    try:
        tokenizer.train_from_iterator(texts, trainer)
    finally:
        if before is None:
            del os.environ["RAYON_NUM_THREADS"]
        else:
            os.environ["RAYON_NUM_THREADS"] = before
    return tokenizer


def _lesson(teacher: str | None, texts: Sequence[str], seed: int) -> tuple[list[str], NDArray[np.float32]] | None:
    """Texts with the teacher's vectors, cut to `DIMENSION` by their principal components."""
    if teacher is None:
        return None
    generator = np.random.default_rng(seed)
    chosen = [texts[at] for at in sorted(generator.permutation(len(texts))[:MOST_TAUGHT].tolist())]
    vectors = np.asarray(load_teacher(teacher).encode(chosen, batch_size=64, show_progress_bar=False), np.float32)
    vectors -= vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(vectors, full_matrices=False)
    return chosen, vectors @ axes[:DIMENSION].T


def _fit(
    torch: Any,
    module: Any,
    pairs: Sequence[TrainingPair],
    lesson: tuple[list[str], NDArray[np.float32]] | None,
    seed: int,
) -> list[float]:
    generator = np.random.default_rng(seed)
    optimiser = torch.optim.Adam(module.parameters(), lr=LEARNING_RATE)
    steps = min(MOST_STEPS, EPOCHS * max(1, len(pairs) // BATCH))
    groups = np.unique([pair.group for pair in pairs], return_inverse=True)[1]
    order = np.concatenate([generator.permutation(len(pairs)) for _ in range(-(-steps * BATCH // len(pairs)))])
    losses = []
    for step in range(steps):
        chosen = order[step * BATCH : (step + 1) * BATCH]
        batch = [pairs[at] for at in chosen.tolist()]
        loss = _pair_loss(torch, module, batch, groups[chosen])
        if lesson is not None:
            loss = loss + TEACHER_WEIGHT * _teacher_loss(torch, module, lesson, generator)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses


def _vectors(torch: Any, module: Any, texts: Sequence[str]) -> Any:
    ids = [encoding.ids for encoding in module.tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    offsets = np.cumsum([0, *(len(each) for each in ids[:-1])])
    flat = torch.tensor([number for each in ids for number in each], dtype=torch.long)
    return module.embedding(flat, torch.from_numpy(offsets))


def _pair_loss(torch: Any, module: Any, batch: Sequence[TrainingPair], groups: NDArray[np.int64]) -> Any:
    """In-batch softmax at every length; what is of the anchor's own group is no negative of it."""
    hard = [(pair.negative, row) for row, pair in enumerate(batch) if pair.negative]
    anchors = _vectors(torch, module, [pair.anchor for pair in batch])
    others = _vectors(torch, module, [*(pair.positive for pair in batch), *(text for text, _ in hard)])
    same = torch.from_numpy(groups[:, None] == groups[None, :])
    same.fill_diagonal_(False)
    # A hard negative is one for its own anchor; for others it may be right.
    own = torch.ones((len(batch), len(hard)), dtype=torch.bool)
    for column, (_, row) in enumerate(hard):
        own[row, column] = False
    hidden = torch.cat((same, own), dim=1)
    target = torch.arange(len(batch))
    loss = 0.0
    for length in LENGTHS:
        one = torch.nn.functional.normalize(anchors[:, :length], dim=1)
        other = torch.nn.functional.normalize(others[:, :length], dim=1)
        logits = (one @ other.T * SCALE).masked_fill(hidden, float("-inf"))
        loss = loss + torch.nn.functional.cross_entropy(logits, target)
    return loss / len(LENGTHS)


def _teacher_loss(
    torch: Any, module: Any, lesson: tuple[list[str], NDArray[np.float32]], generator: np.random.Generator
) -> Any:
    """One less the cosine with the teacher's vector."""
    texts, vectors = lesson
    chosen = generator.integers(len(texts), size=BATCH)
    mine = _vectors(torch, module, [texts[at] for at in chosen.tolist()])
    return (1 - torch.nn.functional.cosine_similarity(mine, torch.from_numpy(vectors[chosen]))).mean()


def _write(out: Path, table: NDArray[np.float32], tokenizer: Any, locales: Sequence[str]) -> dict[str, Any]:
    out.mkdir(parents=True, exist_ok=True)
    half = table.astype(np.float16)
    half[tokenizer.token_to_id(UNKNOWN)] = 0  # what is unknown says nothing
    np.save(out / "tokens.npy", half)
    tokenizer.save(str(out / "tokenizer.json"))
    # The locales too: they say which texts stand for a product.
    made_of = half.tobytes() + (out / "tokenizer.json").read_bytes() + ",".join(locales).encode()
    digest = hashlib.sha256(made_of).hexdigest()[:12]
    about = {
        "kind": KIND,
        "encoder_id": f"static/{table.shape[1]}/{digest}",
        "dimension": int(table.shape[1]),
        "locales": list(locales),
    }
    (out / "encoder.json").write_bytes(orjson.dumps(about, option=orjson.OPT_INDENT_2))
    return about
