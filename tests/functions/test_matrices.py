"""Old names of linear algebra against the new ones, and the exponential of a matrix."""

import math

import pytest

import pytorch_tutor as torch

double = torch.float64
X = torch.tensor([[2.0, 0.3, -0.4], [0.3, 1.5, 0.2], [-0.4, 0.2, 1.1]], dtype=double)
B = torch.tensor([[1.0], [2.0], [-1.0]], dtype=double)


def test_old_names():
    factor = torch.cholesky(X)
    assert torch.allclose(torch.cholesky_inverse(factor), torch.inverse(X))
    assert torch.allclose(torch.cholesky_solve(B, factor), torch.linalg.solve(X, B))
    assert torch.allclose(torch.cholesky_solve(B, factor.T, upper=True), torch.linalg.solve(X, B))
    q, r = torch.qr(X)
    assert torch.allclose(q @ r, X)
    u, s, v = torch.svd(X[:, :2])
    assert torch.allclose(u @ torch.diag(s) @ v.T, X[:, :2])
    assert torch.allclose(torch.svd(X, compute_uv=False).S, torch.linalg.svdvals(X))
    assert torch.logdet(X).item() == pytest.approx(math.log(torch.det(X).item()))
    assert math.isnan(torch.logdet(-X).item())


def test_matrix_exp():
    turn = torch.tensor([[0.0, -1.0], [1.0, 0.0]], dtype=double)
    for angle in (0.1, 2.0, 30.0):
        c, s = math.cos(angle), math.sin(angle)
        assert torch.allclose(torch.matrix_exp(turn * angle), torch.tensor([[c, -s], [s, c]], dtype=double))
    assert torch.allclose(torch.matrix_exp(torch.stack([X, -X])).prod(0), torch.matrix_exp(X) * torch.matrix_exp(-X))
    assert torch.equal(torch.linalg.matrix_exp(X), torch.matrix_exp(X))


@pytest.mark.parametrize("function", [torch.matrix_exp, torch.logdet, lambda x: torch.cholesky_inverse(x.tril())])
def test_gradients(function):
    assert torch.autograd.gradcheck(function, (X.clone().requires_grad_(),))


def test_refusals():
    with pytest.raises(RuntimeError, match="must be batches of square matrices"):
        torch.matrix_exp(X[:2])
