"""Geneformer: models as transformers saves them, and pickled dictionaries of tokens."""

import json
import pickle
import shutil
import warnings

import numpy as np
import pytest
from real_files import real_file

from gene_analogies.errors import FormatError, GeneAnalogiesError
from gene_analogies.formats.contents import ReadOptions
from gene_analogies.formats.readers.geneformer import read, recognises
from gene_analogies.formats.registry import read_contents
from gene_analogies.formats.source import Source

torch = pytest.importorskip("torch")

# By row, out of order, as in the real ones.
TOKENS = {"ENSG00000146648": 5, "<pad>": 0, "<mask>": 1, "<cls>": 2, "<eos>": 3}
TOKENS |= {"ENSG00000138798": 4, "ENSG00000019991": 6}
GENES = ["ENSG00000138798", "ENSG00000146648", "ENSG00000019991"]
TABLE = "embeddings.word_embeddings.weight"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder of transformers' for each model, and their tables."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        transformers = pytest.importorskip("transformers")
        root = tmp_path_factory.mktemp("models")
        config = transformers.BertConfig(
            vocab_size=7,
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=8,
            max_position_embeddings=16,
        )
        torch.manual_seed(0)
        masked = transformers.BertForMaskedLM(config)
        masked.save_pretrained(root / "masked")
        masked.bfloat16().save_pretrained(root / "bfloat16")
        masked.bert.save_pretrained(root / "bare")
    shutil.copytree(root / "masked", root / "bin")
    (root / "bin" / "model.safetensors").unlink()
    torch.save(masked.state_dict(), root / "bin" / "pytorch_model.bin")
    table = masked.bert.embeddings.word_embeddings.weight.detach().float().numpy()
    return root, table


@pytest.fixture
def model(saved, tmp_path):
    """Copy one of the models, with a dictionary of tokens beside it unless told otherwise."""

    def copy(name="masked", tokens="token_dictionary_gc104M.pkl"):
        folder = tmp_path / "repository" / "model"
        shutil.copytree(saved[0] / name, folder)
        if tokens:
            write_tokens(folder / tokens)
        return folder

    return copy


def write_tokens(path, tokens=TOKENS, protocol=4):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(tokens, protocol))
    return path


def change_config(folder, **settings):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | settings))


@pytest.mark.parametrize(
    ("name", "file", "tensor"),
    [
        ("masked", "model.safetensors", f"bert.{TABLE}"),
        ("bare", "model.safetensors", TABLE),
        ("bfloat16", "model.safetensors", f"bert.{TABLE}"),
        ("bin", "pytorch_model.bin", f"bert.{TABLE}"),
    ],
)
def test_models(saved, model, name, file, tensor):
    folder = model(name)
    _, table = saved
    for path in (folder, folder / file):
        found = read_contents(Source(path), ReadOptions())
        assert found.names == GENES
        assert found.vectors.dtype == np.float32
        assert not found.vectors.flags.writeable
        # The last of the models was rounded to bfloat16, and the table with it.
        np.testing.assert_allclose(found.vectors, table[[4, 5, 6]], rtol=2**-8)
        assert found.details == {
            "format": "geneformer",
            "model": file,
            "tensor": tensor,
            "names": "token_dictionary_gc104M.pkl",
            "special_tokens": 4,
            "rows_without_token": 0,
        }


def test_numbers_are_those_of_the_model(model):
    from safetensors.torch import load_file

    folder = model()
    table = load_file(folder / "model.safetensors")[f"bert.{TABLE}"].numpy()
    np.testing.assert_array_equal(read(Source(folder), ReadOptions()).vectors, table[[4, 5, 6]])


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("number", [int, np.int64, np.int32, np.uint16])
def test_rows_may_be_numbers_of_numpy(model, number, protocol):
    folder = model(tokens=None)
    tokens = {token: number(row) for token, row in TOKENS.items()}
    write_tokens(folder / "token_dictionary.pkl", tokens, protocol)
    assert read(Source(folder), ReadOptions()).names == GENES


@pytest.mark.parametrize(
    "place",
    [
        "model/token_dictionary.pkl",
        "model/geneformer/token_dictionary_gc104M.pkl",
        "model/geneformer/gene_dictionaries_30m/token_dictionary_gc30M.pkl",
        "token_dictionary_gc104M.pkl",
        "geneformer/token_dictionary_gc104M.pkl",
        "geneformer/gene_dictionaries_30m/token_dictionary_gc30M.pkl",
    ],
)
def test_where_the_dictionary_may_lie(model, place):
    folder = model(tokens=None)
    path = write_tokens(folder.parent / place)
    for source in (Source(folder), Source(folder / "model.safetensors")):
        assert recognises(source)
        assert read(source, ReadOptions()).details["names"] == path.name


def test_relative_path(model, monkeypatch):
    folder = model(tokens=None)
    write_tokens(folder.parent / "geneformer" / "token_dictionary_gc104M.pkl")
    monkeypatch.chdir(folder)
    for path in (".", "model.safetensors"):
        assert read(Source(path), ReadOptions()).names == GENES


def test_the_dictionary_with_a_token_a_row_is_taken(model):
    # The repository has those of both generations.
    folder = model(tokens=None)
    base = folder.parent / "geneformer"
    more = TOKENS | {"ENSG00000254647": 7, "ENSG00000157764": 8}
    write_tokens(base / "token_dictionary_gc104M.pkl", more)
    write_tokens(base / "gene_dictionaries_30m" / "token_dictionary_gc30M.pkl")
    found = read(Source(folder), ReadOptions())
    assert found.details["names"] == "token_dictionary_gc30M.pkl"
    write_tokens(base / "gene_dictionaries_30m" / "token_dictionary_gc30M.pkl", more)
    with pytest.raises(
        FormatError, match=r"of 7 tokens, found token_\S* \(9\), token_\S* \(9\); n"
    ):
        read(Source(folder), ReadOptions())


@pytest.mark.parametrize("name", ["genes.pkl", "genes.json"])
def test_named_dictionary(model, tmp_path, name):
    folder = model(tokens=None)
    path = tmp_path / name
    path.write_bytes(json.dumps(TOKENS).encode() if name.endswith("json") else pickle.dumps(TOKENS))
    found = read(Source(folder), ReadOptions(names=path))
    assert found.names == GENES
    assert found.details["names"] == name


def test_dictionaries_of_one_size_that_disagree(model):
    folder = model(tokens=None)
    first = write_tokens(folder / "token_dictionary_gc104M.pkl")
    second = write_tokens(folder / "token_dictionary_other.pkl")
    assert read(Source(folder), ReadOptions()).names == GENES
    swapped = dict(zip(TOKENS, [*list(TOKENS.values())[:-2], 6, 4], strict=True))
    write_tokens(second, swapped)
    with pytest.raises(FormatError) as caught:
        read(Source(folder), ReadOptions())
    assert str(caught.value).endswith(
        f"expected one dictionary of 7 tokens, found {first} and {second}, which disagree on 2;"
        " name the dictionary of this model (names=, --names)"
    )
    assert read(Source(folder), ReadOptions(names=second)).names != GENES


def made_model(folder, rows, dimension=4, dtype=np.float32, **more):
    """Write a table of so many rows as a model, with nothing else."""
    from safetensors.numpy import save_file

    table = np.random.default_rng(0).normal(size=(rows, dimension)).astype(dtype)
    save_file({f"bert.{TABLE}": table, **more}, folder / "model.safetensors")
    return table


@pytest.mark.parametrize(("rows", "tokens"), [(300, 172), (300, 100), (10, 4)])
def test_the_dictionary_of_another_model(tmp_path, caplog, rows, tokens):
    table = made_model(tmp_path, rows)
    names = {f"ENSG{row:011}": row for row in range(tokens)}
    path = write_tokens(tmp_path / "token_dictionary_gc104M.pkl", names)
    with pytest.raises(FormatError) as caught:
        read(Source(tmp_path), ReadOptions())
    assert str(caught.value).endswith(
        f"model.safetensors: expected a token for each of its {rows} rows, found {tokens} tokens in"
        f" {path}, perhaps of another model; name the dictionary of this model (names=, --names),"
        " or this one to go on"
    )
    assert not caplog.messages
    found = read(Source(tmp_path), ReadOptions(names=path))
    assert found.names == list(names)
    np.testing.assert_array_equal(found.vectors, table[:tokens])
    (said,) = caplog.messages
    assert said.endswith(
        f"{rows - tokens} of its {rows} rows have no token in {path} ({tokens} tokens):"
        " is that its dictionary?"
    )


def test_rows_that_pad_a_model(tmp_path, caplog):
    made_model(tmp_path, 384)
    write_tokens(tmp_path / "token_dictionary.pkl", {f"ENSG{row:011}": row for row in range(257)})
    assert len(read(Source(tmp_path), ReadOptions()).names) == 257
    assert not caplog.messages


def test_tokens_beyond_the_rows_are_refused_though_named(tmp_path):
    made_model(tmp_path, 5)
    path = write_tokens(tmp_path / "token_dictionary.pkl")
    with pytest.raises(FormatError, match=r"of its 5 rows, found 7 tokens in .* for row 6; name"):
        read(Source(tmp_path), ReadOptions(names=path))


REAL = {"V1-10M": ("gc30M", 25_426, 25_424), "V2-104M": ("gc104M", 20_275, 20_271)}


@pytest.mark.parametrize("generation", REAL)
def test_the_real_dictionaries(tmp_path, generation):
    config = real_file(f"geneformer/config-{generation}.json")
    settings = json.loads(config.read_text())
    made_model(tmp_path, settings["vocab_size"], settings["hidden_size"], np.float16)
    shutil.copy(config, tmp_path / "config.json")
    right, rows, genes = REAL[generation]
    (wrong,) = {one for one, _, _ in REAL.values()} - {right}
    beside = tmp_path / "token_dictionary.pkl"
    shutil.copy(real_file(f"geneformer/token_dictionary_{wrong}.pkl"), beside)
    counts = f"{rows:,} rows, found {45_701 - rows:,} tokens"
    with pytest.raises(FormatError, match=counts):
        read(Source(tmp_path), ReadOptions())
    named = real_file(f"geneformer/token_dictionary_{right}.pkl")
    assert len(read(Source(tmp_path), ReadOptions(names=named)).names) == genes
    # Both beside: the one that fits.
    shutil.copy(named, tmp_path / "token_dictionary_right.pkl")
    found = read(Source(tmp_path), ReadOptions())
    assert found.details["names"] == "token_dictionary_right.pkl"
    assert len(found.names) == genes


# The model's own symbols.

SYMBOLS = {"EGF": "ENSG00000138798", "SOD2": "ENSG00000291237", "ETV7": "ENSG00000010030"}
SYMBOLS |= {"ENSG00000019991": "ENSG00000019991", "ENSG00000146648.9": "ENSG00000146648"}


@pytest.mark.parametrize(
    ("tokens", "names", "is_read"),
    [
        ("token_dictionary_gc104M.pkl", "gene_name_id_dict_gc104M.pkl", True),
        ("token_dictionary_gc30M.pkl", "gene_name_id_dict_gc30M.pkl", True),
        ("token_dictionary_gc30M.pkl", "gene_name_id_dict.pkl", True),
        ("token_dictionary.pkl", "gene_name_id_dict_gc30M.pkl", True),
        ("token_dictionary_gc104M.pkl", "gene_name_id_dict_gc30M.pkl", False),
        ("token_dictionary_gc104M.pkl", "gene_name_id_dict.pkl", False),
        ("token_dictionary_gc30M.pkl", "gene_name_id_dict_gc104M.pkl", False),
    ],
)
def test_symbols_of_the_same_generation(model, tokens, names, is_read):
    folder = model(tokens=None)
    below = folder.parent / "geneformer"
    for place in (folder, below):
        write_tokens(below / tokens)
        write_tokens(place / names, SYMBOLS)
        found = read_contents(Source(folder), ReadOptions())
        # An id in place of a symbol is none.
        assert found.symbols == ({"ENSG00000138798": "EGF"} if is_read else {})
        assert found.names == GENES
        assert ((place / names) in found.files) == is_read
        assert found.details.get("symbols") == (names if is_read else None)
        (place / names).unlink()
    assert read(Source(folder), ReadOptions()).symbols == {}


def test_symbols_beside_a_dictionary_that_is_named(model, tmp_path):
    folder = model(tokens=None)
    path = write_tokens(tmp_path / "elsewhere" / "token_dictionary_gc104M.pkl")
    write_tokens(tmp_path / "elsewhere" / "gene_name_id_dict_gc104M.pkl", SYMBOLS)
    assert read(Source(folder), ReadOptions(names=path)).symbols == {"ENSG00000138798": "EGF"}
    other = write_tokens(tmp_path / "elsewhere" / "mine.pkl")
    assert read(Source(folder), ReadOptions(names=other)).symbols == {}


@pytest.mark.parametrize(
    ("symbols", "message"),
    [
        (["EGF"], r"gene_name_id_dict_gc104M\.pkl: expected Ensembl ids by symbol, found a list$"),
        ({"EGF": 3}, "'EGF': expected Ensembl ids by symbol$"),
        ({3: "EGF"}, "3: expected Ensembl ids by symbol$"),
    ],
)
def test_symbols_that_are_none(model, symbols, message):
    folder = model()
    write_tokens(folder / "gene_name_id_dict_gc104M.pkl", symbols)
    with pytest.raises(FormatError, match=message):
        read(Source(folder), ReadOptions())


@pytest.mark.parametrize(
    ("generation", "count", "symbol"), [("gc30M", 21_245, None), ("gc104M", 19_446, "SOD2")]
)
def test_the_real_symbols(tmp_path, generation, count, symbol):
    tokens = real_file(f"geneformer/token_dictionary_{generation}.pkl")
    ending = "" if generation == "gc30M" else f"_{generation}"
    names = real_file(f"geneformer/gene_name_id_dict{ending}.pkl")
    made_model(tmp_path, {"gc30M": 25_426, "gc104M": 20_275}[generation])
    for path in (tokens, names):
        shutil.copy(path, tmp_path / path.name)
    found = read(Source(tmp_path), ReadOptions())
    assert len(found.symbols) == count
    assert found.symbols.get("ENSG00000291237") == symbol
    assert found.symbols["ENSG00000146648"] == "EGFR"


# Names of tensors, and weights that are none.


@pytest.mark.parametrize(
    "wrap",
    [
        lambda name: name,
        lambda name: f"module.{name}",
        lambda name: f"_orig_mod.module.{name}",
        lambda name: f"model.{name}",
    ],
)
@pytest.mark.parametrize("nested", [None, "state_dict", "model", "model_state_dict"])
def test_wrapped_states(model, saved, wrap, nested):
    folder = model("bin")
    state = torch.load(folder / "pytorch_model.bin", weights_only=True)
    state = {wrap(name): tensor for name, tensor in state.items()}
    content = {nested: state, "epoch": 1} if nested else state
    torch.save(content, folder / "pytorch_model.bin")
    found = read(Source(folder), ReadOptions())
    np.testing.assert_allclose(found.vectors, saved[1][[4, 5, 6]], rtol=2**-8)
    assert found.details["tensor"] == f"{nested + '.' if nested else ''}{wrap(f'bert.{TABLE}')}"


def test_a_model_in_shards(model, saved):
    from safetensors.torch import load_file, save_file

    folder = model()
    state = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    places = {
        name: f"model-{1 + row % 2:05}-of-00002.safetensors" for row, name in enumerate(state)
    }
    for file in set(places.values()):
        part = {name: tensor for name, tensor in state.items() if places[name] == file}
        save_file(part, folder / file)
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": places}))
    for source in (Source(folder), Source(index)):
        assert recognises(source)
        found = read_contents(source, ReadOptions())
        np.testing.assert_allclose(found.vectors, saved[1][[4, 5, 6]], rtol=2**-8)
        assert sorted(found.files) == sorted(folder.iterdir())


@pytest.mark.parametrize("scale", [None, "SCB", "weight_scale", "weight.absmax"])
def test_quantised_weights(tmp_path, scale):
    name = f"bert.{TABLE}"
    more = {f"{name.removesuffix('weight')}{scale}": np.ones(7, np.float32)} if scale else {}
    made_model(tmp_path, 7, dtype=np.int8, **more)
    write_tokens(tmp_path / "token_dictionary.pkl")
    beside = rf", with their scale in bert\.embeddings\.word_embeddings\.{scale}" if scale else ""
    message = rf"{name}: expected weights, found quantised ones \(I8 7 × 4\){beside}; load the"
    with pytest.raises(FormatError, match=message):
        read(Source(tmp_path), ReadOptions())


@pytest.mark.parametrize("name", ["genes.txt", "genes.csv", "genes.npy"])
def test_a_list_of_the_tokens_by_row(model, tmp_path, name):
    path = tmp_path / name
    tokens = sorted(TOKENS, key=TOKENS.get)
    if name.endswith("npy"):
        np.save(path, np.array(tokens))
    else:
        path.write_text("\n".join(tokens))
    assert read(Source(model()), ReadOptions(names=path)).names == GENES


def test_a_list_with_a_token_twice(model, tmp_path):
    (tmp_path / "genes.txt").write_text("A\nB\nA\nC\nD\nE\nF")
    with pytest.raises(
        FormatError, match=r"genes\.txt: row 2: expected each token once, found 'A'"
    ):
        read(Source(model()), ReadOptions(names=tmp_path / "genes.txt"))


def test_rows_without_a_token(model):
    folder = model(tokens=None)
    fewer = {token: row for token, row in TOKENS.items() if row != 5}
    write_tokens(folder / "token_dictionary.pkl", fewer)
    found = read(Source(folder), ReadOptions())
    assert found.names == ["ENSG00000138798", "ENSG00000019991"]
    assert found.details["rows_without_token"] == 1


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (
            TOKENS | {"B": 7},
            r"of its 7 rows, found 8 tokens in \S*dictionary\.pkl, 'B' for row 7;",
        ),
        (TOKENS | {"B": -1}, "dictionary.pkl: 'B': expected a row, found"),
        (TOKENS | {"B": 1.5}, "'B': expected a row, found 1.5$"),
        (TOKENS | {"B": True}, "'B': expected a row, found"),
        (TOKENS | {"B": "x"}, "'B': expected a row, found 'x'$"),
        (TOKENS | {"B": None}, "'B': expected a row, found NoneType$"),
        (TOKENS | {"B": 10**50}, "'B': expected a row, found"),
        (TOKENS | {"B": 5}, "'B': expected a row of its own, found 5, that of 'ENSG00000146648'$"),
        (TOKENS | {3.5: 7}, "expected tokens that are text, found a float$"),
        ({}, "expected a dictionary from token to row, found an empty one$"),
        (["EGFR"], "expected a dictionary from token to row, found a list$"),
    ],
)
def test_faults_of_the_dictionary(model, tokens, message):
    folder = model(tokens=None)
    write_tokens(folder / "token_dictionary.pkl", tokens)
    with pytest.raises(FormatError, match=message):
        read(Source(folder), ReadOptions())


def test_a_bert_that_is_no_geneformer(model):
    folder = model(tokens=None)
    assert recognises(Source(folder))
    with pytest.raises(FormatError, match="expected a dictionary of tokens, found no t") as caught:
        read(Source(folder), ReadOptions())
    assert "token_dictionary*.pkl" in str(caught.value)
    assert "geneformer/gene_dictionaries_30m" in str(caught.value)
    assert str(caught.value).endswith("name the file (names=, --names)")


def test_recognised(model, tmp_path):
    folder = model()
    assert recognises(Source(folder))
    (folder / "config.json").unlink()
    assert recognises(Source(folder))
    assert read(Source(folder), ReadOptions()).names == GENES
    (folder / "token_dictionary_gc104M.pkl").unlink()
    assert not recognises(Source(folder))
    (folder / "config.json").write_text('{"model_type": "roberta"}')
    assert not recognises(Source(folder))
    (folder / "config.json").write_text("{")
    assert not recognises(Source(folder))
    assert not recognises(Source(tmp_path))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vocab_size": 8}, r"config\.json: vocab_size: expected 7, .*, found 8$"),
        ({"hidden_size": 4}, r"config\.json: hidden_size: expected 8, .*, found 4$"),
        ({"model_type": "roberta"}, r"config\.json: model_type: expected 'bert', .*'roberta'$"),
    ],
)
def test_settings_of_another_model(model, settings, message):
    folder = model()
    change_config(folder, **settings)
    with pytest.raises(FormatError, match=message):
        read(Source(folder), ReadOptions())


def test_other_tensors(model):
    from safetensors.torch import save_file

    folder = model()
    tensors = {"roberta.embeddings.weight": torch.ones(7, 8), "bias": torch.ones(3)}
    save_file(tensors, folder / "model.safetensors")
    message = (
        rf"expected the matrix bert\.{TABLE}, found roberta\.embeddings\.weight \(F32 7 × 8\)$"
    )
    with pytest.raises(FormatError, match=message):
        read(Source(folder), ReadOptions())
    save_file({f"bert.{TABLE}": torch.ones(7)}, folder / "model.safetensors")
    with pytest.raises(FormatError, match=r"expected the matrix .* found nothing$"):
        read(Source(folder), ReadOptions())
    (folder / "model.safetensors").unlink()
    torch.save([1], folder / "pytorch_model.bin")
    with pytest.raises(FormatError, match=r"expected the tensors of a model, found a list$"):
        read(Source(folder), ReadOptions())
    (folder / "pytorch_model.bin").unlink()
    with pytest.raises(FormatError, match=r"expected a model's folder, found none of model\.safe"):
        read(Source(folder), ReadOptions())


def test_names_that_do_not_exist(model, tmp_path):
    with pytest.raises(GeneAnalogiesError, match="does not exist"):
        read(Source(model()), ReadOptions(names=tmp_path / "none.pkl"))


def test_code_in_a_dictionary_is_not_run(model, tmp_path):
    class Payload:
        def __reduce__(self):
            return open, (str(tmp_path / "made"), "w")

    folder = model(tokens=None)
    write_tokens(folder / "token_dictionary.pkl", {"EGFR": Payload()})
    with pytest.raises(
        FormatError, match=r"token_dictionary\.pkl: byte \d+: refers to \S*open; only"
    ):
        read(Source(folder), ReadOptions())
    assert not (tmp_path / "made").exists()
