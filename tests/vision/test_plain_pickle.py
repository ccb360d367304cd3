"""A pickle may hold data, and nothing in it may run."""

from __future__ import annotations

import os
import pickle
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from pytorch_tutor.vision.datasets import DamagedFileError, cifar_format, plain_pickle


@pytest.mark.parametrize("protocol", [2, 3, 4])
@pytest.mark.parametrize("dtype", ["u1", "<i8", ">f4", "bool"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_reads_what_python_3_pickles(protocol: int, dtype: str, order: str) -> None:
    array = np.arange(12).reshape(3, 4).astype(dtype).copy(order=order)
    table = {"data": array, "labels": [1, 2, 300, 70000, -5], "name": "ä", "none": None, "pair": (1.5, True, b"x")}
    read = plain_pickle.loads(pickle.dumps(table, protocol))
    np.testing.assert_array_equal(read.pop("data"), array)
    del table["data"]
    assert read == table


def test_reads_what_pickle_reads_from_a_file_in_the_style_of_python_2(tmp_path: Path) -> None:
    pictures = np.random.RandomState(0).randint(0, 256, (300, 3072), dtype=np.uint8)
    cifar_format.write_batch(tmp_path / "batch", pictures, [n % 10 for n in range(300)], "title")
    ours = plain_pickle.load(tmp_path / "batch")
    theirs = pickle.loads((tmp_path / "batch").read_bytes(), encoding="latin1")
    assert ours.keys() == theirs.keys()
    np.testing.assert_array_equal(ours["data"], theirs["data"])
    assert ours["labels"] == theirs["labels"]
    assert ours["filenames"] == theirs["filenames"]


class Calls:
    def __init__(self, function: object, *arguments: object, state: object = None) -> None:
        self.parts = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self) -> tuple[object, ...]:
        return self.parts


MALICIOUS = {
    "system": Calls(os.system, "touch RAN"),
    "eval": Calls(eval, "open('RAN', 'w')"),
    "exec": Calls(exec, "open('RAN', 'w')"),
    "getattr": Calls(getattr, 1, "real"),
    "numpy load": Calls(np.fromfile, "RAN"),
    "object array": np.array([Calls(os.system, "touch RAN")], dtype=object),
    "plain object array": np.array([1, "a"], dtype=object),
    "structured array": np.zeros(2, dtype=[("a", "u1"), ("b", "i4")]),
    "text array": np.array(["abc"]),
    "date array": np.array(["2020-01-01"], dtype="M8[D]"),
    "a class": Path("x"),
    "a set": {1, 2},
    "a function": print,
    "an array subclass": np.ma.masked_array([1, 2]),
}


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", MALICIOUS)
def test_refuses_everything_but_data(name: str, protocol: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = pickle.dumps({"labels": [1], "data": MALICIOUS[name]}, protocol)
    with pytest.raises(DamagedFileError, match=r"evil\.pickle") as caught:
        plain_pickle.loads(data, "evil.pickle")
    assert caught.value.__notes__
    assert not (tmp_path / "RAN").exists()


def test_the_test_is_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own reader does run the code that ours refuses."""
    monkeypatch.chdir(tmp_path)
    pickle.loads(pickle.dumps(MALICIOUS["exec"]))
    assert (tmp_path / "RAN").exists()


HAND_WRITTEN = {
    "a module that would be imported": b"\x80\x02cantigravity\nfly\n.",
    "INST": b"(S'touch RAN'\nios\nsystem\n.",
    "OBJ": b"(cos\nsystem\nS'touch RAN'\no.",
    "NEWOBJ": b"\x80\x02cnumpy\nndarray\n)\x81.",
    "persistent id": b"\x80\x02Pabc\n.",
    "extension": b"\x80\x02\x82\x01.",
    "state on a function": b"\x80\x02}U\x01acnumpy.core.multiarray\n_reconstruct\n}U\x08__code__K\x01sbs.",
    "a function as the result": b"\x80\x02}U\x01ac_codecs\nencode\ns.",
    "an array without state": b"\x80\x02}U\x01acnumpy.core.multiarray\n_reconstruct\n"
    b"cnumpy\nndarray\nK\x00\x85U\x01b\x87Rs.",
    "a call of a list": b"\x80\x02](K\x01eK\x01\x85R.",
    "a number instead of a table": b"\x80\x02K\x01.",
    "an empty stack": b"\x80\x02.",
    "a memo that is empty": b"\x80\x02h\x05.",
    "an append to a number": b"\x80\x02K\x01K\x02a.",
    "a list as a key": b"\x80\x02}]K\x01s.",
    "no such instruction": b"\x80\x02\xff.",
    "nothing": b"",
}


@pytest.mark.parametrize("name", HAND_WRITTEN)
def test_refuses_hand_written_pickles(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DamagedFileError, match="evil"):
        plain_pickle.loads(HAND_WRITTEN[name], "evil")
    assert not (tmp_path / "RAN").exists()
    assert "antigravity" not in sys.modules


def test_a_tuple_that_holds_itself_many_times_is_refused_at_once() -> None:
    """Each level holds the last one twice: printing or hashing 100 levels would take for ever."""
    nested = b"K\x01" + b"q\x00h\x00\x86" * 100
    for data in (b"}" + nested + b"K\x01s.", b"}U\x01acnumpy\ndtype\n" + nested + b"\x85Rs."):
        with pytest.raises(DamagedFileError):
            plain_pickle.loads(b"\x80\x02" + data)


def test_an_array_that_claims_more_than_it_has_is_refused(tmp_path: Path) -> None:
    cifar_format.write_batch(tmp_path / "batch", np.zeros((2, 3072), np.uint8), [0, 1], "title")
    data = (tmp_path / "batch").read_bytes()
    shape = b"K\x02J" + struct.pack("<i", 3072)
    assert shape in data
    for claim in (
        b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f",
        b"J\xff\xff\xff\xffJ\x00\xf4\xff\xff",
        b"K\x02K\x02",
        b"NK\x02",
    ):
        with pytest.raises(DamagedFileError, match="array"):
            plain_pickle.loads(data.replace(shape, claim))


def test_every_truncated_file_is_refused(tmp_path: Path) -> None:
    cifar_format.write_batch(tmp_path / "batch", np.zeros((1, 3072), np.uint8), [0], "title")
    data = (tmp_path / "batch").read_bytes()
    for length in [*range(200), *range(200, len(data) - 50, 97), *range(len(data) - 50, len(data))]:
        with pytest.raises(DamagedFileError):
            plain_pickle.loads(data[:length])


def test_a_file_changed_anywhere_is_refused_or_is_still_data(tmp_path: Path) -> None:
    cifar_format.write_batch(tmp_path / "batch", np.zeros((1, 3072), np.uint8), [0], "title")
    data = bytearray((tmp_path / "batch").read_bytes())
    random = np.random.RandomState(0)
    refused = 0
    for _ in range(2000):
        changed = bytearray(data)
        place = random.randint(0, 200) if random.rand() < 0.7 else random.randint(0, len(data))
        changed[place] = random.randint(0, 256)
        try:
            assert isinstance(plain_pickle.loads(bytes(changed)), dict)
        except DamagedFileError:
            refused += 1
    assert refused > 200
