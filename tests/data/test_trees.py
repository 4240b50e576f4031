"""Trees on the serve path give what the package that trained them gives, and are refused when they are not the same."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data.errors import ReleaseDamaged
from data.trees import BoostedTrees


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In a process of its own: the package loads what warns."""
    folder = tmp_path_factory.mktemp("trees")
    script = """
import lightgbm, numpy, sys
random = numpy.random.default_rng(7)
rows = random.random((400, 5), dtype=numpy.float32)
labels = (rows[:, 0] + rows[:, 1] > 1).astype(int)
data = lightgbm.Dataset(rows, labels, group=[20] * 20)
model = lightgbm.train({"objective": "lambdarank", "num_threads": 1, "verbosity": -1}, data, 20)
folder = sys.argv[1]
model.save_model(folder + "/trees.txt")
numpy.save(folder + "/rows.npy", rows)
numpy.save(folder + "/scores.npy", model.predict(rows, raw_score=True))
numpy.save(folder + "/contributions.npy", model.predict(rows, pred_contrib=True))
"""
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True, timeout=120)
    return folder


def load(folder: Path) -> BoostedTrees:
    path = folder / "trees.txt"
    return BoostedTrees.load(path, hashlib.sha256(path.read_bytes()).hexdigest())


def test_scores_and_contributions_are_the_packages(trained: Path) -> None:
    trees = load(trained)
    rows = np.load(trained / "rows.npy")
    np.testing.assert_array_equal(trees.scores(rows), np.load(trained / "scores.npy"))
    contributions = trees.contributions(rows[:50])
    np.testing.assert_array_equal(contributions, np.load(trained / "contributions.npy")[:50])
    np.testing.assert_allclose(contributions.sum(axis=1), trees.scores(rows[:50]))
    assert trees.scores(rows[:0]).shape == (0,)


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
