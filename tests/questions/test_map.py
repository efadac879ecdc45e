"""Maps: coordinates, whose they are, and what they keep."""

import pickle
import re

import numpy as np
import pytest

import gene_analogies as ga
from gene_analogies.questions import layouts
from gene_analogies.questions.popularity import papers_naming
from gene_analogies.search.layout.layout import share_kept
from gene_analogies.search.layout.nearest import nearest_rows
from gene_analogies.search.layout.principal import principal_plane


@pytest.fixture(scope="module")
def human():
    return ga.load()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GENE_ANALOGIES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def space_of(count, seed=0, d=8):
    vectors = np.random.default_rng(seed).normal(size=(count, d)) * np.arange(d, 0, -1)
    return ga.Space(ga.Embedding([f"w{i}" for i in range(count)], vectors), genes=None)


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize(("d", "kind"), [(1, np.float64), (3, np.float64), (60, np.float32)])
def test_principal_components_are_those_of_numpy(d, kind):
    vectors = np.random.default_rng(2).normal(size=(300, d)) / np.arange(1.0, d + 1.0) + 3.0
    mean, axes = principal_plane(vectors.astype(kind))
    centred = vectors - vectors.mean(axis=0)
    true = np.linalg.svd(centred, full_matrices=False)[2][:2].T
    near = 1e-6 if kind is np.float64 else 1e-3
    assert mean == pytest.approx(vectors.mean(axis=0), abs=1e-5)
    assert np.abs(axes[:, : true.shape[1]]) == pytest.approx(np.abs(true), abs=near)
    assert axes.shape == (d, 2)


@pytest.mark.parametrize("kind", ["float32", "float64"])
def test_what_does_not_vary_has_no_axis(kind):
    two = np.random.default_rng(5).normal(size=(2, 7)).astype(kind)
    assert not principal_plane(two)[1][:, 1].any()
    assert principal_plane(two)[1][:, 0].any()
    assert not principal_plane(np.repeat(two[:1], 9, axis=0))[1].any()


def test_a_map_of_principal_components():
    space = space_of(200)
    found = space.map()
    units = unit(space.embedding.vectors)
    centred = units - units.mean(axis=0)
    true = centred @ np.linalg.svd(centred, full_matrices=False)[2][:2].T
    signs = np.sign((true * found.coordinates).sum(axis=0))
    assert found.coordinates == pytest.approx(true * signs, abs=1e-6)
    assert (found.layout.method, found.names) == ("pca", space.names)
    near = np.argsort(-(units @ units.T) + 9 * np.eye(200), axis=1)[:, :10]
    distances = np.linalg.norm(true[:, None] - true, axis=2) + 9 * np.eye(200)
    seen = np.argsort(distances, axis=1)[:, :10]
    kept = np.mean([len({*a} & {*b}) for a, b in zip(near, seen, strict=True)]) / 10
    assert found.layout.kept == pytest.approx(kept)
    assert nearest_rows(units, 10, np.arange(200))[0].tolist() == near.tolist()


def test_the_packaged_map_is_of_the_packaged_embedding(human):
    found = human.map()
    assert found.layout.method == "tsne"
    assert len(found) == len(human)
    some = np.arange(0, len(human), 50)
    kept = share_kept(human.embedding.vectors, found.coordinates, some)
    assert kept == pytest.approx(found.layout.kept, abs=0.05)
    assert kept > 0.5
    some = human.map(["egf", "MET"])
    assert some.names == ("EGF", "MET")
    rows = [human.embedding.rows[name] for name in some.names]
    assert some.coordinates.tolist() == found.coordinates[rows].tolist()
    assert human.map(method="pca").layout.method == "pca"


def test_another_embedding_does_not_get_it(human):
    vectors = human.embedding.vectors.copy()
    vectors[7, 7] += 1e-6
    other = ga.Space(ga.Embedding(human.names, vectors, human.embedding.provenance))
    assert other.map(["EGF"]).layout.method == "pca"


def test_beyond_the_limit_the_best_known_and_those_asked_for(monkeypatch, human):
    monkeypatch.setattr(layouts, "LARGEST", 50)
    monkeypatch.setattr("gene_analogies.questions.map.LARGEST", 50)
    words = space_of(80)
    assert words.map().rows.tolist() == list(range(50))
    found = words.map(["w70", "w3"])
    assert found.layout.rows.tolist() == [*range(50), 70]
    assert found.notes == ("the map has 51 of 80 items: the first 50, and those asked for",)
    genes = ga.Space(human.embedding.select(np.r_[300:230:-1]))
    papers = papers_naming(genes.resolver, np.arange(70))
    rows = genes.map().rows
    left_out = np.delete(np.arange(70), rows)
    assert len(rows) == 50
    assert papers[rows].min() >= papers[left_out].max()
    assert rows.tolist() != list(range(50))


def test_zero_vectors_have_no_place():
    vectors = np.random.default_rng(0).normal(size=(30, 3))
    vectors[4] = 0.0
    space = ga.Space(ga.Embedding([f"w{i}" for i in range(30)], vectors), genes=None)
    found = space.map()
    assert (len(found), found.without_direction) == (29, 1)
    with pytest.raises(ga.GeneAnalogiesError, match="the vector of 'w4' is zero"):
        space.map(["w4"])
    with pytest.raises(ga.GeneAnalogiesError, match="method must be one of"):
        space.map(method="umap")


def test_tsne_is_kept_and_the_same_again(folder, monkeypatch):
    pytest.importorskip("openTSNE")
    space, told = space_of(200), []
    found = space.map(method="tsne", progress=lambda done, total: told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 750), (750, 750))
    assert found.layout.method == "tsne"
    assert found.layout.kept > space.map().layout.kept
    (kept,) = folder.glob("map-*.npz")
    monkeypatch.setattr("gene_analogies.search.layout.tsne.tsne", None)
    again = space_of(200).map(method="tsne")
    assert again.coordinates.tolist() == found.coordinates.tolist()
    assert kept in layouts.stored_maps()


def test_items_beyond_a_layout_lie_among_their_nearest(monkeypatch):
    pytest.importorskip("openTSNE")
    monkeypatch.setattr(layouts, "LARGEST", 60)
    space, asked = space_of(70), [f"w{row}" for row in range(60, 70)]
    found = space.map(asked, method="tsne").layout
    units = unit(np.asarray(space.embedding.vectors, np.float64))
    for row in range(60, 70):
        near = np.argsort(-(units[:60] @ units[row]), kind="stable")[: layouts.NEAREST]
        assert found.coordinates[row].tolist() == np.median(found.coordinates[near], 0).tolist()
    monkeypatch.setattr(layouts, "_AT_ONCE", 3)
    again = space.map(asked, method="tsne").layout
    assert again.coordinates.tolist() == found.coordinates.tolist()


def test_pictures_of_answers(human):
    answer = human.pairs("EGF", "EGFR", k=3)
    picture = answer.picture("map")
    texts = {text.text for text in picture.texts}
    assert {"EGF", "EGFR", "HGF", "MET"} <= texts
    assert len(picture.svg()) <= 150_000
    assert "59.8 %" in picture.description
    place = dict(zip(human.names, human.map().coordinates.tolist(), strict=True))["EGF"]
    dots = [shape.place for shape in picture.shapes if type(shape).__name__ == "Dot"]
    (x0, y0), (scale, _) = picture.origin, picture.scale
    assert any(np.allclose(dot, (x0 + scale * place[0], y0 + scale * place[1])) for dot in dots)
    for other in (human.similar("TP53"), human.complete("EGF", "EGFR", "HGF")):
        assert re.search(r"\d+ % of the ten nearest", other.picture("map").description)
    copy = pickle.loads(pickle.dumps(answer))  # noqa: S301
    with pytest.raises(ga.GeneAnalogiesError, match="it is a copy"):
        copy.picture("map")
    found = pickle.loads(pickle.dumps(human.map(["EGF"])))  # noqa: S301
    assert found.items[0].symbol == "EGF"
    assert found.picture().title == "map: EGF"
