"""The command that repeats an answer stands in its files."""

import json
import shlex

import pytest
from command_line import small_space

from gene_analogies.cli.command_text import having_command
from gene_analogies.cli.commands.similar import similar
from gene_analogies.cli.inputs import Inputs
from gene_analogies.cli.repl.session import ReplSession


@pytest.mark.parametrize(
    "words",
    [
        "pairs EGF EGFR",
        "pairs EGF:EGFR HGF:MET -k 3 --max-similarity 0.9 --include-query",
        "similar EGF EGFR --how min -e human --center",
        "complete --positive EGF --positive MET --negative HGF",
        "pairs HLA:A EGFR",
    ],
)
def test_the_command_repeats_the_answer(small, invoke, words):
    code, out, err = invoke(*shlex.split(words), "--json")
    assert code == 0, err
    command = json.loads(out)["origin"]["command"]
    assert command == f"gene-analogies {words}"
    assert invoke(*shlex.split(command)[1:], "--json")[1] == out


def test_output_is_no_part_of_it(small, invoke, tmp_path):
    file = tmp_path / "out.json"
    assert invoke("pairs", "-o", file, "EGF", "EGFR", "--yes", "-k", 1)[0] == 0
    first = file.read_bytes()
    assert json.loads(first)["origin"]["command"] == "gene-analogies pairs EGF EGFR -k 1"
    assert invoke("pairs", "EGF", "EGFR", "-k", 1, "-o", file)[0] == 0
    assert file.read_bytes() == first


def test_names_like_options_stand_behind_a_dash():
    context = similar.make_context("similar", ["-k", "2", "--", "a b", "-x"])
    found = having_command(small_space().similar("EGF"), context)
    assert found.origin.command == "gene-analogies similar -k 2 -- 'a b' -x"


def test_header(small, invoke, tmp_path):
    file = tmp_path / "out.csv"
    assert invoke("pairs", "EGF", "EGFR", "-o", file, "--header")[0] == 0
    lines = file.read_text().splitlines()
    assert lines[0].startswith("# embedding: ")
    assert lines[2] == "# repeat: gene-analogies pairs EGF EGFR"
    assert lines[3].startswith("c,d,similarity")
    # Pairs are read from it as from one without.
    code, out, err = invoke("pairs", "EGF", "EGFR", "--candidates", file, "--format", "tsv")
    assert code == 0, err
    assert len(out.splitlines()) == 1 + len(lines) - 4
    assert invoke("pairs", "EGF", "EGFR", "--format", "tsv", "--header")[1].startswith("# emb")
    code, _, err = invoke("pairs", "EGF", "EGFR", "--header")
    assert (code, "--header is for csv, tsv, spreadsheet, not for table" in err) == (2, True)


def test_a_line_of_the_shell_is_a_whole_command(tmp_path, capsys):
    session = ReplSession(small_space(), Inputs(None, ()), embedding=["-e", "x.npz", "--center"])
    session.take("EGF EGFR -k 1 --json")
    about = json.loads(capsys.readouterr().out)["origin"]
    assert about["command"] == "gene-analogies pairs EGF EGFR -k 1 -e x.npz --center"
    session.take("known EGF EGFR --json")
    about = json.loads(capsys.readouterr().out)["origin"]
    assert about["command"] == "gene-analogies known EGF EGFR"
    assert about["embeddings"] == []
    session.take(f"EGF EGFR --header -o {tmp_path / 'a.csv'}")
    assert (tmp_path / "a.csv").read_text().startswith("# embedding")
