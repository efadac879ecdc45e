import os
import sys

import examples_models
import examples_tables
import examples_words
import numpy as np
import pytest

from gene_analogies import Embedding, GeneAnalogiesError
from gene_analogies.cli.embedding_options import Choice
from gene_analogies.cli.inputs import Inputs, inputs_of


@pytest.fixture
def put(tmp_path):
    """Make a file."""

    def make(path):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
        return tmp_path / path

    return make


def refusal(inputs, target, *more):
    with pytest.raises(GeneAnalogiesError) as raised:
        inputs.check(target, *more)
    return str(raised.value)


def test_what_the_options_name(put, tmp_path):
    source, names, order, among = map(put, ["x.npy", "names", "order", "among"])
    choice = Choice(str(source), False, among, {"names": names, "order": str(order)})
    inputs = inputs_of(choice)
    for read in (source, names, order, among):
        assert refusal(inputs, read) == f"{read} is read, too: write elsewhere"
    inputs.check(put("other"))
    inputs.check(tmp_path / "new")


def test_what_is_built_in():
    assert inputs_of(Choice("pubmed", False, None, {})) == Inputs(None, ())


def test_an_unknown_embedding():
    with pytest.raises(GeneAnalogiesError, match="there is no file or folder 'nope'"):
        inputs_of(Choice("nope", False, None, {}))


@pytest.mark.skipif(sys.platform == "win32", reason="links as on POSIX")
def test_links(put, tmp_path):
    source = put("x.txt")
    for name, link in (("soft", os.symlink), ("hard", os.link)):
        link(source, tmp_path / name)
        assert "is read, too" in refusal(Inputs(source, ()), tmp_path / name)
        assert "is read, too" in refusal(Inputs(tmp_path / name, ()), source)


def test_a_folder(put, tmp_path):
    vocabulary, deep = put("model/vocab.json"), put("model/more/deep.txt")
    inputs = Inputs(tmp_path / "model", ())
    for target in (vocabulary, deep):
        assert refusal(inputs, target) == (
            f"{target} lies in {tmp_path / 'model'}, which is read: write elsewhere"
        )
    assert "is read, too" in refusal(inputs, tmp_path / "model")
    inputs.check(tmp_path / "model" / "new.txt")
    inputs.check(put("model.txt"))


@pytest.mark.skipif(sys.platform == "win32", reason="links as on POSIX")
def test_a_folder_of_links(put, tmp_path):
    blob = put("blobs/1")
    (tmp_path / "model").mkdir()
    link = tmp_path / "model" / "vocab.json"
    link.symlink_to(blob)
    inputs = Inputs(tmp_path / "model", ()).having_read(Embedding(["a"], [[1.0]], files=[link]))
    assert "is read, too" in refusal(inputs, blob)


def test_a_folder_to_write_that_holds_what_is_read(put, tmp_path):
    source, names = put("out/deep/x.npy"), put("out/names.txt")
    for inputs in (Inputs(source, ()), Inputs(None, (names,))):
        message = refusal(inputs, tmp_path / "out")
        assert "holds" in message
        assert message.endswith(", which is read: write elsewhere")


MODELS = examples_models.EXAMPLES | examples_words.EXAMPLES | examples_tables.EXAMPLES


@pytest.mark.parametrize(
    ("example", "beside"),
    [
        (("projector", "columns"), "brain_metadata.tsv"),
        (("scgpt", "file"), "vocab.json"),
        (("scgpt", "file"), "args.json"),
        (("geneformer", "safetensors"), "config.json"),
        (("geneformer", "safetensors"), "token_dictionary_gc104M.pkl"),
        (("gensim", "array beside"), "vectors.kv.vectors.npy"),
        (("npy", "words"), "google_news_words_30k.npy"),
    ],
    ids=str,
)
def test_files_that_are_read_together(put, tmp_path, example, beside):
    source, other = MODELS[example](tmp_path), put("other.json")
    choice = Choice(str(source), False, None, {"allow_gensim": True})
    inputs = inputs_of(choice).having_read(choice.embedding())
    for read in (source, tmp_path / beside):
        assert "is read, too" in refusal(inputs, read)
    inputs.check(other)


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("brain_tensors.tsv", "brain_metadata.tsv"),
        ("brain_metadata.tsv", "brain_tensors.tsv"),
    ],
)
def test_either_file_of_the_projector(tmp_path, name, beside):
    MODELS["projector", "columns"](tmp_path)
    choice = Choice(str(tmp_path / name), False, None, {})
    inputs = inputs_of(choice).having_read(choice.embedding())
    assert "is read, too" in refusal(inputs, tmp_path / beside)


def test_a_dictionary_in_the_folder_above(put, tmp_path):
    folder = tmp_path / "repository" / "model"
    folder.mkdir(parents=True)
    source = MODELS["geneformer", "safetensors"](folder)
    dictionary = tmp_path / "repository" / "geneformer" / "token_dictionary_gc104M.pkl"
    dictionary.parent.mkdir()
    (folder / dictionary.name).rename(dictionary)
    for path in (source, folder):
        choice = Choice(str(path), False, None, {})
        inputs = inputs_of(choice).having_read(choice.embedding())
        assert refusal(inputs, dictionary) == f"{dictionary} is read, too: write elsewhere"


@pytest.mark.parametrize(
    "beside", ["x.csv", "x.npy.csv", "vocab.json", "metadata.tsv", "names.txt"]
)
def test_other_files_beside(put, tmp_path, beside):
    np.save(tmp_path / "x.npy", np.eye(2))
    (tmp_path / "x_genes.txt").write_text("EGF\nEGFR\n")
    choice = Choice(str(tmp_path / "x.npy"), False, None, {})
    other = put(beside)
    inputs_of(choice).having_read(choice.embedding()).check(other)


def test_the_file_of_names_that_was_found(put, tmp_path):
    np.save(tmp_path / "x.npy", np.eye(2))
    names = tmp_path / "x_genes.txt"
    names.write_text("EGF\nEGFR\n")
    choice = Choice(str(tmp_path / "x.npy"), False, None, {})
    inputs = inputs_of(choice)
    inputs.check(names)
    read = inputs.having_read(choice.embedding())
    assert "is read, too" in refusal(read, names)
    read.check(put("elsewhere/x_genes.txt"))
    inputs.having_read(Embedding(["a"], [[1.0]])).check(names)


def test_what_else_is_read(put):
    among = put("among")
    assert "is read, too" in refusal(Inputs(None, ()), among, None, among)


@pytest.mark.parametrize("target", [None, "-", "/dev/stdout"])
def test_standard_output(tmp_path, target):
    Inputs(tmp_path, ()).check(target)


@pytest.fixture
def substituted():
    """Text behind a path as a shell's ``<(...)`` gives it."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as stream:
        stream.write(b"EGF 1 2\nEGFR 3 4\n")
    yield f"/dev/fd/{reading}"
    os.close(reading)


@pytest.mark.skipif(not os.path.exists("/dev/fd"), reason="no /dev/fd here")  # noqa: PTH110
@pytest.mark.parametrize(
    "options",
    [["-e"], ["-e", "{file}", "--names"], ["-e", "{file}", "--order"]],
    ids=["source", "names", "order"],
)
def test_a_process_substitution_is_refused_in_a_line(invoke, substituted, tmp_path, options):
    np.save(tmp_path / "a.npy", np.eye(3))
    (tmp_path / "a.txt").write_text("EGF\nEGFR\nMET\n")
    options = [option.format(file=tmp_path / "a.npy") for option in options]
    code, out, err = invoke("pairs", "EGF", "EGFR", *options, substituted)
    assert (code, out) == (2, "")
    assert err == f"Error: {substituted} is a pipe, which cannot be read twice; save it to a file\n"


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no /dev/zero here")  # noqa: PTH110
def test_a_device_that_never_ends(invoke, monkeypatch):
    monkeypatch.setattr("gene_analogies.util.regular_files._LARGEST", 2**20)
    code, _, err = invoke("info", "pubmed", "--among", "/dev/zero")
    assert code == 2
    assert err == "Error: /dev/zero cannot be read: it holds more than 1 MiB\n"
