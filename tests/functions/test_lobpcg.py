"""``torch.lobpcg``: the eigenvalues are those of ``eigh``, and so are the gradients."""

import pytest

import pytorch_tutor as torch


@pytest.fixture
def matrix():
    torch.manual_seed(0)
    a = torch.randn(9, 9, dtype=torch.float64)
    return a @ a.T + torch.eye(9, dtype=torch.float64)


@pytest.mark.parametrize("method", ["ortho", "basic"])
@pytest.mark.parametrize("largest", [True, False])
def test_values_and_vectors(matrix, method, largest):
    values, vectors = torch.lobpcg(matrix, k=2, largest=largest, method=method)
    exact = torch.linalg.eigvalsh(matrix)
    assert torch.allclose(values, exact.flip(0)[:2] if largest else exact[:2])
    assert torch.allclose(matrix @ vectors, vectors * values, atol=1e-6)
    assert torch.allclose(vectors.T @ vectors, torch.eye(2, dtype=torch.float64), atol=1e-6)


def test_with_a_second_matrix_and_a_preconditioner(matrix):
    b = torch.diag(torch.arange(1.0, 10.0, dtype=torch.float64))
    values, vectors = torch.lobpcg(matrix, 3, b, largest=False, iK=torch.linalg.inv(matrix))
    exact = torch.linalg.eigvals(torch.linalg.solve(b, matrix)).real.sort().values
    assert torch.allclose(values, exact[:3])
    assert torch.allclose(matrix @ vectors, b @ vectors * values, atol=1e-6)


def test_batches_sparse_matrices_and_starts(matrix):
    values, vectors = torch.lobpcg(matrix.expand(2, 9, 9), k=1)
    assert values.shape == (2, 1)
    assert vectors.shape == (2, 9, 1)
    assert torch.allclose(torch.lobpcg(matrix.to_sparse(), X=torch.eye(9, 2).double())[0], torch.lobpcg(matrix, k=2)[0])


def test_gradients_are_those_of_eigh(matrix):
    weights = torch.arange(18.0, dtype=torch.float64).reshape(9, 2)

    def gradient(find):
        a = matrix.clone().requires_grad_()
        values, vectors = find(a)
        (values[0] ** 2 + (vectors * vectors[0].detach().sign() * weights).sum()).backward()
        return a.grad, values.grad_fn.name()

    found, name = gradient(lambda a: torch.lobpcg(a, k=2, tol=1e-12))
    exact, _ = gradient(lambda a: [part.flip(-1)[..., :2] for part in torch.linalg.eigh((a + a.mT) / 2)])
    assert name == "LOBPCGAutogradFunctionBackward"
    assert torch.allclose(found, exact)


def test_refused(matrix):
    with pytest.raises(ValueError, match=r"the number of A rows \(=9\) is smaller than 3 x the number of requested"):
        torch.lobpcg(matrix, k=4)
    with pytest.raises(AssertionError, match=r"A must be square, got shape torch.Size\(\[9, 5\]\)"):
        torch.lobpcg(matrix[:, :5])
    with pytest.raises(AssertionError, match=r"X shape mismatch: got torch.Size\(\[5, 2\]\), expected \(9, 2\)"):
        torch.lobpcg(matrix, X=torch.ones(5, 2))
    values, _ = torch.lobpcg(matrix.requires_grad_(), 1, torch.eye(9, dtype=torch.float64))
    with pytest.raises(ValueError, match=r"lobpcg\.backward does not support backward with B != I yet"):
        values.sum().backward()
