"""Every distribution, transform, set and divergence, compared with what PyTorch said (golden/distributions.json)."""

import json
import math
import sys
from pathlib import Path

import pytest

import pytorch_tutor as torch

GOLDEN = Path(__file__).parents[1] / "golden"
sys.path.insert(0, str(GOLDEN))
from make_distributions import said  # type: ignore[import-not-found] # noqa: E402 - the same words for both

RECORDED = json.loads((GOLDEN / "distributions.json").read_text())
# PyTorch's own gradients of gamma and beta numbers are approximations, right to a few thousandths.
ROUGH = ("Gamma", "Beta", "Dirichlet", "Chi2", "StudentT", "FisherSnedecor")


def close(a: float, b: float, tolerance: float) -> bool:
    return (math.isnan(a) and math.isnan(b)) or a == b or abs(a - b) <= tolerance * max(1.0, abs(b))


@pytest.mark.parametrize("expression", RECORDED)
def test_says_what_pytorch_says(expression: str) -> None:
    found, expected = said(torch, expression), RECORDED[expression]
    if isinstance(expected, str):
        assert found == expected
        return
    assert found[:2] == expected[:2]
    tolerance = 5e-3 if expression.startswith("slope") and any(name in expression for name in ROUGH) else 1e-4
    assert all(close(a, b, tolerance) for a, b in zip(found[2], expected[2], strict=True)), (found[2], expected[2])


def test_the_slope_of_a_gamma_number_is_exact() -> None:
    """The mean of a gamma number is its shape, so the mean of its slopes is 1."""
    alpha = torch.full((20000,), 2.5, dtype=torch.float64, requires_grad=True)
    torch.manual_seed(0)
    torch._standard_gamma(alpha).sum().backward()
    assert abs(alpha.grad.mean().item() - 1) < 0.02


def test_a_distribution_of_ones_own_expands_and_is_checked() -> None:
    class Doubled(torch.distributions.Normal):
        """A normal number, twice."""

        def rsample(self, sample_shape: tuple[int, ...] = ()) -> torch.Tensor:
            return 2 * super().rsample(sample_shape)

    d = Doubled(torch.zeros(1), torch.ones(1)).expand([4])
    assert d.rsample((2,)).shape == (2, 4)
    with pytest.raises(ValueError, match="to satisfy the constraint GreaterThan"):
        Doubled(0.0, -1.0)


def test_an_autoencoder_learns_through_its_draws() -> None:
    torch.manual_seed(0)
    x = torch.randn(64, 1) * 0.5 + 3
    encoder, decoder = torch.nn.Linear(1, 2), torch.nn.Linear(1, 1)
    optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=0.05)
    prior, losses = torch.distributions.Normal(0.0, 1.0), []
    for _ in range(60):
        mean, log_scale = encoder(x).chunk(2, -1)
        q = torch.distributions.Normal(mean, log_scale.exp())
        fit = torch.distributions.Normal(decoder(q.rsample()), 0.5).log_prob(x)
        loss = (torch.distributions.kl_divergence(q, prior) - fit).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
