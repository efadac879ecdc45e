"""The command that says what an embedding knows, on a planted relation and on none."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.quality.knowledge import main
from benchmarks.quality.orthologs import one_to_one, ortholog_ranks
from benchmarks.quality.relation_figures import Rows
from click.testing import CliRunner
from relations import planted_relation

import gene_analogies as ga


@pytest.fixture
def planted(tmp_path):
    """Return a file of vectors, one of pairs, and an empty folder."""
    vectors, pairs = planted_relation(count=80, others=200)
    names = np.array([f"item{row}x" for row in range(len(vectors))])
    np.savez(tmp_path / "planted.npz", embeddings=vectors, genes=names)
    lines = [f"{names[a]}\t{names[b]}\n" for a, b in pairs]
    (tmp_path / "mine.tsv").write_text("".join(lines), encoding="utf-8")
    (tmp_path / "data").mkdir()
    return tmp_path


def run(folder, *more):
    return CliRunner().invoke(
        main,
        ["-e", str(folder / "planted.npz"), "--data", str(folder / "data"),
         "--pairs", str(folder / "mine.tsv"), *more],
    )  # fmt: skip


def cells_of(output, label, table):
    """Return the cells of a line of a table, by the table's heads."""
    blocks = [block.splitlines() for block in output.strip().split("\n\n")]
    head, _, *lines = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in blocks[table]
    )
    (line,) = (line for line in lines if line[0] == label)
    return dict(zip(head, line, strict=True))


@pytest.mark.parametrize("more", [(), ("--pair-weight", "0.25"), ("--queries", "5")])
def test_a_planted_relation_beside_permuted_axes(planted, more):
    done = run(planted, "--half", "tuning", *more)
    assert done.exit_code == 0, done.output
    found = cells_of(done.stdout, "planted.npz", 0)
    assert found["relation"] == "mine"
    assert found["pairs"] == "40"
    assert float(found["pairing"].split()[0]) > 0.99
    assert float(found["direction"]) > 0.8
    assert float(found["known, from one pair"].split()[0]) > 50
    control = cells_of(done.stdout, "planted.npz, axes permuted", 0)
    assert 0.4 < float(control["pairing"].split()[0]) < 0.6
    assert float(control["known, from one pair"].split()[0]) < 10
    found = cells_of(done.stdout, "planted.npz", 1)
    assert (found["asked"], found["groups"]) == ("40", "40")
    assert float(found["LRCos"].split()[0]) > 95
    assert "from PyPI package liana" in done.stderr


def test_the_halves_are_not_the_same(planted):
    lines = {half: run(planted, "--half", half, "--no-control").stdout for half in
             ("tuning", "held-out", "all")}  # fmt: skip
    assert len({*lines.values()}) == 3
    assert cells_of(lines["all"], "planted.npz", 0)["pairs"] == "80"


def test_an_unknown_relation_is_a_usage_error(planted):
    done = run(planted, "--relation", "kinases")
    assert done.exit_code == 2
    assert "--relation must be one of gene questions, mine, not 'kinases'" in done.stderr


def test_what_cannot_be_read_is_a_usage_error(planted):
    (planted / "mine.tsv").write_text("item1x\n", encoding="utf-8")
    done = run(planted)
    assert done.exit_code == 2
    assert "line 1: expected two names, found ['item1x']" in " ".join(done.stderr.split())
    done = CliRunner().invoke(main, ["-e", str(planted / "absent.npz")])
    assert done.exit_code == 2
    assert "absent.npz" in done.stderr


@pytest.mark.parametrize("weight", ["-1", "nan", "5000"])
def test_a_weight_that_pairs_refuses_is_a_usage_error(planted, weight):
    """Else no query would have an answer, and every share would be 0."""
    done = run(planted, "--pair-weight", weight)
    assert done.exit_code == 2
    assert "pair_weight must lie in 0..1000, not" in done.stderr


def test_a_relation_of_few_pairs_is_named(planted):
    (planted / "mine.tsv").write_text("item0x\titem1x\n", encoding="utf-8")
    done = run(planted, "--half", "all", "--no-control")
    assert done.exit_code == 0, done.output
    assert "planted.npz: left out, with fewer than 25 pairs in it: gene questions, mine" in (
        done.stderr
    )


def test_a_few_genes_of_ensembl_are_found_by_their_symbols():
    names = ["ENSG00000146648", "ENSG00000138798", "ENSG00000105976"]
    vectors = np.eye(3, dtype=np.float32)
    rows = Rows(ga.Space(ga.Embedding(names, vectors)))
    pairs = [("EGF", "EGFR"), ("HGF", "MET"), ("EGF", "EGFR"), ("MET", "EGFR"), ("MET", "MET")]
    assert rows.of(pairs).tolist() == [[1, 0], [2, 0]]


def test_one_to_one_orthologs():
    pairs = dict(one_to_one())
    assert len(pairs) == len({*pairs.values()}) > 16_000
    assert pairs["TP53"] == "Trp53"


def test_orthologs_are_found_by_a_turn():
    """One embedding is the other turned; the wider one holds the same numbers."""
    rng = np.random.default_rng(0)
    human = rng.normal(size=(120, 6))
    turn = np.linalg.qr(rng.normal(size=(8, 8)))[0]
    mouse = np.pad(human, ((0, 0), (0, 2))) @ turn
    spaces = [
        ga.Space(ga.Embedding([f"{kind}{row}x" for row in range(120)], vectors), genes=None)
        for kind, vectors in (("h", human), ("m", mouse))
    ]
    pairs = [(f"h{row}x", f"m{row}x") for row in range(100)]
    ranks, learnt_from = ortholog_ranks(*spaces, [*pairs, ("absent", "m3x")])
    assert (len(ranks), learnt_from) == (50, 50)
    np.testing.assert_array_equal(ranks, 1.0)
