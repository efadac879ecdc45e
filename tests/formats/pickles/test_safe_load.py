"""Pickles read as plain data: what is read, and what a hostile one cannot do."""

import collections
import io
import os
import pickle
import pickletools
import struct
import time
from array import array
from pathlib import Path

import numpy as np
import pytest
from fuzz import bounded_memory

from gene_analogies.errors import FormatError
from gene_analogies.formats.pickles.safe_load import safe_load
from gene_analogies.formats.source import Source

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@pytest.fixture
def load(tmp_path):
    def load(data, **options):
        path = tmp_path / "file.pickle"
        path.write_bytes(data)
        source = Source(path)
        with source.open() as stream:
            return safe_load(stream, source, **options)

    return load


class Calls:
    """Pickled as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


def same(found, expected):
    """Whether values are equal, with arrays of equal types in this machine's byte order."""
    if isinstance(expected, np.ndarray):
        return (
            type(found) is np.ndarray
            and found.shape == expected.shape
            and found.dtype == expected.dtype.newbyteorder("=")
            and all(map(same, found.ravel(), expected.ravel()))
        )
    if isinstance(expected, dict):
        return (
            type(found) is dict
            and list(found) == list(expected)
            and all(map(same, found.values(), expected.values()))
        )
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return bool(found == expected)


VALUES = {
    "whole numbers": [0, 255, 256, -1, 2**31, -(2**40), 2**70, -(2**3000)],
    "floats": [0.5, float("inf"), 1e300, -0.0],
    "a long list of floats": [0.1 * number for number in range(2500)],
    "one float over a batch": [0.1 * number for number in range(1001)],
    "floats, then a whole number": [0.5] * 1000 + [3],
    "a list of lists": [[0.5, 1.5], [2.5, 3.5], []],
    "text": ["", "EGFR", "é ü", "\U0001f9ec", "x" * 300, "a\nb\\"],
    "bytes": [b"", b"EGFR", b"\xff\x00", b"x" * 300],
    "constants": [None, True, False],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)],
    "a dictionary": {"a": 1, 2: "b", None: {}},
    "sets": [{"a", "b"}, frozenset({"a", "b"}), set(), frozenset()],
    "other dictionaries": [
        collections.OrderedDict(b=1, a=2),
        collections.defaultdict(list, {"a": [1]}),
    ],
    "arrays": [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(6, dtype=">f4"),
        np.arange(3, dtype=np.uint8),
        np.array([1, 2], dtype=np.float16),
        np.array([True, False]),
        np.zeros((0, 3)),
        np.array(5.0),
    ],
    "arrays of text": [np.array(["a", "bcd"]), np.array([b"ab", b"c"]), np.array(["é"], ">U3")],
    "an array of objects": np.array(["a", None, 1.5, [0.5], (1, 2)], dtype=object),
    "an array of floats as objects": np.array([1.5, 2.5], dtype=object),
    "scalars": [np.float32(1.5), np.int64(-4), np.bool_(True), np.str_("abc"), np.bytes_(b"ab")],
    "a type": np.dtype(">i4"),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_plain_data(load, value, protocol):
    assert same(load(pickle.dumps(value, protocol)), value)
    # Python's own pickler writes other instructions than the one in C.
    stream = io.BytesIO()
    pickle._Pickler(stream, protocol).dump(value)
    assert same(load(stream.getvalue()), value)
    assert same(load(pickletools.optimize(stream.getvalue())), value)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_list_of_floats_is_compact(load, protocol):
    data = pickle.dumps({"long": [0.5] * 20_000, "one": [0.5], "mixed": [0.5, 1]}, protocol)
    found = load(data)
    assert [type(one) for one in found.values()] == [array, array, list]
    assert found["long"] == array("d", [0.5] * 20_000)


def test_shared_parts_stay_shared(load):
    inner, number = [1, "a"], array("d", [0.5])
    found = load(pickle.dumps([inner, inner, {"x": inner}, (inner,)]))
    assert found[0] is found[1] is found[2]["x"] is found[3][0]
    found = load(pickle.dumps([list(number)] * 2))
    assert found[0] is found[1]


def test_a_dictionary_within_itself(load):
    loop = {}
    loop["self"] = loop
    found = load(pickle.dumps(loop))
    assert found["self"] is found


# As Python 2.7 writes them, by the modules pickle and cPickle.
PYTHON2 = {
    "text": b"(dp0\nS'EGFR'\np1\n(lp2\nF0.5\naF1.5\nasS\"it's\"\np3\nL12L\ns.",
    "binary": b"}q\x01(U\x04EGFRq\x02]q\x03(G?\xe0\x00\x00\x00\x00\x00\x00G?\xf8\x00\x00\x00\x00"
    b"\x00\x00eU\x04it'sq\x04K\x0cu.",
}


@pytest.mark.parametrize("data", PYTHON2.values(), ids=PYTHON2)
def test_pickles_of_python2(load, data):
    expected = {"EGFR": array("d", [0.5, 1.5]), "it's": 12}
    assert load(data) == ({**expected, "it's": 12})


def test_array_of_python2(load):
    data = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x00cnumpy\nndarray\nq\x01K\x00\x85q\x02"
        b"U\x01bq\x03\x87q\x04Rq\x05(K\x01K\x02\x85q\x06cnumpy\ndtype\nq\x07U\x02f4q\x08K\x00K\x01"
        b"\x87q\tRq\n(K\x03U\x01<q\x0bNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tq\x0cb\x89"
        b"U\x08\x00\x00\xc0?\x00\x00 @q\rtq\x0eb."
    )
    assert load(data).tolist() == [1.5, 2.5]
    # Bytes that happen to be UTF-8 are bytes of an array all the same.
    text = data.replace(b"\x00\x00\xc0?\x00\x00 @", b"abcdefgh")
    assert load(text).tobytes() == b"abcdefgh"


def test_bytes_of_python2_that_are_no_text(load):
    assert load(b"U\x02\xff\xfe.") == b"\xff\xfe"


# What a file may not do.


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("function", "name"),
    [
        (os.system, "system"),
        (eval, "eval"),
        (exec, "exec"),
        (getattr, "getattr"),
        (__import__, "__import__"),
        (open, "open"),
        (np.load, "load"),
        (np.fromfile, "fromfile"),
        (pickle.loads, "loads"),
    ],
)
def test_functions_are_not_called(load, tmp_path, function, name, protocol):
    target = tmp_path / "made"
    argument = f"touch {target}" if function is os.system else f"open({str(target)!r}, 'w')"
    arguments = (str(target), "w") if function is open else (argument,)
    with pytest.raises(FormatError, match=rf"refers to \S*\.{name}; only numbers, text, lists, "):
        load(pickle.dumps({"EGFR": Calls(function, *arguments)}, protocol))
    assert not target.exists()


# Hand-written: each makes the file named TARGET where the real unpickler runs it.
PAYLOADS = {
    "INST": b'(S\'open("TARGET", "w")\'\ni__builtin__\neval\n.',
    "OBJ": b'(c__builtin__\neval\nS\'open("TARGET", "w")\'\no.',
    "NEWOBJ": b"\x80\x02cos\nsystem\nX\x0c\x00\x00\x00touch TARGET\x85\x81.",
    "STACK_GLOBAL": b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x0ctouch TARGET\x85R.",
    "a name with dots": b"\x80\x04\x8c\x05numpy\x8c\x0adtype.type\x93)R.",
    "extension registry": b"\x80\x02\x82\x01.",
    "persistent id": b"\x80\x02K\x01Q.",
    "persistent id as text": b"Pos.system\n.",
    "attributes of a class": b"\x80\x02cnumpy\nndarray\n}X\x0c\x00\x00\x00__setstate__K\x01sb.",
    "attributes of a list": b"\x80\x02]}X\x0c\x00\x00\x00__setstate__cos\nsystem\nsb.",
    "a call of text": b"\x80\x02X\x02\x00\x00\x00os)R.",
    "a call of a marker": b"\x80\x02c__builtin__\ndict\n)R.",
    "a scalar of objects": b"\x80\x02cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nX\x01\x00\x00"
    b"\x00OK\x00K\x01\x87RC\x04\x80\x02N.\x86R.",
    "an array of another class": b"\x80\x02cnumpy.core.multiarray\n_reconstruct\n"
    b"ccollections\nOrderedDict\nK\x00\x85C\x01b\x87R.",
    "another encoding": b"\x80\x02c_codecs\nencode\nX\x01\x00\x00\x00aX\x03\x00\x00\x00zip\x86R.",
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_payloads(load, tmp_path, monkeypatch, payload):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FormatError, match=r"file\.pickle: byte \d+: (expected|refers to) [^\n]+$"):
        load(payload)
    assert [one.name for one in Path().iterdir()] == ["file.pickle"]


def test_a_name_of_another_class_is_one_line(load):
    with pytest.raises(FormatError, match=r"refers to 'os\\n\.system\\x1b'"):
        load(b"\x80\x04\x8c\x03os\n\x8c\x07system\x1b\x93.")


class Holder:
    """Stands in for a class."""

    def __init__(self, *arguments):
        self.arguments = arguments


def test_stand_ins_of_the_caller(load):
    data = b"\x80\x02cgensim\nKeyedVectors\n)\x81}X\x01\x00\x00\x00aK\x05sb."
    with pytest.raises(FormatError, match=r"refers to gensim\.KeyedVectors"):
        load(data)
    found = load(data, classes={("gensim", "KeyedVectors"): Holder})
    assert isinstance(found, Holder)
    assert found.a == 5


@pytest.mark.parametrize("state", [b"K\x05", b"}K\x01K\x02s", b"]", b"N"])
def test_state_that_is_no_attributes(load, state):
    data = b"\x80\x02cgensim\nKeyedVectors\n)\x81" + state + b"b."
    with pytest.raises(FormatError, match="expected attributes"):
        load(data, classes={("gensim", "KeyedVectors"): Holder})


# Memory and time.

BOMBS = {
    "memo index": b"\x80\x02K\x01r\xff\xff\xff\x7f.",
    "memo index as text": b"I1\np99999999999\n.",
    "bytes": b"\x80\x04\x8e\xff\xff\xff\xff\xff\x00\x00\x00.",
    "text": b"\x80\x04\x8d\xff\xff\xff\xff\xff\x00\x00\x00.",
    "bytearray": b"\x80\x05\x96\xff\xff\xff\xff\xff\x00\x00\x00.",
    "frame": b"\x80\x04\x95\xff\xff\xff\xff\xff\x00\x00\x00K\x01.",
    "whole number": b"\x80\x02\x8b\xff\xff\xff\x7f.",
    "sets": b"\x80\x04(" + b"\x8f" * 1_000_000 + b"t.",
    "lists": b"\x80\x04(" + b"]" * 1_000_000 + b"t.",
    "tuples within tuples": b"\x80\x02N" + b"\x85" * 1_000_000 + b".",
    "an array of nothing": b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00"
    b"\x85C\x01b\x87R(K\x01J\xff\xff\xff\x7f\x85cnumpy\ndtype\nX\x02\x00\x00\x00V0K\x00K\x01\x87R"
    b"\x89C\x00tb.",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_memory_bombs(load, bomb):
    with pytest.raises(FormatError), bounded_memory():
        load(bomb)


def text(content):
    return b"X" + struct.pack("<I", len(content)) + content


def many(function, arguments, count=20_000):
    """A pickle with one call of a function, with the same arguments, under each of many names."""
    calls = (b"M" + struct.pack("<H", number) + b"h\0h\1R" for number in range(count))
    return b"\x80\x02c" + function + b"\nq\0" + arguments + b"q\1}q\2(" + b"".join(calls) + b"u."


def typed(name, order, state=b"NNNK\x00K\x00K\x00"):
    made = b"cnumpy\ndtype\n" + text(name) + b"K\x00K\x01\x87R"
    return made + b"(K\x03" + text(order) + state + b"tb"


LONG = 10**6
NAMES = b"](" + b"".join(text(b"%d" % number) for number in range(2**16)) + b"e"
PAIRS = b"](" + b"".join(text(b"%d" % one) + b"N\x86" for one in range(2**15)) + b"e"
BYTES = b"B" + struct.pack("<I", LONG) + bytes(LONG)
COUNT = b"J" + struct.pack("<i", LONG)
COPIES = {
    "bytes": many(b"_codecs\nencode", text(b"a" * LONG) + text(b"latin1") + b"\x86"),
    "sets": many(b"__builtin__\nset", NAMES + b"\x85", 2000),
    "frozen sets": many(b"__builtin__\nfrozenset", NAMES + b"\x85", 2000),
    "dictionaries": many(b"collections\nOrderedDict", PAIRS + b"\x85", 2000),
    "texts of NumPy": many(
        b"numpy.core.multiarray\nscalar", typed(b"S%d" % LONG, b"|") + BYTES + b"\x86"
    ),
    "arrays": many(
        b"numpy.core.numeric\n_frombuffer",
        b"(" + BYTES + typed(b"i2", b">") + b"J" + struct.pack("<i", LONG // 2) + b"\x85"
        + text(b"C") + b"t",
    ),
    "sizes of PyTorch": many(b"torch\nSize", NAMES + b"\x85", 2000),
}  # fmt: skip


def raises_in_proportion():
    return pytest.raises(FormatError, match=r"in proportion, found over \d{2,3},")


@pytest.mark.parametrize("data", COPIES.values(), ids=COPIES)
def test_copies_of_what_is_in_the_memo(load, data):
    with raises_in_proportion(), bounded_memory(extra=400 * 2**20):
        load(data, classes={("torch", "Size"): tuple})


def test_states_that_are_copied(load):
    # Each array takes its state from the memo, and swaps its bytes.
    state = b"(K\x01J" + struct.pack("<i", LONG // 2) + b"\x85" + typed(b"i2", b">") + b"\x89"
    state += BYTES + b"tq\x01"
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87Rh\x01b"
    with raises_in_proportion(), bounded_memory(extra=400 * 2**20):
        load(b"\x80\x02" + state + b"(" + array * 1000 + b"t.")


def test_time_of_many_calls(load):
    start = time.perf_counter()
    call = b"c_codecs\nencode\nq\0" + text(b"a" * 8 * LONG) + text(b"latin1") + b"\x86q\1"
    with pytest.raises(FormatError, match="in proportion, found over"):
        load(b"\x80\x02" + call + b"}" + b"K\1h\0h\1Rs" * 250_000 + b".")
    assert time.perf_counter() - start < 5


def test_what_does_not_fit_memory(load):
    def exhaust():
        raise MemoryError

    with pytest.raises(FormatError, match="found one that does not fit memory"):
        load(b"\x80\x02ca\nb\n)R.", classes={("a", "b"): exhaust})


def test_many_small_calls_are_no_bomb(load):
    scalars = [np.float32(number) for number in range(30_000)]
    assert load(pickle.dumps({"EGFR": scalars}, 2))["EGFR"] == scalars
    arrays = [np.arange(2, dtype=">f8")] + [np.ones(1, "f4") for _ in range(20_000)]
    assert len(load(pickle.dumps(arrays, 2))) == 20_001


def nested(depth, end):
    """A pickle with a tuple of two that are the same tuple of two, and so on."""
    return b"\x80\x02" + b"}" * (end == b"K\x01s.") + b")" + b"q\x00h\x00\x86" * depth + end


SLOW = {
    "a key whose hash takes for ever": nested(64, b"K\x01s."),
    "a key whose hash overflows the stack": b"\x80\x02})" + b"\x85" * 200_000 + b"K\x01s.",
    "a member whose hash takes for ever": b"\x80\x04\x8f(" + nested(64, b"\x90.")[2:],
    "the same, frozen": b"\x80\x04(" + nested(64, b"\x91.")[2:],
    "keys with the same hash": b"\x80\x02}" + pickle.dumps(7 * (2**61 - 1), 2)[2:-1] + b"K\x01s.",
    "millions of digits": b"I" + b"9" * 4_000_000 + b"\n.",
    "millions of digits of a long": b"L" + b"9" * 4_000_000 + b"L\n.",
}


@pytest.mark.parametrize("data", SLOW.values(), ids=SLOW)
def test_time_bombs(load, data):
    start = time.perf_counter()
    with pytest.raises(FormatError):
        load(data)
    assert time.perf_counter() - start < 5


def test_a_shape_that_is_no_shape(load):
    # Written out, this tuple of tuples would have 2 ** 64 items.
    head = (
        b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85C\x01b\x87R(K\x01"
    )
    dtype = b"cnumpy\ndtype\nX\x02\x00\x00\x00f4K\x00K\x01\x87R"
    with pytest.raises(FormatError, match="expected the shape of an array"):
        load(head + nested(64, b"")[2:] + dtype + b"\x89C\x00tb.")


def test_compression_bomb(tmp_path):
    import gzip

    path = tmp_path / "file.pickle.gz"
    path.write_bytes(gzip.compress(b"\x80\x04" + b"0" * (2**26 + 2**21)))
    source = Source(path)
    proportion = pytest.raises(FormatError, match="in proportion to the file")
    with source.open() as stream, proportion, bounded_memory():
        safe_load(stream, source)


def test_damaged_gzip(tmp_path):
    import gzip

    path = tmp_path / "file.pickle.gz"
    path.write_bytes(gzip.compress(pickle.dumps(list(range(1000))))[:-20])
    source = Source(path)
    with source.open() as stream, pytest.raises(FormatError, match="expected a pickle"):
        safe_load(stream, source)


def test_a_list_that_holds_itself(load):
    loop = []
    loop.append(loop)
    with pytest.raises(FormatError, match="used before it is whole"):
        load(pickle.dumps(loop))


# Damage.

ARRAY = pickle.dumps(np.arange(4, dtype="<f4"), 2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "expected a whole pickle, found one damaged or cut off"),
        (b"\x80\x04", "expected a whole pickle"),
        (b"\x80\x09N.", "expected pickle protocol 0 to 5, found 9"),
        (b"\x80\x02t.", "expected a whole pickle"),
        (b"\x80\x02h\x05.", "expected a memo entry, found 5 of 0"),
        (b"\x80\x02X\x02\x00\x00\x00\xff\xfe.", r"expected a number or a text \('utf-8' codec"),
        (b"Iten\n.", r"expected a number or a text \(invalid literal"),
        (b"Snone\n.", "expected a text in quotes"),
        (b"\x80\x02\xff.", "found the instruction 0xff"),
        (b"\x80\x02K\x01K\x02a.", "expected a list to add to, found int"),
        (b"\x80\x02]K\x01K\x02s.", "expected a dictionary to add pairs to, found list"),
        (b"\x80\x04](K\x01\x90.", "expected a set to add to, found list"),
        (ARRAY.replace(b"K\x04\x85", b"K\x05\x85"), r"expected 20 bytes .* found 16"),
        (ARRAY.replace(b"f4", b"f8"), r"expected 32 bytes .* found 16"),
        (ARRAY.replace(b"f4", b"M8"), "expected an array of numbers or text, found one of 'M8'"),
        (ARRAY.replace(b"f4", b"f3"), "expected a type of numbers, found 'f3'"),
        (ARRAY.replace(b"<", b"!"), "expected a byte order, found '!'"),
    ],
)
def test_damaged(load, data, message):
    with pytest.raises(FormatError, match=message) as caught:
        load(data)
    assert "\n" not in str(caught.value)


def test_array_of_records(load):
    with pytest.raises(FormatError, match="one of 'V8'"):
        load(pickle.dumps(np.zeros(2, dtype=[("a", "f4"), ("b", "f4")])))


def test_array_of_numbers_that_are_no_characters(load):
    data = pickle.dumps(np.array(["abc"]), 4).replace("abc".encode("utf-32-le"), b"\xff" * 12)
    with pytest.raises(FormatError, match="no character"):
        load(data)


def test_cut_off_anywhere(load):
    data = pickle.dumps({"EGFR": [0.5] * 20, "MET": np.arange(3.0)}, 4)
    for end in range(len(data)):
        with pytest.raises(FormatError):
            load(data[:end])


def test_floats_cut_off_within_a_run(load):
    run = b"".join(b"G" + struct.pack(">d", number) for number in range(3000))
    for end in (5, 9 * 2000, 9 * 2000 + 4, 9 * 3000):
        with pytest.raises(FormatError, match="expected a whole pickle"):
            load(b"\x80\x02](" + run[:end])
    assert load(b"\x80\x02](" + run + b"e.") == array("d", range(3000))
