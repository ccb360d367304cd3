"""Wrong calls of functions, methods and operators: PyTorch's class of error and its sentence."""

import json
import random
from pathlib import Path

import pytest

import pytorch_tutor
from pytorch_tutor.arguments import SPOKEN, Signature, refuse_call, signatures
from tests.functions.wrong_calls import CALLS, said

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "wrong_calls.json").read_text())


def test_the_calls_are_those_recorded():
    assert list(GOLDEN) == CALLS


@pytest.mark.parametrize("call", CALLS)
def test_as_recorded(call):
    assert said(pytorch_tutor, call) == GOLDEN[call]


def test_the_types_of_all_signatures_are_known():
    parameters = [p for texts in signatures().values() for text in texts for p in Signature(text).parameters]
    assert {p.kind for p in parameters} <= set(SPOKEN)


def test_the_lesson_follows_the_sentence():
    with pytest.raises(TypeError) as caught:
        pytorch_tutor.relu()
    assert str(caught.value) == 'relu() missing 1 required positional arguments: "input"'
    assert any("try" in note for note in caught.value.__notes__)


def test_what_fails_inside_a_right_call_stays_what_it_is():
    with pytest.raises(RuntimeError, match="mat1 and mat2 shapes cannot be multiplied"):
        pytorch_tutor.mm(pytorch_tutor.ones(2, 3), pytorch_tutor.ones(2, 3))


def test_functions_keep_their_names_and_can_be_pickled():
    import pickle

    for function in (pytorch_tutor.add, pytorch_tutor.Tensor.add, pytorch_tutor.linalg.inv):
        assert pickle.loads(pickle.dumps(function)) is function
        assert function.__doc__


@pytest.mark.parametrize("seed", range(3))
def test_random_calls_are_refused_as_pytorch_refuses_them(seed):
    torch = pytest.importorskip("torch", reason="compares with real PyTorch, which is not installed here")
    draw = random.Random(seed)

    def values(library):
        one = library.ones(2, 2)
        return [one, library.tensor(1), 1, 2.5, "a", None, True, [1, 0], [1.5], ["a"], [one, one], library.float32, {}]

    for path in sorted(signatures()):
        space, _, name = path.rpartition(".")
        if space not in ("torch", "Tensor") or name.endswith("_") or name.startswith(("set", "resize", "map", "from")):
            continue
        picked = [draw.randrange(13) for _ in range(draw.randrange(5))]
        theirs, ours = ([values(library)[i] for i in picked] for library in (torch, pytorch_tutor))
        expected = actual = None
        try:
            getattr(torch if space == "torch" else torch.ones(2, 2), name)(*theirs)
        except TypeError as error:
            expected = str(error)
        except Exception:  # noqa: BLE001 - it took the arguments, and that is what is asked
            continue
        try:
            refuse_call(path, tuple(ours), {})
        except TypeError as error:
            actual = str(error)
        spoken = signatures()[path][0].partition("(")[0]
        if expected is None or expected.startswith((f"{spoken}()", "expected Tensor")):
            assert actual == expected, (path, picked)
