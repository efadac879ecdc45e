"""Whatever h5py and AnnData write is read: every layout, link inside the file and filter."""

from __future__ import annotations

from pathlib import Path

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from examples_anndata import GENES, VECTORS

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import h5ad
from gene_analogies.formats.source import Source

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared"


def _write(path, adata=None, **options):
    with h5py.File(path, "w", **options) as file:
        anndata.io.write_elem(file, "/", _adata() if adata is None else adata)
    return path


def _adata():
    return anndata.AnnData(VECTORS, pd.DataFrame(index=GENES), obsm={"emb": VECTORS + 1})


@pytest.fixture
def path(tmp_path):
    return _write(tmp_path / "it.h5ad")


def _check(path, key="X", vectors=VECTORS):
    found = h5ad.read(Source(path), ReadOptions(key=key))
    assert list(found.names) == GENES
    np.testing.assert_array_equal(found.vectors, vectors)


@pytest.mark.parametrize("track_order", [False, True])
@pytest.mark.parametrize("libver", ["earliest", "v108", "v110", "latest"])
def test_many_attributes(libver, track_order, tmp_path):
    """More than 8 on an object are stored in a heap of their own (dense attribute storage)."""
    path = _write(tmp_path / "it.h5ad", libver=libver, track_order=track_order)
    with h5py.File(path, "a", libver=libver) as file:
        for name in ("/", "obs", "obs/_index", "X"):
            for number in range(40):
                file[name].attrs[f"note {number}"] = "β" * number
        file["obs"].attrs["long"] = np.zeros(2**14 if libver == "latest" else 2**10)
    _check(path)


@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_many_names_in_a_group(libver, tmp_path):
    adata = _adata()
    for number in range(100):
        adata.obsm[f"emb {number}"] = VECTORS + number
    path = _write(tmp_path / "it.h5ad", adata, libver=libver, track_order=True)
    _check(path, "obsm/emb 77", VECTORS + 77)


@pytest.mark.parametrize("libver", ["earliest", "latest"])
@pytest.mark.parametrize("sparse", [scipy.sparse.csr_matrix, scipy.sparse.csc_matrix])
def test_sparse_and_tables(sparse, libver, tmp_path):
    table = pd.DataFrame(VECTORS, GENES, ["b", "a", "c"])
    adata = anndata.AnnData(sparse(VECTORS), pd.DataFrame(index=GENES), obsm={"table": table})
    path = _write(tmp_path / "it.h5ad", adata, libver=libver, track_order=True)
    _check(path)
    _check(path, "table")


def test_user_block(tmp_path):
    _check(_write(tmp_path / "it.h5ad", userblock_size=1024))


@pytest.mark.parametrize("track_order", [False, True])
def test_paged_file_with_free_space(track_order, tmp_path):
    path = _write(
        tmp_path / "it.h5ad", track_order=track_order, fs_strategy="page", fs_persist=True
    )
    with h5py.File(path, "a") as file:
        file["obsm/other"] = np.ones((4, 2000))
        del file["obsm/other"]
    _check(path)


def _names(file, **options):
    attributes = dict(file["obs/_index"].attrs)
    del file["obs/_index"]
    file.create_dataset("obs/_index", **options).attrs.update(attributes)


@pytest.mark.parametrize(
    "options",
    [
        {"dtype": h5py.string_dtype()},
        {"dtype": h5py.string_dtype("ascii")},
        {"dtype": h5py.string_dtype(length=8)},
        {"dtype": "S4"},
        {"dtype": h5py.string_dtype(), "chunks": (3,), "maxshape": (None,)},
        {"dtype": h5py.string_dtype(), "compression": "gzip", "shuffle": True},
        {"dtype": h5py.string_dtype(), "compression": "lzf"},
        {"dtype": h5py.string_dtype(length=8), "compression": "lzf", "fletcher32": True},
    ],
)
def test_names(options, path):
    with h5py.File(path, "a") as file:
        _names(file, data=GENES, **options)
    _check(path)


def test_many_names_of_many_lengths(tmp_path):
    names = [f"gene {row} " + "β" * (row % 300) for row in range(5000)]
    adata = anndata.AnnData(np.zeros((5000, 2), np.float32), pd.DataFrame(index=names))
    path = _write(tmp_path / "it.h5ad", adata)
    assert list(h5ad.read(Source(path), ReadOptions()).names) == names


def test_rows_with_texts_of_variable_length(path):
    """Tables before AnnData 0.7, as h5py writes them."""
    rows = np.empty(4, [("index", h5py.string_dtype()), ("count", "i4")])
    rows["index"], rows["count"] = GENES, range(4)
    with h5py.File(path, "a") as file:
        del file["obs"]
        file["obs"] = rows
    _check(path)


def test_values_never_written_are_fill_values(path):
    with h5py.File(path, "a") as file:
        del file["X"]
        file.create_dataset("X", (4, 3), "f4", chunks=(2, 3), fillvalue=0.5)
    _check(path, vectors=np.full((4, 3), 0.5))


# Filters.


@pytest.mark.parametrize(
    "options",
    [
        {"scaleoffset": 3},
        {"scaleoffset": 3, "compression": "gzip"},
        {"compression": "szip"},
        {"compression": "szip", "shuffle": True, "fletcher32": True},
        {"compression": "lzf", "shuffle": True, "fletcher32": True},
        {"compression": "gzip", "compression_opts": 9, "shuffle": True, "fletcher32": True},
        {"fletcher32": True},
        {"shuffle": True},
        {"chunks": (1, 1), "maxshape": (None, None)},
    ],
)
@pytest.mark.parametrize("libver", ["earliest", "latest"])
def test_filters(options, libver, tmp_path):
    path = _write(tmp_path / "it.h5ad", libver=libver)
    name = options.get("compression")
    if name == "szip" and not h5py.h5z.filter_avail(h5py.h5z.FILTER_SZIP):
        pytest.skip("this h5py has no szip")
    vectors = np.arange(4000, dtype=np.float32).reshape(4, 1000) / 8
    with h5py.File(path, "a", libver=libver) as file:
        del file["X"]
        file.create_dataset("X", data=vectors, **options)
    _check(path, vectors=vectors)


def _pipeline(file, *filters):
    """Make a dataset with filters that h5py has no option for."""
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_chunk((4, 3))
    for code in filters:
        properties.set_filter(code, h5py.h5z.FLAG_OPTIONAL, (6,) if code == 1 else ())
    del file["X"]
    space = h5py.h5s.create_simple((4, 3))
    h5py.h5d.create(file.id, b"X", h5py.h5t.IEEE_F32LE, space, properties)
    return file["X"]


@pytest.mark.parametrize(
    "filters", [(h5py.h5z.FILTER_NBIT,), (h5py.h5z.FILTER_NBIT, h5py.h5z.FILTER_DEFLATE)]
)
def test_nbit(filters, path):
    with h5py.File(path, "a") as file:
        _pipeline(file, *filters)[:] = VECTORS
    _check(path)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (32015, r"X: expected filters that h5py has, found Zstandard \(number 32015\); import hdf"),
        (400, r"X: expected filters that h5py has, found a filter without a name \(number 400\)"),
    ],
)
def test_a_filter_that_is_not_there_is_named(code, message, path):
    with h5py.File(path, "a") as file:
        _pipeline(file, code)[:] = VECTORS
    with pytest.raises(FormatError, match=message) as caught:
        _check(path)
    assert "\n" not in str(caught.value)
    _check(path, "emb", VECTORS + 1)


def test_gzip_inside_gzip_is_refused(path):
    with h5py.File(path, "a") as file:
        _pipeline(file, 1, 1)[:] = VECTORS
    with pytest.raises(FormatError, match="X: expected each filter once, found gzip inside gzip"):
        _check(path)


# Links.


def _link(file, name, target):
    del file[name]
    file[name] = target if isinstance(target, h5py.ExternalLink) else h5py.SoftLink(target)


@pytest.mark.parametrize("libver", ["earliest", "latest"])
@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("X", "/kept/deep/er"),
        ("X", "kept/deep/er"),
        ("X", "./kept//deep/./er/"),
        ("X", "kept/link"),
        ("X", "kept/group/er"),
        ("obsm/emb", "/kept/deep/er"),
        ("obs/_index", "/kept/names"),
        ("obs", "/kept/obs"),
        ("obsm", "/kept/obsm"),
    ],
)
def test_soft_links(name, target, libver, tmp_path):
    path = _write(tmp_path / "it.h5ad", libver=libver)
    with h5py.File(path, "a", libver=libver) as file:
        kept = file.create_group("kept/deep").parent
        file["kept/deep/er"] = file["X"]
        kept["names"] = file["obs/_index"]
        kept["obs"], kept["obsm"] = file["obs"], file["obsm"]
        kept["link"] = h5py.SoftLink("deep/er")
        kept["group"] = h5py.SoftLink("/kept/deep")
        _link(file, name, target)
    _check(path)
    _check(path, "emb", VECTORS + (name != "obsm/emb"))


def test_a_chain_of_as_many_links_as_libhdf5_follows(path):
    with h5py.File(path, "a") as file:
        file.move("X", "0")
        for number in range(16):
            file[f"{number + 1}"] = h5py.SoftLink(f"{number}")
        file["X"] = file["0"]
        _link(file, "X", "15")
        assert file["X"].shape == VECTORS.shape
    _check(path)


@pytest.mark.parametrize(
    ("name", "target", "message"),
    [
        ("X", "/nowhere", r"X: expected the target of a soft link, found no b'/nowhere'"),
        ("X", "obsm/emb/deeper", "X: expected the target of a soft link, found no b'obsm/emb/deep"),
        ("X", "X", "X: expected the target of a soft link, found a circle"),
        ("obsm/emb", "/obsm/emb/x", "obsm/emb: expected the target of a soft link, found a circle"),
        (
            "obs/_index",
            "../X",
            r"obs/_index: expected the target of a soft link, found no b'\.\./X",
        ),
        ("X", "uns/out", "X: expected it in the file itself, found a link"),
        ("X", "uns/out/X", "X: expected it in the file itself, found a link"),
        ("obs", "uns/out", "obs: expected it in the file itself, found a link"),
        ("X", h5py.ExternalLink("it.h5ad", "obsm/emb"), "X: expected it in the file itself, found"),
        ("X", "uns/elsewhere", "X: expected values in the file itself, found a link"),
        ("X", "uns/virtual", "X: expected values in the file itself, found a link"),
    ],
)
def test_links_out_of_the_file_and_to_nowhere(name, target, message, path):
    with h5py.File(path, "a") as file:
        file["uns/out"] = h5py.ExternalLink("other.h5ad", "/")
        file.create_dataset("uns/elsewhere", (4, 3), "f4", external=[(__file__, 0, 48)])
        layout = h5py.VirtualLayout((4, 3), "f4")
        layout[:] = h5py.VirtualSource("other.h5ad", "X", (4, 3))
        file.create_virtual_dataset("uns/virtual", layout)
        _link(file, name, target)
    _write(path.with_name("other.h5ad"))
    with pytest.raises(FormatError, match=message) as caught:
        _check(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["../uns/out/X", "/uns/out/obs/_index", "out/X"])
def test_a_name_that_is_a_path_does_not_leave_the_file(name, path):
    with h5py.File(path, "a") as file:
        for group in ("uns", "obs"):
            file[group]["out"] = h5py.ExternalLink("other.h5ad", "/")
        file["obs"].attrs["_index"] = name
    _write(path.with_name("other.h5ad"))
    with pytest.raises(FormatError, match=r"found a link$|expected a list of names, found none"):
        _check(path)


@pytest.mark.parametrize("name", ["kept/names", "./kept//names/", "/obs/kept/names", "kept/link"])
def test_a_name_that_is_a_path_inside_the_file(name, path):
    with h5py.File(path, "a") as file:
        file["obs/kept/names"] = file["obs/_index"]
        file["obs/kept/link"] = h5py.SoftLink("names")
        file["obs"].attrs["_index"] = name
        del file["obs/_index"]
    _check(path)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("/no\nwhere", r"obsm/a\\nb: expected the target of a soft link, found no b'/no\\nwhere'$"),
        ("/X", r"key must be one of .*obsm/a\\nb \(4 × 3\), .*, not 'zz'$"),
    ],
)
def test_keys_with_line_ends_are_escaped_in_errors(target, message, path):
    with h5py.File(path, "a") as file:
        file["obsm/a\nb"] = h5py.SoftLink(target)
    with pytest.raises(FormatError, match=message):
        _check(path, "zz")


def test_texts_that_are_no_utf_8_in_an_attribute(path):
    with h5py.File(path, "a") as file:
        file["obs"].attrs.create("_index", b"\xe9", dtype=h5py.string_dtype())
    with pytest.raises(FormatError, match="surrogates not allowed"):
        _check(path)


# Files of others.


@pytest.mark.parametrize("name", ["real/scanpy/10x_pbmc68k_reduced.h5ad", "cases/row_numbers.h5ad"])
def test_real_files(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no {name}")
    with h5py.File(path) as file:
        width = file["obsm/X_pca"].shape[1] if "obsm/X_pca" in file else file["X"].shape[1]
        key = "obsm/X_pca" if "obsm/X_pca" in file else "X"
    assert h5ad.read(Source(path), ReadOptions(key=key)).vectors.shape[1] == width
