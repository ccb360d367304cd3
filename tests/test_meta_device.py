"""The meta device: shapes without numbers, and the blocks that say where new tensors go."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn


def test_shapes_follow_from_shapes_and_no_number_is_printed():
    x = torch.ones(2, 3, device="meta")
    assert x.is_meta
    assert repr(x) == "tensor(..., device='meta', size=(2, 3))"
    assert repr(x.to(torch.int64)) == "tensor(..., device='meta', size=(2, 3), dtype=torch.int64)"
    assert x.stride() == (3, 1)
    for result, shape in ((x @ x.T, (2, 2)), (x.view(6), (6,)), (x.sum(0), (3,)), (torch.cat([x, x]), (4, 3))):
        assert result.is_meta
        assert tuple(result.shape) == shape


@pytest.mark.parametrize(
    ("use", "error", "sentence"),
    [
        (lambda x: x.sum().item(), RuntimeError, r"^Tensor\.item\(\) cannot be called on meta tensors"),
        (lambda x: bool(x.sum()), RuntimeError, r"^Tensor\.item\(\) cannot be called on meta tensors"),
        (lambda x: x.tolist(), NotImplementedError, r"^Cannot copy out of meta tensor; no data!"),
        (lambda x: x.cpu(), NotImplementedError, r"^Cannot copy out of meta tensor; no data!"),
        (lambda x: torch.ones(2, 3).copy_(x), NotImplementedError, r"^Cannot copy out of meta tensor; no data!"),
        (lambda x: x.numpy(), TypeError, r"^can't convert meta device type tensor to numpy\."),
        (lambda x: x + torch.ones(2, 3), RuntimeError, r"^Tensor on device meta is not on the expected device cpu!"),
    ],
)
def test_numbers_cannot_be_had(use, error, sentence):
    with pytest.raises(error, match=sentence):
        use(torch.ones(2, 3, device="meta"))


def test_a_model_without_memory_takes_a_checkpoint(tmp_path):
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    with torch.device("meta"):
        model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 3))
        assert model(torch.empty(5, 1, 4, 4)).shape == (5, 3)
    assert torch.equal(torch.rand(1), expected)  # nothing was drawn for it
    trained = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 3))
    torch.save(trained.state_dict(), tmp_path / "model.pt")
    assert torch.load(tmp_path / "model.pt", map_location="meta")["2.bias"].is_meta
    model.load_state_dict(torch.load(tmp_path / "model.pt"), assign=True)
    x = torch.ones(1, 1, 4, 4)
    assert torch.equal(model(x), trained(x))
    assert nn.Linear(2, 2, device="meta").to_empty(device="cpu").weight.device == torch.device("cpu")


def test_a_device_as_a_block():
    with torch.device("meta"):
        assert torch.zeros(1).device.type == torch.tensor([1]).device.type == "meta"
        with torch.device("cpu"):
            assert torch.zeros(1).device.type == "cpu"
        assert torch.zeros(1).is_meta
    assert torch.zeros(1).device.type == "cpu"


def test_what_has_no_numbers_draws_none():
    p = torch.full((3,), 0.5, device="meta")
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    for drawn in (
        torch.rand(3, device="meta"), torch.randn(2, 3, device="meta"), torch.randint(5, (3,), device="meta"),
        torch.randperm(4, device="meta"), torch.normal(0.0, 1.0, (3,), device="meta"), torch.rand_like(p),
        torch.randn_like(p), torch.randint_like(p, 5), torch.rand_like(torch.ones(3), device="meta"),
        torch.bernoulli(p), torch.nn.functional.dropout(p), torch.normal(p, p),
    ):  # fmt: skip
        assert drawn.is_meta
    with torch.device("meta"):
        assert torch.randn(3, requires_grad=True).is_meta
    assert torch.equal(torch.rand(1), expected)


def test_numbers_like_a_tensor_of_another_device():
    assert torch.rand_like(torch.ones(3, device="meta"), device="cpu").device.type == "cpu"
    assert torch.randn_like(torch.ones(2, 3, device="meta").T).stride() == (1, 3)
