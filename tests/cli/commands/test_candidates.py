"""``pairs --candidates``: a file of pairs to rank among all."""

import json

import numpy as np
import pytest
from command_line import small_space

import gene_analogies as ga
from gene_analogies.cli.inputs import Inputs
from gene_analogies.cli.repl.session import ReplSession


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pairs.csv", "ligand,receptor\nHGF,MET\nMET,HGF\nINS,NTRK1\n"),
        ("pairs.txt", "# mine\nHGF : MET\nMET : HGF\nINS : NTRK1\n"),
        ("answer.csv", "c,d,similarity\nHGF,MET,1\nMET,HGF,1\nINS,NTRK1,1\n"),
    ],
)
def test_candidates(small, invoke, tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text)
    code, out, err = invoke("pairs", "EGF", "EGFR", "--candidates", file, "--json")
    assert code == 0
    assert ("taken for a header" in err) == (name == "pairs.csv")
    answer = json.loads(out)
    found = [(pair["c"], pair["d"], pair["rank_of_all"]) for pair in answer["pairs"]]
    assert found == [("HGF", "MET", 1), ("INS", "NTRK1", 8), ("MET", "HGF", 40)]
    assert answer["all_pairs"] == 42
    code, out, _ = invoke("pairs", "EGF", "EGFR", "--candidates", file, "-k", 1)
    assert "rank of all: the place among all 42 pairs" in out
    assert "HGF" in out
    assert "NTRK1" not in out


def test_in_the_shell(small, tmp_path, capsys):
    file = tmp_path / "pairs.txt"
    file.write_text("HGF MET\n")
    ReplSession(small_space(), Inputs(None, ())).take(f"EGF EGFR --candidates {file}")
    assert "rank of all" in capsys.readouterr().out


def test_no_pair_is_left(small, invoke, tmp_path):
    file = tmp_path / "pairs.txt"
    file.write_text("EGF MET\nHGF NOSUCH\n")
    code, out, err = invoke("pairs", "EGF", "EGFR", "--candidates", file)
    assert (code, out) == (2, "")
    assert "no candidate pair is left" in err
    assert "'NOSUCH' is unknown" in err
    code, _, err = invoke("pairs", "EGF", "EGFR", "--candidates", tmp_path / "absent")
    assert code == 2
    assert "absent" in err


def test_two_embeddings(invoke, tmp_path):
    files = []
    rng = np.random.default_rng(0)
    for name in ("one", "two"):
        space = small_space()
        noise = 0.1 * rng.normal(size=space.embedding.vectors.shape)
        embedding = ga.Embedding(space.names, space.embedding.vectors + noise)
        files.append(tmp_path / f"{name}.npz")
        ga.save(embedding, files[-1])
    options = [word for file in files for word in ("-e", file)]
    code, out, err = invoke("pairs", "EGF", "EGFR", *options, "-k", 4, "--json")
    assert code == 0, err
    answer = json.loads(out)
    expected = ga.agree(ga.load(files[0]), ga.load(files[1]), "EGF", "EGFR", k=4)
    assert answer["agreeing"] == expected.agreeing
    assert [(row["c"], row["d"], row["rank_2"]) for row in answer["pairs"]] == [
        (row.c, row.d, row.rank_2) for row in expected
    ]
    code, _, err = invoke("pairs", "EGF", "EGFR", *options, "-e", files[0])
    assert (code, "compares two embeddings, not 3" in err) == (2, True)
    (tmp_path / "pairs.txt").write_text("HGF MET\n")
    code, _, err = invoke("pairs", "EGF", "EGFR", *options, "--candidates", tmp_path / "pairs.txt")
    assert (code, "--candidates is for one embedding" in err) == (2, True)
