"""What a checkpoint may hold besides tensors, if it is read with weights_only=False."""

import argparse
import collections
import datetime
import pathlib
import pickle
import types

import numpy as np
import pytest

import pytorch_tutor as torch

THINGS = {
    "number": np.float64(2.5),
    "arguments": argparse.Namespace(lr=0.1, sizes=[1, 2]),
    "when": datetime.datetime(2020, 1, 2, 3, tzinfo=datetime.UTC),
    "where": pathlib.Path("a/b"),
    "space": types.SimpleNamespace(q=1),
    "lists": collections.defaultdict(list, {1: [2]}),
    "queue": collections.deque([1, 2], maxlen=3),
    "range": range(3),
    "set": frozenset({1}),
}


@pytest.mark.parametrize("name", THINGS)
def test_comes_back_as_it_was(name, tmp_path):
    torch.save({"it": THINGS[name]}, tmp_path / "file.pt")
    found = torch.load(tmp_path / "file.pt", weights_only=False)["it"]
    assert type(found) is type(THINGS[name])
    assert found == THINGS[name]


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3).T,
        np.array(["a", None], dtype=object),
        np.array([True]),
        np.array(["ab", "c"]),
        np.array(["2020-01-02"], dtype="M8[D]"),
        np.arange(3, dtype=">i4"),
    ],
)
def test_arrays(array, tmp_path):
    torch.save(array, tmp_path / "file.pt")
    found = torch.load(tmp_path / "file.pt", weights_only=False)
    assert found.dtype == array.dtype.newbyteorder("=")  # NumPy itself reads into the order of this machine
    assert found.tolist() == array.tolist()
    with pytest.raises(pickle.UnpicklingError, match="weights_only"):
        torch.load(tmp_path / "file.pt")


def test_code_is_still_not_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return print, ("run",)

    torch.save(Trap(), tmp_path / "file.pt")
    with pytest.raises(pickle.UnpicklingError, match="print"):
        torch.load(tmp_path / "file.pt", weights_only=False)


class Forged:
    """A NumPy type of eight plain bytes, of which its state says that they are the address of an object."""

    def __init__(self, *facts):
        self.facts = facts

    def __reduce__(self):
        return np.dtype, ("V8", False, True), (3, "|", *self.facts)


OBJECT = np.dtype(object)


@pytest.mark.parametrize(
    "facts",
    [
        (None, ("f0",), {"f0": (OBJECT, 0)}, 8, 1, 0),
        ((OBJECT, (1,)), None, None, 8, 1, 0),
        (None, None, None, 8, 1, 63),
        (None, None, None, 1 << 20, 1, 0),
    ],
)
def test_a_forged_type_is_refused(facts, tmp_path):
    torch.save(Forged(*facts), tmp_path / "file.pt")
    with pytest.raises(pickle.UnpicklingError, match="fields or flags of its own"):
        torch.load(tmp_path / "file.pt", weights_only=False)
