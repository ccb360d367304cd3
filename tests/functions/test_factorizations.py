"""Factorisations that have no gradient, numbers of hard matrices, and what results can do."""

import copy
import math
import pickle

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.graph import observe

double = torch.float64


def draw(*shape, seed=0, kind=double):
    numbers = np.random.default_rng(seed).uniform(-1, 1, (2, *shape))
    return torch.tensor(numbers[0] + 1j * numbers[1] if kind.is_complex else numbers[0], dtype=kind)


def unpacked(ld, hermitian):
    """L and D with the exchanges left out, for a matrix that needs none."""
    low = ld.tril(-1) + torch.eye(ld.shape[-1], dtype=ld.dtype)
    return low @ torch.diag(ld.diagonal()) @ (low.mH if hermitian else low.mT)


@pytest.mark.parametrize("kind", [double, torch.complex128])
@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize("shape", [(1, 1), (5, 5), (3, 6, 6), (0, 0), (0, 2, 2)])
def test_ldl_solves_what_it_has_factored(kind, hermitian, shape):
    a = draw(*shape, kind=kind)
    a = a + (a.mH if hermitian else a.mT)
    b = draw(*shape[:-1], 2, seed=1, kind=kind)
    ld, pivots = torch.linalg.ldl_factor(a, hermitian=hermitian)
    x = torch.linalg.ldl_solve(ld, pivots, b, hermitian=hermitian)
    assert pivots.dtype is torch.int32
    assert torch.allclose(a @ x, b)


def test_ldl_of_a_matrix_that_needs_no_exchange_is_l_d_lt():
    a = draw(4, 4) / 10 + torch.diag(torch.tensor([8.0, 4.0, 2.0, 1.0], dtype=double))
    a = a + a.mT
    ld, pivots = torch.linalg.ldl_factor(a)
    assert pivots.tolist() == [1, 2, 3, 4]
    assert torch.allclose(unpacked(ld, False), a)


def test_ldl_takes_two_rows_at_once_where_the_diagonal_is_zero():
    ld, pivots = torch.linalg.ldl_factor(torch.tensor([[0.0, 1.0], [1.0, 0.0]]))
    assert pivots.tolist() == [-2, -2]
    assert ld.tolist() == [[0.0, 0.0], [1.0, 0.0]]
    assert torch.linalg.ldl_factor_ex(torch.zeros(2, 2)).info.item() == 1
    with pytest.raises(RuntimeError, match="column 1 of what is left is zero"):
        torch.linalg.ldl_factor(torch.zeros(2, 2))


@pytest.mark.parametrize("kind", [double, torch.complex128])
@pytest.mark.parametrize("shape", [(4, 3), (3, 3), (2, 5, 2)])
def test_reflections_make_q(kind, shape):
    a = draw(*shape, kind=kind)
    packed, tau = torch.geqrf(a)
    q, r = torch.linalg.qr(a)
    assert torch.allclose(torch.linalg.householder_product(packed, tau), q)
    assert torch.allclose(packed.triu()[..., : shape[-1], :], r)
    assert torch.allclose(torch.ormqr(packed, tau, a, transpose=True).triu()[..., : shape[-1], :], r)
    wide = draw(*shape[:-2], 2, shape[-2], seed=2, kind=kind)
    assert torch.allclose(torch.ormqr(packed, tau, wide, left=False)[..., : shape[-1]], wide @ q)


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 5), (0, 3), (0, 2, 2)])
def test_lu_multiplies_back(shape):
    a = draw(*shape)
    p, low, up = torch.linalg.lu(a)
    assert torch.allclose(p @ low @ up, a)
    assert not p.requires_grad
    again = torch.lu_unpack(*torch.linalg.lu_factor(a))
    assert all(torch.equal(x, y) for x, y in zip((p, low, up), again, strict=True))
    assert torch.lu_unpack(*torch.lu(a), unpack_pivots=False).P.shape == (0,)


def test_singular_matrices():
    a = torch.stack([torch.eye(2), torch.tensor([[1.0, 2.0], [2.0, 4.0]])])
    assert torch.linalg.inv_ex(a).info.tolist() == [0, 2]
    assert torch.equal(torch.linalg.inv_ex(a).inverse[0], torch.eye(2))
    with pytest.raises(torch.linalg.LinAlgError, match="Batch element 1") as caught:
        torch.linalg.solve(a, torch.ones(2, 2))
    assert "torch.linalg.pinv" in "".join(caught.value.__notes__)
    assert type(caught.value).__name__ == "_LinAlgError"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert torch.linalg.det(a).tolist() == [1.0, 0.0]
    x = a.clone().requires_grad_()
    torch.linalg.det(x).sum().backward()
    assert torch.allclose(x.grad[1], torch.tensor([[4.0, -2.0], [-2.0, 1.0]]))  # cofactors, where there is no inverse
    assert torch.linalg.matrix_rank(a).tolist() == [2, 1]
    assert torch.allclose(a @ torch.linalg.pinv(a) @ a, a)
    assert torch.linalg.cond(a, 1).tolist() == [1.0, math.inf]


def test_equal_eigenvalues_have_gradients_as_long_as_no_vector_is_asked_for():
    x = torch.eye(3, dtype=double, requires_grad=True)
    torch.linalg.eigvalsh(x).sum().backward()
    assert torch.equal(x.grad, torch.eye(3, dtype=double))
    x.grad = None
    torch.linalg.svdvals(x).sum().backward()
    assert torch.allclose(x.grad, torch.eye(3, dtype=double))


def test_losses_may_not_depend_on_a_phase():
    a = draw(3, 3, kind=torch.complex128).requires_grad_()
    with pytest.raises(RuntimeError, match="linalg_eigh_backward: The eigenvectors in the complex case are specified"):
        torch.linalg.eigh(a + a.mH).eigenvectors.imag.sum().backward()
    with pytest.raises(RuntimeError, match="svd_backward: The singular vectors in the complex case are specified"):
        torch.linalg.svd(a).U.imag.sum().backward()
    torch.linalg.svd(a).U.abs().sum().backward()


def test_results_are_tuples_with_names():
    a = torch.eye(2)
    found = torch.linalg.svd(a)
    u, s, vh = found
    assert found.S is s is found[1]
    assert repr(found).startswith("torch.return_types.linalg_svd(\nU=tensor(")
    assert isinstance(found, tuple)
    again = pickle.loads(pickle.dumps(copy.deepcopy(found)))
    assert type(again) is type(found)
    assert torch.equal(again.Vh, vh)
    out = torch.empty(0), torch.empty(0)
    written = torch.linalg.eigh(a, out=out)
    assert written.eigenvalues is out[0]
    assert out[1].shape == (2, 2)
    assert torch.equal(u, a)


def test_lstsq_by_its_drivers():
    a, b = draw(5, 3), draw(5, 2, seed=3)
    best = np.linalg.lstsq(a.numpy(), b.numpy(), rcond=None)
    for driver in ("gels", "gelsy", "gelsd", "gelss"):
        x, residuals, rank, values = torch.linalg.lstsq(a, b, driver=driver)
        assert np.allclose(x.numpy(), best[0])
        assert residuals.shape == ((0,) if driver == "gelsy" else (2,))
        assert rank.shape == ((0,) if driver == "gels" else ())
        assert values.shape == ((3,) if driver in ("gelsd", "gelss") else (0,))
    assert np.allclose(torch.linalg.lstsq(a, b, driver="gelsd").residuals.numpy(), best[1])
    assert torch.linalg.lstsq(draw(2, 4), draw(2, seed=4)).solution.shape == (4,)


@pytest.mark.parametrize("kind", [torch.float32, double])
@pytest.mark.parametrize("size", [1e-9, 1e-4, 1e-2, 0.1, 0.5, 2.0, 30.0])
def test_matrix_exp_is_exact_at_every_degree(kind, size):
    angle = size
    turn = torch.tensor([[0.0, -angle], [angle, 0.0]], dtype=kind)
    c, s = math.cos(angle), math.sin(angle)
    tolerance = 2e-5 if kind is torch.float32 else 1e-13
    assert torch.allclose(
        torch.matrix_exp(turn), torch.tensor([[c, -s], [s, c]], dtype=kind), rtol=tolerance, atol=tolerance
    )


def test_low_rank():
    torch.manual_seed(0)
    a = draw(20, 3) @ draw(3, 15, seed=1)
    u, s, v = torch.svd_lowrank(a, q=4)
    assert torch.allclose(u @ torch.diag(s) @ v.mT, a)
    u, s, v = torch.pca_lowrank(a, q=3)
    centred = a - a.mean(0)
    assert torch.allclose(u @ torch.diag(s) @ v.mT, centred)
    assert torch.allclose(torch.linalg.svdvals(centred)[:3], s)
    with pytest.raises(ValueError, match="must be non-negative integer and not greater than"):
        torch.pca_lowrank(a, q=16)


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0, 2.0, 3.0, math.inf])
def test_distances_of_equal_rows_have_no_slope(p):
    x = torch.tensor([[1.0, 2.0], [1.0, 2.0], [3.0, 2.0]], dtype=double, requires_grad=True)
    (torch.cdist(x, x, p) + torch.cdist(x, x.detach(), p)).sum().backward()
    assert torch.isfinite(x.grad).all()
    assert torch.equal(x.grad[0], x.grad[1])
    x.grad = None
    pairs = torch.pdist(x, p)
    assert pairs.tolist() == pytest.approx([0.0, 1.0, 1.0] if p == 0 else [0.0, 2.0, 2.0])
    pairs.sum().backward()
    assert torch.allclose(x.grad[:, 0], torch.tensor([-1.0, -1.0, 2.0], dtype=double) * (p != 0))
    assert not x.grad[:, 1].any()


def test_many_distances_come_from_one_product():
    x, y = draw(30, 3).requires_grad_(), draw(4, 3, seed=1)
    fast, exact = torch.cdist(x, y), torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")
    assert (fast.grad_fn.name(), exact.grad_fn.name()) == ("EuclideanDistBackward0", "CdistBackward0")
    assert torch.allclose(fast, exact)
    one, two = (torch.autograd.grad(d.sum(), x)[0] for d in (fast, exact))
    assert torch.allclose(one, two)


def test_the_order_of_a_chain_is_the_cheapest():
    shapes = [(10, 1), (1, 10), (10, 1)]
    tensors = [draw(*s, seed=i) for i, s in enumerate(shapes)]
    seen = []
    with observe(op_called=lambda op, inputs, result: seen.append((type(op).__name__, tuple(result.shape)))):
        found = torch.linalg.multi_dot(tensors)
    assert [shape for name, shape in seen if name == "Mm"] == [(1, 1), (10, 1)]  # never the 10 x 10 in the middle
    assert torch.allclose(found, tensors[0] @ tensors[1] @ tensors[2])
