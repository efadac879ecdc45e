"""The command that says how often the tests of relations err."""

from __future__ import annotations

import numpy as np
from benchmarks.quality.relation_calibration import main, relabelled, share_small
from click.testing import CliRunner
from relations import planted_relation


def test_relabelled_pairs_share_items_as_before():
    pairs = np.array([[0, 1], [0, 2], [3, 1], [5, 0]])
    found = relabelled(pairs, 1_000, np.random.default_rng(0))
    assert not {*found.ravel().tolist()} & {*pairs.ravel().tolist()}
    flat, made = pairs.ravel(), found.ravel()
    np.testing.assert_array_equal(flat[:, None] == flat, made[:, None] == made)
    assert len(np.unique(made)) == 5


def test_shares():
    assert share_small([(0.01, 0.5), (0.05, 0.04)]) == ["50.0 %", "50.0 %"]


def test_verdicts_on_an_embedding_of_ones_own(tmp_path):
    vectors, _ = planted_relation(count=20, others=500)
    names = [f"item{row}x" for row in range(len(vectors))]
    np.savez(tmp_path / "planted.npz", embeddings=vectors, genes=np.array(names))
    (tmp_path / "data").mkdir()
    done = CliRunner().invoke(
        main,
        ["-e", str(tmp_path / "planted.npz"), "--data", str(tmp_path / "data"), "--lists", "2"],
    )
    assert done.exit_code == 0, done.output
    table = {}
    for line in done.output.splitlines():
        if line.startswith("| planted.npz"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            table[cells[1]] = cells
    random = table["random pairs"]
    assert random[2] == "270"
    assert 0.4 < float(random[5]) < 0.6
    assert random[10] == "no relation"
    assert table["gene questions"][10] == "too few pairs"


def test_an_unknown_embedding_is_one_line(tmp_path):
    done = CliRunner().invoke(main, ["-e", str(tmp_path / "none.npz"), "--data", str(tmp_path)])
    assert done.exit_code == 2
    assert "Error: " in done.output
    assert "Traceback" not in done.output
