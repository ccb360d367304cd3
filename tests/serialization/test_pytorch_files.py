"""Files that real PyTorch wrote: read here, number by number; and, where torch is installed, files written here."""

import io
from collections import Counter, OrderedDict
from pathlib import Path

import numpy as np
import pytest

import pytorch_tutor as torch

FILES = Path(__file__).parents[1] / "golden" / "checkpoints"


@pytest.fixture(params=["tensors.pt", "legacy.pt"])
def tensors(request):
    return torch.load(FILES / request.param)


def test_values_and_types(tensors):
    assert tensors["base"].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]
    assert tensors["scalar"].item() == 2.5
    assert tensors["empty"].shape == (0, 3)
    for name in ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64"):
        assert tensors[name].dtype is getattr(torch, name)
        assert tensors[name].tolist() == ([False, True, True] if name == "bool" else [0, 1, 2])
    assert tensors["complex64"].tolist() == tensors["complex128"].tolist() == [0j, 1 + 0j, 2 + 0j]


def test_small_unsigned_types():
    tensors = torch.load(FILES / "tensors.pt")
    for name in ("uint16", "uint32", "uint64"):
        assert tensors[name].dtype is getattr(torch, name)
        assert tensors[name].tolist() == [0, 1, 2]


def test_views_share_memory(tensors):
    assert tensors["columns"].tolist() == [[1, 2], [5, 6], [9, 10]]
    assert tensors["turned"].stride() == (1, 4)
    tensors["base"][0, 1] = 99
    assert tensors["columns"][0, 0].item() == tensors["turned"][1, 0].item() == 99
    assert tensors["repeated"].stride() == (0, 1)


def test_gradients_wanted(tensors):
    assert tensors["wants_grad"].requires_grad
    assert not tensors["base"].requires_grad
    assert type(tensors["parameter"]) is torch.nn.Parameter
    (tensors["parameter"] ** 2).sum().backward()
    assert tensors["parameter"].grad.tolist() == [[1.0, -3.0]]


def test_plain_things():
    plain = torch.load(FILES / "plain.pt")
    assert plain["numbers"] == (1, -7, 2**40, 10**30, 2.5, float("inf"), True, None, 1 + 2j)
    assert plain["texts"] == ["é", "", b"bytes", bytearray(b"array")]
    assert plain["containers"] == [OrderedDict(a=1), Counter("aab"), {1, 2}, (), {}, {"nested": [[]]}]
    assert [type(item) for item in plain["containers"][:2]] == [OrderedDict, Counter]
    assert plain["torch"] == [torch.float16, torch.Size([2, 3]), torch.device("cpu"), torch.device("cuda:1")]


def network():
    nn = torch.nn
    return nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 1))


def test_a_training_goes_on_where_pytorch_left_it():
    checkpoint = torch.load(FILES / "training.pt")
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.5)
    scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [7])
    model.load_state_dict(checkpoint["model"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    scheduler.load_state_dict(checkpoint["scheduler"])
    model.eval()
    np.testing.assert_allclose(model(checkpoint["x"]).tolist(), checkpoint["y"].tolist(), rtol=1e-5)
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.001)
    assert scheduler.last_epoch == 2
    assert scheduler.milestones == Counter([1, 3])
    (model(checkpoint["x"]) ** 2).sum().backward()
    optimizer.step()
    assert all(state["step"].item() == 3 for state in optimizer.state.values())


def test_whole_modules_of_pytorch_become_ours():
    checkpoint = torch.load(FILES / "training.pt")
    with pytest.raises(Exception, match=r"Unsupported global: GLOBAL torch.nn.modules.container.Sequential"):
        torch.load(FILES / "model.pt")
    model = torch.load(FILES / "model.pt", weights_only=False)
    assert type(model) is torch.nn.Sequential
    assert repr(model) == repr(network())
    np.testing.assert_allclose(model.eval()(checkpoint["x"]).tolist(), checkpoint["y"].tolist(), rtol=1e-5)


def test_mapped_into_memory(tmp_path):
    copy = tmp_path / "copy.pt"
    copy.write_bytes((FILES / "tensors.pt").read_bytes())
    tensors = torch.load(copy, mmap=True)
    assert tensors["columns"].tolist() == [[1, 2], [5, 6], [9, 10]]
    tensors["base"][0, 1] = 99
    assert tensors["columns"][0, 0].item() == 99
    assert copy.read_bytes() == (FILES / "tensors.pt").read_bytes()


def test_list_of_what_would_be_refused():
    assert torch.serialization.get_unsafe_globals_in_checkpoint(FILES / "refused.pt") == ["datetime.date"]
    assert torch.serialization.get_unsafe_globals_in_checkpoint(FILES / "training.pt") == []


@pytest.mark.torch
@pytest.mark.parametrize("name", ["tensors.pt", "plain.pt", "training.pt"])
def test_real_pytorch_reads_what_is_written_here(name):
    real = pytest.importorskip("torch", reason="compares with real PyTorch, which is not installed")
    ours = io.BytesIO()
    torch.save(torch.load(FILES / name), ours)
    ours.seek(0)
    again, original = real.load(ours), real.load(FILES / name)
    assert repr(again) == repr(original)
    if name == "tensors.pt":
        again["base"][0, 1] = 99
        assert again["columns"][0, 0].item() == 99
