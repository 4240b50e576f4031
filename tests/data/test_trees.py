"""Trees on the serve path give what the package that trained them gives, and are refused when they are not the same."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data.errors import ReleaseDamaged
from data.tree_arrays import NODE, read_trees
from data.trees import BoostedTrees, compiled_scorer
from tests.conftest import missing

# Name, parameters, whether rows have gaps, whether the compiled scorer can say the trees.
MODELS = [
    ("plain", {}, False, True),
    ("stumps", {"num_leaves": 2, "min_gain_to_split": 0.5}, False, True),
    ("widest", {"num_leaves": 32, "min_data_in_leaf": 2}, False, True),
    ("gaps", {}, True, True),
    ("zeros", {"zero_as_missing": True}, True, False),
    ("categories", {"categorical_feature": "4"}, False, False),
    ("linear", {"linear_tree": True, "objective": "regression"}, False, False),
    ("large", {"num_leaves": 60, "min_data_in_leaf": 2}, False, False),
]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In a process of its own: the package loads what warns."""
    folder = tmp_path_factory.mktemp("trees")
    script = f"""
import lightgbm, numpy, os, sys
random = numpy.random.default_rng(7)
for name, parameters, gaps, _ in {MODELS!r}:
    rows = random.normal(size=(1400, 5)).astype(numpy.float32)
    rows[:, 3] = numpy.round(rows[:, 3])
    rows[:, 4] = random.integers(0, 6, 1400)
    if gaps:
        rows[random.random(rows.shape) < .2] = numpy.nan
        rows[random.random(rows.shape) < .2] = 0
    labels = (numpy.nan_to_num(rows[:, 0]) + numpy.nan_to_num(rows[:, 1]) * rows[:, 4] > 1).astype(int)
    base = {{"objective": "lambdarank", "num_threads": 1, "verbosity": -1, "num_leaves": 15}}
    data = lightgbm.Dataset(rows, labels, group=[20] * 70, params={{"linear_tree": "linear_tree" in parameters}})
    model = lightgbm.train({{**base, **parameters}}, data, 30)
    folder = os.path.join(sys.argv[1], name)
    os.mkdir(folder)
    model.save_model(folder + "/trees.txt")
    lines = [line[10:].split() for line in open(folder + "/trees.txt") if line.startswith("threshold=")]
    thresholds = [float(each) for line in lines for each in line] or [0.0]
    edges = numpy.resize(numpy.array(thresholds, numpy.float32), (200, 5))
    rows = numpy.concatenate([rows, edges, numpy.nextafter(edges, numpy.float32(9)), -edges])
    numpy.save(folder + "/rows.npy", rows)
    numpy.save(folder + "/scores.npy", model.predict(rows, raw_score=True))
    if name != "linear":  # which LightGBM does not explain
        numpy.save(folder + "/contributions.npy", model.predict(rows[:50], pred_contrib=True))
"""
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True, timeout=120)
    return folder


@pytest.fixture
def trained(every: Path) -> Path:
    return every / "plain"


def load(folder: Path) -> BoostedTrees:
    path = folder / "trees.txt"
    return BoostedTrees.load(path, hashlib.sha256(path.read_bytes()).hexdigest())


@pytest.mark.parametrize(("name", "plain"), [(name, plain) for name, _, _, plain in MODELS])
def test_scores_and_contributions_are_the_packages(every: Path, name: str, plain: bool) -> None:
    trees = load(every / name)
    rows = np.load(every / name / "rows.npy")
    expected = np.load(every / name / "scores.npy")
    np.testing.assert_array_equal(trees.scores(rows), expected)
    for size in (1, 31, 32, 33):
        np.testing.assert_array_equal(trees.scores(rows[:size]), expected[:size])
    assert (read_trees((every / name / "trees.txt").read_text()) is not None) == plain
    if name != "linear":
        contributions = trees.contributions(rows[:50])
        np.testing.assert_array_equal(contributions, np.load(every / name / "contributions.npy"))
    assert trees.scores(rows[:0]).shape == (0,)


def test_the_compiled_scorer_is_the_packages(every: Path) -> None:
    """Without it the scores above would be LightGBM's own."""
    for name, _, gaps, plain in MODELS:
        if plain and not gaps:
            text = (every / name / "trees.txt").read_text()
            scorer = compiled_scorer(text, 5)
            if scorer is None:
                missing("the scorer of trees is not compiled; run: make setup")
            rows, expected = np.load(every / name / "rows.npy"), np.load(every / name / "scores.npy")
            found = np.empty(len(rows))
            assert scorer is not None
            assert scorer.scores(rows, found)
            np.testing.assert_array_equal(found, expected)
            assert not scorer.scores(np.full((1, 5), np.nan, np.float32), np.empty(1))


@pytest.mark.parametrize(
    ("nodes", "values", "trees"),
    [
        ([(0.0, 5, 0xFFFFFFFE)], [0.0, 1.0], [(1, 2)]),  # no such feature
        ([(0.0, -1, 0xFFFFFFFE)], [0.0, 1.0], [(1, 2)]),
        ([(0.0, 0, 0)], [0.0, 1.0], [(1, 2)]),  # no leaf is left
        ([(0.0, 0, 0xFFFFFFFE)], [0.0], [(1, 2)]),  # fewer leaves than are told of
        ([], [0.0, 1.0], [(1, 2)]),
        ([], [], [(-1, 0)]),
        ([], [0.0] * 33, [(32, 33)]),
    ],
)
def test_arrays_that_lead_elsewhere_are_refused(
    nodes: list[tuple[float, int, int]], values: list[float], trees: list[tuple[int, int]]
) -> None:
    native = pytest.importorskip("data._trees", reason="the scorer of trees is not compiled; run: make setup")
    with pytest.raises(ValueError, match="1 to 32 leaves"):
        native.Trees(np.array(nodes, NODE), np.array(values), np.array(trees, np.int32), 5)


def test_rows_of_another_width_are_refused(trained: Path) -> None:
    with pytest.raises(ValueError, match="rows of 5 features"):
        load(trained).scores(np.zeros((2, 4), np.float32))


@pytest.mark.parametrize("keep", [0, 100, 2000])
def test_a_file_cut_short_is_refused_by_name(trained: Path, tmp_path: Path, keep: int) -> None:
    raw = (trained / "trees.txt").read_bytes()
    (tmp_path / "trees.txt").write_bytes(raw[:keep])
    with pytest.raises(ReleaseDamaged, match=r"trees\.txt: expected the trees with SHA-256"):
        BoostedTrees.load(tmp_path / "trees.txt", hashlib.sha256(raw).hexdigest())
    with pytest.raises(ReleaseDamaged, match="No such file"):
        BoostedTrees.load(tmp_path / "none.txt", "")


def test_serving_imports_no_package_of_trees(trained: Path) -> None:
    script = "import sys; from data.trees import BoostedTrees; assert not {'lightgbm', 'pandas'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
