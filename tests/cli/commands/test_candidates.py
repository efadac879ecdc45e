"""``pairs --candidates``: a file of pairs to rank among all."""

import json

import pytest

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
    from command_line import small_space

    from gene_analogies.cli.inputs import Inputs

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
