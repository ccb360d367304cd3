"""Orthogonal parametrizations: orthonormal columns or rows, from any of the three maps, trained or assigned."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.nn.utils.parametrizations import orthogonal


def is_orthonormal(weight):
    tall = weight if weight.size(0) >= weight.size(1) else weight.T
    return torch.allclose(tall.T @ tall, torch.eye(tall.size(1)), atol=1e-5)


@pytest.mark.parametrize("sizes", [(4, 4), (5, 3), (3, 5)])
@pytest.mark.parametrize("kind", [None, "matrix_exp", "cayley", "householder"])
@pytest.mark.parametrize("trivial", [True, False])
def test_stays_orthogonal_while_it_is_trained(sizes, kind, trivial):
    torch.manual_seed(0)
    layer = nn.Linear(*sizes)
    if not trivial and kind != "householder" and not (kind is None and sizes[0] != sizes[1]):
        with pytest.raises(NotImplementedError, match="when use_trivialization=False"):
            orthogonal(layer, orthogonal_map=kind, use_trivialization=False).weight = torch.eye(sizes[1], sizes[0])
        return
    orthogonal(layer, orthogonal_map=kind, use_trivialization=trivial)
    assert is_orthonormal(layer.weight)
    before = layer.weight.detach().clone()
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
    layer(torch.randn(8, sizes[0])).pow(3).sum().backward()
    optimizer.step()
    assert is_orthonormal(layer.weight)
    assert not torch.allclose(layer.weight, before, atol=1e-3)


def test_a_matrix_that_is_orthogonal_already_is_the_start():
    layer = nn.Linear(3, 3)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]))
    wanted = layer.weight.detach().clone()
    assert torch.equal(orthogonal(layer).weight, wanted)


def test_refusals():
    with pytest.raises(ValueError, match=r"^Expected a matrix or batch of matrices\. Got a tensor of 1 dimensions\.$"):
        orthogonal(nn.Linear(2, 2), "bias")
    with pytest.raises(ValueError, match="orthogonal_map has to be one of"):
        orthogonal(nn.Linear(2, 2), orthogonal_map="qr")
    with pytest.raises(ValueError, match="has no parameter or buffer with name 'none'"):
        orthogonal(nn.Linear(2, 2), "none")
