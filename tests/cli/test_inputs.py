import os
import sys

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
    (tmp_path / "model" / "vocab.json").symlink_to(blob)
    assert "is read, too" in refusal(Inputs(tmp_path / "model", ()), blob)


def test_a_folder_to_write_that_holds_what_is_read(put, tmp_path):
    source, names = put("out/deep/x.npy"), put("out/names.txt")
    for inputs in (Inputs(source, ()), Inputs(None, (names,))):
        message = refusal(inputs, tmp_path / "out")
        assert "holds" in message
        assert message.endswith(", which is read: write elsewhere")


@pytest.mark.parametrize(
    ("source", "beside"),
    [
        ("tensors.tsv", "metadata.tsv"),
        ("a_metadata.tsv", "a_tensors.tsv"),
        ("best_model.pt", "vocab.json"),
        ("best_model.pt", "args.json"),
        ("model.safetensors", "config.json"),
        ("model.safetensors", "token_dictionary_gc95M.pkl"),
        ("x.kv", "x.kv.vectors.npy"),
    ],
)
def test_files_that_are_read_together(put, source, beside):
    assert "is read, too" in refusal(Inputs(put(source), ()), put(beside))


@pytest.mark.parametrize(
    "beside", ["x.csv", "x.npy.csv", "vocab.json", "metadata.tsv", "names.txt"]
)
def test_other_files_beside(put, beside):
    Inputs(put("x.npy"), ()).check(put(beside))


def test_the_file_of_names_that_was_found(put):
    inputs, names = Inputs(put("x.npy"), ()), put("x_genes.txt")
    inputs.check(names)
    read = inputs.having_read(Embedding(["a"], [[1.0]], {"names": "x_genes.txt"}))
    assert "is read, too" in refusal(read, names)
    read.check(put("elsewhere/x_genes.txt"))
    inputs.having_read(Embedding(["a"], [[1.0]])).check(names)


def test_what_else_is_read(put):
    among = put("among")
    assert "is read, too" in refusal(Inputs(None, ()), among, None, among)


@pytest.mark.parametrize("target", [None, "-", "/dev/stdout"])
def test_standard_output(tmp_path, target):
    Inputs(tmp_path, ()).check(target)
