import json
import re

import anndata
import numpy as np
import pytest

from gene_analogies import Embedding, GeneAnalogiesError, Space
from gene_analogies.formats.registry import write_embedding
from gene_analogies.search.learned import modules

SMALL = ("--count", 4, "--seeds", 2)


@pytest.fixture(autouse=True)
def quick(monkeypatch, own_cache):
    monkeypatch.setattr(modules, "_BATCHES", 20)


@pytest.fixture
def file(tmp_path):
    """An embedding file with the ending of modules."""
    path = tmp_path / "mine.h5ad"
    vectors = [[1.0, 0, 0], [0, 1, 0], [1, 0, 1], [0, 1, 1]]
    write_embedding(Embedding(["EGF", "EGFR", "HGF", "MET"], vectors), path)
    return path


def test_all_modules(small, invoke):
    code, out, err = invoke("modules", *SMALL)
    assert (code, err) == (0, "")
    assert out.startswith("4 modules of 9 items\n")
    assert re.search(r"^module +size +stability +members", out, re.MULTILINE)


def test_members_of_one(small, invoke):
    code, out, _ = invoke("modules", *SMALL, "--module", 2, "-k", 1, "--format", "json")
    content = json.loads(out)
    assert (code, content["module"], len(content["members"])) == (0, 2, 1)


def test_modules_of_a_gene(small, invoke):
    code, out, _ = invoke("modules", "egf", *SMALL, "--sparsity", 0.05)
    assert code == 0
    assert out.startswith("modules of EGF\nepidermal growth factor\n")
    assert "note: egf → EGF" in out


def test_every_option_reaches_the_search(small, invoke, monkeypatch):
    seen = {}

    def found(count, **options):
        seen.update(options, count=count)
        raise GeneAnalogiesError("seen")

    monkeypatch.setattr(small, "modules", found)
    code, out, err = invoke(
        "modules", "--count", 7, "--sparsity", 0.3, "--seed", 5, "--seeds", 4, "-k", 3
    )
    assert (code, out, err) == (2, "", "Error: seen\n")
    progress = seen.pop("progress")
    assert callable(progress)
    assert seen == {"count": 7, "sparsity": 0.3, "seed": 5, "seeds": 4, "k": 3}


def test_saved_too(small, invoke, tmp_path):
    path = tmp_path / "modules.h5ad"
    code, out, _ = invoke("modules", *SMALL, "--save", path)
    assert code == 0
    assert out.startswith("4 modules")
    adata = anndata.read_h5ad(path)
    assert adata.obsm["X_modules"].shape == (9, 4)
    assert adata.obs_names[0] == "EGF"
    assert invoke("modules", *SMALL, "--save", path)[0] == 0
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["modules.h5ad"]


def test_the_embedding_is_not_written_over(invoke, file):
    before = file.read_bytes()
    arguments = ["modules", "-e", file, "--count", 2, "--seeds", 2, "--save"]
    code, out, err = invoke(*arguments, file)
    assert (code, out, err) == (2, "", f"Error: {file} is read, too: write elsewhere\n")
    assert file.read_bytes() == before
    assert invoke(*arguments, file.with_name("other.h5ad"))[0] == 0


def test_neither_is_it_by_a_line_in_the_shell(invoke, file):
    before = file.read_bytes()
    line = f"modules --count 2 --seeds 2 --save {file}\n"
    code, _, err = invoke("shell", "-e", file, stdin=line)
    assert code == 2
    assert "mine.h5ad is read, too" in err
    assert file.read_bytes() == before


@pytest.mark.parametrize("option", ["--names", "--log"])
def test_nor_is_what_else_the_shell_reads_and_writes(invoke, file, tmp_path, option):
    other = tmp_path / "other.h5ad"
    line = f"modules --count 2 --seeds 2 --save {other}\n"
    source = file
    if option == "--names":
        source = tmp_path / "vectors.npy"
        np.save(source, np.eye(4))
    if option != "--log":
        other.write_text("EGF\nEGFR\nHGF\nMET\n")
    code, _, err = invoke("shell", "-e", source, option, other, stdin=line)
    assert code == 2
    assert f"{other} is {'the log' if option == '--log' else 'read'}, too" in err
    assert "\x00" not in other.read_text()


def test_the_shell_finds_modules_once(invoke, file, monkeypatch):
    calls = []
    original = modules.find_modules

    def counted(*args, **options):
        calls.append(options)
        return original(*args, **options)

    monkeypatch.setattr(modules, "find_modules", counted)
    monkeypatch.setattr(Space, "_modules_key", lambda *_: "")  # and nothing on disk
    lines = "modules EGF --count 2 --seeds 2\nmodules MET --count 2 --seeds 2\n"
    code, out, _ = invoke("shell", "-e", file, stdin=lines)
    assert (code, len(calls)) == (0, 1)
    assert out.index("modules of EGF") < out.index("modules of MET")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["EGFRR", *SMALL], "no item is named 'EGFRR'"),
        (["EGF", "--module", 2], "give an item or --module, not both 'EGF' and 2"),
        (["--module", 0], r"--module must be a number in 1\.\.50, not 0"),
        (["--module", 51], r"--module must be a number in 1\.\.50, not 51"),
        (["--count", 10], "count must be at most 9, the number of items"),
        (["--count", 0], "count must be a whole number of at least 1, not 0"),
        (["--sparsity", 2], "sparsity must lie above 0 and below 1, not 2.0"),
        ([*SMALL, "-k", 0], "k must be a whole number"),
        ([*SMALL, "--save", "a.npz"], r"modules are stored .* as \.h5ad; 'a.npz' ends otherwise"),
        ([*SMALL, "--save", "no-such-folder/a.h5ad"], "there is no folder .*no-such-folder"),
        (
            [*SMALL, "--save", "a.h5ad", "-o", "a.h5ad", "--format", "csv"],
            "a.h5ad cannot hold both",
        ),
    ],
)
def test_errors_are_one_line(small, invoke, arguments, message):
    code, out, err = invoke("modules", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert re.match(f"Error: .*{message}", err)


def test_what_cannot_be_saved_is_told_before_the_search(small, invoke, monkeypatch):
    monkeypatch.delattr(modules, "find_modules")
    for name in ("a.npz", "no-such-folder/a.h5ad"):
        assert invoke("modules", *SMALL, "--save", name)[0] == 2


def test_two_names_are_wrong_usage(small, invoke):
    code, out, err = invoke("modules", "EGF", "MET")
    assert (code, out) == (2, "")
    assert "Got unexpected extra argument" in err
