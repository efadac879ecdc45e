"""Files of torch.save: what PyTorch wrote is read as PyTorch reads it, and nothing else is."""

import io
import os
import pickle
import zipfile

import numpy as np
import pytest
from fuzz import bounded_memory

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.pickles.torch_files import Tensor, _member, load_tensors
from gene_analogies.formats.readers.torch_map import read, recognises
from gene_analogies.formats.registry import read_contents
from gene_analogies.formats.source import Source

torch = pytest.importorskip("torch")

WAYS = {
    "zip": {},
    "old": {"_use_new_zipfile_serialization": False},
    "protocol 4": {"pickle_protocol": 4},
}
GENES = ["EGF", "EGFR", "MET"]
VECTORS = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)


@pytest.fixture
def saved(tmp_path):
    def save(content, name="genes.pt", **options):
        path = tmp_path / name
        torch.save(content, path, **options)
        return Source(path)

    return save


@pytest.fixture
def remade(tmp_path):
    """Write a file of PyTorch with some of the members of its archive changed."""

    def remake(content, change, compression=zipfile.ZIP_STORED):
        stream = io.BytesIO()
        torch.save(content, stream)
        path = tmp_path / "genes.pt"
        with zipfile.ZipFile(stream) as old, zipfile.ZipFile(path, "w", compression) as new:
            for name in old.namelist():
                short = name.split("/", 1)[1]
                data = change.get(short, lambda data: data)(old.read(name))
                if data is not None:
                    new.writestr(name, data)
        return Source(path)

    return remake


def rows(dtype=torch.float32):
    return dict(zip(GENES, torch.from_numpy(VECTORS).to(dtype), strict=True))


TENSORS = {
    "vector": lambda: torch.arange(5.0),
    "scalar": lambda: torch.tensor(3.0),
    "empty": lambda: torch.zeros(0, 3),
    "part": lambda: torch.arange(20.0).reshape(4, 5)[1:3, 2:],
    "transposed": lambda: torch.arange(6.0).reshape(2, 3).t(),
    "every other": lambda: torch.arange(10.0)[::2],
    "repeated": lambda: torch.ones(1).expand(5),
    "one row of a step": lambda: torch.arange(20.0).reshape(4, 5)[:1],
    "double": lambda: torch.arange(3.0, dtype=torch.float64),
    "half": lambda: torch.linspace(-1, 1, 5).half(),
    "bfloat16": lambda: torch.linspace(-1, 1, 6).bfloat16().reshape(2, 3).t(),
    "bfloat16 scalar": lambda: torch.tensor(3.0).bfloat16(),
    "long": lambda: torch.arange(4),
    "byte": lambda: torch.arange(3, dtype=torch.uint8),
    "char": lambda: torch.arange(-3, 3, dtype=torch.int8),
    "parameter": lambda: torch.nn.Parameter(torch.ones(2)),
    "of a module": lambda: torch.nn.Linear(2, 3).weight,
    "nan": lambda: torch.tensor([float("nan"), float("inf")]),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_tensors(saved, way):
    tensors = {name: make() for name, make in TENSORS.items()}
    content = {"tensors": tensors, "size": torch.Size([1, 2]), "epoch": 3, "rate": [0.5, "x"]}
    source = saved(content, **way)
    loaded = load_tensors(source)
    assert loaded["size"] == (1, 2)
    assert loaded["epoch"] == 3
    assert loaded["rate"] == [0.5, "x"]
    for name, expected in tensors.items():
        found = loaded["tensors"][name]
        assert isinstance(found, Tensor)
        if expected.dtype in (torch.bfloat16, torch.float16):
            expected = expected.float()
        array = found.numpy()
        assert found.dtype == array.dtype == expected.detach().numpy().dtype, name
        assert found.shape == array.shape
        assert array.flags.c_contiguous
        np.testing.assert_array_equal(array, expected.detach().numpy(), err_msg=name)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_states_of_models(saved, way):
    model = torch.nn.Sequential(torch.nn.Embedding(3, 2), torch.nn.LayerNorm(2))
    optimizer = torch.optim.Adam(model.parameters())
    source = saved({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, **way)
    state = load_tensors(source)["model"]
    assert list(state) == ["0.weight", "1.weight", "1.bias"]
    np.testing.assert_array_equal(state["0.weight"].numpy(), model[0].weight.detach().numpy())


def test_without_checksums(saved):
    before = torch.serialization.get_crc32_options()
    torch.serialization.set_crc32_options(False)
    try:
        source = saved(rows())
    finally:
        torch.serialization.set_crc32_options(before)
    np.testing.assert_array_equal(read(source, ReadOptions()).vectors, VECTORS)


def test_written_on_a_big_endian_machine(remade):
    def swap(data):
        return np.frombuffer(data, "<f4").astype(">f4").tobytes()

    change = {"byteorder": lambda _: b"big", "data/0": swap, "data/1": swap, "data/2": swap}
    content = {name: vector.clone() for name, vector in rows().items()}
    found = read(remade(content, change), ReadOptions())
    np.testing.assert_array_equal(found.vectors, VECTORS)


# As embeddings.


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
def test_esm2(saved, way, dtype):
    content = rows(dtype)
    found = read_contents(saved(content, **way), ReadOptions())
    assert found.details == {"format": "torch"}
    assert found.names == GENES
    expected = torch.stack(list(content.values()))
    expected = expected if dtype == torch.float64 else expected.float()
    np.testing.assert_array_equal(found.vectors, expected.numpy())
    assert found.vectors.dtype == expected.numpy().dtype
    assert not found.vectors.flags.writeable


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_rows_of_one_large_tensor(saved, monkeypatch, way):
    matrix = torch.randn(3000, 64)
    content = {f"G{row}": matrix[row] for row in range(3000)}
    read_members = []

    def member(source, info):
        read_members.append(info.filename)
        return _member(source, info)

    monkeypatch.setattr("gene_analogies.formats.pickles.torch_files._member", member)
    found = read(saved(content, **way), ReadOptions())
    np.testing.assert_array_equal(found.vectors, matrix.numpy())
    # Each row refers to the whole storage, whose checksum takes as long as all of it.
    archive = "_use_new_zipfile_serialization" not in way
    assert sum("/data/" in name for name in read_members) == int(archive)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_axis_of_the_batch(saved, way):
    content = {name: vector[None] for name, vector in rows().items()}
    found = read(saved(content, **way), ReadOptions())
    np.testing.assert_array_equal(found.vectors, VECTORS)


def test_columns(saved):
    content = {"genes": GENES, "ids": ["1", "2", "3"], "embeddings": torch.from_numpy(VECTORS)}
    found = read(saved(content), ReadOptions())
    assert found.names == GENES
    assert found.details == {"names": "genes", "vectors": "embeddings"}
    np.testing.assert_array_equal(found.vectors, VECTORS)
    assert read(saved(content), ReadOptions(key="ids")).names == ["1", "2", "3"]


def test_matrix_with_names_beside(saved, tmp_path):
    (tmp_path / "genes_names.txt").write_text("\n".join(GENES))
    for content in (torch.from_numpy(VECTORS), list(torch.from_numpy(VECTORS))):
        found = read(saved(content), ReadOptions())
        assert found.names == GENES
        np.testing.assert_array_equal(found.vectors, VECTORS)


def test_recognised(saved, tmp_path):
    assert recognises(saved(rows(), "genes.bin"))
    assert recognises(saved(rows(), "genes.bin", _use_new_zipfile_serialization=False))
    np.savez(tmp_path / "genes.npz", a=VECTORS)
    (tmp_path / "genes.pickle").write_bytes(pickle.dumps({"a": 1}, 2))
    for name in ("genes.npz", "genes.pickle"):
        assert not recognises(Source(tmp_path / name))
    assert not recognises(Source(tmp_path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (torch.ones(2, 3), "expected the names of 2 rows in a file beside it"),
        (torch.ones(2), r"expected names and vectors, found an array of shape \(2,\)$"),
        ([1, 2], "expected names and vectors, found a list of 2$"),
        (
            torch.nn.Sequential(torch.nn.Embedding(3, 2)).state_dict(),
            "expected the names of 3 rows in a file beside it",
        ),
        (
            torch.nn.Sequential(torch.nn.Embedding(3, 2), torch.nn.Linear(2, 4)).state_dict(),
            r"one matrix .* found 0\.weight \(float32 3 × 2\), 1\.weight \(float32 4 × 2\)$",
        ),
        ({"a": torch.ones(2), "b": torch.ones(3)}, "'b': expected 2 numbers .*, found 3$"),
        ({"a": torch.ones(2, 2)}, "expected the names of 2 rows in a file beside it"),
        (
            {"a": torch.ones(2, 2), "b": torch.ones(3, 2)},
            r"expected one matrix of floats \(or choose: key=, --key\), found a \(float32 2 × 2\)",
        ),
        ({"a": torch.ones(2, 2), "b": "text"}, "expected the names of 2 rows"),
        ({"a": torch.ones(2, dtype=torch.complex64)}, "'a': expected a vector .* complex64$"),
        ({"a": torch.tensor([True])}, "'a': expected a vector .* bool$"),
        ({"a": torch.tensor(1.0)}, r"'a': expected a vector .* shape \(\)"),
        (
            {"a": torch.eye(2).to_sparse()},
            r"refers to torch\._utils\._rebuild_sparse_tensor; only .*its to_dense\(\)$",
        ),
        (torch.nn.Embedding(3, 2), r"refers to torch\.nn\..*; only .*of a module its state_dict"),
        ({"a": "text"}, "'a': expected a vector, found 'text'$"),
    ],
)
def test_faults(saved, content, message):
    with pytest.raises(FormatError, match=message):
        read(saved(content), ReadOptions())


# Numbers that are no floats of their own.


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize(
    "make",
    [
        lambda x: torch.quantize_per_tensor(x, 0.1, 0, torch.qint8),
        lambda x: torch.quantize_per_channel(x, torch.ones(4), torch.zeros(4), 0, torch.quint8),
    ],
)
def test_quantised(saved, way, make):
    message = r"expected weights, found quantised ones \(QU?Int8Storage\); save x\.dequantize\(\)"
    with pytest.raises(FormatError, match=message):
        read(saved({"a": make(torch.ones(4, 3))}, **way), ReadOptions())


def test_numbers_that_numpy_has_not(saved):
    content = {"a": torch.ones(4, 3).to(torch.float8_e4m3fn)}
    with pytest.raises(FormatError, match=r"found others \(such as float8\); save x\.float\(\) of"):
        read(saved(content), ReadOptions())


@pytest.mark.parametrize("scale", ["emb.weight_scale", "emb.SCB", "emb.scale", "emb.zero_point"])
def test_codes_with_their_scale(saved, scale):
    content = {"emb.weight": torch.ones(3, 2, dtype=torch.int8), scale: torch.ones(3)}
    for key in (None, "emb.weight"):
        with pytest.raises(FormatError) as caught:
            read(saved(content), ReadOptions(key=key))
        assert str(caught.value).endswith(
            f"emb.weight: expected weights, found quantised ones (int8 3 × 2), with their scale in"
            f" {scale}; load the model, dequantise it and save it as float32"
        )


@pytest.mark.parametrize(
    ("codes", "scale"),
    [
        ("emb.weight", "emb.weight_scale"),
        ("emb.qweight", "emb.scales"),
        ("qweight", "scales"),
        ("emb.weight", "emb.weight._scale"),
    ],
)
def test_a_scale_is_no_matrix_of_vectors(saved, tmp_path, codes, scale):
    (tmp_path / "names.txt").write_text("\n".join(GENES))
    content = {codes: torch.ones(3, 2, dtype=torch.int8), scale: torch.ones(3, 1)}
    with pytest.raises(FormatError, match=f"{codes}: expected weights, found quantised .*{scale};"):
        read(saved(content), ReadOptions())
    content["table.weight"] = torch.from_numpy(VECTORS)
    np.testing.assert_array_equal(read(saved(content), ReadOptions()).vectors, VECTORS)


def test_whole_numbers_without_a_scale(saved, tmp_path):
    (tmp_path / "names.txt").write_text("\n".join(GENES))
    content = {"counts": torch.arange(6).reshape(3, 2), "other.scale": torch.ones(3)}
    found = read(saved(content), ReadOptions(key="counts"))
    np.testing.assert_array_equal(found.vectors, [[0, 1], [2, 3], [4, 5]])


# What a file may not do.


class Payload:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return os.system, (f"touch {self.target}",)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_code_is_not_run(saved, tmp_path, way):
    target = tmp_path / "made"
    source = saved({"EGFR": Payload(target)}, **way)
    with pytest.raises(FormatError, match=r"refers to (posix|nt)\.system; only numbers"):
        read(source, ReadOptions())
    assert not target.exists()


def replace(old, new):
    def change(data):
        assert old in data
        return data.replace(old, new, 1)

    return change


ONE = {"EGFR": torch.ones(4), "MET": torch.ones(4)}
PICKLE = "data.pkl"
HOSTILE = {
    # torch.load reads on behind the storage, in whatever comes there.
    "larger storage": (replace(b"K\x04t", b"J\x00\x00\x00\x01t"), "67,108,864 bytes where"),
    "larger shape": (replace(b"K\x04\x85", b"M\x40\x1f\x85"), r"shape \(8000,\) in 4 numbers"),
    "larger step": (replace(b"K\x01\x85", b"K\x02\x85"), r"shape \(4,\) in 4 numbers"),
    "offset": (replace(b"QK\x00K\x04", b"QK\x01K\x04"), r"shape \(4,\) in 4 numbers"),
    "negative step": (replace(b"K\x01\x85", b"J\xff\xff\xff\xff\x85"), "negative strides"),
    "negative shape": (replace(b"K\x04\x85", b"J\xff\xff\xff\xff\x85"), "a tensor of no shape"),
    "shape of text": (replace(b"K\x04\x85", b"X\x01\x00\x00\x00a\x85"), "a tensor of no shape"),
    "two steps": (replace(b"K\x01\x85", b"K\x01K\x01\x86"), "a tensor without a storage"),
    "other storage": (replace(b"X\x01\x00\x00\x000", b"X\x01\x00\x00\x009"), "a storage that the"),
    "other type": (replace(b"FloatStorage", b"DoubleStorage"), "32 bytes where the archive has 16"),
    "no type": (replace(b"torch\nFloatStorage", b"torch\nSize"), "a storage of another type"),
    "tensor of text": (
        lambda _: b"\x80\x02ctorch._utils\n_rebuild_tensor\n(NK\x00))tR.",
        "without",
    ),
    "steps in a list": (replace(b"K\x01\x85", b"](K\x01e"), "a tensor without a storage"),
    # torch.load overflows its stack.
    "deep key": (
        lambda _: b"\x80\x02})" + b"\x85" * 100_000 + b"K\x01s.",
        "expected names as keys",
    ),
    # torch.load never ends.
    "endless key": (lambda _: b"\x80\x02})" + b"q\x00h\x00\x86" * 64 + b"K\x01s.", "names as keys"),
    "call of a storage": (lambda _: b"\x80\x02ctorch\nFloatStorage\nK\x05\x85R.", "found others"),
    "cut off": (lambda data: data[:-20], "expected a whole pickle"),
}


@pytest.mark.parametrize(("change", "message"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_pickles(remade, change, message):
    with pytest.raises(FormatError, match=message) as caught, bounded_memory():
        read(remade(ONE, {PICKLE: change}), ReadOptions())
    assert "\n" not in str(caught.value)


def test_repeated_numbers_of_a_small_file(saved):
    source = saved({"EGFR": torch.ones(1).expand(2**40), "MET": torch.ones(1).expand(2**40)})
    with pytest.raises(FormatError, match="numbers claimed by"), bounded_memory():
        read(source, ReadOptions())
    content = {"genes": GENES, "embeddings": torch.ones(1).expand(3, 2**40)}
    with pytest.raises(FormatError, match="numbers claimed by"), bounded_memory():
        read(saved(content), ReadOptions())


def test_compressed_archive(remade):
    with pytest.raises(FormatError, match="found a compressed zip archive"):
        read(remade(ONE, {}, zipfile.ZIP_DEFLATED), ReadOptions())


def test_missing_members(remade):
    with pytest.raises(FormatError, match="a storage that the archive lacks"):
        read(remade(ONE, {"data/1": lambda _: None}), ReadOptions())
    with pytest.raises(FormatError, match=r"found a zip archive without data\.pkl"):
        read(remade(ONE, {PICKLE: lambda _: None}), ReadOptions())


def test_damaged_numbers(saved):
    # torch.load returns such numbers.
    source = saved(rows())
    data = source.path.read_bytes()
    source.path.write_bytes(data.replace(VECTORS.tobytes(), (VECTORS + 1).tobytes()))
    with pytest.raises(FormatError, match="genes/data/0: expected a file of PyTorch, found it dam"):
        read(Source(source.path), ReadOptions())


@pytest.mark.parametrize("left", [200_000, 100, 0])
def test_a_file_that_shrinks_while_it_is_read(saved, left):
    # Numbers that are mapped into memory would end the process.
    source = saved({"EGFR": torch.ones(100_000), "MET": torch.ones(100_000)})
    loaded = load_tensors(source)
    os.truncate(source.path, left)
    with pytest.raises(
        FormatError, match=r"genes/data/1: expected a file of PyTorch, found it dam"
    ):
        loaded["MET"].numpy()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_cut_off(saved, way):
    source = saved(rows(), **way)
    data = source.path.read_bytes()
    for end in range(0, len(data), 13):
        source.path.write_bytes(data[:end])
        with pytest.raises(FormatError):
            read(Source(source.path), ReadOptions())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (replace(b"M\xe9\x03", b"M\xe8\x03"), "expected a file of PyTorch of version 1001"),
        (replace(b"]q\x00X", b"]q\x00X\x01\x00\x00\x00baX"), "expected the storages of all"),
        (replace(b"]q\x00X", b"]q\x00]aX"), "expected the storages of all tensors"),
        (lambda data: data[:-1], "expected whole storages"),
    ],
)
def test_old_files(saved, change, message):
    source = saved(rows(), _use_new_zipfile_serialization=False)
    source.path.write_bytes(change(source.path.read_bytes()))
    with pytest.raises(FormatError, match=message):
        read(Source(source.path), ReadOptions())


def test_compressed_with_gzip(saved, tmp_path):
    import gzip

    path = tmp_path / "genes.pt.gz"
    path.write_bytes(gzip.compress(saved(rows()).path.read_bytes()))
    with pytest.raises(FormatError, match="found it within gzip: decompress it first"):
        read_contents(Source(path), ReadOptions())


def test_other_files(tmp_path):
    (tmp_path / "genes.pt").write_bytes(b"text")
    with pytest.raises(FormatError, match=r"expected a file of PyTorch \(torch\.save\), found"):
        read(Source(tmp_path / "genes.pt"), ReadOptions())
    with pytest.raises(FormatError, match="expected a file of PyTorch, found a folder"):
        read(Source(tmp_path), ReadOptions())
