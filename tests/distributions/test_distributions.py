"""Distributions: PyTorch's draws for a seed, their log-probabilities, moments, entropies and divergences."""

import math

import pytest

import pytorch_tutor as torch
from pytorch_tutor import distributions

T = torch.tensor
DRAWN = {  # two draws after manual_seed(3), their log-probabilities, mean, variance, entropy
    "Normal(T([0.0, 1.0]), T([1.0, 2.0]))": (
        [0.8032761, 1.349667, 0.0889781, -0.2274361],
        [-1.241565, -1.627369, -0.922897, -1.800411],
        [0.0, 1.0],
        [1.0, 4.0],
        [1.418939, 2.112086],
    ),
    "LogNormal(T([0.0, 0.3]), 0.5)": (
        [1.49427, 1.47317, 1.045493, 0.9931645],
        [-0.9500555, -0.6284914, -0.2742389, -0.4072573],
        [1.133148, 1.52959],
        [0.3646959, 0.6645192],
        [0.7257913, 1.025791],
    ),
    "HalfNormal(T([1.0, 2.0]))": (
        [0.8032761, 0.3496668, 0.0889781, 1.227436],
        [-0.5484176, -0.9342219, -0.2297499, -1.107263],
        [0.7978846, 1.595769],
        [0.3633802, 1.453521],
        [0.7257913, 1.418939],
    ),
    "Uniform(T([0.0, 1.0]), 4.0)": (
        [0.01705408, 1.316708, 1.14337, 1.080864],
        [-1.386294, -1.098612, -1.386294, -1.098612],
        [2.0, 2.5],
        [1.333333, 0.75],
        [1.386294, 1.098612],
    ),
    "Exponential(T([1.0, 3.0]))": (
        [0.03470346, 0.1126365, 1.482431, 0.06409448],
        [-0.03470346, 0.7607027, -1.482431, 0.9063289],
        [1.0, 0.3333333],
        [1.0, 0.1111111],
        [1.0, -0.09861231],
    ),
    "Laplace(T([0.0, 1.0]), 2.0)": (
        [-9.528998, -2.110479, -1.118334, -4.840887],
        [-6.150794, -2.941534, -1.945462, -4.306738],
        [0.0, 1.0],
        [8.0, 8.0],
        [2.386294, 2.386294],
    ),
    "Cauchy(0.0, T([1.0, 2.0]))": (
        [-9.296613, -1.584428, 1.155437, -3.265383],
        [-5.615534, -2.324986, -1.992757, -3.136891],
        [None, None],
        [None, None],
        [2.531024, 3.224171],
    ),
    "Bernoulli(T([0.2, 0.7]))": (
        [1.0, 1.0, 0.0, 1.0],
        [-1.609438, -0.3566749, -0.2231436, -0.3566749],
        [0.2, 0.7],
        [0.16, 0.21],
        [0.5004025, 0.6108643],
    ),
    "Bernoulli(logits=T([0.2, -0.7]))": (
        [1.0, 1.0, 1.0, 1.0],
        [-0.5981389, -1.103186, -0.5981389, -1.103186],
        [0.549834, 0.3318122],
        [0.2475166, 0.2217129],
        [0.6881721, 0.6354546],
    ),
    "Geometric(T([0.2, 0.7]))": (
        [24.0, 1.0, 5.0, 3.0],
        [-6.964883, -1.560648, -2.725156, -3.968593],
        [4.0, 0.4285715],
        [20.0, 0.612245],
        [2.502012, 0.8726633],
    ),
    "Binomial(5, T([0.2, 0.7]))": (
        [0.0, 3.0, 2.0, 4.0],
        [-1.115718, -1.175385, -1.585721, -1.021235],
        [1.0, 3.5],
        [0.8, 1.05],
        None,
    ),
    "Categorical(T([[1.0, 2.0, 3.0], [0.2, 0.2, 0.6]]))": (
        [0.0, 2.0, 1.0, 0.0],
        [-1.791759, -0.5108256, -1.098612, -1.609438],
        [None, None],
        [None, None],
        [1.011404, 0.9502705],
    ),
    "OneHotCategorical(T([1.0, 2.0, 3.0]))": (
        [1.0, 0.0, 0.0, 0.0, 1.0, 0.0],
        [-1.791759, -1.098612],
        [0.1666667, 0.3333333, 0.5],
        [0.1388889, 0.2222222, 0.25],
        [1.011404],
    ),
    "Multinomial(7, T([1.0, 2.0, 3.0]))": (
        [1.0, 4.0, 2.0, 0.0, 4.0, 3.0],
        [-2.918542, -2.918542],
        [1.166667, 2.333333, 3.5],
        [0.9722223, 1.555556, 1.75],
        None,
    ),
    "Poisson(T([0.5, 3.0]))": (
        [0.0, 2.0, 1.0, 2.0],
        [-0.5, -1.495923, -1.193147, -1.495923],
        [0.5, 3.0],
        [0.5, 3.0],
        None,
    ),
}
DIVERGENCES = [
    ("Normal(0.5, 1.0)", "Normal(1.0, 3.0)", 0.6680567),
    ("Uniform(0.0, 1.0)", "Uniform(-1.0, 4.0)", 1.609438),
    ("Exponential(3.0)", "Exponential(2.0)", 0.07213175),
    ("Laplace(0.0, 2.0)", "Laplace(1.0, 1.0)", 0.5199142),
    ("Bernoulli(0.3)", "Bernoulli(0.6)", 0.1837869),
    ("Categorical(T([1.0, 2.0]))", "Categorical(T([2.0, 1.0]))", 0.2310491),
    ("Poisson(3.0)", "Poisson(1.0)", 1.295837),
    ("HalfNormal(2.0)", "HalfNormal(1.0)", 0.8068528),
    ("LogNormal(0.0, 1.0)", "LogNormal(1.0, 2.0)", 0.4431472),
]


def made(text):
    return eval(f"distributions.{text}")


def numbers(tensor):
    return [None if math.isnan(v) or v == math.inf else v for v in tensor.double().flatten().tolist()]


def close(expected):
    return [v if v is None else pytest.approx(v, rel=2e-6, abs=1e-6) for v in expected]


@pytest.mark.parametrize("text", DRAWN)
def test_as_pytorch(text):
    drawn, log_probs, mean, variance, entropy = DRAWN[text]
    d = made(text)
    torch.manual_seed(3)
    sample = d.sample((2,))
    assert not sample.requires_grad
    assert numbers(sample) == close(drawn)
    assert numbers(d.log_prob(sample)) == close(log_probs)
    assert numbers(d.mean) == close(mean)
    assert numbers(d.variance) == close(variance)
    if entropy is not None:
        assert numbers(d.entropy()) == close(entropy)


@pytest.mark.parametrize(("p", "q", "expected"), DIVERGENCES)
def test_divergences(p, q, expected):
    assert distributions.kl_divergence(made(p), made(q)).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", ["Normal", "Laplace", "Uniform", "Cauchy"])
def test_distribution_functions(name):
    d = made(f"{name}(torch.tensor(0.5, dtype=torch.float64), 2.0)")
    x = torch.tensor([0.7, 1.1, 1.9], dtype=torch.float64, requires_grad=True)
    p = d.cdf(x)
    (slope,) = torch.autograd.grad(p.sum(), x)
    assert torch.allclose(slope, d.log_prob(x).exp())
    if name != "Cauchy":
        assert torch.allclose(d.icdf(p), x)


def test_gradients_through_draws():
    loc, scale = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    sample = distributions.Normal(loc, scale).rsample((1000,))
    sample.mean().backward()
    assert loc.grad.item() == pytest.approx(1.0)
    assert scale.grad.item() == pytest.approx((sample.mean().item() - 1) / 2, abs=1e-5)


def test_shapes():
    d = distributions.Independent(distributions.Normal(torch.zeros(2, 3), torch.ones(2, 3)), 1)
    assert (d.batch_shape, d.event_shape) == ((2,), (3,))
    assert d.sample((5,)).shape == (5, 2, 3)
    assert d.log_prob(torch.zeros(2, 3)).shape == (2,)
    assert distributions.Categorical(torch.ones(4, 3)).log_prob(torch.tensor(1)).shape == (4,)


def test_refusals():
    with pytest.raises(ValueError, match=r"Expected parameter scale .* GreaterThan\(lower_bound=0.0\)"):
        distributions.Normal(0.0, -1.0)
    with pytest.raises(ValueError, match="Either `probs` or `logits` must be specified"):
        distributions.Bernoulli()
    with pytest.raises(ValueError, match=r"within the support \(Boolean\(\)\)"):
        distributions.Bernoulli(0.5).log_prob(torch.tensor(0.3))
    with pytest.raises(NotImplementedError, match="No KL"):
        distributions.kl_divergence(distributions.Normal(0.0, 1.0), distributions.StudentT(1.0))
