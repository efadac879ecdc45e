"""AnnData files and objects: which matrix, whose names, and what broken files say."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import warnings
import zlib
from importlib.util import find_spec
from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from examples_anndata import GENES, VECTORS
from fuzz import bounded_memory

from gene_analogies.embedding import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import h5ad
from gene_analogies.formats.source import Source

CELLS = [f"AAACATACAACCA{row}-1" for row in range(6)]
WORDS = ["king", "queen", "man", "woman"]
OTHER = VECTORS[:, ::-1] + 1


def _obs(names=GENES, **columns):
    return pd.DataFrame(columns, index=list(names))


def _of_genes(names=GENES, **parts):
    return anndata.AnnData(obs=_obs(names), **parts)


def _cells(x=None, **parts):
    """Cells × genes, as they come from a sequencer."""
    counts = scipy.sparse.csr_matrix(np.arange(24, dtype=np.float32).reshape(6, 4) % 3)
    return anndata.AnnData(counts if x is None else x, _obs(CELLS), _obs(GENES), **parts)


def _save(adata, folder, **options):
    path = folder / "it.h5ad"
    adata.write_h5ad(path, **options)
    return path


def _read(path, key=None, **options):
    return h5ad.read(Source(path), ReadOptions(key=key, **options))


@pytest.fixture(params=["file", "memory"])
def read(request, tmp_path):
    """Read an AnnData object, through a file or as it is."""

    def read(adata, key=None, **options):
        if request.param == "file":
            return _read(_save(adata, tmp_path), key, **options)
        return h5ad.contents_of_anndata(adata, ReadOptions(key=key, **options))

    return read


def _check(contents, vectors=VECTORS, names=GENES, dtype=np.float32):
    assert list(contents.names) == list(names)
    assert all(type(name) is str for name in contents.names)
    assert contents.vectors.dtype == dtype
    assert contents.vectors.flags.c_contiguous
    assert not contents.vectors.flags.writeable
    np.testing.assert_array_equal(contents.vectors, vectors)


@pytest.mark.parametrize("compression", [None, "gzip", "lzf"])
@pytest.mark.parametrize("key", ["X", "obsm/emb", "emb", "varm/genes", "genes"])
def test_keys(key, compression, tmp_path):
    path = _save(
        anndata.AnnData(
            VECTORS, _obs(), _obs("abc"), obsm={"emb": OTHER}, varm={"genes": VECTORS.T.copy()}
        ),
        tmp_path,
        compression=compression,
    )
    found = _read(path, key)
    if "genes" in key:
        _check(found, VECTORS.T, "abc")
    else:
        _check(found, VECTORS if key == "X" else OTHER)
    assert found.details == {"key": {"emb": "obsm/emb", "genes": "varm/genes"}.get(key, key)}


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (np.float16, np.float32),
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.int8, np.float32),
        (np.int64, np.float32),
        (np.uint16, np.float32),
        (np.dtype(">f4"), np.float32),
        (np.dtype(">f8"), np.float64),
    ],
)
def test_types_of_numbers(given, taken, read):
    vectors = (8 * VECTORS).astype(given)
    _check(read(_of_genes(obsm={"emb": vectors}, shape=(4, 0)), "emb"), 8 * VECTORS, dtype=taken)


@pytest.mark.parametrize("sparse", ["csr_matrix", "csc_matrix", "csr_array", "csc_array"])
def test_one_sparse_matrix_needs_no_key(sparse, read):
    adata = _of_genes(X=getattr(scipy.sparse, sparse)(VECTORS))
    _check(read(adata, "X"))
    _check(read(adata))
    _check(read(_of_genes([f"word {row}" for row in range(4)], X=adata.X)), names=[
        f"word {row}" for row in range(4)])  # fmt: skip


def test_sparse_matrices_of_which_one_must_be_chosen(read):
    sparse = scipy.sparse.csr_matrix(VECTORS)
    with pytest.raises(GeneAnalogiesError, match=r"found X \(4 × 3, sparse\), obsm/a .*, where"):
        read(_of_genes(X=sparse, obsm={"a": sparse}))
    with pytest.raises(GeneAnalogiesError, match=r"found X \(4 × 3, sparse\), where"):
        read(_of_genes(X=sparse.astype(np.int32)))
    with pytest.raises(GeneAnalogiesError, match="found expression: obs has cells"):
        read(anndata.AnnData(sparse.T.tocsr(), _obs(["cell-1", "cell-2", "cell-3"]), _obs(GENES)))


def test_sparse_of_float64_and_of_counts(read):
    _check(read(_of_genes(X=scipy.sparse.csr_matrix(VECTORS.astype(np.float64))), "X"),
           dtype=np.float64)  # fmt: skip
    _check(read(_of_genes(X=scipy.sparse.csc_matrix((8 * VECTORS).astype(np.int32))), "X"),
           8 * VECTORS)  # fmt: skip


def test_table_keeps_the_order_of_its_columns(read):
    table = pd.DataFrame(VECTORS, GENES, ["b", "c", "a"]).assign(d=[1, 2, 3, 4])
    found = read(_of_genes(shape=(4, 0), obsm={"table": table}))
    _check(found, table.to_numpy(), dtype=found.vectors.dtype)


def test_table_with_texts_is_no_matrix(read):
    table = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "kind": list("xyxy")}, GENES)
    with pytest.raises(GeneAnalogiesError, match=r"obsm/table: expected a matrix of numbers"):
        read(_of_genes(shape=(4, 0), obsm={"table": table}), "table")


def test_values_not_finite_are_kept(read):
    vectors = VECTORS.copy()
    vectors[1, 1], vectors[2, 0] = np.nan, np.inf
    _check(read(_of_genes(X=vectors)), vectors)


def test_names(read):
    twice = ["EGF", "EGF", "β-catenin", "a b"]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Observation names are not unique")
        _check(read(_of_genes(twice, X=VECTORS)), names=twice)


def test_names_beside_columns_of_every_kind(read):
    obs = _obs(
        kind=pd.Categorical(["x", "y", "x", "y"]),
        text=list("abcd"),
        count=[1, 2, 3, 4],
        maybe=pd.array([True, None, False, True]),
    )
    obs.index.name = "gene_symbol"
    _check(read(anndata.AnnData(VECTORS, obs)))


def test_index_of_nullable_texts(tmp_path):
    path = _save(_of_genes(X=VECTORS), tmp_path)
    with h5py.File(path, "a") as file:
        del file["obs"]
        with anndata.settings.override(allow_write_nullable_strings=True):
            anndata.io.write_elem(file, "obs", pd.DataFrame(index=pd.array(GENES, "string")))
        assert isinstance(file["obs/_index"], h5py.Group)
    _check(_read(path))


def test_names_of_another_file(tmp_path, read):
    names = tmp_path / "names.txt"
    names.write_text("\n".join(WORDS))
    _check(read(_of_genes(X=VECTORS), names=names), names=WORDS)
    names.write_text("\n".join(WORDS[:3]))
    with pytest.raises(GeneAnalogiesError, match=r"X: expected a name for each of 4 rows, found 3"):
        read(_of_genes(X=VECTORS), names=names)


def test_raw_layers_and_graphs_are_left_alone(read):
    adata = _of_genes(X=VECTORS, layers={"counts": OTHER}, obsp={"near": np.eye(4)})
    adata.raw = anndata.AnnData(OTHER, _obs())
    _check(read(adata))


@pytest.mark.parametrize(
    "names", [GENES, WORDS, ["ENSMUSG00000017167.4", *CELLS[:3]], list("0123")]
)
@pytest.mark.parametrize("parts", [{"X": VECTORS}, {"obsm": {"emb": VECTORS}, "shape": (4, 0)}])
def test_the_only_matrix_is_evident(names, parts, read):
    _check(read(_of_genes(names, **parts)), names=names)


@pytest.mark.parametrize("x", [np.eye(6, 4, dtype=np.float32), np.eye(6, 4, dtype=np.int32), None])
def test_vectors_of_genes_beside_expression_are_evident(x, read):
    found = read(_cells(x, varm={"emb": VECTORS}))
    _check(found)
    assert found.details["key"] == "varm/emb"


def test_vectors_beside_expression_of_genes_in_rows_are_evident(read):
    adata = _of_genes(X=np.ones((4, 6), np.int32), obsm={"emb": VECTORS})
    assert read(adata).details["key"] == "obsm/emb"


@pytest.mark.parametrize("prefix", ["mm10___", "GRCh38_"])
def test_expression_of_genes_with_their_genome_is_no_embedding(prefix, read):
    adata = _cells(np.ones((6, 4), np.float32))
    adata.var_names = [f"{prefix}{name}" for name in GENES]
    with pytest.raises(
        GeneAnalogiesError, match="expected an embedding of genes, found expression"
    ):
        read(adata)


def test_cells_are_not_taken_for_genes(read):
    cells = np.ones((6, 2), np.float32)
    adata = _cells(obsm={"X_pca": cells, "X_umap": cells}, varm={"PCs": VECTORS})
    with pytest.raises(
        GeneAnalogiesError,
        match=r"several matrices may be meant: found X \(6 × 4, sparse\), obsm/X_pca"
        r" \(6 × 2\), obsm/X_umap \(6 × 2\), varm/PCs \(4 × 3\), where obs has rows such as"
        r" 'AAACATACAACCA0-1', var has genes such as 'EGF'; choose with key, such as varm/PCs"
        r" \(--key varm/PCs\)$",
    ):
        read(adata)
    with pytest.raises(GeneAnalogiesError, match=r"found expression: obs has cells.*obsm/X_pca"):
        read(_cells(obsm={"X_pca": cells}))
    with pytest.raises(GeneAnalogiesError, match=r"found expression.*among X \(6 × 4\)$"):
        read(_cells(np.ones((6, 4), np.float32)))


def test_two_matrices_of_genes_are_not_evident(read):
    with pytest.raises(GeneAnalogiesError, match=r"found X \(4 × 3\), obsm/emb \(4 × 3\)"):
        read(_of_genes(X=VECTORS, obsm={"emb": OTHER}))


@pytest.mark.parametrize("key", ["nothing", "obsm/X", "layers/emb", "obsm", "", "../X"])
def test_unknown_key_lists_those_there_are(key, read):
    with pytest.raises(
        GeneAnalogiesError, match=r"key must be one of X \(4 × 3\), obsm/emb \(4 × 3\), not"
    ):
        read(_of_genes(X=VECTORS, obsm={"emb": OTHER}), key)


def test_key_of_obsm_and_varm(read):
    adata = anndata.AnnData(VECTORS, obsm={"emb": OTHER}, varm={"emb": np.ones((3, 2))})
    with pytest.raises(GeneAnalogiesError, match=r"one of obsm/emb \(4 × 3\), varm/emb \(3 × 2\)"):
        read(adata, "emb")


def test_no_matrix(read):
    with pytest.raises(GeneAnalogiesError, match="expected vectors in X, obsm or varm, found noth"):
        read(_of_genes(shape=(4, 0)))


def test_memory_is_copied_and_views_are_read():
    vectors = VECTORS.copy()
    adata = _of_genes(X=vectors)
    found = h5ad.contents_of_anndata(adata[["MET", "EGF"]], ReadOptions())
    _check(found, VECTORS[[3, 0]], ["MET", "EGF"])
    found = h5ad.contents_of_anndata(adata, ReadOptions())
    adata.X[:] = 0
    _check(found)
    with pytest.raises(GeneAnalogiesError, match=r"^the AnnData object: key must be one of X"):
        h5ad.contents_of_anndata(adata, ReadOptions(key="emb"))


@pytest.mark.parametrize("kind", [np.asarray, scipy.sparse.csr_matrix])
def test_backed_object(kind, tmp_path):
    adata = anndata.read_h5ad(_save(_of_genes(X=kind(VECTORS)), tmp_path), backed="r")
    try:
        _check(h5ad.contents_of_anndata(adata, ReadOptions(key="X")))
    finally:
        adata.file.close()


# Files of AnnData before 0.7, such as the one that comes with scanpy.


def _old():
    # Not imported: that takes seconds.
    return Path(find_spec("scanpy").origin).parent / "datasets" / "10x_pbmc68k_reduced.h5ad"


@pytest.mark.parametrize(
    ("key", "shape", "first"),
    [("X", (700, 765), "AAAGCCTGGCTAAC-1"), ("X_umap", (700, 2), None), ("PCs", (765, 50), "HES4")],
)
def test_old_layout(key, shape, first):
    found = _read(_old(), key)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what AnnData says of the old layout
        adata = anndata.read_h5ad(_old())
    part = {"X": adata.X, "X_umap": adata.obsm["X_umap"], "PCs": adata.varm["PCs"]}[key]
    np.testing.assert_array_equal(found.vectors, part)
    assert found.vectors.shape == shape
    assert first in (None, found.names[0])
    assert list(found.names) == list(adata.var_names if key == "PCs" else adata.obs_names)


def test_old_layout_needs_a_key():
    with pytest.raises(FormatError, match=r"obsm/X_umap \(700 × 2\), varm/PCs .*--key varm/PCs\)$"):
        _read(_old())


# What is written.


@pytest.fixture
def embedding():
    return Embedding(GENES, VECTORS, {"source": "a file", "steps": [{"deep": [1, None]}]})


def test_written(embedding, tmp_path):
    path = tmp_path / "out.h5ad"
    h5ad.write(embedding, path, {"symbol": GENES, "what": ["x", "", "β", "x"]})
    adata = anndata.read_h5ad(path)
    assert list(adata.obs_names) == GENES
    assert list(adata.obs["what"]) == ["x", "", "β", "x"]
    assert list(adata.obs.columns) == ["symbol", "what"]
    assert adata.X.dtype == np.float32
    np.testing.assert_array_equal(adata.X, VECTORS)
    assert json.loads(adata.uns["gene_analogies"]) == embedding.provenance
    found = _read(path)
    _check(found)
    assert found.details == {"key": "X", "provenance": embedding.provenance}


def test_written_is_read_without_a_key_whatever_is_added(embedding, read, tmp_path):
    h5ad.write(embedding, tmp_path / "out.h5ad", {})
    adata = anndata.read_h5ad(tmp_path / "out.h5ad")
    adata.obsm["X_umap"] = OTHER
    _check(read(adata))
    with pytest.raises(GeneAnalogiesError, match="found expression"):
        read(anndata.AnnData(adata.X.T.copy(), adata.var, adata.obs, uns=adata.uns))


def test_written_float64(tmp_path):
    embedding = Embedding(GENES, VECTORS.astype(np.float64) / 3)
    h5ad.write(embedding, tmp_path / "out.h5ad", {})
    _check(_read(tmp_path / "out.h5ad"), embedding.vectors, dtype=np.float64)


def test_written_alike_every_time(embedding, tmp_path):
    for name in ("1.h5ad", "2.h5ad"):
        h5ad.write(embedding, tmp_path / name, {"symbol": GENES})
    assert (tmp_path / "1.h5ad").read_bytes() == (tmp_path / "2.h5ad").read_bytes()


@pytest.mark.parametrize(
    ("names", "annotations", "message"),
    [
        (WORDS, {"_index": WORDS}, "'_index'"),
        (WORDS, {"a/b": WORDS}, "'a/b': it holds a /"),
        (WORDS, {"what": ["a"]}, "must hold 4 texts"),
    ],
)
def test_what_cannot_be_written(names, annotations, message, tmp_path):
    with pytest.raises(GeneAnalogiesError, match=message):
        h5ad.write(Embedding(names, VECTORS), tmp_path / "out.h5ad", annotations)


@pytest.mark.slow
def test_scanpy_takes_what_is_written(tmp_path):
    vectors = np.random.default_rng(0).standard_normal((60, 8)).astype(np.float32)
    h5ad.write(Embedding([f"G{i}" for i in range(60)], vectors), tmp_path / "out.h5ad", {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what scanpy says while it is imported
        import scanpy
    adata = anndata.read_h5ad(tmp_path / "out.h5ad")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        # Not umap's neighbours and layout, which compile for half a minute.
        scanpy.pp.neighbors(adata, use_rep="X", n_neighbors=5, method="gauss")
        scanpy.tl.diffmap(adata, n_comps=3)
    assert adata.obsm["X_diffmap"].shape == (60, 3)
    _check(h5ad.contents_of_anndata(adata, ReadOptions()), vectors, adata.obs_names)


# What broken and hostile files say.


@pytest.fixture
def path(tmp_path):
    return _save(_of_genes(X=VECTORS, obsm={"emb": OTHER}), tmp_path)


@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_cut_anywhere(libver, tmp_path):
    path = tmp_path / "it.h5ad"
    with h5py.File(path, "w", libver=libver) as file:
        anndata.io.write_elem(file, "/", _of_genes(X=VECTORS))
    content = path.read_bytes()
    for size in range(1, len(content), 97):
        path.write_bytes(content[:size])
        with pytest.raises(FormatError, match=r"it\.h5ad: .*expected "):
            _read(path)


def test_empty(tmp_path):
    path = tmp_path / "it.h5ad"
    path.touch()
    assert not h5ad.recognises(Source(path))
    with pytest.raises(FormatError, match="expected an HDF5 file, found an empty file"):
        _read(path)


def test_no_hdf5_file(tmp_path, path):
    text = tmp_path / "text.h5ad"
    text.write_text("EGF 1 2 3")
    assert h5ad.recognises(Source(text))
    with pytest.raises(FormatError, match=r"found the first bytes b'EGF 1 2 '"):
        _read(text)
    packed = tmp_path / "it.h5ad.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert h5ad.recognises(Source(packed))
    with pytest.raises(FormatError, match="found one inside gzip; decompress it first"):
        _read(packed)
    assert not h5ad.recognises(Source(tmp_path))
    with pytest.raises(FormatError, match="expected an HDF5 file, found a folder"):
        _read(tmp_path)


def test_recognised_by_its_first_bytes(path, tmp_path):
    assert h5ad.recognises(Source(path.rename(tmp_path / "it")))


def test_hdf5_of_others_says_what_it_holds(tmp_path):
    path = tmp_path / "it.h5"
    with h5py.File(path, "w") as file:
        file["matrix/data"] = [1]
        file["line\nend"] = [1]
    with pytest.raises(
        FormatError, match=r"AnnData's obs and var, found .* holds 'line\\nend', 'm"
    ):
        _read(path)
    with h5py.File(path, "w"):
        pass
    with pytest.raises(FormatError, match="found an empty HDF5 file"):
        _read(path)


def _edit(path, change):
    with h5py.File(path, "a") as file:
        change(file)


def _replace(file, name, **options):
    """Put another dataset in place of one, with its attributes."""
    attributes = dict(file[name].attrs)
    del file[name]
    file.create_dataset(name, **options).attrs.update(attributes)


def _claims(file, **options):
    _replace(file, "X", shape=(4, 10**11), dtype="f4", **options)


def _external_values(file):
    _replace(file, "X", shape=(4, 3), dtype="f4", external=[(__file__, 0, 48)])


def _virtual(file):
    layout = h5py.VirtualLayout((4, 3), "f4")
    layout[:] = h5py.VirtualSource(__file__, "X", (4, 3))
    del file["X"]
    file.create_virtual_dataset("X", layout)


def _external_link(file):
    del file["X"]
    file["X"] = h5py.ExternalLink(__file__, "X")


def _no_index(file):
    del file["obs/_index"]


def _no_obs(file):
    del file["obs"]


def _other_index(file):
    file["obs"].attrs["_index"] = "other"


def _short_index(file):
    _replace(file, "obs/_index", data=GENES[:3])


def _flat_names(file):
    _replace(file, "obs/_index", data=[GENES, GENES])


def _names_in_latin(file):
    _replace(file, "obs/_index", data=np.array([b"\xe9", *b"abc"], "S1"))


def _long_names_in_latin(file):
    _replace(file, "obs/_index", data=[b"\xe9", *GENES[1:]], dtype=h5py.string_dtype())


def _many_chunks(file):
    _replace(file, "X", shape=(4, 2**20), dtype="i1", chunks=(1, 1))
    file["X"].id.write_direct_chunk((0, 0), b"x" * 2**13)


def _large_chunk(file):
    _replace(file, "X", shape=(4, 3), dtype="f4", chunks=(2**20, 2**8), maxshape=(None, None))
    file["X"].id.write_direct_chunk((0, 0), b"x")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_claims, "claimed by"),
        (lambda file: _claims(file, chunks=(4, 2**20)), "claimed by"),
        (lambda file: _claims(file, chunks=(4, 2**20), compression="gzip"), "claimed by"),
        (_external_values, "X: expected values in the file itself, found a link"),
        (_virtual, "X: expected values in the file itself, found a link"),
        (_external_link, "X: expected it in the file itself, found a link"),
        (_no_index, "obs: expected a list of names, found none in '_index'"),
        (_no_obs, "expected AnnData's obs and var, found an HDF5 file that holds 'X', "),
        (_other_index, "obs: expected a list of names, found none in 'other'"),
        (_short_index, "X: expected a name for each of 4 rows, found 3 in obs"),
        (_flat_names, r"obs/_index: expected a list of texts, found shape \(2, 4\)"),
        (_names_in_latin, "obs/_index: expected text in UTF-8"),
        (_long_names_in_latin, "obs/_index: expected text in UTF-8"),
        (_many_chunks, "X: expected chunks, found 4,194,304 claimed"),
        (_large_chunk, "claimed by"),
        (lambda file: _replace(file, "X", data=list("abcd")), "X: expected a matrix of numbers"),
        (lambda file: _replace(file, "X", data=np.ones(4)), "X: expected a matrix of numbers"),
        (lambda file: _replace(file, "X", data=VECTORS * 1j), "X: expected a matrix of numbers"),
    ],
)
def test_broken(change, message, path):
    _edit(path, change)
    with pytest.raises(FormatError, match=message) as caught, bounded_memory():
        _read(path, "X")
    assert "\n" not in str(caught.value)


def test_a_chunk_that_inflates_without_an_end(path):
    def bomb(file):
        _replace(file, "X", shape=(4, 3), dtype="f4", chunks=(4, 3), compression="gzip")
        file["X"].id.write_direct_chunk((0, 0), zlib.compress(bytes(2**28), 9))

    _edit(path, bomb)
    with bounded_memory(2**26), pytest.raises(FormatError, match="chunk of 48 bytes, found one th"):
        _read(path, "X")


def test_one_long_name_for_every_row(path):
    """The names of a million rows lead to one text of 4 MB: libhdf5 would copy it for each."""
    names = "x" * 2**22

    def point(file):
        _replace(file, "obs/_index", data=[names], dtype=h5py.string_dtype())
        place = file["obs/_index"].id.get_offset()
        count = 2**20
        file.flush()
        reference = path.read_bytes()[place : place + 16]
        _replace(file, "obs/_index", shape=count, dtype=h5py.string_dtype(), chunks=count)
        file["obs/_index"].id.write_direct_chunk((0,), reference * count)
        _replace(file, "X", data=np.zeros((count, 1), np.float32))

    _edit(path, point)
    with (
        pytest.raises(FormatError, match=r"obs/_index: expected names, found over [0-9,]+ bytes"),
        bounded_memory(),
    ):
        _read(path, "X")


@pytest.mark.parametrize(
    ("part", "values", "message"),
    [
        ("indices", [0, 1, 3], r"X/indices: expected whole numbers in 0\.\.2"),
        ("indices", [0, -1, 2], r"X/indices: expected whole numbers in 0\.\.2"),
        ("indices", [0.0, 1.0, 2.0], r"X/indices: expected whole numbers in 0\.\.2"),
        ("indices", [0, 1], "X/indptr: expected 5 growing numbers from 0 to the number of values"),
        ("indptr", [0, 2, 1, 2, 3], "X/indptr: expected 5 growing numbers"),
        ("indptr", [1, 1, 1, 2, 3], "X/indptr: expected 5 growing numbers"),
        ("indptr", [0, 1, 2, 2, 2**40], "X/indptr: expected 5 growing numbers"),
        ("indptr", [0, 1, 2, 3], "X/indptr: expected 5 growing numbers"),
        ("data", list("abc"), "X/data: expected numbers, found values of type object"),
        ("data", [[1.0]], "X: expected the lists data, indices and indptr"),
    ],
)
def test_broken_sparse(part, values, message, tmp_path):
    path = _save(_of_genes(X=scipy.sparse.csr_matrix(np.eye(4, 3))), tmp_path)
    _edit(path, lambda file: _replace(file, f"X/{part}", data=values))
    with pytest.raises(FormatError, match=message):
        _read(path, "X")


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ([4, 10**12], "claimed by"),
        ([4], "expected a shape of two numbers"),
        ([4, -1], "expected a shape of two numbers"),
        (["4", "3"], "expected a shape of two numbers"),
        ([4] * 9, "shape: expected at most 8 values, found 9"),
    ],
)
def test_broken_shape_of_sparse(shape, message, tmp_path):
    path = _save(_of_genes(X=scipy.sparse.csr_matrix(np.eye(4, 3))), tmp_path)
    _edit(path, lambda file: file["X"].attrs.__setitem__("shape", shape))
    with pytest.raises(FormatError, match=message):
        _read(path, "X")


def test_reading_imports_no_anndata(path):
    code = (
        "import sys; from gene_analogies.formats.readers import h5ad;"
        "from gene_analogies.formats.source import Source;"
        "from gene_analogies.formats.contents import ReadOptions;"
        f"h5ad.read(Source({str(path)!r}), ReadOptions(key='X'));"
        "assert not {'anndata', 'pandas', 'scipy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_categorical_index(tmp_path):
    path = tmp_path / "it.h5ad"
    genes = pd.CategoricalIndex(["EGF", "EGFR", "HGF", "MET"])
    anndata.AnnData(VECTORS, obs=pd.DataFrame(index=genes)).write_h5ad(path)
    found = h5ad.read(Source(path), ReadOptions(key="X"))
    assert list(found.names) == ["EGF", "EGFR", "HGF", "MET"]
    with h5py.File(path, "a") as file:
        assert file["obs/_index"].attrs["encoding-type"] == "categorical"
        file["obs/_index/codes"][2] = 9
    with pytest.raises(FormatError, match="row 2: expected one of 4 categories, found 9"):
        h5ad.read(Source(path), ReadOptions(key="X"))
