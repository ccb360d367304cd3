"""gradgradcheck draws the gradients that it begins with from the generator, as PyTorch does."""

import pytest

import pytorch_tutor as torch


@pytest.mark.parametrize(
    ("options", "after"),
    [  # torch.rand(1) after a check that began at seed 0
        ({}, 0.1610),
        ({"fast_mode": True}, 0.1610),
        ({"gen_non_contig_grad_outputs": True}, 0.2081),
        ({"grad_outputs": torch.ones(3, 3, dtype=torch.float64, requires_grad=True)}, 0.4963),
    ],
)
def test_numbers_drawn(options, after):
    x = torch.arange(9.0, dtype=torch.float64).reshape(3, 3).requires_grad_()
    torch.manual_seed(0)
    assert torch.autograd.gradgradcheck(lambda x: x**2, x, **options)
    assert torch.rand(1).item() == pytest.approx(after, abs=1e-4)


def test_numbers_drawn_for_batches_and_complex_numbers():
    x = torch.arange(9.0, dtype=torch.float64).reshape(3, 3).requires_grad_()
    torch.manual_seed(0)
    assert torch.autograd.gradcheck(lambda x: x**2, x, check_batched_grad=True)
    assert torch.rand(1).item() == pytest.approx(0.2081, abs=1e-4)
    z = torch.complex(x.detach(), x.detach()).requires_grad_()
    torch.manual_seed(0)
    assert torch.autograd.gradgradcheck(lambda z: z**2, z)
    assert torch.rand(1).item() == pytest.approx(0.2081, abs=1e-4)
