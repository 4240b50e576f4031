"""Training a static encoder on a shop's own pairs, optionally towards a teacher.

Two towers that share one table: a softmax over the products of a batch and hard negatives, at several lengths of the
vector (Matryoshka), so that 64 of 256 dimensions rank nearly as well. The towers read bags of tokens, as
sentence-transformers' `StaticEmbedding` does; the loop is PyTorch's alone, because every text is cut into tokens once,
not once a step.

References:
    Henderson et al.: Efficient Natural Language Response Suggestion for Smart Reply, 2017 (in-batch negatives).
    Kusupati et al.: Matryoshka Representation Learning, NeurIPS 2022.
"""

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from data.errors import ConfigError, InputError
from data.product import Product
from understanding.encoders.cooccurrence import positive_mutual_information
from understanding.encoders.onnx import OnnxEncoder
from understanding.encoders.product_text import whole_text
from understanding.encoders.static import KIND
from understanding.encoders.svd import truncated_svd
from understanding.training.bags import Bags, cut_bags
from understanding.training.export import export_encoder
from understanding.training.pairs import TrainingPair, corpus, logged_pairs, title_pairs
from understanding.training.tokenizer import UNKNOWN, train_tokenizer

DIMENSION = 256
LENGTHS = (256, 128, 64)
LEAST_PAIRS = 200
BATCH = 512
# On Icecat every title is seen four times; 600 steps learn them by heart (judged only .870, fused, against .883).
STEPS = 150
# With a log or a teacher there is more to learn.
TAUGHT_STEPS = 300
# Small shops: at most so many times over every pair.
EPOCHS = 40
LEARNING_RATE = 0.005
WARM_UP = 20
LAST_RATE = 0.1  # of the learning rate, reached in a straight line
# Cosines are spread by this before the softmax, as sentence-transformers does; 12 loses .002 on Icecat.
SCALE = 20.0
# Four of five titles are cut to a few of their tokens, as a query would say them. Whole titles are recognised by their
# model numbers, and teach nothing: alone .532 (judged only .811) on Icecat, against .605 (.835) with cuts.
WHOLE_TITLES = 0.2
LONGEST_CUT = 5
# Logged pairs are fewer than titles and say more of what shoppers mean. In the laboratory, vectors alone: without a log
# .587, weight 2 .658, 5 .664, 10 .663.
LOGGED_WEIGHT = 5
# Mean length of a token's vector at the start: a step of the optimiser is a twentieth of it.
START = 1.5
# Of the smooth inverse frequency, as in the co-occurrence encoder.
SMOOTHING = 1e-3
# Of the teacher's loss beside the pairs': 4 loses .006 fused on Icecat (judged only .010), 12 reaches .784 (.887).
TEACHER_WEIGHT = 12.0
# Texts that a teacher reads at most, about 200 a second. Vectors alone on Icecat, judged only: none .835, 6,000 texts
# .842, all .857.
MOST_TAUGHT = 20_000


@dataclass(frozen=True, slots=True)
class Lesson:
    """Texts with the teacher's vectors of them, cut to `DIMENSION`."""

    texts: Bags
    vectors: NDArray[np.float32]


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
    except ImportError as error:
        raise ConfigError("training encoders needs PyTorch; install intentrie[train]") from error
    titles = list(title_pairs(products, locales))
    logged = logged_pairs(mined, products) if mined is not None else []
    if len(titles) + len(logged) < LEAST_PAIRS:
        raise InputError(f"expected at least {LEAST_PAIRS} pairs to learn from, got {len(titles) + len(logged)}")
    wholes = [whole_text(product, locales) for product in products]
    tokenizer = train_tokenizer([*wholes, *(pair.anchor for pair in logged)])
    lesson = None if teacher is None else learn_lesson(teacher, list(corpus(products, locales)), tokenizer, seed)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # sums in another order would be another model
    try:
        table, losses = _fit(torch, tokenizer, products, wholes, [*titles, *logged * LOGGED_WEIGHT], lesson, seed)
    finally:
        torch.set_num_threads(threads)
    return {
        **_write(out, table, tokenizer, locales),
        "texts": len(titles),
        "logged": len(logged),
        "teacher": teacher,
        "taught": 0 if lesson is None else len(lesson.vectors),
        "first_loss": round(losses[0], 4),
        "last_loss": round(float(np.mean(losses[-10:])), 4),
    }


def learn_lesson(teacher: str, texts: Sequence[str], tokenizer: Any, seed: int) -> Lesson:
    """What the teacher makes of the shop's texts: in whole numbers, which is three times as fast as the original."""
    generator = np.random.default_rng(seed)
    chosen = [texts[at] for at in sorted(generator.permutation(len(texts))[:MOST_TAUGHT].tolist())]
    with tempfile.TemporaryDirectory() as scratch:
        export_encoder(teacher, Path(scratch))
        vectors = OnnxEncoder.load(Path(scratch)).encode_documents(chosen)
    vectors -= vectors.mean(axis=0)
    _, _, axes = np.linalg.svd(vectors, full_matrices=False)
    taught = vectors @ axes[:DIMENSION].T
    # A teacher of fewer dimensions leaves the last ones to the pairs.
    taught = np.pad(taught, ((0, 0), (0, DIMENSION - taught.shape[1])))
    return Lesson(cut_bags(tokenizer, chosen), taught.astype(np.float32))


def _fit(
    torch: Any,
    tokenizer: Any,
    products: Sequence[Product],
    texts: Sequence[str],
    pairs: Sequence[TrainingPair],
    lesson: Lesson | None,
    seed: int,
) -> tuple[NDArray[np.float32], list[float]]:
    generator = np.random.default_rng(seed)
    anchors = cut_bags(tokenizer, [pair.anchor for pair in pairs])
    wholes = cut_bags(tokenizer, texts)
    rows = np.array([pair.product for pair in pairs])
    unwanted = np.array([pair.unwanted for pair in pairs])
    cut = np.array([pair.title for pair in pairs])
    groups = np.unique([product.group_id for product in products], return_inverse=True)[1]
    table = torch.from_numpy(start(wholes, tokenizer.get_vocab_size())).requires_grad_(True)
    optimiser = torch.optim.Adam([table], lr=LEARNING_RATE)
    only_titles = lesson is None and bool(cut.all())
    steps = max(1, min(STEPS if only_titles else TAUGHT_STEPS, EPOCHS * len(pairs) // BATCH))
    losses = []
    for step in range(steps):
        rate = LEARNING_RATE * min(1.0, (step + 1) / WARM_UP) * (1 - (1 - LAST_RATE) * step / steps)
        optimiser.param_groups[0]["lr"] = rate
        chosen = generator.integers(len(pairs), size=BATCH)
        cuts = cut[chosen] & (generator.random(BATCH) >= WHOLE_TITLES)
        asked = anchors.spans(chosen, cuts, LONGEST_CUT, generator)
        loss = _pair_loss(torch, table, asked, wholes, rows[chosen], unwanted[chosen], groups)
        if lesson is not None:
            loss = loss + TEACHER_WEIGHT * _teacher_loss(torch, table, lesson, generator)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return table.detach().numpy(), losses


def start(wholes: Bags, vocabulary: int) -> NDArray[np.float32]:
    """Where the training begins: the co-occurrence encoder's vectors of these tokens.

    From random directions two seeds are .01 of nDCG apart; from here .003, in half the steps.

    Returns:
        Shape (vocabulary, DIMENSION), mean length `START`.
    """
    incidence = wholes.incidence(vocabulary)
    values, directions = truncated_svd(positive_mutual_information(incidence).T.tocsr(), DIMENSION)
    table = directions * np.sqrt(values)
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    table = np.divide(table, lengths, out=np.zeros_like(table), where=lengths > 0)
    share = np.asarray(incidence.sum(axis=0)).ravel()
    table *= (SMOOTHING / (SMOOTHING + share / max(1.0, share.sum())))[:, None]
    table *= START / max(1e-9, float(np.linalg.norm(table, axis=1).mean()))
    return np.pad(table, ((0, 0), (0, DIMENSION - table.shape[1]))).astype(np.float32)


def _vectors(torch: Any, table: Any, bags: Bags) -> Any:
    """Sums of token vectors; what they are divided by is lost in the cosine."""
    tokens, offsets = torch.from_numpy(bags.tokens), torch.from_numpy(bags.offsets[:-1])
    return torch.nn.functional.embedding_bag(tokens, table, offsets, mode="sum")


def _pair_loss(
    torch: Any,
    table: Any,
    asked: Bags,
    wholes: Bags,
    rows: NDArray[np.int64],
    unwanted: NDArray[np.int64],
    groups: NDArray[np.int64],
) -> Any:
    """In-batch softmax at every length; what is of the anchor's own group is no negative of it."""
    hard = np.flatnonzero((unwanted >= 0) & (groups[unwanted] != groups[rows]))
    anchors = _vectors(torch, table, asked)
    others = _vectors(torch, table, wholes.take(np.concatenate((rows, unwanted[hard]))))
    same = groups[rows][:, None] == groups[rows][None, :]
    np.fill_diagonal(same, False)
    # A hard negative is one for its own anchor; for others it may be right.
    foreign = np.arange(len(rows))[:, None] != hard[None, :]
    hidden = torch.from_numpy(np.hstack((same, foreign)))
    target = torch.arange(len(rows))
    loss = 0.0
    for length in LENGTHS:
        one = torch.nn.functional.normalize(anchors[:, :length], dim=1)
        other = torch.nn.functional.normalize(others[:, :length], dim=1)
        logits = (one @ other.T * SCALE).masked_fill(hidden, float("-inf"))
        loss = loss + torch.nn.functional.cross_entropy(logits, target)
    return loss / len(LENGTHS)


def _teacher_loss(torch: Any, table: Any, lesson: Lesson, generator: np.random.Generator) -> Any:
    """One less the cosine with the teacher's vector."""
    chosen = generator.integers(len(lesson.vectors), size=BATCH)
    mine = _vectors(torch, table, lesson.texts.take(chosen))
    return (1 - torch.nn.functional.cosine_similarity(mine, torch.from_numpy(lesson.vectors[chosen]))).mean()


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
