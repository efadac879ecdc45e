"""scGPT's models: the encoder of genes as a real module holds it, and its vocabulary."""

import json

import numpy as np
import pytest
from real_files import real_file

from gene_analogies.errors import FormatError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers.scgpt import read, recognises
from gene_analogies.formats.registry import read_contents
from gene_analogies.formats.source import Source

torch = pytest.importorskip("torch")

# Rows out of order; symbols with dots, and Ensembl ids where there is no symbol.
VOCABULARY = {"MET": 4, "<pad>": 6, "RP5-973N23.5": 2, "ENSG00000285629": 0, "<cls>": 1}
VOCABULARY |= {"A1BG-AS1": 3, "<eoc>": 5}
NAMES = ["ENSG00000285629", "RP5-973N23.5", "A1BG-AS1", "MET"]
ROWS = [0, 2, 3, 4]


class GeneEncoder(torch.nn.Module):
    """As in scGPT: the embedding, then its LayerNorm."""

    def __init__(self, rows=7, dimension=6):
        super().__init__()
        self.embedding = torch.nn.Embedding(rows, dimension, padding_idx=6)
        self.enc_norm = torch.nn.LayerNorm(dimension)

    def forward(self, x):
        return self.enc_norm(self.embedding(x))


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = GeneEncoder()
        self.value_encoder = torch.nn.Linear(1, 6)


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = Model()
    with torch.no_grad():
        model.encoder.enc_norm.weight.uniform_(0.5, 2)
        model.encoder.enc_norm.bias.normal_()
    return model


@pytest.fixture
def folder(tmp_path):
    def write(state, vocabulary=VOCABULARY, arguments=None):
        torch.save(state, tmp_path / "best_model.pt")
        (tmp_path / "vocab.json").write_text(json.dumps(vocabulary))
        if arguments is not None:
            (tmp_path / "args.json").write_text(json.dumps(arguments))
        return tmp_path

    return write


def test_layer_norm_is_that_of_torch(model, folder):
    path = folder(model.state_dict(), arguments={"embsize": 6, "d_hid": 12})
    with torch.no_grad():
        expected = model.double().encoder(torch.tensor(ROWS)).float().numpy()
    for source in (Source(path), Source(path / "best_model.pt")):
        found = read_contents(source, ReadOptions())
        assert found.names == NAMES
        assert found.vectors.dtype == np.float32
        assert found.vectors.flags.c_contiguous
        assert not found.vectors.flags.writeable
        np.testing.assert_array_almost_equal_nulp(found.vectors, expected, nulp=1)
        assert found.details == {
            "format": "scgpt",
            "tensor": "encoder.embedding.weight",
            "key": "layer-norm",
            "names": "vocab.json",
            "special_tokens": 3,
            "rows_without_token": 0,
        }


def test_raw(model, folder):
    path = folder(model.state_dict())
    found = read(Source(path), ReadOptions(key="raw"))
    expected = model.encoder.embedding.weight.detach().numpy()[ROWS]
    np.testing.assert_array_equal(found.vectors, expected)
    assert found.details["key"] == "raw"


def test_more_rows_than_are_normalised_at_once(folder):
    torch.manual_seed(0)
    encoder = GeneEncoder(rows=9000, dimension=4)
    state = {f"encoder.{name}": tensor for name, tensor in encoder.state_dict().items()}
    path = folder(state, {f"G{row}": row for row in range(9000)})
    with torch.no_grad():
        expected = encoder(torch.arange(9000)).numpy()
    np.testing.assert_allclose(read(Source(path), ReadOptions()).vectors, expected, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16])
def test_other_precision(model, folder, dtype):
    path = folder(model.to(dtype).state_dict())
    found = read(Source(path), ReadOptions(key="raw"))
    expected = model.encoder.embedding.weight.detach()[ROWS]
    expected = expected if dtype == torch.float64 else expected.float()
    np.testing.assert_array_equal(found.vectors, expected.numpy())
    assert found.vectors.dtype == expected.numpy().dtype
    assert read(Source(path), ReadOptions()).vectors.dtype == expected.numpy().dtype


@pytest.mark.parametrize(
    "nest",
    [
        lambda state: {f"module.{name}": tensor for name, tensor in state.items()},
        lambda state: {"model_state_dict": state, "epoch": 3, "optimizer": {"lr": 0.1}},
        lambda state: {"state_dict": state},
        lambda state: {"model": {f"module.{name}": tensor for name, tensor in state.items()}},
        lambda state: {f"_orig_mod.{name}": tensor for name, tensor in state.items()},
        lambda state: {"state_dict": {f"model.{name}": t for name, t in state.items()}},
    ],
)
def test_states_within_others(model, folder, nest):
    plain = read(Source(folder(model.state_dict())), ReadOptions())
    found = read(Source(folder(nest(model.state_dict()))), ReadOptions())
    assert found.names == plain.names
    np.testing.assert_array_equal(found.vectors, plain.vectors)


def test_named_vocabulary(model, folder, tmp_path):
    path = folder(model.state_dict())
    (tmp_path / "other.json").write_text(json.dumps({"EGFR": 1, "<pad>": 0}))
    (path / "vocab.json").unlink()
    found = read(Source(path), ReadOptions(names=tmp_path / "other.json"))
    assert found.names == ["EGFR"]
    assert found.details["names"] == "other.json"
    assert found.details["rows_without_token"] == 5


def test_the_vocabulary_of_another_model(folder, caplog):
    state = {"encoder.embedding.weight": torch.randn(300, 4)}
    path = folder(state, {f"G{row}": row for row in range(150)})
    with pytest.raises(
        FormatError, match=r"each of its 300 rows, found 150 tokens in \S*vocab\.json, perhaps of"
    ):
        read(Source(path), ReadOptions(key="raw"))
    assert not caplog.messages
    found = read(Source(path), ReadOptions(key="raw", names=path / "vocab.json"))
    assert found.details["rows_without_token"] == 150
    (said,) = caplog.messages
    assert "150 of its 300 rows have no token" in said


def test_vocabularies_of_one_size_that_disagree(model, folder):
    path = folder(model.state_dict())
    for name, vocabulary in (
        ("old_vocab.json", {"MET": 0}),
        ("vocab_sizes.json", {"genes": "many"}),
        ("vocab_copy.json", VOCABULARY),
    ):
        (path / name).write_text(json.dumps(vocabulary))
    assert read(Source(path), ReadOptions()).names == NAMES
    other = {**VOCABULARY, "MET": 3, "A1BG-AS1": 4}
    (path / "default_vocab.json").write_text(json.dumps(other))
    message = (
        r"one dictionary of 7 tokens, found \S*/vocab\.json and \S*/default_vocab\.json, which"
        r" disagree on 2; name the"
    )
    with pytest.raises(FormatError, match=message):
        read(Source(path), ReadOptions())
    named = read(Source(path), ReadOptions(names=path / "default_vocab.json"))
    assert named.names == ["ENSG00000285629", "RP5-973N23.5", "MET", "A1BG-AS1"]


# The census vocabulary of the whole-human model and two others, with its three special tokens.
SPECIAL = ("<pad>", "<cls>", "<eoc>")


@pytest.mark.parametrize(
    ("name", "tokens"), [("gene", 48_292), ("cellxgene", 36_571), ("census", 60_694)]
)
def test_the_real_vocabularies(folder, name, tokens):
    vocabulary = json.loads(real_file(f"scgpt/default_{name}_vocab.json").read_text())
    assert len(vocabulary) == tokens
    vocabulary |= {token: tokens + row for row, token in enumerate(SPECIAL)}
    path = folder({"encoder.embedding.weight": torch.zeros(60_697, 2)}, vocabulary)
    if name == "census":
        assert len(read(Source(path), ReadOptions(key="raw")).names) == tokens
        return
    with pytest.raises(FormatError, match=rf"its 60,697 rows, found {tokens + 3:,} tokens in"):
        read(Source(path), ReadOptions(key="raw"))


def test_quantised_weights(folder):
    state = {"encoder.embedding.weight": torch.ones(7, 6, dtype=torch.int8)}
    state["encoder.embedding.weight_scale"] = torch.ones(7)
    message = r"quantised ones \(int8 7 × 6\), with their scale in encoder\.embedding\.weight_scale"
    with pytest.raises(FormatError, match=message):
        read(Source(folder(state)), ReadOptions(key="raw"))


def test_rows_of_nan_stay(model, folder):
    with torch.no_grad():
        model.encoder.embedding.weight[0] = float("nan")
        model.encoder.embedding.weight[2] = float("inf")
    found = read(Source(folder(model.state_dict())), ReadOptions())
    assert np.isnan(found.vectors[:2]).all()
    assert np.isfinite(found.vectors[2:]).all()


def test_recognised(model, folder, tmp_path):
    assert not recognises(Source(tmp_path))
    path = folder(model.state_dict(), arguments={})
    (path / "other.pt").write_bytes(b"")
    assert recognises(Source(path))
    assert recognises(Source(path / "best_model.pt"))
    assert not recognises(Source(path / "other.pt"))
    assert not recognises(Source(path / "vocab.json"))
    (path / "vocab.json").unlink()
    assert recognises(Source(path))
    with pytest.raises(FormatError, match=r"expected scGPT's vocab\.json in it$"):
        read(Source(path), ReadOptions())
    with pytest.raises(
        FormatError, match=r"best_model\.pt: expected scGPT's vocab\.json beside it$"
    ):
        read(Source(path / "best_model.pt"), ReadOptions())
    (path / "args.json").unlink()
    assert not recognises(Source(path))
    (path / "best_model.pt").unlink()
    with pytest.raises(FormatError, match=r"expected scGPT's best_model\.pt in it$"):
        read(Source(path), ReadOptions())


def test_unknown_key(model, folder):
    with pytest.raises(FormatError, match=r"there is no key 'norm'; choose from layer-norm, raw$"):
        read(Source(folder(model.state_dict())), ReadOptions(key="norm"))


def test_without_norm(model, folder):
    state = model.state_dict()
    del state["encoder.enc_norm.bias"]
    path = folder(state)
    with pytest.raises(FormatError, match=r"expected encoder\.enc_norm\.weight and .* key raw"):
        read(Source(path), ReadOptions())
    assert read(Source(path), ReadOptions(key="raw")).names == NAMES
    state["encoder.enc_norm.bias"] = torch.ones(5)
    with pytest.raises(FormatError, match="of 6 numbers, found none"):
        read(Source(folder(state)), ReadOptions())


def test_settings_of_another_model(model, folder):
    path = folder(model.state_dict(), arguments={"embsize": 512})
    with pytest.raises(FormatError, match=r"args\.json: embsize: expected 6, .*, found 512$"):
        read(Source(path), ReadOptions())


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"encoder.weight": torch.ones(3, 2)}, r"found encoder\.weight \(float32 3 × 2\)$"),
        (
            {"encoder.embedding.weight": torch.ones(3)},
            r"encoder\.embedding\.weight, found nothing$",
        ),
        (torch.ones(3), "expected the tensors of a model, found a Tensor$"),
        ({}, "found nothing$"),
    ],
)
def test_other_states(folder, state, message):
    with pytest.raises(FormatError, match=message):
        read(Source(folder(state)), ReadOptions())


@pytest.mark.parametrize(
    ("vocabulary", "message"),
    [
        (
            {"MET": 7},
            r"best_model\.pt: .* 7 rows, found 1 tokens in \S*vocab\.json, 'MET' for row 7",
        ),
        (
            {"MET": 1, "EGFR": 1},
            r"vocab\.json: 'EGFR': expected a row of its own, found 1, that of",
        ),
        ({"MET": "1"}, r"vocab\.json: 'MET': expected a row, found '1'$"),
        (["MET"], r"vocab\.json: expected a JSON object, found a list$"),
        ({}, r"vocab\.json: expected a dictionary from token to row, found an empty one$"),
        ({"\ud800": 1}, "expected tokens that are text"),
    ],
)
def test_faults_of_the_vocabulary(model, folder, vocabulary, message):
    with pytest.raises(FormatError, match=message):
        read(Source(folder(model.state_dict(), vocabulary)), ReadOptions())


@pytest.mark.parametrize("text", [b"{", b"\xff", b"[" * 100_000, b'{"MET": ' + b"1" * 5000 + b"}"])
def test_broken_vocabulary(model, folder, text):
    path = folder(model.state_dict())
    (path / "vocab.json").write_bytes(text)
    with pytest.raises(FormatError, match=r"vocab\.json"):
        read(Source(path), ReadOptions())
