"""Sparse tensors: what expressions print, raise and learn, compared with what PyTorch said (golden/sparse.json)."""

import copy
import io
import json
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import pytorch_tutor as torch

GOLDEN = Path(__file__).parents[1] / "golden"
sys.path.insert(0, str(GOLDEN))
from make_sparse import said  # type: ignore[import-not-found] # noqa: E402 - the same words for the recording and for the test

RECORDED = json.loads((GOLDEN / "sparse.json").read_text())


@pytest.mark.parametrize("expression", RECORDED)
def test_says_what_pytorch_says(expression: str) -> None:
    assert said(torch, expression) == RECORDED[expression]


def test_a_graph_convolution_learns() -> None:
    torch.manual_seed(0)
    adjacency = torch.sparse_coo_tensor([[0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 1, 2]], [0.5] * 6, (3, 3))
    features, weight = torch.eye(3), torch.randn(3, 2, requires_grad=True)
    optimizer = torch.optim.Adam([weight], lr=0.1)
    losses = []
    for _ in range(30):
        optimizer.zero_grad()
        logits = torch.spmm(adjacency, features @ weight)
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor([0, 0, 1]))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]


@pytest.mark.parametrize("make", [lambda x: x.to_sparse(), lambda x: x.to_sparse_csr()], ids=["coo", "csr"])
def test_saved_and_loaded(make: Callable[[torch.Tensor], torch.Tensor]) -> None:
    x = make(torch.tensor([[0.0, 1.0], [2.0, 0.0]]))
    file = io.BytesIO()
    torch.save({"x": x}, file)
    file.seek(0)
    assert repr(torch.load(file)["x"]) == repr(x)
    assert repr(pickle.loads(pickle.dumps(x))) == repr(x)


def test_products_agree_with_dense_ones() -> None:
    torch.manual_seed(1)
    dense = torch.randn(40, 30) * (torch.rand(40, 30) < 0.1)
    other = torch.randn(30, 7)
    torch.testing.assert_close(dense.to_sparse() @ other, dense @ other)
    torch.testing.assert_close(dense.to_sparse_csr() @ other, dense @ other)
    torch.testing.assert_close((dense.to_sparse() @ dense.t().to_sparse()).to_dense(), dense @ dense.t())
    torch.testing.assert_close(other.t() @ dense.t().to_sparse(), other.t() @ dense.t())


def test_a_second_derivative_through_a_product() -> None:
    x = torch.tensor([[1.0], [2.0]], requires_grad=True)
    y = (torch.tensor([[0.0, 3.0], [1.0, 0.0]]).to_sparse() @ x) ** 3
    (slope,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    slope.sum().backward()
    assert x.grad.tolist() == [[6.0], [324.0]]


def test_checks_can_be_switched_on() -> None:
    bad = ([[0, 5], [0, 1]], [1.0, 2.0], (2, 2))
    torch.sparse_coo_tensor(*bad)
    with torch.sparse.check_sparse_tensor_invariants(), pytest.raises(RuntimeError, match="size is inconsistent"):
        torch.sparse_coo_tensor(*bad)
    assert not torch.sparse.check_sparse_tensor_invariants.is_enabled()


def test_a_sparse_gradient_of_a_bag() -> None:
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.ones(5, 2), freeze=False, mode="mean", sparse=True)
    bag(torch.tensor([1, 2, 2, 4]), torch.tensor([0, 2])).sum().backward()
    assert bag.weight.grad.is_sparse
    assert bag.weight.grad.to_dense()[:, 0].tolist() == [0.0, 0.5, 1.0, 0.0, 0.5]
    frequent = torch.nn.Embedding(5, 2, sparse=True, scale_grad_by_freq=True)
    with pytest.raises(RuntimeError, match="scale_grad_by_freq not supported with sparse gradients"):
        frequent(torch.tensor([1])).sum().backward()


def test_a_module_that_holds_a_sparse_matrix_is_copied_saved_and_retyped() -> None:
    module = torch.nn.Module()
    module.register_buffer("adjacency", torch.eye(2).to_sparse())
    twin = copy.deepcopy(module)
    twin.adjacency.mul_(3)
    assert module.adjacency.to_dense().tolist() == [[1.0, 0.0], [0.0, 1.0]]
    twin.load_state_dict(module.state_dict())
    assert twin.double().adjacency.dtype is torch.float64
    parameter = torch.nn.Parameter(torch.eye(2).to_sparse(), requires_grad=False)
    assert isinstance(parameter, torch.nn.Parameter)
    assert parameter.is_sparse
    assert pickle.loads(pickle.dumps(parameter)).to_dense().tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_zeros_any_and_norm() -> None:
    nothing = torch.zeros(2, 3, layout=torch.sparse_coo)
    assert nothing._nnz() == 0
    assert not nothing.any()
    assert torch.norm(torch.tensor([[3.0, 0.0], [0.0, 4.0]]).to_sparse()).item() == 5.0


def test_an_ordinary_tensor_keeps_its_type_beside_a_sparse_one():
    """eye + adjacency, the beginning of many graph networks: float32 with int64 is float32, as for ordinary tensors."""
    edges = torch.sparse_coo_tensor([[0, 1], [1, 2]], torch.ones(2), (3, 3), dtype=torch.int64)
    x = torch.eye(3, requires_grad=True)
    total = x + edges
    assert total.dtype == torch.float32
    assert total.tolist() == [[1, 1, 0], [0, 1, 1], [0, 0, 1]]
    total.sum().backward()
    assert x.grad.dtype == torch.float32
    assert (torch.eye(3, dtype=torch.int32) - edges.float()).dtype == torch.float32
    assert (torch.eye(3, dtype=torch.float16) + edges).dtype == torch.float16
