"""NumPy archives: which arrays are meant, and headers that claim what is not there."""

from __future__ import annotations

import io
import json
import zipfile

import numpy as np
import pytest
import torch

from gene_analogies import Embedding
from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers import npz
from gene_analogies.formats.registry import find_format, write_embedding
from gene_analogies.formats.source import Source

NAMES = ["EGFR", "NA", "1956", "HLA-A"]
VECTORS = np.arange(12, dtype=np.float32).reshape(4, 3) / 7


@pytest.fixture
def read(tmp_path):
    """Save some arrays and read the archive."""

    def call(save=np.savez, key=None, names=None, **arrays):
        path = tmp_path / "file.npz"
        save(path, **arrays)
        assert find_format(Source(path)).name == "npz"
        return npz.read(Source(path), ReadOptions(key=key, names=names))

    return call


def _broken(folder, member, header=None, method=zipfile.ZIP_STORED, **more):
    """An archive with a member whose bytes are given."""
    path = folder / "file.npz"
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("embeddings.npy", member)
        for key, array in more.items():
            stream = io.BytesIO()
            np.save(stream, array)
            file.writestr(f"{key}.npy", stream.getvalue())
    return Source(path)


def _header(shape, descr="<f4"):
    stream = io.BytesIO()
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue()


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize(
    ("vectors", "names"),
    [
        ("embeddings", "genes"),
        ("gene_embeddings", "gene_names"),
        ("vectors", "words"),
        ("X", "symbols"),
        ("emb", "vocab"),
        ("arr_0", "arr_1"),
        ("brain", "what"),
    ],
)
def test_pairs(read, save, vectors, names):
    found = read(save, **{vectors: VECTORS, names: np.array(NAMES)})
    assert found.names == NAMES
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, VECTORS)
    assert not found.vectors.flags.writeable
    assert found.details == {"vectors": vectors, "names": names}


def test_positional_arrays(tmp_path):
    np.savez(tmp_path / "a.npz", VECTORS, NAMES)
    assert npz.read(Source(tmp_path / "a.npz"), ReadOptions()).names == NAMES


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (">f4", np.float32), (">f8", np.float64), ("<f8", np.float64), ("<f2", np.float32),
        ("i1", np.float32), ("<i2", np.float32), ("<i8", np.float64), ("?", np.float32),
        ("<u4", np.float64), (np.longdouble, np.float64),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", ["C", "F"])
def test_types(read, dtype, expected, order):
    vectors = np.array(VECTORS * 7, dtype, order=order)
    found = read(embeddings=vectors, genes=np.array(NAMES))
    assert found.vectors.dtype == expected
    assert found.vectors.flags.c_contiguous
    assert np.array_equal(found.vectors, vectors.astype(expected))


@pytest.mark.parametrize(
    "names",
    [
        np.array(NAMES, object),
        np.array(NAMES).astype(">U5"),
        np.char.encode(np.array(NAMES), "utf-8"),
        np.array(NAMES)[:, None],
    ],
    ids=["objects", "big-endian", "bytes", "column"],
)
def test_names(read, names):
    assert read(embeddings=VECTORS, genes=names).names == NAMES


def test_entrez_numbers(read):
    assert read(embeddings=VECTORS, ids=np.array([4, 3, 2, 1])).names == ["4", "3", "2", "1"]


def test_several_matrices_and_texts(read):
    arrays = {
        "embeddings": VECTORS,
        "counts": VECTORS.astype(int),
        "genes": np.array(NAMES),
        "full_names": np.array(NAMES[::-1]),
        "note": np.array("x"),
    }
    assert read(**arrays).names == NAMES
    arrays["other"] = VECTORS + 1
    assert read(**arrays).details["vectors"] == "embeddings"
    assert np.array_equal(read(**arrays, key="other").vectors, VECTORS + 1)


def test_array_of_a_newer_layout_beside_is_no_obstacle(tmp_path, read):
    # Latin letters fit the older header still.
    table = np.zeros(2, [("a", "<f4"), ("α", "<f4")])
    with pytest.warns(UserWarning, match="format 3.0"):
        found = read(embeddings=VECTORS, genes=np.array(NAMES), table=table)
    assert found.names == NAMES


def test_names_in_a_file(read, tmp_path):
    (tmp_path / "genes.txt").write_text("\n".join(NAMES))
    assert read(embeddings=VECTORS).details == {"vectors": "embeddings", "names": "genes.txt"}
    (tmp_path / "other.txt").write_text("a\nb\nc\nd")
    found = read(embeddings=VECTORS, genes=np.array(NAMES), names=tmp_path / "other.txt")
    assert found.names == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"genes": np.array(NAMES)}, r"expected one matrix .* found genes \(text 4\)$"),
        (
            {"a": VECTORS, "b": VECTORS, "c": np.zeros((2, 2, 2))},
            r"found a \(float32 4 × 3\), b \(float32 4 × 3\), c \(float64 2 × 2 × 2\)$",
        ),
        ({"embeddings": VECTORS}, r"expected the names of 4 rows in a file beside it"),
        (
            {"embeddings": VECTORS, "genes": np.array(NAMES[:3])},
            "genes: expected 4 names, one for every row of embeddings, found 3",
        ),
        (
            {"embeddings": VECTORS, "a": np.array(NAMES), "b": np.array(NAMES)},
            r"expected one array of names, found a \(text 4\), b \(text 4\)",
        ),
        (
            {"embeddings": VECTORS, "genes": np.array([*NAMES[:3], np.nan], object)},
            "genes row 3: expected a name, found nan",
        ),
        ({"embeddings": VECTORS[:, :0], "genes": np.array(NAMES)}, r"of shape \(4, 0\)"),
        ({"embeddings": VECTORS + 0j, "genes": np.array(NAMES)}, "expected one matrix"),
    ],
)
def test_what_is_not_evident(read, arrays, message):
    with pytest.raises(FormatError, match=message) as caught:
        read(**arrays)
    assert "\n" not in str(caught.value)


def test_unknown_key(read):
    with pytest.raises(FormatError, match=r"no matrix 'x'; choose from embeddings \(float32 4 ×"):
        read(embeddings=VECTORS, genes=np.array(NAMES), key="x")
    with pytest.raises(FormatError, match="there is no matrix 'genes'"):
        read(embeddings=VECTORS, genes=np.array(NAMES), key="genes")


def test_pickle_does_not_run(read, tmp_path):
    class Attack:
        def __reduce__(self):
            return (tmp_path.joinpath("hit").touch, ())

    with pytest.raises(FormatError):
        read(embeddings=VECTORS, genes=np.array([Attack()] * 4, object))
    assert not (tmp_path / "hit").exists()


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((10**12, 3), "expected float32 1000000000000 × 3, found"),
        ((4, 300), "expected float32 4 × 300, found"),
        ((-4, -3), r"found the shape \(-4, -3\)"),
        ((0, 10**18), "genes: expected 0 names, one for every row"),
    ],
)
def test_header_that_claims_too_much(tmp_path, shape, message):
    source = _broken(tmp_path, _header(shape) + bytes(48), genes=np.array(NAMES))
    with pytest.raises(FormatError, match=message):
        npz.read(source, ReadOptions())


def test_bomb(tmp_path):
    content = _header((25_000_000, 1)) + bytes(10**8)
    source = _broken(tmp_path, content, method=zipfile.ZIP_DEFLATED, genes=np.array(NAMES))
    assert source.size < 200_000
    with pytest.raises(FormatError, match="numbers claimed by"):
        npz.read(source, ReadOptions())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected a NumPy array 'embeddings'"),
        (b"\x93NUMPY\x01\x00\xff\xff{", "expected a NumPy array 'embeddings'"),
        (b"\x93NUMPY\x07\x00", "expected a NumPy array 'embeddings'"),
        (_header((4, 3), "|O") + b"cos\nsystem\n.", "expected one matrix"),
    ],
)
def test_broken_array(tmp_path, content, message):
    with pytest.raises(FormatError, match=message):
        npz.read(_broken(tmp_path, content, genes=np.array(NAMES)), ReadOptions())


def test_other_compression(tmp_path):
    source = _broken(tmp_path, _header((1, 1)) + bytes(4), method=zipfile.ZIP_LZMA)
    with pytest.raises(FormatError, match="expected an array stored or deflated"):
        npz.read(source, ReadOptions())


def test_cut_archive(tmp_path):
    np.savez(tmp_path / "a.npz", embeddings=VECTORS, genes=np.array(NAMES))
    content = (tmp_path / "a.npz").read_bytes()
    (tmp_path / "a.npz").write_bytes(content[:-30])
    assert find_format(Source(tmp_path / "a.npz")).name == "npz"
    with pytest.raises(FormatError, match=r"expected a NumPy .npz archive"):
        npz.read(Source(tmp_path / "a.npz"), ReadOptions())


def test_wrong_checksum(tmp_path):
    np.savez(tmp_path / "a.npz", embeddings=VECTORS, genes=np.array(NAMES))
    content = bytearray((tmp_path / "a.npz").read_bytes())
    place = content.index(VECTORS.tobytes())
    content[place] ^= 255
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(FormatError, match="Bad CRC-32"):
        npz.read(Source(tmp_path / "a.npz"), ReadOptions())


def test_pytorchs_archive_is_another_format(tmp_path):
    torch.save({"EGFR": torch.ones(3)}, tmp_path / "a.pt")
    assert not npz.recognises(Source(tmp_path / "a.pt"))
    (tmp_path / "a.pt").rename(tmp_path / "a.npz")
    assert not npz.recognises(Source(tmp_path / "a.npz"))


def test_archive_under_another_name(tmp_path):
    np.savez(tmp_path / "a.npz", embeddings=VECTORS, genes=np.array(NAMES))
    (tmp_path / "a.npz").rename(tmp_path / "a.bin")
    assert find_format(Source(tmp_path / "a.bin")).name == "npz"


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_write(tmp_path, dtype):
    embedding = Embedding(NAMES, VECTORS.astype(dtype), {"title": "ü", "steps": ["a"]})
    write_embedding(embedding, tmp_path / "a.npz", annotations={"full_name": ["a", "b", "c", "d"]})
    with np.load(tmp_path / "a.npz") as arrays:
        assert arrays["embeddings"].dtype == dtype
        assert np.array_equal(arrays["embeddings"], embedding.vectors)
        assert arrays["genes"].tolist() == NAMES
        assert arrays["full_name"].tolist() == ["a", "b", "c", "d"]
        assert json.loads(str(arrays["provenance"])) == embedding.provenance
    found = npz.read(Source(tmp_path / "a.npz"), ReadOptions())
    assert found.names == NAMES
    assert np.array_equal(found.vectors, embedding.vectors)
    assert found.details["provenance"] == embedding.provenance


def test_symbols_come_back(tmp_path):
    embedding = Embedding(NAMES, VECTORS, symbols={"1956": "EGFR", "NA": "ü"})
    write_embedding(embedding, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz") as arrays:
        assert arrays["model_symbols"].tolist() == ["", "ü", "EGFR", ""]
    found = npz.read(Source(tmp_path / "a.npz"), ReadOptions())
    assert found.names == NAMES
    assert found.symbols == {"1956": "EGFR", "NA": "ü"}
    (tmp_path / "b.txt").write_text("a\nb\nc\nd")
    named = npz.read(Source(tmp_path / "a.npz"), ReadOptions(names=tmp_path / "b.txt"))
    assert named.symbols == {}


def test_symbols_that_are_none(read):
    genes = np.array(NAMES)
    for other in (np.ones(4), np.array(["a", "b"]), np.array([["a"] * 4])):
        assert read(embeddings=VECTORS, genes=genes, model_symbols=other).symbols == {}


@pytest.mark.parametrize("scale", ["scale", "scales", "codes_scale", "codes_zero_point"])
def test_codes_with_their_scale(read, scale):
    arrays = {"codes": np.ones((4, 3), np.int8), "genes": np.array(NAMES), scale: np.ones(4)}
    for key in (None, "codes"):
        with pytest.raises(FormatError) as caught:
            read(key=key, **arrays)
        assert str(caught.value).endswith(
            f"codes: expected weights, found quantised ones (int8 4 × 3), with their scale in"
            f" {scale}; load the model, dequantise it and save it as float32"
        )
    arrays[scale] = np.ones((4, 1), np.float32)  # no vectors of one number
    with pytest.raises(FormatError, match=f"quantised ones .* with their scale in {scale};"):
        read(**arrays)
    arrays["codes"] = arrays["codes"].astype(np.int64)
    arrays[scale] = np.ones(4)
    assert read(**arrays).names == NAMES


@pytest.mark.parametrize(
    ("annotations", "message"),
    [
        ({"genes": NAMES}, "no annotation can be called 'genes'"),
        ({"file": NAMES}, "no annotation can be called 'file'"),
        ({"a": NAMES[:2]}, "annotation 'a' must hold 4 texts, one an item, not 2"),
    ],
)
def test_annotations_that_cannot_be_written(tmp_path, annotations, message):
    embedding = Embedding(NAMES, VECTORS)
    with pytest.raises(GeneAnalogiesError, match=message):
        write_embedding(embedding, tmp_path / "a.npz", annotations=annotations)
    assert list(tmp_path.iterdir()) == []


def test_bomb_of_names(tmp_path):
    count = 2_000_000
    vectors = np.zeros((count, 1), np.float32)
    np.savez_compressed(tmp_path / "a.npz", embeddings=vectors, genes=np.full(count, b"A"))
    with pytest.raises(FormatError, match="2,000,000 names claimed by"):
        npz.read(Source(tmp_path / "a.npz"), ReadOptions())


def test_long_keys_are_cut(read):
    with pytest.raises(FormatError) as caught:
        read(embeddings=VECTORS, genes=np.array(NAMES), key="k" * 700)
    assert "k" * 70 not in str(caught.value)
