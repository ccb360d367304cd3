"""Parts exchanged, copies of views, distances and slopes: values, memory and gradients."""

import pytest

import pytorch_tutor as torch

double = torch.float64
X = torch.tensor([[0.3, -1.2, 2.0], [0.7, 0.1, -0.5]], dtype=double)
S = torch.tensor([1.5, -0.25], dtype=double)
PLACING = [
    lambda x, s: torch.select_scatter(x, s, 1, 2),
    lambda x, s: torch.slice_scatter(x, s.unsqueeze(1), 1, 1, 2),
    lambda x, s: torch.diagonal_scatter(x, s, 1),
    lambda x, s: torch.index_reduce(x, 1, torch.tensor([0]), s.unsqueeze(1), "prod"),
    lambda x, s: torch.cdist(x, x * 2 + s.unsqueeze(1)),
    lambda x, s: torch.gradient(x, spacing=0.5, dim=1)[0] * s.unsqueeze(1),
    lambda x, s: torch.cumulative_trapezoid(x, dim=1) * s.unsqueeze(1),
    lambda x, s: torch.renorm(x, 2, 0, 1.0) * s.unsqueeze(1),
    lambda x, s: torch.nanmedian(x, 1).values * s,
    lambda x, s: x.sum_to_size(2, 1) * s.unsqueeze(1),
]


@pytest.mark.parametrize("place", range(len(PLACING)))
def test_gradients(place):
    assert torch.autograd.gradcheck(PLACING[place], (X.clone().requires_grad_(), S.clone().requires_grad_()))


def test_a_strided_part_has_pytorchs_gradient():
    """Not the true one: where the part was exchanged the input gets what belongs to the part, and elsewhere nothing."""
    x, s = X.clone().requires_grad_(), S.clone().requires_grad_()
    found = torch.as_strided_scatter(x, s, (2,), (3,), 0)
    assert found.tolist() == [[1.5, -1.2, 2.0], [-0.25, 0.1, -0.5]]
    assert found.grad_fn.name() == "AsStridedScatterBackward0"
    found.backward(torch.arange(1.0, 7.0, dtype=double).reshape(2, 3))
    assert x.grad.tolist() == [[1.0, 0.0, 0.0], [4.0, 0.0, 0.0]]
    assert s.grad.tolist() == [1.0, 4.0]
    with pytest.raises(RuntimeError, match="out of bounds for storage of size 48"):
        torch.as_strided(X, (3,), (3,))


def test_the_input_stays_as_it_was():
    x = X.clone()
    found = torch.diagonal_scatter(x, S)
    assert torch.equal(x, X)
    assert found.diagonal().tolist() == S.tolist()
    with pytest.raises(RuntimeError, match=r"src size = \[3\], slice size = \[2\]"):
        torch.select_scatter(x, torch.zeros(3, dtype=double), 1, 0)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("t", ()),
        ("transpose", (0, 1)),
        ("unsqueeze", (0,)),
        ("view", ((3, 2),)),
        ("permute", ((1, 0),)),
        ("narrow", (1, 0, 2)),
    ],
)
def test_copies_share_no_memory(name, arguments):
    method = getattr(torch.Tensor, name)
    found = getattr(torch, f"{name}_copy")(X, *arguments)
    assert torch.equal(found, method(X, *arguments))
    assert found.untyped_storage().data_ptr() != X.untyped_storage().data_ptr()


def test_values():
    assert torch.gradient(torch.tensor([1.0, 4.0, 9.0]), edge_order=2)[0].tolist() == [2.0, 4.0, 6.0]
    uneven = torch.gradient(torch.tensor([0.0, 1.0, 9.0]), spacing=[torch.tensor([0.0, 1.0, 3.0])])[0]
    assert uneven.tolist() == pytest.approx([1.0, 2.0, 4.0])
    nan = float("nan")
    x = torch.tensor([[1.0, nan, 3.0], [2.0, 1.0, 1.0]])
    values, indices = torch.nanmedian(x, 1)
    assert values.tolist() == x.gather(1, indices.unsqueeze(1)).flatten().tolist() == [1.0, 1.0]
    assert [i.tolist() for i in torch.unravel_index(torch.tensor([0, 5]), (2, 3))] == [[0, 1], [0, 2]]
    assert torch.sgn(torch.tensor([3 + 4j])).tolist() == pytest.approx([0.6 + 0.8j])
    assert torch.gcd(torch.tensor([12]), torch.tensor([8])).item() == 4
    with pytest.raises(RuntimeError, match="same number of columns"):
        torch.cdist(X, X[:, :2])
