"""Modules as the library is asked for them: answers, the cache folder, files."""

from __future__ import annotations

import json
import logging
import pickle
import re
import sys

import anndata
import numpy as np
import pandas as pd
import pytest
from planted import planted_modules

import gene_analogies as ga
from gene_analogies.search.learned import modules

ATOMS = 4


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(modules, "_BATCHES", 20)
    return tmp_path / "cache"


@pytest.fixture
def searches(monkeypatch):
    """Count the searches."""
    done = []
    original = modules.find_modules

    def pluralise(*args, **options):
        done.append(options)
        return original(*args, **options)

    monkeypatch.setattr(modules, "find_modules", pluralise)
    return done


@pytest.fixture(scope="module")
def embedding():
    vectors, *_ = planted_modules(ATOMS, items=120, dimension=10)
    vectors = np.vstack([vectors, np.zeros((1, 10))]).astype(np.float32)
    names = ga.load().embedding.names[:121]
    assert names[0] == "TP53"
    return ga.Embedding(names, vectors, {"source": "planted"})


@pytest.fixture(scope="module")
def found(embedding):
    """The modules that the tests below ask about; found once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(modules, "_BATCHES", 20)
        return ga.Space(embedding, keep_index=False).modules(ATOMS, seeds=2, k=3)


def ask(embedding, **options):
    return ga.Space(embedding).modules(**{"count": ATOMS, "seeds": 2, **options})


def same(first, second):
    arrays = ("weights", "atoms", "stability")
    return first.explained == second.explained and all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in arrays
    )


def test_every_module_with_its_main_members(found):
    assert len(found) == ATOMS
    for place, one in enumerate(found):
        weights = found.weights[:, place]
        order = np.lexsort((np.arange(len(weights)), -weights))[:3]
        assert one.module == place + 1
        assert one.size == np.count_nonzero(weights)
        assert one.members == tuple(found.space.embedding.names[row] for row in order)
        assert one.stability == found.stability[place]


def test_members_of_a_module(found):
    answer = found.members(2, k=5)
    weights = found.weights[:, 1]
    assert answer.module == 2
    assert answer.size == np.count_nonzero(weights)
    assert list(answer.rows) == list(np.lexsort((np.arange(len(weights)), -weights))[:5])
    np.testing.assert_array_equal(answer.weights, np.sort(weights)[::-1][:5])
    assert len(found.members(2)) == 3
    assert len(found.members(2, k=10_000)) == answer.size


def test_modules_of_an_item(found):
    answer = found.of("p53")
    weights = found.weights[0]
    assert answer.item.name == "TP53"
    assert answer.notes[0] == "p53 → TP53"
    assert 0 < len(answer) == np.count_nonzero(weights)
    np.testing.assert_array_equal(answer.weights, np.sort(weights)[::-1][: len(answer)])
    for number, weight, members in zip(answer.modules, answer.weights, answer.members, strict=True):
        assert weights[number - 1] == weight
        assert tuple(item.name for item in members) == list(found)[number - 1].members


def test_an_item_in_no_module(found):
    name = found.space.embedding.names[120]
    answer = found.of(name)
    assert len(answer) == 0
    assert found.notes == ("1 item with a zero vector is in no module",)
    assert f"modules of {name}" in str(answer)


def test_reports(found):
    text = str(found)
    assert text.startswith("4 modules of 121 items\n")
    assert "explain" in text
    frame = found.to_frame()
    assert list(frame.columns) == ["module", "size", "stability", "members"]
    assert list(frame.module) == [1, 2, 3, 4]
    from gene_analogies.report.registry import render

    content = json.loads(render(found.of("TNF"), "json"))
    assert content["item"]["symbol"] == "TNF"
    assert content["modules"][0]["weight"] == pytest.approx(float(found.of("TNF").weights[0]))
    content = json.loads(render(found, "json"))
    assert (content["seed"], content["seeds"], content["sparsity"]) == (0, 2, 0.1)
    assert content["in_no_module"] == np.count_nonzero(~found.weights.any(axis=1))
    rows = render(found.members(1), "csv").splitlines()
    assert rows[0].startswith("item,weight")
    assert len(rows) == 1 + 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"count": 0}, "count must be a whole number of at least 1, not 0"),
        ({"count": 121}, "count must be at most 120, the number of items with a vector"),
        ({"sparsity": 0}, "sparsity must lie above 0 and below 1, not 0"),
        ({"sparsity": 1.0}, "sparsity must lie above 0 and below 1, not 1.0"),
        ({"sparsity": "x"}, "sparsity must lie above 0 and below 1, not 'x'"),
        ({"seed": -1}, "seed must be a whole number of at least 0, not -1"),
        ({"seed": 2**32 - 1}, "seed and seeds must stay below"),
        ({"seeds": 1}, "seeds must be a whole number of at least 2, not 1"),
        ({"k": 0}, "k must be a whole number of at least 1, not 0"),
    ],
)
def test_arguments_without_meaning(embedding, searches, options, message):
    with pytest.raises(ga.GeneAnalogiesError, match=re.escape(message)):
        ask(embedding, **options)
    assert not searches


def test_questions_without_meaning(found):
    with pytest.raises(ga.GeneAnalogiesError, match=r"module must be a number in 1\.\.4, not 5"):
        found.members(5)
    with pytest.raises(ga.GeneAnalogiesError, match="module must be a whole number"):
        found.members(0)
    with pytest.raises(ga.UnknownNameError, match="nothing-like-it"):
        found.of("nothing-like-it")


def test_found_once_in_a_space(embedding, searches, folder):
    space = ga.Space(embedding, keep_index=False)
    first = space.modules(ATOMS, seeds=2)
    assert same(first, space.modules(ATOMS, seeds=2, k=5))
    assert len(searches) == 1
    space.modules(ATOMS, seeds=2, sparsity=0.2)
    assert len(searches) == 2
    assert not folder.exists()
    assert not first.weights.flags.writeable


def test_found_once_on_disk(embedding, searches, folder):
    first = ask(embedding)
    assert [path.name[:8] for path in folder.iterdir()] == ["modules-"]
    assert same(first, ask(embedding, k=7))
    assert len(searches) == 1
    for other in ({"seed": 1}, {"seeds": 3}, {"sparsity": 0.3}, {"count": 3}):
        ask(embedding, **other)
    moved = embedding.vectors.copy()
    moved[0, 0] += 1
    ask(ga.Embedding(embedding.names, moved))
    assert len(searches) == 6
    assert len(list(folder.iterdir())) == 6


@pytest.mark.parametrize("damage", ["cut", "bit", "empty"])
def test_a_damaged_file_is_replaced(embedding, searches, folder, damage, caplog):
    first = ask(embedding)
    (path,) = folder.iterdir()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes({"cut": content[:-50], "bit": content, "empty": b""}[damage])
    with caplog.at_level(logging.WARNING):
        assert same(first, ask(embedding))
    assert len(searches) == 2
    assert "damaged" in caplog.text
    assert same(first, ask(embedding))
    assert len(searches) == 2


def test_a_folder_that_cannot_be_written(embedding, folder, caplog):
    folder.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        ask(embedding)
    assert "could not be kept" in caplog.text


def test_a_space_with_modules_can_be_pickled(embedding, searches):
    space = ga.Space(embedding, keep_index=False)
    first = space.modules(ATOMS, seeds=2)
    assert same(first, pickle.loads(pickle.dumps(space)).modules(ATOMS, seeds=2))  # noqa: S301
    assert len(searches) == 1


def test_without_scikit_learn(embedding, monkeypatch):
    for name in [one for one in sys.modules if one.split(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(ga.MissingExtraError, match=r"pip install 'gene-analogies\[learn\]'"):
        ask(embedding)


def test_saved_and_read_again(found, embedding, tmp_path):
    path = tmp_path / "modules.h5ad"
    found.save(path)
    adata = anndata.read_h5ad(path)
    np.testing.assert_array_equal(adata.obsm["X_modules"], found.weights)
    np.testing.assert_array_equal(adata.uns["modules"]["atoms"], found.atoms)
    np.testing.assert_array_equal(adata.uns["modules"]["stability"], found.stability)
    assert {name: adata.uns["modules"][name] for name in ("seed", "seeds", "sparsity")} == {
        "seed": 0,
        "seeds": 2,
        "sparsity": 0.1,
    }
    assert adata.obs.full_name["TP53"] == "tumor protein p53"
    again = ga.load(path).embedding
    assert again.names == embedding.names
    np.testing.assert_array_equal(again.vectors, embedding.vectors)
    weights = ga.load(path, key="X_modules").embedding
    np.testing.assert_array_equal(weights.vectors, found.weights)


def test_saved_whole_or_not_at_all(found, tmp_path, monkeypatch):
    path = tmp_path / "modules.h5ad"
    path.write_text("old")

    def fail(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(anndata.AnnData, "write_h5ad", fail)
    with pytest.raises(ga.GeneAnalogiesError, match="could not be written"):
        found.save(path)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("modules.h5ad", "old")]
    with pytest.raises(ga.GeneAnalogiesError, match=r"as \.h5ad; '.*modules\.npz' ends otherwise"):
        found.save(tmp_path / "modules.npz")


@pytest.mark.parametrize("axis", ["obs", "var"])
def test_stored_where_the_genes_are(found, axis):
    genes = pd.DataFrame(index=["TNF", "unknown", "TP53"])
    others = pd.DataFrame(index=["cell 1", "cell 2"])
    adata = anndata.AnnData(
        shape=(3, 2) if axis == "obs" else (2, 3),
        obs=genes if axis == "obs" else others,
        var=others if axis == "obs" else genes,
    )
    assert found.to_anndata(adata) is adata
    kept = adata.obsm["X_modules"] if axis == "obs" else adata.varm["modules"]
    np.testing.assert_array_equal(kept[[0, 2]], found.weights[[1, 0]])
    assert not kept[1].any()
    assert adata.uns["modules"]["seeds"] == 2


def test_stored_nowhere(found):
    adata = anndata.AnnData(obs=pd.DataFrame(index=["a"]), var=pd.DataFrame(index=["b"]))
    with pytest.raises(ga.GeneAnalogiesError, match=r"neither obs nor var .* such as 'TP53'"):
        found.to_anndata(adata)
