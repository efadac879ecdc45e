import pytest

from gene_analogies.cli.names import parse_examples, read_names
from gene_analogies.errors import GeneAnalogiesError

ITEMS = {"HLA:A", "HLA:B", "a", "b:c", "a:b", "c", ":", ";", "x,"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("EGF EGFR", [("EGF", "EGFR")]),
        ("EGF:EGFR", [("EGF", "EGFR")]),
        ("EGF:EGFR HGF:MET", [("EGF", "EGFR"), ("HGF", "MET")]),
        ("EGF : EGFR", [("EGF", "EGFR")]),
        ("EGF : EGFR, HGF : MET", [("EGF", "EGFR"), ("HGF", "MET")]),
        ("EGF, EGFR", [("EGF", "EGFR")]),
        ("HLA:A HLA:B", [("HLA:A", "HLA:B")]),
        ("HLA:A EGF", [("HLA:A", "EGF")]),
        ("EGF HLA:A", [("EGF", "HLA:A")]),
        ("HLA:A:EGF", [("HLA:A", "EGF")]),
        ("HLA:A:HLA:B", [("HLA:A", "HLA:B")]),
        (": ;", [(":", ";")]),
        ("HGNC:3229 EGFR", [("HGNC:3229", "EGFR")]),
        ("GeneID:1950 Entrez:1956", [("GeneID:1950", "Entrez:1956")]),
        ("HGNC:3229 HGNC:3236", [("HGNC:3229", "HGNC:3236")]),
        ("HGNC:3229:HGNC:3236 HGF:hgnc:7029", [("HGNC:3229", "HGNC:3236"), ("HGF", "hgnc:7029")]),
        ("x, a", [("x,", "a")]),
        ("bP-2171C21.3 ENSG00000146648.18", [("bP-2171C21.3", "ENSG00000146648.18")]),
    ],
)
def test_words_that_make_pairs(words, expected):
    items = {*ITEMS, "EGF"}
    assert parse_examples(words.split(), items.__contains__) == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", "0 names make no pair: give two names, as in EGF EGFR"),
        ("EGF", "one name makes no pair"),
        ("EGF EGFR HGF", "3 names make no pair"),
        ("EGF:EGFR HGF", "'HGF' stands beside 'EGF:EGFR': .* as in EGF:EGFR HGF:MET"),
        ("EGF:EGFR HGF MET", "'HGF' stands beside"),
        ("EGF:", "'EGF:' lacks a name"),
        (":EGFR", "':EGFR' lacks a name"),
        ("a:b:c x:y", "'a:b:c' has several colons"),
        ("x:y:z", "'x:y:z' has several colons"),
    ],
)
def test_words_that_make_none(words, message):
    with pytest.raises(GeneAnalogiesError, match=message):
        parse_examples(words.split(), ITEMS.__contains__)


def test_names_of_a_file(tmp_path):
    file = tmp_path / "names.txt"
    file.write_bytes(b"\xef\xbb\xbfEGF\r\n\r\n  # no name\r\n MET \n#x\nbeta catenin")
    assert read_names(file) == ["EGF", "MET", "beta catenin"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"EGF\n\xff\n", "not text in UTF-8"),
        (b"\x7fELF\0\0", "not text in UTF-8"),
        ("EGF\n".encode("utf-16"), "not text in UTF-8"),
        (b"", "holds no names"),
        (b"# only\n\n", "holds no names"),
    ],
)
def test_files_that_hold_none(tmp_path, content, message):
    file = tmp_path / "names.txt"
    file.write_bytes(content)
    with pytest.raises(GeneAnalogiesError, match=rf"names\.txt .*{message}"):
        read_names(file)


def test_a_file_that_is_missing_and_one_that_is_a_folder(tmp_path):
    with pytest.raises(GeneAnalogiesError, match="none cannot be read: No such file"):
        read_names(tmp_path / "none")
    with pytest.raises(GeneAnalogiesError, match="cannot be read"):
        read_names(tmp_path)
